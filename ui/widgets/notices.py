"""Banner (stays until answered) and toast (goes by itself)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.i18n import tr
from ui.theme import icon_pixmap, set_icon, theme
from ui.widgets.labels import button, label, restyle

_ICONS = {"info": ("info", "locked"), "done": ("circle-check", "done"), "waiting": ("alert-triangle", "waiting"),
          "wrong": ("circle-x", "wrong")}  # fmt: skip
TOAST_MS = 5000
_OVER_STRIP = 88
"""So far above the lower edge that neither the status strip nor the actions below a list are covered."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a banner or toast says. ``level``: info, done, waiting or wrong; ``hint``: what to do next.

    ``action`` is the word of a button that the notice carries, ``run`` is called on it.
    """

    text: str
    hint: str = ""
    level: str = "wrong"
    action: str = ""
    run: Callable[[], object] | None = None


def _nothing() -> None:
    """Stand for a button without an act."""


class Banner(QWidget):
    """One notice: what happened, what to do, a button, and a cross to close it.

    ``inset`` leaves the frame's margins around it; inside a page or panel there are margins already.
    """

    def __init__(self, *, inset: bool = True) -> None:
        super().__init__()
        self._notice: Notice | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(*((16, 8, 16, 0) if inset else (0, 0, 0, 0)))
        self._box = QFrame()
        outer.addWidget(self._box)
        row = QHBoxLayout(self._box)
        row.setContentsMargins(12, 6, 6, 6)
        row.setSpacing(8)
        self._icon = QLabel()
        words = QVBoxLayout()
        words.setSpacing(2)
        self._text = label("", "strong", wrap=True)
        self._hint = label("", wrap=True)
        words.addWidget(self._text)
        words.addWidget(self._hint)
        self._act = button("", "link")
        self._act.clicked.connect(self._on_act)
        close = button("", "quiet")
        close.setFixedWidth(32)
        close.setToolTip(tr("banner.close"))
        close.setAccessibleName(tr("banner.close"))
        set_icon(close, "x")
        close.clicked.connect(self.hide)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self._act)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        theme.changed.connect(self._draw)
        self.hide()

    def show_notice(self, notice: Notice) -> None:
        """Show a notice; a newer one takes the place of the older."""
        self._notice = notice
        self._text.setText(notice.text)
        self._hint.setText(notice.hint)
        self._hint.setVisible(bool(notice.hint))
        self._act.setText(notice.action)
        self._act.setVisible(bool(notice.action))
        restyle(self._box, banner=notice.level)
        self._draw()
        self.show()

    def settle(self) -> None:
        """Take a refusal away: what was done since says that it is over."""
        if self._notice is not None and self._notice.level == "wrong":
            self.hide()

    def notice(self) -> Notice | None:
        """Return the notice that is shown, None when closed."""
        return None if self.isHidden() else self._notice

    def _draw(self) -> None:
        if self._notice is not None:
            name, token = _ICONS[self._notice.level]
            self._icon.setPixmap(icon_pixmap(name, token, 20, self.devicePixelRatioF()))

    def _on_act(self) -> None:
        self.hide()
        if self._notice is not None:
            (self._notice.run or _nothing)()


class Toast(QFrame):
    """A line over the lower edge of its host for five seconds, e.g. with an 撤销."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self._run: Callable[[], object] | None = None
        self.setProperty("toast", True)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 8, 6)
        row.setSpacing(12)
        self._text = label("")
        self._act = button("")
        self._act.clicked.connect(self._on_act)
        row.addWidget(self._text)
        row.addWidget(self._act)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        host.installEventFilter(self)
        self.hide()

    def show_notice(self, notice: Notice) -> None:
        """Show a notice in passing."""
        self._text.setText(notice.text)
        self._act.setText(notice.action)
        self._act.setVisible(bool(notice.action))
        self._run = notice.run
        self.show()
        self._place()
        self.raise_()
        self._timer.start(TOAST_MS)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        self.adjustSize()
        self.move((self._host.width() - self.width()) // 2, self._host.height() - self.height() - _OVER_STRIP)

    def _on_act(self) -> None:
        self.hide()
        (self._run or _nothing)()
