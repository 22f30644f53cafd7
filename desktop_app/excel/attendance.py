"""Reads a 考勤表: people × sessions with their marks, and the sheet's own totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_app.domain.attendance import THERE, Mark
from desktop_app.excel.cells import cell_text, is_blank
from desktop_app.excel.column_names import WorkbookKind
from desktop_app.excel.headers import Wanted, find_head
from desktop_app.excel.mark_signs import meaning_of, read_legend
from desktop_app.excel.people import PersonKey, read_person
from desktop_app.excel.problems import Normalisation, Problem, Severity
from desktop_app.excel.reading import ROW_LIMIT, read_workbook
from desktop_app.excel.session_columns import SessionColumn, SessionSlot, place_columns
from desktop_app.excel.session_headings import is_session_heading
from desktop_app.excel.sheet_reading import SheetReading, reading
from desktop_app.excel.table_body import (
    RowReader,
    data_rows,
    note_lines,
    sheet_problems,
    whole_number,
)

_WANTED = Wanted(
    WorkbookKind.ATTENDANCE, (("name", "document_number"),), is_session_heading, unnamed_needed=1
)
_KEYS = ("name", "document_number")
_UNITS = "次天课时学"


@dataclass(frozen=True, slots=True)
class SheetMark:
    """A cell as typed (``raw``) and the mark it means: None for a blank and for an unknown sign, a problem."""

    column: SessionColumn
    raw: str
    mark: Mark | None

    @property
    def blank(self) -> bool:
        """Nothing was typed: what that means is the caller's question."""
        return not self.raw

    @property
    def attended(self) -> bool:
        """Whether it counts as having come: √ △ ▽."""
        return self.mark is not None and self.mark.status in THERE


@dataclass(frozen=True, slots=True)
class AttendanceRow:
    """One person's marks, in the order of the columns; only columns placed on a session are here.

    ``total`` is the sheet's own count of sessions attended, ``total_hours`` of 课时 (None = no such column or
    no number in it).
    """

    person: PersonKey
    marks: tuple[SheetMark, ...]
    total: int | None
    total_hours: int | None
    remark: str

    @property
    def attended(self) -> int:
        """Sessions attended by the marks as typed: √ △ ▽; blanks are not counted."""
        return sum(mark.attended for mark in self.marks)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceSheet(SheetReading):
    """An attendance sheet as read; ``legend``: signs that the sheet itself explains, ``letters``: field → letter."""

    columns: tuple[SessionColumn, ...]
    rows: tuple[AttendanceRow, ...]
    legend: Mapping[str, Mark]
    letters: Mapping[str, str]

    @property
    def blanks(self) -> int:
        """Marks that were left blank in columns of sessions."""
        return sum(1 for row in self.rows for mark in row.marks if mark.blank)


def read_attendance(
    path: Path,
    sessions: Sequence[SessionSlot],
    mapping: Mapping[str, str] | None = None,
    sheet: str | None = None,
    limit: int = ROW_LIMIT,
) -> AttendanceSheet:
    """Read the attendance sheet in the file at ``path`` against the sessions of its class.

    ``mapping`` goes over the columns other than those of sessions. Raises what ``read_workbook`` and ``find_head``
    raise. Problems: those of ``place_columns``, ID_ROUNDED, NUMBER_ROUNDED, MARK_UNKNOWN. Totals are checked by
    ``total_problems`` once the meaning of blanks is known.
    """
    head = find_head(read_workbook(path, limit), _WANTED, mapping, sheet)
    problems, normalised = sheet_problems(head), list[Normalisation]()
    columns = place_columns(head, sessions, problems)
    legend = read_legend(note_lines(head))
    reader = RowReader(head, problems, normalised)
    placed = tuple(column for column in columns if column.slot)
    rows = [_attendance_row(reader, number, placed, legend, problems) for number in data_rows(head, _KEYS)]
    return AttendanceSheet(
        columns=columns,
        rows=tuple(rows),
        legend=legend,
        letters=head.letters,
        **reading(head, problems, normalised),
    )


def _attendance_row(
    reader: RowReader,
    row: int,
    columns: tuple[SessionColumn, ...],
    legend: Mapping[str, Mark],
    problems: list[Problem],
) -> AttendanceRow:
    person = read_person(reader, row)
    marks: list[SheetMark] = []
    for column in columns:
        cell = reader.head.sheet.cell(row, column.index)
        raw = "" if is_blank(cell) else cell_text(cell)
        mark = meaning_of(raw, legend) if raw else None
        if raw and mark is None:
            problems.append(Problem(reader.head.sheet.name, row, column.letter, raw, "MARK_UNKNOWN"))
        marks.append(SheetMark(column, raw, mark))
    return AttendanceRow(
        person=person,
        marks=tuple(marks),
        total=whole_number(reader.cell(row, "total_attended"), _UNITS),
        total_hours=whole_number(reader.cell(row, "total_hours"), _UNITS),
        remark=reader.text(row, "remark"),
    )


def total_problems(read: AttendanceSheet, blank_attends: bool = False) -> tuple[Problem, ...]:
    """Warnings ATTENDANCE_TOTAL_DIFFERS (name, stated, counted) where the sheet's own totals are not its marks'.

    ``blank_attends``: the caller's answer that a blank means present. 课时 totals are compared where all sessions
    state theirs; columns that could not be placed on a session make totals unknowable and are not compared.
    """
    if any(column.slot is None for column in read.columns):
        return ()
    found: list[Problem] = []
    for row in read.rows:
        attended = [m for m in row.marks if m.attended or (m.blank and blank_attends)]
        hours = [mark.column.slot.hours for mark in attended if mark.column.slot]
        counted_hours = None if None in hours else sum(hour for hour in hours if hour is not None)
        for field, stated, counted in (
            ("total_attended", row.total, len(attended)),
            ("total_hours", row.total_hours, counted_hours),
        ):
            if stated is None or counted is None or stated == counted:
                continue
            if field == "total_attended" and counted_hours == stated:
                continue  # a column headed 合计 that counts 课时
            params = {"name": row.person.name, "stated": stated, "counted": counted}
            letter, warning = read.letters[field], Severity.WARNING
            found.append(
                Problem(
                    read.sheet,
                    row.person.row,
                    letter,
                    str(stated),
                    "ATTENDANCE_TOTAL_DIFFERS",
                    warning,
                    params,
                )
            )
    return tuple(found)
