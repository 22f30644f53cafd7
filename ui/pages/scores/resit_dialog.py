"""Asks for the day of a 补考 and why it is held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtWidgets import QDateEdit, QWidget

from ui.dialogs.ask import Verb, VerbDialog
from ui.i18n import tr
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import text_line


@dataclass(frozen=True, slots=True)
class Resit:
    """When a 补考 is held, and why."""

    held_on: date
    reason: str


class ResitDialog(VerbDialog):
    """Starts with today; closed until a reason is written."""

    def __init__(self, parent: QWidget | None, today: date) -> None:
        verbs = [Verb("act", tr("scores.resit"), "primary"), Verb("", tr("ask.cancel"))]
        super().__init__(parent, tr("scores.resit_question"), tr("scores.resit_detail"), verbs)
        self.day = FormField(tr("scores.held_on"), QDateEdit())
        self.day.set_value(today)
        self.reason = FormField(tr("scores.resit_reason"), text_line(limit=200), required=True)
        self.content.addWidget(self.day)
        self.content.addWidget(self.reason)
        self.reason.edited.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        self.buttons["act"].setEnabled(bool(self.reason.value()))


def ask_resit(parent: QWidget | None, today: date) -> Resit | None:
    """Ask; None when the user turned back."""
    dialog = ResitDialog(parent, today)
    dialog.exec()
    return Resit(dialog.day.value(), dialog.reason.value()) if dialog.answer == "act" else None
