"""Templates to be filled in and imported: our own headings, drop-downs, formats, widths, a frozen head.

Each may come filled with what is known, so that it can be mended in Excel and imported again: unchanged it changes
nothing.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

import resources
from desktop_app.domain import codes
from desktop_app.domain.papers import MarkSign
from desktop_app.excel.column_names import WorkbookKind, official_heading
from desktop_app.excel.formula_safe import is_formula_like

Value = str | int | float | None
BLANK_ROWS = 200
"""Rows that are ready to be filled in under those that are filled."""
_HEAD_ROW = 1
_LISTS = "选项"  # the name of the sheet that drop-downs draw from, of which nothing is imported
FIELDS: dict[WorkbookKind, tuple[str, ...]] = {
    WorkbookKind.ROSTER: (
        "number", "name", "document_type", "document_number", "sex", "ethnicity", "education", "phone", "category",
        "key_group", "evidence", "major_or_post", "student_number", "employer", "employer_code", "household",
        "address", "enrolled_on",
    ),
    WorkbookKind.TIMETABLE: (
        "number", "date", "start", "end", "hours", "content", "mode", "place", "teacher",
    ),
    WorkbookKind.ATTENDANCE: ("number", "name"),
    WorkbookKind.SCORES: (
        "number", "name", "ticket", "theory", "practice", "review", "process", "exam_date",
    ),
    WorkbookKind.CERTIFICATES: (
        "number", "name", "certificate_number", "issued_on", "occupation", "level", "organisation",
    ),
    WorkbookKind.EMPLOYMENT: (
        "number", "name", "status", "since", "employer", "credit_code", "post", "contract_from", "contract_until",
        "insured", "matched", "voucher_kind", "voucher_number", "voucher_on", "followed_on",
    ),
}  # fmt: skip
"""The columns of each template, by the fields of the readers; 考勤 has one more for each 课次."""
_DATES = frozenset({"date", "enrolled_on", "exam_date", "issued_on", "since", "contract_from", "contract_until",
                    "voucher_on", "followed_on"})  # fmt: skip
_NUMBERS = frozenset({"number", "hours"})
_WIDTHS = {"number": 6, "name": 12, "document_number": 22, "content": 36, "certificate_number": 26, "employer": 26,
           "address": 30, "key_group": 28, "evidence": 26, "employer_code": 22, "credit_code": 22}  # fmt: skip
_NEEDED = frozenset({"name", "document_number", "date", "content", "certificate_number", "status"})
_MARKS = (MarkSign.PRESENT, MarkSign.LATE, MarkSign.EARLY, MarkSign.LEAVE, MarkSign.ABSENT)


@dataclass(frozen=True, slots=True)
class Template:
    """What a template says: its columns by field (see ``FIELDS``), and rows that hold values by field.

    ``sessions`` are the headings of 考勤's columns of marks, their values under the same heading.
    """

    kind: WorkbookKind
    title: str
    note: str
    fields: tuple[str, ...]
    rows: Sequence[Mapping[str, Value]] = ()
    sessions: Sequence[str] = ()


def write_template(template: Template) -> bytes:
    """Return a template as .xlsx."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet(resources.text(f"template.sheet.{template.kind.value}"))
        _Page(book, page, template).write()
    return out.getvalue()


