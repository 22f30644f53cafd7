"""What 开班申请表 and 退训/转班单 say, and how their lines read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import resources
from desktop_app.domain.papers.contents import PaperHead

Rows = tuple[tuple[str, str], ...]
"""Lines of a form: what is asked and what is said."""


@dataclass(frozen=True, slots=True)
class OpeningApplication:
    """开班申请表 of a class, as the report of 开班备案 says it; codes are names already, ``hours`` in 课时.

    ``teachers`` are (name, what qualifies them), in the order of the plan.
    """

    kind: ClassVar[str] = "opening"
    head: PaperHead
    people: int
    hours: int
    place: str = ""
    in_charge: str = ""
    contact: str = ""
    phone: str = ""
    organisation: str = ""
    channel: str = ""
    enterprise: str = ""
    local_pool: bool = False
    teachers: tuple[tuple[str, str], ...] = ()
    filed_on: date | None = None
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class Departure:
    """Who left a class: the document masked, ``last_day`` in it, hours in 课时.

    ``moved_to`` is a class, "" for 退训.
    """

    number: int
    name: str
    document_number: str
    last_day: date | None
    attended_hours: int
    reason: str
    moved_to: str = ""


@dataclass(frozen=True, slots=True)
class DepartureSlips:
    """退训/转班单: one for each person who left a class."""

    kind: ClassVar[str] = "departures"
    head: PaperHead
    people: tuple[Departure, ...]


def application_rows(content: OpeningApplication) -> Rows:
    """Return the lines of the 开班申请表; what is not recorded stays to be written by hand."""
    head = content.head
    dates = "—".join(day.isoformat() for day in (head.starts_on, head.ends_on) if day)
    funding = content.channel
    if content.enterprise:
        funding += resources.text("papers.opening.with_enterprise", name=content.enterprise)
    if content.local_pool:
        funding += resources.text("papers.opening.local_pool")
    teachers = "；".join(f"{name}（{what}）" if what else name for name, what in content.teachers)
    said = {
        "institution": head.institution,
        "project": head.project,
        "class": head.class_code,
        "occupation": " ".join(part for part in (head.occupation, head.level) if part),
        "dates": dates,
        "people": str(content.people),
        "hours": str(content.hours),
        "place": content.place,
        "in_charge": content.in_charge,
        "contact": content.contact,
        "phone": content.phone,
        "teachers": teachers,
        "organisation": content.organisation,
        "channel": funding,
        "filed_on": content.filed_on.isoformat() if content.filed_on else "",
        "receipt": content.receipt,
    }
    return _lines("opening", said)


def departure_rows(person: Departure) -> Rows:
    """Return the lines of one 退训/转班单."""
    moved = bool(person.moved_to)
    said = {
        "name": person.name,
        "document": person.document_number,
        "act": departure_text(person),
        **({"moved_to": person.moved_to} if moved else {}),
        "last_day": person.last_day.isoformat() if person.last_day else "",
        "carried" if moved else "attended": str(person.attended_hours),
        "reason": person.reason,
    }
    return _lines("departure", said)


def departure_text(person: Departure) -> str:
    """Return 退训 or 转班."""
    return resources.text(f"papers.departure.{'transferred' if person.moved_to else 'withdrawn'}")


def _lines(paper: str, said: dict[str, str]) -> Rows:
    return tuple((resources.text(f"papers.{paper}.{key}"), value) for key, value in said.items())
