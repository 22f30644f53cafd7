"""The line under every page, in words: saved or not, the sync, who and which profile, and the page's keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ui.i18n import tr
from ui.widgets.busy import PATIENCE_MS
from ui.widgets.labels import button, clear, hairline, label, restyle
from ui.widgets.stat_card import KeyHints

HEIGHT = 29


class StatusStrip(QWidget):
    """Named slots: saved, sync, profile, hints."""

    sync_opened = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("statusstrip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 1, 16, 0)
        row.setSpacing(8)
        self._saved = label("")
        self._sync: QPushButton = button("", "quiet")
        self._sync.clicked.connect(self.sync_opened)
        self._profile = label("", "secondary")
        self._demo = label(tr("status.demo"), "strong", tone="waiting")
        self._hints_place = QHBoxLayout()
        for widget in (self._saved, self._line(), self._sync, self._line(), self._profile, self._demo):
            row.addWidget(widget)
        row.addStretch(1)
        row.addLayout(self._hints_place)
        self._demo.hide()
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._say_saving)
        self._waiting = 0
        self.set_saving(0)
        self.set_sync("")

    def set_saving(self, commands: int) -> None:
        """Say that everything is stored, or after 300 ms how many changes are on their way."""
        self._waiting = commands
        if commands == 0:
            self._patience.stop()
            self._saved.setText(tr("status.saved"))
            restyle(self._saved, tone="done")
        elif not self._patience.isActive():
            self._patience.start()

    def set_sync(self, text: str, tone: str = "") -> None:
        """Say how sharing and reporting stand; a click opens the sync centre."""
        self._sync.setText(f"⇅ {text or tr('status.sync_unknown')}")
        restyle(self._sync, kind="danger" if tone == "wrong" else "quiet")

    def set_profile(self, user: str, profile: str, *, demo: bool) -> None:
        """Say who works in which profile."""
        self._profile.setText(tr("status.profile", user=user, profile=profile))
        self._demo.setVisible(demo)

    def set_hints(self, hints: Sequence[tuple[str, str]]) -> None:
        """Show the keys of the page in front."""
        clear(self._hints_place)
        if hints:
            self._hints_place.addWidget(KeyHints(hints))

    def _say_saving(self) -> None:
        self._saved.setText(tr("status.saving", count=self._waiting))
        restyle(self._saved, tone="waiting")

    def _line(self) -> QWidget:
        line = hairline("v")
        line.setFixedHeight(14)
        return line
