"""Who and what is taken at the times of a timetable that comes in: two places at once (六.2, R29)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from desktop_app.domain import opening
from desktop_app.domain.enrolment import is_member, read_periods
from desktop_app.domain.errors import AppError
from desktop_app.domain.timetable import Booking, SessionMode
from desktop_app.services.timetable import PlannedSession
from desktop_app.store.database import Connection
from desktop_app.store.queries.turnout import bookings_on

NAMED = 3
"""How many clashes of one row are told."""
_FIELD = {"TEACHER_TWICE": "teacher", "ROOM_TWICE": "place"}


class Occupied:
    """The sessions of some days as they stand, and those of the file that were let in so far."""

    def __init__(
        self,
        sql: Connection,
        class_id: bytes,
        class_code: str,
        planned: Mapping[bytes, tuple[object, PlannedSession]],
        enrolments: Mapping[bytes, Mapping[str, object]],
        *,
        dated: bool,
    ) -> None:
        """Read what stands; of a class that is not ``dated`` everybody belongs to it from its start."""
        self._code = class_code
        self._there = bookings_on(sql, {item.held_on for _, item in planned.values()})
        stays = {self._there.joint.get(key, key) for key in planned}
        self._taken = {one.session: one for one in self._there.bookings if one.session not in stays}
        self._former = {one.session: one for one in self._there.bookings if one.session in stays}
        rows = sql.exec_driver_sql(
            "SELECT id, number FROM session WHERE class_id = ? AND gone = 0 AND makes_up_for IS NULL",
            (class_id,),
        )
        self._numbers: dict[bytes, object] = dict(rows.all())
        self._people = {
            key[len(class_id) :]: read_periods(fields["periods"])
            for key, fields in enrolments.items()
            if fields["state"] != "refused"
        }
        self._dated = dated
        self._teachers: dict[bytes, str] = {}

    def take(
        self, key: bytes, planned: PlannedSession, teachers: Mapping[bytes, str]
    ) -> tuple[tuple[str, AppError], ...]:
        """Let a session of the file in; or return what it clashes with, each with the field it is about.

        ``teachers`` are key → name. Codes SESSION_OVERLAPS (the class itself), TEACHER_TWICE, ROOM_TWICE,
        TRAINEE_TWICE.
        """
        self._teachers.update(teachers)
        wanted = Booking(
            key,
            planned.held_on,
            planned.starts_at,
            planned.ends_at,
            SessionMode(planned.mode),
            planned.place,
            frozenset(teachers),
            self._members(planned.held_on),
        )
        own = next((one for one in self._own() if one.overlaps(wanted)), None)
        if own is not None:
            number = self._numbers.get(own.session) or ""
            return (("date", AppError("SESSION_OVERLAPS", date=planned.held_on.isoformat(), number=number)),)
        self._numbers.setdefault(key, planned.number)
        found = opening.check_clashes(
            [wanted, *self._taken.values()], {key}, self._there.shareable, self._name_of, self._session_name
        )
        if not found:
            self._taken[key] = wanted
            return ()
        if key in self._former:
            self._taken[key] = self._former[key]
        return tuple((_FIELD.get(one.error.code, "date"), one.error) for one in found[:NAMED])

    def _own(self) -> Collection[Booking]:
        """Return the sessions of the class itself; of a 补课 for some people nobody else is kept away."""
        return [one for key, one in self._taken.items() if key in self._numbers]

    def _members(self, day: date) -> frozenset[bytes]:
        return frozenset(
            key for key, spans in self._people.items() if not self._dated or is_member(spans, day)
        )

    def _name_of(self, what: bytes | str) -> str:
        name = self._there.name_of(what)
        return name or (self._teachers.get(what, "") if isinstance(what, bytes) else "")

    def _session_name(self, key: bytes) -> str:
        return self._there.session_name(key) or f"{self._code} #{self._numbers.get(key) or '—'}"
