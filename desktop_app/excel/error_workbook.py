"""Writes the imported workbook back with its bad cells coloured and commented, and a list of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import resources
from desktop_app.domain.errors import AppError
from desktop_app.excel.cells import column_index
from desktop_app.excel.inplace.cells import CellChange, Place
from desktop_app.excel.inplace.markup import NotEditable
from desktop_app.excel.inplace.writing import WorkbookInPlace
from desktop_app.excel.problems import Problem, Severity
from desktop_app.excel.reading import read_workbook
from desktop_app.excel.workbook_of_values import workbook_of_values

_COLOURS = {Severity.ERROR: "FFC7CE", Severity.WARNING: "FFEB9C"}
_LIST_WIDTHS = (16, 8, 24, 8, 80)

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

    In an .xlsx the cells are marked in place and all else stays byte for byte, formulas included; of .xls, .ods, CSV
    and HTML, and of an .xlsx that cannot be changed in place, the values are written anew. A problem without a column
    is put on the first cell of its row, one without a row only on the added sheet that lists all. Returns ``target``.
    Raises what ``read_workbook`` raises, and TARGET_NOT_WRITABLE (file).
    """
    sheets = read_workbook(source)
    try:
        book, names = WorkbookInPlace(source.read_bytes()), {sheet.name: sheet.name for sheet in sheets}
        _mark(book, names, problems, say)
    except NotEditable:
        data, names = workbook_of_values(sheets)
        book = WorkbookInPlace(data)
        _mark(book, names, problems, say)
    try:
        book.save(target)
    except OSError as error:
        raise AppError("TARGET_NOT_WRITABLE", file=target.name) from error
    return target


def _mark(book: WorkbookInPlace, names: Mapping[str, str], problems: Sequence[Problem], say: Explain) -> None:
    """Mark the cells; ``names`` are the titles in the book of the sheets read."""
    by_cell: dict[tuple[str, Place], list[Problem]] = defaultdict(list)
    for problem in problems:
        name = names.get(problem.sheet, "")
        if problem.row > 0 and name in book.sheets:
            column = column_index(problem.column) if problem.column else 0
            by_cell[name, book.place(name, problem.row, column)].append(problem)
    for (name, place), found in by_cell.items():
        worst = min((one.severity for one in found), key=list(Severity).index)
        book.change(name, place, CellChange(colour=_COLOURS[worst]))
        book.comment(name, place, "\n".join(dict.fromkeys(say(item) for item in found)))
    book.write_cells()
    book.write_comments(resources.text("excel.comment_author"))
    book.put_sheet(resources.text("excel.problem_list"), list(_lines(problems, say)), _LIST_WIDTHS)


def _lines(problems: Sequence[Problem], say: Explain) -> Sequence[Sequence[str]]:
    heads = [
        resources.text(f"excel.list_{name}") for name in ("sheet", "cell", "value", "severity", "reason")
    ]
    lines = [heads]
    for problem in problems:
        place = f"{problem.column}{problem.row}" if problem.row else ""
        severity = resources.text(f"excel.severity_{problem.severity.value}")
        lines.append([problem.sheet, place, problem.value, severity, say(problem).replace("\n", " ")])
    return lines
