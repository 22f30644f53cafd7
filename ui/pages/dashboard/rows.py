"""Lines of the 工作台: a session to be marked, something waiting, each with the one click that leads there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.widgets.labels import button, clear, hairline, label


class Section(QFrame):
    """A card with a heading, a line of facts at its right, and lines below with hairlines between."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setProperty("card", True)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 12, 16, 8)
        outer.setSpacing(4)
        head = QHBoxLayout()
        self._title = label(title, "heading")
        self._facts = label("", "secondary")
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._facts)
        outer.addLayout(head)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(0)
        outer.addLayout(self._lines)

    def set_facts(self, text: str) -> None:
        """Say something at the right of the heading."""
        self._facts.setText(text)

    def set_lines(self, lines: list[QWidget]) -> None:
        """Replace the lines."""
        clear(self._lines)
        for number, line in enumerate(lines):
            if number:
                self._lines.addWidget(hairline())
            self._lines.addWidget(line)

    def lines(self) -> list[QWidget]:
        """Return the lines without the hairlines."""
        found = [self._lines.itemAt(number).widget() for number in range(self._lines.count())]
        return [widget for widget in found if isinstance(widget, Line)]


class Line(QWidget):
    """A first word (time, number), what it is about with a detail below, a figure, and one button."""

    def __init__(
        self,
        first: str,
        text: str,
        detail: str = "",
        *,
        figure: str = "",
        tone: str = "",
        action: str = "",
        run: Callable[[], object] | None = None,
        primary: bool = False,
        first_width: int = 104,
    ) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 8, 0, 8)
        row.setSpacing(16)
        self.first = label(first, "strong", tone=tone)
        self.first.setMinimumWidth(first_width)
        row.addWidget(self.first)
        words = QVBoxLayout()
        words.setSpacing(0)
        self.text = label(text)
        words.addWidget(self.text)
        self.detail = label(detail, "secondary")
        self.detail.setVisible(bool(detail))
        words.addWidget(self.detail)
        row.addLayout(words, 1)
        self.figure: QLabel = label(figure, "facts")
        self.figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.figure)
        self.button = button(action, "primary" if primary else "")
        self.button.setVisible(bool(action))
        self.button.setMinimumWidth(88)
        if run is not None:
            self.button.clicked.connect(lambda _=False: run())
        row.addWidget(self.button)
