"""``mark``: one person, or everybody of a session."""

from __future__ import annotations

from pathlib import Path

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.parser import Parsers, add_command
from desktop_app.domain import ids
from desktop_app.domain.attendance import LeaveReason, Mark, MarkStatus
from desktop_app.domain.enrolment import is_member
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.training import AttendanceSheet, SessionListItem
from desktop_app.services.attendance import NewMark
from desktop_app.services.evidence_intake import read_file

EVERYBODY, CLEAR = "all", "clear"


def register(commands: Parsers) -> None:
    """Add ``mark``."""
    parser = add_command(commands, "mark", "mark", _mark)
    parser.add_argument("--class", dest="class_code", required=True, metavar="CODE")
    parser.add_argument("--session", type=int, required=True, metavar="N")
    parser.add_argument("--trainee", required=True, metavar="ID|all")
    parser.add_argument("status", choices=[*(status.value for status in MarkStatus), CLEAR])
    parser.add_argument("--reason", metavar="TEXT", help=resources.text("cli.help.mark_reason"))
    parser.add_argument("--sheet", type=Path, metavar="SCAN", help=resources.text("cli.help.mark_sheet"))


def _mark(invocation: Invocation) -> Answer:
    given, service = invocation.arguments, invocation.services.attendance
    training_class = invocation.services.classes.class_by_code(given.class_code)
    sheet = service.sheet(training_class.id)
    session = _session(sheet, given.session)
    everybody = given.trainee == EVERYBODY
    if given.sheet is not None:
        changed = _from_sheet(invocation, sheet, session)
    elif everybody and given.status != CLEAR:
        changed = service.mark_class(session.id, MarkStatus(given.status))
    else:
        people = _marked(sheet, session) if everybody else [ids.from_text(given.trainee)]
        mark, reason = _mark_of(given.status, given.reason)
        changed = service.mark(session.id, [NewMark(person, mark) for person in people], reason)
    return Answer(
        {"session": session.id, "number": session.number, "changed": changed},
        [resources.text("cli.marked", number=session.number, count=changed)],
    )


def _from_sheet(invocation: Invocation, sheet: AttendanceSheet, session: SessionListItem) -> int:
    """Mark one person, or all who have no mark yet, as the scanned sheet says."""
    given, services = invocation.arguments, invocation.services
    mark, reason = _mark_of(given.status, given.reason)
    if given.trainee == EVERYBODY:
        marked = {trainee for held, trainee in sheet.marks if held == session.id}
        members = [one for one in sheet.members if is_member(one.periods, session.held_on)]
        people = [one.trainee_id for one in members if one.trainee_id not in marked]
    else:
        people = [ids.from_text(given.trainee)]
    kept = services.evidence.keep_sheet(session.id, read_file(given.sheet), given.sheet.name)
    marks = [NewMark(person, mark) for person in people]
    return services.attendance.mark_from_sheet(session.id, marks, kept, reason)


def _session(sheet: AttendanceSheet, number: int) -> SessionListItem:
    for session in sheet.sessions:
        if session.number == number:
            return session
    raise AppError("SESSION_UNKNOWN", number=number)


def _marked(sheet: AttendanceSheet, session: SessionListItem) -> list[bytes]:
    return [trainee for held, trainee in sheet.marks if held == session.id]


def _mark_of(status: str, reason: str | None) -> tuple[Mark | None, str | None]:
    """Return mark and reason; for leave a reason that is a code (sick, personal …) belongs to the mark."""
    if status == CLEAR:
        return None, reason
    if status == MarkStatus.LEAVE and reason in set(LeaveReason):
        return Mark(MarkStatus.LEAVE, reason=LeaveReason(str(reason))), reason
    return Mark(MarkStatus(status)), reason
