"""The sheet of every paper in Excel: title, head lines, one frozen head row, table, signatures, A4 print set-up."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, cast

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

import resources
from desktop_app.domain.clock import SHANGHAI
from desktop_app.domain.papers import PaperContent, PaperHead, content_code
from desktop_app.excel.formula_safe import write_text

_SERIF = "宋体"
_TITLE = Font(name=_SERIF, size=18, bold=True)
_TEXT = Font(name=_SERIF, size=10)
_BOLD = Font(name=_SERIF, size=10, bold=True)
_HAIR = Side(style="thin")
_GRID = Border(left=_HAIR, right=_HAIR, top=_HAIR, bottom=_HAIR)
_LINE = 13.5  # points a line of text
_A4 = 9  # ECMA-376 18.3.1.63
_SHEET_NAME_LIMIT = 31

Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: heading, alignment, limits of its width in characters, number format of its numbers."""

    heading: str
    align: str = "center"
    least: float = 6
    most: float = 30
    number_format: str = "General"


@dataclass(frozen=True, slots=True)
class PaperSheet:
    """What a sheet says; texts are written as text, numbers as numbers. ``totals`` stand in bold under the rows.

    ``frozen`` columns stay in sight when the sheet is scrolled.
    """

    title: str
    meta: tuple[str, ...]
    columns: tuple[SheetColumn, ...]
    rows: tuple[tuple[Value, ...], ...]
    totals: tuple[tuple[Value, ...], ...] = ()
    notes: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()
    landscape: bool = True
    row_height: float = 18
    frozen: int = 2


def write_sheet(out: BinaryIO, content: PaperContent, paper: PaperSheet) -> str:
    """Write the paper as .xlsx to ``out`` and return its content code."""
    book = Workbook()
    sheet = cast(Worksheet, book.active)
    sheet.title = paper.title[:_SHEET_NAME_LIMIT]
    code = content_code(content)
    widths = _widths(paper)
    top = _write_head(sheet, paper, (*paper.meta, _origin(content.head, code)), sum(widths))
    _write_table(sheet, paper, top, widths)
    _write_closing(sheet, paper, top + 1 + len(paper.rows) + len(paper.totals), sum(widths))
    _set_page(sheet, paper, content.head, code, top)
    moment = content.head.data_time.astimezone(SHANGHAI).replace(tzinfo=None)
    book.properties.creator = content.head.institution
    book.properties.title = f"{paper.title} {content.head.class_code}"
    book.properties.created = moment
    book.save(out)
    return code


def _origin(head: PaperHead, code: str) -> str:
    moment = head.data_time.astimezone(SHANGHAI)
    parts = [
        resources.text("papers.number", value=head.paper_number) if head.paper_number else "",
        resources.text("papers.foot.data_time", value=f"{moment:%Y-%m-%d %H:%M}"),
        resources.text("papers.foot.code", value=code),
        resources.text("papers.foot.printed_by", value=head.printed_by) if head.printed_by else "",
        resources.text("papers.note.demo_long") if head.demo else "",
        resources.text("papers.note.solo") if head.solo else "",
    ]
    return "　".join(part for part in parts if part)


def _write_head(sheet: Worksheet, paper: PaperSheet, lines: Sequence[str], room: float) -> int:
    """Write title and head lines and return the row of the table's head."""
    width = len(paper.columns)
    for row, (text, font) in enumerate([(paper.title, _TITLE), *((line, _TEXT) for line in lines)], start=1):
        cell = _wide(sheet, row, 1, width, text, font)
        cell.alignment = Alignment(
            horizontal="center" if row == 1 else "left", vertical="center", wrap_text=True
        )
        sheet.row_dimensions[row].height = 30 if row == 1 else _lines(text, room) * _LINE + 3
    return len(lines) + 2


def _wide(sheet: Worksheet, row: int, first: int, last: int, text: str, font: Font) -> Cell:
    if last > first:
        sheet.merge_cells(start_row=row, start_column=first, end_row=row, end_column=last)
    cell = cast(Cell, sheet.cell(row, first))
    write_text(cell, text)
    cell.font = font
    return cell


