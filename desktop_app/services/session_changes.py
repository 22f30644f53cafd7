"""课次变更: 调课, 代课, 停课, 补课, and what an online session needs; each arrow with its reason (requirements §4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time

from desktop_app.domain import ids, session_changes, turnout
from desktop_app.domain.errors import AppError
from desktop_app.domain.life_cycles import SESSION as CYCLE
from desktop_app.domain.listings.training import SessionChange, SessionListItem
from desktop_app.domain.records import SESSION, SITE
from desktop_app.domain.session_changes import Online
from desktop_app.domain.timetable import CANCELLED
from desktop_app.services import access, session_findings
from desktop_app.services.context import Service, command
from desktop_app.services.session_findings import one_session
from desktop_app.services.teachers import ensure_teachers
from desktop_app.services.timetable import (
    PlannedSession,
    check_overlap,
    check_session,
    online_fields,
    session_rows,
)
from desktop_app.store.database import Connection
from desktop_app.store.queries import attendance as attendance_queries
from desktop_app.store.queries import classes as class_queries
from desktop_app.store.queries import record_history
from desktop_app.store.unit_of_work import UnitOfWork

HELD = "held"


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a session moves (调课); None leaves what is there. ``teachers`` by name, ``site_id`` a 教学点."""

    held_on: date | None = None
    starts_at: time | None = None
    ends_at: time | None = None
    place: str | None = None
    site_id: bytes | None = None
    teachers: tuple[str, ...] | None = None


