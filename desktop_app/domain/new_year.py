"""A new year: numbers begin again, projects and values that end with the year before are made anew; the rest goes on.

Codes name the year (电工2020-03班, DG-2020-01): within a new year the numbers begin with 01, and none is used twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from desktop_app.domain.policy_parameters import Owner, PolicyParameter

_CLASS_CODE = re.compile(r"(?P<stem>.*?)(?P<year>20\d\d)-(?P<number>\d{2,})(?P<tail>\D*)")


@dataclass(frozen=True, slots=True)
class NextCode:
    """The next class code of a row of codes: ``last`` is the newest one there is."""

    last: str
    following: str


def renamed(code: str, year: int) -> str | None:
    """Return a code with the year before replaced by ``year``; None where it names no such year."""
    former = str(year - 1)
    if not re.search(rf"(?<!\d){former}(?!\d)", code):
        return None
    return re.sub(rf"(?<!\d){former}(?!\d)", str(year), code)


def next_codes(codes: Iterable[str], year: int) -> tuple[NextCode, ...]:
    """Return for every row of class codes that was used this year or the year before the next code of the year.

    Numbers are never reused: the highest of the year counts, whatever became of its class.
    """
    rows: dict[tuple[str, str], dict[int, tuple[int, str]]] = {}
    for code in codes:
        match = _CLASS_CODE.fullmatch(code)
        if match is None or int(match["year"]) not in {year - 1, year}:
            continue
        newest = rows.setdefault((match["stem"], match["tail"]), {})
        known = newest.get(int(match["year"]), (0, ""))
        newest[int(match["year"])] = max(known, (int(match["number"]), code))
    found = []
    for (stem, tail), newest in sorted(rows.items()):
        number, last = newest.get(year, (0, newest.get(year - 1, (0, ""))[1]))
        found.append(NextCode(last, f"{stem}{year}-{number + 1:02d}{tail}"))
    return tuple(found)


def carried(values: Iterable[PolicyParameter], year: int) -> tuple[PolicyParameter, ...]:
    """Return the institution's values that end with the year before, as they would hold for ``year``.

    Left out is what has a value of the year already. The 文号 was for the former year: without one a value warns and
    does not block, until the new one is entered. Values without an end go on by themselves.
    """
    own = [one for one in values if one.owner is Owner.INSTITUTION]
    first, last = date(year, 1, 1), date(year, 12, 31)
    there = {_place(one) for one in own if one.since is not None and first <= one.since <= last}
    return tuple(
        replace(one, since=first, until=last, document=None)
        for one in own
        if one.until is not None and one.until.year == year - 1 and _place(one) not in there
    )


def _place(value: PolicyParameter) -> tuple[str, str | None, str | None]:
    return value.code, value.region, value.channel
