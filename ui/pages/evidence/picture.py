"""A picture as large as its place allows, or a sentence where there is none."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from ui.i18n import tr
from ui.theme import theme


class PictureView(QWidget):
    """Shows one page of one file."""

    def __init__(self) -> None:
        super().__init__()
        self._picture = QPixmap()
        self._text = ""
        self.setMinimumWidth(240)
        self.setAccessibleName(tr("evidence.picture"))
        theme.changed.connect(self.update)

    def show_picture(self, picture: QPixmap) -> None:
        """Show a picture."""
        self._picture, self._text = picture, ""
        self.update()

    def show_nothing(self, text: str = "") -> None:
        """Show a sentence instead."""
        self._picture, self._text = QPixmap(), text
        self.update()

    def has_picture(self) -> bool:
        """Tell whether there is a picture."""
        return not self._picture.isNull()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("surface"))
        if self._picture.isNull():
            painter.setPen(theme.color("text_secondary"))
            flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
            painter.drawText(self.rect().adjusted(16, 16, -16, -16), flags, self._text)
            return
        room = self.rect().adjusted(8, 8, -8, -8)
        size = self._picture.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        x, y = room.x() + (room.width() - size.width()) / 2, room.y() + (room.height() - size.height()) / 2
        painter.drawPixmap(
            QRectF(x, y, size.width(), size.height()), self._picture, QRectF(self._picture.rect())
        )
