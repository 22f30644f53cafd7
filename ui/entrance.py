"""The calm window before the frame: one card in the middle, for the login and the first run."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

import resources
from ui.dialogs.password import PasswordField
from ui.i18n import tr
from ui.theme import theme
from ui.widgets.labels import label


class AppMark(QWidget):
    """The product's own icon at 40 px."""

    def __init__(self, size: int = 40) -> None:
        super().__init__()
        self.setFixedSize(size, size)
        self._renderer = QSvgRenderer(str(resources.path("icons", "app.svg")), self)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._renderer.render(QPainter(self), QRectF(self.rect()))


class EntranceWindow(QWidget):
    """A top-level window with the product's name over a card of ``width`` px; ``card`` takes the content."""

    def __init__(self, subtitle: str, width: int) -> None:
        super().__init__()
        self.setWindowTitle(tr("app.name"))
        self.setProperty("ground", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(width + 48, 480)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.addStretch(2)
        across = QHBoxLayout()
        across.addStretch(1)
        column = QWidget()
        column.setFixedWidth(width)
        across.addWidget(column)
        across.addStretch(1)
        layout.addLayout(across)
        layout.addStretch(3)
        inside = QVBoxLayout(column)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(16)
        top = QHBoxLayout()
        top.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(tr("app.name"), "title"))
        self.subtitle = label(subtitle, "facts")
        words.addWidget(self.subtitle)
        top.addWidget(AppMark())
        top.addLayout(words, 1)
        inside.addLayout(top)
        frame = QFrame()
        frame.setProperty("card", True)
        self.card = QVBoxLayout(frame)
        self.card.setContentsMargins(24, 20, 24, 20)
        self.card.setSpacing(12)
        inside.addWidget(frame)
        theme.changed.connect(self.update)


class LoginPasswordField(PasswordField):
    """A password line that notices capitals typed without Shift: ``caps`` tells whether Caps Lock seems on."""

    caps = Signal(bool)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        if len(text) == 1 and text.isascii() and text.isalpha():
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.caps.emit(text.isupper() != shifted)
        elif event.key() == Qt.Key.Key_CapsLock:
            self.caps.emit(False)
        super().keyPressEvent(event)
