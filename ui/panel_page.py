"""Pages whose details and forms open in a panel at the right: the base of lists, and the list itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.list_export import ListExport
from ui.navigation import PageContext
from ui.record_log import RecordLog
from ui.unsaved import Unsaved
from ui.widgets.data_table import DataTable, RowAction
from ui.widgets.empty_state import EmptyState
from ui.widgets.filter_bar import FilterBar
from ui.widgets.list_model import ListTableModel, TableRows
from ui.widgets.page import Page
from ui.widgets.page_header import PageHeader
from ui.widgets.side_panel import SidePanel, WithPanel

Row = TypeVar("Row")
NEW = "new"
"""Panel key of the form of a record that is not there yet."""


class PanelPage(Page):
    """``content`` takes the page's own widgets, ``panel`` stands at their right."""

    def __init__(self, context: PageContext, key: str) -> None:
        super().__init__()
        self.context = context
        main = QWidget()
        self.content = QVBoxLayout(main)
        self.content.setContentsMargins(0, 0, 0, 0)
        self.content.setSpacing(12)
        self.split = WithPanel(main, context.preferences, key)
        self.panel: SidePanel = self.split.panel
        self.column.addWidget(self.split)

    def drop_drafts(self) -> None:
        self.panel.forget_all()

    def unsaved(self) -> list[Unsaved]:
        return self.panel.unsaved()

    def take_unsaved(self, unsaved: Unsaved) -> None:
        self.panel.take_unsaved(unsaved)
        self.reopen(unsaved.key)

    def reopen(self, key: str) -> None:
        """Open the form that has this key in the panel; where it cannot be, its draft waits for it."""

    def may(self, code: str) -> bool:
        """Tell whether the user may run a command: what is not allowed is not shown; the service decides."""
        return bool(self.context.services.context.may(code))


class ListPage(PanelPage, Generic[Row]):
    """Title, facts, filter bar and table. Override ``fetch``, ``keeps`` and ``open_row``.

    While the panel is open it follows the selection, so that a list can be walked through with the arrow keys.
    """

    def __init__(
        self,
        context: PageContext,
        key: str,
        title: str,
        model: TableRows[Row],
        *,
        placeholder: str,
        empty: EmptyState,
        actions: Sequence[RowAction[Row]] = (),
        count_key: str = "table.count",
    ) -> None:
        super().__init__(context, key)
        self.model = model
        self.header = PageHeader(title)
        self.filters = FilterBar(placeholder)
        self.table: DataTable[Row] = DataTable(
            key, model, context.preferences, actions, empty, count_key=count_key
        )
        for widget in (self.header, self.filters):
            self.content.addWidget(widget)
        self.content.addWidget(self.table, 1)
        self._all: list[Row] = []
        self._wanted = ""
        self.exporting = ListExport(self, context, self.table, lambda: title, self.person_of, self.filters)
        self.record_log = RecordLog(self, context, key, self.table, self.panel, lambda: b"")
        self.filters.changed.connect(lambda _text, _chips: self.on_filter())
        self.table.opened.connect(self.open_row)
        self.table.selection_changed.connect(self._follow)
        find = QShortcut(QKeySequence.StandardKey.Find, self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.filters.search.setFocus)

    def reload(self) -> None:
        self.table.set_loading(True)
        self.context.tasks.query(self, self.fetcher(), self.show_rows, latest="rows")

    def fetcher(self) -> Any:  # noqa: ANN401 - a plain callable
        """Return the call that reads the rows, with what it needs from the widgets already read."""
        raise NotImplementedError

    def person_of(self, row: Row) -> bytes:
        """Return the trainee that a row is about, b"" where it is about none."""
        return b""

    def keeps(self, row: Row) -> bool:
        """Tell whether the filter bar lets a row through."""
        return True

    def open_row(self, row: Row) -> None:
        """Open a row in the panel."""

    def begin_new(self) -> None:
        """Begin the form of a new record, or go on with its draft."""

    def reopen(self, key: str) -> None:
        if key == NEW:
            self.begin_new()
            return
        self._wanted = key
        self._open_wanted()

    def form_key(self, row: Row) -> str:
        """Return the panel key of a row's form."""
        return self.row_panel_key(row)

    def open_form(self, row: Row) -> None:
        """Open the form of a row in the panel."""
        self.open_row(row)

    def _open_wanted(self) -> None:
        """Open the form that is wanted, now or when the rows have come."""
        row = next((row for row in self._all if self._wanted and self.form_key(row) == self._wanted), None)
        if row is not None:
            self._wanted = ""
            self.table.select_key(self.model.row_key(row))
            self.open_form(row)

    def row_panel_key(self, row: Row) -> str:
        """Return the panel key of a row, "" where the panel does not follow the selection."""
        return ""

    def rows_shown(self, rows: Sequence[Row]) -> None:
        """Draw facts and chips anew after the rows have come."""

    def on_filter(self) -> None:
        """Show the rows that the filter keeps."""
        assert isinstance(self.model, ListTableModel)  # LongListPage asks for its rows another way
        self.model.set_rows(row for row in self._all if self.keeps(row))

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show what the service returned."""
        self._all = list(rows)
        self.rows_shown(self._all)
        self.on_filter()
        self.table.set_loading(False)
        self._open_wanted()

    def all_rows(self) -> list[Row]:
        """Return the rows before the filter."""
        return list(self._all)

    def _follow(self, rows: list[Row]) -> None:
        if self.panel.isHidden() or len(rows) != 1:
            return
        key = self.row_panel_key(rows[0])
        if key and self.panel.current_key() and key != self.panel.current_key():
            self.open_row(rows[0])
