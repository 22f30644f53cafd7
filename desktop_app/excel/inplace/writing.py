"""Changes cells of an .xlsx: values, ground colours, comments, and a sheet of lines; the rest is copied as it is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from desktop_app.excel.cells import column_letter
from desktop_app.excel.formula_safe import is_formula_like
from desktop_app.excel.inplace.cells import (
    CellChange,
    Formats,
    Place,
    SheetCells,
    anchor,
    drop_downs,
    merged_areas,
)
from desktop_app.excel.inplace.comments import add_comments
from desktop_app.excel.inplace.markup import (
    Edit,
    NotEditable,
    edited,
    find,
    inside,
    prefix_of,
    quoted,
    text,
    with_attribute,
)
from desktop_app.excel.inplace.package import Package
from desktop_app.excel.inplace.styles import Styles

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


class WorkbookInPlace:
    """An .xlsx whose cells are changed one by one; ``save`` writes it.

    Raises NotEditable where the bytes are no .xlsx, or one whose parts are broken or odd.
    """

    def __init__(self, data: bytes) -> None:
        self._package = Package(data)
        self._styles = Styles(self._package)
        self._changes: dict[str, dict[Place, CellChange]] = defaultdict(dict)
        self._comments: dict[str, dict[Place, str]] = defaultdict(dict)
        self._merged: dict[str, list[tuple[Place, Place]]] = {}

    @property
    def sheets(self) -> tuple[str, ...]:
        """Names of the sheets of cells."""
        return tuple(self._package.sheets)

    def place(self, sheet: str, row: int, column: int) -> Place:
        """Return the cell that shows what stands at row (from 1) and column (from 0): the first of a merged area."""
        if sheet not in self._merged:
            self._merged[sheet] = merged_areas(self._package.xml(self._package.sheets[sheet]))
        return anchor((row, column), self._merged[sheet])

    def choices(self, sheet: str) -> list[tuple[str, str]]:
        """Return the drop-downs of a sheet: the cells that have one, as A4:A9 B4, and where its words come from."""
        return drop_downs(self._package.xml(self._package.sheets[sheet]))

    def change(self, sheet: str, place: Place, change: CellChange) -> None:
        """Note what becomes of a cell."""
        self._changes[sheet][place] = change

    def comment(self, sheet: str, place: Place, says: str) -> None:
        """Note a comment on a cell."""
        self._comments[sheet][place] = says

    def write_cells(self) -> Mapping[str, frozenset[Place]]:
        """Write the changes noted; return the cells whose value stayed, for they hold a formula."""
        formats = Formats(
            self._styles.filled, self._styles.kept_as_text, self._styles.shows_date, self._counts_from_1904()
        )
        kept = {}
        for sheet, changes in self._changes.items():
            part = self._package.sheets[sheet]
            cells = SheetCells(self._package.xml(part), changes, formats)
            self._package.put(part, cells.changed())
            kept[sheet] = frozenset(cells.formulas)
        self._changes.clear()
        return kept

    def write_comments(self, author: str) -> None:
        """Write the comments noted."""
        for sheet, comments in self._comments.items():
            add_comments(self._package, self._package.sheets[sheet], comments, author)
        self._comments.clear()

    def put_sheet(self, title: str, rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
        """Put a sheet of text lines under a head at the end of the book, in place of one of that title."""
        part = self._package.sheets.get(title)
        if part is None:
            part = self._package.free_name("xl/worksheets/sheet{}.xml")
            self._package.declare(part, _SHEET_TYPE)
            self._list_sheet(title, self._package.relate(self._package.book, "worksheet", part))
            self._package.sheets[title] = part
        self._package.put(part, self._lines(rows, widths))

    def recalculate(self) -> None:
        """Ask the program that opens the book to work out its formulas anew: their values are of the cells before.

        A book without formulas stays as it is.
        """
        if not any(_FORMULA.search(self._package.part(part)) for part in self._package.sheets.values()):
            return
        part = self._package.xml(self._package.book)
        found = find(
            part, lambda name, _given, depth: depth == 0 or (depth == 1 and name in _BEFORE_CALCULATION)
        )
        present = next((one for one in found if one.name == "calcPr"), None)
        if present is not None:
            tag = with_attribute(part[present.start : present.opened], "fullCalcOnLoad", "1")
            edit = Edit(present.start, present.opened, tag)
        else:
            place = max(one.end for one in found if one.depth == 1)
            entry = f'<{prefix_of(part, found[0])}calcPr fullCalcOnLoad="1"/>'
            edit = Edit(place, place, entry.encode())
        self._package.put(self._package.book, edited(part, [edit]))

    def save(self, target: Path) -> None:
        """Write the workbook; OSError where the target cannot be written."""
        self._styles.save()
        self._package.save(target)

    def _counts_from_1904(self) -> bool:
        part = self._package.xml(self._package.book)
        found = find(part, lambda name, _given, depth: depth == 1 and name == "workbookPr")
        return any(one.given.get("date1904") in {"1", "true"} for one in found)

    def _list_sheet(self, title: str, key: str) -> None:
        part = self._package.xml(self._package.book)
        found = find(part, lambda name, _given, depth: depth == 0 or name in {"sheets", "sheet"})
        sheets = next((one for one in found if one.name == "sheets"), None)
        if sheets is None:
            raise NotEditable("sheets")
        taken = [int(one.given.get("sheetId", "0")) for one in found if one.name == "sheet"]
        p = prefix_of(part, found[0])
        entry = (
            f'<{p}sheet name="{quoted(title)}" sheetId="{max(taken, default=0) + 1}" '
            f'xmlns:r="{_RELATIONS}" r:id="{key}"/>'
        )
        self._package.put(self._package.book, edited(part, [inside(part, sheets, entry.encode())]))

    def _lines(self, rows: Sequence[Sequence[str]], widths: Sequence[int]) -> bytes:
        columns = "".join(
            f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
            for number, width in enumerate(widths, start=1)
        )
        body = "".join(
            f'<row r="{number}">{"".join(self._line_cell(number, index, cell) for index, cell in enumerate(row))}</row>'
            for number, row in enumerate(rows, start=1)
        )
        return (
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{_MAIN}"><sheetViews>'
            '<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
            f"</sheetView></sheetViews><cols>{columns}</cols><sheetData>{body}</sheetData></worksheet>"
        ).encode()

    def _line_cell(self, row: int, column: int, says: str) -> str:
        style = self._styles.bold() if row == 1 else 0
        if is_formula_like(says):
            style = self._styles.kept_as_text(style)
        place = f"{column_letter(column)}{row}"
        return (
            f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text(says)}</t></is></c>'
        )


_BEFORE_CALCULATION = frozenset(
    {
        "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
        "externalReferences", "definedNames", "calcPr",
    }
)  # fmt: skip
"""What stands before the calculation properties of a workbook (ECMA-376, 18.2.27), and these themselves."""
