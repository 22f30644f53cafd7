"""Reads a 就业跟踪表: who works where since when, proved by what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import resources
from desktop_app.excel.column_names import WorkbookKind
from desktop_app.excel.headers import Wanted, find_head
from desktop_app.excel.normalising import normal_code, normal_mark
from desktop_app.excel.people import PersonKey, read_person
from desktop_app.excel.problems import Normalisation
from desktop_app.excel.reading import ROW_LIMIT, read_workbook
from desktop_app.excel.sheet_reading import SheetReading, reading
from desktop_app.excel.table_body import RowReader, data_rows, sheet_problems, surroundings

TEXTS = ("employer", "credit_code", "post", "voucher_number")
DATES = ("since", "contract_from", "contract_until", "voucher_on", "followed_on")
CODED = {
    "status": "employment_status",
    "voucher_kind": "voucher_kinds",
    "insured": "yes_no",
    "matched": "yes_no",
}
"""Fields whose texts stand for codes, and the section of ``columns.json`` that knows them."""

_WANTED = Wanted(WorkbookKind.EMPLOYMENT, (("name", "document_number"), ("status",)))
_KEYS = ("name", "document_number", "status")


@dataclass(frozen=True, slots=True)
class EmploymentRow:
    """One person: ``codes`` by field ("yes"/"no" for 社保 and 对口), texts and dates; blank cells are left out."""

    person: PersonKey
    codes: Mapping[str, str]
    texts: Mapping[str, str]
    dates: Mapping[str, dt.date]


@dataclass(frozen=True, slots=True, kw_only=True)
class EmploymentSheet(SheetReading):
    """A sheet as read."""

    rows: tuple[EmploymentRow, ...]


def read_employment(
    path: Path, mapping: Mapping[str, str] | None = None, sheet: str | None = None, limit: int = ROW_LIMIT
) -> EmploymentSheet:
    """Read the sheet in the file at ``path``.

    Raises what ``read_workbook`` and ``find_head`` raise. Problems of rows: ID_ROUNDED, NUMBER_ROUNDED,
    DATE_UNREADABLE, EMPLOYMENT_WORD_UNKNOWN (known), EMPLOYMENT_STATUS_MISSING.
    """
    head = find_head(read_workbook(path, limit), _WANTED, mapping, sheet)
    problems, normalised = sheet_problems(head), list[Normalisation]()
    reader = RowReader(head, problems, normalised)
    rows = tuple(_row(reader, number) for number in data_rows(head, _KEYS))
    return EmploymentSheet(rows=rows, **reading(head, problems, normalised, surroundings(head)))


def _row(reader: RowReader, row: int) -> EmploymentRow:
    codes = {name: code for name in CODED if (code := _code(reader, row, name))}
    if "status" not in codes and not reader.text(row, "status"):
        reader.report(row, "status", "EMPLOYMENT_STATUS_MISSING")
    texts = {
        "employer": reader.text(row, "employer"),
        "credit_code": reader.text(row, "credit_code", normal_code),
        "post": reader.text(row, "post"),
        "voucher_number": reader.identifier(row, "voucher_number", normal_code)[0],
    }
    dates = {name: day for name in DATES if (day := reader.date(row, name)) is not None}
    filled = {name: text for name, text in texts.items() if text}
    return EmploymentRow(read_person(reader, row), codes, filled, dates)


def _code(reader: RowReader, row: int, field: str) -> str:
    text = reader.text(row, field)
    known = _words(CODED[field])
    code = known.get(normal_mark(text), "")
    if text and not code:
        first = "、".join(dict.fromkeys(_official(CODED[field])))
        reader.report(row, field, "EMPLOYMENT_WORD_UNKNOWN", params={"known": first})
    return code


def _official(section: str) -> list[str]:
    return [words[0] for words in resources.load_json("templates", "columns.json")[section].values()]


@cache
def _words(section: str) -> Mapping[str, str]:
    table = resources.load_json("templates", "columns.json")[section]
    return {normal_mark(word): code for code, words in table.items() for word in words}
