"""Sessions of a class: the timetable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from desktop_app.domain import ids
from desktop_app.domain.errors import AppError
from desktop_app.domain.records import SESSION, TRAINING_CLASS
from desktop_app.domain.session_changes import Online, check_online_fields
from desktop_app.services import session_findings
from desktop_app.services.context import Context, Service, command
from desktop_app.services.teachers import ensure_teachers
from desktop_app.store.unit_of_work import UnitOfWork

MODES = ("offline", "online", "mixed")
MAX_HOURS = 24
ONLINE = ("online_platform", "online_minutes", "identity_checks")
EDITABLE = frozenset(
    {"held_on", "starts_at", "ends_at", "hours", "mode", "place", "content", "teachers", *ONLINE}
)


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """A session to be written; ``hours`` in 课时, ``teachers`` by name; ``online`` None leaves what is there.

    ``key`` names a session that is there; None: the one that was first planned for this day and start.
    """

    held_on: date
    starts_at: time
    ends_at: time
    hours: int
    content: str
    mode: str
    place: str
    teachers: tuple[str, ...]
    number: int | None = None
    online: Online | None = None
    key: bytes | None = None


class TimetableService(Service):
    """课程表. A session keeps its key whatever happens to its date (调课)."""

    @command("add_session")
    def add_session(self, work: UnitOfWork, class_id: bytes, planned: PlannedSession) -> bytes:
        """Add one session.

        Raises AppError CLASS_UNKNOWN, SESSION_EXISTS (at that time, or moved away from it), SESSION_OVERLAPS,
        SESSION_TIMES, SESSION_HOURS, MODE_UNKNOWN; RuleErrors of R07 and R29; holidays and R28 warn.
        """
        check_session(planned)
        key = ids.session_id(class_id, planned.held_on, planned.starts_at)
        present = work.fields(SESSION, key)
        if present is not None:
            moved = present["held_on"] != planned.held_on.isoformat()
            raise AppError(
                "SESSION_MOVED_FROM" if moved else "SESSION_EXISTS",
                date=planned.held_on.isoformat(),
                number=present["number"],
            )
        check_overlap(work, class_id, key, planned)
        write_sessions(self.context, work, class_id, [planned])
        self.context.heed(session_findings.all_of(work.sql, key))
        return key

    @command("edit_session")
    def edit_session(
        self, work: UnitOfWork, session: bytes, fields: Mapping[str, object], reason: str
    ) -> None:
        """Change date, times, hours, mode, place, content or teachers (names) of a session, with a reason.

        Dates and times as such or as ISO text.
        Raises AppError SESSION_UNKNOWN, REASON_MISSING, FIELD_UNKNOWN, SESSION_MARKED where a session with marks would
        move to a day to come, and what ``add_session`` raises.
        """
        present = work.fields(SESSION, session)
        if present is None:
            raise AppError("SESSION_UNKNOWN", number="")
        if not reason.strip():
            raise AppError("REASON_MISSING")
        for name in fields:
            if name not in EDITABLE:
                raise AppError("FIELD_UNKNOWN", field=name)
        work.reason = reason.strip()
        changes = {
            name: value.isoformat() if isinstance(value, date) else value for name, value in fields.items()
        }
        for name in ("starts_at", "ends_at"):
            if isinstance(value := changes.get(name), time):
                changes[name] = value.isoformat("minutes")
        if "teachers" in changes:
            listed = changes["teachers"]
            assert isinstance(listed, Iterable)
            teacher_names = [str(name) for name in listed]
            found = ensure_teachers(work, teacher_names, self.context.new_id)
            changes["teachers"] = [found[name].hex() for name in teacher_names]
        planned = _read({**present, **changes})
        check_session(planned)
        if changes.keys() & {"held_on", "starts_at", "ends_at"}:
            class_id = present["class_id"]
            assert isinstance(class_id, bytes)
            check_overlap(work, class_id, session, planned)
        if planned.held_on > self.context.today() and _has_marks(work, session):
            raise AppError("SESSION_MARKED", number=present["number"])
        work.put(SESSION, session, changes)
        if changes.keys() - {"hours", "content"}:
            self.context.heed(session_findings.all_of(work.sql, session))


def _read(fields: Mapping[str, object]) -> PlannedSession:
    """Read a session's fields; AppError SESSION_TIMES, SESSION_HOURS where they cannot be read."""
    try:
        held_on = date.fromisoformat(str(fields["held_on"]))
        starts_at, ends_at = (time.fromisoformat(str(fields[name])) for name in ("starts_at", "ends_at"))
    except ValueError as error:
        raise AppError("SESSION_TIMES") from error
    hours = fields["hours"]
    if not isinstance(hours, int):
        raise AppError("SESSION_HOURS", hours=hours)
    return PlannedSession(
        held_on=held_on,
        starts_at=starts_at,
        ends_at=ends_at,
        hours=hours,
        content=str(fields["content"] or ""),
        mode=str(fields["mode"]),
        place=str(fields["place"] or ""),
        teachers=(),
        online=session_findings.online_of(fields),
    )


