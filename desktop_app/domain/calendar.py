"""Working days with the public-holiday table of the State Council (调休 included), and weekday names.

The table is shipped; ``years`` are those that policy files have brought since (``policy_subjects.holiday_years``) and
go before it. In a year that neither has, weekends alone are counted and the answer is marked uncertain: a warning,
never an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any

import resources
from desktop_app.domain.errors import AppError

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_SATURDAY = 5
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CountAnswer:
    """A number of working days; ``certain`` is False where a year of it has no table of holidays."""

    days: int
    certain: bool


@dataclass(frozen=True, slots=True)
class WorkAnswer:
    """Whether a day is worked; ``certain`` as in CountAnswer."""

    is_working: bool
    certain: bool


@dataclass(frozen=True, slots=True)
class HolidayYear:
    """Public holidays of a year by month-day with their name, and the weekend days that are worked (调休)."""

    off: Mapping[str, str]
    work: frozenset[str]

    def as_json(self) -> dict[str, Any]:
        """Return the year as the table and policy files write it."""
        names: dict[str, list[str]] = {}
        for day, name in sorted(self.off.items()):
            names.setdefault(name, []).append(day)
        return {"off": names, "work": sorted(self.work)}


HolidayYears = Mapping[int, HolidayYear]
SHIPPED_ONLY: HolidayYears = MappingProxyType({})


def read_holiday_year(year: int, value: object) -> HolidayYear:
    """Read {"off": {"元旦": ["01-01", …], …}, "work": ["01-04", …]} of a year.

    Raises AppError HOLIDAYS_WRONG (``year``, ``value``): no such day, a day off and worked at once, a worked day that
    is no weekend, no holiday at all.
    """
    given = value if isinstance(value, dict) else {}
    names, work = given.get("off"), given.get("work", [])
    if not isinstance(names, dict) or not names or not isinstance(work, list):
        raise AppError("HOLIDAYS_WRONG", year=year, value="")
    off = {day: name for name, days in names.items() if isinstance(days, list) for day in days}
    if not off:
        raise AppError("HOLIDAYS_WRONG", year=year, value="")
    for day in (*off, *work):
        _checked_day(year, day)
    for day in work:
        if day in off or _checked_day(year, day).weekday() < _SATURDAY:
            raise AppError("HOLIDAYS_WRONG", year=year, value=day)
    return HolidayYear(off, frozenset(work))


def _checked_day(year: int, day: object) -> date:
    try:
        return date.fromisoformat(f"{year:04d}-{day}")
    except ValueError:
        raise AppError("HOLIDAYS_WRONG", year=year, value=str(day)[:20]) from None


@cache
def _shipped(year: int) -> HolidayYear | None:
    row = resources.load_json("codes", "holidays.json")["years"].get(str(year))
    if row is None:
        return None
    off = {day: name for name, days in row["off"].items() for day in days}
    return HolidayYear(off, frozenset(row["work"]))


def _year(year: int, years: HolidayYears) -> HolidayYear | None:
    return years.get(year) or _shipped(year)


def has_holiday_table(year: int, years: HolidayYears = SHIPPED_ONLY) -> bool:
    """Tell whether the holidays of a year are known."""
    return _year(year, years) is not None


def holiday_name(day: date, years: HolidayYears = SHIPPED_ONLY) -> str | None:
    """Return 国庆节 on a public holiday, else None."""
    table = _year(day.year, years)
    return table.off.get(day.strftime("%m-%d")) if table else None


def is_working_day(day: date, years: HolidayYears = SHIPPED_ONLY) -> WorkAnswer:
    """Tell whether a day is worked in offices."""
    table = _year(day.year, years)
    if table is None:
        return WorkAnswer(day.weekday() < _SATURDAY, certain=False)
    key = day.strftime("%m-%d")
    if key in table.off:
        return WorkAnswer(is_working=False, certain=True)
    return WorkAnswer(key in table.work or day.weekday() < _SATURDAY, certain=True)


def working_days_between(start: date, end: date, years: HolidayYears = SHIPPED_ONLY) -> CountAnswer:
    """Count the working days after ``start`` up to and including ``end``; negative where ``end`` is earlier."""
    if end < start:
        back = working_days_between(end - _DAY, start - _DAY, years)
        return CountAnswer(-back.days, back.certain)
    answers = [is_working_day(start + _DAY * offset, years) for offset in range(1, (end - start).days + 1)]
    return CountAnswer(sum(a.is_working for a in answers), all(a.certain for a in answers))


def weekday_name(day: date) -> str:
    """Return 周一 … 周日."""
    return WEEKDAYS[day.weekday()]


def dated(day: date) -> str:
    """Return a date as screens show it: 2020-11-05 周四."""
    return f"{day.isoformat()} {weekday_name(day)}"
