"""What a page says when there is nothing: why, and what to do next."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ui.theme import icon_pixmap, theme
from ui.widgets.labels import button, label


class EmptyState(QWidget):
    """An icon, a sentence, a second one, and at most one button; in the upper third of its room."""

    acted = Signal()

    def __init__(self, text: str, detail: str = "", action: str = "", icon_name: str = "") -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(8)
        layout.addStretch(2)
        self._icon_name = icon_name
        self._icon = QLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._icon.setVisible(bool(icon_name))
        self._text = label(text, "strong", wrap=True)
        self._detail = label(detail, "facts", wrap=True)
        self._detail.setVisible(bool(detail))
        for line in (self._icon, self._text, self._detail):
            line.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(line)
        self.button = button(action)
        self.button.setVisible(bool(action))
        self.button.clicked.connect(self.acted)
        layout.addSpacing(8)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        theme.changed.connect(self._draw)
        self._draw()

    def set_text(self, text: str, detail: str = "", action: str = "") -> None:
        """Say something else, e.g. that a filter hides everything."""
        self._text.setText(text)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        self.button.setText(action)
        self.button.setVisible(bool(action))

    def _draw(self) -> None:
        if self._icon_name:
            self._icon.setPixmap(icon_pixmap(self._icon_name, "border_strong", 32, self.devicePixelRatioF()))