def online_fields(online: Online) -> dict[str, object]:
    """Return what an online session needs as it is stored."""
    return dict(zip(ONLINE, (online.platform.strip() or None, online.minutes, online.checks), strict=True))


def check_overlap(work: UnitOfWork, class_id: bytes, own: bytes, planned: PlannedSession) -> None:
    """Refuse a second session of the class at the same time; AppError SESSION_OVERLAPS (R29: people in two places)."""
    row = work.sql.exec_driver_sql(
        "SELECT number FROM session WHERE class_id = ? AND id <> ? AND gone = 0 AND held_on = ?"
        " AND state IS NOT 'cancelled' AND makes_up_for IS NULL"
        " AND starts_at < ? AND ends_at > ? ORDER BY starts_at LIMIT 1",
        (
            class_id,
            own,
            planned.held_on.isoformat(),
            planned.ends_at.isoformat("minutes"),
            planned.starts_at.isoformat("minutes"),
        ),
    ).first()
    if row is not None:
        raise AppError("SESSION_OVERLAPS", date=planned.held_on.isoformat(), number=row[0])


def _has_marks(work: UnitOfWork, session: bytes) -> bool:
    row = work.sql.exec_driver_sql(
        "SELECT 1 FROM mark WHERE session_id = ? AND gone = 0 AND status IS NOT NULL LIMIT 1", (session,)
    ).first()
    return row is not None


def check_session(planned: PlannedSession) -> None:
    """Check times, hours and mode; AppError SESSION_TIMES, SESSION_HOURS, MODE_UNKNOWN, ONLINE_*."""
    if planned.ends_at <= planned.starts_at:
        raise AppError("SESSION_TIMES")
    if not 0 < planned.hours <= MAX_HOURS:
        raise AppError("SESSION_HOURS", hours=planned.hours)
    if planned.mode not in MODES:
        raise AppError("MODE_UNKNOWN", value=planned.mode)
    if planned.online is not None:
        check_online_fields(planned.online)


def write_sessions(
    context: Context, work: UnitOfWork, class_id: bytes, planned: Sequence[PlannedSession]
) -> int:
    """Create or update sessions of a class within a command; return how many changed.

    A session that is there (by its first planned date and start) is updated. New ones get the class's next numbers,
    or the number that the source gives where it is free.
    """
    if work.fields(TRAINING_CLASS, class_id) is None:
        raise AppError("CLASS_UNKNOWN", code="")
    teachers = ensure_teachers(work, [name for item in planned for name in item.teachers], context.new_id)
    taken: dict[bytes, int | None] = dict(
        work.sql.exec_driver_sql(
            "SELECT id, number FROM session WHERE class_id = ? AND gone = 0", (class_id,)
        ).all()
    )
    for item in planned:
        check_session(item)
    rows = session_rows(class_id, planned, taken, teachers)
    changed = work.put_many(SESSION, rows)
    _widen_class(work, class_id, planned)
    return changed


def session_rows(
    class_id: bytes,
    planned: Sequence[PlannedSession],
    taken: Mapping[bytes, object],
    teachers: Mapping[str, bytes],
) -> list[tuple[bytes, Mapping[str, object]]]:
    """Return the records of sessions as they are written, in the order they are held.

    ``taken`` are the sessions there are, by key, with their numbers. A new one gets the number that its source gives
    where it is free, else the class's next.
    """
    used = {number for number in taken.values() if isinstance(number, int)}
    rows: list[tuple[bytes, Mapping[str, object]]] = []
    for item in sorted(planned, key=lambda one: (one.held_on, one.starts_at)):
        key = item.key or ids.session_id(class_id, item.held_on, item.starts_at)
        fields: dict[str, object] = {
            "held_on": item.held_on.isoformat(),
            "starts_at": item.starts_at.isoformat("minutes"),
            "ends_at": item.ends_at.isoformat("minutes"),
            "hours": item.hours,
            "mode": item.mode,
            "place": item.place,
            "teachers": [teachers[name].hex() for name in item.teachers],
            "content": item.content,
        }
        if item.online is not None:
            fields |= online_fields(item.online)
        if key not in taken:
            number = item.number if item.number and item.number not in used else max(used, default=0) + 1
            used.add(number)
            fields |= {
                "class_id": class_id,
                "planned_on": item.held_on.isoformat(),
                "planned_start": item.starts_at.isoformat("minutes"),
                "number": number,
                "state": "planned",
            }
        rows.append((key, fields))
    return rows


def _widen_class(work: UnitOfWork, class_id: bytes, planned: Sequence[PlannedSession]) -> None:
    """Give a class without dates those of its timetable."""
    fields = work.fields(TRAINING_CLASS, class_id)
    assert fields is not None
    if planned and fields["start_on"] is None and fields["end_on"] is None:
        days = sorted(item.held_on for item in planned)
        dates = {"start_on": days[0].isoformat(), "end_on": days[-1].isoformat()}
        work.put(TRAINING_CLASS, class_id, dates)
