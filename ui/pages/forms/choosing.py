"""Which form to look at, and where the filled one goes: the system's own dialogs, in the folder of the time before."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from ui.i18n import tr
from ui.preferences import Preferences

_FOLDER = "forms/folder"


def ask_form(parent: QWidget, preferences: Preferences) -> Path | None:
    """Ask for the form; None when the user turned back."""
    folder = str(preferences.read(_FOLDER, str(Path.home())))
    name, _kind = QFileDialog.getOpenFileName(
        parent, tr("forms.choose"), folder, "Excel (*.xlsx *.xls *.xlsm)"
    )
    if not name:
        return None
    preferences.write(_FOLDER, str(Path(name).parent))
    return Path(name)


def ask_target(parent: QWidget, preferences: Preferences, name: str) -> Path | None:
    """Ask where the filled form goes; None when the user turned back."""
    folder = str(preferences.read(_FOLDER, str(Path.home())))
    chosen, _kind = QFileDialog.getSaveFileName(
        parent, tr("forms.fill"), str(Path(folder) / name), "Excel (*.xlsx)"
    )
    return Path(chosen) if chosen else None
