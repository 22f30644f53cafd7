"""Above a list: one search line and chips that keep some rows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QWidget

from ui.theme import icon, theme
from ui.widgets.labels import label

_TYPING_MS = 150


class SearchLine(QLineEdit):
    """A line with a magnifier and a clear button; ``searched`` follows 150 ms after the last key."""

    searched = Signal(str)

    def __init__(self, placeholder: str) -> None:
        super().__init__()
        self.setProperty("search", True)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setClearButtonEnabled(True)
        self._glass = QAction(self)
        self.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_TYPING_MS)
        self._timer.timeout.connect(lambda: self.searched.emit(self.text().strip()))
        self.textChanged.connect(lambda _text: self._timer.start())
        theme.changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        self._glass.setIcon(icon("search"))
        clear = self.findChild(QAction, "_q_qlineeditclearaction")
        if clear is not None:
            clear.setIcon(icon("x"))


class FilterBar(QWidget):
    """``changed`` tells the text and the keys of the chips that are on."""

    changed = Signal(str, object)

    def __init__(self, placeholder: str) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self.search = SearchLine(placeholder)
        self.search.setMinimumWidth(140)
        self.search.setMaximumWidth(280)
        self.search.searched.connect(lambda _text: self._tell())
        self._row.addWidget(self.search, 4)
        self._row.addStretch(1)
        self._chips: dict[str, QPushButton] = {}
        self._groups: list[list[str]] = []

    def text(self) -> str:
        """Return what is searched for."""
        return self.search.text().strip()

    def chosen(self) -> frozenset[str]:
        """Return the keys of the chips that are on."""
        return frozenset(key for key, chip in self._chips.items() if chip.isChecked())

    def chosen_texts(self) -> list[str]:
        """Return the words of the chips that are on."""
        return [chip.text() for chip in self._chips.values() if chip.isChecked()]

    def add_chips(self, chips: Sequence[tuple[str, str]], *, exclusive: bool = False) -> None:
        """Add chips (key, text); of an exclusive group at most one is on."""
        group = [key for key, _text in chips]
        for key, text in chips:
            chip = QPushButton(text)
            chip.setCheckable(True)
            chip.setProperty("chip", True)
            chip.clicked.connect(
                lambda _=False, found=key: self._on_chip(found, group if exclusive else [found])
            )
            self._row.insertWidget(self._row.count() - 1, chip)
            self._chips[key] = chip

    def set_chip_text(self, key: str, text: str) -> None:
        """Name a chip anew, e.g. with its count."""
        self._chips[key].setText(text)

    def set_chip_visible(self, key: str, *, visible: bool) -> None:
        """Show a chip only while there is something that it would find."""
        self._chips[key].setVisible(visible)

    def set_chosen(self, keys: frozenset[str]) -> None:
        """Turn exactly these chips on, and tell."""
        for key, chip in self._chips.items():
            chip.setChecked(key in keys)
        self._tell()

    def add_choice(self, title: str, editor: QComboBox) -> None:
        """Add a box to choose from, with its title before it."""
        if title:
            self._row.insertWidget(self._row.count() - 1, label(title, "facts"))
        self._row.insertWidget(self._row.count() - 1, editor)

    def add_right(self, widget: QWidget) -> None:
        """Put a widget at the far right of the bar."""
        self._row.addWidget(widget)

    def _on_chip(self, key: str, group: list[str]) -> None:
        for other in group:
            if other != key:
                self._chips[other].setChecked(False)
        self._tell()

    def _tell(self) -> None:
        self.changed.emit(self.text(), self.chosen())
