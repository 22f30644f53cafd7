"""Two values written without knowing of each other, with people and times; one is chosen, or a third is typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop_app.domain.listings.reporting import ConflictListItem
from desktop_app.services.conflicts import FREE
from ui.i18n import has_text, tr
from ui.widgets.labels import button, hairline, label
from ui.widgets.side_panel import PanelContent
from ui.wording import moment_text

_COLUMNS = 2


class ConflictPanel(PanelContent):
    """``answer`` is called with the value chosen or typed."""

    def __init__(self, conflict: ConflictListItem, answer: Callable[[object], object] | None) -> None:
        super().__init__()
        self._answer = answer
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(label(tr("sync.conflict_detail"), "facts", wrap=True))
        column.addWidget(hairline())
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(16)
        for place, value in enumerate(conflict.values):
            grid.addWidget(self._side(value, shown=place == 0), place // _COLUMNS, place % _COLUMNS)
        for place in range(_COLUMNS):
            grid.setColumnStretch(place, 1)
        column.addLayout(grid)
        self.third = QLineEdit()
        if answer is not None and takes_a_third(conflict):
            column.addWidget(hairline())
            column.addWidget(label(tr("sync.conflict_third"), "secondary", wrap=True))
            column.addLayout(self._third_row())
        column.addStretch(1)

    def draft(self) -> dict[str, object] | None:
        """Return the third value while it is typed."""
        typed = self.third.text()
        return {"third": typed} if typed else None

    def restore(self, draft: dict[str, object]) -> None:
        """Show it again."""
        self.third.setText(str(draft.get("third", "")))

    def _side(self, written: tuple[object, str, str, datetime], *, shown: bool) -> QWidget:
        value, who, where, when = written
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(label(value_text(value), "strong", wrap=True))
        by = tr("sync.conflict_by", who=who, where=where, time=moment_text(when))
        column.addWidget(label(by, "facts", wrap=True))
        if shown:
            column.addWidget(label(tr("sync.conflict_shown"), "secondary", wrap=True))
        column.addStretch(1)
        answer = self._answer
        if answer is not None:
            made = button(tr("sync.conflict_choose"), "", "check")
            made.clicked.connect(lambda _=False: answer(value))
            column.addWidget(made)
        return side

    def _third_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.third.setAccessibleName(tr("sync.conflict_third"))
        self.take_third = button(tr("sync.conflict_take_third"), "", "check")
        self.take_third.setEnabled(False)
        self.third.textChanged.connect(lambda text: self.take_third.setEnabled(bool(text.strip())))
        self.third.returnPressed.connect(self.take_third.click)
        self.take_third.clicked.connect(self._take_third)
        row.addWidget(self.third, 1)
        row.addWidget(self.take_third)
        return row

    def _take_third(self) -> None:
        if self._answer is not None:
            self._answer(self.third.text().strip())


def takes_a_third(conflict: ConflictListItem) -> bool:
    """Tell whether a value that nobody has written yet may be typed: plain text, where such values are typed anyhow."""
    values = [value for value, _, _, _ in conflict.values if value is not None]
    return conflict.entity in FREE and bool(values) and all(isinstance(value, str) for value in values)


def value_text(value: object) -> str:
    """Return a group's value in words: codes that have a word read as that, empty parts are left out."""
    if isinstance(value, (list, tuple)):
        return " ".join(filter(None, (value_text(part) for part in value))) or tr("sync.no_value")
    if value is None or value == 0:
        return ""
    for prefix in ("mark", "leave", "conclusion"):
        if has_text(f"{prefix}.{value}"):
            return tr(f"{prefix}.{value}")
    return str(value)
