"""The province's form of a report as a workbook: a sheet that says what it is, and one sheet a kind of records.

Headings and words of codes stand in ``resources/templates/report_forms.json``. Identifiers, numbers of documents and
everything else that is not a count stay text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

import resources
from desktop_app.domain import codes
from desktop_app.excel.formula_safe import storable

_WIDTH, _NAME_WIDTH, _KEY_WIDTH, _ABOUT_WIDTH = 14, 16, 40, 60
_FEN = 100.0
_SEPARATOR = "；"


@dataclass(frozen=True, slots=True)
class FormRecord:
    """A record of a report: what people call it, its key in hexadecimal, its fields; None: it left the report."""

    kind: str
    subject: str
    key: str
    fields: Mapping[str, Any] | None


def write_form(out: BinaryIO, facts: Mapping[str, str], records: Sequence[FormRecord]) -> None:
    """Write a report; ``facts``: values of the first sheet by their key under ``about``."""
    form = _template()
    settings = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(out, settings)
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    about = book.add_worksheet(form["about"]["sheet"])
    about.set_column(0, 0, _NAME_WIDTH)
    about.set_column(1, 1, _ABOUT_WIDTH)
    for row, (key, value) in enumerate(facts.items()):
        about.write_string(row, 0, form["about"][key], bold)
        about.write_string(row, 1, storable(value), wrapped)
    about.merge_range(len(facts) + 1, 0, len(facts) + 1, 1, form["about"]["receipt"], wrapped)
    by_kind: dict[str, list[FormRecord]] = {}
    for record in records:
        by_kind.setdefault(record.kind, []).append(record)
    for kind, found in by_kind.items():
        sheet = book.add_worksheet(form["forms"][kind]["title"])
        _write_records(sheet, form, form["forms"][kind]["columns"], found, bold)
    book.close()


def fact_text(key: str) -> str:
    """Return a word of the template's first sheet."""
    return str(_template()["about"][key])


@cache
def _template() -> dict[str, Any]:
    found: dict[str, Any] = resources.load_json("templates", "report_forms.json")
    return found


def _write_records(
    sheet: Worksheet,
    form: dict[str, Any],
    columns: list[dict[str, Any]],
    records: Sequence[FormRecord],
    bold: Format,
) -> None:
    headings = [form["subject"], form["change"], *(one["heading"] for one in columns), form["key"]]
    for place, heading in enumerate(headings):
        sheet.write_string(0, place, heading, bold)
    sheet.set_column(0, 0, _NAME_WIDTH)
    sheet.set_column(1, len(headings) - 2, _WIDTH)
    sheet.set_column(len(headings) - 1, len(headings) - 1, _KEY_WIDTH)
    sheet.freeze_panes(1, 1)
    for row, record in enumerate(records, 1):
        sheet.write_string(row, 0, storable(record.subject))
        sheet.write_string(row, 1, form["left" if record.fields is None else "put"])
        sheet.write_string(row, len(headings) - 1, record.key)
        for place, column in enumerate(columns, 2):
            value = (record.fields or {}).get(column["field"])
            if isinstance(value, int) and not isinstance(value, bool):
                sheet.write_number(row, place, value / _FEN if column.get("fen") else value)
            elif value is not None:
                sheet.write_string(row, place, storable(_said(value, column)))


def _said(value: object, column: Mapping[str, Any]) -> str:
    """Return a value in words: codes by their names, lists and tables one after the other."""
    if isinstance(value, bool):
        return _word(str(value).lower(), column)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Mapping):
        return _SEPARATOR.join(f"{_said(name, column)} {_said(one, column)}" for name, one in value.items())
    if isinstance(value, list | tuple):
        nested = any(isinstance(one, list | tuple) for one in value)
        texts = [_said(one, column) for one in value if one is not None]
        return (_SEPARATOR if nested else " ").join(texts)
    if isinstance(value, int):
        return f"{value / 10:g}" if column.get("tenths") else str(value)
    return _word(str(value), column)


def _word(text: str, column: Mapping[str, Any]) -> str:
    """Return the word of a code, or of several joined by commas; other text is what it is."""
    if "table" in column:
        return codes.table(column["table"]).name(text)
    words: Mapping[str, str] | None = column.get("words")
    return text if words is None else _SEPARATOR.join(words.get(part, part) for part in text.split(","))
