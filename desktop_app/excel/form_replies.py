"""Reads what an authority put into a form that we filled: by person, in the columns that the form's rules name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from desktop_app.domain.errors import AppError
from desktop_app.domain.foreign_forms import FormRules
from desktop_app.excel.cells import cell_text, column_index, is_blank, is_rounded_number
from desktop_app.excel.normalising import normal_document, normal_name, normal_text
from desktop_app.excel.people import PersonKey
from desktop_app.excel.reading import read_workbook
from desktop_app.excel.sheets import Sheet
from desktop_app.excel.table_body import ends_table, whole_number

_WHO = ("name", "document_number")


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """A person's line: ``values`` is field of a reply → text, only of cells that hold something."""

    person: PersonKey
    values: Mapping[str, str]


def read_replies(path: Path, sheet: str, rules: FormRules) -> tuple[ReplyRow, ...]:
    """Read the lines of a reply.

    Raises what ``read_workbook`` raises, SHEET_NOT_FOUND, and FORM_WITHOUT_NAMES where the rules fill neither name nor
    document number.
    """
    found = next((one for one in read_workbook(path) if one.name == sheet), None)
    if found is None:
        raise AppError("SHEET_NOT_FOUND", sheet=sheet)
    letters = {rule.field: letter for letter, rule in rules.columns.items()}
    who = [column_index(letters[name]) for name in _WHO if name in letters]
    if not who:
        raise AppError("FORM_WITHOUT_NAMES")
    last = rules.last_row or len(found.rows)
    return tuple(
        _row(found, row, letters, rules)
        for row in range(rules.first_row, last + 1, rules.step)
        if not ends_table(found, row) and any(not is_blank(found.cell(row, index)) for index in who)
    )


def _row(sheet: Sheet, row: int, letters: Mapping[str, str], rules: FormRules) -> ReplyRow:
    def cell(name: str) -> str:
        return cell_text(sheet.cell(row, column_index(letters[name]))) if name in letters else ""

    document = (
        sheet.cell(row, column_index(letters["document_number"])) if "document_number" in letters else None
    )
    columns = {**letters, **{field: letter for letter, field in rules.replies.items()}}
    person = PersonKey(
        row,
        whole_number(cell("number")),
        normal_name(cell("name")),
        normal_document(cell("document_number")),
        is_rounded_number(document),
        columns,
    )
    values = {
        field: normal_text(cell_text(sheet.cell(row, column_index(letter))))
        for letter, field in rules.replies.items()
    }
    return ReplyRow(person, {field: text for field, text in values.items() if text})
