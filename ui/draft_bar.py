"""The offer after a crash: what was not saved, one line each, to put back or to throw away."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_app.services.drafts import Draft
from ui.i18n import tr
from ui.theme import icon_pixmap, theme
from ui.widgets.labels import ElidedLabel, button, clear, label
from ui.wording import moment_text

SHOWN = 3


class DraftBar(QWidget):
    """Shows the newest three; ``title_of`` names a draft with its page."""

    restored = Signal(object)
    discarded = Signal(object)

    def __init__(self, title_of: Callable[[Draft], str]) -> None:
        super().__init__()
        self._title_of = title_of
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 8, 16, 0)
        box = QFrame()
        box.setProperty("banner", "waiting")
        outer.addWidget(box)
        row = QHBoxLayout(box)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(8)
        self._icon = QLabel()
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(label(tr("drafts.title"), "strong"))
        self._lines = QVBoxLayout()
        self._lines.setSpacing(4)
        column.addLayout(self._lines)
        self._more = label("", "secondary")
        column.addWidget(self._more)
        row.addLayout(column, 1)
        theme.changed.connect(self._draw)
        self._draw()
        self.hide()

    def show_drafts(self, drafts: Sequence[Draft]) -> None:
        """Offer these, the newest first; none closes the bar."""
        clear(self._lines)
        for draft in drafts[:SHOWN]:
            self._lines.addWidget(self._line(draft))
        rest = len(drafts) - SHOWN
        self._more.setText(tr("drafts.more", count=rest) if rest > 0 else "")
        self._more.setVisible(rest > 0)
        self.setVisible(bool(drafts))

    def _line(self, draft: Draft) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        title = self._title_of(draft)
        words = ElidedLabel(title)
        row.addWidget(words, 1)
        at = "" if draft.kept_at is None else moment_text(draft.kept_at)
        row.addWidget(label(tr("drafts.facts", count=draft.count, at=at), "secondary"))
        for key, kind, told in (("restore", "", self.restored), ("discard", "link", self.discarded)):
            made = button(tr(f"drafts.{key}"), kind)
            made.setAccessibleName(tr(f"drafts.{key}_named", title=title))
            made.clicked.connect(lambda _=False, signal=told: signal.emit(draft))
            row.addWidget(made)
        return line

    def _draw(self) -> None:
        self._icon.setPixmap(icon_pixmap("alert-triangle", "waiting", 20, self.devicePixelRatioF()))
