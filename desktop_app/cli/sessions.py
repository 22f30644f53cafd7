"""``session``: add, 调课, 代课, 停课, 补课, online teaching, and what was changed."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from datetime import time

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.parser import Parser, Parsers, add_command, add_noun, iso_date
from desktop_app.domain import ids
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.training import SessionListItem
from desktop_app.domain.session_changes import Online, sign_of
from desktop_app.services.session_changes import Moved
from desktop_app.services.timetable import MODES, PlannedSession


def clock_time(text: str) -> time:
    """Read a time argument, HH:MM."""
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(resources.text("cli.time_wanted", value=text)) from None


def register(commands: Parsers) -> None:
    """Add ``session``."""
    verbs = add_noun(commands, "session")
    add = add_command(verbs, "add", "session_add", _add)
    add.add_argument("--class", dest="class_code", required=True, metavar="CODE")
    _plan(add)
    move = _one(verbs, "reschedule", "session_reschedule", _reschedule, reason=True)
    move.add_argument("--date", type=iso_date, metavar="DATE")
    move.add_argument("--start", type=clock_time, metavar="HH:MM")
    move.add_argument("--end", type=clock_time, metavar="HH:MM")
    move.add_argument("--place", metavar="TEXT")
    move.add_argument("--site", metavar="NAME")
    move.add_argument("--teacher", nargs="+", metavar="NAME")
    other = _one(verbs, "substitute", "session_substitute", _substitute, reason=True)
    other.add_argument("--teacher", nargs="+", required=True, metavar="NAME")
    other.add_argument("--hours", nargs="*", type=int, default=[], metavar="N")
    _one(verbs, "call-off", "session_call_off", _call_off, reason=True)
    _one(verbs, "reinstate", "session_reinstate", _reinstate, reason=True)
    made = _one(verbs, "make-up", "session_make_up", _make_up, reason=True)
    _plan(made)
    made.add_argument("--trainee", nargs="+", metavar="ID")
    online = _one(verbs, "online", "session_online", _online)
    online.add_argument("--platform", default="", metavar="TEXT")
    online.add_argument("--minutes", type=int, metavar="N")
    online.add_argument("--checks", type=int, metavar="N")
    changes = add_command(verbs, "changes", "session_changes", _changes)
    changes.add_argument("--class", dest="class_code", required=True, metavar="CODE")
    history = _one(verbs, "history", "session_history", _history)
    history.add_argument("--trainee", required=True, metavar="ID")


def _one(verbs: Parsers, name: str, help_key: str, run: object, *, reason: bool = False) -> Parser:
    parser = add_command(verbs, name, help_key, run)  # type: ignore[arg-type]
    parser.add_argument("--class", dest="class_code", required=True, metavar="CODE")
    parser.add_argument("--session", type=int, required=True, metavar="N")
    if reason:
        parser.add_argument("--reason", required=True, metavar="TEXT")
    return parser


def _plan(parser: Parser) -> None:
    parser.add_argument("--date", type=iso_date, required=True, metavar="DATE")
    parser.add_argument("--start", type=clock_time, required=True, metavar="HH:MM")
    parser.add_argument("--end", type=clock_time, required=True, metavar="HH:MM")
    parser.add_argument("--hours", type=int, required=True, metavar="N")
    parser.add_argument("--content", default="", metavar="TEXT")
    parser.add_argument("--mode", choices=MODES, default="offline")
    parser.add_argument("--place", default="", metavar="TEXT")
    parser.add_argument("--teacher", nargs="*", default=[], metavar="NAME")


def _planned(invocation: Invocation) -> PlannedSession:
    given = invocation.arguments
    return PlannedSession(
        given.date,
        given.start,
        given.end,
        given.hours,
        given.content,
        given.mode,
        given.place,
        tuple(given.teacher),
    )


def find_session(invocation: Invocation) -> SessionListItem:
    """Return the session that ``--class`` and ``--session`` name; AppError SESSION_UNKNOWN."""
    given, services = invocation.arguments, invocation.services
    item = services.classes.class_by_code(given.class_code)
    for session in services.classes.list_sessions(item.id):
        if session.number == given.session:
            return session
    raise AppError("SESSION_UNKNOWN", number=given.session)


def _number(invocation: Invocation, class_id: bytes, key: bytes) -> int:
    listed = invocation.services.classes.list_sessions(class_id)
    return next(one.number for one in listed if one.id == key)


def _add(invocation: Invocation) -> Answer:
    services = invocation.services
    item = services.classes.class_by_code(invocation.arguments.class_code)
    key = services.timetable.add_session(item.id, _planned(invocation))
    number = _number(invocation, item.id, key)
    return Answer({"session": key, "number": number}, [resources.text("cli.session_added", number=number)])


def _changed(session: SessionListItem, verb: str) -> Answer:
    line = resources.text(
        "cli.session_changed", number=session.number, verb=resources.text(f"command.{verb}")
    )
    return Answer({"session": session.id, "number": session.number}, [line])


def _reschedule(invocation: Invocation) -> Answer:
    given, session = invocation.arguments, find_session(invocation)
    site_id = None
    if given.site is not None:
        sites = invocation.services.sites.list_sites()
        site_id = next((one.id for one in sites if one.name == given.site), None)
        if site_id is None:
            raise AppError("SITE_UNKNOWN")
    teachers = None if given.teacher is None else tuple(given.teacher)
    moved = Moved(given.date, given.start, given.end, given.place, site_id, teachers)
    invocation.services.session_changes.reschedule(session.id, moved, given.reason)
    return _changed(session, "reschedule_session")


def _substitute(invocation: Invocation) -> Answer:
    given, session = invocation.arguments, find_session(invocation)
    service = invocation.services.session_changes
    service.substitute(session.id, given.teacher, given.reason, given.hours)
    return _changed(session, "substitute_teacher")


def _call_off(invocation: Invocation) -> Answer:
    session = find_session(invocation)
    invocation.services.session_changes.call_off(session.id, invocation.arguments.reason)
    return _changed(session, "call_off_session")


def _reinstate(invocation: Invocation) -> Answer:
    session = find_session(invocation)
    invocation.services.session_changes.reinstate(session.id, invocation.arguments.reason)
    return _changed(session, "reinstate_session")


def _make_up(invocation: Invocation) -> Answer:
    given, session = invocation.arguments, find_session(invocation)
    people = None if given.trainee is None else [ids.from_text(one) for one in given.trainee]
    service = invocation.services.session_changes
    key = service.make_up(session.id, _planned(invocation), given.reason, people)
    number = _number(invocation, session.class_id, key)
    line = resources.text("cli.session_made_up", number=session.number, other=number)
    return Answer({"session": key, "number": number, "makes_up": session.id}, [line])


def _online(invocation: Invocation) -> Answer:
    given, session = invocation.arguments, find_session(invocation)
    online = Online(given.platform, given.minutes, given.checks)
    invocation.services.session_changes.set_online(session.id, online)
    return _changed(session, "describe_online")


def _changes(invocation: Invocation) -> Answer:
    services = invocation.services
    item = services.classes.class_by_code(invocation.arguments.class_code)
    listed = services.session_changes.list_changes(item.id)
    items = [
        {
            "session": one.session_id,
            "number": one.number,
            "changes": {name: [before, after] for name, before, after in one.changes},
            **asdict(one.source),
        }
        for one in listed
    ]
    lines = [
        resources.text(
            "cli.session_change",
            number=one.number,
            command=resources.text(f"command.{one.source.command}"),
            reason=one.source.reason or "",
        )
        for one in listed
    ]
    return Answer({"total": len(items), "items": items}, lines)


def _history(invocation: Invocation) -> Answer:
    session = find_session(invocation)
    trainee = ids.from_text(invocation.arguments.trainee)
    listed = invocation.services.attendance.history(session.id, trainee)
    items = [
        {
            "before": None if one.before is None else one.before.status.value,
            "after": None if one.after is None else one.after.status.value,
            **asdict(one.source),
        }
        for one in listed
    ]
    lines = [
        resources.text(
            "cli.mark_change",
            before=sign_of(one.before),
            after=sign_of(one.after),
            user=one.source.user,
            reason=one.source.reason or "",
        )
        for one in listed
    ]
    return Answer({"total": len(items), "items": items}, lines)
