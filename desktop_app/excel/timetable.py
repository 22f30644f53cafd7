"""Reads a 教学计划/课程表: sessions with date, times, hours, content, mode, place and teachers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import resources
from desktop_app.excel.cells import cell_text, is_blank
from desktop_app.excel.column_names import WorkbookKind
from desktop_app.excel.dates import (
    MonthDay,
    decimal_month_days,
    parse_date,
    parse_time,
    parse_time_range,
    resolve_year,
)
from desktop_app.excel.headers import Wanted, find_head
from desktop_app.excel.normalising import normal_mark, normal_text, split_names
from desktop_app.excel.problems import Normalisation, Severity
from desktop_app.excel.reading import ROW_LIMIT, read_workbook
from desktop_app.excel.sheet_reading import SheetReading, reading
from desktop_app.excel.table_body import RowReader, data_rows, sheet_problems, surroundings, whole_number

_WANTED = Wanted(WorkbookKind.TIMETABLE, (("date",), ("content", "start", "time_range", "teacher")))
_KEYS = ("date", "content")


@dataclass(frozen=True, slots=True)
class TimetableRow:
    """One session: ``hours`` in 课时, ``mode`` offline | online | mixed or "" where the text is unknown or absent.

    What could not be read is None or "" and has a problem at its cell.
    """

    row: int
    number: int | None
    date: dt.date | None
    start: dt.time | None
    end: dt.time | None
    hours: int | None
    content: str
    mode: str
    place: str
    teachers: tuple[str, ...]
    raw: Mapping[str, str]
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimetableSheet(SheetReading):
    """A timetable as read."""

    rows: tuple[TimetableRow, ...]


def read_timetable(
    path: Path,
    period: tuple[dt.date, dt.date] | None = None,
    mapping: Mapping[str, str] | None = None,
    sheet: str | None = None,
    limit: int = ROW_LIMIT,
) -> TimetableSheet:
    """Read the timetable in the file at ``path``.

    Year-less dates resolve within ``period`` (first and last day of the class), across New Year too; without it
    in the half year after 填表日期. Raises what ``read_workbook`` and ``find_head`` raise. Problems of rows:
    DATE_MISSING, DATE_UNREADABLE, DATE_YEAR_UNKNOWN, TIME_UNREADABLE, SESSION_END_BEFORE_START, HOURS_UNREADABLE,
    CONTENT_MISSING, MODE_UNKNOWN (a warning).
    """
    head = find_head(read_workbook(path, limit), _WANTED, mapping, sheet)
    problems, normalised = sheet_problems(head), list[Normalisation]()
    reader = RowReader(head, problems, normalised)
    around = surroundings(head)
    if period is None and around.filled_on is not None:
        period = (around.filled_on, around.filled_on + dt.timedelta(days=182))
    rows: list[TimetableRow] = []
    latest: dt.date | None = None
    for number in data_rows(head, _KEYS):
        day = _date(reader, number, period, latest)
        latest = day or latest
        rows.append(_timetable_row(reader, number, day))
    return TimetableSheet(rows=tuple(rows), **reading(head, problems, normalised, around))


def _timetable_row(reader: RowReader, row: int, day: dt.date | None) -> TimetableRow:
    content = reader.text(row, "content")
    if not content and "content" in reader.head.columns:
        reader.report(row, "content", "CONTENT_MISSING")
    start, end = _times(reader, row)
    return TimetableRow(
        row=row,
        number=whole_number(reader.cell(row, "number")),
        date=day,
        start=start,
        end=end,
        hours=_hours(reader, row),
        content=content,
        mode=_mode(reader, row),
        place=reader.text(row, "place"),
        teachers=split_names(cell_text(reader.cell(row, "teacher"))),
        raw=reader.raw(row),
        columns=reader.head.letters,
    )


def _date(
    reader: RowReader, row: int, period: tuple[dt.date, dt.date] | None, latest: dt.date | None
) -> dt.date | None:
    cell = reader.cell(row, "date")
    if is_blank(cell):
        reader.report(row, "date", "DATE_MISSING")
        return None
    found = parse_date(reader.head.sheet.dated(cell))
    if isinstance(found, dt.date):
        return found
    # 11.2 as a number is the 2nd or the 20th; the row above tells which
    parts = [found] if found else list(decimal_month_days(cell))
    if not parts:
        reader.report(row, "date", "DATE_UNREADABLE")
        return None
    if period is None:
        reader.report(row, "date", "DATE_YEAR_UNKNOWN")
        return None
    return _in_period(parts, period, latest)


def _in_period(
    parts: list[MonthDay], period: tuple[dt.date, dt.date], latest: dt.date | None
) -> dt.date | None:
    days = [day for part in parts if (day := resolve_year(part, *period, after=latest))]
    inside = [day for day in days if period[0] <= day <= period[1]] or days
    return next((day for day in inside if latest is None or day >= latest), inside[0] if inside else None)


def _times(reader: RowReader, row: int) -> tuple[dt.time | None, dt.time | None]:
    both = (
        None if is_blank(reader.cell(row, "time_range")) else parse_time_range(reader.cell(row, "time_range"))
    )
    if both is None and not is_blank(reader.cell(row, "time_range")):
        reader.report(row, "time_range", "TIME_UNREADABLE")
    start, end = _time(reader, row, "start"), _time(reader, row, "end")
    if start and not end and isinstance(cell := reader.cell(row, "start"), str):
        both = parse_time_range(cell) or both
    if both:
        start, end = start or both[0], end or both[1]
    if start and end and end <= start:
        reader.report(
            row, "end" if "end" in reader.head.columns else "time_range", "SESSION_END_BEFORE_START"
        )
    return start, end


def _time(reader: RowReader, row: int, field: str) -> dt.time | None:
    cell = reader.cell(row, field)
    if is_blank(cell):
        return None
    found = parse_time(cell)
    if found is None:
        both = parse_time_range(cell)
        if both:
            return both[0] if field == "start" else both[1]
        reader.report(row, field, "TIME_UNREADABLE")
    return found


def _hours(reader: RowReader, row: int) -> int | None:
    text = normal_mark(cell_text(reader.cell(row, "hours"))).rstrip("课时学节")
    if not text:
        return None
    if re.fullmatch(r"0*[1-9]\d?", text):
        return int(text)
    reader.report(row, "hours", "HOURS_UNREADABLE")
    return None


@cache
def _modes() -> dict[str, str]:
    table = resources.load_json("templates", "columns.json")["session_modes"]
    return {normal_mark(text): mode for mode, texts in table.items() for text in texts}


def _mode(reader: RowReader, row: int) -> str:
    text = normal_text(cell_text(reader.cell(row, "mode")))
    if not text:
        return ""
    mode = _modes().get(normal_mark(text), "")
    if not mode:
        reader.report(row, "mode", "MODE_UNKNOWN", Severity.WARNING)
    return mode
