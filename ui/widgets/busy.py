"""Waiting made visible: a skeleton for rows and a line for progress, neither before 300 ms."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from ui.i18n import tr
from ui.theme import ROW_HEIGHT, theme
from ui.widgets.labels import button, label

PATIENCE_MS = 300
_SHARES = (0.14, 0.3, 0.1, 0.22)


class Skeleton(QWidget):
    """Grey bars where rows will be; blank for the first 300 ms. It does not move."""

    def __init__(self) -> None:
        super().__init__()
        self._shown = False
        self._timer = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._timer.timeout.connect(self._show_bars)
        self.setAccessibleName(tr("busy.loading"))

    def start(self) -> None:
        """Begin to wait."""
        self._shown = False
        self._timer.start()

    def stop(self) -> None:
        """The rows are here."""
        self._timer.stop()
        self._shown = False

    def bars_shown(self) -> bool:
        """Tell whether the patience is over and bars are drawn."""
        return self._shown

    def _show_bars(self) -> None:
        self._shown = True
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._shown:
            return
        painter = QPainter(self)
        colour = theme.color("raised")
        for top in range(ROW_HEIGHT, self.height() - ROW_HEIGHT, ROW_HEIGHT):
            left = 12
            for number, share in enumerate(_SHARES):
                width = round(self.width() * share) + (top // ROW_HEIGHT * 7 + number * 5) % 24
                painter.fillRect(left, top + 10, width, 12, colour)
                left += width + 32


class ProgressLine(QWidget):
    """A bar with what is being done in words and a button to stop; appears after 300 ms."""

    cancelled = Signal()

    def __init__(self, text: str = "") -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        row = QHBoxLayout()
        self._text = label(text)
        self._count = label("", "secondary")
        self._stop = button(tr("busy.cancel"), "quiet")
        self._stop.clicked.connect(self._on_stop)
        row.addWidget(self._text)
        row.addStretch(1)
        row.addWidget(self._count)
        row.addWidget(self._stop)
        layout.addLayout(row)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        layout.addWidget(self._bar)
        self._timer = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._timer.timeout.connect(self.show)
        self.hide()

    def start(self, text: str, *, cancellable: bool = True) -> None:
        """Begin: ``text`` says what is being done."""
        self._text.setText(text)
        self._stop.setVisible(cancellable)
        self._stop.setEnabled(True)
        self.show_progress(0, 0)
        self._timer.start()

    def show_progress(self, done: int, total: int, text_key: str = "") -> None:
        """Show how far it is; ``total`` 0 = not known yet."""
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._count.setText(tr("busy.count", done=done, total=total) if total else "")
        if text_key:
            self._text.setText(tr(text_key))

    def add_count(self, text: str) -> None:
        """Say more beside the numbers, such as the bytes that went with them."""
        said = self._count.text()
        self._count.setText(f"{said} · {text}" if said else text)

    def finish(self) -> None:
        """Take it away."""
        self._timer.stop()
        self.hide()

    def _on_stop(self) -> None:
        self._stop.setEnabled(False)
        self.cancelled.emit()
