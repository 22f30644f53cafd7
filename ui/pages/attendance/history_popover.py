"""How the mark of one cell came about: every value with who, when, how and why (六.3, R34)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop_app.domain.attendance import Mark
from desktop_app.domain.listings.training import MarkChange
from ui.i18n import tr
from ui.navigation import PageContext
from ui.pages.attendance.presenter import AttendancePresenter
from ui.pages.attendance.wording import mark_text, source_text
from ui.widgets.labels import label
from ui.widgets.mark_grid import MarkGrid

WIDTH = 380


class HistoryPopover(QFrame):
    """A popup under a cell, the latest value first; Esc and a click elsewhere close it."""

    def __init__(self, parent: QWidget, title: str, changes: Sequence[MarkChange]) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("popup", True)
        self.setFixedWidth(WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(6)
        column.addWidget(label(title, "strong"))
        self.lines = [change_text(one) for one in changes] or [tr("attendance.history_none")]
        for line in self.lines:
            column.addWidget(label(line, wrap=True))
        column.addWidget(label(tr("attendance.history_hint"), "secondary", wrap=True))


def change_text(change: MarkChange) -> str:
    """Return one write in words: before → after, how, who, when, why."""
    before, after = _words(change.before), _words(change.after)
    return tr("attendance.history_line", before=before, after=after, source=source_text(change.source))


def _words(mark: Mark | None) -> str:
    return tr("attendance.history_blank") if mark is None else mark_text(mark)


def show_history(context: PageContext, grid: MarkGrid, presenter: AttendancePresenter) -> None:
    """Read the history of the focused cell and show it under the cell."""
    place = grid.current_place()
    if place is None:
        return
    service, key, title = context.services.attendance, presenter.key(place), presenter.name(place)

    def show(changes: Sequence[MarkChange]) -> None:
        popover = HistoryPopover(grid.body, title, changes)
        popover.adjustSize()
        under = grid.body.visualRect(grid.body.currentIndex()).bottomLeft()
        popover.move(grid.body.viewport().mapToGlobal(under))
        popover.show()

    context.tasks.query(grid, lambda: service.history(*key), show, latest="history")