class SessionChangeService(Service):
    """The arrows of a session; its key and number stay whatever happens to it."""

    def list_changes(self, class_id: bytes) -> list[SessionChange]:
        """Return what was changed in a class's timetable, for 课表变更单; AppError NOT_YOUR_CLASS."""
        actor = self.context.require("view_classes")
        with self.context.read() as sql:
            access.require_class(sql, actor, class_id)
            return record_history.session_changes(sql, class_id)

    @command("reschedule_session")
    def reschedule(self, work: UnitOfWork, session_id: bytes, moved: Moved, reason: str) -> None:
        """调课: move a planned session in time or place, or give it to another teacher.

        Raises AppError SESSION_UNKNOWN, WRONG_STEP, REASON_MISSING, RESCHEDULE_NOTHING, SITE_UNKNOWN, SESSION_TIMES,
        SESSION_OVERLAPS; RuleErrors of R07 and R29; holidays warn.
        """
        item = _step(work, session_id, "reschedule", reason)
        planned = PlannedSession(
            held_on=moved.held_on or item.held_on,
            starts_at=moved.starts_at or time.fromisoformat(item.starts_at),
            ends_at=moved.ends_at or time.fromisoformat(item.ends_at),
            hours=item.hours,
            content=item.content,
            mode=item.mode,
            place=item.place if moved.place is None else moved.place.strip(),
            teachers=item.teachers if moved.teachers is None else moved.teachers,
        )
        check_session(planned)
        if moved.site_id is not None and work.fields(SITE, moved.site_id) is None:
            raise AppError("SITE_UNKNOWN")
        fields: dict[str, object] = {
            "held_on": planned.held_on.isoformat(),
            "starts_at": planned.starts_at.isoformat("minutes"),
            "ends_at": planned.ends_at.isoformat("minutes"),
            "place": planned.place,
        }
        if moved.site_id is not None:
            fields["site_id"] = moved.site_id
        if moved.teachers is not None:
            fields["teachers"] = self._teachers(work, moved.teachers)
        check_overlap(work, item.class_id, session_id, planned)
        if not work.put(SESSION, session_id, fields):
            raise AppError("RESCHEDULE_NOTHING", number=item.number)
        self.context.heed(session_findings.time_and_place(work.sql, session_id))

    @command("substitute_teacher")
    def substitute(
        self,
        work: UnitOfWork,
        session_id: bytes,
        teachers: Sequence[str],
        reason: str,
        shares: Sequence[int] = (),
    ) -> None:
        """代课: others give a session, 主讲 first, then 助教; they mark it from then on.

        ``shares`` are the 课时 of each, none = each the whole session. Who is replaced stays named on the session.
        Raises AppError SESSION_UNKNOWN, WRONG_STEP, REASON_MISSING, TEACHERS_EMPTY, SUBSTITUTE_SAME, SHARES_*, NAME_*;
        RuleErrors of R29.
        """
        item = _step(work, session_id, "substitute", reason)
        names = tuple(name.strip() for name in teachers if name.strip())
        if not names:
            raise AppError("TEACHERS_EMPTY")
        session_changes.check_shares(item.hours, names, shares)
        listed = self._teachers(work, names)
        if [key.hex() for key in item.teacher_ids] == listed and tuple(shares) == item.shares:
            raise AppError("SUBSTITUTE_SAME", number=item.number, name="、".join(names))
        stored = work.fields(SESSION, session_id)
        assert stored is not None
        former = stored["substituted"] if isinstance(stored["substituted"], list) else []
        replaced = [
            key for key in dict.fromkeys([*former, *(k.hex() for k in item.teacher_ids)]) if key not in listed
        ]
        work.put(
            SESSION,
            session_id,
            {"teachers": listed, "substituted": replaced or None, "shares": list(shares) or None},
        )
        self.context.heed(session_findings.time_and_place(work.sql, session_id))

    @command("call_off_session")
    def call_off(self, work: UnitOfWork, session_id: bytes, reason: str) -> None:
        """停课: a planned session is not held and stands in no denominator.

        Raises AppError SESSION_UNKNOWN, WRONG_STEP, REASON_MISSING.
        """
        item = _step(work, session_id, "call_off", reason)
        work.put(SESSION, session_id, {"state": CYCLE.after(_state(item), "call_off", reason)})

    @command("reinstate_session")
    def reinstate(self, work: UnitOfWork, session_id: bytes, reason: str) -> None:
        """Hold a session after all that was called off.

        Raises AppError SESSION_UNKNOWN, WRONG_STEP, REASON_MISSING, MADE_UP_ALREADY; RuleErrors of R07 and R29.
        """
        item = _step(work, session_id, "reinstate", reason)
        other = _made_up_by(work.sql, session_id)
        if other is not None:
            raise AppError("MADE_UP_ALREADY", number=item.number, other=other)
        work.put(SESSION, session_id, {"state": CYCLE.after(_state(item), "reinstate", reason)})
        self.context.heed(session_findings.time_and_place(work.sql, session_id))

    @command("make_up_session")
    def make_up(
        self,
        work: UnitOfWork,
        session_id: bytes,
        planned: PlannedSession,
        reason: str,
        people: Sequence[bytes] | None = None,
    ) -> bytes:
        """补课: add a session that makes up another one, once; return its key.

        Without ``people`` it is for the class and stands in the plan for a session that was called off; with them it
        credits what they missed of a session that was held. Raises AppError SESSION_UNKNOWN, WRONG_STEP,
        REASON_MISSING, MAKE_UP_OF_MAKE_UP, MAKE_UP_TWICE, MAKE_UP_BEFORE, MAKE_UP_THERE, MAKE_UP_NOT_MEMBER, and what
        ``add_session`` raises.
        """
        item = _step(work, session_id, "make_up_class" if people is None else "make_up_people", reason)
        if item.makes_up_for is not None:
            raise AppError("MAKE_UP_OF_MAKE_UP", number=item.number)
        if planned.held_on < item.held_on:
            raise AppError("MAKE_UP_BEFORE", number=item.number, date=item.held_on.isoformat())
        check_session(planned)
        if people is None:
            other = _made_up_by(work.sql, session_id)
            if other is not None:
                raise AppError("MAKE_UP_TWICE", number=item.number, other=other)
        else:
            _check_people(work.sql, item, planned.held_on, people)
        key = self._add(work, item, planned, people)
        self.context.heed(session_findings.all_of(work.sql, key))
        return key

    def _add(
        self, work: UnitOfWork, item: SessionListItem, planned: PlannedSession, people: Sequence[bytes] | None
    ) -> bytes:
        key = ids.session_id(item.class_id, planned.held_on, planned.starts_at)
        present = work.fields(SESSION, key)
        if present is not None:
            raise AppError("SESSION_EXISTS", date=planned.held_on.isoformat(), number=present["number"])
        check_overlap(work, item.class_id, key, planned)
        wanted = replace(
            planned, content=planned.content or item.content, teachers=planned.teachers or item.teachers
        )
        teachers = ensure_teachers(work, wanted.teachers, self.context.new_id)
        taken: dict[bytes, object] = dict(
            work.sql.exec_driver_sql(
                "SELECT id, number FROM session WHERE class_id = ? AND gone = 0", (item.class_id,)
            ).all()
        )
        ((_, fields),) = session_rows(item.class_id, [wanted], taken, teachers)
        made = {
            **fields,
            "makes_up": item.id,
            "makes_up_for": None if people is None else [p.hex() for p in people],
        }
        work.put(SESSION, key, made)
        return key

    @command("describe_online")
    def set_online(self, work: UnitOfWork, session_id: bytes, online: Online) -> None:
        """Record platform, minutes and identity checks of an online session (六.2, R28); what is lacking warns.

        Raises AppError SESSION_UNKNOWN, ONLINE_*.
        """
        session_changes.check_online_fields(online)
        one_session(work.sql, session_id)
        work.put(SESSION, session_id, online_fields(online))
        self.context.heed(session_findings.online(work.sql, session_id))

    def _teachers(self, work: UnitOfWork, names: Sequence[str]) -> list[str]:
        found = ensure_teachers(work, names, self.context.new_id)
        return list(dict.fromkeys(found[name].hex() for name in names))


