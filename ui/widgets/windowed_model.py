"""The table model of lists too long to be read whole: rows are asked for as they come to be seen."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TypeVar

from PySide6.QtCore import QModelIndex, QObject, Qt, QTimer, Signal

from ui.widgets.list_model import Column, Index, TableRows

Row = TypeVar("Row")
WINDOW = 200
"""Rows that are asked for at once: some eight screens."""
KEPT_WINDOWS = 40
_PAUSE_MS = 15


class WindowedModel(TableRows[Row]):
    """Shows as many rows as there are and holds those of the windows seen last.

    ``wanted`` asks for a window (first row, number of rows); it is answered with ``take`` or ``refuse``. One window is
    asked for at a time, always the one seen last: what was scrolled past meanwhile is never read. ``order_chosen``
    follows a click on a column's title: the list is to be begun anew in the order of ``order``. ``orders`` are the keys
    of the columns that can be chosen, None for all.
    """

    is_whole = False
    wanted = Signal(int, int)
    order_chosen = Signal()

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        row_key: Callable[[Row], object],
        parent: QObject | None = None,
        *,
        orders: Collection[str] | None = None,
    ) -> None:
        super().__init__(columns, row_key, parent)
        self._orders = orders
        self.order: tuple[str, bool] | None = None
        """Key of the column chosen and whether it descends; None for the order in which the list comes."""
        self._count = 0
        self._windows: OrderedDict[int, list[Row]] = OrderedDict()
        self._seen: int | None = None
        self._asked: int | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self._ask)

    def can_order_by(self, column: int) -> bool:
        known = super().can_order_by(column)
        return known and (self._orders is None or self.columns[column].key in self._orders)

    def begin(self, count: int, first: int, rows: Sequence[Row]) -> None:
        """Begin the list anew with ``count`` rows; ``rows`` are those from ``first`` on, the start of a window."""
        self.beginResetModel()
        self._count = count
        self._windows.clear()
        self._seen = self._asked = None
        self._timer.stop()
        for start in range(0, len(rows), WINDOW):
            self._windows[(first + start) // WINDOW] = list(rows[start : start + WINDOW])
        self.endResetModel()

    def take(self, first: int, rows: Sequence[Row]) -> None:
        """Take the window that was asked for; what the list lost since it was counted stays empty."""
        window = first // WINDOW
        self._asked = None
        self._windows[window] = list(rows)
        while len(self._windows) > KEPT_WINDOWS:
            self._windows.popitem(last=False)
        last = min(first + WINDOW, self._count) - 1
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))
        if self._seen is not None:
            self._timer.start()

    def refuse(self) -> None:
        """The window asked for could not be read: it is asked for again when it is next seen."""
        self._asked = None

    def row_or_none(self, number: int) -> Row | None:
        window = number // WINDOW
        rows = self._windows.get(window)
        if rows is None:
            self._seen = window
            if not self._timer.isActive():
                self._timer.start()
            return None
        self._windows.move_to_end(window)
        place = number - window * WINDOW
        return rows[place] if place < len(rows) else None

    def held(self) -> Iterable[tuple[int, Row]]:
        for window in sorted(self._windows):
            yield from enumerate(self._windows[window], window * WINDOW)

    def held_between(self, first: int, count: int) -> list[Row]:
        last = first + count
        found: list[Row] = []
        for window in range(first // WINDOW, (last - 1) // WINDOW + 1):
            start = window * WINDOW
            found += self._windows.get(window, [])[max(0, first - start) : max(0, last - start)]
        return found

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else self._count

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Remember the order that is chosen and tell; -1 is the order in which the list comes."""
        if column >= 0 and not self.can_order_by(column):
            return
        descending = order == Qt.SortOrder.DescendingOrder
        chosen = None if column < 0 else (self.columns[column].key, descending)
        if chosen != self.order:
            self.order = chosen
            self.order_chosen.emit()

    def _ask(self) -> None:
        if self._asked is not None or self._seen is None:
            return
        self._asked, self._seen = self._seen, None
        if self._asked not in self._windows:
            first = self._asked * WINDOW
            self.wanted.emit(first, min(WINDOW, self._count - first))
        else:
            self._asked = None
