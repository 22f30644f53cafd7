"""Who belongs to which session, and each member's count: the one way from lists to the attendance arithmetic.

Grid, papers, claims and the command line all come this way, so that they cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from desktop_app.domain.attendance import (
    AS_SHIPPED,
    AttendanceRules,
    AttendanceTally,
    CountedSession,
    Mark,
    tally,
)
from desktop_app.domain.enrolment import is_member
from desktop_app.domain.listings.training import MarkItem, MemberListItem, SessionListItem
from desktop_app.domain.policy_parameters import PolicyBook
from desktop_app.domain.timetable import CANCELLED


def rules_on(book: PolicyBook, day: date) -> AttendanceRules:
    """Return the parameters 公假 and n 次迟到折 1 缺勤 that hold for a class that begins on a day."""
    return AttendanceRules(
        official_leave_counts=bool(book.get("official_leave_counts", day).value),
        lates_per_absence=book.get("lates_per_absence", day).number(),
    )


def counted_sessions(sessions: Iterable[SessionListItem], today: date) -> list[CountedSession]:
    """Return sessions as the arithmetic takes them; ``held`` once their day has come."""
    return [
        CountedSession(
            item.id,
            item.held_on,
            item.hours,
            held=item.held_on <= today,
            cancelled=item.state == CANCELLED,
            makes_up=item.makes_up,
            personal=item.makes_up_for is not None,
        )
        for item in sessions
    ]


def planned_hours(sessions: Iterable[SessionListItem]) -> int:
    """Return the plan in 课时: 停课 and 补课 for some people alone are not in it."""
    return sum(one.hours for one in sessions if one.state != CANCELLED and one.makes_up_for is None)


def belongs(session: SessionListItem, member: MemberListItem) -> bool:
    """Tell whether somebody is expected in a session: a member that day, and of those whom a 补课 is for."""
    meant = session.makes_up_for is None or member.trainee_id in session.makes_up_for
    return meant and is_member(member.periods, session.held_on)


def count_member(
    sessions: Sequence[CountedSession],
    marks: Mapping[bytes, Mark],
    member: MemberListItem,
    rules: AttendanceRules = AS_SHIPPED,
) -> AttendanceTally:
    """Count one member of a class; ``marks`` by session id."""
    return tally(sessions, marks, member.periods, carried_hours=member.carried_hours, rules=rules)


def count_members(
    sessions: Iterable[SessionListItem],
    members: Iterable[MemberListItem],
    marks: Mapping[tuple[bytes, bytes], MarkItem],
    today: date,
    rules: AttendanceRules = AS_SHIPPED,
) -> dict[bytes, AttendanceTally]:
    """Count every member of a class, by trainee id; ``marks`` by (session id, trainee id)."""
    counted = counted_sessions(sessions, today)
    own: dict[bytes, dict[bytes, Mark]] = {}
    for (session_id, trainee_id), item in marks.items():
        own.setdefault(trainee_id, {})[session_id] = item.mark
    return {one.trainee_id: count_member(counted, own.get(one.trainee_id, {}), one, rules) for one in members}
