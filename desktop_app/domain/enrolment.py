"""报名: when a person belongs to a class, and the 课时 carried over from another (requirements §4, R12).

Membership is a list of periods, each from a first day to a last day, both included, None while it goes on; a person
who comes back re-opens the same record with a further period. The list is one group: it is written as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from desktop_app.domain.errors import AppError
from desktop_app.domain.rules import Finding, Severity


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A run of days in a class; ``last`` None while it goes on."""

    first: date
    last: date | None = None

    def holds(self, day: date) -> bool:
        """Tell whether a day lies in it."""
        return self.first <= day and (self.last is None or day <= self.last)


Periods = tuple[Period, ...]


def read_periods(stored: object) -> Periods:
    """Read the stored list ``[[first, last or None], …]``."""
    if not isinstance(stored, list):
        return ()
    return tuple(
        Period(date.fromisoformat(first), None if last is None else date.fromisoformat(last))
        for first, last in stored
    )


def stored_periods(periods: Iterable[Period]) -> list[list[str | None]]:
    """Return periods as they are stored."""
    return [[one.first.isoformat(), None if one.last is None else one.last.isoformat()] for one in periods]


def united(periods: Iterable[Period]) -> Periods:
    """Return the periods of several records of one person as one list: what overlaps or adjoins is one period."""
    found: list[Period] = []
    for one in sorted(periods, key=lambda period: (period.first, period.last or date.max)):
        former = found[-1] if found else None
        if former is None or (former.last is not None and one.first > former.last + timedelta(days=1)):
            found.append(one)
        elif former.last is not None and (one.last is None or one.last > former.last):
            found[-1] = Period(former.first, one.last)
    return tuple(found)


def is_member(periods: Iterable[Period], day: date) -> bool:
    """Tell whether somebody belongs to the class on a day."""
    return any(one.holds(day) for one in periods)


def is_member_now(periods: Sequence[Period]) -> bool:
    """Tell whether the membership goes on."""
    return bool(periods) and periods[-1].last is None


def join(periods: Sequence[Period], day: date) -> Periods:
    """Return the periods once somebody joins, or comes back, on a day.

    AppError MEMBER_ALREADY while a period goes on, JOIN_BEFORE_LEAVING for a day within or before the last period.
    """
    if periods and periods[-1].last is None:
        raise AppError("MEMBER_ALREADY")
    if periods and periods[-1].last is not None and day <= periods[-1].last:
        raise AppError("JOIN_BEFORE_LEAVING", day=periods[-1].last.isoformat())
    return (*periods, Period(day))


def leave(periods: Sequence[Period], last_day: date) -> Periods:
    """Return the periods once ``last_day`` is the last one: marks to that day stay, later sessions are closed.

    A last day before the first of the period leaves no day of it. AppError NOT_A_MEMBER where nothing goes on.
    """
    if not is_member_now(periods):
        raise AppError("NOT_A_MEMBER")
    *former, present = periods
    if last_day < present.first:
        return tuple(former) or (Period(present.first, present.first - timedelta(days=1)),)
    return (*former, Period(present.first, last_day))


Carried = tuple[tuple[bytes, int], ...]
"""折抵课时: former class → attended 课时 that count in this class, each class once."""


def read_carried(stored: object) -> Carried:
    """Read the stored list ``[[class id as hex, 课时], …]``."""
    if not isinstance(stored, list):
        return ()
    return tuple((bytes.fromhex(class_id), int(hours)) for class_id, hours in stored)


def stored_carried(carried: Iterable[tuple[bytes, int]]) -> list[list[object]]:
    """Return 折抵课时 as they are stored."""
    return [[class_id.hex(), hours] for class_id, hours in carried]


def carried_hours(carried: Iterable[tuple[bytes, int]]) -> int:
    """Return the 课时 that a person brought along."""
    return sum(hours for _, hours in carried)


def carry(
    former: bytes,
    attended: int,
    brought: Iterable[tuple[bytes, int]],
    target: bytes,
    kept: Iterable[tuple[bytes, int]],
) -> Carried:
    """Return what counts in the class that takes somebody over (转班).

    ``attended`` 课时 of the ``former`` class itself, ``brought`` what it had taken over, ``kept`` what the ``target``
    counted when the person was there before. No class counts twice, and none brings its own 课时 back to itself.
    AppError CARRIED_HOURS_NEGATIVE.
    """
    if attended < 0:
        raise AppError("CARRIED_HOURS_NEGATIVE")
    found = {**dict(kept), **dict(brought), former: attended}
    found.pop(target, None)
    return tuple((class_id, hours) for class_id, hours in found.items() if hours)


def check_carrying(
    person: str, former: tuple[str, str | None], target: tuple[str, str | None]
) -> tuple[Finding, ...]:
    """Warn where 课时 stay behind: a 转班 into another 工种 is another training, nothing of which was attended.

    ``former`` and ``target`` are (班号, 工种). Two classes that name no 工种 are taken for one training.
    """
    if former[1] == target[1]:
        return ()
    error = AppError(
        "TRANSFER_OTHER_TRADE",
        person=person,
        former=former[0],
        former_trade=former[1] or "—",
        target=target[0],
        target_trade=target[1] or "—",
    )
    return (Finding("R37", Severity.WARN, error, "enrolment", field="carried"),)
