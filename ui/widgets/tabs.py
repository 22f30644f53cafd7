"""Tabs along the life of a class: each page is made when it is first shown."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from ui.widgets.labels import hairline


class Tabs(QWidget):
    """``add`` a key, a title and a factory; ``shown`` tells the key of the tab in front."""

    shown = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.bar = QTabBar()
        self.bar.setExpanding(False)
        self.bar.setDrawBase(False)
        self._pages = QStackedWidget()
        layout.addWidget(self.bar)
        layout.addWidget(hairline())
        layout.addSpacing(8)
        layout.addWidget(self._pages, 1)
        self._keys: list[str] = []
        self._factories: dict[str, Callable[[], QWidget]] = {}
        self._made: dict[str, QWidget] = {}
        self.bar.currentChanged.connect(self._on_current)

    def add(self, key: str, title: str, factory: Callable[[], QWidget]) -> None:
        """Add a tab at the end."""
        self._keys.append(key)
        self._factories[key] = factory
        self.bar.addTab(title)

    def set_title(self, key: str, title: str) -> None:
        """Name a tab anew, e.g. with its count."""
        self.bar.setTabText(self._keys.index(key), title)

    def current(self) -> str:
        """Return the key of the tab in front, "" when there is none."""
        number = self.bar.currentIndex()
        return self._keys[number] if number >= 0 else ""

    def keys_shown(self) -> list[str]:
        """Return the keys of all tabs in order."""
        return list(self._keys)

    def made(self, key: str) -> QWidget | None:
        """Return the page of a tab if it was made already."""
        return self._made.get(key)

    def show_tab(self, key: str) -> QWidget:
        """Bring a tab to the front and return its page."""
        self.bar.setCurrentIndex(self._keys.index(key))
        return self.page(key)

    def page(self, key: str) -> QWidget:
        """Return the page of a tab, made now if it was not."""
        if key not in self._made:
            self._made[key] = self._factories[key]()
            self._pages.addWidget(self._made[key])
        return self._made[key]

    def _on_current(self, number: int) -> None:
        if number >= 0:
            key = self._keys[number]
            self._pages.setCurrentWidget(self.page(key))
            self.shown.emit(key)
