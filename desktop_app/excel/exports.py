"""Lists as .xlsx and .csv: what a screen or the command line shows, row by row, however many there are.

Text stays text: document numbers, leading zeros, and what begins with = + - @. A number of a right-aligned column is
written as the number it is, in the form it was shown in.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TextIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from desktop_app.excel.formula_safe import formula_safe, is_formula_like

Value = str | int | float | None
Tick = Callable[[int], None]
"""Told how many rows are written; what it raises stops the work."""
MOST_ROWS = 1_048_574
"""Rows of a sheet under its title and its head (ECMA-376: 1,048,576 in all)."""
_LONGEST = 32_767  # characters a cell holds
_STEP = 100  # rows between two ticks
_MEASURED = 300  # rows that column widths are taken from
_NARROWEST, _WIDEST = 6, 48
_SHEET_NAME = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,14})(\.\d{1,4})?(%?)")
_LONGEST_NUMBER = 15  # digits that Excel keeps


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """A column: its heading, and whether its numbers are numbers."""

    heading: str
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class ExportSheet:
    """What stands over the rows: the sheet's name, one line of where it comes from, the columns."""

    title: str
    origin: str
    columns: tuple[ExportColumn, ...]


class _Stream(io.BytesIO):
    """Takes a file's bytes, asking before each piece whether to go on; after a stop it swallows the rest."""

    def __init__(self, tick: Callable[[], None]) -> None:
        super().__init__()
        self._tick = tick
        self._stopped = False

    def write(self, data: object, /) -> int:
        if self._stopped:
            return len(data)  # type: ignore[arg-type]
        try:
            self._tick()
        except BaseException:
            self._stopped = True
            raise
        return super().write(data)  # type: ignore[arg-type]


class _Rows:
    """The rows that XlsxWriter has laid aside, asking before each piece of them whether to go on."""

    def __init__(self, file: TextIO, tick: Callable[[], None]) -> None:
        self._file, self._tick = file, tick

    def seek(self, place: int) -> int:
        return self._file.seek(place)

    def read(self, size: int) -> str:
        self._tick()
        return self._file.read(size)

    def write(self, text: str) -> int:
        return self._file.write(text)

    def close(self) -> None:
        self._file.close()


def list_workbook(sheet: ExportSheet, rows: Iterable[Sequence[Value]], tick: Tick) -> bytes:
    """Return a list as .xlsx: origin, a frozen head with filter arrows, the rows. The caller counts ``MOST_ROWS``."""
    written = 0

    def step() -> None:
        tick(written)

    stream = _Stream(step)
    with tempfile.TemporaryDirectory() as folder:
        book = Workbook(stream, {"constant_memory": True, "strings_to_formulas": False, "tmpdir": folder})
        page = book.add_worksheet(_FORBIDDEN.sub(" ", sheet.title)[:_SHEET_NAME].strip() or None)
        try:
            writer = _SheetWriter(book, page, sheet)
            for row in rows:
                writer.write(row)
                written += 1
                if written % _STEP == 0:
                    step()
            writer.close(written)
            page.row_data_fh = _Rows(page.row_data_fh, step)
            book.close()
        finally:
            if not book.fileclosed:
                book.fileclosed = True  # else its destructor would write what nobody wants any more
                page.row_data_fh.close()
    return stream.getvalue()


class _SheetWriter:
    """Writes title, head and rows of a sheet from top to bottom, as constant memory asks."""

    def __init__(self, book: Workbook, page: Worksheet, sheet: ExportSheet) -> None:
        self._page, self._columns = page, sheet.columns
        self._text = book.add_format({"num_format": "@"})
        self._quoted = book.add_format({"num_format": "@", "quote_prefix": True})
        self._general = book.add_format({})
        self._book = book
        self._numbers: dict[str, Format] = {}
        self._widths = [_units(column.heading) + 4 for column in sheet.columns]
        self._row = 2
        page.write_string(0, 0, sheet.origin[:_LONGEST], book.add_format({"font_color": "#595959"}))
        head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#F2F2F2", "valign": "vcenter"})
        for index, column in enumerate(sheet.columns):
            page.write_string(1, index, column.heading, head)

    def write(self, row: Sequence[Value]) -> None:
        page, number = self._page, self._row
        for index, (column, value) in enumerate(zip(self._columns, row, strict=True)):
            if not value and value != 0:
                continue
            if isinstance(value, str):
                if column.numeric and (found := _number(value)) is not None:
                    page.write_number(number, index, found[0], self._number_format(found[1]))
                else:
                    style = self._quoted if is_formula_like(value) else self._text
                    page.write_string(number, index, value[:_LONGEST], style)
            else:
                page.write_number(number, index, value, self._general)
        if number < _MEASURED:
            for index, value in enumerate(row):
                self._widths[index] = max(self._widths[index], _units(str(value or "")) + 2)
        self._row += 1

    def close(self, rows: int) -> None:
        page, last = self._page, len(self._columns) - 1
        for index, width in enumerate(self._widths):
            page.set_column(index, index, min(_WIDEST, max(_NARROWEST, width)))
        page.freeze_panes(2, 0)
        page.autofilter(1, 0, max(1, rows + 1), last)
        page.repeat_rows(1)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        page.set_footer("&C&P / &N")

    def _number_format(self, code: str) -> Format:
        if code not in self._numbers:
            self._numbers[code] = self._book.add_format({"num_format": code})
        return self._numbers[code]


def _number(text: str) -> tuple[float, str] | None:
    """Return a number as it was shown, with the format that shows it so; None for what is no plain number."""
    found = _NUMBER.fullmatch(text)
    if found is None or sum(map(str.isdigit, text)) > _LONGEST_NUMBER:
        return None
    decimals = len(found[1]) - 1 if found[1] else 0
    code = ("#,##0" if "," in text else "0") + ("." + "0" * decimals if decimals else "")
    plain = text.replace(",", "")
    return (float(f"{plain[:-1]}e-2"), f"{code}%") if found[2] else (float(plain), code)


def _units(text: str) -> int:
    """Width in characters; Chinese ones take two."""
    return sum(2 if unicodedata.east_asian_width(one) in "WFA" else 1 for one in text[:_WIDEST])


def list_csv(sheet: ExportSheet, rows: Iterable[Sequence[Value]], tick: Tick, *, with_origin: bool) -> bytes:
    """Return a list as CSV in UTF-8 with the mark that Excel knows it by; the origin only where asked for.

    What a spreadsheet would run stands behind an apostrophe.
    """
    stream = io.BytesIO()
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", errors="replace")
    out = csv.writer(text)
    if with_origin:
        out.writerow([formula_safe(sheet.origin)])
    out.writerow([formula_safe(column.heading) for column in sheet.columns])
    for number, row in enumerate(rows, 1):
        out.writerow([_csv_cell(value, column) for value, column in zip(row, sheet.columns, strict=True)])
        if number % _STEP == 0:
            tick(number)
    text.flush()
    return stream.getvalue()


def _csv_cell(value: Value, column: ExportColumn) -> Value:
    if not isinstance(value, str) or (column.numeric and _number(value) is not None):
        return value
    return formula_safe(value)
