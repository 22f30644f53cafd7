"""What happens in the five years: which classes there are, on which days, and the acts of each day in their order."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import IntEnum, StrEnum

FIRST_DAY = date(2020, 11, 2)
LAST_DAY = date(2025, 10, 31)
CLASSES = 3_500
TRAINEES = 150_000
SESSIONS = 18
HALF_DAYS = ((time(8, 30), time(11, 50)), (time(14), time(17, 20)))
HOURS = 4
SINGLE_SHARE = 0.1
CORRECTED_SHARE = 0.03


class Audience(StrEnum):
    """Who a class is for; the code is the enrolments' category."""

    STUDENT = "student"
    KEY_GROUP = "key_group"
    EMPLOYEE = "employee"


class Act(IntEnum):
    """What is done in a class; the number orders the acts of one day."""

    OPEN = 1
    CORRECT = 2
    MORNING = 3
    AFTERNOON = 4
    SCORES = 5
    CERTIFICATES = 6
    REPORT = 7


@dataclass(frozen=True, slots=True)
class PlannedClass:
    """A class of the plan: its place among all, whom it is for, how many people, and its nine training days."""

    place: int
    audience: Audience
    people: int
    days: tuple[date, ...]

    @property
    def code(self) -> str:
        """Return the class's code."""
        word = {Audience.STUDENT: "新能源", Audience.KEY_GROUP: "电工", Audience.EMPLOYEE: "焊工"}
        return f"{word[self.audience]}{self.days[0].year}-{self.place + 1:04}班"


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """One act in one class on one day; ``session`` is the number of the session that is marked or corrected."""

    day: date
    act: Act
    place: int
    session: int = 0


@dataclass(frozen=True, slots=True)
class Size:
    """How much of the full size: the numbers of classes, trainees and marks."""

    scale: float

    @property
    def classes(self) -> int:
        """Return the number of classes, at least one."""
        return max(1, round(CLASSES * self.scale))

    @property
    def trainees(self) -> int:
        """Return the number of trainees, at least one a class."""
        return max(self.classes, round(TRAINEES * self.scale))

    @property
    def marks(self) -> int:
        """Return the number of marks."""
        return self.trainees * SESSIONS


def classes(size: Size, seed: int) -> list[PlannedClass]:
    """Return the classes, spread evenly over the years; the last has its certificates before the last day."""
    draw = random.Random(f"classes {seed}")
    span = (LAST_DAY - FIRST_DAY).days - 75
    planned = []
    for place in range(size.classes):
        first = FIRST_DAY + timedelta(days=14 + span * place // size.classes)
        days = tuple(_working_days(first, SESSIONS // 2, draw))
        people = size.trainees * (place + 1) // size.classes - size.trainees * place // size.classes
        planned.append(PlannedClass(place, draw.choice(list(Audience)), people, days))
    return planned


def _working_days(first: date, count: int, draw: random.Random) -> Iterator[date]:
    """Yield training days, three or four a week, never on a Sunday."""
    day = first
    while count:
        if day.weekday() != 6:
            yield day
            count -= 1
        day += timedelta(days=draw.choice((1, 2, 2)))


def steps(planned: list[PlannedClass]) -> list[Step]:
    """Return everything that is done, day by day. Reports go up at the end of each month, class by class."""
    found = []
    for one in planned:
        last = one.days[-1]
        found.append(Step(one.days[0] - timedelta(days=6), Act.OPEN, one.place))
        for place, day in enumerate(one.days):
            for half, act in enumerate((Act.MORNING, Act.AFTERNOON)):
                session = 2 * place + half + 1
                found.append(Step(day, act, one.place, session))
                found.append(Step(day + timedelta(days=1), Act.CORRECT, one.place, session))
        found.append(Step(last + timedelta(days=9), Act.SCORES, one.place))
        found.append(Step(last + timedelta(days=25), Act.CERTIFICATES, one.place))
        found.append(Step(_end_of_month(last + timedelta(days=26)), Act.REPORT, one.place))
    return sorted(found)


def _end_of_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
