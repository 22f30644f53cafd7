"""Dates and times as people type them into sheets, year-less ones included."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from desktop_app.excel.cells import Cell
from desktop_app.excel.normalising import normal_text

_EPOCH = dt.date(1899, 12, 30)  # serial 1 of the 1900 date system is 1900-01-01, with its false leap day
_FIRST_SERIAL, _LAST_SERIAL = 15_000, 73_050  # 1941-01-24 to 2099-12-31
_FIRST_COMPACT, _LAST_COMPACT = 19_000_101, 20_991_231
_DECIMAL_DATES = (1, 13)  # 1.1 is 1 January, 12.31 is 31 December
_NOON = 12

_FULL = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)\s*[日号]?")
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)")
_YEARLESS = re.compile(r"(?<![\d.])(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?![\d.:])\s*[日号]?")
_TIME = re.compile(
    r"(上午|下午|晚上|晚|早上|中午)?\s*(\d{1,2})\s*(?:[:：时点h.]\s*(\d{1,2})?|(?=\s*$))(?::\d{2})?\s*分?"
)
_RANGE = re.compile(r"\s*(?:--?|—+|–|~|～|至|到)\s*")
_PLACEHOLDER_YEAR = 2000  # a leap year, to try a month and day


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A date whose year the writer left out."""

    month: int
    day: int

    def in_year(self, year: int) -> dt.date | None:
        """The date in ``year``; None for a 29 February there is not."""
        return _date(year, self.month, self.day)


def parse_date(value: Cell, whole: bool = False) -> dt.date | MonthDay | None:
    """A date cell, an Excel serial number or date text; None if it is no date.

    ``whole``: the text must hold nothing after the date.

    ``2020-11-02``, ``2020年11月2日``, ``2020.11.2``, ``20201102`` give dates; ``11-23``, ``11月23日``,
    ``11/23（周一）`` give a ``MonthDay``.
    """
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, int | float):
        return _from_number(value)
    text = normal_text(value)
    if re.fullmatch(r"\d{5}(?:\.0+)?", text):
        return _from_number(float(text))
    full = _FULL.match(text) or _COMPACT.match(text)
    short = None if full else _YEARLESS.match(text)
    match = full or short
    if match is None or (whole and text[match.end() :].strip()):
        return None
    if full:
        year, month, day = (int(part) for part in full.groups())
        return _date(year, month, day)
    return _month_day(int(match[1]), int(match[2]))


def _from_number(value: float) -> dt.date | None:
    if float(value).is_integer():
        whole = int(value)
        if _FIRST_SERIAL <= whole <= _LAST_SERIAL:
            return _EPOCH + dt.timedelta(days=whole)
        if _FIRST_COMPACT <= whole <= _LAST_COMPACT:
            return _date(whole // 10_000, whole // 100 % 100, whole % 100)
    return None


def decimal_month_days(value: Cell) -> tuple[MonthDay, ...]:
    """Readings of a date that Excel took for a decimal: 11.23 is 11-23, 11.2 is 11-2 or 11-20."""
    if (
        isinstance(value, bool)
        or not isinstance(value, float)
        or not _DECIMAL_DATES[0] < value < _DECIMAL_DATES[1]
    ):
        return ()
    month, _, decimals = f"{value:.2f}".partition(".")
    days = [int(decimals)] if decimals[1] != "0" else [int(decimals[0]), int(decimals)]
    found = [_month_day(int(month), day) for day in dict.fromkeys(days)]
    return tuple(item for item in found if item)


def resolve_year(
    part: MonthDay, start: dt.date, end: dt.date, after: dt.date | None = None
) -> dt.date | None:
    """The date of a year-less ``part`` in a period, across New Year too.

    Of several years that fit, the first not before ``after`` (the row above) is taken; where none fits, the
    date nearest to the period. None only for a 29 February with no leap year near.
    """
    near = [d for year in range(start.year - 2, end.year + 3) if (d := part.in_year(year))]
    if not near:
        near = [d for year in range(start.year - 4, end.year + 5) if (d := part.in_year(year))]
    inside = [d for d in near if start <= d <= end]
    if inside:
        return next((d for d in inside if after is None or d >= after), inside[0])
    return min(near, key=lambda d: (max((start - d).days, (d - end).days), d), default=None)


def parse_time(value: Cell) -> dt.time | None:
    """A time cell, a fraction of a day, or ``8:30``, ``08：30``, ``14时30分``, ``下午2:00``, ``1830``."""
    if isinstance(value, dt.datetime):
        return value.time()
    if isinstance(value, dt.time):
        return value.replace(second=0, microsecond=0)
    if isinstance(value, dt.timedelta):
        return _minutes(round(value.total_seconds() / 60))
    if isinstance(value, bool) or value is None or isinstance(value, dt.date):
        return None
    if isinstance(value, int | float):
        return (
            _minutes(round(value * 1440))
            if 0 <= value < 1
            else _clock(int(value))
            if value == int(value)
            else None
        )
    text = normal_text(value)
    if re.fullmatch(r"\d{3,4}", text):
        return _clock(int(text))
    match = _TIME.fullmatch(text)
    if not match:
        return None
    hour, minute = int(match[2]), int(match[3] or 0)
    if match[1] in ("下午", "晚上", "晚") and hour < _NOON:
        hour += 12
    return _time(hour, minute)


def parse_time_range(value: Cell) -> tuple[dt.time, dt.time] | None:
    """``18:30-21:50``, ``8：30至11：50``, ``下午2:00～5:20`` as start and end."""
    if not isinstance(value, str):
        return None
    parts = _RANGE.split(normal_text(value))
    if len(parts) != len(("start", "end")):
        return None
    start, end = (parse_time(part) for part in parts)
    if start is None or end is None:
        return None
    if end < start and end.hour < _NOON <= start.hour:
        end = end.replace(hour=end.hour + 12)
    return start, end


def dates_in(text: str) -> Iterator[dt.date]:
    """Full dates found anywhere in a text."""
    for match in _FULL.finditer(normal_text(text)):
        found = _date(int(match[1]), int(match[2]), int(match[3]))
        if found:
            yield found


def _minutes(count: int) -> dt.time | None:
    return _time(count // 60, count % 60)


def _clock(digits: int) -> dt.time | None:
    return _time(*divmod(digits, 100)) if digits > 99 else None


def _time(hour: int, minute: int) -> dt.time | None:
    try:
        return dt.time(hour, minute)
    except ValueError:
        return None


def _month_day(month: int, day: int) -> MonthDay | None:
    return MonthDay(month, day) if _date(_PLACEHOLDER_YEAR, month, day) else None


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
