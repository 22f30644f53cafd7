"""导出: a list as it is shown, as Excel or CSV, written off the window's thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from desktop_app.domain.errors import AppError
from desktop_app.services.exports import ListColumn, ListRow, ListTable, WrittenList
from desktop_app.services.ports import CancelToken, Progress
from ui.dialogs.ask import ask_reason
from ui.i18n import tr
from ui.navigation import PageContext
from ui.tasks import Ticket
from ui.widgets import clipboard
from ui.widgets.data_table import DataTable
from ui.widgets.filter_bar import FilterBar
from ui.widgets.list_model import Column

Row = TypeVar("Row")
Row_co = TypeVar("Row_co", covariant=True)
FORMATS = {"xlsx": "Excel (*.xlsx)", "csv": "CSV (*.csv)"}
_WINDOW = 1000
_FOLDER = "exports/folder"


class Windows(Protocol[Row_co]):
    """A list that is not here as a whole; called off the window's thread."""

    def count(self) -> int:
        """Return how many rows there are."""

    def window(self, first: int, count: int) -> Sequence[Row_co]:
        """Return the rows from ``first`` on."""


class ListExport(Generic[Row]):
    """Offers the export at a table's foot. ``source`` is set by lists that come window by window.

    ``scope`` names what the list is of, e.g. a class's code; ``class_id`` is that class.
    """

    def __init__(
        self,
        owner: QWidget,
        context: PageContext,
        table: DataTable[Row],
        title: Callable[[], str],
        person_of: Callable[[Row], bytes],
        filters: FilterBar | None = None,
    ) -> None:
        self._owner, self._context, self._table = owner, context, table
        self.title, self._person_of, self._filters = title, person_of, filters
        self.source: Callable[[], Windows[Row] | None] = lambda: None
        self.scope = ""
        self.class_id = b""
        self.choose_file = self._ask_file
        self.ask_purpose = self._ask_purpose
        self._ticket: Ticket | None = None
        table.export_button.setMenu(self._menu())
        table.export_button.show()
        table.progress.cancelled.connect(self._stop)
        table.view.copied.connect(self.copy)

    def _menu(self) -> QMenu:
        """Return the formats, masked and, where the user may, whole."""
        menu = QMenu(self._table.export_button)
        whole = any(column.personal for column in self._table.model.columns)
        whole = whole and bool(self._context.services.context.may("export_unmasked"))
        for unmasked in (False, True) if whole else (False,):
            for ending in FORMATS:
                key = f"table.export_{ending}{'_whole' if unmasked else '' if whole else '_plain'}"
                menu.addAction(tr(key), lambda e=ending, w=unmasked: self.begin(e, w))
        return menu

    def begin(self, ending: str, whole: bool) -> None:
        """Ask where, and what whole numbers are for; then write the list as it is shown now."""
        purpose = self.ask_purpose() if whole else None
        if whole and purpose is None:
            return
        words = [self.title(), self.scope, self._context.services.context.today().isoformat()]
        path = self.choose_file(f"{' '.join(word for word in words if word)}.{ending}", ending)
        if path is None:
            return
        columns, rows = self._table.shown_columns(), self._rows()
        service, title = self._context.services.exports, " ".join(filter(None, (self.title(), self.scope)))
        described = tuple(
            ListColumn(tr(one.title_key), one.align == "right", one.personal) for one in columns
        )
        said, class_id, person_of = self._filter_text(), self.class_id, self._person_of

        def write(progress: Progress, cancel: CancelToken) -> WrittenList:
            count, found = rows()
            cells = _cells(found, columns, person_of)
            table = ListTable(title, described, cells, count, said, class_id)
            written = service.write_list(table, path, purpose=purpose, progress=progress, cancel=cancel)
            assert isinstance(written, WrittenList)
            return written

        self._table.progress.start(tr("exports.writing", file=path.name))
        run: Any = self._context.tasks.long_command if whole else self._context.tasks.work
        self._ticket = run(
            self._owner, write, self._on_written, self._on_failed, self._table.progress.show_progress
        )

    def copy(self) -> None:
        """Put the selected rows on the clipboard with the heads of the columns shown, masked as they stand there."""
        rows, columns = self._table.selected(), self._table.shown_columns()
        if rows:
            cells = [[column.text(row) for column in columns] for row in rows]
            clipboard.put([[tr(column.title_key) for column in columns], *cells])
            self._context.messages.tell(tr("paste.copied", rows=len(rows)))

    def _rows(self) -> Callable[[], tuple[int, Iterator[Row]]]:
        """Return the call that gives the rows in the order shown, with their number."""
        source = self.source()
        if source is None:
            held = self._table.model.rows()
            return lambda: (len(held), iter(held))

        def read() -> tuple[int, Iterator[Row]]:
            count = source.count()
            starts = range(0, count, _WINDOW)
            return count, (row for start in starts for row in source.window(start, _WINDOW))

        return read

    def _filter_text(self) -> str:
        if self._filters is None:
            return ""
        return "、".join(part for part in (self._filters.text(), *self._filters.chosen_texts()) if part)

    def _ask_file(self, name: str, ending: str) -> Path | None:
        folder = str(self._context.preferences.read(_FOLDER, str(Path.home())))
        chosen, _kind = QFileDialog.getSaveFileName(
            self._owner.window(), tr("papers.choose"), str(Path(folder) / name), FORMATS[ending]
        )
        if not chosen:
            return None
        self._context.preferences.write(_FOLDER, str(Path(chosen).parent))
        return Path(chosen)

    def _ask_purpose(self) -> str | None:
        """Ask what whole numbers are for; what was said last for this list is offered."""
        key = f"exports/purpose/{self.title()}"
        before = str(self._context.preferences.read(key, ""))
        purpose = ask_reason(
            self._owner.window(),
            tr("exports.purpose_question"),
            tr("exports.purpose_detail"),
            tr("exports.purpose_verb"),
            [before] if before else [],
        )
        if purpose is not None:
            self._context.preferences.write(key, purpose)
        return purpose

    def _on_written(self, written: WrittenList) -> None:
        self._table.progress.finish()
        tell_written(self._context, written)

    def _on_failed(self, error: AppError) -> None:
        self._table.progress.finish()
        if error.code != "CANCELLED":
            self._context.messages.report(self._owner, error)

    def _stop(self) -> None:
        if self._ticket is not None:
            self._ticket.cancel()


def tell_written(context: PageContext, written: WrittenList) -> None:
    """Say that a list is written and offer to open it."""
    url = QUrl.fromLocalFile(str(written.file))
    context.messages.tell(
        tr("exports.written", file=written.file.name, rows=written.rows),
        action=tr("papers.open"),
        run=lambda: QDesktopServices.openUrl(url),
    )


def _cells(
    rows: Iterator[Row], columns: Sequence[Column[Row]], person_of: Callable[[Row], bytes]
) -> Iterator[ListRow]:
    for row in rows:
        yield person_of(row), tuple(column.text(row) for column in columns)
