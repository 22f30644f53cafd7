"""Finds the sheet and the header row by themselves, and maps columns to fields.

Titles and notes above, two-row merged heads, signatures and statistics below are normal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from desktop_app.domain.errors import AppError
from desktop_app.excel.cells import Cell, cell_text, column_index, column_letter, is_blank
from desktop_app.excel.column_names import (
    WorkbookKind,
    field_names,
    field_of,
    normal_heading,
    official_heading,
)
from desktop_app.excel.reading import Sheet

SEARCHED_ROWS = 60  # a head further down than this is not looked for
IGNORED = "ignore"  # a column that the user's mapping leaves out

_DOCUMENT_LENGTH, _DOCUMENT_DIGITS = 15, 9  # the shortest residents' number; digits of a short passport
_FEWEST = 2  # columns that make a head; a title merged over the table is one cell

ColumnTest = Callable[[tuple[Cell, ...]], int]
"""How surely the heading cells of a column (parent first) make it one beside the named ones: 0 is not at all."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a head must have: one field of each group.

    ``unnamed`` recognises columns that no table can name (dates), of which ``unnamed_needed`` must be there.
    """

    kind: WorkbookKind
    required: tuple[tuple[str, ...], ...]
    unnamed: ColumnTest | None = None
    unnamed_needed: int = 0


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a table.

    ``first``..``last`` are its rows as the spreadsheet numbers them (``last`` = ``first`` − 1 where the sheet has
    no head and the mapping is the user's). ``columns`` maps field → index, ``extras`` are the indexes of columns
    that ``Wanted.unnamed`` recognised, ``cells[i]`` the heading cells of column i from parent to child.
    """

    kind: WorkbookKind
    sheet: Sheet
    first: int
    last: int
    columns: Mapping[str, int]
    extras: tuple[int, ...]
    cells: tuple[tuple[Cell, ...], ...]
    repeated: tuple[int, ...] = ()  # columns headed as a needed field is that already has a column
    others: tuple[str, ...] = ()  # further sheets that hold such a table and were not read

    @property
    def mapping(self) -> dict[str, str]:
        """Column letter → field, in the order of the columns."""
        return {column_letter(i): name for name, i in sorted(self.columns.items(), key=lambda item: item[1])}

    @property
    def headings(self) -> dict[str, str]:
        """Column letter → heading text of every column that has one, mapped or not."""
        return {column_letter(index): self.text(index) for index, parts in enumerate(self.cells) if parts}

    @property
    def letters(self) -> dict[str, str]:
        """Field → column letter."""
        return {name: column_letter(index) for name, index in self.columns.items()}

    @property
    def signature(self) -> str:
        """Hash of the heading texts: the same for every file of one source, to remember its answers under.

        Columns of dates are left out, since they differ from class to class.
        """
        lasting = [cells for index, cells in enumerate(self.cells) if index not in self.extras]
        texts = ["/".join(normal_heading(cell_text(cell)) for cell in cells) for cells in lasting]
        return hashlib.sha256("\n".join(texts).encode()).hexdigest()

    def text(self, index: int) -> str:
        """The heading of a column as one text, parent and child."""
        return " ".join(cell_text(cell).strip() for cell in self.cells[index])


def find_head(
    sheets: Sequence[Sheet],
    wanted: Wanted,
    mapping: Mapping[str, str] | None = None,
    sheet: str | None = None,
) -> Head:
    """The best head among the sheets; the earliest of equals, visible sheets first.

    ``mapping`` is the user's: column letter → field (or ``ignore``), over what is recognised. ``sheet`` names the
    only sheet to look in. Raises HEADER_NOT_FOUND (searched, sheets, rows), SHEET_NOT_FOUND (sheet) and
    MAPPING_INVALID (column, field).
    """
    chosen = [item for item in sheets if sheet is None or item.name == sheet]
    if not chosen:
        raise AppError("SHEET_NOT_FOUND", sheet=sheet)
    fixed = _checked_mapping(wanted, mapping or {})
    found = [head for item in chosen if (head := _best_in_sheet(item, wanted, fixed))]
    if not found:
        searched = "；".join(
            "/".join(official_heading(wanted.kind, name) for name in group) for group in wanted.required
        )
        names = "、".join(item.name for item in chosen)
        raise AppError("HEADER_NOT_FOUND", searched=searched, sheets=names, rows=SEARCHED_ROWS)
    best = max(found, key=lambda head: (not head.sheet.hidden, _weight(head, wanted)))
    others = tuple(head.sheet.name for head in found if head is not best and not head.sheet.hidden)
    return replace(best, others=others)


def _weight(head: Head, wanted: Wanted) -> tuple[int, int]:
    """How much is recognised, the surer readings counting more; of equals the head of one row."""
    unnamed = sum(wanted.unnamed(head.cells[index]) for index in head.extras) if wanted.unnamed else 0
    return len(head.columns) + unnamed, head.first - head.last


def _checked_mapping(wanted: Wanted, mapping: Mapping[str, str]) -> dict[int, str]:
    allowed = {*field_names(wanted.kind), IGNORED}
    fixed: dict[int, str] = {}
    for letter, name in mapping.items():
        try:
            index = column_index(letter)
        except ValueError as error:
            raise AppError("MAPPING_INVALID", column=letter, field=name) from error
        if name not in allowed or (name != IGNORED and name in fixed.values()):
            raise AppError("MAPPING_INVALID", column=letter, field=name)
        fixed[index] = name
    return fixed


