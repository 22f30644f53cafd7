"""What the heading of a mark column says: a date (often without year), a half day, a time, or 第n次."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from desktop_app.excel.cells import Cell, cell_text
from desktop_app.excel.dates import MonthDay, decimal_month_days, parse_date, parse_time
from desktop_app.excel.normalising import normal_text

_ORDINAL = re.compile(r"第\s*(\d{1,3})\s*(?:次课|课次|节课|次|节|讲|课|天)")
_WEEKDAY = re.compile(r"(?:周|星期|礼拜)[一二三四五六日天]")
_LONE_WEEKDAY = re.compile(r"[一二三四五六日天]")
_HALF_DAY = re.compile(r"上午|下午|晚上|晚间|夜间|晚|^[上下早]$")
_CLOCK = re.compile(r"(\d{1,2}\s*[:：]\s*\d{2})(?:\s*[-~～至—]+\s*\d{1,2}\s*[:：]\s*\d{2})?")
_MONTH = re.compile(r"(\d{4}\s*年)?\s*(\d{1,2})\s*月份?")
_DAY = re.compile(r"(\d{1,2})\s*[日号]?")
_NUMBER = re.compile(r"\d{1,3}")
_PARTS = {"上": "morning", "早": "morning", "下": "afternoon", "晚": "evening", "夜": "evening"}


@dataclass(frozen=True, slots=True)
class SessionHeading:
    """What a heading says.

    ``days`` are its readings (11.2 is the 2nd or the 20th), ``part`` is morning | afternoon | evening or "".
    """

    days: tuple[dt.date | MonthDay, ...] = ()
    ordinal: int | None = None
    part: str = ""
    start: dt.time | None = None


@dataclass(slots=True)
class _Said:
    days: tuple[dt.date | MonthDay, ...] = ()
    ordinal: int | None = None
    part: str = ""
    start: dt.time | None = None
    month: str = ""

    def add(self, cell: Cell) -> bool:
        """Take in one cell; False where it says anything else."""
        text = normal_text(cell_text(cell))
        text, start, part, ordinal = _without_details(text)
        self.start, self.part = start or self.start, part or self.part
        self.ordinal = self.ordinal if ordinal is None else ordinal
        if not text:
            return bool(start or part or ordinal is not None) or _WEEKDAY.search(cell_text(cell)) is not None
        if month := _MONTH.fullmatch(text):
            self.month = f"{month[1] or ''}{month[2]}月"
            return True
        if self.month and (day := _DAY.fullmatch(text)):
            found = parse_date(f"{self.month}{day[1]}日")
            self.days = (found,) if found else ()
            return found is not None
        days = _days(cell, text)
        if days:
            self.days = days
        elif _NUMBER.fullmatch(text) and int(text) > 0:
            self.ordinal = int(text)
        else:
            return _LONE_WEEKDAY.fullmatch(text) is not None
        return True


def _without_details(text: str) -> tuple[str, dt.time | None, str, int | None]:
    """The text without 第n次, weekday, half day and time, and what these said."""
    ordinal = _ORDINAL.search(text)
    text = _WEEKDAY.sub(" ", _ORDINAL.sub(" ", text))
    clock = _CLOCK.search(text)
    text = _CLOCK.sub(" ", text).strip(" ()（）,，、.-")
    half = _HALF_DAY.search(text)
    text = _HALF_DAY.sub(" ", text).strip(" ()（）,，、.-")
    start = parse_time(clock[1]) if clock else None
    return text, start, _PARTS[half.group()[0]] if half else "", int(ordinal[1]) if ordinal else None


def _days(cell: Cell, text: str) -> tuple[dt.date | MonthDay, ...]:
    decimals = decimal_month_days(cell)
    if decimals:
        return decimals
    if isinstance(cell, dt.date):
        found = parse_date(cell)
    else:
        found = parse_date(text if isinstance(cell, str) else cell, whole=True)
    return (found,) if found else ()


def read_session_heading(parts: tuple[Cell, ...]) -> SessionHeading | None:
    """What the heading cells (parent, child) of a column say; None if the lowest one says something else.

    A parent that says something else is the title of a group of columns and is passed over.
    """
    said = _Said()
    for place, cell in enumerate(parts):
        if not said.add(cell) and place == len(parts) - 1:
            return None
    if not said.days and said.ordinal is None:
        return None
    return SessionHeading(said.days, said.ordinal, said.part, said.start)


def is_session_heading(parts: tuple[Cell, ...]) -> int:
    """How surely heading cells make their column one of marks: 2 by a date, 1 by a number, 0 not at all."""
    said = read_session_heading(parts) if parts else None
    return 0 if said is None else 2 if said.days else 1