def _state(item: SessionListItem) -> str:
    """Return the state of a session; 已上 is what has marks."""
    return HELD if item.state != CANCELLED and item.marked else item.state


def _step(work: UnitOfWork, session_id: bytes, verb: str, reason: str) -> SessionListItem:
    """Begin an arrow: the session must be there and in its state, and the reason becomes the entry's."""
    item = one_session(work.sql, session_id)
    CYCLE.after(_state(item), verb, reason)
    work.reason = reason.strip()
    return item


def _made_up_by(sql: Connection, session_id: bytes) -> int | None:
    """Return the number of the session that makes another one up for the class; None where there is none."""
    return sql.exec_driver_sql(
        "SELECT number FROM session WHERE makes_up = ? AND makes_up_for IS NULL AND gone = 0"
        " AND state IS NOT 'cancelled' ORDER BY held_on LIMIT 1",
        (session_id,),
    ).scalar()


def _check_people(sql: Connection, item: SessionListItem, day: date, people: Sequence[bytes]) -> None:
    """Check that each missed the session and belongs to the class on the day of the 补课."""
    members = {one.trainee_id: one for one in class_queries.member_items(sql, item.class_id)}
    marks = attendance_queries.marks(sql, item.class_id, item.id)
    there = set(attendance_queries.members_on(sql, item.class_id, day))
    for person in people:
        member = members.get(person)
        if member is None or person not in there:
            raise AppError(
                "MAKE_UP_NOT_MEMBER",
                name="" if member is None else member.name,
                training_class=item.class_code,
                date=day.isoformat(),
            )
        mark = marks.get((item.id, person))
        expected = turnout.belongs(item, member)
        if not session_changes.is_missing(None if mark is None else mark.mark, member=expected):
            raise AppError(
                "MAKE_UP_THERE", name=member.name, training_class=item.class_code, number=item.number
            )
