"""Names the cells of an .xlsx whose formula failed: the loader shows them as empty."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from desktop_app.excel.cells import ERRORS, Cell
from desktop_app.excel.inplace.cells import place_of
from desktop_app.excel.inplace.markup import NotEditable, find
from desktop_app.excel.inplace.package import Package
from desktop_app.excel.sheets import Sheet

_VALUE = re.compile(rb"<(?:[\w.-]+:)?v>([^<]*)<")
_UNNAMED = "#N/A"


def with_errors(sheets: Sequence[Sheet], data: bytes) -> list[Sheet]:
    """Return the sheets with the errors of their cells as text; those of a package that is odd stay as they are."""
    try:
        package = Package(data)
        return [_with_errors(sheet, package) for sheet in sheets]
    except NotEditable:
        return list(sheets)


def _with_errors(sheet: Sheet, package: Package) -> Sheet:
    name = package.sheets.get(sheet.name)
    if name is None:
        return sheet
    part = package.xml(name)
    found = find(part, lambda local, given, _depth: local == "c" and given.get("t") == "e")
    changed: dict[int, list[Cell]] = {}
    for one in found:
        row, column = place_of(one.given.get("r", ""))
        if row <= len(sheet.rows):
            cells = changed.setdefault(row - 1, list(sheet.rows[row - 1]))
            match = _VALUE.search(part, one.opened, one.end)
            text = match[1].decode() if match else _UNNAMED
            if column < len(cells):
                cells[column] = text if text in ERRORS else _UNNAMED
    rows = tuple(tuple(changed[at]) if at in changed else row for at, row in enumerate(sheet.rows))
    return replace(sheet, rows=rows)
