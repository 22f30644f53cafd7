"""What sessions of some days occupy, against two places at once (R29), and where one is taught (R07)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, time

from sqlalchemy import Connection

from desktop_app.domain.enrolment import is_member
from desktop_app.domain.listings.training import SessionListItem
from desktop_app.domain.timetable import CANCELLED, Booking, SessionMode
from desktop_app.store.queries import classes as class_queries
from desktop_app.store.queries.columns import periods
from desktop_app.store.queries.opening import joint_sessions, shareable_places


@dataclass(frozen=True, slots=True)
class Bookings:
    """The bookings of some days, the words for sessions and for what they hold, and the places marked 可共用.

    Of a 合班 one session stands for all: ``joint`` names it for each of the others.
    """

    bookings: tuple[Booking, ...]
    sessions: dict[bytes, str] = field(default_factory=dict)
    names: dict[bytes, str] = field(default_factory=dict)
    shareable: frozenset[str] = frozenset()
    joint: dict[bytes, bytes] = field(default_factory=dict)

    def name_of(self, what: bytes | str) -> str:
        """Name a teacher or a trainee; a room is its own name."""
        return what if isinstance(what, str) else self.names.get(what, "")

    def session_name(self, key: bytes) -> str:
        """Name a session with its class."""
        return self.sessions.get(key, "")


def bookings_on(sql: Connection, days: Collection[date]) -> Bookings:
    """Return what every session of some days occupies, 停课 left out."""
    items = [one for one in class_queries.session_items(sql, days=days) if one.state != CANCELLED]
    people: dict[bytes, list[tuple[bytes, str | None]]] = {}
    names: dict[bytes, str] = {}
    for class_id in {one.class_id for one in items}:
        rows = sql.exec_driver_sql(
            "SELECT e.trainee_id, e.periods, t.name FROM enrolment e JOIN trainee t ON t.id = e.trainee_id"
            " WHERE e.class_id = ? AND e.gone = 0 AND t.gone = 0 AND e.state IS NOT 'refused'",
            (class_id,),
        ).all()
        people[class_id] = [(row[0], row[1]) for row in rows]
        names.update({row[0]: row[2] or "" for row in rows})
    for one in items:
        names.update(zip(one.teacher_ids, one.teachers, strict=False))
    joint = joint_sessions(sql, [one.id for one in items])
    found = {one.id: _booking(one, people[one.class_id]) for one in items if one.starts_at and one.ends_at}
    for twin, shared in joint.items():
        if twin in found and shared in found:
            others = found.pop(twin)
            whole = found[shared]
            found[shared] = replace(
                whole,
                trainees=whole.trainees | others.trainees,
                teachers=whole.teachers | others.teachers,
            )
    sessions = {one.id: f"{one.class_code} #{one.number}" for one in items}
    return Bookings(tuple(found.values()), sessions, names, shareable_places(sql), joint)


def _booking(item: SessionListItem, people: Collection[tuple[bytes, str | None]]) -> Booking:
    there = frozenset(
        key
        for key, spans in people
        if (item.makes_up_for is None or key in item.makes_up_for) and is_member(periods(spans), item.held_on)
    )
    return Booking(
        item.id,
        item.held_on,
        time.fromisoformat(item.starts_at),
        time.fromisoformat(item.ends_at),
        SessionMode(item.mode),
        item.place,
        frozenset(item.teacher_ids),
        there,
    )


@dataclass(frozen=True, slots=True)
class TaughtAt:
    """Where a session is held: the 教学点 and its region, six digits; None where none is known."""

    place: str
    region: str | None


def taught_at(sql: Connection, class_id: bytes, site_id: bytes | None) -> TaughtAt:
    """Return the 教学点 of a session: its own, else the class's, else the institution itself."""
    row = sql.exec_driver_sql(
        "SELECT s.name, s.region FROM site s WHERE s.gone = 0"
        " AND s.id = coalesce(?, (SELECT site_id FROM training_class WHERE id = ?))",
        (site_id, class_id),
    ).first()
    if row is None:
        row = sql.exec_driver_sql("SELECT name, region FROM institution WHERE gone = 0").one()
    return TaughtAt(row[0] or "", row[1])
