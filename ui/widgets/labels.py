"""Small text and line pieces that every widget is made of."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QLayout, QPushButton, QSizePolicy, QWidget

from ui.theme import set_icon


def label(text: str = "", role: str = "", *, wrap: bool = False, tone: str = "") -> QLabel:
    """Return a plain-text label; ``role`` title, heading, strong, secondary, facts or figure; ``tone`` a meaning."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)
    if tone:
        made.setProperty("tone", tone)
    return made


class ElidedLabel(QLabel):
    """A line that ends in … where it has no room; the whole text is its tooltip."""

    def __init__(self, text: str = "", role: str = "") -> None:
        super().__init__()
        self._whole = text
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        if role:
            self.setProperty("role", role)
        self.setText(text)

    def setText(self, text: str) -> None:
        self._whole = text
        self._fit()

    def whole_text(self) -> str:
        """Return the text without the ellipsis."""
        return self._whole

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width() if self.isVisible() else 1 << 20
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room)
        if shown != self.text():
            super().setText(shown)
        self.setToolTip(self._whole if shown != self._whole else "")


def restyle(widget: QWidget, **properties: object) -> None:
    """Set dynamic properties and let the style sheet see them."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def hairline(direction: str = "h") -> QFrame:
    """Return a 1-px line, "h" or "v"."""
    line = QFrame()
    line.setProperty("line", direction)
    return line


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and let its widgets go."""
    while layout.count():
        widget = layout.takeAt(0).widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def button(text: str, kind: str = "", icon_name: str = "") -> QPushButton:
    """Return a push button; ``kind`` "" (ordinary), primary, danger, quiet or link."""
    made = QPushButton(text)
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    made.setCursor(Qt.CursorShape.ArrowCursor)
    if kind:
        made.setProperty("kind", kind)
    if icon_name:
        token = {"primary": "accent_text", "danger": "wrong", "link": "link"}.get(kind, "text_secondary")
        set_icon(made, icon_name, token)
    return made
