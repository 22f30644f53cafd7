"""Marks: for members, on sessions that have come, by those who may, with a reason afterwards."""

from __future__ import annotations

from datetime import date, time

import pytest

from desktop_app.domain.attendance import LeaveReason, Mark, MarkStatus
from desktop_app.domain.records import ENROLMENT, SESSION, TRAINEE
from desktop_app.services.attendance import NewMark
from desktop_app.services.container import Services
from desktop_app.services.timetable import PlannedSession
from tests.factories.offices import TODAY, Office, TestClock
from tests.services.store_facts import entries, newest, refusal

PRESENT = Mark(MarkStatus.PRESENT)


def _tomorrow(office: Office) -> None:
    clock = office.profile.clock
    assert isinstance(clock, TestClock)
    clock.moment = TestClock(date(2020, 11, 11)).moment


def _marks(services: Services, office: Office, session: int = 0) -> list[str | None]:
    marks = services.attendance.sheet(office.class_id).marks
    found = [marks.get((office.sessions[session], person)) for person in office.people]
    return [None if item is None else item.mark.status.value for item in found]


def test_a_session_to_come_takes_no_marks(office: Office) -> None:
    """From its own day on it does; the sheet says which are open."""
    services = office.as_role("office")
    assert refusal(lambda: services.attendance.mark_class(office.sessions[2])) == "SESSION_IN_FUTURE"
    assert services.attendance.sheet(office.class_id).editable_sessions == frozenset(office.sessions[:2])
    _tomorrow(office)
    assert services.attendance.mark_class(office.sessions[2]) == 3


def test_a_cancelled_session_takes_no_marks(office: Office) -> None:
    """停课."""
    services = office.as_role("office")
    with services.context.unit_of_work("edit_session") as work:
        work.put(SESSION, office.sessions[0], {"state": "cancelled"})
    assert refusal(lambda: services.attendance.mark_class(office.sessions[0])) == "SESSION_CANCELLED"
    assert office.sessions[0] not in services.attendance.sheet(office.class_id).editable_sessions


def test_only_members_are_marked(office: Office) -> None:
    """Nobody of another class, nobody unknown; and nothing of the call is written."""
    services = office.as_role("office")
    stranger = services.trainees.create({"name": "肖兰芳", "document_number": "42062519970427945X"})
    before = entries(office)
    marks = [NewMark(office.people[2], PRESENT), NewMark(stranger, PRESENT)]
    assert refusal(lambda: services.attendance.mark(office.sessions[0], marks)) == "NOT_A_MEMBER"
    assert refusal(lambda: services.attendance.mark(b"\7" * 32, marks)) == "SESSION_UNKNOWN"
    assert entries(office) == before


def test_a_blank_is_filled_later_without_a_reason_a_mark_is_not_changed_without_one(office: Office) -> None:
    """Also clearing is a change; the same mark again is none."""
    attendance = office.as_role("office").attendance
    session, people = office.sessions[0], office.people
    attendance.mark(session, [NewMark(people[2], PRESENT)])
    before = entries(office)
    assert attendance.mark(session, [NewMark(people[0], PRESENT)]) == 0
    for mark in (Mark(MarkStatus.LATE), Mark(MarkStatus.PRESENT, 1), None):
        assert refusal(attendance.mark, session, [NewMark(people[0], mark)]) == "MARK_REASON_MISSING"
        assert refusal(attendance.mark, session, [NewMark(people[0], mark)], " ") == "MARK_REASON_MISSING"
    assert entries(office) == before
    attendance.mark(session, [NewMark(people[0], None)], "误登")
    assert newest(office).reason == "误登"
    assert _marks(office.as_role("office"), office) == [None, "present", "present"]


def test_on_its_own_day_a_mark_changes_freely(office: Office) -> None:
    """The day after it does not."""
    attendance = office.as_role("office").attendance
    session, person = office.sessions[1], office.people[0]
    attendance.mark(session, [NewMark(person, PRESENT)])
    attendance.mark(session, [NewMark(person, Mark(MarkStatus.ABSENT))])
    _tomorrow(office)
    assert refusal(lambda: attendance.mark(session, [NewMark(person, PRESENT)])) == "MARK_REASON_MISSING"


def test_filling_blanks_never_overwrites(office: Office) -> None:
    """Those who are late or absent stay so; a second time changes nothing."""
    services = office.as_role("office")
    marks = [
        NewMark(office.people[0], Mark(MarkStatus.ABSENT)),
        NewMark(office.people[1], Mark(MarkStatus.LATE, 2)),
    ]
    services.attendance.mark(office.sessions[1], marks)
    assert services.attendance.mark_class(office.sessions[1]) == 1
    assert _marks(services, office, 1) == ["absent", "late", "present"]
    before = entries(office)
    assert services.attendance.mark_class(office.sessions[1]) == 0
    assert entries(office) == before


