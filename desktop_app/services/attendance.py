"""Attendance marks. Marks are for members on sessions that exist; a correction after the day needs a reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from desktop_app.domain import session_changes, turnout
from desktop_app.domain.attendance import DEFAULT_LIMIT, Mark, MarkStatus, check_mark
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.training import (
    AttendanceSheet,
    MarkChange,
    MarkSource,
    SessionListItem,
)
from desktop_app.domain.records import MARK
from desktop_app.domain.timetable import CANCELLED
from desktop_app.services import access
from desktop_app.services.classes import one_class
from desktop_app.services.context import Service, command
from desktop_app.services.evidence import KeptFile, Owner, name_file
from desktop_app.store.database import Connection
from desktop_app.store.queries import attendance as attendance_queries
from desktop_app.store.queries import classes as class_queries
from desktop_app.store.queries import record_history
from desktop_app.store.queries.policies import policy_book
from desktop_app.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class NewMark:
    """A mark to be written; None clears it."""

    trainee_id: bytes
    mark: Mark | None


class AttendanceService(Service):
    """考勤 of one class: the grid, and the commands that write into it."""

    def sheet(self, class_id: bytes) -> AttendanceSheet:
        """Return everything the grid of a class needs; AppError CLASS_UNKNOWN, NOT_YOUR_CLASS."""
        actor = self.context.require("view_attendance")
        today = self.context.today()
        with self.context.read() as sql:
            access.require_class(sql, actor, class_id)
            sessions = class_queries.session_items(sql, class_id=class_id)
            editable = frozenset(
                item.id
                for item in sessions
                if closed_reason(item, today) is None
                and self.context.may("mark_one")
                and access.markable(sql, actor, class_id, item.teacher_ids)
            )
            training_class = one_class(sql, class_id, today)
            book, day = policy_book(sql), training_class.start_on or today
            return AttendanceSheet(
                training_class=training_class,
                sessions=tuple(sessions),
                members=tuple(class_queries.member_items(sql, class_id)),
                marks=attendance_queries.marks(sql, class_id),
                editable_sessions=editable,
                today=today,
                rules=turnout.rules_on(book, day),
                limit=book.get("attendance_rate", day).number(DEFAULT_LIMIT),
            )

    def source(self, entry: int) -> MarkSource:
        """Return where a mark comes from."""
        self.context.require("view_attendance")
        with self.context.read() as sql:
            return attendance_queries.mark_source(sql, entry)

    def history(self, session_id: bytes, trainee_id: bytes) -> list[MarkChange]:
        """Return every write of one cell, the latest first: the old value, the reason and who stay (R34).

        Raises AppError SESSION_UNKNOWN, NOT_YOUR_CLASS.
        """
        actor = self.context.require("view_attendance")
        with self.context.read() as sql:
            items = class_queries.session_items(sql, session_id=session_id)
            if not items:
                raise AppError("SESSION_UNKNOWN", number="")
            access.require_class(sql, actor, items[0].class_id)
            return record_history.mark_history(sql, session_id, trainee_id)

    @command("mark_one")
    def mark(
        self, work: UnitOfWork, session_id: bytes, marks: Sequence[NewMark], reason: str | None = None
    ) -> int:
        """Write single marks of one session (逐人); return how many changed.

        Raises AppError SESSION_UNKNOWN, SESSION_CANCELLED, SESSION_IN_FUTURE, NOT_YOUR_SESSION,
        NOT_A_MEMBER, LOST_HOURS_*, LEAVE_REASON_STATUS, and RuleErrors MARK_REASON_MISSING where a mark that
        is there changes after the session's day without a reason (R34).
        """
        return self._mark(work, session_id, marks, reason)

    @command("mark_from_sheet")
    def mark_from_sheet(
        self,
        work: UnitOfWork,
        session_id: bytes,
        marks: Sequence[NewMark],
        sheet: KeptFile,
        reason: str | None = None,
    ) -> int:
        """Write marks as the signed 签到表 has them (签到表); return how many changed.

        The scan (``services.evidence.keep_sheet``) becomes evidence of the session in the same entry, which so says
        by its hash which sheet was keyed. Raises AppError EVIDENCE_OWNER_UNKNOWN and what ``mark`` raises.
        """
        if sheet.owner != Owner("session", session_id):
            raise AppError("EVIDENCE_OWNER_UNKNOWN")
        changed = self._mark(work, session_id, marks, reason)
        name_file(work, self.context.new_id(), sheet)
        return changed

    def _mark(self, work: UnitOfWork, session_id: bytes, marks: Sequence[NewMark], reason: str | None) -> int:
        session = self._open_session(work.sql, session_id)
        people = {new.trainee_id for new in marks}
        members = set(_expected(work.sql, session, people))
        present = attendance_queries.marks(work.sql, session.class_id, session_id, people)
        for new in marks:
            if new.mark is not None:
                check_mark(new.mark, session.hours)
            if new.trainee_id not in members:
                raise AppError("NOT_A_MEMBER", number=session.number)
        self.context.heed(
            finding
            for new in marks
            if (former := present.get((session_id, new.trainee_id))) is not None
            for finding in session_changes.check_correction(
                former.mark,
                new.mark,
                session.held_on,
                self.context.today(),
                reason or "",
                name=_name(work.sql, new.trainee_id),
                training_class=session.class_code,
                number=session.number,
            )
        )
        work.reason = (reason or "").strip() or None
        return write_marks(work, session_id, marks)

    @command("mark_class")
    def mark_class(self, work: UnitOfWork, session_id: bytes, status: MarkStatus = MarkStatus.PRESENT) -> int:
        """Mark every member of a session who has no mark yet (全班键); marks that are there stay as they are."""
        session = self._open_session(work.sql, session_id)
        present = attendance_queries.marks(work.sql, session.class_id, session_id)
        blank = [trainee for trainee in _expected(work.sql, session) if (session_id, trainee) not in present]
        return write_marks(work, session_id, [NewMark(trainee, Mark(status)) for trainee in blank])

    def _open_session(self, sql: Connection, session_id: bytes) -> SessionListItem:
        items = class_queries.session_items(sql, session_id=session_id)
        if not items:
            raise AppError("SESSION_UNKNOWN", number="")
        session = items[0]
        closed = closed_reason(session, self.context.today())
        if closed is not None:
            raise closed
        actor = self.context.require_actor()
        if not access.markable(sql, actor, session.class_id, session.teacher_ids):
            raise AppError("NOT_YOUR_SESSION", number=session.number)
        return session


def _expected(
    sql: Connection, session: SessionListItem, only: Collection[bytes] | None = None
) -> list[bytes]:
    """Return who is expected in a session, by number: the members of that day, or those whom a 补课 is for.

    ``only`` limits them to some people.
    """
    members = attendance_queries.members_on(sql, session.class_id, session.held_on, only)
    wanted = session.makes_up_for
    return members if wanted is None else [one for one in members if one in wanted]


def _name(sql: Connection, trainee_id: bytes) -> str:
    row = sql.exec_driver_sql("SELECT name FROM trainee WHERE id = ?", (trainee_id,)).first()
    return "" if row is None else row[0] or ""


def closed_reason(session: SessionListItem, today: date) -> AppError | None:
    """Say why a session takes no marks, None where it does: it is cancelled, to come, or falls into a 停训."""
    if session.state == CANCELLED:
        return AppError("SESSION_CANCELLED", number=session.number)
    if session.held_on > today:
        return AppError("SESSION_IN_FUTURE", number=session.number, date=session.held_on.isoformat())
    if session.suspended_on is not None and session.held_on >= session.suspended_on:
        return AppError("CLASS_SUSPENDED", number=session.number, date=session.suspended_on.isoformat())
    return None


def write_marks(work: UnitOfWork, session_id: bytes, marks: Iterable[NewMark]) -> int:
    """Write marks within a command; return how many changed."""
    rows: list[tuple[bytes, dict[str, object]]] = []
    for new in marks:
        key, mark = session_id + new.trainee_id, new.mark
        if mark is None:
            if work.fields(MARK, key) is not None:
                rows.append((key, {"status": None, "lost_hours": None, "reason": None}))
            continue
        reason = None if mark.reason is None else mark.reason.value
        rows.append((key, {"status": mark.status.value, "lost_hours": mark.lost_hours, "reason": reason}))
    return work.put_many(MARK, rows)
