"""Two values written without knowing of each other, side by side with people and times; one of them is chosen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout

from desktop_app.domain.listings.reporting import ConflictListItem
from ui.i18n import has_text, tr
from ui.widgets.labels import button, hairline, label
from ui.widgets.side_panel import PanelContent
from ui.wording import moment_text


class ConflictPanel(PanelContent):
    """``answer`` is called with the value chosen."""

    def __init__(self, conflict: ConflictListItem, answer: Callable[[object], object] | None) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(label(tr("sync.conflict_detail"), "facts", wrap=True))
        for number, (value, who, where, when) in enumerate(conflict.values):
            column.addWidget(hairline())
            column.addWidget(label(value_text(value), "strong", wrap=True))
            column.addWidget(
                label(tr("sync.conflict_by", who=who, where=where, time=moment_text(when)), "facts")
            )
            if number == 0:
                column.addWidget(label(tr("sync.conflict_shown"), "secondary"))
            if answer is not None:
                made = button(tr("sync.conflict_choose"), "", "check")
                made.clicked.connect(lambda _=False, found=value: answer(found))
                column.addWidget(made)


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
