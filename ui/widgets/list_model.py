"""The table model of lists that are read whole: rows in, columns by name, sorted in place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.i18n import tr
from ui.widgets.cell_states import STATE_ROLE, TONE_ROLE, CellState, Tone

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
CENTER = int(Qt.AlignmentFlag.AlignCenter)


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column: ``text`` makes the cell's words of a row; ``sort`` its order (the words where missing).

    ``width`` in px; ``stretch`` lets it take what is left; ``hidden`` = off until the user chooses it. ``personal``
    names what it shows masked of a trainee: document_number, phone or address.
    """

    key: str
    title_key: str
    text: Callable[[Row], str]
    width: int = 120
    align: str = "left"
    sort: Callable[[Row], Any] | None = None
    state: Callable[[Row], CellState] | None = None
    tone: Callable[[Row], Tone] | None = None
    tooltip: Callable[[Row], str] | None = None
    stretch: bool = False
    hidden: bool = False
    personal: str = ""


_DRAWN = frozenset({int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.TextAlignmentRole), STATE_ROLE, TONE_ROLE,
                    int(Qt.ItemDataRole.ToolTipRole)})  # fmt: skip
"""What a view may ask; all else is answered before any row is looked at, for a frame has no time."""
ON_ITS_WAY = "…"
_ALIGN = {"left": LEFT, "right": RIGHT, "center": CENTER}


class TableRows(QAbstractTableModel, Generic[Row]):
    """What a list is drawn from: columns by name, and the rows that are here; a row may still be on its way.

    ``row_key`` names a row so that the selection outlives a reload.
    """

    is_whole = True
    """Every row is here."""

    def __init__(
        self, columns: Sequence[Column[Row]], row_key: Callable[[Row], object], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.columns = list(columns)
        self._titles = [tr(column.title_key) for column in columns]
        self.row_key = row_key

    def row_or_none(self, number: int) -> Row | None:
        """Return the row shown at ``number``, from 0; None while it is on its way."""
        raise NotImplementedError

    def held(self) -> Iterable[tuple[int, Row]]:
        """Return the rows that are here with their numbers, from top to bottom."""
        raise NotImplementedError

    def held_between(self, first: int, count: int) -> list[Row]:
        """Return the rows of a span that are here."""
        raise NotImplementedError

    def rows(self) -> list[Row]:
        """Return the rows that are here as they are shown."""
        return [row for _number, row in self.held()]

    def row(self, number: int) -> Row:
        """Return the row shown at ``number``, from 0; LookupError while it is on its way."""
        found = self.row_or_none(number)
        if found is None:
            raise LookupError(number)
        return found

    def can_order_by(self, column: int) -> bool:
        """Tell whether the title of a column chooses an order."""
        return 0 <= column < len(self.columns)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own
        if role not in _DRAWN:
            return None
        column, row = self.columns[index.column()], self.row_or_none(index.row())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGN[column.align]
        if row is None:
            return ON_ITS_WAY if role == Qt.ItemDataRole.DisplayRole and index.column() == 0 else None
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == STATE_ROLE and column.state:
            return column.state(row)
        if role == TONE_ROLE and column.tone:
            return column.tone(row)
        if role == Qt.ItemDataRole.ToolTipRole and column.tooltip:
            return column.tooltip(row) or None
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401 - Qt's own
        if orientation == Qt.Orientation.Horizontal:
            column = self.columns[section]
            if role == Qt.ItemDataRole.DisplayRole:
                return self._titles[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return _ALIGN[column.align]
        return None


class ListTableModel(TableRows[Row]):
    """Shows ``set_rows``, all of them here and sorted in place."""

    def __init__(
        self, columns: Sequence[Column[Row]], row_key: Callable[[Row], object], parent: QObject | None = None
    ) -> None:
        super().__init__(columns, row_key, parent)
        self._rows: list[Row] = []
        self._sorted_by: tuple[int, Qt.SortOrder] | None = None

    def set_rows(self, rows: Iterable[Row]) -> None:
        """Replace all rows, in the order given unless the user has chosen one."""
        self.beginResetModel()
        self._rows = list(rows)
        if self._sorted_by is not None:
            self._rows = self._ordered(*self._sorted_by)
        self.endResetModel()

    def row_or_none(self, number: int) -> Row | None:
        return self._rows[number]

    def held(self) -> Iterable[tuple[int, Row]]:
        return enumerate(self._rows)

    def held_between(self, first: int, count: int) -> list[Row]:
        return self._rows[first : first + count]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order the rows by a column, equal ones as they were; -1 leaves them as they come."""
        if column < 0:
            self._sorted_by = None
            return
        self._sorted_by = (column, order)
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        keys = [self.row_key(self._rows[index.row()]) for index in before]
        self._rows = self._ordered(column, order)
        places = {self.row_key(row): number for number, row in enumerate(self._rows)}
        after = [self.index(places[key], old.column()) for key, old in zip(keys, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _ordered(self, column: int, order: Qt.SortOrder) -> list[Row]:
        """Return the rows in order; those without a value (None) come last either way."""
        chosen = self.columns[column]
        key = chosen.sort or chosen.text
        valued = [row for row in self._rows if key(row) is not None]
        empty = [row for row in self._rows if key(row) is None]
        return sorted(valued, key=key, reverse=order == Qt.SortOrder.DescendingOrder) + empty
