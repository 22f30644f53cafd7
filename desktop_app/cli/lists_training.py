"""``list projects``, ``classes``, ``sessions`` and ``attendance``."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from desktop_app.cli.invocation import Invocation
from desktop_app.cli.lists import Items, Lister, chosen_classes
from desktop_app.domain import turnout
from desktop_app.domain.attendance import CountedSession, Mark
from desktop_app.domain.listings.training import AttendanceSheet, MemberListItem
from desktop_app.services.project_standing import areas_of


def _projects(invocation: Invocation) -> Items:
    return [
        asdict(one.item)
        | {
            "areas": areas_of(one),
            "tracks": {standing.track.value: standing.state.value for standing in one.standings},
            "selected_by": [chosen.department for chosen in one.selections],
        }
        for one in invocation.services.projects.list_details()
    ]


def _classes(invocation: Invocation) -> Items:
    return [asdict(item) for item in chosen_classes(invocation)]


def _sessions(invocation: Invocation) -> Items:
    return [
        asdict(session)
        for one in chosen_classes(invocation)
        for session in invocation.services.classes.list_sessions(one.id)
    ]


def _attendance(invocation: Invocation) -> Items:
    """One item a person: marks by session, what they come to in 课次 and 课时, and the rates rounded down."""
    found: Items = []
    for one in chosen_classes(invocation):
        sheet = invocation.services.attendance.sheet(one.id)
        sessions = turnout.counted_sessions(sheet.sessions, sheet.today)
        found += [_person(sheet, sessions, member) for member in sheet.members]
    return found


def _person(sheet: AttendanceSheet, sessions: list[CountedSession], member: MemberListItem) -> dict[str, Any]:
    marks: dict[bytes, Mark] = {}
    listed = []
    for session in sheet.sessions:
        item = sheet.marks.get((session.id, member.trainee_id))
        if item is None:
            continue
        marks[session.id] = item.mark
        listed.append(
            {
                "session": session.number,
                "status": item.mark.status.value,
                "lost_hours": item.mark.lost_hours,
                "reason": None if item.mark.reason is None else item.mark.reason.value,
            }
        )
    count = turnout.count_member(sessions, marks, member, sheet.rules)
    return {
        "class": sheet.training_class.code,
        "trainee": member.trainee_id,
        "number": member.number,
        "name": member.name,
        "marks": listed,
        "attended_sessions": count.present,
        "expected_sessions": count.expected,
        "unmarked_sessions": count.unmarked,
        "planned_hours": count.planned,
        "attended_hours": count.attended,
        "subsidy_rate": str(count.subsidy_rate),
        "current_rate": str(count.current_rate),
        "reachable_rate": str(count.reachable_rate),
        "may_still_lose": count.may_still_lose(sheet.limit),
    }


LISTS = {
    "projects": Lister(_projects, ("code", "name", "trade", "level", "organisation", "classes")),
    "classes": Lister(_classes, ("id", "code", "project_name", "start_on", "end_on", "people", "sessions")),
    "sessions": Lister(
        _sessions,
        (
            "class_code",
            "number",
            "held_on",
            "starts_at",
            "ends_at",
            "hours",
            "content",
            "teachers",
            "attended",
        ),
    ),
    "attendance": Lister(
        _attendance,
        (
            "class",
            "number",
            "name",
            "attended_sessions",
            "expected_sessions",
            "attended_hours",
            "subsidy_rate",
        ),
    ),
}
