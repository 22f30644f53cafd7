"""Asking for folders and files of evidence."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from ui.i18n import tr
from ui.preferences import Preferences

_FOLDER = "evidence/folder"


def choose_folder(parent: QWidget, preferences: Preferences) -> list[Path]:
    """Ask for a folder; empty when the user turned back."""
    start = str(preferences.read(_FOLDER, str(Path.home())))
    chosen = QFileDialog.getExistingDirectory(parent, tr("evidence.choose_folder"), start)
    return _remembered(preferences, [chosen] if chosen else [])


def choose_files(parent: QWidget, preferences: Preferences, *, many: bool = True) -> list[Path]:
    """Ask for pictures, scans and archives; empty when the user turned back."""
    start = str(preferences.read(_FOLDER, str(Path.home())))
    kinds = tr("evidence.file_kinds")
    ask = QFileDialog.getOpenFileNames if many else QFileDialog.getOpenFileName
    chosen, _kind = ask(parent, tr("evidence.choose_files"), start, kinds)
    names = chosen if isinstance(chosen, list) else [chosen] if chosen else []
    return _remembered(preferences, names)


def _remembered(preferences: Preferences, names: list[str]) -> list[Path]:
    paths = [Path(name) for name in names]
    if paths:
        preferences.write(_FOLDER, str(paths[0] if paths[0].is_dir() else paths[0].parent))
    return paths
