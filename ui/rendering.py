"""Pictures of widgets without a display, in our own font, for the demo and the screenshots."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from ui.theme import theme, ui_font


@contextmanager
def scheme_for_pictures(scheme: str) -> Iterator[None]:
    """Draw in ``scheme`` ("light" or "dark") and our own font; what was before comes back after."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    font, choice = application.font(), theme.choice
    own = ui_font(own=True)
    if font != own:
        application.setFont(own)
    theme.choose(scheme)
    try:
        yield
    finally:
        if font != own:
            application.setFont(font)
        theme.choose(choice)


def render(
    widget: QWidget, size: tuple[int, int], path: Path, scheme: str = "light", *, ratio: float = 1.0
) -> Path:
    """Draw ``widget`` at ``size`` (logical px) into a PNG at ``path`` and return it.

    The caller has let the widget's own queries come back; ``ratio`` 2 draws for a 2x screen.
    """
    with scheme_for_pictures(scheme):
        widget.resize(QSize(*size))
        widget.show()
        for _round in range(3):
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            QApplication.processEvents()
        image = QImage(round(size[0] * ratio), round(size[1] * ratio), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        image.fill(theme.color("canvas"))
        painter = QPainter(image)
        widget.render(painter, QPoint(0, 0))
        painter.end()
    path.parent.mkdir(parents=True, exist_ok=True)
    if not image.save(str(path)):
        raise OSError(path.name)
    return path
