"""A new year: numbers begin again, projects of the year before are drafted anew; teachers and parameters go on.

Codes name the year (电工2020-03班, DG-2020-01): within a new year the numbers begin with 01, and none is used twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

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
