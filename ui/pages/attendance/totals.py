"""实到 and 应到 of every session, under the grid and scrolling with it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.i18n import tr
from ui.pages.attendance.presenter import SessionTotals
from ui.theme import SECONDARY_PX, theme
from ui.widgets.mark_grid import MarkGrid

_LINE = 24


class TotalsStrip(QWidget):
    """实到/应到, amber with a △ while marks are missing. ``totals`` gives those of a column, None for one to come."""

    def __init__(self, grid: MarkGrid, totals: Callable[[int], SessionTotals | None]) -> None:
        super().__init__()
        self._grid, self._totals = grid, totals
        self.setFixedHeight(_LINE)
        grid.body.horizontalScrollBar().valueChanged.connect(self.update)
        grid.model.dataChanged.connect(lambda *_range: self.update())
        grid.model.modelReset.connect(self.update)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("raised"))
        painter.setPen(theme.color("border"))
        painter.drawLine(0, 0, self.width(), 0)
        font = self.font()
        font.setPixelSize(SECONDARY_PX)
        painter.setFont(font)
        left = self._grid.names.width()
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(theme.color("text_secondary"))
        painter.drawText(QRect(0, 0, left - 8, _LINE), right, tr("attendance.people_row"))
        painter.setPen(theme.color("border"))
        painter.drawLine(left, 0, left, self.height())
        start = left + 1
        painter.setClipRect(QRect(start, 0, self._grid.body.viewport().width(), self.height()))
        frozen = len(self._grid.model.frozen)
        for number in range(len(self._grid.model.columns)):
            self._paint_column(
                painter, number, start + self._grid.body.columnViewportPosition(number + frozen)
            )

    def _paint_column(self, painter: QPainter, number: int, left: int) -> None:
        column = self._grid.model.columns[number]
        found = self._totals(number)
        if column.today:
            painter.fillRect(QRect(left, 1, column.width, self.height() - 1), theme.color("today"))
        if found is None:
            return
        centre = Qt.AlignmentFlag.AlignCenter
        painter.setPen(theme.color("waiting" if found.unmarked else "text"))
        key = "attendance.of_open" if found.unmarked else "attendance.of"
        text = tr(key, present=found.present, expected=found.expected)
        painter.drawText(QRect(left, 0, column.width, _LINE), centre, text)
