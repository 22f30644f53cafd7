"""The checkout as the architecture tests see it: files, modules, calls."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE_ROOTS = ("desktop_app", "ui", "sync", "resources")

# What .gitignore leaves out: never part of the project.
IGNORED = {
    ".git",
    ".venv",
    "__pycache__",
    "build",
    "dist",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".import_linter_cache",
    ".hypothesis",
}


def is_ignored(name: str) -> bool:
    """Tell whether a file or folder of that name is outside the project."""
    return name in IGNORED or name.endswith((".egg-info", ".pyc")) or name.startswith(".coverage")


@cache
def project_files() -> tuple[Path, ...]:
    """Return every file of the project, relative to its root."""
    return tuple(sorted(_walk()))


def _walk() -> Iterator[Path]:
    for folder, names, files in os.walk(ROOT):
        names[:] = [name for name in names if not is_ignored(name)]
        for file in files:
            if not is_ignored(file):
                yield (Path(folder) / file).relative_to(ROOT)


def python_files(*roots: str) -> list[Path]:
    """Return the Python files below the given top-level names, or all of them."""
    files = [file for file in project_files() if file.suffix == ".py"]
    return [file for file in files if not roots or file.parts[0] in roots]


@cache
def tree_of(file: Path) -> ast.Module:
    """Return the parsed source of a file given relative to the root."""
    return ast.parse((ROOT / file).read_text(encoding="utf-8"), filename=str(file))


def imported_modules(node: ast.AST) -> list[str]:
    """Return the modules that an import statement names; empty for any other node."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [node.module]
    return []


def called_name(call: ast.Call) -> str:
    """Return the last part of what is called: ``AppError`` for ``errors.AppError(...)``."""
    function = call.func
    return getattr(function, "id", None) or getattr(function, "attr", "")
