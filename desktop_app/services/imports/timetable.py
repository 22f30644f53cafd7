"""课程表: the sessions of a class; teachers that are not there yet are added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import partial

from desktop_app.domain import ids
from desktop_app.domain.errors import AppError
from desktop_app.domain.names import check_name
from desktop_app.domain.records import ENROLMENT, SESSION, TEACHER, TRAINING_CLASS
from desktop_app.domain.timetable import (
    Booking,
    ClashKind,
    SessionMode,
    SessionTimes,
    check_times,
    find_clashes,
)
from desktop_app.excel.timetable import TimetableRow, TimetableSheet, read_timetable
from desktop_app.services.imports.findings import Findings, changes, state_of
from desktop_app.services.imports.job import Job, present_fields
from desktop_app.services.imports.plan import Facts, ImportPlan, RowState
from desktop_app.services.timetable import MAX_HOURS, PlannedSession, session_rows
from desktop_app.store.database import Connection
from desktop_app.store.queries import classes as class_queries
from desktop_app.store.queries import importing

Rows = list[tuple[bytes, Mapping[str, object]]]


@dataclass(frozen=True, slots=True)
class _Base:
    """What the plan relies on: the class, its sessions, its enrolments, and the teachers of the sheet by name."""

    class_fields: Mapping[str, object]
    sessions: Mapping[bytes, Mapping[str, object]]
    enrolments: Mapping[bytes, Mapping[str, object]]
    teachers: Mapping[str, bytes]


def plan_timetable(job: Job) -> ImportPlan:
    """Plan a timetable; AppError of the reader, CLASS_UNKNOWN."""
    with job.context.read() as sql:
        class_id = job.class_id(sql)
        fields = present_fields(sql, TRAINING_CLASS, [class_id])[class_id]
    period = None
    if fields["start_on"] and fields["end_on"]:
        period = date.fromisoformat(str(fields["start_on"])), date.fromisoformat(str(fields["end_on"]))
    sheet, _ = job.read(lambda mapping: read_timetable(job.path, period, mapping, job.options.sheet))
    names = tuple({name for row in sheet.rows for name in row.teachers})
    reload = partial(_load, class_id=class_id, names=names)
    with job.context.read() as sql:
        base = reload(sql)
        planner = _Planner(job, sheet, base, class_id)
        return planner.plan(sql, reload)


def _load(sql: Connection, *, class_id: bytes, names: tuple[str, ...]) -> _Base:
    fields = present_fields(sql, TRAINING_CLASS, [class_id]).get(class_id)
    if fields is None:
        raise AppError("CLASS_UNKNOWN", code="")
    return _Base(
        fields,
        present_fields(sql, SESSION, importing.sessions_of(sql, class_id)),
        present_fields(sql, ENROLMENT, importing.enrolled_in(sql, class_id)),
        importing.teachers_by_name(sql, names),
    )


class _Planner:
    """Judges the rows of one timetable."""

    def __init__(self, job: Job, sheet: TimetableSheet, base: _Base, class_id: bytes) -> None:
        self._job = job
        self._sheet = sheet
        self._base = base
        self._class_id = class_id
        self._findings = Findings(sheet.sheet, sheet.problems, sheet.normalised)
        self._teachers = dict(base.teachers)
        self._planned: dict[bytes, tuple[TimetableRow, PlannedSession]] = {}

    def plan(self, sql: Connection, reload: partial[_Base]) -> ImportPlan:
        """Judge every row and put the plan together."""
        for row in self._job.each(self._sheet.rows):
            self._judge(row)
        sessions, new_teachers = self._sessions()
        dates = self._class_dates()
        self._warn_of_clashes(sql)
        self._warn_of_missing()
        sheet, findings = self._sheet, self._findings
        return ImportPlan(
            **self._job.described(sheet),
            **findings.settled(),
            command="import_timetable",
            facts=Facts(
                people=len(self._base.enrolments),
                sessions=len(self._base.sessions.keys() | self._planned.keys()),
            ),
            writes=(
                (TEACHER, new_teachers),
                (SESSION, sessions),
                (TRAINING_CLASS, [(self._class_id, dates)] if dates else []),
                (ENROLMENT, self._membership_from_start(dates)),
            ),
            relied_on=self._base,
            reload=reload,
        )

    def _judge(self, row: TimetableRow) -> None:
        self._check(row)
        if self._findings.is_bad(row.row):
            self._findings.settle(row.row, row.content, RowState.BAD)
            return
        assert row.date is not None
        assert row.start is not None
        assert row.end is not None
        assert row.hours is not None
        planned = PlannedSession(
            held_on=row.date,
            starts_at=row.start,
            ends_at=row.end,
            hours=row.hours,
            content=row.content,
            mode=row.mode or SessionMode.OFFLINE.value,
            place=row.place,
            teachers=row.teachers,
            number=row.number,
        )
        key = ids.session_id(self._class_id, row.date, row.start)
        former = self._planned.get(key)
        if former is not None:
            self._error(row, "date", AppError("SESSION_ROW_TWICE", other=former[0].row))
            self._findings.settle(row.row, row.content, RowState.BAD)
            return
        self._planned[key] = (row, planned)

    def _check(self, row: TimetableRow) -> None:
        for name, value in (("start", row.start), ("end", row.end)):
            if value is None:
                self._missing(row, name if name in row.columns else "time_range", "TIME_MISSING")
        if row.hours is None:
            self._missing(row, "hours", "HOURS_MISSING")
        elif row.hours > MAX_HOURS:
            self._error(row, "hours", AppError("SESSION_HOURS", hours=row.hours))
        if not row.teachers:
            self._warn(row, "teacher", AppError("TEACHER_MISSING"))
        for name in row.teachers:
            problem = check_name(name).problem
            if problem is not None:
                self._error(row, "teacher", problem)
        if row.date and row.start and row.end and row.hours and row.end > row.start:
            for error in check_times(SessionTimes(row.date, row.start, row.end, row.hours)):
                self._warn(row, "hours", error)
        first, last = self._base.class_fields["start_on"], self._base.class_fields["end_on"]
        if row.date and first and last and not str(first) <= row.date.isoformat() <= str(last):
            self._warn(row, "date", AppError("SESSION_OUTSIDE_CLASS", first=first, last=last))

    def _missing(self, row: TimetableRow, name: str, code: str) -> None:
        """A cell that the reader could not read has its problem already; a blank one gets it here."""
        if not row.raw.get(name, "").strip():
            self._error(row, name, AppError(code))

    def _sessions(self) -> tuple[Rows, Rows]:
        """Settle the good rows; return the session records to write, and the teachers who are new."""
        new_teachers: Rows = []
        for name in sorted({name for _, planned in self._planned.values() for name in planned.teachers}):
            if name not in self._teachers:
                self._teachers[name] = self._job.context.new_id()
                new_teachers.append((self._teachers[name], {"name": name, "employment": "full_time"}))
        taken = {key: fields["number"] for key, fields in self._base.sessions.items()}
        rows = session_rows(
            self._class_id, [planned for _, planned in self._planned.values()], taken, self._teachers
        )
        writes: Rows = []
        for key, fields in rows:
            present = self._base.sessions.get(key)
            state = state_of(fields, present)
            row, _ = self._planned[key]
            self._findings.settle(row.row, row.content, state)
            if state is not RowState.SAME:
                writes.append((key, changes(fields, present)))
        return writes, new_teachers

    def _class_dates(self) -> dict[str, object]:
        """A class without dates gets those of its timetable."""
        fields = self._base.class_fields
        if not self._planned or fields["start_on"] is not None or fields["end_on"] is not None:
            return {}
        days = sorted(planned.held_on.isoformat() for _, planned in self._planned.values())
        return {"start_on": days[0], "end_on": days[-1]}

    def _membership_from_start(self, dates: Mapping[str, object]) -> Rows:
        """Until a class had dates nobody could join it late: who was enrolled before belongs to it from its start."""
        start = dates.get("start_on")
        if start is None:
            return []
        moved: Rows = []
        for key, fields in self._base.enrolments.items():
            spans = fields["periods"]
            if isinstance(spans, list) and len(spans) == 1 and spans[0][1] is None and spans[0][0] > start:
                moved.append((key, {"periods": [[start, None]]}))
        return moved

    def _warn_of_clashes(self, sql: Connection) -> None:
        """Teachers and rooms in two places at once (R29); rooms that are shared are not known as such yet."""
        days = {planned.held_on for _, planned in self._planned.values()}
        others = {
            item.id: item
            for item in class_queries.session_items(sql, days=days)
            if item.id not in self._planned and item.state != "cancelled"
        }
        bookings = [
            Booking(
                item.id,
                item.held_on,
                time.fromisoformat(item.starts_at),
                time.fromisoformat(item.ends_at),
                SessionMode(item.mode),
                item.place,
                frozenset(item.teacher_ids),
            )
            for item in others.values()
        ]
        for key, (_, planned) in self._planned.items():
            teachers = frozenset(self._teachers[name] for name in planned.teachers)
            bookings.append(
                Booking(
                    key,
                    planned.held_on,
                    planned.starts_at,
                    planned.ends_at,
                    SessionMode(planned.mode),
                    planned.place,
                    teachers,
                )
            )
        for clash in find_clashes(bookings):
            found = next((key for key in (clash.first, clash.second) if key in self._planned), None)
            if found is None:
                continue
            row, _ = self._planned[found]
            other = others.get(clash.second if found == clash.first else clash.first)
            code = other.class_code if other else self._job.class_code or ""
            is_teacher = clash.kind is ClashKind.TEACHER
            error = AppError("TEACHER_CLASH" if is_teacher else "ROOM_CLASH", code=code)
            self._warn(row, "teacher" if is_teacher else "place", error)

    def _warn_of_missing(self) -> None:
        left = len(self._base.sessions.keys() - self._planned.keys())
        if left and self._planned:
            self._findings.warn(0, "", "", AppError("SESSIONS_NOT_IN_FILE", count=left))

    def _error(self, row: TimetableRow, name: str, error: AppError) -> None:
        self._findings.error(row.row, row.columns.get(name, ""), row.raw.get(name, ""), error)

    def _warn(self, row: TimetableRow, name: str, error: AppError) -> None:
        self._findings.warn(row.row, row.columns.get(name, ""), row.raw.get(name, ""), error)
