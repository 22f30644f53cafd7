"""Which file to read, and where to write one: the system's own dialogs, each in the folder of the time before."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from ui.i18n import tr
from ui.preferences import Preferences

FILES = "*.xlsx *.xls *.ods *.csv *.xlsm *.txt"


def ask_workbook(parent: QWidget, preferences: Preferences) -> Path | None:
    """Ask for the workbook to read; None when the user turned back."""
    folder = str(preferences.read("imports/folder", str(Path.home())))
    name, _kind = QFileDialog.getOpenFileName(
        parent, tr("imports.choose_file"), folder, tr("imports.files", patterns=FILES)
    )
    if not name:
        return None
    preferences.write("imports/folder", str(Path(name).parent))
    return Path(name)


def ask_target(parent: QWidget, preferences: Preferences, name: str) -> Path | None:
    """Ask where the workbook with its errors goes; None when the user turned back."""
    folder = str(preferences.read("imports/folder", str(Path.home())))
    chosen, _kind = QFileDialog.getSaveFileName(
        parent, tr("imports.errors"), str(Path(folder) / name), "Excel (*.xlsx)"
    )
    return Path(chosen) if chosen else None
