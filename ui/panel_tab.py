"""A tab of a class with a list and a panel at its right; it loads when it is seen and something changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.i18n import tr
from ui.list_export import ListExport
from ui.navigation import PageContext
from ui.panel_page import NEW
from ui.record_log import RecordLog
from ui.unsaved import Unsaved
from ui.widgets.data_table import DataTable, RowAction
from ui.widgets.empty_state import EmptyState
from ui.widgets.filter_bar import FilterBar
from ui.widgets.list_model import ListTableModel
from ui.widgets.side_panel import SidePanel, WithPanel

Row = TypeVar("Row")


class PanelTab(QWidget, Generic[Row]):
    """Override ``fetcher``, ``words_of`` and ``open_row``; ``filters`` takes buttons at its right."""

    def __init__(
        self,
        context: PageContext,
        key: str,
        model: ListTableModel[Row],
        *,
        placeholder: str,
        empty: EmptyState,
        actions: Sequence[RowAction[Row]] = (),
        count_key: str = "table.count",
        kinds: Iterable[str] = (),
    ) -> None:
        super().__init__()
        self.context = context
        self.model = model
        self.hints: list[tuple[str, str]] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        main = QWidget()
        inside = QVBoxLayout(main)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(12)
        self.filters = FilterBar(placeholder)
        self.table: DataTable[Row] = DataTable(
            key, model, context.preferences, actions, empty, count_key=count_key
        )
        inside.addWidget(self.filters)
        inside.addWidget(self.table, 1)
        self.split = WithPanel(main, context.preferences, key)
        self.panel: SidePanel = self.split.panel
        layout.addWidget(self.split)
        self._all: list[Row] = []
        self._wanted: Callable[[Row], bool] | None = None
        self._stale = True
        self.exporting = ListExport(
            self, context, self.table, lambda: tr(f"exports.title.{key}"), self.person_of, self.filters
        )
        self.record_log = RecordLog(
            self, context, key, self.table, self.panel, lambda: self.exporting.class_id
        )
        self.filters.changed.connect(lambda _text, _chips: self.on_filter())
        self.table.opened.connect(self.open_row)
        self.table.selection_changed.connect(self._follow)
        context.changes.watch(self, kinds, self._on_changed)

    def may(self, code: str) -> bool:
        """Tell whether the user may run a command: what is not allowed is not shown; the service decides."""
        return bool(self.context.services.context.may(code))

    def person_of(self, row: Row) -> bytes:
        """Return the trainee that a row is about, b"" where it is about none."""
        return b""

    def drop_drafts(self) -> None:
        """Forget what was typed and not saved."""
        self.panel.forget_all()

    def unsaved(self) -> list[Unsaved]:
        """Return what was typed and not saved, to be kept over a crash."""
        return self.panel.unsaved()

    def take_unsaved(self, unsaved: Unsaved) -> None:
        """Show again what was not saved when the program ended."""
        self.panel.take_unsaved(unsaved)
        if unsaved.key == NEW:
            self.begin_new()
        else:
            self.open_where(lambda row: self.row_panel_key(row) == unsaved.key)

    def begin_new(self) -> None:
        """Begin the form of a new record, or go on with its draft."""

    def fetcher(self) -> Callable[[], Sequence[Row]]:
        """Return the call that reads the rows."""
        raise NotImplementedError

    def words_of(self, row: Row) -> Iterable[str]:
        """Return the words by which the search line finds a row."""
        return ()

    def open_row(self, row: Row) -> None:
        """Open a row in the panel."""

    def row_panel_key(self, row: Row) -> str:
        """Return the panel key of a row, "" where the panel does not follow the selection."""
        return ""

    def open_where(self, wanted: Callable[[Row], bool]) -> None:
        """Open the first row that is wanted, now or when the rows have come."""
        self._wanted = None if self._all else wanted
        found = next((row for row in self._all if wanted(row)), None)
        if found is not None:
            self.table.select_key(self.model.row_key(found))
            self.open_row(found)

    def keeps(self, row: Row) -> bool:
        """Tell whether the search line keeps a row."""
        text = self.filters.text().lower()
        return not text or any(text in word.lower() for word in self.words_of(row))

    def on_filter(self) -> None:
        """Show the rows that the filter keeps."""
        self.model.set_rows(row for row in self._all if self.keeps(row))

    def show_rows(self, rows: Any) -> None:  # noqa: ANN401 - a sequence of rows
        """Show what the service returned."""
        self._all = list(rows)
        self.on_filter()
        self.table.set_loading(False)
        if self._wanted is not None:
            self.open_where(self._wanted)

    def all_rows(self) -> list[Row]:
        """Return the rows before the search."""
        return list(self._all)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._load()

    def _on_changed(self) -> None:
        self._stale = True
        if self.isVisible():
            self._load()

    def _load(self) -> None:
        self._stale = False
        self.table.set_loading(True)
        self.context.tasks.query(self, self.fetcher(), self.show_rows, latest="rows")

    def _follow(self, rows: list[Row]) -> None:
        if self.panel.isHidden() or len(rows) != 1:
            return
        key = self.row_panel_key(rows[0])
        if key and self.panel.current_key() and key != self.panel.current_key():
            self.open_row(rows[0])
