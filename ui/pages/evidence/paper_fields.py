"""编号, 发证机构 and 有效期 of one file, to be corrected after intake."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.domain.evidence import MAX_TEXT
from desktop_app.domain.listings.evidence import EvidenceListItem
from ui.i18n import tr
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import text_line
from ui.widgets.labels import button

Changes = dict[str, str | date | None]


class PaperFields(QWidget):
    """Hidden until ``show`` or ``restore``; ``save`` takes what the user made different, the day as a date."""

    def __init__(self, item: EvidenceListItem, save: Callable[[Changes], None]) -> None:
        super().__init__()
        self._save = save
        day = "" if item.valid_until is None else item.valid_until.isoformat()
        self._stored = {"number": item.number or "", "issuer": item.issuer or "", "valid_until": day}
        self.fields = {
            "number": FormField(tr("evidence.number"), text_line(limit=MAX_TEXT)),
            "issuer": FormField(tr("evidence.issuer"), text_line(limit=MAX_TEXT)),
            "valid_until": FormField(tr("evidence.valid_until"), text_line(tr("form.day_example"), limit=12)),
        }
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for name, field in self.fields.items():
            field.set_value(self._stored[name])
            column.addWidget(field)
        self.keep = button(tr("evidence.keep"), "primary")
        self.keep.clicked.connect(self._on_keep)
        give_up = button(tr("evidence.give_up"))
        give_up.clicked.connect(self._give_up)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(give_up)
        row.addWidget(self.keep)
        column.addLayout(row)
        self.hide()

    def begin(self) -> None:
        """Open the fields for typing."""
        self.show()
        self.fields["number"].editor.setFocus()

    def typed(self) -> dict[str, str]:
        """Return the texts that differ from what is stored."""
        texts = {name: str(field.value()) for name, field in self.fields.items()}
        return {name: text for name, text in texts.items() if text != self._stored[name]}

    def restore(self, typed: dict[str, str]) -> None:
        """Show again what was typed and not saved."""
        for name, text in typed.items():
            self.fields[name].set_value(text)
        self.setVisible(bool(self.typed()))

    def saved(self) -> None:
        """Take what is typed for what is stored, and close."""
        self._stored = {name: str(field.value()) for name, field in self.fields.items()}
        self._give_up()

    def _give_up(self) -> None:
        for name, field in self.fields.items():
            field.set_value(self._stored[name])
            field.set_error("")
        self.hide()

    def _on_keep(self) -> None:
        changes: Changes = {**self.typed()}
        text = str(changes.get("valid_until") or "")
        try:
            if "valid_until" in changes:
                changes["valid_until"] = date.fromisoformat(text) if text else None
        except ValueError:
            self.fields["valid_until"].set_error(tr("evidence.day_wrong"))
            return
        if changes:
            self._save(changes)
        else:
            self._give_up()
