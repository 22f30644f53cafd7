"""外来表格: how a form of a bureau or 评价组织 is filled from a class, and how its reply is read back.

A form is learned once per 主管部门 and version: which column takes which field, in what form, under which of their
codes; which single cells say something of the class; and which columns the authority fills before it comes back.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from desktop_app.domain.errors import AppError

PERSON_FIELDS = (
    "number", "name", "document_type", "document_number", "sex", "birth", "age", "ethnicity", "education", "phone",
    "address", "household", "category", "key_group", "employer", "employer_code", "post", "student_number", "major",
    "evidence", "enrolled_on", "ticket", "theory", "practice", "review", "process", "total", "conclusion",
    "certificate_number", "issued_on", "acceptance", "photo",
)  # fmt: skip
CLASS_FIELDS = (
    "institution", "class_code", "project", "trade", "level", "organisation", "start_on", "end_on", "hours", "people",
    "place", "advisers", "today", "filled_by",
)  # fmt: skip
REPLY_FIELDS = (
    "acceptance", "ticket", "theory", "practice", "review", "process", "conclusion", "certificate_number", "issued_on",
    "cut", "decision",
)  # fmt: skip
"""What a reply brings: 受理号, 准考证号, 成绩, 证书号, 核减 (元) and 核定结果."""

CONSTANT = "constant"
REAL_DATE = "date"
SHIPPED_DATE = "yyyy-MM-dd"
_PHOTO = "{document_number}.jpg"
_LETTER = re.compile(r"[A-Z]{1,3}")
_CELL = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_DATE_PART = re.compile(r"yyyy|MM|dd|M|d")
_LONGEST_TEXT = 200
_MOST_ROWS = 20
_FIELDS_OF_RULE = frozenset({"field", "form", "codes", "text"})

Value = str | int | float | dt.date | None
Facts = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class FillRule:
    """What a cell takes.

    ``field``: a person's or the class's, or ``constant`` (then ``text``). ``form``: of a date ``yyyy年M月d日`` or
    ``date`` (a real date); of a text a pattern such as ``{document_number}.jpg``. ``codes``: our word → theirs.
    """

    field: str
    form: str = ""
    codes: Mapping[str, str] = dataclasses.field(default_factory=lambda: MappingProxyType({}))
    text: str = ""

    def value(self, facts: Facts) -> Value:
        """Return what goes into the cell; None where there is nothing to say."""
        if self.field == CONSTANT:
            return self.text or None
        found = facts.get(self.field)
        if isinstance(found, dt.date):
            return found if self.form == REAL_DATE else date_text(found, self.form or SHIPPED_DATE)
        if self.field == "photo" or (self.form and found not in (None, "")):
            return _PLACEHOLDER.sub(lambda match: _plain(facts.get(match[1])), self.form or _PHOTO)
        if found in (None, ""):
            return None
        return self.codes.get(str(found), found)


@dataclass(frozen=True, slots=True)
class FormRules:
    """How one sheet of a form is filled and read back.

    ``columns``: letter → what it takes of each person. ``first_row`` is the first person's, the next stands ``step``
    rows below; ``last_row`` the last that may be filled, 0 where nothing stands below. ``cells``: B3 → what it takes of
    the class. ``replies``: letter → what the authority puts there. ``per_class``: each class has a sheet of its own.
    """

    sheet: str
    first_row: int
    columns: Mapping[str, FillRule]
    cells: Mapping[str, FillRule] = dataclasses.field(default_factory=lambda: MappingProxyType({}))
    replies: Mapping[str, str] = dataclasses.field(default_factory=lambda: MappingProxyType({}))
    last_row: int = 0
    step: int = 1
    per_class: bool = False

    @property
    def room(self) -> int | None:
        """Return how many people fit on the sheet; None where nothing stands below."""
        return None if not self.last_row else max(0, (self.last_row - self.first_row) // self.step + 1)

    def to_json(self) -> dict[str, Any]:
        """Return the rules as they are kept."""
        return {
            "sheet": self.sheet,
            "first_row": self.first_row,
            "last_row": self.last_row,
            "step": self.step,
            "per_class": self.per_class,
            "columns": {letter: _rule_json(rule) for letter, rule in self.columns.items()},
            "cells": {place: _rule_json(rule) for place, rule in self.cells.items()},
            "replies": dict(self.replies),
        }


def read_rules(stated: object) -> FormRules:
    """Return rules that were kept or written by hand; AppError FORM_RULES_INVALID (place)."""
    if not isinstance(stated, Mapping):
        raise _invalid("")
    columns = _rules(stated.get("columns"), _LETTER, (*PERSON_FIELDS, *CLASS_FIELDS, CONSTANT), "columns")
    cells = _rules(stated.get("cells"), _CELL, (*CLASS_FIELDS, CONSTANT), "cells")
    replies = stated.get("replies") or {}
    if not isinstance(replies, Mapping):
        raise _invalid("replies")
    for letter, name in replies.items():
        if (
            not _LETTER.fullmatch(str(letter))
            or name not in REPLY_FIELDS
            or list(replies.values()).count(name) > 1
        ):
            raise _invalid(f"replies.{letter}")
    if not columns:
        raise _invalid("columns")
    first, last, step = (_whole(stated, name, default) for name, default in _NUMBERS)
    if first < 1 or not 1 <= step <= _MOST_ROWS or (last and last < first):
        raise _invalid("first_row")
    return FormRules(
        sheet=str(stated.get("sheet") or ""),
        first_row=first,
        columns=columns,
        cells=cells,
        replies={str(letter): str(name) for letter, name in replies.items()},
        last_row=last,
        step=step,
        per_class=stated.get("per_class") is True,
    )


_NUMBERS = (("first_row", 0), ("last_row", 0), ("step", 1))


def date_text(day: dt.date, form: str) -> str:
    """Return a date in a form such as ``yyyy-MM-dd``, ``yyyy年M月d日`` or ``yyyyMMdd``."""
    parts = {
        "yyyy": f"{day.year:04d}", "MM": f"{day.month:02d}", "M": str(day.month),
        "dd": f"{day.day:02d}", "d": str(day.day),
    }  # fmt: skip
    return _DATE_PART.sub(lambda match: parts[match[0]], form)


def _plain(value: Value) -> str:
    return "" if value is None else str(value)


def _rule_json(rule: FillRule) -> dict[str, Any]:
    stated: dict[str, Any] = {"field": rule.field}
    if rule.form:
        stated["form"] = rule.form
    if rule.codes:
        stated["codes"] = dict(rule.codes)
    if rule.text:
        stated["text"] = rule.text
    return stated


def _rules(
    stated: object, place: re.Pattern[str], fields: tuple[str, ...], where: str
) -> dict[str, FillRule]:
    if stated is None:
        return {}
    if not isinstance(stated, Mapping):
        raise _invalid(where)
    found = {}
    for key, rule in stated.items():
        if isinstance(rule, str):
            rule = {"field": rule}  # noqa: PLW2901 - the short form
        if not place.fullmatch(str(key)) or not isinstance(rule, Mapping) or rule.keys() - _FIELDS_OF_RULE:
            raise _invalid(f"{where}.{key}")
        codes = rule.get("codes") or {}
        texts = [rule.get("form", ""), rule.get("text", "")]
        if isinstance(codes, Mapping):
            texts += [*codes.keys(), *codes.values()]
        well = isinstance(codes, Mapping) and all(
            isinstance(one, str) and len(one) <= _LONGEST_TEXT for one in texts
        )
        if rule.get("field") not in fields or not well:
            raise _invalid(f"{where}.{key}")
        found[str(key)] = FillRule(rule["field"], rule.get("form", ""), dict(codes), rule.get("text", ""))
    return found


def _whole(stated: Mapping[str, Any], name: str, default: int) -> int:
    value = stated.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool):
        raise _invalid(name)
    return value


def _invalid(place: str) -> AppError:
    return AppError("FORM_RULES_INVALID", place=place)
