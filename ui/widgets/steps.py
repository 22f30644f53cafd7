"""Where one stands in a row of steps: wizard, import, and the progress line of a class."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import icon_pixmap, theme

_DOT = 22


class Stepper(QWidget):
    """Numbered steps on a line: done ones have a check, the present one is filled, a blocked one is amber.

    ``chosen`` tells the number of a done step that was clicked (going back is always allowed).
    """

    chosen = Signal(int)

    def __init__(self, titles: Sequence[str]) -> None:
        super().__init__()
        self._titles = list(titles)
        self._current = 0
        self._blocked: str = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._tell()
        theme.changed.connect(self.update)

    def current(self) -> int:
        """Return the number of the present step, from 0."""
        return self._current

    def set_current(self, number: int, blocked: str = "") -> None:
        """Stand at ``number`` (all done: number of steps); ``blocked`` says in words what holds it."""
        self._current, self._blocked = number, blocked
        self.setToolTip(blocked)
        self._tell()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(sum(self._width_of(number) for number in range(len(self._titles))), 32)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 32)

    def _tell(self) -> None:
        place = min(self._current, len(self._titles) - 1)
        self.setAccessibleName(
            f"{place + 1}/{len(self._titles)} {self._titles[place]} {self._blocked}".strip()
        )

    def _width_of(self, number: int) -> int:
        return _DOT + 8 + self.fontMetrics().horizontalAdvance(self._titles[number]) + 48

    def _lefts(self) -> list[float]:
        """Return where each step begins; the lines between share what is left, 16 to 64 px each."""
        texts = [_DOT + 8 + self.fontMetrics().horizontalAdvance(title) for title in self._titles]
        gaps = max(1, len(texts) - 1)
        gap = min(80.0, max(20.0, (self.width() - sum(texts) - 2) / gaps))
        lefts, left = [], 1.0
        for text in texts:
            lefts.append(left)
            left += text + gap
        return lefts

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lefts = self._lefts()
        for number, left in enumerate(lefts):
            end = lefts[number + 1] if number + 1 < len(lefts) else None
            self._paint_step(painter, number, left, end)

    def _paint_step(self, painter: QPainter, number: int, left: float, end: float | None) -> None:
        middle = self.height() / 2
        dot = QRectF(left, middle - _DOT / 2, _DOT, _DOT)
        done, here = number < self._current, number == self._current
        waiting = here and bool(self._blocked)
        ring = theme.color(
            "waiting" if waiting else "accent" if here else "done" if done else "border_strong"
        )
        painter.setPen(QPen(ring, 1.5))
        painter.setBrush(ring if here and not waiting else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(dot)
        font = self.font()
        font.setPixelSize(12)
        painter.setFont(font)
        if done:
            ratio = self.devicePixelRatioF()
            painter.drawPixmap(dot.topLeft() + QPointF(4, 4), icon_pixmap("check", "done", 14, ratio))
        else:
            ink = "waiting" if waiting else "accent_text" if here else "text_secondary"
            painter.setPen(theme.color(ink))
            painter.drawText(dot, Qt.AlignmentFlag.AlignCenter, "!" if waiting else str(number + 1))
        font = self.font()
        font.setBold(here)
        painter.setFont(font)
        painter.setPen(theme.color("text" if here else "text_secondary"))
        text_left = left + _DOT + 8
        width = painter.fontMetrics().horizontalAdvance(self._titles[number])
        room = QRectF(text_left, 0, width + 4, self.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self._titles[number])
        if end is not None:
            painter.setPen(QPen(theme.color("border_strong" if done else "border"), 1))
            painter.drawLine(round(text_left + width + 8), round(middle), round(end - 8), round(middle))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for number, left in reversed(list(enumerate(self._lefts()))):
            if event.position().x() >= left:
                if number < self._current:
                    self.chosen.emit(number)
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Left and self._current > 0:
            self.chosen.emit(self._current - 1)
        else:
            super().keyPressEvent(event)
