"""Opens what offices send (.xlsx, .xls, .ods, CSV, tab text, HTML) as sheets of typed cells."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import python_calamine as calamine
import xlrd

from desktop_app.domain.errors import AppError
from desktop_app.excel.bounds import CELL_LIMIT, FILE_LIMIT, check_package, too_many_cells
from desktop_app.excel.cells import Cell, is_blank
from desktop_app.excel.delimited import decode_text, read_delimited
from desktop_app.excel.error_cells import with_errors
from desktop_app.excel.markup_tables import decode_markup, read_markup
from desktop_app.excel.sheets import Sheet
from desktop_app.excel.sniffing import FileKind, sniff
from desktop_app.excel.unusable_file import UnusableFile

ROW_LIMIT = 100_000

Rows = list[tuple[Cell, ...]]
_Range = tuple[tuple[int, int], tuple[int, int]]


def read_workbook(path: Path, limit: int = ROW_LIMIT) -> tuple[Sheet, ...]:
    """Sheets of the file at ``path`` that hold anything, visible ones first.

    Its content decides how it is read, never its extension. ``limit`` is the most rows a sheet may have.
    Raises WORKBOOK_NOT_FOUND, WORKBOOK_IN_USE, WORKBOOK_EMPTY, WORKBOOK_PASSWORD, WORKBOOK_TOO_LARGE
    (limit, found), WORKBOOK_TOO_MANY_CELLS (limit), WORKBOOK_FILE_TOO_LARGE and WORKBOOK_UNPACKS_TOO_LARGE
    (megabytes), WORKBOOK_NOT_A_TABLE and WORKBOOK_UNREADABLE, each with ``file``.
    """
    try:
        sheets = _sheets(_bytes(path), path.stem, limit)
    except UnusableFile as error:
        raise AppError(error.code, file=path.name, **error.params) from error
    if not sheets:
        raise AppError("WORKBOOK_EMPTY", file=path.name)
    return tuple(sorted(sheets, key=lambda sheet: sheet.hidden))


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(FILE_LIMIT + 1)  # one more than may be: the next step refuses it
    except FileNotFoundError as error:
        raise UnusableFile("WORKBOOK_NOT_FOUND") from error
    except PermissionError as error:
        raise UnusableFile("WORKBOOK_IN_USE") from error
    except OSError as error:
        raise UnusableFile("WORKBOOK_UNREADABLE") from error


def _sheets(data: bytes, stem: str, limit: int) -> list[Sheet]:
    kind = sniff(data)
    if kind is FileKind.CALAMINE:
        found = _read_calamine(data, limit)
    elif kind is FileKind.BIFF:
        found = _read_xls(data, limit)
    elif kind is FileKind.MARKUP:
        found = [Sheet(stem, _trimmed(read_markup(decode_markup(data), limit)))]
    else:
        found = [Sheet(stem, _trimmed(read_delimited(decode_text(data), limit)))]
    return [sheet for sheet in found if sheet.rows]


def _read_calamine(data: bytes, limit: int) -> list[Sheet]:
    facts = check_package(data)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        found = [
            replace(_calamine_sheet(book, about, limit), from_1904=facts.from_1904)
            for about in book.sheets_metadata
            if about.typ is calamine.SheetTypeEnum.WorkSheet
        ]
        return with_errors(found, data) if facts.with_errors else found
    except calamine.PasswordError as error:
        raise UnusableFile("WORKBOOK_PASSWORD") from error
    except calamine.CalamineError as error:
        raise UnusableFile("WORKBOOK_UNREADABLE") from error
    except BaseException as error:
        # what the loader's own parser trips over comes as a panic, which is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise UnusableFile("WORKBOOK_UNREADABLE") from error


def _calamine_sheet(book: calamine.CalamineWorkbook, about: calamine.SheetMetadata, limit: int) -> Sheet:
    source = book.get_sheet_by_name(about.name)
    hidden = about.visible is not calamine.SheetVisibleEnum.Visible
    if source.start is None or source.end is None:
        return Sheet(about.name, (), hidden)
    if source.end[0] + 1 > limit:
        raise UnusableFile("WORKBOOK_TOO_LARGE", limit=limit, found=source.end[0] + 1)
    # iter_rows pads the rows above the used area but not the columns to its left
    margin: tuple[Cell, ...] = (None,) * source.start[1]
    rows = [margin + tuple(row) for row in source.iter_rows()]
    _repeat_merged(rows, source.merged_cell_ranges or ())
    return Sheet(about.name, _trimmed(rows), hidden)


def _read_xls(data: bytes, limit: int) -> list[Sheet]:
    try:
        book = xlrd.open_workbook(
            file_contents=data, logfile=io.StringIO(), formatting_info=True, on_demand=True
        )
    except xlrd.biffh.XLRDError as error:
        code = "WORKBOOK_PASSWORD" if "encrypted" in str(error).lower() else "WORKBOOK_UNREADABLE"
        raise UnusableFile(code) from error
    except Exception as error:  # xlrd fails on damaged files with whatever its parser meets
        raise UnusableFile("WORKBOOK_UNREADABLE") from error
    return list(_xls_sheets(book, limit))


def _xls_sheets(book: xlrd.book.Book, limit: int) -> Iterator[Sheet]:
    """Sheets one after the other, so that no more than one is held as the library lays it out."""
    cells = 0
    for index in range(book.nsheets):
        try:
            source = book.sheet_by_index(index)
        except Exception as error:  # as above; a sheet is parsed only when it is asked for
            raise UnusableFile("WORKBOOK_UNREADABLE") from error
        cells += source.nrows * source.ncols
        if cells > CELL_LIMIT:
            raise too_many_cells()
        yield _xls_sheet(book, source, limit)
        book.unload_sheet(index)


def _xls_sheet(book: xlrd.book.Book, source: xlrd.sheet.Sheet, limit: int) -> Sheet:
    if source.nrows > limit:
        raise UnusableFile("WORKBOOK_TOO_LARGE", limit=limit, found=source.nrows)
    rows = [tuple(_xls_cell(cell, book.datemode) for cell in source.row(row)) for row in range(source.nrows)]
    merged = [((top, left), (bottom - 1, right - 1)) for top, bottom, left, right in source.merged_cells]
    _repeat_merged(rows, merged)
    return Sheet(source.name, _trimmed(rows), bool(source.visibility), from_1904=bool(book.datemode))


def _xls_cell(cell: xlrd.sheet.Cell, datemode: int) -> Cell:
    value = cell.value
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return str(value)
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return float(value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(int(value), "#N/A")
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    if cell.ctype != xlrd.XL_CELL_DATE:
        return None
    serial = float(value)
    try:
        moment = xlrd.xldate.xldate_as_datetime(serial, 1 if datemode else 0)
    except (xlrd.xldate.XLDateError, ValueError, OverflowError):
        return serial
    if serial < 1:
        return moment.time()
    return moment.date() if serial.is_integer() else moment


def _repeat_merged(rows: Rows, ranges: Iterable[_Range]) -> None:
    areas = [
        (top, min(bottom + 1, len(rows)), left)
        for (top, left), (bottom, right) in ranges
        if left == right and top < bottom and top < len(rows) and left < len(rows[top])
    ]
    if sum(end - top for top, end, _ in areas) > CELL_LIMIT:  # areas never overlap in an honest sheet
        raise too_many_cells()
    filled: dict[int, dict[int, Cell]] = {}
    for top, end, left in areas:
        for place in range(top + 1, end):
            if left < len(rows[place]) and is_blank(rows[place][left]):
                filled.setdefault(place, {})[left] = rows[top][left]
    for place, values in filled.items():
        rows[place] = tuple(values.get(index, cell) for index, cell in enumerate(rows[place]))


def _trimmed(rows: Rows) -> tuple[tuple[Cell, ...], ...]:
    """Rows without the blank ones at the end."""
    last = len(rows)
    while last and all(is_blank(cell) for cell in rows[last - 1]):
        last -= 1
    return tuple(rows[:last])
