"""Rules about the source that neither ruff nor import-linter can state. Each failure names file and line."""

from __future__ import annotations

import ast
import re
import sys
import tomllib

import pytest

from tests.source_tree import (
    ROOT,
    SOURCE_ROOTS,
    imported_modules,
    is_ignored,
    project_files,
    python_files,
    tree_of,
)

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60

ROOT_ENTRIES = {
    "desktop_app",
    "ui",
    "resources",
    "sync",
    "tests",
    "pyproject.toml",
    "build.spec",
    "README.md",
    "dev.py",
    "requirements.lock",
    ".ci",
    "LICENSE",
    "THIRD_PARTY_NOTICES.md",
    "CHANGELOG.md",
    ".gitignore",
    ".gitattributes",
    ".editorconfig",
    ".pre-commit-config.yaml",
}

BARRED_NAMES = re.compile(r"(^|_)(utils?|helpers?|common|managers?|misc)($|_)")

# Own modules imported inside a function: each with its reason, else it is a sign of an import circle.
LAZY_IMPORTS: dict[tuple[str, str], str] = {
    ("desktop_app/services/papers.py", "desktop_app.papers"): "reportlab is loaded when a paper is asked for",
    ("desktop_app/services/papers.py", "desktop_app.excel.paper_workbooks"): "openpyxl, for a workbook only",
    ("desktop_app/services/credit_bank.py", "desktop_app.excel.credit_bank"): "openpyxl, for an export only",
    (
        "desktop_app/services/policies.py",
        "desktop_app.excel.pilots",
    ): "readers of workbooks, for a table only",
    ("desktop_app/services/evidence.py", "desktop_app.papers"): "reportlab, for cover sheets only",
    ("desktop_app/services/claim_pack.py", "desktop_app.papers"): "reportlab, for papers of a claim only",
    (
        "desktop_app/services/claim_pack.py",
        "desktop_app.papers.claim_pack",
    ): "reportlab and pdfium, for the pack only",
    (
        "desktop_app/services/evidence_intake.py",
        "desktop_app.papers",
    ): "Pillow and pdfium, when a file comes in",
    (
        "desktop_app/services/imports/service.py",
        "desktop_app.excel.error_workbook",
    ): "XlsxWriter, for bad rows only",
    (
        "desktop_app/services/class_archive.py",
        "desktop_app.papers",
    ): "reportlab and pdfium, for an archive only",
    ("desktop_app/services/stamped_papers.py", "desktop_app.papers"): "pdfium, when a scan comes back",
    ("desktop_app/services/exports.py", "desktop_app.excel"): "XlsxWriter, when a list is written",
    ("desktop_app/store/schema.py", "desktop_app.store.models"): "the ORM, for migrations only",
    ("desktop_app/store/verifying.py", "desktop_app.store.models"): "the ORM, to verify only",
    ("desktop_app/store/rederiving.py", "desktop_app.store.models"): "the same",
    ("desktop_app/bootstrap.py", "desktop_app.services.profile"): "the store, after the login was painted",
    ("desktop_app/bootstrap.py", "desktop_app.services.container"): "the same",
    ("desktop_app/bootstrap.py", "sync.reporting"): "the same",
    ("desktop_app/bootstrap.py", "sync.reporting.engine"): "the same",
    ("desktop_app/bootstrap.py", "sync.reporting.platform_reader"): "the same",
    ("desktop_app/bootstrap.py", "sync.sharing.engine"): "the HTTP libraries, for an invitation only",
    ("desktop_app/bootstrap.py", "sync.sharing.inviting"): "the same",
    ("desktop_app/bootstrap.py", "sync.sharing.rotations"): "the same",
    ("desktop_app/bootstrap.py", "sync.sharing.joining"): "the same",
    ("desktop_app/bootstrap.py", "sync.sharing.office"): "the same",
    ("desktop_app/bootstrap.py", "sync.scheduler"): "a schedule, for a window only",
}

MACHINE_PATHS = re.compile(r"(?<![\w.$}~/-])/(?:work|root|tmp|home/\w+)/|[A-Z]:\\\\?Users\\")
REGISTRIES = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.npmjs|registry\.yarnpkg|--(?:extra-)?index-url|find-links",
    re.IGNORECASE,
)
# Vendored texts, and this file, which has to spell out what it looks for.
UNSEARCHED = {"tests/test_architecture.py"}
BINARY = {".ttf", ".xlsx", ".xls", ".ods", ".png", ".pdf", ".db", ".jpg"}


