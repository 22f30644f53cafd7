"""Sessions of a class: the timetable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from desktop_app.domain import ids
from desktop_app.domain.errors import AppError
from desktop_app.domain.merge import SESSION, TRAINING_CLASS
from desktop_app.services.context import Context, Service, command
from desktop_app.services.teachers import ensure_teachers
from desktop_app.store.unit_of_work import UnitOfWork

MODES = ("offline", "online", "mixed")
MAX_HOURS = 24


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """A session to be written; ``hours`` in 课时, ``teachers`` by name."""

    held_on: date
    starts_at: time
    ends_at: time
    hours: int
    content: str
    mode: str
    place: str
    teachers: tuple[str, ...]
    number: int | None = None


class TimetableService(Service):
    """课程表. A session keeps its key whatever happens to its date (调课)."""

    @command("add_session")
    def add_session(self, work: UnitOfWork, class_id: bytes, planned: PlannedSession) -> bytes:
        """Add one session; AppError CLASS_UNKNOWN, SESSION_EXISTS, SESSION_TIMES, SESSION_HOURS, MODE_UNKNOWN."""
        check_session(planned)
        key = ids.session_id(class_id, planned.held_on, planned.starts_at)
        if work.fields(SESSION, key) is not None:
            raise AppError("SESSION_EXISTS", date=planned.held_on.isoformat())
        write_sessions(self.context, work, class_id, [planned])
        return key

    @command("edit_session")
    def edit_session(
        self, work: UnitOfWork, session: bytes, fields: Mapping[str, object], reason: str
    ) -> None:
        """Change date, times, hours, mode, place, content or teachers (names) of a session, with a reason.

        Raises AppError SESSION_UNKNOWN, REASON_MISSING and what ``add_session`` raises.
        """
        present = work.fields(SESSION, session)
        if present is None:
            raise AppError("SESSION_UNKNOWN", number="")
        if not reason.strip():
            raise AppError("REASON_MISSING")
        work.reason = reason.strip()
        changes = dict(fields)
        if "teachers" in changes:
            listed = changes["teachers"]
            assert isinstance(listed, Iterable)
            teacher_names = [str(name) for name in listed]
            found = ensure_teachers(work, teacher_names, self.context.new_id)
            changes["teachers"] = [found[name].hex() for name in teacher_names]
        merged = {**present, **changes}
        check_session(
            PlannedSession(
                held_on=date.fromisoformat(str(merged["held_on"])),
                starts_at=time.fromisoformat(str(merged["starts_at"])),
                ends_at=time.fromisoformat(str(merged["ends_at"])),
                hours=int(str(merged["hours"])),
                content=str(merged["content"] or ""),
                mode=str(merged["mode"]),
                place=str(merged["place"] or ""),
                teachers=(),
            )
        )
        work.put(SESSION, session, changes)


def check_session(planned: PlannedSession) -> None:
    """Check times, hours and mode; AppError SESSION_TIMES, SESSION_HOURS, MODE_UNKNOWN."""
    if planned.ends_at <= planned.starts_at:
        raise AppError("SESSION_TIMES")
    if not 0 < planned.hours <= MAX_HOURS:
        raise AppError("SESSION_HOURS", hours=planned.hours)
    if planned.mode not in MODES:
        raise AppError("MODE_UNKNOWN", value=planned.mode)


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
        key = ids.session_id(class_id, item.held_on, item.starts_at)
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