@pytest.mark.parametrize(
    ("mark", "code"),
    [
        (Mark(MarkStatus.LATE, 5), "LOST_HOURS_RANGE"),
        (Mark(MarkStatus.LATE, -1), "LOST_HOURS_RANGE"),
        (Mark(MarkStatus.ABSENT, 1), "LOST_HOURS_STATUS"),
        (Mark(MarkStatus.PRESENT, 0, LeaveReason.SICK), "LEAVE_REASON_STATUS"),
    ],
)
def test_a_mark_that_makes_no_sense_is_refused(office: Office, mark: Mark, code: str) -> None:
    """Lost 课时 from 0 to the session's, only of who was there; a reason only for leave."""
    attendance = office.as_role("office").attendance
    assert refusal(lambda: attendance.mark(office.sessions[1], [NewMark(office.people[0], mark)])) == code
    attendance.mark(
        office.sessions[1],
        [
            NewMark(office.people[0], Mark(MarkStatus.LATE, 4)),
            NewMark(office.people[1], Mark(MarkStatus.LEAVE, 0, LeaveReason.SICK)),
        ],
    )


def test_fifty_people_are_one_entry_and_one_undo(office: Office) -> None:
    """The whole class with one key."""
    services = office.as_role("office")
    with services.context.unit_of_work("import_roster") as work:
        for number in range(4, 51):
            person = services.context.new_id()
            work.put(TRAINEE, person, {"name": f"学员{number}"})
            work.put(
                ENROLMENT,
                office.class_id + person,
                {"number": number, "state": "enrolled", "periods": [["2020-11-09", None]]},
            )
    before = entries(office)
    assert services.attendance.mark_class(office.sessions[1]) == 50
    assert entries(office) == before + 1
    record = newest(office)
    assert (record.command, record.records, record.subject) == ("mark_class", 50, "电工01班 #2")
    services.history.undo()
    assert not any(key[0] == office.sessions[1] for key in services.attendance.sheet(office.class_id).marks)


def test_teachers_mark_own_sessions_and_advisers_own_classes(office: Office) -> None:
    """And the sheet opens just those."""
    services = office.as_role("office")
    other = services.timetable.add_session(
        office.other_class_id,
        PlannedSession(TODAY, time(8), time(11), 4, "焊条", "offline", "A1", ("周敏",)),
    )
    services.trainees.enrol(office.other_class_id, office.people[:1], None)
    teacher = office.as_role("teacher")
    assert teacher.attendance.sheet(office.class_id).editable_sessions == {office.sessions[0]}
    assert refusal(lambda: teacher.attendance.mark_class(office.sessions[1])) == "NOT_YOUR_SESSION"
    assert refusal(lambda: teacher.attendance.mark_class(other)) == "NOT_YOUR_SESSION"
    assert refusal(lambda: teacher.attendance.sheet(office.other_class_id)) == "NOT_YOUR_CLASS"
    adviser = office.as_role("adviser")
    assert adviser.attendance.sheet(office.class_id).editable_sessions == set(office.sessions[:2])
    assert refusal(lambda: adviser.attendance.mark_class(other)) == "NOT_YOUR_SESSION"
    head = office.as_role("head")
    assert head.attendance.sheet(office.class_id).editable_sessions == frozenset()


def test_a_substitute_marks_the_session(office: Office) -> None:
    """代课: who gives it now, not who was to give it."""
    services = office.as_role("office")
    services.timetable.edit_session(office.sessions[1], {"teachers": ["陈志强"]}, "代课")
    services.timetable.edit_session(office.sessions[0], {"teachers": ["周敏"]}, "代课")
    teacher = office.as_role("teacher")
    assert teacher.attendance.mark_class(office.sessions[1]) == 3
    assert refusal(lambda: teacher.attendance.mark_class(office.sessions[0])) == "NOT_YOUR_SESSION"


def test_a_mark_says_where_it_comes_from(office: Office) -> None:
    """全班键 or 逐人, by whom, with the reason of its last correction."""
    office.as_role("adviser").attendance.mark_class(office.sessions[1])
    attendance = office.as_role("office").attendance
    attendance.mark(office.sessions[1], [NewMark(office.people[0], Mark(MarkStatus.LATE))], "家长来电")
    marks = attendance.sheet(office.class_id).marks
    one, whole = (attendance.source(marks[office.sessions[1], person].entry) for person in office.people[:2])
    assert (one.command, one.user, one.reason) == ("mark_one", "office 账号", "家长来电")
    assert (whole.command, whole.user, whole.reason) == ("mark_class", "adviser 账号", None)
