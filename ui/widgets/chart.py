"""A small trend: a bar a week, its rate in words over it, and the limit as a dashed line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import SECONDARY_PX, theme

_WIDEST_BAR = 28.0
_TOP, _BOTTOM = 20.0, 20.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: ``label`` below it, ``text`` over it, ``share`` its height from 0 to 1."""

    label: str
    text: str
    share: float


class TrendChart(QWidget):
    """``floor`` is the share at the bottom edge, so that rates near the top can be told apart."""

    def __init__(self, *, floor: float = 0.0, limit: float | None = None, limit_text: str = "") -> None:
        super().__init__()
        self._floor, self._limit, self._limit_text = floor, limit, limit_text
        self._bars: list[Bar] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_bars(self, bars: Sequence[Bar]) -> None:
        """Show bars from left to right."""
        self._bars = list(bars)
        self.setAccessibleName(", ".join(f"{bar.label} {bar.text}" for bar in self._bars))
        self.update()

    def bars(self) -> list[Bar]:
        """Return what is shown."""
        return list(self._bars)

    def sizeHint(self) -> QSize:
        return QSize(280, 132)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 132)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        font = self.font()
        font.setPixelSize(SECONDARY_PX)
        painter.setFont(font)
        base = self.height() - _BOTTOM
        painter.setPen(theme.color("border"))
        painter.drawLine(0, round(base), self.width(), round(base))
        if self._bars:
            room = self.fontMetrics().horizontalAdvance(self._limit_text) if self._limit is not None else 0
            step = (self.width() - room) / len(self._bars)
            for number, bar in enumerate(self._bars):
                self._paint_bar(painter, bar, number * step, step, base)
        if self._limit is not None:
            self._paint_limit(painter, base)

    def _height_of(self, share: float, base: float) -> float:
        room = 1.0 - self._floor
        return max(2.0, (base - _TOP) * (share - self._floor) / room)

    def _paint_bar(self, painter: QPainter, bar: Bar, left: float, step: float, base: float) -> None:
        width = min(_WIDEST_BAR, step * 0.6)
        height = self._height_of(bar.share, base)
        below = self._limit is not None and bar.share < self._limit
        colour = theme.color("wrong" if below else "border_strong")
        painter.fillRect(QRectF(left + (step - width) / 2, base - height, width, height), colour)
        centre = Qt.AlignmentFlag.AlignCenter
        painter.setPen(theme.color("wrong" if below else "text"))
        painter.drawText(QRectF(left - 8, base - height - 18, step + 16, 16), centre, bar.text)
        painter.setPen(theme.color("text_secondary"))
        painter.drawText(QRectF(left - 8, base + 2, step + 16, 16), centre, bar.label)

    def _paint_limit(self, painter: QPainter, base: float) -> None:
        assert self._limit is not None
        height = base - self._height_of(self._limit, base)
        painter.setPen(QPen(theme.color("waiting"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(0, round(height), self.width(), round(height))
        painter.setPen(theme.color("waiting"))
        place = QRectF(0, height - 16, self.width(), 14)
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, self._limit_text)
