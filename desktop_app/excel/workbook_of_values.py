"""Writes sheets that were read from .xls, .ods, CSV or HTML as a new .xlsx of their values."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence

import xlsxwriter

from desktop_app.excel.cells import Cell, cell_text, is_blank, is_rounded_number
from desktop_app.excel.formula_safe import is_formula_like, storable
from desktop_app.excel.sheets import Sheet

_TITLE_LENGTH = 28  # Excel allows 31; the rest is for the number that sets equal titles apart
_BAD_SHEET_CHARACTERS = str.maketrans(dict.fromkeys("[]:*?/\\'", "_"))


def workbook_of_values(sheets: Sequence[Sheet]) -> tuple[bytes, dict[str, str]]:
    """Return an .xlsx of the sheets' values, and the title in it of each sheet; text stays text."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    formats = {
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        "time": book.add_format({"num_format": "hh:mm"}),
        "text": book.add_format({"quote_prefix": True}),
    }
    names: dict[str, str] = {}
    for sheet in sheets:
        names[sheet.name] = _title(sheet.name, set(names.values()))
        page = book.add_worksheet(names[sheet.name])
        for number, row in enumerate(sheet.rows):
            for index, value in enumerate(row):
                if not is_blank(value):
                    _put(page, (number, index), value, formats)
    book.close()
    return out.getvalue(), names


def _title(name: str, taken: set[str]) -> str:
    title = name.translate(_BAD_SHEET_CHARACTERS)[:_TITLE_LENGTH] or "Sheet"
    lower = {one.lower() for one in taken}
    numbered = (f"{title}{number or ''}" for number in range(len(taken) + 1))
    return next(one for one in numbered if one.lower() not in lower)


def _put(
    page: xlsxwriter.worksheet.Worksheet, place: tuple[int, int], value: Cell, formats: dict[str, object]
) -> None:
    if isinstance(value, str) or is_rounded_number(value):
        says = storable(cell_text(value))
        page.write_string(*place, says, formats["text"] if is_formula_like(says) else None)
    elif isinstance(value, dt.datetime):
        page.write_datetime(*place, value, formats["moment"])
    elif isinstance(value, dt.date):
        page.write_datetime(*place, value, formats["date"])
    elif isinstance(value, dt.time | dt.timedelta):
        page.write_datetime(*place, value, formats["time"])
    else:
        page.write(*place, value)
