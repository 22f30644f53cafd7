"""The line over every page: where one is, the search, undo and redo by name, and the user's menu."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from ui.i18n import tr
from ui.theme import set_icon
from ui.widgets.labels import button, clear, label
from ui.widgets.page import Crumb

HEIGHT = 48


class TopBar(QWidget):
    """Slots of the frame: ``set_crumbs``, ``set_steps``, ``set_user``; signals for what was asked for."""

    crumb_chosen = Signal(object)
    search_asked = Signal()
    undo_asked = Signal()
    redo_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("topbar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 12, 1)
        row.setSpacing(4)
        self._crumbs = QHBoxLayout()
        self._crumbs.setSpacing(0)
        row.addLayout(self._crumbs)
        row.addStretch(1)
        self.search = QPushButton(tr("frame.search"))
        self.search.setObjectName("searchbutton")
        self.search.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.search.setFixedWidth(300)
        set_icon(self.search, "search")
        inside = QHBoxLayout(self.search)
        inside.setContentsMargins(0, 0, 10, 0)
        inside.addStretch(1)
        keys: QLabel = label("Ctrl+K", "secondary")
        keys.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        inside.addWidget(keys)
        self.search.clicked.connect(self.search_asked)
        row.addWidget(self.search)
        row.addSpacing(12)
        self.undo = self._tool("undo-2", self.undo_asked)
        self.redo = self._tool("redo-2", self.redo_asked)
        row.addWidget(self.undo)
        row.addWidget(self.redo)
        row.addSpacing(8)
        self.user = button("", "quiet")
        self.user.setProperty("menu", True)
        self.user_menu = QMenu(self.user)
        self.user.setMenu(self.user_menu)
        row.addWidget(self.user)
        self.set_steps("", "")

    def set_crumbs(self, crumbs: Sequence[Crumb]) -> None:
        """Show where the page stands; the last place is where one is."""
        clear(self._crumbs)
        for number, crumb in enumerate(crumbs):
            last = number == len(crumbs) - 1
            made = QPushButton(crumb.text)
            made.setProperty("crumb", True)
            made.setEnabled(bool(crumb.page) and not last)
            made.clicked.connect(lambda _=False, found=crumb: self.crumb_chosen.emit(found))
            self._crumbs.addWidget(made)
            if not last:
                self._crumbs.addWidget(label("›", "facts"))

    def set_steps(self, undo: str, redo: str) -> None:
        """Name the steps that undo and redo would take; "" = there is none."""
        for made, name, ready, none in (
            (self.undo, undo, "frame.undo", "frame.undo_none"),
            (self.redo, redo, "frame.redo", "frame.redo_none"),
        ):
            made.setEnabled(bool(name))
            made.setProperty("step", name)
            text = tr(ready, step=name) if name else tr(none)
            made.setToolTip(text)
            made.setAccessibleName(text)

    def set_user(self, name: str) -> None:
        """Name who works here."""
        self.user.setText(name)
        set_icon(self.user, "user")

    def _tool(self, icon_name: str, signal: object) -> QToolButton:
        made = QToolButton()
        set_icon(made, icon_name, "text", 18)
        made.setFixedSize(32, 32)
        made.clicked.connect(signal)
        return made
