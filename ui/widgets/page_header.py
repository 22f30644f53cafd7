"""Top of a page: title, one line of facts, at most one primary button, the rest in a menu."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from ui.theme import icon, set_icon
from ui.widgets.labels import ElidedLabel, button, label


class PageHeader(QWidget):
    """``set_primary`` and ``add_button`` put buttons at the right; ``add_rare`` fills the ⋯ menu."""

    def __init__(self, title: str, facts: str = "") -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(0)
        self._title = label(title, "title")
        self._facts = ElidedLabel(facts, "facts")
        words.addWidget(self._title)
        words.addWidget(self._facts)
        row.addLayout(words, 1)
        self._row = row
        self._rare = QMenu(self)
        self._more = button("", "quiet")
        set_icon(self._more, "more-horizontal")
        self._more.setMenu(self._rare)
        self._more.setFixedWidth(32)
        self._more.setStyleSheet("QPushButton::menu-indicator { image: none; }")
        self._more.hide()
        row.addWidget(self._more)
        self.primary: QPushButton | None = None
        self.set_facts(facts)

    def set_title(self, title: str) -> None:
        """Show another title."""
        self._title.setText(title)

    def set_facts(self, *facts: str) -> None:
        """Show facts with a middle dot between; empty ones are left out."""
        text = " · ".join(fact for fact in facts if fact)
        self._facts.setText(text)
        self._facts.setVisible(bool(text))

    def set_primary(self, text: str, run: Callable[[], object], icon_name: str = "") -> QPushButton:
        """Put the one primary button at the far right; a second call replaces it."""
        if self.primary is not None:
            self.primary.deleteLater()
        self.primary = button(text, "primary", icon_name)
        self.primary.clicked.connect(lambda _=False: run())
        self._row.addWidget(self.primary)
        return self.primary

    def add_button(
        self, text: str, run: Callable[[], object] | None = None, icon_name: str = ""
    ) -> QPushButton:
        """Put an ordinary button left of the menu and the primary one."""
        made = button(text, "", icon_name)
        if run is not None:
            made.clicked.connect(lambda _=False: run())
        self._row.insertWidget(self._row.indexOf(self._more), made)
        return made

    def add_menu(
        self, text: str, items: list[tuple[str, Callable[[], object]]], icon_name: str = ""
    ) -> QPushButton:
        """Put a button that opens a menu of (text, run), e.g. 打印 ▾."""
        made = self.add_button(text, None, icon_name)
        made.setProperty("menu", True)
        menu = QMenu(made)
        for item, run in items:
            menu.addAction(item).triggered.connect(lambda _=False, call=run: call())
        made.setMenu(menu)
        return made

    def add_rare(self, text: str, run: Callable[[], object], icon_name: str = "") -> QAction:
        """Put what is seldom needed into the ⋯ menu."""
        action = self._rare.addAction(text)
        if icon_name:
            action.setIcon(icon(icon_name))
        action.triggered.connect(lambda _=False: run())
        self._more.show()
        return action
