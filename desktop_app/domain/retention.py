"""How long a person's data is kept, and when its deletion is proposed (requirements §4, §9; PIPL 47).

A class with a payment 30 years (会计凭证), others 10, people who never enrolled 3: parameters. Never while 审计, 整改
or 异议 is open. Deletion is proposed, confirmed by the head, never automatic.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from desktop_app.domain.errors import AppError
from resources import Worded

PROPOSED, CONFIRMED, KEPT, HELD = "proposed", "confirmed", "kept", "held"


class Basis(StrEnum):
    """Why somebody is kept as long as that: 有拨付班级, 其他班级, 从未报名."""

    PAID = "paid"
    TRAINED = "trained"
    UNENROLLED = "unenrolled"


class Hold(StrEnum):
    """What keeps data beyond its time: 审计 that somebody declared, 整改, an open 阻断标记, 异议 against a claim."""

    AUDIT = "audit"
    RECTIFICATION = "rectification"
    FLAG = "flag"
    OBJECTION = "objection"


PARAMETERS: Mapping[Basis, str] = {
    Basis.PAID: "retention_paid_years",
    Basis.TRAINED: "retention_years",
    Basis.UNENROLLED: "retention_unenrolled_years",
}


@dataclass(frozen=True, slots=True)
class Stay:
    """A class that a person was in: when it was over (None: it is not), and whether money was paid for it."""

    over_on: date | None
    paid: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """Whose time of keeping is over, since when, by which basis."""

    basis: Basis
    due_on: date


def years_after(day: date, years: int) -> date:
    """Return the same day some years later; 29 February becomes 1 March, so that nothing is kept too short."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def due(known_since: date, stays: Iterable[Stay], years: Mapping[Basis, int], today: date) -> Due | None:
    """Return whose time of keeping is over; None while one class still runs or keeps the person.

    ``known_since`` is the day the person was entered, or last registered a wish: it decides for who never enrolled.
    The class that keeps longest decides.
    """
    listed = tuple(stays)
    if not listed:
        found = Due(Basis.UNENROLLED, years_after(known_since, years[Basis.UNENROLLED]))
        return found if found.due_on <= today else None
    ends: list[Due] = []
    for stay in listed:
        if stay.over_on is None:
            return None
        basis = Basis.PAID if stay.paid else Basis.TRAINED
        ends.append(Due(basis, years_after(stay.over_on, years[basis])))
    last = max(ends, key=lambda one: one.due_on)
    return last if last.due_on <= today else None


def check_confirmation(state: str | None, found: Due | None, holds: Iterable[Hold], name: str) -> None:
    """Check that a proposed deletion may be confirmed.

    Raises AppError DELETION_NOT_PROPOSED, DELETION_NOT_DUE, DELETION_HELD.
    """
    held = tuple(holds)
    if held and state in {PROPOSED, HELD}:
        raise AppError("DELETION_HELD", name=name, hold=Worded(f"retention.hold.{held[0].value}"))
    if state != PROPOSED:
        raise AppError("DELETION_NOT_PROPOSED", name=name)
    if found is None:
        raise AppError("DELETION_NOT_DUE", name=name)
