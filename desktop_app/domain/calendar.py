"""Working days with the public-holiday table of the State Council (调休 included), and weekday names.

The table is shipped and updatable. In a year it lacks, weekends alone are counted and the answer is marked
uncertain: a warning, never an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import resources
from desktop_app.domain.errors import AppError

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_SATURDAY = 5
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayAnswer:
    """A date that was reckoned; ``certain`` is False where a year without a holiday table was crossed."""

    day: date
    certain: bool


@dataclass(frozen=True, slots=True)
class CountAnswer:
    """A number of working days; ``certain`` as in DayAnswer."""

    days: int
    certain: bool


@dataclass(frozen=True, slots=True)
class WorkAnswer:
    """Whether a day is worked; ``certain`` as in DayAnswer."""

    is_working: bool
    certain: bool


@cache
def _year(year: int) -> tuple[dict[str, str], frozenset[str]] | None:
    """Return (public holidays by month-day with their name, weekend days that are worked), None if unknown."""
    row = resources.load_json("codes", "holidays.json")["years"].get(str(year))
    if row is None:
        return None
    return {day: name for name, days in row["off"].items() for day in days}, frozenset(row["work"])


def has_holiday_table(year: int) -> bool:
    """Tell whether the holidays of a year are known."""
    return _year(year) is not None


def holiday_name(day: date) -> str | None:
    """Return 国庆节 on a public holiday, else None."""
    table = _year(day.year)
    return table[0].get(day.strftime("%m-%d")) if table else None


def is_working_day(day: date) -> WorkAnswer:
    """Tell whether a day is worked in offices."""
    table = _year(day.year)
    if table is None:
        return WorkAnswer(day.weekday() < _SATURDAY, certain=False)
    key = day.strftime("%m-%d")
    if key in table[0]:
        return WorkAnswer(is_working=False, certain=True)
    return WorkAnswer(key in table[1] or day.weekday() < _SATURDAY, certain=True)


def add_working_days(day: date, count: int) -> DayAnswer:
    """Return the ``count``-th working day after ``day`` (before it for a negative count, itself for 0).

    The day itself is not counted: what is filed on it is ``count`` working days before the answer.
    """
    step = _DAY if count > 0 else -_DAY
    certain = True
    left = abs(count)
    while left:
        day += step
        answer = is_working_day(day)
        certain = certain and answer.certain
        left -= answer.is_working
    return DayAnswer(day, certain)


def working_days_between(start: date, end: date) -> CountAnswer:
    """Count the working days after ``start`` up to and including ``end``; negative where ``end`` is earlier."""
    if end < start:
        back = working_days_between(end - _DAY, start - _DAY)
        return CountAnswer(-back.days, back.certain)
    answers = [is_working_day(start + _DAY * offset) for offset in range(1, (end - start).days + 1)]
    return CountAnswer(sum(a.is_working for a in answers), all(a.certain for a in answers))


def holiday_table_warning(year: int) -> AppError | None:
    """Return the warning HOLIDAYS_UNKNOWN for a year without a table, else None."""
    return None if has_holiday_table(year) else AppError("HOLIDAYS_UNKNOWN", year=year)


def weekday_name(day: date) -> str:
    """Return 周一 … 周日."""
    return WEEKDAYS[day.weekday()]


def dated(day: date) -> str:
    """Return a date as screens show it: 2020-11-05 周四."""
    return f"{day.isoformat()} {weekday_name(day)}"
