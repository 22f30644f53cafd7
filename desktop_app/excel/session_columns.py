"""Places the columns of an attendance sheet on the sessions of the timetable."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from desktop_app.excel.cells import column_letter
from desktop_app.excel.dates import MonthDay
from desktop_app.excel.headers import Head
from desktop_app.excel.problems import Problem, Severity
from desktop_app.excel.session_headings import SessionHeading, read_session_heading

_NOON, _EVENING = dt.time(12), dt.time(18)


@dataclass(frozen=True, slots=True)
class SessionSlot:
    """A session of the class as the store has it: its number, date, start and 课时 (None = not known)."""

    number: int
    date: dt.date
    start: dt.time | None = None
    hours: int | None = None


@dataclass(frozen=True, slots=True)
class SessionColumn:
    """A column of marks: its letter, heading and session (None: none of the timetable, with a problem)."""

    index: int
    letter: str
    heading: str
    slot: SessionSlot | None


def place_columns(
    head: Head, sessions: Sequence[SessionSlot], problems: list[Problem]
) -> tuple[SessionColumn, ...]:
    """Sessions of the columns ``head.extras``, by date (the year from the timetable), half day and order.

    Adds SESSION_NOT_IN_TIMETABLE, SESSION_AMBIGUOUS and SESSION_TWICE for columns it cannot place, and the warning
    DATE_YEAR_ADJUSTED (date) where Excel gave a date the wrong year.
    """
    said = {index: read_session_heading(head.cells[index]) or SessionHeading() for index in head.extras}
    taken: set[int] = set()
    result: list[SessionColumn] = []
    for index in head.extras:
        fitting, adjusted = _fitting(said[index], sessions)
        # several columns under one date take the sessions of that date in order
        same = [other for other in head.extras if said[other] == said[index]]
        if len(fitting) > 1 and len(same) == len(fitting):
            fitting = [fitting[same.index(index)]]
        code = _trouble(fitting, taken)
        letter, text = column_letter(index), head.text(index)
        if code:
            problems.append(Problem(head.sheet.name, head.last, letter, text, code))
            result.append(SessionColumn(index, letter, text, None))
            continue
        slot = fitting[0]
        taken.add(slot.number)
        result.append(SessionColumn(index, letter, text, slot))
        if adjusted:
            params = {"date": slot.date.isoformat()}
            warning = Severity.WARNING
            problems.append(
                Problem(head.sheet.name, head.last, letter, text, "DATE_YEAR_ADJUSTED", warning, params)
            )
    return tuple(result)


def _trouble(fitting: list[SessionSlot], taken: set[int]) -> str:
    if len(fitting) != 1:
        return "SESSION_AMBIGUOUS" if fitting else "SESSION_NOT_IN_TIMETABLE"
    return "SESSION_TWICE" if fitting[0].number in taken else ""


def _fitting(said: SessionHeading, sessions: Sequence[SessionSlot]) -> tuple[list[SessionSlot], bool]:
    """Sessions that a heading may mean, in order, and whether its year had to be overlooked."""
    ordered = sorted(sessions, key=lambda slot: (slot.date, slot.start or dt.time(), slot.number))
    if not said.days:
        return [slot for slot in ordered if slot.number == said.ordinal], False
    found = [slot for slot in ordered if any(_same_day(day, slot.date) for day in said.days)]
    if found:
        return _narrowed(found, said), False
    month_days = [MonthDay(day.month, day.day) for day in said.days]
    found = [slot for slot in ordered if any(_same_day(day, slot.date) for day in month_days)]
    return _narrowed(found, said), bool(found)


def _narrowed(found: list[SessionSlot], said: SessionHeading) -> list[SessionSlot]:
    """Of several sessions on one day, those of the stated time, half day or number."""
    if len(found) <= 1:
        return found
    if said.start and (by_start := [slot for slot in found if slot.start == said.start]):
        return by_start
    if said.part and (by_part := [slot for slot in found if _part_of_day(slot.start) == said.part]):
        return by_part
    if said.ordinal is not None and (by_number := [slot for slot in found if slot.number == said.ordinal]):
        return by_number
    return found


def _part_of_day(start: dt.time | None) -> str:
    if start is None:
        return ""
    return "morning" if start < _NOON else "afternoon" if start < _EVENING else "evening"


def _same_day(said: dt.date | MonthDay, day: dt.date) -> bool:
    if isinstance(said, MonthDay):
        return (said.month, said.day) == (day.month, day.day)
    return said == day