def _best_in_sheet(sheet: Sheet, wanted: Wanted, fixed: dict[int, str]) -> Head | None:
    best: Head | None = None
    for row in range(1, min(len(sheet.rows), SEARCHED_ROWS) + 1):
        if _looks_like_data(sheet.rows[row - 1]):
            continue
        for last in (row, row + 1):
            if last > row and (last > len(sheet.rows) or _looks_like_data(sheet.rows[last - 1])):
                continue
            head = _try_head(sheet, row, last, wanted, fixed)
            if head and (best is None or _weight(head, wanted) > _weight(best, wanted)):
                best = head
    if best is None:
        return _headless(sheet, wanted, fixed)
    return _with_row_below(best, wanted, fixed)


def _with_row_below(head: Head, wanted: Wanted, fixed: dict[int, str]) -> Head:
    """A head of one row takes in a row of weekdays, half days or the like under it."""
    below = head.first + 1
    if (
        head.last != head.first
        or below > len(head.sheet.rows)
        or _looks_like_data(head.sheet.rows[below - 1])
    ):
        return head
    both = _try_head(head.sheet, head.first, below, wanted, fixed)
    return both if both and both.columns == head.columns and both.extras == head.extras else head


def _looks_like_data(row: tuple[Cell, ...]) -> bool:
    """Rows of people hold document numbers; heads never do."""
    return any(_is_document(cell) for cell in row)


def _is_document(cell: Cell) -> bool:
    text = cell_text(cell).replace(" ", "").strip("'")
    return (
        len(text) >= _DOCUMENT_LENGTH
        and text.isascii()
        and ":" not in text  # 2020-11-09 14:00 heads a column of marks
        and sum(char.isdigit() for char in text) >= _DOCUMENT_DIGITS
    )


def _try_head(sheet: Sheet, first: int, last: int, wanted: Wanted, fixed: dict[int, str]) -> Head | None:
    cells = _heading_cells(sheet, first, last)
    if last > first and not _is_second_row(sheet, last, cells, wanted):
        return None
    columns: dict[str, int] = {name: index for index, name in fixed.items() if name != IGNORED}
    named: dict[str, int] = {}
    extras: list[int] = []
    repeated: list[int] = []
    needed = {name for group in wanted.required for name in group}
    for index, parts in enumerate(cells):
        if index in fixed or not parts:
            continue
        name = _field(wanted.kind, parts)
        if name:
            if named.setdefault(name, index) != index and name in needed:
                repeated.append(index)
        elif wanted.unnamed and wanted.unnamed(parts):
            extras.append(index)
    for name, index in named.items():
        columns.setdefault(name, index)
    recognised = len(named) + len(extras) + sum(1 for index in fixed if index < len(cells) and cells[index])
    complete = all(any(name in columns for name in group) for group in wanted.required)
    if not complete or recognised < _FEWEST or len(extras) < wanted.unnamed_needed or not _is_wide(cells):
        return None
    return Head(wanted.kind, sheet, first, last, columns, tuple(extras), cells, tuple(repeated))


def _is_wide(cells: tuple[tuple[Cell, ...], ...]) -> bool:
    return sum(1 for parts in cells if parts) >= _FEWEST


def _is_second_row(sheet: Sheet, last: int, cells: tuple[tuple[Cell, ...], ...], wanted: Wanted) -> bool:
    """A row under the head belongs to it if most of it are headings, alone or with those above."""
    filled = [index for index in range(sheet.width) if not is_blank(sheet.cell(last, index))]
    known = 0
    for index in filled:
        texts = [cell_text(part) for part in cells[index]]
        by_name = field_of(wanted.kind, texts[-1]) or field_of(wanted.kind, "".join(texts))
        known += bool(by_name or (wanted.unnamed and wanted.unnamed(cells[index])))
    return known > 0 and 2 * known >= len(filled)


def _heading_cells(sheet: Sheet, first: int, last: int) -> tuple[tuple[Cell, ...], ...]:
    """Heading cells per column; a parent stands for the columns right of it that have a child and no parent."""
    result: list[tuple[Cell, ...]] = []
    parent: Cell = None
    parent_has_child = False
    for index in range(sheet.width):
        above = sheet.cell(first, index)
        below = sheet.cell(last, index) if last > first else None
        has_above, has_below = not is_blank(above), not is_blank(below)
        if has_above:
            parent, parent_has_child = above, has_below
        if has_above and has_below and cell_text(above) != cell_text(below):
            result.append((above, below))
        elif has_above:
            result.append((above,))
        elif has_below and parent is not None and parent_has_child:
            result.append((parent, below))
        else:
            result.append((below,) if has_below else ())
    return tuple(result)


def _field(kind: WorkbookKind, parts: tuple[Cell, ...]) -> str | None:
    """Field by the child's heading, else parent and child together, else the parent's."""
    texts = [cell_text(part) for part in parts]
    for candidate in dict.fromkeys([texts[-1], "".join(texts), texts[0]]):
        name = field_of(kind, candidate)
        if name:
            return name
    return None


def _headless(sheet: Sheet, wanted: Wanted, fixed: dict[int, str]) -> Head | None:
    """A sheet without any head, whose columns the user has named."""
    columns = {name: index for index, name in fixed.items() if name != IGNORED}
    complete = all(any(name in columns for name in group) for group in wanted.required)
    if not columns or not complete or wanted.unnamed_needed:
        return None
    cells: tuple[tuple[Cell, ...], ...] = ((),) * sheet.width
    for number, row in enumerate(sheet.rows, start=1):
        if _looks_like_data(row):
            return Head(wanted.kind, sheet, number, number - 1, columns, (), cells)
    return None
