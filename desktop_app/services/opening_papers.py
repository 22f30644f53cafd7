"""Fills 开班申请表 and 退训/转班单 of a class from the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import resources
from desktop_app.domain import codes
from desktop_app.domain.life_cycles import ENROLMENT
from desktop_app.domain.listings.opening import OpeningTeacher
from desktop_app.domain.listings.training import ClassListItem, MemberListItem
from desktop_app.domain.papers import Departure, DepartureSlips, OpeningApplication, PaperHead
from desktop_app.services.transfers import attended_hours
from desktop_app.store.database import Connection
from desktop_app.store.queries.opening import class_opening

_LEFT = frozenset({"withdrawn", "transferred"})


def application(sql: Connection, class_id: bytes, head: PaperHead) -> OpeningApplication:
    """Return the 开班申请表 with what the report of 开班备案 says; an empty form while nothing is recorded."""
    found = class_opening(sql, class_id)
    if found is None:
        return OpeningApplication(head, 0, 0)
    facts = found.facts
    return OpeningApplication(
        head,
        found.people,
        found.hours,
        found.place,
        facts.head,
        facts.contact,
        facts.phone,
        found.organisation,
        codes.table("channels").name(found.channel) if found.channel else "",
        found.enterprise,
        found.local_pool,
        tuple((one.name, _qualification(one)) for one in found.teachers),
        facts.filed_on,
        facts.receipt,
    )


def _qualification(teacher: OpeningTeacher) -> str:
    """Return 专职 or 兼职 and what somebody is known for (六.2)."""
    keys = [f"employment.{teacher.employment}"] if teacher.employment else []
    keys += [f"quality.{quality}" for quality in teacher.qualities]
    return "、".join(resources.text(key) for key in keys)


def departures(
    sql: Connection, item: ClassListItem, head: PaperHead, members: Sequence[MemberListItem], today: date
) -> DepartureSlips:
    """Return a 退训/转班单 for each person who left a class, by number."""
    left = [one for one in members if ENROLMENT.state_of(one.state) in _LEFT]
    return DepartureSlips(
        head,
        tuple(
            Departure(
                number=one.number or place,
                name=one.name,
                document_number=one.document_number,
                last_day=one.periods[-1].last if one.periods else None,
                attended_hours=attended_hours(sql, item, one.trainee_id, one.periods, today),
                reason=one.decision_reason or "",
                moved_to=_moved_to(sql, item.id, one.trainee_id) if one.state == "transferred" else "",
            )
            for place, one in enumerate(left, 1)
        ),
    )


def _moved_to(sql: Connection, class_id: bytes, trainee_id: bytes) -> str:
    """Return the class that counts somebody's 课时 of a class they were moved out of."""
    rows = sql.exec_driver_sql(
        "SELECT c.code, e.carried FROM enrolment e JOIN training_class c ON c.id = e.class_id"
        " WHERE e.trainee_id = ? AND e.gone = 0 AND e.class_id <> ? AND e.carried IS NOT NULL ORDER BY c.code",
        (trainee_id, class_id),
    )
    return "、".join(str(code) for code, carried in rows if class_id.hex() in carried)