class _Page:
    """The sheet under the making."""

    def __init__(self, book: Workbook, page: Worksheet, template: Template) -> None:
        self._book, self._page, self._template = book, page, template
        self._fields = (*template.fields, *template.sessions)
        self._last = _HEAD_ROW + len(template.rows) + BLANK_ROWS
        grid = {"border": 1, "border_color": "#BFBFBF", "valign": "vcenter"}
        self._text = book.add_format({**grid, "num_format": "@"})
        self._quoted = book.add_format({**grid, "num_format": "@", "quote_prefix": True})
        self._centred = book.add_format({**grid, "num_format": "@", "align": "center"})
        self._whole = book.add_format({**grid, "num_format": "0", "align": "center"})
        self._score = book.add_format({**grid, "num_format": "General", "align": "center"})

    def write(self) -> None:
        page, template = self._page, self._template
        page.write_string(0, 0, template.note, self._book.add_format({"font_color": "#595959"}))
        head = {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}
        needed = self._book.add_format({**head, "bg_color": "#DDEBF7"})
        optional = self._book.add_format({**head, "bg_color": "#F2F2F2"})
        for index, name in enumerate(self._fields):
            style = needed if name in _NEEDED else optional
            page.write_string(_HEAD_ROW, index, self._heading(name), style)
            page.set_column(index, index, _WIDTHS.get(name, 9 if name in template.sessions else 14))
        page.set_row(_HEAD_ROW, 30 if template.sessions else 22)
        for offset in range(len(template.rows) + BLANK_ROWS):
            values = template.rows[offset] if offset < len(template.rows) else {}
            for index, name in enumerate(self._fields):
                self._put(_HEAD_ROW + 1 + offset, index, name, values.get(name))
        self._add_choices()
        page.freeze_panes(_HEAD_ROW + 1, 2)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        page.repeat_rows(_HEAD_ROW)

    def _heading(self, name: str) -> str:
        return name if name in self._template.sessions else official_heading(self._template.kind, name)

    def _put(self, row: int, column: int, name: str, value: Value) -> None:
        style = self._style(name)
        if value is None or value == "":
            self._page.write_blank(row, column, None, style)
        elif isinstance(value, str):
            self._page.write_string(row, column, value, self._quoted if is_formula_like(value) else style)
        else:
            self._page.write_number(row, column, value, style)

    def _style(self, name: str) -> object:
        if name in _NUMBERS:
            return self._whole
        if name in {"theory", "practice", "review", "process"}:
            return self._score
        return self._centred if name in self._template.sessions else self._text

    def _add_choices(self) -> None:
        """Offer what a cell may hold; what is not among it may still be typed, for the readers know more words."""
        lists: Worksheet | None = None
        for index, name in enumerate(self._fields):
            words = self._words(name)
            if not words:
                if name in _DATES:
                    self._hint(index, resources.text("template.hint.date"))
                continue
            if lists is None:
                lists = self._book.add_worksheet(_LISTS)
                lists.hide()
            for row, word in enumerate(words):
                lists.write_string(row, index, word)
            column = xl_col_to_name(index, True)
            source = f"={_LISTS}!{column}$1:{column}${len(words)}"
            self._page.data_validation(
                _HEAD_ROW + 1, index, self._last, index,
                {"validate": "list", "source": source, "error_type": "warning", "show_error": False},
            )  # fmt: skip

    def _hint(self, index: int, text: str) -> None:
        self._page.data_validation(
            _HEAD_ROW + 1, index, self._last, index, {"validate": "any", "input_message": text}
        )

    def _words(self, name: str) -> tuple[str, ...]:
        if name in self._template.sessions:
            return tuple(mark.value for mark in _MARKS)
        return _choices(self._template.kind, name)


@cache
def _choices(kind: WorkbookKind, name: str) -> tuple[str, ...]:
    """Return the words that a drop-down offers for a field; empty for free text."""
    table = resources.load_json("templates", "columns.json")
    sections = {"status": "employment_status", "voucher_kind": "voucher_kinds", "insured": "yes_no",
                "matched": "yes_no", "mode": "session_modes"}  # fmt: skip
    if name in sections:
        return tuple(words[0] for words in table[sections[name]].values())
    coded = {"sex": "sex", "ethnicity": "ethnic_groups", "education": "education", "category": "categories",
             "key_group": "key_groups", "document_type": "document_types"}  # fmt: skip
    if kind is WorkbookKind.ROSTER and name in coded:
        return tuple(entry.short for entry in codes.table(coded[name]).entries)
    return ()
