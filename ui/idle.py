"""Nobody at the keyboard: tells when it is time to lock the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

_INPUT = frozenset({QEvent.Type.KeyPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel,
                    QEvent.Type.TouchBegin, QEvent.Type.InputMethod})  # fmt: skip


class IdleWatch(QObject):
    """``idle`` comes once after ``minutes`` without input in any window of the program; 0 minutes = never.

    It filters the native windows only, so the widgets' own traffic of events costs nothing.
    """

    idle = Signal()

    def __init__(self, application: QGuiApplication, minutes: float, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.idle)
        self._minutes = minutes
        application.focusWindowChanged.connect(self._on_window)
        self._on_window(application.focusWindow())
        self.restart()

    def set_minutes(self, minutes: float) -> None:
        """Wait for another time from now on."""
        self._minutes = minutes
        self.restart()

    def restart(self) -> None:
        """Begin to count anew."""
        if self._minutes > 0:
            self._timer.start(round(self._minutes * 60_000))
        else:
            self._timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _INPUT:
            self.restart()
        return False

    def _on_window(self, window: QWindow | None) -> None:
        if window is not None:
            window.removeEventFilter(self)
            window.installEventFilter(self)
            self.restart()
