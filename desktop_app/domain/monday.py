"""What the head looks at on Mondays: where a class stands still, since when; ages of money."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from desktop_app.domain.life_cycles import TRAINING_CLASS

SOON_DAYS = 30
AGES = (30, 60, 90)
"""Days at which the age of money changes its column: to 30, to 60, to 90, over 90."""


class Stuck(StrEnum):
    """Why a class stands still."""

    NOT_OPENED = "not_opened"
    SUSPENDED = "suspended"
    UNMARKED = "unmarked"
    NOT_FINISHED = "not_finished"
    NOT_ASSESSED = "not_assessed"
    NOT_COMPLETED = "not_completed"


@dataclass(frozen=True, slots=True)
class ClassStanding:
    """What decides whether a class stands still; ``unmarked_since``: its first session that is not fully marked."""

    class_id: bytes
    class_code: str
    state: str
    state_on: date | None
    start_on: date | None
    end_on: date | None
    advisers: str
    unmarked: int = 0
    unmarked_since: date | None = None
    assessed_on: date | None = None


@dataclass(frozen=True, slots=True)
class StuckClass:
    """A class that stands still: why, since when, for how many days, with whom."""

    class_id: bytes
    class_code: str
    cause: Stuck
    since: date
    days: int
    who: str
    count: int = 0


def stuck(standing: ClassStanding, today: date) -> StuckClass | None:
    """Return why a class stands still and since when; None where it goes on."""
    state = TRAINING_CLASS.state_of(standing.state)
    found: tuple[Stuck, date | None, int] | None = None
    if state in {"preparing", "filed"} and _past(standing.start_on, today):
        found = (Stuck.NOT_OPENED, standing.start_on, 0)
    elif state == "suspended":
        found = (Stuck.SUSPENDED, standing.state_on or standing.start_on, 0)
    elif standing.unmarked and state in {"running", "taught", "assessed"}:
        found = (Stuck.UNMARKED, standing.unmarked_since, standing.unmarked)
    elif state == "running" and _past(standing.end_on, today):
        found = (Stuck.NOT_FINISHED, standing.end_on, 0)
    elif state == "taught":
        found = (Stuck.NOT_ASSESSED, standing.state_on or standing.end_on, 0)
    elif state == "assessed":
        found = (Stuck.NOT_COMPLETED, standing.assessed_on or standing.state_on, 0)
    if found is None:
        return None
    cause, since, count = found
    if since is None:
        return None
    days = (today - since).days
    return StuckClass(standing.class_id, standing.class_code, cause, since, days, standing.advisers, count)


def _past(day: date | None, today: date) -> bool:
    return day is not None and day < today


def by_stage(states: Iterable[str | None]) -> tuple[tuple[str, int], ...]:
    """Count classes by stage in the order of their life, cancelled and archived last."""
    order = (
        "preparing",
        "filed",
        "running",
        "suspended",
        "taught",
        "assessed",
        "completed",
        "archived",
        "cancelled",
    )
    counts = dict.fromkeys(order, 0)
    for state in states:
        counts[TRAINING_CLASS.state_of(state)] += 1
    return tuple((state, count) for state, count in counts.items() if count)


def age_of(since: date, today: date) -> int:
    """Return into which column of ages some days fall: 0 to 3 (``AGES``)."""
    days = (today - since).days
    return sum(days > limit for limit in AGES)
