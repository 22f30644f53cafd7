"""What is in the folder, what must not be, and whether Qt finds its libraries there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

from PyInstaller.archive.readers import CArchiveReader

from tests.e2e.installed.program import Failed, Program, expect

# Modules (of the archive) and files or folders that an office PC has no use for.
UNWANTED_MODULES = [
    "sync.platform",
    "starlette",
    "uvicorn",
    "anyio",
    "psycopg",
    "psycopg_binary",
    "numpy",
    "lxml",
    "tkinter",
    "_tkinter",
    "pytest",
    "hypothesis",
    "setuptools",
    "pip",
    "mypy",
    "pygments",
    "PySide6.QtNetwork",
    "PySide6.QtQml",
    "PySide6.QtQuick",
    "PySide6.QtSql",
    "desktop_app.cli.demo",
    "tests",
]
UNWANTED_FILES = re.compile(
    r"(^|/)(starlette|uvicorn|psycopg\w*|numpy|lxml|tkinter|_?tcl\w*|_?tk_data|libpq|libgtk-3|platform\.py)([./-]|$)"
    r"|sync/platform|direct_url|Qt6(Qml|Quick|Network|Sql|Test|Designer|VirtualKeyboard|Pdf)|/qml/",
    re.IGNORECASE,
)
WANTED_FILES = (
    "resources/build.json",
    "resources/fonts/NotoSansSC-Regular.ttf",
    "resources/i18n/zh",
    "resources/demo/platform.json",
    "resources/linux/training-client.desktop",
    "desktop_app/store/migrations/env.py",
    "desktop_app/store/migrations/script.py.mako",
    "LICENSE",
    "THIRD_PARTY_NOTICES.md",
)
PLUGINS = ("platforms/libqxcb.so", "platforms/libqoffscreen.so", "platforms/libqwayland-generic.so")
DRAWING = ("iconengines/libqsvgicon.so", "imageformats/libqsvg.so", "platforminputcontexts")


def files_in(folder: Path) -> dict[str, int]:
    """Return every file below a folder and its size in bytes; a link weighs nothing."""
    return {
        file.relative_to(folder).as_posix(): 0 if file.is_symlink() else file.stat().st_size
        for file in folder.rglob("*")
        if not file.is_dir()
    }


def modules_in(program: Path) -> set[str]:
    """Return the names of all Python modules in the archive of the executable."""
    reader = CArchiveReader(str(program))
    archives = [name for name in reader.toc if name.endswith(".pyz")]
    expect(len(archives), 1, "archives of modules")
    return set(reader.open_embedded_archive(archives[0]).toc)


def look(program: Program) -> None:
    """Fail where something is in the folder that must stay out, or lacks that must be in it."""
    inside = program.folder / "_internal"
    modules = modules_in(program.path)
    found = sorted(
        name for name in modules if any(name == one or name.startswith(f"{one}.") for one in UNWANTED_MODULES)
    )
    expect(found, [], "modules that must stay out")
    expect([name for name in ("ui.app", "sync.reporting.http_adapter") if name not in modules], [], "lacking")
    found = [name for name in files_in(program.folder) if UNWANTED_FILES.search(name)]
    expect(found, [], "files that must stay out")
    expect([name for name in WANTED_FILES if not (inside / name).exists()], [], "files that are lacking")
    if sys.platform == "linux":
        plugins = inside / "PySide6" / "Qt" / "plugins"
        expect(
            [name for name in (*PLUGINS, *DRAWING) if not (plugins / name).exists()], [], "plug-ins lacking"
        )
        find_libraries(inside)
    build = json.loads((inside / "resources" / "build.json").read_text(encoding="utf-8"))
    expect(sorted(build), ["changed", "commit", "date", "version"], "fields of build.json")


def find_libraries(inside: Path) -> None:
    """Fail where a library or plug-in of Qt needs one of Qt's own that was left out."""
    ldd = shutil.which("ldd")
    if ldd is None:
        raise Failed("ldd is needed to look at the libraries")
    qt = [str(file) for file in (inside / "PySide6").rglob("*.so*") if not file.is_symlink()]
    told = subprocess.run([ldd, *qt], capture_output=True, encoding="utf-8", check=False).stdout
    lost = sorted({line.split()[0] for line in told.splitlines() if "not found" in line})
    expect(
        [name for name in lost if name.startswith(("libQt6", "libicu", "libpyside", "libshiboken"))],
        [],
        "Qt lost",
    )
    outside = sorted(set(re.findall(r"=> (\S*site-packages\S*)", told)))
    expect(outside, [], "libraries found outside the folder")
