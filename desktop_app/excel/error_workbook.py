"""Writes the imported workbook back with its bad cells coloured and commented, and a list of them."""

from __future__ import annotations

import warnings
import zipfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

import resources
from desktop_app.domain.errors import AppError
from desktop_app.excel.bounds import DAMAGES
from desktop_app.excel.cells import Cell, cell_text, column_index, is_rounded_number
from desktop_app.excel.formula_safe import storable, write_text
from desktop_app.excel.problems import Problem, Severity
from desktop_app.excel.reading import Sheet, read_workbook

_FILLS = {
    Severity.ERROR: PatternFill("solid", fgColor="FFC7CE"),
    Severity.WARNING: PatternFill("solid", fgColor="FFEB9C"),
}
_COMMENT_WIDTH, _LINE_HEIGHT = 320, 22  # points, wide enough for a sentence of the product
_TITLE_LENGTH = 28  # Excel allows 31; the rest is for the number that sets equal titles apart
_BAD_SHEET_CHARACTERS = str.maketrans(dict.fromkeys("[]:*?/\\", "_"))

Explain = Callable[[Problem], str]
"""The sentence for a problem, with what to do next."""


def explain(problem: Problem, language: str = "zh") -> str:
    """The sentence of ``error.CODE`` and, on a line of its own, the next step of ``hint.CODE``."""
    params = {"value": problem.value, "row": problem.row, "column": problem.column, **problem.params}
    sentence = resources.text(f"error.{problem.code}", language, **params)
    hint = f"hint.{problem.code}"
    if resources.has_text(hint, language):
        sentence += "\n" + resources.text(hint, language, **params)
    return sentence


def write_error_workbook(
    source: Path, target: Path, problems: Sequence[Problem], say: Explain = explain
) -> Path:
    """Write the workbook at ``source`` to ``target`` (.xlsx) with every problem coloured and commented.

    An .xlsx keeps its layout; from .xls, .ods, CSV and HTML the values are written anew. Formulas are replaced
    by their values: they would be lost to a reader otherwise, and cannot do harm. A problem without a column is
    put on the first cell of its row, one without a row only on the added sheet that lists all. Returns ``target``.
    Raises what ``read_workbook`` raises, and TARGET_NOT_WRITABLE (file).
    """
    sheets = read_workbook(source)
    book = _same_workbook(source, sheets) or _workbook_of_values(sheets)
    names = dict(zip((sheet.name for sheet in sheets), _titles(book, sheets), strict=True))
    by_cell: dict[tuple[str, int, int], list[Problem]] = defaultdict(list)
    for problem in problems:
        if problem.row > 0 and problem.sheet in names:
            column = column_index(problem.column) if problem.column else 0
            by_cell[names[problem.sheet], problem.row, column].append(problem)
    for (title, row, column), found in by_cell.items():
        _mark_cell(book[title], row, column, found, say)
    _write_list(book, problems, say)
    try:
        book.save(target)
    except OSError as error:
        raise AppError("TARGET_NOT_WRITABLE", file=target.name) from error
    return target


def _same_workbook(source: Path, sheets: Sequence[Sheet]) -> Workbook | None:
    """The workbook with its layout; None where it is no .xlsx, or one that openpyxl cannot load."""
    if not zipfile.is_zipfile(source):
        return None
    try:
        with source.open("rb") as stream, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about parts of the package that it does not know
            book = openpyxl.load_workbook(stream, keep_links=False)
    except (InvalidFileException, *DAMAGES, SyntaxError, TypeError, AttributeError):
        return None  # an .ods, or styles that openpyxl does not understand
    for sheet in sheets:
        if sheet.name not in book.sheetnames:
            return None
        page = book[sheet.name]
        cells: Any = page._cells  # iter_rows would make rows up to the last cell that is only formatted
        for (number, column), cell in cells.items():
            if cell.data_type == "f":
                _put(page, number, column, sheet.cell(number, column - 1))
    return book


def _workbook_of_values(sheets: Sequence[Sheet]) -> Workbook:
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        title = sheet.name.translate(_BAD_SHEET_CHARACTERS)[:_TITLE_LENGTH] or "Sheet"
        page = book.create_sheet(title)
        for number, row in enumerate(sheet.rows, start=1):
            for index, value in enumerate(row):
                _put(page, number, index + 1, value)
    return book


def _titles(book: Workbook, sheets: Sequence[Sheet]) -> list[str]:
    """Titles in ``book`` of the sheets read: their own, or in order where they had to be changed."""
    if all(sheet.name in book.sheetnames for sheet in sheets):
        return [sheet.name for sheet in sheets]
    return list(book.sheetnames)


def _put(page: Worksheet, row: int, column: int, value: Cell) -> None:
    cell: Any = page.cell(row, column)
    if isinstance(value, str) or is_rounded_number(value):
        write_text(cell, cell_text(value))
    else:
        cell.value = value


def _mark_cell(page: Worksheet, row: int, column: int, found: Sequence[Problem], say: Explain) -> None:
    cell: Any = page.cell(row, column + 1)
    for area in page.merged_cells.ranges:
        if cell.coordinate in area:
            cell = page.cell(area.min_row, area.min_col)
            break
    worst = Severity.ERROR if any(item.severity is Severity.ERROR for item in found) else Severity.WARNING
    cell.fill = _FILLS[worst]
    text = storable("\n".join(dict.fromkeys(say(item) for item in found)))
    if cell.comment:
        text = f"{cell.comment.text}\n{text}"
    height = _LINE_HEIGHT * (2 + sum(1 + len(line) // 22 for line in text.splitlines()))
    author = resources.text("excel.comment_author")
    cell.comment = Comment(text, author, height=height, width=_COMMENT_WIDTH)


def _write_list(book: Workbook, problems: Sequence[Problem], say: Explain) -> None:
    title = resources.text("excel.problem_list")
    if title in book.sheetnames:
        book.remove(book[title])
    page = book.create_sheet(title)
    heads = [
        resources.text(f"excel.list_{name}") for name in ("sheet", "cell", "value", "severity", "reason")
    ]
    for column, head in enumerate(heads, start=1):
        cell: Any = page.cell(1, column)
        write_text(cell, head)
        cell.font = Font(bold=True)
    for row, problem in enumerate(problems, start=2):
        place = f"{problem.column}{problem.row}" if problem.row else ""
        severity = resources.text(f"excel.severity_{problem.severity.value}")
        texts = (problem.sheet, place, problem.value, severity, say(problem).replace("\n", " "))
        for column, text in enumerate(texts, start=1):
            write_text(page.cell(row, column), text)
    for letter, width in zip("ABCDE", (16, 8, 24, 8, 80), strict=True):
        page.column_dimensions[letter].width = width
    page.freeze_panes = "A2"
