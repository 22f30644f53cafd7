"""Ctrl+K: one line that finds commands and pages at once, people and classes as soon as the store answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ui.i18n import tr
from ui.theme import SECONDARY_PX, icon_pixmap, theme
from ui.widgets.cell_states import Index
from ui.widgets.filter_bar import SearchLine
from ui.widgets.labels import label

_ROW = 36
_SHOWN = 9
_ENTRY = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the palette; ``detail`` stands at the right (a shortcut, a class, a masked number)."""

    title: str
    run: Callable[[], object]
    detail: str = ""
    icon: str = "chevron-right"


class _EntryDelegate(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Entry = index.data(_ENTRY)
        rect: QRect = option.rect  # type: ignore[attr-defined]
        if option.state & QStyle.StateFlag.State_Selected:  # type: ignore[attr-defined]
            painter.fillRect(rect, theme.color("selected"))
        painter.save()
        ratio = painter.device().devicePixelRatio()
        glyph = icon_pixmap(entry.icon, "text_secondary", 16, ratio)
        painter.drawPixmap(QPoint(rect.left() + 12, rect.top() + 10), glyph)
        font = self.parent().font()  # type: ignore[attr-defined]
        painter.setFont(font)
        painter.setPen(theme.color("text"))
        left = rect.left() + 40
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        font.setPixelSize(SECONDARY_PX)
        room = rect.right() - 12 - left
        title = painter.fontMetrics().elidedText(entry.title, Qt.TextElideMode.ElideRight, room)
        line = QRect(left, rect.top(), room, rect.height())
        painter.drawText(line, middle, title)
        used = painter.fontMetrics().horizontalAdvance(title) + 16
        painter.setFont(font)
        painter.setPen(theme.color("text_secondary"))
        detail = painter.fontMetrics().elidedText(
            entry.detail, Qt.TextElideMode.ElideRight, max(0, room - used)
        )
        painter.drawText(line, middle | int(Qt.AlignmentFlag.AlignRight), detail)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, _ROW)


class CommandPalette(QFrame):
    """``searched`` tells the text (150 ms after the last key) to whoever can find people and classes."""

    searched = Signal(str)
    closed = Signal()

    def __init__(self, window: QWidget, find: Callable[[str], Sequence[Entry]]) -> None:
        super().__init__(window)
        self._find = find
        self._found: list[Entry] = []
        self.setProperty("popup", True)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        self.line = SearchLine(tr("palette.placeholder"))
        self.list = QListWidget()
        self.list.setItemDelegate(_EntryDelegate(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._none = label(tr("palette.none"), "facts")
        self._none.setContentsMargins(12, 4, 12, 8)
        layout.addWidget(self.line)
        layout.addWidget(self.list)
        layout.addWidget(self._none)
        self.line.textChanged.connect(self._on_text)
        self.line.searched.connect(self.searched)
        self.line.installEventFilter(self)
        self.list.itemClicked.connect(lambda _item: self._run())
        window.installEventFilter(self)
        self._leaving = QTimer(self)
        self._leaving.setSingleShot(True)
        self._leaving.setInterval(0)
        self._leaving.timeout.connect(self.close_palette)
        self.hide()

    def open_palette(self) -> None:
        """Show it under the search field, empty."""
        self._found = []
        self.line.clear()
        self._fill()
        self._place()
        self.show()
        self.raise_()
        self.line.setFocus()

    def close_palette(self) -> None:
        """Hide it."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def set_found(self, entries: Sequence[Entry]) -> None:
        """Show what the store found for the text, above the commands."""
        self._found = list(entries)
        self._fill()

    def titles(self) -> list[str]:
        """Return the titles shown, from top to bottom."""
        return [self.list.item(number).data(_ENTRY).title for number in range(self.list.count())]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.line and event.type() == QEvent.Type.KeyPress:
            assert isinstance(event, QKeyEvent)
            return self._on_key(event)
        if watched is self.line and event.type() == QEvent.Type.FocusOut:
            self._leaving.start()
        if watched is self.parent() and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        key, count = event.key(), self.list.count()
        if key == Qt.Key.Key_Escape:
            self.close_palette()
        elif key in {Qt.Key.Key_Down, Qt.Key.Key_Up} and count:
            step = 1 if key == Qt.Key.Key_Down else -1
            self.list.setCurrentRow((self.list.currentRow() + step) % count)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._run()
        else:
            return False
        return True

    def _on_text(self, _text: str) -> None:
        self._found = []
        self._fill()

    def _fill(self) -> None:
        entries = [*self._found, *self._find(self.line.text().strip())]
        self.list.clear()
        for entry in entries:
            item = QListWidgetItem()
            item.setData(_ENTRY, entry)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, entry.title)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.setVisible(bool(entries))
        self._none.setVisible(not entries)
        self.list.setFixedHeight(min(len(entries), _SHOWN) * _ROW)
        self.adjustSize()

    def _run(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            entry: Entry = item.data(_ENTRY)
            self.close_palette()
            entry.run()

    def _place(self) -> None:
        window = self.parent()
        assert isinstance(window, QWidget)
        self.setFixedWidth(min(560, window.width() - 48))
        self.adjustSize()
        self.move((window.width() - self.width()) // 2, 56)