def is_migration(file: str) -> bool:
    """Migrations are straight-line code written once: one statement a column, no caps."""
    return "/migrations/versions/" in file


def capped_files() -> list[str]:
    return [file.as_posix() for file in python_files() if not is_migration(file.as_posix())]


def test_no_file_is_longer_than_the_cap():
    lengths = {file: len((ROOT / file).read_text(encoding="utf-8").splitlines()) for file in capped_files()}
    assert lengths
    assert {file: lines for file, lines in lengths.items() if lines > MAX_FILE_LINES} == {}


def test_every_function_fits_on_a_screen():
    too_long = {}
    for file in capped_files():
        for node in ast.walk(tree_of((ROOT / file).relative_to(ROOT))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > MAX_FUNCTION_LINES:
                    too_long[f"{file}:{node.lineno} {node.name}"] = lines
    assert too_long == {}


def test_root_holds_nothing_but_what_the_architecture_names():
    # .git is a file in a linked worktree; it is ignored like the folder.
    present = {entry.name for entry in ROOT.iterdir() if not is_ignored(entry.name)}
    assert present - ROOT_ENTRIES == set()


def test_every_package_is_shipped():
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"][
        "packages"
    ]
    present = {
        ".".join(file.parent.parts) for file in python_files(*SOURCE_ROOTS) if file.name == "__init__.py"
    }
    assert sorted(present - set(listed)) == [], "add them to [tool.setuptools] packages"
    assert sorted(set(listed) - present) == [], "remove them from [tool.setuptools] packages"
    assert listed == sorted(listed)


def test_every_folder_with_python_is_a_package():
    folders = {file.parent for file in python_files(*SOURCE_ROOTS, "tests")}
    missing = [folder.as_posix() for folder in folders if not (ROOT / folder / "__init__.py").exists()]
    assert sorted(missing) == []


def test_modules_are_named_in_the_terms_of_the_field():
    parts = {part for file in python_files() for part in (*file.parts[:-1], file.stem)}
    assert sorted(part for part in parts if BARRED_NAMES.search(part)) == []


@pytest.mark.parametrize("pattern", [MACHINE_PATHS, REGISTRIES], ids=["machine paths", "registry hosts"])
def test_no_file_knows_the_machine_it_was_written_on(pattern):
    found = []
    for file in project_files():
        if file.suffix in BINARY or file.as_posix() in UNSEARCHED:
            continue
        lines = (ROOT / file).read_text(encoding="utf-8", errors="replace").splitlines()
        found += [f"{file}:{number}" for number, line in enumerate(lines, 1) if pattern.search(line)]
    assert found == []


def test_own_modules_are_imported_at_the_top():
    found = {}
    for file in python_files(*SOURCE_ROOTS):
        for function in ast.walk(tree_of(file)):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            for node in ast.walk(function):
                for module in imported_modules(node):
                    if module.split(".")[0] in SOURCE_ROOTS:
                        found[(file.as_posix(), module)] = node.lineno
    assert {key: line for key, line in found.items() if key not in LAZY_IMPORTS} == {}
    assert set(LAZY_IMPORTS) - set(found) == set(), "no longer needed"


@pytest.mark.parametrize(
    ("root", "allowed"),
    [
        ("desktop_app/domain/", ("desktop_app.domain", "resources")),
        ("resources/", ("resources",)),
        ("dev.py", ()),
    ],
)
def test_domain_resources_and_dev_need_nothing_but_the_standard_library(root, allowed):
    files = [file for file in python_files() if file.as_posix().startswith(root)]
    assert files
    foreign = [
        f"{file}: {module}"
        for file in files
        for node in ast.walk(tree_of(file))
        for module in imported_modules(node)
        if module.split(".")[0] not in sys.stdlib_module_names
        and not any(module == name or module.startswith(f"{name}.") for name in allowed)
    ]
    assert foreign == []


def test_every_module_says_what_it_is():
    silent = [file.as_posix() for file in python_files(*SOURCE_ROOTS) if not ast.get_docstring(tree_of(file))]
    assert silent == []
