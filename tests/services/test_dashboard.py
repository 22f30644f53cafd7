"""The first screen: what is to be done today, for whoever looks."""

from __future__ import annotations

from datetime import date, time

import pytest

from desktop_app.domain.users import Role
from desktop_app.services.timetable import PlannedSession
from tests.factories.offices import TODAY, Office, TestClock
from tests.services.store_facts import refusal


def _move_to(office: Office, day: date) -> None:
    clock = office.profile.clock
    assert isinstance(clock, TestClock)
    clock.moment = TestClock(day).moment


def test_today_overdue_and_next(office: Office) -> None:
    """Yesterday's session lacks one mark, today's has none yet, tomorrow's is the next."""
    services = office.as_role("office")
    board = services.dashboard.today()
    assert [item.id for item in board.today] == [office.sessions[1]]
    assert [(item.id, item.marked, item.members) for item in board.overdue] == [(office.sessions[0], 2, 3)]
    assert board.next_session is not None
    assert board.next_session.id == office.sessions[2]
    assert (board.people, board.classes, board.rejected, board.conflicts) == (3, 2, 0, 0)
    assert board.attendance_by_week == (("2020-11-09", 2, 2),)
    services.attendance.mark_class(office.sessions[0])
    assert services.dashboard.today().overdue == ()


def test_a_session_of_today_is_overdue_tomorrow(office: Office) -> None:
    """On the last day nothing is next."""
    _move_to(office, date(2020, 11, 11))
    board = office.as_role("office").dashboard.today()
    assert [item.id for item in board.overdue] == office.sessions[:2]
    assert [item.id for item in board.today] == office.sessions[2:]
    assert board.next_session is None


@pytest.mark.parametrize(("day", "overdue"), [(date(2021, 5, 10), 1), (date(2021, 5, 11), 0)])
def test_what_is_half_a_year_old_is_left_to_the_class_list(office: Office, day: date, overdue: int) -> None:
    """26 weeks to the day; the class still says what is not marked."""
    _move_to(office, day)
    services = office.as_role("office")
    for session in office.sessions[1:]:
        services.attendance.mark_class(session)
    assert len(services.dashboard.today().overdue) == overdue
    item = services.classes.get_class(office.class_id)
    assert (item.sessions_past, item.sessions_marked) == (3, 2)


def test_teachers_see_the_sessions_that_are_theirs(office: Office) -> None:
    """周敏's session of today is not 陈志强's to mark; the adviser sees the whole class."""
    board = office.as_role("teacher").dashboard.today()
    assert board.today == ()
    assert [item.id for item in board.overdue] == [office.sessions[0]]
    assert (board.people, board.classes) == (3, 1)
    assert [item.id for item in office.as_role("adviser").dashboard.today().today] == [office.sessions[1]]


def test_others_classes_are_not_counted(office: Office) -> None:
    """A session of a class that the adviser does not have."""
    services = office.as_role("office")
    planned = PlannedSession(TODAY, time(8), time(11), 4, "焊条", "offline", "A1", ("周敏",))
    services.timetable.add_session(office.other_class_id, planned)
    services.trainees.enrol(office.other_class_id, office.people, None)
    assert len(services.dashboard.today().today) == 2
    board = office.as_role("adviser").dashboard.today()
    assert (len(board.today), board.people) == (1, 3)


def test_scores_wait_until_they_are_locked(office: Office) -> None:
    """All are typed, but the conclusions are not written yet."""
    assert office.as_role("teacher").dashboard.today().scores_waiting == 1
    assert office.as_role("adviser").dashboard.today().scores_waiting == 0
    office.as_role("teacher").assessments.lock(office.assessment_id)
    assert office.as_role("teacher").dashboard.today().scores_waiting == 0
    assert office.as_role("office").dashboard.today().scores_waiting == 0


def test_results_that_lack_people_wait(office: Office) -> None:
    """Somebody enrolled after the file of the 评价组织 came."""
    services = office.as_role("office")
    before = services.dashboard.today().scores_waiting
    late = services.trainees.create({"name": "肖兰芳", "document_number": "42062519970427945X"})
    services.trainees.enrol(office.class_id, [late], None)
    assert services.dashboard.today().scores_waiting == before + 1


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_first_screen(office: Office, role: Role) -> None:
    """Nobody without a login has one."""
    office.as_role(role).dashboard.today()
    services = office.as_role(role)
    office.profile.log_out()
    assert refusal(services.dashboard.today) == "LOGIN_REQUIRED"
