"""The navigation at the left: icon and word, folds to icons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ui.i18n import tr
from ui.theme import set_icon
from ui.widgets.labels import clear, hairline, label

WIDE_PX = 168
FOLDED_PX = 57


class NavRail(QWidget):
    """``chosen`` tells the key of a page; ``folded`` that the user folded or opened it."""

    chosen = Signal(str)
    folded = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("navigation")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(8, 8, 9, 8)
        self._layout.setSpacing(2)
        self._institution = label("", "strong", wrap=True)
        self._institution.setFixedHeight(40)
        self._institution.setContentsMargins(8, 0, 0, 0)
        self._layout.addWidget(self._institution)
        self._layout.addSpacing(8)
        self._pages = QVBoxLayout()
        self._pages.setSpacing(2)
        self._layout.addLayout(self._pages)
        self._layout.addStretch(1)
        self._fold = QPushButton()
        self._fold.setProperty("nav", True)
        self._fold.clicked.connect(self.toggle)
        self._layout.addWidget(self._fold)
        self._buttons: dict[str, QPushButton] = {}
        self._titles: dict[str, str] = {}
        self._institution_name = ""
        self._is_folded: bool = False
        self.set_folded(False)

    def set_institution(self, name: str) -> None:
        """Name the institution at the top."""
        self._institution_name = name
        self._institution.setToolTip(name)
        self._draw_names()

    def set_pages(self, pages: Sequence[tuple[str, str, str, str]]) -> None:
        """Show pages (key, title, icon, group); a line stands between groups."""
        clear(self._pages)
        self._buttons.clear()
        last = pages[0][3] if pages else ""
        for key, title, icon_name, group in pages:
            if group != last:
                self._pages.addSpacing(6)
                self._pages.addWidget(hairline())
                self._pages.addSpacing(6)
            last = group
            made = QPushButton(title)
            made.setProperty("nav", True)
            made.setCheckable(True)
            made.setAccessibleName(title)
            set_icon(made, icon_name, "text_secondary", 18, "link")
            made.clicked.connect(lambda _=False, page=key: self._on_click(page))
            self._pages.addWidget(made)
            self._buttons[key] = made
            self._titles[key] = title
        self._draw_names()

    def set_current(self, key: str) -> None:
        """Mark the page in front; a key that is not listed marks none."""
        for page, made in self._buttons.items():
            made.setChecked(page == key)

    def set_folded(self, folded: bool) -> None:
        """Show icons only, or icons and words."""
        self._is_folded = folded
        self.setFixedWidth(FOLDED_PX if folded else WIDE_PX)
        set_icon(self._fold, "panel-left-open" if folded else "panel-left-close", "text_secondary", 18)
        self._draw_names()
        self.folded.emit(folded)

    def toggle(self) -> None:
        """Fold where it is open, open where it is folded."""
        self.set_folded(not self._is_folded)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        buttons = list(self._buttons.values())
        here = next((number for number, made in enumerate(buttons) if made.hasFocus()), None)
        if here is not None and Qt.Key(event.key()) in steps:
            buttons[(here + steps[Qt.Key(event.key())]) % len(buttons)].setFocus()
        else:
            super().keyPressEvent(event)

    def _two_lines(self, name: str) -> str:
        """Return a name broken where the first line is full, with … where a second one has no room for the rest."""
        self._institution.ensurePolished()
        metrics, room = self._institution.fontMetrics(), WIDE_PX - 28
        if metrics.horizontalAdvance(name) <= room:
            return name
        first = next(
            (n for n in range(len(name), 0, -1) if metrics.horizontalAdvance(name[:n].rstrip()) <= room), 1
        )
        if name[:first].isascii() and " " in name[:first]:
            first = name[:first].rindex(" ") + 1
        rest = metrics.elidedText(name[first:].lstrip(), Qt.TextElideMode.ElideRight, room)
        return f"{name[:first].rstrip()}\n{rest}"

    def _on_click(self, key: str) -> None:
        self.set_current(key)
        self.chosen.emit(key)

    def _draw_names(self) -> None:
        self._institution.setVisible(not self._is_folded)
        self._institution.setText(self._two_lines(self._institution_name))
        fold = tr("frame.unfold") if self._is_folded else tr("frame.fold")
        self._fold.setText("" if self._is_folded else fold)
        self._fold.setToolTip(fold if self._is_folded else "")
        self._fold.setAccessibleName(fold)
        for key, made in self._buttons.items():
            made.setText("" if self._is_folded else self._titles[key])
            made.setToolTip(self._titles[key] if self._is_folded else "")
