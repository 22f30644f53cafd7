"""Puts values and formats into the cells of one sheet's XML; rows and cells that are missing are added in place."""

from __future__ import annotations

import bisect
import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import unescape

from desktop_app.excel.cells import column_index, column_letter
from desktop_app.excel.formula_safe import is_formula_like
from desktop_app.excel.inplace.markup import (
    Edit,
    Element,
    NotEditable,
    edited,
    find,
    inside,
    prefix_of,
    text,
    with_attribute,
)

_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_AREA = re.compile(r"([A-Z]{1,3}[0-9]{1,7})(?::([A-Z]{1,3}[0-9]{1,7}))?")
_MERGED = re.compile(rb"<(?:[\w.-]+:)?mergeCell\s[^<>]*?\bref\s*=\s*[\"']([A-Z]+[0-9]+:[A-Z]+[0-9]+)[\"']")
_ROW_DEPTH = 2  # worksheet, sheetData, row
_DROP_DOWN = ("dataValidation", "list")
_EPOCHS = {False: dt.date(1899, 12, 30), True: dt.date(1904, 1, 1)}

Place = tuple[int, int]
"""Row as the spreadsheet numbers it, and column index from 0."""


class _Keep:
    """No value is given: the cell keeps its own."""


KEEP = _Keep()
Written = str | int | float | bool | dt.date | None


@dataclass(frozen=True, slots=True)
class CellChange:
    """What becomes of a cell: a value (None empties it, KEEP leaves it) and a ground colour (RRGGBB).

    ``like``: a cell whose format it takes where it is not there yet.
    """

    value: Written | _Keep = KEEP
    colour: str = ""
    like: Place | None = None


@dataclass(frozen=True, slots=True)
class Formats:
    """How formats are asked for: by colour, and for text that looks like a formula; and the workbook's date system."""

    filled: Callable[[int, str], int]
    kept_as_text: Callable[[int], int]
    shows_date: Callable[[int], bool]
    from_1904: bool


def place_of(reference: str) -> Place:
    """Return the place that ``B3`` names; NotEditable where it names none."""
    match = _PLACE.fullmatch(reference)
    if match is None:
        raise NotEditable(reference)
    return int(match[2]), column_index(match[1])


def reference_of(place: Place) -> str:
    """Return ``B3`` for a place."""
    return f"{column_letter(place[1])}{place[0]}"


def merged_areas(part: bytes) -> list[tuple[Place, Place]]:
    """Return the first and last place of every merged area of a sheet."""
    tail = part[max(part.rfind(b"</sheetData"), part.rfind(b":sheetData"), 0) :]
    areas = [one.decode().split(":") for one in _MERGED.findall(tail)]
    return [(place_of(first), place_of(last)) for first, last in areas]


def drop_downs(part: bytes) -> list[tuple[str, str]]:
    """Return the drop-downs of a sheet: the cells that have one, and the formula that its words come from."""
    found = find(
        part, lambda name, given, _depth: name == "formula1" or (name, given.get("type")) == _DROP_DOWN
    )
    outer = [one for one in found if one.name == "dataValidation"]
    return [
        (one.given.get("sqref", ""), unescape(part[inner.opened : inner.closing].decode()))
        for one in outer
        for inner in found
        if inner.name == "formula1" and one.start < inner.start < one.end
    ]


def anchor(place: Place, merged: Sequence[tuple[Place, Place]]) -> Place:
    """Return the cell that shows what stands at a place: the first of a merged area."""
    for first, last in merged:
        if first[0] <= place[0] <= last[0] and first[1] <= place[1] <= last[1]:
            return first
    return place


@dataclass(frozen=True, slots=True)
class _Row:
    element: Element
    number: int
    cells: list[tuple[int, Element]]


