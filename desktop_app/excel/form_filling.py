"""Fills a form of somebody else in place: its formulas, drop-downs, merges and formats stay as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_app.domain.errors import AppError
from desktop_app.domain.foreign_forms import Facts, FillRule, FormRules, Value
from desktop_app.excel.cells import cell_text, column_index
from desktop_app.excel.inplace.cells import CellChange, Place, place_of, reference_of
from desktop_app.excel.inplace.markup import NotEditable
from desktop_app.excel.inplace.writing import WorkbookInPlace
from desktop_app.excel.reading import read_workbook
from desktop_app.excel.sheets import Sheet

_AREA = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")
_NAMED_AREA = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!(.+)")


@dataclass(frozen=True, slots=True)
class Portion:
    """What goes onto one sheet: the class, and the people who fit there, each with what is said of their class."""

    sheet: str
    of_class: Facts
    people: tuple[Facts, ...]


@dataclass(frozen=True, slots=True)
class Blank:
    """A cell that stays empty: whose, and the letter of its column; "" where it is of the class (then its place)."""

    person: str
    place: str


@dataclass(frozen=True, slots=True)
class NotOffered:
    """A value that the form's own drop-down does not offer."""

    person: str
    place: str
    value: str


@dataclass(frozen=True, slots=True)
class Filling:
    """What came of filling one file; ``formulas`` are the cells left alone because they compute themselves."""

    blanks: tuple[Blank, ...]
    not_offered: tuple[NotOffered, ...]
    formulas: tuple[str, ...]


def fill_form(source: Path, target: Path, rules: FormRules, portions: Sequence[Portion]) -> Filling:
    """Write a form filled to ``target``.

    Raises AppError FORM_NOT_XLSX (file) where it is no .xlsx whose cells can be changed, SHEET_NOT_FOUND,
    TARGET_NOT_WRITABLE (file), and what ``read_workbook`` raises.
    """
    sheets = {sheet.name: sheet for sheet in read_workbook(source)}
    try:
        book = WorkbookInPlace(source.read_bytes())
        filler = _Filler(book, sheets, rules)
        for portion in portions:
            filler.fill(portion)
        kept = book.write_cells()
        book.recalculate()
    except NotEditable as error:
        raise AppError("FORM_NOT_XLSX", file=source.name) from error
    try:
        book.save(target)
    except OSError as error:
        raise AppError("TARGET_NOT_WRITABLE", file=target.name) from error
    formulas = tuple(
        f"{sheet}!{reference_of(place)}" for sheet, places in kept.items() for place in sorted(places)
    )
    return Filling(tuple(filler.blanks), tuple(filler.not_offered), formulas)


class _Filler:
    """Notes the changes of one file, and what stays empty."""

    def __init__(self, book: WorkbookInPlace, sheets: Mapping[str, Sheet], rules: FormRules) -> None:
        self._book = book
        self._sheets = sheets
        self._rules = rules
        self._offered: dict[str, dict[int, frozenset[str]]] = {}
        self.blanks: list[Blank] = []
        self.not_offered: list[NotOffered] = []

    def fill(self, portion: Portion) -> None:
        """Fill one sheet."""
        if portion.sheet not in self._book.sheets:
            raise AppError("SHEET_NOT_FOUND", sheet=portion.sheet)
        self._offered[portion.sheet] = dict(self._offers(portion.sheet))
        for name, rule in self._rules.cells.items():
            place = self._book.place(portion.sheet, *place_of(name))
            self._put(portion.sheet, place, rule.value(portion.of_class), Blank("", name))
        for number, person in enumerate(portion.people):
            row = self._rules.first_row + number * self._rules.step
            for letter, rule in self._rules.columns.items():
                self._fill_cell(portion.sheet, (row, column_index(letter)), rule, person)

    def _fill_cell(self, sheet: str, place: Place, rule: FillRule, facts: Facts) -> None:
        letter = reference_of(place).rstrip("0123456789")
        name, value = str(facts.get("name") or ""), rule.value(facts)
        if isinstance(value, str) and value not in self._offered[sheet].get(place[1], frozenset({value})):
            self.not_offered.append(NotOffered(name, letter, value))
        model = (self._rules.first_row, place[1])
        self._put(sheet, self._book.place(sheet, *place), value, Blank(name, letter), model)

    def _put(self, sheet: str, place: Place, value: Value, blank: Blank, model: Place | None = None) -> None:
        if value is None:
            self.blanks.append(blank)
        else:
            self._book.change(sheet, place, CellChange(value, like=model))

    def _offers(self, sheet: str) -> Iterator[tuple[int, frozenset[str]]]:
        """Yield the column and the words of every drop-down that the first person's row has."""
        for areas, source in self._book.choices(sheet):
            words = self._words(sheet, source)
            for area in areas.split():
                match = _AREA.fullmatch(area)
                if match and words:
                    top, bottom = int(match[2]), int(match[4] or match[2])
                    left = column_index(match[1])
                    right = column_index(match[3] or match[1])
                    if top <= self._rules.first_row <= bottom:
                        yield from ((column, words) for column in range(left, right + 1))

    def _words(self, sheet: str, source: str) -> frozenset[str]:
        """Return the words of a drop-down: listed in it, or standing in cells; none where its source is not known."""
        if source.startswith('"'):
            return frozenset(word.strip() for word in source.strip('"').split(","))
        named = _NAMED_AREA.fullmatch(source)
        if named:
            sheet, source = (named[1] or named[2]).replace("''", "'"), named[3]
        match, found = _AREA.fullmatch(source), self._sheets.get(sheet)
        if match is None or found is None:
            return frozenset()
        rows = range(int(match[2]), int(match[4] or match[2]) + 1)
        columns = range(column_index(match[1]), column_index(match[3] or match[1]) + 1)
        return frozenset(cell_text(found.cell(row, column)) for row in rows for column in columns) - {""}
