"""Sessions: modes and states, times as offices write them, and two things at once (R29)."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from itertools import combinations

from desktop_app.domain.errors import AppError

LESSON_MINUTES = 45
CANCELLED = "cancelled"
"""The stored state of a session that is called off (停课)."""
HOURS_PER_DAY = 8
MINUTES_PER_DAY = 24 * 60
_NOON = 12
_FIRST_SERIAL = 20_000  # 1954-10-03, before any session
_CLOCK = re.compile(r"(上午|下午|晚上|晚|早上|中午)?(\d{1,2})(?:[:点时](\d{1,2})?分?(?::\d{2})?|\.(\d{2}))?")
_FOUR_DIGITS = re.compile(r"([01]\d|2[0-3])([0-5]\d)")
_RANGE_MARK = re.compile(r"\s*(?:[-—–~至到]|--)+\s*")
_AFTERNOON = frozenset({"下午", "晚上", "晚"})


class SessionMode(StrEnum):
    """线下, 线上, 混合."""

    OFFLINE = "offline"
    ONLINE = "online"
    MIXED = "mixed"


MODE_NAMES = {SessionMode.OFFLINE: "线下", SessionMode.ONLINE: "线上", SessionMode.MIXED: "混合"}


@dataclass(frozen=True, slots=True)
class SessionTimes:
    """When a session is held; ``hours`` in 课时."""

    day: date
    start: time
    end: time
    hours: int

    @property
    def minutes(self) -> int:
        """Return the length in minutes."""
        return _minutes(self.end) - _minutes(self.start)


@dataclass(frozen=True, slots=True)
class Booking:
    """What a session occupies; a 合班 is one booking, however many classes it holds.

    ``place`` is a room by name ("" = none), ``teachers`` and ``trainees`` are keys.
    """

    session: bytes
    day: date
    start: time
    end: time
    mode: SessionMode
    place: str = ""
    teachers: frozenset[bytes] = frozenset()
    trainees: frozenset[bytes] = frozenset()

    def overlaps(self, other: Booking) -> bool:
        """Tell whether both run at one moment; one that begins when the other ends does not."""
        return self.day == other.day and self.start < other.end and other.start < self.end


class ClashKind(StrEnum):
    """Who or what is in two sessions at once."""

    TEACHER = "teacher"
    ROOM = "room"
    TRAINEE = "trainee"


@dataclass(frozen=True, slots=True)
class Clash:
    """A teacher (key), room (name) or trainee (key) in two sessions at once."""

    kind: ClashKind
    what: bytes | str
    first: bytes
    second: bytes


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def parse_time(cell: object) -> time:
    """Return the time of a cell: 18:30, 18：30, 8.30, 0830, 下午2点, a time, or a spreadsheet's part of a day.

    Raises AppError TIME_INVALID.
    """
    if isinstance(cell, datetime):
        return cell.time().replace(second=0, microsecond=0)
    if isinstance(cell, time):
        return cell.replace(second=0, microsecond=0)
    if isinstance(cell, int | float):
        return _time_of_serial(float(cell))
    text = "".join(unicodedata.normalize("NFKC", str(cell)).split())
    compact = _FOUR_DIGITS.fullmatch(text)
    if compact:
        return time(int(compact[1]), int(compact[2]))
    match = _CLOCK.fullmatch(text)
    if match is None or (match[1] is None and text == match[2]):
        raise AppError("TIME_INVALID", value=str(cell)[:20])
    hour = int(match[2])
    if match[1] in _AFTERNOON and hour < _NOON:
        hour += _NOON
    return _time(hour, int(match[3] or match[4] or 0), cell)


def _time_of_serial(serial: float) -> time:
    """Read a spreadsheet's number: a part of a day, or a date with one; 8.3 may be 8:03 or 8:30 and is refused."""
    if not (0 <= serial < 1 or serial >= _FIRST_SERIAL):
        raise AppError("TIME_INVALID", value=str(serial)[:20])
    total = round(serial % 1 * MINUTES_PER_DAY)
    return _time(total // 60, total % 60, serial)


def _time(hour: int, minute: int, cell: object) -> time:
    try:
        return time(hour, minute)
    except ValueError:
        raise AppError("TIME_INVALID", value=str(cell)[:20]) from None


def parse_time_range(text: str) -> tuple[time, time]:
    """Return the two times of "18:30-21:50", "14：00—17：20", "8:30至11:50". Raises AppError TIME_RANGE_INVALID."""
    parts = _RANGE_MARK.split(unicodedata.normalize("NFKC", text).strip())
    if len(parts) != 2:  # noqa: PLR2004 - start and end
        raise AppError("TIME_RANGE_INVALID", value=text[:30])
    start, end = parse_time(parts[0]), parse_time(parts[1])
    if end <= start:
        raise AppError("TIME_RANGE_INVALID", value=text[:30])
    return start, end


def check_times(times: SessionTimes, lesson_minutes: int = LESSON_MINUTES) -> tuple[AppError, ...]:
    """Return what is wrong with a session's times.

    SESSION_END (not after the start), SESSION_HOURS (no positive number of 课时), SESSION_TOO_SHORT (a 参考值: fewer
    minutes than its 课时 need).
    """
    if times.end <= times.start:
        return (AppError("SESSION_END", start=f"{times.start:%H:%M}", end=f"{times.end:%H:%M}"),)
    if times.hours <= 0:
        return (AppError("SESSION_HOURS", hours=times.hours),)
    if times.minutes < times.hours * lesson_minutes:
        needed = times.hours * lesson_minutes
        return (AppError("SESSION_TOO_SHORT", minutes=times.minutes, hours=times.hours, needed=needed),)
    return ()


def find_clashes(bookings: Iterable[Booking], shareable: Collection[str] = ()) -> tuple[Clash, ...]:
    """Return who and what is in two sessions at once (R29).

    ``shareable`` are the places marked 可共用. Rooms of 线上 sessions are no rooms; teachers and trainees clash
    whatever the mode. A booking does not clash with itself (合班: one session for several classes).
    """
    by_day: dict[date, list[Booking]] = defaultdict(list)
    for booking in {booking.session: booking for booking in bookings}.values():
        by_day[booking.day].append(booking)
    found: list[Clash] = []
    for _, same_day in sorted(by_day.items()):
        ordered = sorted(same_day, key=lambda booking: (booking.start, booking.end, booking.session))
        for first, second in combinations(ordered, 2):
            if first.overlaps(second):
                found.extend(_shared(first, second, shareable))
    return tuple(found)


def _shared(first: Booking, second: Booking, shareable: Collection[str]) -> Iterator[Clash]:
    for teacher in sorted(first.teachers & second.teachers):
        yield Clash(ClashKind.TEACHER, teacher, first.session, second.session)
    online = SessionMode.ONLINE in {first.mode, second.mode}
    if first.place and first.place == second.place and not online and first.place not in shareable:
        yield Clash(ClashKind.ROOM, first.place, first.session, second.session)
    for trainee in sorted(first.trainees & second.trainees):
        yield Clash(ClashKind.TRAINEE, trainee, first.session, second.session)
