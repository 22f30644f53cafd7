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
from desktop_app.excel.sheets import Sheet

SEARCHED_ROWS = 60  # a head further down than this is not looked for
IGNORED = "ignore"  # a column that the user's mapping leaves out

_DOCUMENT_LENGTH, _DOCUMENT_DIGITS = 15, 9  # the shortest residents' number; digits of a short passport
_MOST_ROWS = 3  # of a head
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


def _weight(head: Head, wanted: Wanted) -> tuple[int, int, int]:
    """How much is recognised, the surer readings counting more; then how many columns have a heading at all (the
    user's mapping names columns whatever stands over them); of equals the head of fewer rows.
    """
    unnamed = sum(wanted.unnamed(head.cells[index]) for index in head.extras) if wanted.unnamed else 0
    headed = sum(1 for index in head.columns.values() if index < len(head.cells) and head.cells[index])
    return len(head.columns) + unnamed, headed, head.first - head.last


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
        for last in range(row, row + _MOST_ROWS):
            if last > row and (last > len(sheet.rows) or _looks_like_data(sheet.rows[last - 1])):
                break
            head = _try_head(sheet, row, last, wanted, fixed)
            if head and (best is None or _weight(head, wanted) > _weight(best, wanted)):
                best = head
    if best is None:
        return _headless(sheet, wanted, fixed)
    return _with_row_below(_with_rows_above(best, wanted, fixed), wanted, fixed)


def _with_rows_above(head: Head, wanted: Wanted, fixed: dict[int, str]) -> Head:
    """A head begins where its merged cells do, though its last row alone names as many columns."""
    above = head.first - 1
    if head.last - above >= _MOST_ROWS or above < 1 or not _reaches(head, above, 0):
        return head
    more = _try_head(head.sheet, above, head.last, wanted, fixed, reached=True)
    whole = more is not None and more.columns.keys() >= head.columns.keys()
    return _with_rows_above(more, wanted, fixed) if more and whole else head


def _with_row_below(head: Head, wanted: Wanted, fixed: dict[int, str]) -> Head:
    """A head takes in rows under it that its merged cells reach, and one row of weekdays, half days or the like."""
    below = head.last + 1
    if (
        below - head.first >= _MOST_ROWS
        or below > len(head.sheet.rows)
        or _looks_like_data(head.sheet.rows[below - 1])
    ):
        return head
    reached = _reaches(head, below, -1)
    if not reached and head.last != head.first:
        return head
    both = _try_head(head.sheet, head.first, below, wanted, fixed, reached=reached)
    if both and reached and both.columns.keys() >= head.columns.keys():
        return _with_row_below(both, wanted, fixed)
    return both if both and both.columns == head.columns and both.extras == head.extras else head


def _reaches(head: Head, row: int, part: int) -> bool:
    """Whether two cells of the head's first (0) or last (-1) row are merged into a row: their words are repeated."""
    same = sum(
        1
        for index, parts in enumerate(head.cells)
        if parts and cell_text(head.sheet.cell(row, index)).strip() == cell_text(parts[part]).strip()
    )
    return same >= _FEWEST


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


def _try_head(
    sheet: Sheet, first: int, last: int, wanted: Wanted, fixed: dict[int, str], *, reached: bool = False
) -> Head | None:
    cells = _heading_cells(sheet, first, last)
    below = range(first + 1, last + 1)
    if not reached and not all(_is_lower_row(sheet, row, cells, wanted) for row in below):
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


def _is_lower_row(sheet: Sheet, row: int, cells: tuple[tuple[Cell, ...], ...], wanted: Wanted) -> bool:
    """A row under the first belongs to the head if most of it are headings, alone or with those above."""
    filled = [index for index in range(sheet.width) if not is_blank(sheet.cell(row, index))]
    known = 0
    for index in filled:
        own, texts = cell_text(sheet.cell(row, index)), [cell_text(part) for part in cells[index]]
        by_name = field_of(wanted.kind, own) or field_of(wanted.kind, "".join(texts))
        known += bool(by_name or (wanted.unnamed and wanted.unnamed(cells[index])))
    return known > 0 and 2 * known >= len(filled)


def _heading_cells(sheet: Sheet, first: int, last: int) -> tuple[tuple[Cell, ...], ...]:
    """Heading cells per column from parent to child.

    A cell with others under it stands for the columns right of it that have something under it and no cell of their
    own, up to the next cell in its row or above it.
    """
    depth = last - first + 1
    carried: list[Cell] = [None] * depth
    result: list[tuple[Cell, ...]] = []
    for index in range(sheet.width):
        column = [sheet.dated(sheet.cell(row, index)) for row in range(first, last + 1)]
        parts: list[Cell] = []
        for level, cell in enumerate(column):
            under = next((one for one in column[level + 1 :] if not is_blank(one)), None)
            if not is_blank(cell):
                has_child = under is not None and cell_text(under) != cell_text(cell)
                carried[level:] = [cell if has_child else None, *[None] * (depth - level - 1)]
                parts.append(cell)
            elif under is not None and carried[level] is not None:
                parts.append(carried[level])
        same = [
            place for place in range(1, len(parts)) if cell_text(parts[place]) == cell_text(parts[place - 1])
        ]
        result.append(tuple(part for place, part in enumerate(parts) if place not in same))
    return tuple(result)


def _field(kind: WorkbookKind, parts: tuple[Cell, ...]) -> str | None:
    """Field by the child's heading, else with those above it, else by the parent's."""
    texts = [cell_text(part) for part in parts]
    for candidate in dict.fromkeys([texts[-1], "".join(texts[-2:]), "".join(texts), *texts[-2::-1]]):
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
