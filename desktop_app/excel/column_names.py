"""The shipped table of headings: which field a column of which workbook is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from types import MappingProxyType

import resources
from desktop_app.excel.normalising import normal_mark


class WorkbookKind(StrEnum):
    """What a workbook brings; names its section of ``resources/templates/columns.json``."""

    ROSTER = "roster"
    TIMETABLE = "timetable"
    ATTENDANCE = "attendance"
    SCORES = "scores"
    CERTIFICATES = "certificates"
    EMPLOYMENT = "employment"


_BRACKETS = re.compile(r"[(\[【〔][^)\]】〕]*[)\]】〕]")
_DECORATION = re.compile(r"^[*★※]+|[*★※:]+$")


def normal_heading(text: str) -> str:
    """A heading without spaces, line breaks, width, case and marks of obligation."""
    return _DECORATION.sub("", normal_mark(text))


def known_headings(kind: WorkbookKind) -> Mapping[str, str]:
    """Normalised heading → field, for all headings known in workbooks of ``kind``."""
    return _headings(kind)


@cache
def _headings(kind: WorkbookKind) -> Mapping[str, str]:
    table = resources.load_json("templates", "columns.json")
    sections = [table[kind.value]] if kind is WorkbookKind.TIMETABLE else [table["person"], table[kind.value]]
    found: dict[str, str] = {}
    for section in sections:
        for field, headings in section.items():
            for heading in headings:
                found.setdefault(normal_heading(heading), field)
    return MappingProxyType(found)


def field_names(kind: WorkbookKind) -> tuple[str, ...]:
    """All fields a column of such a workbook may be mapped to."""
    return tuple(dict.fromkeys(_headings(kind).values()))


def official_heading(kind: WorkbookKind, field: str) -> str:
    """The product's own heading of ``field``, as it is named to the user."""
    table = resources.load_json("templates", "columns.json")
    for section in (table.get("person", {}), table[kind.value]):
        if field in section and not (kind is WorkbookKind.TIMETABLE and section is table.get("person")):
            return str(section[field][0])
    return field


def field_of(kind: WorkbookKind, heading: str) -> str | None:
    """Field of a heading: as it stands, else without what it says in brackets."""
    plain = normal_heading(heading)
    table = known_headings(kind)
    return table.get(plain) or table.get(_DECORATION.sub("", _BRACKETS.sub("", plain)))
