"""A grid like a spreadsheet for 考勤 and 成绩: frozen names, single keys or typed values, ranges, copy, today."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QGridLayout,
    QScrollBar,
    QTableView,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from ui.theme import GRID_ROW_HEIGHT, theme
from ui.widgets import clipboard
from ui.widgets.labels import hairline, label
from ui.widgets.mark_grid_model import GridCell, MarkGridModel, Place
from ui.widgets.mark_grid_parts import CellDelegate, Check, FrozenDelegate, GridHead


def _dress(view: QTableView, model: MarkGridModel) -> None:
    """Give a half of the grid its model, head and measures."""
    view.setModel(model)
    view.setHorizontalHeader(GridHead(view))
    view.verticalHeader().hide()
    view.verticalHeader().setMinimumSectionSize(GRID_ROW_HEIGHT)
    view.verticalHeader().setDefaultSectionSize(GRID_ROW_HEIGHT)
    view.setWordWrap(False)
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)


class _Body(QTableView):
    """Sends every key past the grid first."""

    pressed_key = Signal(QKeyEvent)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()
        self.pressed_key.emit(event)
        if not event.isAccepted():
            event.accept()
            super().keyPressEvent(event)


class MarkGrid(QWidget):
    """Shows a MarkGridModel.

    ``keys`` maps a typed character to a value: pressing it tells ``entered`` with all editable cells of the
    selection. With ``set_typed`` any other character opens an editor, whose text the model tells as ``typed``.
    The grid changes no cell by itself: the presenter answers with ``model.set_cell``.
    """

    entered = Signal(object, object)
    """(list of Place, value of the key)."""
    cleared = Signal(object)
    """Delete was pressed: list of Place."""
    pasted = Signal(int, int, object)
    """Ctrl+V: row and column of the upper left cell, and the lines of the clipboard as lists of texts."""
    sheet_pasted = Signal()
    """Ctrl+V of a table with a head of its own, which is to be read like a file."""
    refused = Signal(str)
    """A key was pressed where nothing may be typed: the reason of that cell."""
    focused = Signal(int, int)
    """The focus came to a cell."""
    opened = Signal(int)
    """A name was double-clicked: number of the row."""

    def __init__(self, model: MarkGridModel, keys: Mapping[str, object] | None = None) -> None:
        super().__init__()
        self.model = model
        self._keys = dict(keys or {})
        self._typed = False
        self.names = QTableView()
        self.body = _Body()
        self._set_up_body()
        self._set_up_names()
        self.foot = QVBoxLayout()
        """Room under the cells for what scrolls with them, e.g. totals."""
        self._across = QScrollBar(Qt.Orientation.Horizontal)
        self.why = label("", "secondary")
        self._lay_out()
        self._connect()
        self._on_reset()

    def set_typed(self, check: Check) -> None:
        """Let cells be typed over; ``check`` says at once what is wrong with a text."""
        self._typed = True
        self._cells.check = check
        self.body.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )

    def selected_places(self) -> list[Place]:
        """Return the selected cells, row by row."""
        frozen = len(self.model.frozen)
        return sorted((index.row(), index.column() - frozen) for index in self.body.selectedIndexes())

    def current_place(self) -> Place | None:
        """Return the focused cell, None where there is none."""
        index = self.body.currentIndex()
        return (index.row(), index.column() - len(self.model.frozen)) if index.isValid() else None

    def set_current(self, row: int, column: int) -> None:
        """Put the focus on a cell and show it."""
        self.body.setCurrentIndex(self.model.index(row, column + len(self.model.frozen)))

    def go_to_today(self, row: int = 0) -> None:
        """Put the focus on today's column (else the last) and scroll it to the middle."""
        if not self.model.columns or not self.model.rowCount():
            return
        today = self.model.today_column()
        column = len(self.model.columns) - 1 if today is None else today
        self.set_current(row, column)
        self.body.scrollTo(self.body.currentIndex(), QAbstractItemView.ScrollHint.PositionAtCenter)
        self.body.setFocus()

    def copy(self) -> str:
        """Put the selection on the clipboard as Excel takes it and return its text."""
        places = self.selected_places()
        if not places:
            return ""
        rows = range(min(r for r, _c in places), max(r for r, _c in places) + 1)
        columns = range(min(c for _r, c in places), max(c for _r, c in places) + 1)
        taken = set(places)
        return clipboard.put(
            [[self.model.cell(r, c).text if (r, c) in taken else "" for c in columns] for r in rows]
        )

    def _set_up_body(self) -> None:
        body = self.body
        _dress(body, self.model)
        body.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        body.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        body.setTabKeyNavigation(False)
        self._cells = CellDelegate(body)
        body.setItemDelegate(self._cells)
        body.horizontalHeader().sectionClicked.connect(self._select_column)

    def _set_up_names(self) -> None:
        names = self.names
        _dress(names, self.model)
        names.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        names.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        names.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        names.setItemDelegate(FrozenDelegate(names, lambda: self.body.currentIndex().row()))

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        frame = QFrame()
        frame.setProperty("tableframe", True)
        outer.addWidget(frame)
        inside = QGridLayout(frame)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.setSpacing(0)
        inside.addWidget(self.names, 0, 0)
        inside.addWidget(hairline("v"), 0, 1, 2, 1)
        inside.addWidget(self.body, 0, 2)
        inside.addLayout(self.foot, 1, 0, 1, 3)
        inside.addWidget(self._across, 2, 2)
        inside.addWidget(hairline(), 3, 0, 1, 3)
        self.why.setContentsMargins(12, 4, 12, 4)
        self.why.setFixedHeight(24)
        inside.addWidget(self.why, 4, 0, 1, 3)
        inside.setColumnStretch(2, 1)
        inside.setRowStretch(0, 1)

    def _connect(self) -> None:
        inner = self.body.horizontalScrollBar()
        inner.rangeChanged.connect(self._on_range)
        inner.valueChanged.connect(self._across.setValue)
        self._across.valueChanged.connect(inner.setValue)
        down, names_down = self.body.verticalScrollBar(), self.names.verticalScrollBar()
        down.valueChanged.connect(names_down.setValue)
        names_down.valueChanged.connect(down.setValue)
        self.body.pressed_key.connect(self._on_key)
        self.body.selectionModel().currentChanged.connect(self._on_current)
        self.names.clicked.connect(lambda index: self._to_row(index.row()))
        self.names.doubleClicked.connect(lambda index: self.opened.emit(index.row()))
        self._cells.left_by.connect(self._on_left_editor)
        self.model.modelReset.connect(self._on_reset)
        self.model.dataChanged.connect(lambda *_range: self._show_why())
        theme.changed.connect(self.body.viewport().update)

    def _on_reset(self) -> None:
        frozen = len(self.model.frozen)
        width = 0
        for number in range(self.model.columnCount()):
            self.body.setColumnHidden(number, number < frozen)
            self.names.setColumnHidden(number, number >= frozen)
            if number < frozen:
                self.names.setColumnWidth(number, self.model.frozen[number].width)
                width += self.model.frozen[number].width
            else:
                self.body.setColumnWidth(number, self.model.columns[number - frozen].width)
        self.names.setFixedWidth(width)
        self._on_range(self.body.horizontalScrollBar().minimum(), self.body.horizontalScrollBar().maximum())

    def _on_range(self, low: int, high: int) -> None:
        self._across.setRange(low, high)
        self._across.setPageStep(self.body.viewport().width())
        self._across.setSingleStep(24)
        self._across.setVisible(high > low)

    def _on_key(self, event: QKeyEvent) -> None:
        key, control = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self._paste()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1, 0)
        elif key in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self._act_on_open_cells(self.cleared.emit)
        elif not control and event.text() in self._keys:
            value = self._keys[event.text()]
            self._act_on_open_cells(lambda places: self.entered.emit(places, value))
        elif (
            self._typed
            and not control
            and event.text().isprintable()
            and event.text()
            and self._closed_reason()
        ):
            self._refuse()
        elif key in {Qt.Key.Key_Home, Qt.Key.Key_End} and self.current_place() is not None:
            row, _column = self.current_place() or (0, 0)
            last_row, last = self.model.rowCount() - 1, len(self.model.columns) - 1
            home = key == Qt.Key.Key_Home
            self.set_current((0 if home else last_row) if control else row, 0 if home else last)
        else:
            return
        event.accept()

    def _act_on_open_cells(self, act: object) -> None:
        """Call ``act`` with the selected cells that may be typed over; say why where there is none."""
        places = [place for place in self.selected_places() if self.model.cell(*place).editable]
        if places and callable(act):
            act(places)
        elif not places:
            self._refuse()

    def _refuse(self) -> None:
        reason = self._closed_reason()
        rect = self.body.visualRect(self.body.currentIndex())
        QToolTip.showText(
            self.body.viewport().mapToGlobal(rect.bottomLeft() + QPoint(0, 4)), reason, self.body
        )
        self.refused.emit(reason)

    def _closed_reason(self) -> str:
        cell = self._current_cell()
        return "" if cell is None or cell.editable else cell.tooltip

    def _current_cell(self) -> GridCell | None:
        place = self.current_place()
        return None if place is None or place[1] < 0 else self.model.cell(*place)

    def _paste(self) -> None:
        place = self.current_place()
        block = clipboard.take()
        if clipboard.looks_like_sheet(block):
            self.sheet_pasted.emit()
        elif place is not None and block:
            self.pasted.emit(*place, block)

    def _step(self, down: int, right: int) -> None:
        place = self.current_place()
        if place is not None:
            row = min(max(place[0] + down, 0), self.model.rowCount() - 1)
            column = min(max(place[1] + right, 0), len(self.model.columns) - 1)
            self.set_current(row, column)

    def _on_left_editor(self, key: int) -> None:
        self.body.setFocus()
        if key == Qt.Key.Key_Tab:
            self._step(0, 1)
        else:
            self._step(-1 if key == Qt.Key.Key_Up else 1, 0)

    def _to_row(self, row: int) -> None:
        place = self.current_place()
        self.set_current(row, place[1] if place else 0)
        self.body.setFocus()

    def _select_column(self, section: int) -> None:
        selection = self.body.selectionModel()
        whole = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Columns
        selection.select(self.model.index(0, section), whole)

    def _on_current(self, current: QModelIndex, before: QModelIndex) -> None:
        for index in (before, current):
            if index.isValid():
                first = self.names.visualRect(index.siblingAtColumn(0))
                self.names.viewport().update(0, first.top(), self.names.width(), first.height())
        self._show_why()
        if current.isValid():
            self.focused.emit(current.row(), current.column() - len(self.model.frozen))

    def _show_why(self) -> None:
        """Say under the grid whose cell has the focus, of which column, and why it is closed or marked."""
        place, cell = self.current_place(), self._current_cell()
        if place is None or cell is None:
            self.why.setText("")
            return
        column = self.model.columns[place[1]]
        parts = (self.model.row_name(place[0]), f"{column.title}  {column.detail}".strip(), cell.tooltip)
        self.why.setText(" · ".join(part for part in parts if part))
