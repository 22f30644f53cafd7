"""Lists written out as they are shown: columns, filter and order are the caller's; whole numbers only for a reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import resources
from desktop_app.domain.clock import SHANGHAI
from desktop_app.domain.errors import AppError
from desktop_app.domain.records import INSTITUTION, TRAINING_CLASS
from desktop_app.services import access
from desktop_app.services.context import Service, command
from desktop_app.services.ports import NEVER, CancelToken, Progress, no_progress, stop_if_cancelled
from desktop_app.store.keys import write_atomically
from desktop_app.store.queries.people import personal_values
from desktop_app.store.repositories import accounts
from desktop_app.store.unit_of_work import UnitOfWork

XLSX, CSV = "xlsx", "csv"
PERSONAL = ("document_number", "phone", "address")
"""What a column may show of a trainee that is masked on the screen."""
_BATCH = 500

Value = str | int | float | None
ListRow = tuple[bytes, Sequence[Value]]
"""The trainee that a row is about (b"" for none), and its cells."""


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column: its heading, whether its numbers are numbers, and which of ``PERSONAL`` it shows masked."""

    heading: str
    numeric: bool = False
    personal: str = ""


@dataclass(frozen=True, slots=True)
class ListTable:
    """A list as it is shown. ``rows`` come one by one; ``count`` says how many, for the progress.

    ``filter`` says in words what was searched for; ``class_id`` the class that the list is of, b"" for none.
    """

    title: str
    columns: tuple[ListColumn, ...]
    rows: Iterable[ListRow]
    count: int
    filter: str = ""
    class_id: bytes = b""

    @property
    def has_personal(self) -> bool:
        """Tell whether it shows masked values that could be written whole."""
        return any(column.personal for column in self.columns)


@dataclass(frozen=True, slots=True)
class WrittenList:
    """A list on disk: its rows, its size in bytes."""

    file: Path
    rows: int
    size: int


class ExportService(Service):
    """Writes lists as Excel and CSV."""

    def write_list(
        self,
        table: ListTable,
        path: Path,
        *,
        purpose: str | None = None,
        progress: Progress = no_progress,
        cancel: CancelToken = NEVER,
    ) -> WrittenList:
        """Write a list to a file whose ending (.xlsx, .csv) says the format, masked as it is shown.

        A ``purpose`` asks for whole document numbers, phones and addresses instead: it must not be empty, the act is
        recorded, and the sheet says who wrote it, when, and what for. A cancelled export leaves no file and an
        earlier one as it was. Raises AppError LOGIN_REQUIRED, EXPORT_FORMAT, EXPORT_TOO_LONG, EXPORT_REASON,
        NOT_PERMITTED, CANCELLED, FILE_NOT_WRITABLE.
        """
        from desktop_app.excel import exports  # noqa: PLC0415 - loads the writer when a list is written

        self.context.require_actor()
        ending = path.suffix.lower().lstrip(".")
        if ending not in {XLSX, CSV}:
            raise AppError("EXPORT_FORMAT", file=path.name)
        if ending == XLSX and table.count > exports.MOST_ROWS:
            raise AppError("EXPORT_TOO_LONG", rows=table.count, most=exports.MOST_ROWS)
        whole = purpose is not None and table.has_personal
        if whole:
            self._allow_whole(table, (purpose or "").strip())
        columns = tuple(exports.ExportColumn(one.heading, one.numeric) for one in table.columns)
        sheet = exports.ExportSheet(table.title, self._origin(table, purpose if whole else None), columns)
        rows = _Counted(self._whole_rows(table) if whole else (cells for _subject, cells in table.rows))

        def tick(done: int) -> None:
            stop_if_cancelled(cancel)
            progress(done, table.count)

        if ending == XLSX:
            content = exports.list_workbook(sheet, rows, tick)
        else:
            content = exports.list_csv(sheet, rows, tick, with_origin=whole)
        stop_if_cancelled(cancel)
        try:
            write_atomically(path, content)
        except OSError as error:
            raise AppError("FILE_NOT_WRITABLE", file=path.name) from error
        return WrittenList(path, rows.count, len(content))

    def _allow_whole(self, table: ListTable, purpose: str) -> None:
        actor = self.context.require("view_trainees")
        self.context.require("export_unmasked")
        if not purpose:
            raise AppError("EXPORT_REASON")
        if table.class_id:
            with self.context.read() as sql:
                access.require_class(sql, actor, table.class_id)
        self.export_unmasked(table.class_id, f"{table.title}：{purpose}")

    @command("export_unmasked", undoable=False)
    def export_unmasked(self, work: UnitOfWork, class_id: bytes, purpose: str) -> None:
        """Record that whole personal data of a list leave the program, and for what."""
        work.reason = purpose
        if class_id:
            work.remark(TRAINING_CLASS, class_id)
        else:
            work.remark(INSTITUTION, accounts.institution(work.sql).id)

    def _whole_rows(self, table: ListTable) -> Iterator[Sequence[Value]]:
        """Yield the rows with the values that the screen masks, read by the batch."""
        places = [(at, column.personal) for at, column in enumerate(table.columns) if column.personal]
        rows = iter(table.rows)
        while batch := list(islice(rows, _BATCH)):
            with self.context.read() as sql:
                known = personal_values(sql, [subject for subject, _cells in batch if subject])
            for subject, cells in batch:
                found = known.get(subject)
                if found is not None:
                    cells = list(cells)  # noqa: PLW2901 - the row itself stays as it is shown
                    for at, name in places:
                        cells[at] = found[name]
                yield cells

    def _origin(self, table: ListTable, purpose: str | None) -> str:
        """Return the line over the table: institution, what was kept, when, and where it is whole by whom and why."""
        with self.context.read() as sql:
            institution = accounts.institution(sql)
        at = self.context.now().astimezone(SHANGHAI)
        parts = [institution.name, table.title]
        if table.filter:
            parts.append(resources.text("exports.origin.filter", value=table.filter))
        parts.append(resources.text("exports.origin.time", value=f"{at:%Y-%m-%d %H:%M}"))
        if purpose is not None:
            name = self.context.require_actor().user.display
            parts.append(resources.text("exports.origin.whole", name=name, purpose=purpose.strip()))
        if institution.demo:
            parts.append(resources.text("papers.note.demo"))
        return "　".join(parts)


class _Counted:
    """Rows that are counted as they go by."""

    def __init__(self, rows: Iterable[Sequence[Value]]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Sequence[Value]]:
        for row in self._rows:
            self.count += 1
            yield row
