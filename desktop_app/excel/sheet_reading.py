"""What every reader says of the sheet it has read, whatever its rows are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

from desktop_app.excel.headers import Head
from desktop_app.excel.problems import Normalisation, Problem
from desktop_app.excel.table_body import Surroundings, surroundings


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetReading:
    """A sheet as read.

    ``mapping`` is column letter → field, ``headings`` letter → text of every column, ``signature`` their hash;
    ``filled_on`` (填表日期), ``institution`` and ``title`` come from the lines around the table.
    """

    sheet: str
    title: str
    filled_on: dt.date | None
    institution: str | None
    mapping: Mapping[str, str]
    headings: Mapping[str, str]
    signature: str
    problems: tuple[Problem, ...]
    normalised: tuple[Normalisation, ...]


class Reading(TypedDict):
    """The fields of a SheetReading, to be handed to one of its kinds."""

    sheet: str
    title: str
    filled_on: dt.date | None
    institution: str | None
    mapping: Mapping[str, str]
    headings: Mapping[str, str]
    signature: str
    problems: tuple[Problem, ...]
    normalised: tuple[Normalisation, ...]


def reading(
    head: Head,
    problems: Sequence[Problem],
    normalised: Sequence[Normalisation],
    around: Surroundings | None = None,
) -> Reading:
    """Return what a reader says of its sheet; call it once all rows are read, for they add problems."""
    lines = around or surroundings(head)
    return Reading(
        sheet=head.sheet.name,
        title=lines.title,
        filled_on=lines.filled_on,
        institution=lines.institution,
        mapping=head.mapping,
        headings=head.headings,
        signature=head.signature,
        problems=tuple(problems),
        normalised=tuple(normalised),
    )
