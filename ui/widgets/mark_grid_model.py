"""What the grid of 考勤 and 成绩 shows: frozen columns that name a person, and cells that can be typed over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from ui.widgets.cell_states import STATE_ROLE, TODAY_ROLE, TONE_ROLE, CellState, Tone

Index = QModelIndex | QPersistentModelIndex
Place = tuple[int, int]
"""(row, column) from 0; columns are counted without the frozen ones."""
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


@dataclass(frozen=True, slots=True)
class FrozenColumn:
    """A column at the left that does not scroll; ``align`` left, center or right."""

    title: str
    width: int = 96
    align: str = "left"


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A column of cells with two lines in its head; ``today`` highlights it."""

    key: object
    title: str
    detail: str = ""
    width: int = 56
    today: bool = False
    tooltip: str = ""


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell; ``value`` is the caller's own, ``tooltip`` says why it is closed, locked or rejected."""

    text: str = ""
    state: CellState = CellState.SAVED
    tone: Tone = Tone.PLAIN
    tooltip: str = ""
    editable: bool = True
    value: Any = None


@dataclass(frozen=True, slots=True)
class FrozenCell:
    """One cell of a frozen column."""

    text: str = ""
    tone: Tone = Tone.PLAIN
    tooltip: str = ""


@dataclass(frozen=True, slots=True)
class GridRow:
    """One person: ``key`` names the row, then a frozen cell and a cell for each column."""

    key: object
    frozen: tuple[FrozenCell, ...]
    cells: tuple[GridCell, ...]


_ALIGN = {"left": _LEFT, "right": _RIGHT, "center": int(Qt.AlignmentFlag.AlignCenter)}


class MarkGridModel(QAbstractTableModel):
    """Holds what a presenter puts in; typing is told by signals and never changes a cell by itself."""

    typed = Signal(int, int, str)
    """(row, column, text): an editor was closed with a new text."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.frozen: tuple[FrozenColumn, ...] = ()
        self.columns: tuple[GridColumn, ...] = ()
        self._keys: list[object] = []
        self._frozen_cells: list[list[FrozenCell]] = []
        self._cells: list[list[GridCell]] = []

    def set_grid(
        self, frozen: Sequence[FrozenColumn], columns: Sequence[GridColumn], rows: Sequence[GridRow]
    ) -> None:
        """Replace everything."""
        self.beginResetModel()
        self.frozen, self.columns = tuple(frozen), tuple(columns)
        self._keys = [row.key for row in rows]
        self._frozen_cells = [list(row.frozen) for row in rows]
        self._cells = [list(row.cells) for row in rows]
        self.endResetModel()

    def set_cell(self, row: int, column: int, cell: GridCell) -> None:
        """Replace one cell, e.g. while its command is under way and after it."""
        self._cells[row][column] = cell
        place = self.index(row, column + len(self.frozen))
        self.dataChanged.emit(place, place)

    def set_frozen(self, row: int, column: int, cell: FrozenCell) -> None:
        """Replace a frozen cell, e.g. the rate after a mark."""
        self._frozen_cells[row][column] = cell
        place = self.index(row, column)
        self.dataChanged.emit(place, place)

    def cell(self, row: int, column: int) -> GridCell:
        """Return a cell."""
        return self._cells[row][column]

    def frozen_cell(self, row: int, column: int) -> FrozenCell:
        """Return a frozen cell."""
        return self._frozen_cells[row][column]

    def row_key(self, row: int) -> object:
        """Return what names a row."""
        return self._keys[row]

    def row_name(self, row: int) -> str:
        """Return the words that name a row for people: its first left-aligned frozen cell, "" without one."""
        number = next((n for n, column in enumerate(self.frozen) if column.align == "left"), None)
        return "" if number is None else self._frozen_cells[row][number].text

    def today_column(self) -> int | None:
        """Return the number of today's column, None where there is none."""
        return next((number for number, column in enumerate(self.columns) if column.today), None)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._keys)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.frozen) + len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own
        column = index.column() - len(self.frozen)
        if column < 0:
            return self._frozen_data(index, role)
        cell = self._cells[index.row()][column]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.columns[column].title} {cell.text} {cell.tooltip}".strip()
        shown = {
            Qt.ItemDataRole.DisplayRole: cell.text,
            Qt.ItemDataRole.EditRole: cell.text,
            Qt.ItemDataRole.TextAlignmentRole: _ALIGN["center"],
            Qt.ItemDataRole.ToolTipRole: cell.tooltip or None,
            STATE_ROLE: cell.state,
            TONE_ROLE: cell.tone,
            TODAY_ROLE: self.columns[column].today,
        }
        return shown.get(role)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401 - Qt's own
        if orientation == Qt.Orientation.Vertical:
            return None
        column = section - len(self.frozen)
        if role == Qt.ItemDataRole.DisplayRole:
            return self.frozen[section].title if column < 0 else self.columns[column].title
        if role == Qt.ItemDataRole.ToolTipRole and column >= 0:
            return self.columns[column].tooltip or None
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        column = index.column() - len(self.frozen)
        if column >= 0 and self._cells[index.row()][column].editable:
            return usual | Qt.ItemFlag.ItemIsEditable
        return usual

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: ANN401
        """Tell that an editor was closed with another text than the cell had."""
        column = index.column() - len(self.frozen)
        text = str(value).strip()
        if text != self._cells[index.row()][column].text:
            self.typed.emit(index.row(), column, text)
        return True

    def _frozen_data(self, index: Index, role: int) -> Any:  # noqa: ANN401 - Qt's own
        cell = self._frozen_cells[index.row()][index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGN[self.frozen[index.column()].align]
        if role == TONE_ROLE:
            return cell.tone
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell.tooltip or None
        return None