class _Wanted:
    """Keeps the rows of a sheet, of the cells those in rows that change, and what says how empty cells look."""

    def __init__(self, rows: Collection[int]) -> None:
        self._rows = rows
        self._row = 0

    def keep(self, name: str, given: Mapping[str, str], depth: int) -> bool:
        if depth == _ROW_DEPTH and name == "row":
            self._row = _number(given.get("r"), self._row + 1)
            return True
        if depth == _ROW_DEPTH + 1:
            return name == "c" and self._row in self._rows
        return (
            depth == 0
            or (depth == 1 and name in {"sheetData", "dimension"})
            or (depth == _ROW_DEPTH and name == "col")
        )


class SheetCells:
    """One sheet whose cells are to change; ``changed`` returns its XML with the changes made."""

    def __init__(self, part: bytes, changes: Mapping[Place, CellChange], formats: Formats) -> None:
        self._part = part
        self._formats = formats
        self._by_row: dict[int, dict[int, CellChange]] = defaultdict(dict)
        for (row, column), change in changes.items():
            self._by_row[row][column] = change
        self.formulas: set[Place] = set()
        """Cells with a formula, whose values were left as they are."""
        models = {change.like for change in changes.values() if change.like is not None}
        self._found = find(part, _Wanted({*self._by_row, *(row for row, _column in models)}).keep)
        self._prefix = prefix_of(part, self._found[0])
        self._rows = list(_numbered(self._found))
        self._models = {
            (row.number, column): int(cell.given.get("s", "0") or 0)
            for row in self._rows
            for column, cell in row.cells
            if (row.number, column) in models
        }

    def changed(self) -> bytes:
        """Return the sheet with every change made."""
        rows = {row.number: row for row in self._rows}
        edits = [edit for number in self._by_row if number in rows for edit in self._row_edits(rows[number])]
        missing = sorted(number for number in self._by_row if number not in rows)
        return edited(self._part, [*edits, *self._placed(missing), *self._dimension()])

    def _placed(self, missing: Sequence[int]) -> Iterator[Edit]:
        """Put new rows before the first row with a higher number, else at the end."""
        data = next((one for one in self._found if one.name == "sheetData"), None)
        if data is None:
            raise NotEditable("sheetData")
        numbers = [row.number for row in self._rows]
        last = []
        for number in missing:
            follower = bisect.bisect(numbers, number)
            if follower == len(numbers):
                last.append(self._new_row(number))
            else:
                start = self._rows[follower].element.start
                yield Edit(start, start, self._new_row(number))
        if last:
            yield inside(self._part, data, b"".join(last))

    def _row_edits(self, row: _Row) -> list[Edit]:
        changes, present = self._by_row[row.number], dict(row.cells)
        style = self._row_style(row.element)
        edits = [
            Edit(cell.start, cell.end, self._changed_cell((row.number, column), cell, changes[column]))
            for column, cell in row.cells
            if column in changes
        ]
        added = [
            (column, self._cell((row.number, column), self._new_style(column, change, style), change))
            for column, change in sorted(changes.items())
            if column not in present
        ]
        last = []
        for column, cell in added:
            follower = next((element.start for place, element in row.cells if place > column), None)
            if follower is None:
                last.append(cell)
            else:
                edits.append(Edit(follower, follower, cell))
        if last or (added and "spans" in row.element.given):
            edits += self._grown_row(row.element, b"".join(last))
        return edits

    def _grown_row(self, row: Element, cells: bytes) -> list[Edit]:
        """Add cells at the end of a row; ``spans`` goes, for it may not hold any more (it is a hint only)."""
        tag = with_attribute(self._part[row.start : row.opened], "spans", None)
        if row.empty:
            closed = f"</{self._prefix}row>".encode()
            return [Edit(row.start, row.end, tag[:-2].rstrip() + b">" + cells + closed)]
        return [Edit(row.start, row.opened, tag), Edit(row.closing, row.closing, cells)]

    def _new_row(self, number: int) -> bytes:
        changes = self._by_row[number]
        cells = b"".join(
            self._cell((number, column), self._new_style(column, changes[column]), changes[column])
            for column in sorted(changes)
        )
        return f'<{self._prefix}row r="{number}">'.encode() + cells + f"</{self._prefix}row>".encode()

    def _changed_cell(self, place: Place, cell: Element, change: CellChange) -> bytes:
        tag = self._part[cell.start : cell.opened]
        style = int(cell.given.get("s", "0") or 0)
        content = self._part[cell.opened : cell.end]
        formula = (
            find(self._part[cell.start : cell.end], lambda name, *_: name == "f") if not cell.empty else []
        )
        if formula:
            self.formulas.add(place)
        if isinstance(change.value, _Keep) or formula:
            if change.colour:
                tag = with_attribute(tag, "s", str(self._formats.filled(style, change.colour)))
            return tag + content
        return self._cell(place, style, change)

    def _cell(self, place: Place, style: int, change: CellChange) -> bytes:
        """A cell written anew; text stands in the cell itself, so that the shared texts stay as they are."""
        value = None if isinstance(change.value, _Keep) else change.value
        if isinstance(value, str) and is_formula_like(value):
            style = self._formats.kept_as_text(style)
        if change.colour:
            style = self._formats.filled(style, change.colour)
        p, kind, body = self._prefix, "", ""
        if isinstance(value, bool):
            kind, body = ' t="b"', f"<{p}v>{int(value)}</{p}v>"
        elif isinstance(value, str):
            if value:
                kind, body = (
                    ' t="inlineStr"',
                    f'<{p}is><{p}t xml:space="preserve">{text(value)}</{p}t></{p}is>',
                )
        elif value is not None:
            number = value if isinstance(value, int | float) else self._serial(value)
            body = f"<{p}v>{number!r}</{p}v>"
        shown = f' s="{style}"' if style else ""
        head = f'<{p}c r="{reference_of(place)}"{shown}{kind}'
        return (f"{head}>{body}</{p}c>" if body else f"{head}/>").encode()

    def _serial(self, value: dt.date) -> int:
        return (value - _EPOCHS[self._formats.from_1904]).days

    def _new_style(self, column: int, change: CellChange, of_row: int = 0) -> int:
        """Return the format of a cell that is not there yet: of its model, its row, or its column."""
        model = self._models.get(change.like) if change.like is not None else None
        return model or of_row or self._column_style(column)

    def _row_style(self, row: Element) -> int:
        return int(row.given.get("s", "0")) if row.given.get("customFormat") in {"1", "true"} else 0

    def _column_style(self, column: int) -> int:
        for one in self._found:
            if one.name == "col" and int(one.given["min"]) <= column + 1 <= int(one.given["max"]):
                return int(one.given.get("style", "0"))
        return 0

    def _dimension(self) -> list[Edit]:
        """Let the stated area take in what was added: some readers stop there."""
        stated = next((one for one in self._found if one.name == "dimension"), None)
        match = _AREA.fullmatch(stated.given.get("ref", "")) if stated else None
        if stated is None or match is None:
            return []
        first, last = place_of(match[1]), place_of(match[2] or match[1])
        rows = [first[0], last[0], *self._by_row]
        columns = [first[1], last[1], *(column for row in self._by_row.values() for column in row)]
        area = f"{reference_of((min(rows), min(columns)))}:{reference_of((max(rows), max(columns)))}"
        if area in (stated.given["ref"], f"{stated.given['ref']}:{stated.given['ref']}"):
            return []
        tag = with_attribute(self._part[stated.start : stated.opened], "ref", area)
        return [Edit(stated.start, stated.opened, tag)]


def _numbered(found: Iterable[Element]) -> Iterator[_Row]:
    """Rows with their numbers and cells; those that state no place follow the one before."""
    row: _Row | None = None
    for element in found:
        if element.name == "row":
            if row is not None:
                yield row
            row = _Row(element, _number(element.given.get("r"), row.number + 1 if row else 1), [])
        elif element.name == "c" and row is not None:
            stated = element.given.get("r")
            after = row.cells[-1][0] + 1 if row.cells else 0
            row.cells.append((place_of(stated)[1] if stated else after, element))
    if row is not None:
        yield row


def _number(stated: str | None, otherwise: int) -> int:
    if stated is None:
        return otherwise
    if not stated.isdecimal():
        raise NotEditable(stated)
    return int(stated)
