"""The base of pages whose list may be too long to be read whole: rows come window by window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from ui.navigation import PageContext
from ui.panel_page import ListPage
from ui.widgets.data_table import RowAction
from ui.widgets.empty_state import EmptyState
from ui.widgets.windowed_model import WINDOW, WindowedModel

Row = TypeVar("Row")
Row_co = TypeVar("Row_co", covariant=True)


class RowSource(Protocol[Row_co]):
    """The rows that the filter bar keeps, in the order chosen; called off the window's thread."""

    def count(self) -> int:
        """Return how many rows there are."""

    def window(self, first: int, count: int) -> Sequence[Row_co]:
        """Return the rows from ``first`` on."""

    def place(self, key: Any) -> int | None:  # noqa: ANN401 - what names a row
        """Return the number of a row, from 0; None where it is not among them."""


@dataclass(frozen=True, slots=True)
class _Beginning(Generic[Row]):
    count: int
    first: int
    rows: Sequence[Row]


class LongListPage(ListPage[Row]):
    """Title, facts, filter bar and table. Override ``source``, ``open_row`` and ``read_facts``/``show_facts``."""

    def __init__(
        self,
        context: PageContext,
        key: str,
        title: str,
        model: WindowedModel[Row],
        *,
        placeholder: str,
        empty: EmptyState,
        actions: Sequence[RowAction[Row]] = (),
        count_key: str = "table.count",
    ) -> None:
        super().__init__(
            context,
            key,
            title,
            model,
            placeholder=placeholder,
            empty=empty,
            actions=actions,
            count_key=count_key,
        )
        self.windows = model
        self._source: RowSource[Row] | None = None
        model.wanted.connect(self._fetch)
        model.order_chosen.connect(self.on_filter)
        self.table.rows_wanted.connect(self._collect)
        self.table.place_wanted.connect(self._find)
        self.exporting.source = lambda: self._source

    def source(self) -> RowSource[Row]:
        """Return what reads the rows, with what it needs from the widgets already read."""
        raise NotImplementedError

    def read_facts(self) -> Callable[[], Any]:
        """Return the call that reads what the head says of the whole list."""
        raise NotImplementedError

    def show_facts(self, facts: Any) -> None:  # noqa: ANN401 - as each page reads them
        """Say it."""

    def list_begun(self) -> None:
        """The first window of a list that was begun anew is here."""

    def reload(self) -> None:
        """Read anew what is seen; the list stays where it was scrolled to."""
        top = max(0, self.table.view.rowAt(0))
        self._begin(top // WINDOW * WINDOW)
        self.context.tasks.query(self, self.read_facts(), self.show_facts, latest="facts")

    def on_filter(self) -> None:
        """Begin the list anew with what the filter keeps."""
        self._begin(0)

    def all_rows(self) -> list[Row]:
        """Return the rows that are here."""
        return self.windows.rows()

    def _begin(self, first: int) -> None:
        """Count, and read the window from ``first`` on; a list that became shorter is shown from its start."""
        source = self._source = self.source()

        def read() -> _Beginning[Row]:
            count = source.count()
            start = first if first < count else 0
            return _Beginning(count, start, source.window(start, WINDOW))

        def show(read: _Beginning[Row]) -> None:
            if first == 0:
                self.table.view.scrollToTop()
            self.windows.begin(read.count, read.first, read.rows)
            self.table.set_loading(False)
            self.list_begun()

        self.table.set_loading(True)
        self.context.tasks.query(self, read, show, latest="rows")

    def _fetch(self, first: int, count: int) -> None:
        source = self._source
        assert source is not None

        def take(rows: Sequence[Row]) -> None:
            if source is self._source:
                self.windows.take(first, rows)

        def refuse(error: Exception) -> None:
            self.windows.refuse()
            self.context.messages.report(self, error)

        self.context.tasks.query(self, lambda: source.window(first, count), take, refuse)

    def _collect(self, spans: list[tuple[int, int]], run: Callable[[list[Row]], object]) -> None:
        source = self._source
        assert source is not None
        self.context.tasks.query(
            self, lambda: [row for span in spans for row in source.window(*span)], run, latest="chosen"
        )

    def _find(self, key: object) -> None:
        source = self._source
        if source is None:
            return

        def show(place: int | None) -> None:
            if place is not None and source is self._source:
                self.table.show_place(key, place)

        self.context.tasks.query(self, lambda: source.place(key), show, latest="place")
