"""Looks at a form of somebody else: where its table is, which cells are to be filled, and what is likely meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import resources
from desktop_app.domain.errors import AppError
from desktop_app.domain.foreign_forms import PERSON_FIELDS, FillRule, FormRules
from desktop_app.excel.cells import cell_text, column_index, column_letter, is_blank
from desktop_app.excel.column_names import WorkbookKind, field_of, normal_heading
from desktop_app.excel.headers import Head, Wanted, find_head
from desktop_app.excel.normalising import normal_text
from desktop_app.excel.reading import read_workbook
from desktop_app.excel.sheets import Sheet
from desktop_app.excel.table_body import ends_table

_WANTED = Wanted(WorkbookKind.ROSTER, (("name",),))
_KINDS = (WorkbookKind.ROSTER, WorkbookKind.SCORES, WorkbookKind.CERTIFICATES)
_LABEL_ROWS = 30
_FREE_ROWS = 2  # rows below a head that may hold examples before the form is called full

_LABEL = re.compile(r"[:：\s]+$")
_OURS = {"birth_date": "birth", "major_or_post": "post"}
"""Fields of workbooks that a form calls otherwise."""


@dataclass(frozen=True, slots=True)
class FormSheet:
    """A sheet of a form: ``headings`` letter → text, ``rules`` what is proposed; ``signature`` of its headings."""

    name: str
    signature: str
    headings: Mapping[str, str]
    rules: FormRules


def look_at_form(path: Path, sheet: str | None = None) -> FormSheet:
    """Find the table of a form and propose how to fill it.

    Raises what ``read_workbook`` and ``find_head`` raise.
    """
    return _looked_at(read_workbook(path), sheet)


def sheets_like(path: Path, signature: str) -> list[FormSheet]:
    """Return the sheets whose headings are those of a form, in their order; AppError of ``read_workbook``."""
    sheets = read_workbook(path)
    found = []
    for sheet in sheets:
        try:
            looked = _looked_at(sheets, sheet.name)
        except AppError:
            continue  # a sheet without such a table
        if looked.signature == signature:
            found.append(looked)
    return found


def _looked_at(sheets: Sequence[Sheet], name: str | None) -> FormSheet:
    head = find_head(sheets, _WANTED, sheet=name)
    columns: dict[str, FillRule] = {}
    replies: dict[str, str] = {}
    for index, parts in enumerate(head.cells):
        if parts:
            letter, texts = column_letter(index), [cell_text(part) for part in parts]
            reply = _known(texts, _named("reply"))
            found = _known(texts, _named("person")) or _field(texts)
            if reply and reply not in replies.values():
                replies[letter] = reply
            elif found and all(rule.field != found for rule in columns.values()):
                columns[letter] = FillRule(found)
    first, last = _rows(head, columns)
    rules = FormRules(
        sheet=head.sheet.name,
        first_row=first,
        last_row=last,
        columns=columns,
        cells=dict(_labelled(head.sheet, head.first)),
        replies=replies,
    )
    return FormSheet(head.sheet.name, head.signature, head.headings, rules)


def _named(part: str) -> Mapping[str, str]:
    """Return normalised words → field, of persons, of the class, or of what comes back."""
    table = resources.load_json("templates", "forms.json")[part]
    return {normal_heading(word): name for name, words in table.items() for word in words}


def _known(texts: Sequence[str], words: Mapping[str, str]) -> str:
    candidates = (normal_heading(one) for one in (texts[-1], "".join(texts), texts[0]))
    return next((words[one] for one in candidates if one in words), "")


def _field(texts: Sequence[str]) -> str:
    from_kinds = (field_of(kind, text) for text in (texts[-1], "".join(texts)) for kind in _KINDS)
    found = next((one for one in from_kinds if one), "")
    ours = _OURS.get(found, found)
    return ours if ours in PERSON_FIELDS else ""


def _rows(head: Head, columns: Mapping[str, FillRule]) -> tuple[int, int]:
    """Return the first row to fill and the last, 0 where nothing stands below the rows."""
    fillable = [
        column_index(letter) for letter, rule in columns.items() if rule.field not in ("number", "age", "sex")
    ]
    first = head.last + 1
    for _example in range(_FREE_ROWS):
        if _filled(head.sheet, first, fillable) and not ends_table(head.sheet, first):
            first += 1
    row = first
    while row <= len(head.sheet.rows):
        if _filled(head.sheet, row, fillable) or ends_table(head.sheet, row):
            return first, row - 1
        row += 1
    return first, 0


def _filled(sheet: Sheet, row: int, columns: Sequence[int]) -> bool:
    return any(not is_blank(sheet.cell(row, index)) for index in columns)


def _labelled(sheet: Sheet, until: int) -> Iterator[tuple[str, FillRule]]:
    """Yield the empty cells right of a label that says something of the class, as B3 → what it takes."""
    words = _named("class")
    seen: set[str] = set()
    places = [*range(1, until), *range(max(until, len(sheet.rows) - _LABEL_ROWS), len(sheet.rows) + 1)]
    for row in dict.fromkeys(places):
        for index in range(sheet.width):
            cell = sheet.cell(row, index)
            if not isinstance(cell, str) or is_blank(cell):
                continue
            found = words.get(normal_heading(_LABEL.sub("", normal_text(cell))))
            if found and found not in seen and is_blank(sheet.cell(row, index + 1)):
                seen.add(found)
                yield f"{column_letter(index + 1)}{row}", FillRule(found)