def _write_table(sheet: Worksheet, paper: PaperSheet, top: int, widths: Sequence[float]) -> None:
    for index, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    heads: tuple[Value, ...] = tuple(column.heading for column in paper.columns)
    body = [(row, _TEXT) for row in paper.rows] + [(row, _BOLD) for row in paper.totals]
    for offset, (values, font) in enumerate([(heads, _BOLD), *body]):
        for index, (column, value) in enumerate(zip(paper.columns, values, strict=True), start=1):
            cell = cast(Cell, sheet.cell(top + offset, index))
            _put(cell, value, column)
            cell.font, cell.border = font, _GRID
            align = "center" if offset == 0 else column.align
            indent = 0 if align == "center" else 1
            cell.alignment = Alignment(horizontal=align, vertical="center", wrap_text=True, indent=indent)
        if font is _BOLD:
            _merge_label(sheet, top + offset, values)
        lines = 1 if offset > len(paper.rows) else max(map(_lines, values, widths))
        sheet.row_dimensions[top + offset].height = max(paper.row_height, lines * _LINE + 4)


def _merge_label(sheet: Worksheet, row: int, values: Sequence[Value]) -> None:
    """Let the label of a row of totals run on over the empty cells after it."""
    last = 1
    while last < len(values) and values[last] is None:
        last += 1
    if last > 1:
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=last)


def _put(cell: Cell, value: Value, column: SheetColumn) -> None:
    if isinstance(value, str):
        write_text(cell, value)
        cell.number_format = "@"
    elif value is not None:
        cell.value = value
        cell.number_format = column.number_format


def _lines(value: Value, width: float) -> int:
    text = "" if value is None else str(value)
    return sum(max(1, -int(-_units(line) // (width - 1))) for line in text.split("\n"))


def _units(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


def _widths(paper: PaperSheet) -> list[float]:
    """Widths in characters, from what stands in the columns."""
    widths = []
    for index, column in enumerate(paper.columns):
        texts = [column.heading, *(str(row[index]) for row in paper.rows if row[index] is not None)]
        widest = max(_units(line) for text in texts for line in text.split("\n"))
        widths.append(
            min(column.most, max(column.least, widest + (2.0 if column.align == "center" else 4.0)))
        )
    return widths


def _write_closing(sheet: Worksheet, paper: PaperSheet, row: int, room: float) -> None:
    width = len(paper.columns)
    for note in paper.notes:
        _wide(sheet, row, 1, width, note, _TEXT).alignment = Alignment(vertical="center", wrap_text=True)
        sheet.row_dimensions[row].height = _lines(note, room) * _LINE + 5
        row += 1
    places = [*paper.signatures, resources.text("papers.sign.stamp")]
    bounds = [1 + round(width * place / len(places)) for place in range(len(places) + 1)]
    for label, first, after in zip(places, bounds[:-1], bounds[1:], strict=True):
        _wide(sheet, row + 1, first, max(first, after - 1), label, _TEXT)
    _wide(sheet, row + 3, bounds[-2], max(bounds[-2], width), resources.text("papers.sign.date"), _TEXT)


def _set_page(sheet: Worksheet, paper: PaperSheet, head: PaperHead, code: str, top: int) -> None:
    sheet.freeze_panes = f"{get_column_letter(paper.frozen + 1)}{top + 1}"
    sheet.print_title_rows = f"{top}:{top}"
    sheet.page_setup.orientation = "landscape" if paper.landscape else "portrait"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom, margins.header, margins.footer = 0.5, 0.7, 0.25, 0.3
    demo = resources.text("papers.note.demo") if head.demo else ""
    footer = HeaderFooterItem()
    footer.left.text = _footer(f"{resources.text('papers.foot.code', value=code)}　{demo}")
    footer.center.text = resources.text("papers.foot.page", number="&P", pages="&N")
    footer.right.text = _footer(head.class_code)
    sheet.oddFooter = footer


def _footer(text: str) -> str:
    return text.replace("&", "&&").strip()
