"""考勤表: the marks of a class, by session and person. Never for people or sessions that are not there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import time
from functools import partial

from desktop_app.domain import session_changes, turnout
from desktop_app.domain.attendance import Mark, MarkStatus
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.training import MarkItem, MemberListItem, SessionListItem
from desktop_app.domain.records import MARK
from desktop_app.domain.timetable import CANCELLED
from desktop_app.excel.attendance import (
    AttendanceRow,
    AttendanceSheet,
    SheetMark,
    read_attendance,
    total_problems,
)
from desktop_app.excel.matching import ClassMember, match_people
from desktop_app.excel.problems import Problem, Severity
from desktop_app.excel.session_columns import SessionSlot
from desktop_app.services import access
from desktop_app.services.attendance import closed_reason
from desktop_app.services.imports.findings import Findings, worst
from desktop_app.services.imports.job import Job
from desktop_app.services.imports.plan import BlankMeaning, Facts, ImportPlan, RowState
from desktop_app.store.database import Connection
from desktop_app.store.queries import attendance as attendance_queries
from desktop_app.store.queries import classes as class_queries

_MEANING = {BlankMeaning.PRESENT: MarkStatus.PRESENT, BlankMeaning.ABSENT: MarkStatus.ABSENT}


@dataclass(frozen=True, slots=True)
class _Base:
    """What the plan relies on: sessions, members and marks of the class."""

    sessions: tuple[SessionListItem, ...]
    members: tuple[MemberListItem, ...]
    marks: Mapping[tuple[bytes, bytes], MarkItem]


def plan_attendance(job: Job) -> ImportPlan:
    """Plan an attendance sheet; AppError of the reader, CLASS_UNKNOWN, NOT_YOUR_CLASS, TIMETABLE_MISSING."""
    with job.context.read() as sql:
        class_id = job.class_id(sql)
        reload = partial(_load, class_id=class_id)
        base = reload(sql)
        actor = job.context.require_actor()
        markable = {
            item.id for item in base.sessions if access.markable(sql, actor, class_id, item.teacher_ids)
        }
    if not base.sessions:
        raise AppError("TIMETABLE_MISSING", code=job.class_code or "")
    slots = [
        SessionSlot(item.number, item.held_on, time.fromisoformat(item.starts_at), item.hours)
        for item in base.sessions
        if item.state != CANCELLED
    ]
    sheet, known = job.read(lambda mapping: read_attendance(job.path, slots, mapping, job.options.sheet))
    if job.options.blank is BlankMeaning.ASK:
        job = replace(job, options=replace(job.options, blank=known.blank))
    return _Planner(job, sheet, base, markable).plan(reload)


def _load(sql: Connection, *, class_id: bytes) -> _Base:
    return _Base(
        tuple(class_queries.session_items(sql, class_id=class_id)),
        tuple(class_queries.member_items(sql, class_id, masked=False)),
        attendance_queries.marks(sql, class_id),
    )


class _Planner:
    """Judges the rows of one attendance sheet."""

    def __init__(self, job: Job, sheet: AttendanceSheet, base: _Base, markable: set[bytes]) -> None:
        self._job = job
        self._sheet = sheet
        self._base = base
        self._markable = markable
        self._blank = job.options.blank
        self._findings = Findings(sheet.sheet, sheet.problems, sheet.normalised)
        self._sessions = {(item.number, item.held_on, item.starts_at): item for item in base.sessions}
        self._members = {item.trainee_id: item for item in base.members}
        self._closed: dict[bytes, AppError] = {}
        self._blanks = 0
        self._writes: list[tuple[bytes, Mapping[str, object]]] = []

    def plan(self, reload: partial[_Base]) -> ImportPlan:
        """Judge every row and put the plan together."""
        self._close_columns()
        people = [
            ClassMember(item.trainee_id, item.number, item.name, item.document_number)
            for item in self._base.members
        ]
        matches = match_people([row.person for row in self._sheet.rows], people, self._job.options.same_names)
        for row, match in self._job.each(list(zip(self._sheet.rows, matches, strict=True))):
            self._findings.unmatched(match)
            state = RowState.SAME
            if match.member is not None:
                state = self._judge(row, self._members[match.member.trainee_id])
            self._findings.settle_person(row.person, state)
        sheet, findings = self._sheet, self._findings
        findings.problems += total_problems(sheet, self._blank is BlankMeaning.PRESENT)
        stated = [row.total for row in sheet.rows if row.total is not None]
        return ImportPlan(
            **self._job.described(sheet),
            **findings.settled(),
            command="import_attendance",
            facts=Facts(
                people=len(self._base.members),
                sessions=len(self._base.sessions),
                blank=self._blank,
                blanks=self._blanks,
                stated=sum(stated) if stated else None,
                counted=sum(self._attended(row) for row in sheet.rows),
            ),
            writes=((MARK, self._writes),),
            relied_on=self._base,
            reload=reload,
        )

    def _attended(self, row: AttendanceRow) -> int:
        attends = self._blank is BlankMeaning.PRESENT
        return sum(mark.attended or (mark.blank and attends) for mark in row.marks)

    def _session_of(self, slot: SessionSlot | None) -> SessionListItem:
        assert slot is not None
        assert slot.start is not None
        return self._sessions[slot.number, slot.date, slot.start.isoformat("minutes")]

    def _close_columns(self) -> None:
        """Sessions that take no marks, or none from this user: said once a column, where anything stands in it."""
        today = self._job.context.today()
        filled = {mark.column.index for row in self._sheet.rows for mark in row.marks if not mark.blank}
        for column in self._sheet.columns:
            if column.slot is None:
                continue
            session = self._session_of(column.slot)
            reason = closed_reason(session, today)
            if reason is None and session.id not in self._markable:
                reason = AppError("NOT_YOUR_SESSION", number=session.number)
            if reason is None:
                continue
            self._closed[session.id] = reason
            if column.index in filled:
                problem = Problem(
                    self._sheet.sheet,
                    0,
                    column.letter,
                    column.heading,
                    reason.code,
                    Severity.ERROR,
                    reason.params,
                )
                self._findings.problems.append(problem)

    def _judge(self, row: AttendanceRow, member: MemberListItem) -> RowState:
        planned: list[tuple[bytes, Mapping[str, object]]] = []
        states: list[RowState] = []
        known = False
        for cell in row.marks:
            session = self._session_of(cell.column.slot)
            if session.id in self._closed:
                continue
            wanted = self._wanted(row, cell, member, session)
            present = self._base.marks.get((session.id, member.trainee_id))
            known = known or present is not None
            if wanted is None or _says(wanted, present):
                continue
            self._ask_reason(row, cell, session, present, wanted)
            states.append(RowState.NEW if present is None else RowState.CHANGED)
            reason = None if wanted.reason is None else wanted.reason.value
            fields = {"status": wanted.status.value, "lost_hours": wanted.lost_hours, "reason": reason}
            planned.append((session.id + member.trainee_id, fields))
        if self._findings.is_bad(row.person.row):
            return RowState.BAD
        self._writes += planned
        return RowState.CHANGED if states and known else worst(states)

    def _ask_reason(
        self,
        row: AttendanceRow,
        cell: SheetMark,
        session: SessionListItem,
        present: MarkItem | None,
        wanted: Mark,
    ) -> None:
        """Hold a row that changes a mark after the day of its session until it is said why (R34)."""
        found = session_changes.check_correction(
            None if present is None else present.mark,
            wanted,
            session.held_on,
            self._job.context.today(),
            self._job.options.reason,
            name=row.person.name,
            training_class=session.class_code,
            number=session.number,
        )
        for finding in found:
            self._findings.error(row.person.row, cell.column.letter, cell.raw, finding.error)

    def _wanted(
        self, row: AttendanceRow, cell: SheetMark, member: MemberListItem, session: SessionListItem
    ) -> Mark | None:
        """Return the mark that a cell asks for; a blank of somebody who was no member then is no question."""
        number, letter = row.person.row, cell.column.letter
        belongs = turnout.belongs(session, member)
        if cell.blank:
            if not belongs:
                return None
            self._blanks += 1
            if self._blank is BlankMeaning.ASK:
                self._findings.error(number, letter, "", AppError("BLANK_MEANING"))
            status = _MEANING.get(self._blank)
            return None if status is None else Mark(status)
        if cell.mark is not None and not belongs:
            self._findings.error(number, letter, cell.raw, AppError("NOT_A_MEMBER", number=session.number))
        return cell.mark


def _says(wanted: Mark, present: MarkItem | None) -> bool:
    """Tell whether a mark says what a sign says: the same status, whatever 课时 or reason were added by hand."""
    if present is None or present.mark.status is not wanted.status or present.conflict:
        return False
    return wanted.reason is None or wanted.reason is present.mark.reason
