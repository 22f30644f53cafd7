"""课程表: the sessions of a class; teachers that are not there yet are added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from desktop_app.domain import ids, opening, session_changes
from desktop_app.domain.errors import AppError
from desktop_app.domain.names import check_name
from desktop_app.domain.policy_subjects import holiday_years
from desktop_app.domain.records import ENROLMENT, SESSION, TEACHER, TRAINING_CLASS
from desktop_app.domain.rules import Finding
from desktop_app.domain.timetable import CANCELLED, SessionMode, SessionTimes, check_times
from desktop_app.excel.timetable import TimetableRow, TimetableSheet, read_timetable
from desktop_app.services import session_findings
from desktop_app.services.imports.findings import Findings, changes, state_of
from desktop_app.services.imports.job import Job, present_fields
from desktop_app.services.imports.occupied import Occupied
from desktop_app.services.imports.plan import Facts, ImportPlan, RowState
from desktop_app.services.session_findings import online_of
from desktop_app.services.timetable import MAX_HOURS, PlannedSession, session_rows
from desktop_app.store.database import Connection
from desktop_app.store.queries import importing
from desktop_app.store.queries.policies import policy_book
from desktop_app.store.queries.record_history import session_changes as changes_of

Rows = list[tuple[bytes, Mapping[str, object]]]
_COMMAND = "import_timetable"


@dataclass(frozen=True, slots=True)
class _Base:
    """What the plan relies on: the class, its sessions, its enrolments, and the teachers of the sheet by name.

    ``arranged`` are the sessions that were moved, given to others or called off by a command with its reason.
    """

    class_fields: Mapping[str, object]
    sessions: Mapping[bytes, Mapping[str, object]]
    enrolments: Mapping[bytes, Mapping[str, object]]
    teachers: Mapping[str, bytes]
    arranged: frozenset[bytes]


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
        frozenset(
            one.session_id
            for one in changes_of(sql, class_id)
            if one.source.reason and one.source.command != _COMMAND
        ),
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
        self._standing = {
            (str(fields["held_on"]), str(fields["starts_at"])): key
            for key, fields in base.sessions.items()
            if fields["state"] != CANCELLED
        }
        self._planned: dict[bytes, tuple[TimetableRow, PlannedSession]] = {}

    def plan(self, sql: Connection, reload: partial[_Base]) -> ImportPlan:
        """Judge every row and put the plan together."""
        for row in self._job.each(self._sheet.rows):
            self._judge(row)
        self._keep_within_area(sql)
        self._keep_apart(sql)
        self._warn_of_rules(sql)
        sessions, new_teachers = self._sessions()
        dates = self._class_dates()
        self._warn_of_missing()
        sheet, findings = self._sheet, self._findings
        return ImportPlan(
            **self._job.described(sheet),
            **findings.settled(),
            command=_COMMAND,
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
            key=self._key(row.date.isoformat(), row.start.isoformat("minutes"))
            or ids.session_id(self._class_id, row.date, row.start),
        )
        key = planned.key or b""
        former = self._planned.get(key)
        if former is not None:
            self._error(row, "date", AppError("SESSION_ROW_TWICE", other=former[0].row))
            self._findings.settle(row.row, row.content, RowState.BAD)
            return
        self._planned[key] = (row, planned)

    def _key(self, day: str, start: str) -> bytes | None:
        """Return the session that stands at a time now, be it moved there (调课) or planned for it."""
        return self._standing.get((day, start))

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
        if row.date:
            first, last = (_day(self._base.class_fields[name]) for name in ("start_on", "end_on"))
            for finding in opening.check_within(row.date, first, last, self._job.class_code or ""):
                self._warn(row, "date", finding.error)

    def _missing(self, row: TimetableRow, name: str, code: str) -> None:
        """A cell that the reader could not read has its problem already; a blank one gets it here."""
        if not row.raw.get(name, "").strip():
            self._error(row, name, AppError(code))

    def _sessions(self) -> tuple[Rows, Rows]:
        """Settle the good rows; return the session records to write, and the teachers who are new."""
        new_teachers: Rows = []
        for name in sorted({name for _, planned in self._planned.values() for name in planned.teachers}):
            if name not in self._base.teachers:
                new_teachers.append((self._teachers[name], {"name": name, "employment": "full_time"}))
        taken = {key: fields["number"] for key, fields in self._base.sessions.items()}
        rows = session_rows(
            self._class_id, [planned for _, planned in self._planned.values()], taken, self._teachers
        )
        writes: Rows = []
        for key, wanted in rows:
            present = self._base.sessions.get(key)
            row, _ = self._planned[key]
            fields = wanted
            if present is not None and self._is_arranged(key):
                fields = self._as_arranged(row, wanted, present)
            state = state_of(fields, present)
            self._findings.settle(row.row, row.content, state)
            if state is not RowState.SAME:
                writes.append((key, changes(fields, present)))
        return writes, new_teachers

    def _is_arranged(self, key: bytes) -> bool:
        present = self._base.sessions.get(key)
        return present is not None and (key in self._base.arranged or present["state"] == CANCELLED)

    def _as_arranged(
        self, row: TimetableRow, fields: Mapping[str, object], present: Mapping[str, object]
    ) -> Mapping[str, object]:
        """Leave time, place and teachers of a session as a command with its reason has arranged them."""
        place = SESSION.by_name["place"].fields
        if any(fields.get(name) != present[name] for name in place):
            code = "SESSION_KEPT_OFF" if present["state"] == CANCELLED else "SESSION_KEPT"
            day, start = present["held_on"], present["starts_at"]
            self._warn(row, "date", AppError(code, number=present["number"], date=day, start=start))
        return {name: value for name, value in fields.items() if name not in place}

    def _keep_within_area(self, sql: Connection) -> None:
        """Leave rows out whose place lies outside the areas that the class's project has passed for (R07)."""
        judged: dict[object, tuple[Finding, ...]] = {}
        for key, (row, planned) in tuple(self._planned.items()):
            present = self._base.sessions.get(key) or {}
            own = present.get("site_id")
            site = own if isinstance(own, bytes) and planned.mode != SessionMode.ONLINE.value else None
            if site not in judged:
                code = self._job.class_code or ""
                judged[site] = session_findings.area_at(sql, self._class_id, code, site)
            for finding in judged[site]:
                self._error(row, "place", finding.error)
            if judged[site]:
                self._findings.settle(row.row, row.content, RowState.BAD)
                del self._planned[key]

    def _keep_apart(self, sql: Connection) -> None:
        """Leave rows out that would put somebody or something into two places at once (R29)."""
        for name in sorted({name for _, planned in self._planned.values() for name in planned.teachers}):
            self._teachers.setdefault(name, self._job.context.new_id())
        moving = {key: item for key, item in self._planned.items() if not self._is_arranged(key)}
        occupied = Occupied(
            sql,
            self._class_id,
            self._job.class_code or "",
            moving,
            self._base.enrolments,
            dated=self._base.class_fields["start_on"] is not None,
        )
        for key, (row, planned) in moving.items():
            teachers = {self._teachers[name]: name for name in planned.teachers}
            clashes = occupied.take(key, planned, teachers)
            if clashes:
                for name, error in clashes:
                    self._error(row, name, error)
                self._findings.settle(row.row, row.content, RowState.BAD)
                del self._planned[key]

    def _warn_of_rules(self, sql: Connection) -> None:
        """Say of sessions on holidays (R13), and of online ones what they lack (R28), as their commands do."""
        holidays = holiday_years(policy_book(sql))
        code = self._job.class_code or ""
        for key, (row, planned) in self._planned.items():
            present = self._base.sessions.get(key)
            number = row.number if present is None else present["number"]
            number = number if isinstance(number, int) else 0
            held = opening.PlannedSession(number, planned.held_on, planned.hours, planned.content, 1)
            for finding in opening.check_holidays([held], code, holidays):
                self._warn(row, "date", finding.error)
            given = online_of(present or {})
            lacking = session_changes.check_online(
                planned.mode, given, training_class=code, number=number, session=key
            )
            if lacking:
                self._warn(row, "mode", AppError("ONLINE_UNDESCRIBED", number=number or row.row))

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

    def _warn_of_missing(self) -> None:
        left = len(self._base.sessions.keys() - self._planned.keys())
        if left and self._planned:
            self._findings.warn(0, "", "", AppError("SESSIONS_NOT_IN_FILE", count=left))

    def _error(self, row: TimetableRow, name: str, error: AppError) -> None:
        self._findings.error(row.row, row.columns.get(name, ""), row.raw.get(name, ""), error)

    def _warn(self, row: TimetableRow, name: str, error: AppError) -> None:
        self._findings.warn(row.row, row.columns.get(name, ""), row.raw.get(name, ""), error)


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None
