"""A number that opens its list, and the hints of keys under a grid."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.widgets.labels import label, restyle


class StatCard(QFrame):
    """Title, figure, a line of detail; a click or Enter opens what it counts."""

    opened = Signal()

    def __init__(self, title: str, figure: str = "–", detail: str = "", tone: str = "") -> None:
        super().__init__()
        self.setProperty("card", True)
        self.setProperty("clickable", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(4)
        self._title = label(title, "facts")
        self._figure = label(figure, "figure")
        self._detail = label(detail, "secondary")
        for line in (self._title, self._figure, self._detail):
            layout.addWidget(line)
        self.set_figure(figure, detail, tone)

    def set_figure(self, figure: str, detail: str = "", tone: str = "") -> None:
        """Show a number and what stands behind it."""
        self._figure.setText(figure)
        restyle(self._figure, tone=tone)
        self._detail.setText(detail)
        self.setAccessibleName(f"{self._title.text()} {figure} {detail}")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.opened.emit()
        else:
            super().keyPressEvent(event)


class KeyHints(QWidget):
    """Keys and what they do, e.g. 1 到 2 迟到; a secondary line."""

    def __init__(self, hints: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for key, text in hints:
            cap = label(key, "keycap")
            cap.setFixedHeight(18)
            row.addWidget(cap)
            row.addWidget(label(text, "secondary"))
            row.addSpacing(8)
        row.addStretch(1)
