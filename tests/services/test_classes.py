"""Classes, their advisers, their sessions and the teachers who give them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, time

import pytest

from desktop_app.domain.attendance import Mark, MarkStatus
from desktop_app.domain.errors import AppError
from desktop_app.domain.records import PROJECT
from desktop_app.domain.users import Role
from desktop_app.services.attendance import NewMark
from desktop_app.services.timetable import PlannedSession
from tests.factories.offices import PASSWORD, TODAY, Office, TestClock
from tests.services.store_facts import ask, entries, newest, refusal

PLANNED = PlannedSession(date(2020, 11, 12), time(8), time(11), 4, "照明", "offline", "B203", ("周敏",))


def _advisers(office: Office, class_id: bytes) -> list[tuple[str, str, str | None]]:
    """Return the dated list of a class's 班主任 with their logins."""
    listed = json.loads(
        str(ask(office, "SELECT coalesce(advisers, '[]') FROM training_class WHERE id = ?", class_id))
    )
    return [
        (str(ask(office, "SELECT login FROM user WHERE id = ?", bytes.fromhex(user))), first, last)
        for user, first, last in listed
    ]


def _project(office: Office, code: str, organisation: str, version: int) -> bytes:
    """Let the platform publish a project."""
    services = office.as_role("office")
    key = services.context.new_id()
    with services.context.device_work("platform") as work:
        fields = {"code": code, "name": code, "organisation": organisation, "version": version}
        work.put(PROJECT, key, fields)
    return key


@pytest.mark.parametrize(
    ("code", "error"),
    [("电工01班", "TAKEN"), ("  电工01班 ", "TAKEN"), (" ", "MISSING"), ("长" * 41, "MISSING")],
)
def test_a_class_needs_a_code_of_its_own(office: Office, code: str, error: str) -> None:
    """Blanks around it do not make it another one."""
    services = office.as_role("office")
    assert refusal(lambda: services.classes.create_class(code)) == f"CLASS_CODE_{error}"
    services.classes.create_class("长" * 40)


def test_dates_in_the_wrong_order_are_refused(office: Office) -> None:
    """When a class is made and when it is edited, against the other date that is there."""
    classes = office.as_role("office").classes
    first, last = date(2020, 11, 9), date(2020, 11, 8)
    assert refusal(lambda: classes.create_class("X", start_on=first, end_on=last)) == "DATES_REVERSED"
    assert refusal(lambda: classes.edit_class(office.class_id, {"end_on": last})) == "DATES_REVERSED"
    classes.edit_class(office.class_id, {"end_on": first})
    assert classes.get_class(office.class_id).end_on == first
    classes.edit_class(office.class_id, {"end_on": None})
    assert classes.get_class(office.class_id).end_on is None


def test_the_own_code_with_a_blank_is_no_other_code(office: Office) -> None:
    """Saving the form again changes nothing."""
    classes = office.as_role("office").classes
    before = entries(office)
    classes.edit_class(office.class_id, {"code": "电工01班 ", "place": "  "})
    assert entries(office) == before
    assert refusal(lambda: classes.edit_class(office.class_id, {"code": "焊工01班"})) == "CLASS_CODE_TAKEN"
    assert refusal(lambda: classes.edit_class(office.class_id, {"code": None})) == "CLASS_CODE_MISSING"
    assert refusal(lambda: classes.edit_class(office.class_id, {"state": "closed"})) == "FIELD_UNKNOWN"
    assert refusal(lambda: classes.edit_class(b"\7" * 16, {"place": "x"})) == "CLASS_UNKNOWN"


def test_an_unknown_project_and_an_unknown_adviser_are_refused(office: Office) -> None:
    """So is an adviser who has left."""
    classes = office.as_role("office").classes
    assert refusal(lambda: classes.create_class("X", project_code="P9")) == "PROJECT_UNKNOWN"
    assert (
        refusal(lambda: classes.edit_class(office.class_id, {"project_id": b"\7" * 16})) == "PROJECT_UNKNOWN"
    )
    assert refusal(lambda: classes.create_class("X", adviser="nobody")) == "USER_UNKNOWN"
    office.as_role("admin").accounts.disable("adviser", "office")
    classes = office.as_role("office").classes
    assert refusal(lambda: classes.create_class("X", adviser="adviser")) == "USER_DISABLED"
    assert refusal(lambda: classes.set_adviser(office.other_class_id, "adviser")) == "USER_DISABLED"


def test_organisation_and_catalogue_version_follow_the_project(office: Office) -> None:
    """Unless the class has an organisation of its own."""
    first, second = _project(office, "P1", "甲评价中心", 3), _project(office, "P2", "乙评价中心", 4)
    classes = office.as_role("office").classes
    class_id = classes.create_class("钳工01班", project_code="P1")
    classes.edit_class(class_id, {"project_id": second})
    assert classes.get_class(class_id).organisation == "乙评价中心"
    assert ask(office, "SELECT catalogue_version FROM training_class WHERE id = ?", class_id) == 4
    classes.edit_class(class_id, {"organisation": "丙评价中心"})
    classes.edit_class(class_id, {"project_id": first})
    assert classes.get_class(class_id).organisation == "丙评价中心"
    classes.edit_class(class_id, {"project_id": None})
    assert ask(office, "SELECT catalogue_version FROM training_class WHERE id = ?", class_id) is None


def test_a_class_keeps_the_catalogue_version_it_opened_on(office: Office) -> None:
    """Saving the form with the same project after a new catalogue does not move it (R09)."""
    project = _project(office, "P1", "甲评价中心", 3)
    class_id = office.as_role("office").classes.create_class("钳工01班", project_code="P1")
    with office.as_role("office").context.device_work("platform") as work:
        work.put(PROJECT, project, {"version": 9, "code": "P1"})
    office.as_role("office").classes.edit_class(class_id, {"project_id": project, "place": "一号楼"})
    assert ask(office, "SELECT catalogue_version FROM training_class WHERE id = ?", class_id) == 3


def test_advisers_are_a_dated_list(office: Office) -> None:
    """The former stays in it; the same one again is no change; who had not begun yet never did."""
    clock = office.profile.clock
    assert isinstance(clock, TestClock)
    office.as_role("admin").accounts.add_user("adviser2", "李老师", [Role.ADVISER], PASSWORD)
    classes = office.as_role("office").classes
    before = entries(office)
    classes.set_adviser(office.class_id, "adviser")
    assert entries(office) == before
    classes.set_adviser(office.class_id, "adviser2")
    today = TODAY.isoformat()
    assert _advisers(office, office.class_id) == [("adviser", "2020-11-09", today), ("adviser2", today, None)]
    assert classes.get_class(office.class_id).advisers == ("李老师",)
    classes.set_adviser(office.class_id, None)
    assert [last for _, _, last in _advisers(office, office.class_id)] == [today, today]
    later = classes.create_class("下月班", start_on=date(2020, 12, 1), adviser="adviser")
    classes.set_adviser(later, "adviser2")
    assert _advisers(office, later) == [("adviser2", today, None)]


def test_a_former_adviser_no_longer_sees_the_class(office: Office) -> None:
    """Limits follow the list of today."""
    office.as_role("office").classes.set_adviser(office.class_id, None)
    services = office.as_role("adviser")
    assert services.classes.list_classes() == []
    assert services.trainees.list_trainees() == []
    assert refusal(lambda: services.attendance.mark_class(office.sessions[0])) == "NOT_YOUR_SESSION"


def test_session_numbers_are_given_once(office: Office) -> None:
    """The next number goes on from the highest, wherever the session lies in time."""
    services = office.as_role("office")
    early = services.timetable.add_session(office.class_id, replace(PLANNED, held_on=date(2020, 11, 2)))
    numbers = {item.id: item.number for item in services.classes.list_sessions(office.class_id)}
    assert [numbers[key] for key in office.sessions] == [1, 2, 3]
    assert numbers[early] == 4


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ends_at": time(8)}, "SESSION_TIMES"),
        ({"hours": 0}, "SESSION_HOURS"),
        ({"hours": 25}, "SESSION_HOURS"),
        ({"mode": "radio"}, "MODE_UNKNOWN"),
        ({"teachers": ("",)}, "NAME_EMPTY"),
        ({"held_on": date(2020, 11, 9), "starts_at": time(14), "ends_at": time(15)}, "SESSION_EXISTS"),
        ({"held_on": date(2020, 11, 9), "starts_at": time(17), "ends_at": time(18)}, "SESSION_OVERLAPS"),
        ({"held_on": date(2020, 11, 9), "starts_at": time(13), "ends_at": time(14, 1)}, "SESSION_OVERLAPS"),
    ],
)
def test_a_session_that_cannot_be_is_refused(office: Office, changes: dict[str, object], code: str) -> None:
    """Times, hours, mode, teacher, and a class in two places at once."""
    services = office.as_role("office")
    planned = replace(PLANNED, **changes)  # type: ignore[arg-type]
    before = entries(office)
    assert refusal(lambda: services.timetable.add_session(office.class_id, planned)) == code
    assert refusal(lambda: services.timetable.add_session(b"\7" * 16, PLANNED)) == "CLASS_UNKNOWN"
    assert entries(office) == before


def test_sessions_may_follow_each_other_without_a_break(office: Office) -> None:
    """The end of one is the start of the next; another class may be taught at the same time."""
    services = office.as_role("office")
    after = replace(PLANNED, held_on=date(2020, 11, 9), starts_at=time(17, 20), ends_at=time(18))
    services.timetable.add_session(office.class_id, after)
    same = replace(PLANNED, held_on=date(2020, 11, 9), starts_at=time(14), ends_at=time(17, 20))
    services.timetable.add_session(office.other_class_id, same)


def test_a_moved_session_keeps_key_and_number(office: Office) -> None:
    """调课 with a reason; its first time takes no new session, and it may come back."""
    services = office.as_role("office")
    timetable, third = services.timetable, office.sessions[2]
    assert (
        refusal(lambda: timetable.edit_session(third, {"held_on": date(2020, 11, 13)}, " "))
        == "REASON_MISSING"
    )
    timetable.edit_session(third, {"held_on": date(2020, 11, 13), "starts_at": time(9)}, "教师出差")
    assert newest(office).reason == "教师出差"
    moved = next(item for item in services.classes.list_sessions(office.class_id) if item.id == third)
    assert (moved.held_on, moved.starts_at, moved.number) == (date(2020, 11, 13), "09:00", 3)
    first_time = replace(PLANNED, held_on=date(2020, 11, 11), starts_at=time(14), ends_at=time(17, 20))
    assert refusal(lambda: timetable.add_session(office.class_id, first_time)) == "SESSION_MOVED_FROM"
    timetable.edit_session(third, {"held_on": "2020-11-11", "starts_at": "14:00"}, "改回")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"number": 1}, "FIELD_UNKNOWN"),
        ({"class_id": b"\1" * 16}, "FIELD_UNKNOWN"),
        ({"held_on": "11月13日"}, "SESSION_TIMES"),
        ({"starts_at": "8点"}, "SESSION_TIMES"),
        ({"hours": "四"}, "SESSION_HOURS"),
        ({"held_on": date(2020, 11, 9)}, "SESSION_OVERLAPS"),
        ({"mode": None}, "MODE_UNKNOWN"),
    ],
)
def test_an_edit_that_cannot_be_is_refused(office: Office, fields: dict[str, object], code: str) -> None:
    """Key fields stay; what cannot be read is told, not a crash."""
    timetable = office.as_role("office").timetable
    before = entries(office)
    assert refusal(lambda: timetable.edit_session(office.sessions[2], fields, "调课")) == code
    assert entries(office) == before


def test_a_session_with_marks_does_not_move_into_the_future(office: Office) -> None:
    """Else marks would stand on a day that has not come; without marks it may."""
    services = office.as_role("office")
    later = {"held_on": date(2020, 11, 20)}
    assert (
        refusal(lambda: services.timetable.edit_session(office.sessions[0], later, "调课"))
        == "SESSION_MARKED"
    )
    cleared = [NewMark(person, None) for person in office.people]
    services.attendance.mark(office.sessions[0], cleared, "误登")
    services.timetable.edit_session(office.sessions[0], later, "调课")


def test_teachers_of_a_session_are_added_and_found_by_name(office: Office) -> None:
    """A name typed with blanks is the same teacher."""
    services = office.as_role("office")
    services.timetable.edit_session(office.sessions[2], {"teachers": [" 周敏 ", "李红梅"]}, "代课")
    session = next(
        item for item in services.classes.list_sessions(office.class_id) if item.id == office.sessions[2]
    )
    assert session.teachers == ("周敏", "李红梅")
    names = [item.name for item in services.teachers.list_teachers()]
    assert sorted(names) == sorted({"周敏", "李红梅", "陈志强"})


def test_two_teachers_have_two_names(office: Office) -> None:
    """The timetable finds teachers by name; phone and employment are checked, the phone masked."""
    teachers = office.as_role("office").teachers
    second = teachers.add_teacher("李红梅", {"phone": "138 0000 2222"})
    assert refusal(lambda: teachers.add_teacher(" 李红梅")) == "TEACHER_EXISTS"
    assert refusal(lambda: teachers.edit_teacher(second, {"name": "陈志强"})) == "TEACHER_EXISTS"
    teachers.edit_teacher(second, {"name": "李红梅"})
    assert refusal(lambda: teachers.edit_teacher(second, {"name": " "})) == "NAME_EMPTY"
    assert refusal(lambda: teachers.edit_teacher(second, {"phone": "123"})) == "PHONE_INVALID"
    assert refusal(lambda: teachers.edit_teacher(second, {"employment": "寄宿"})) == "EMPLOYMENT_UNKNOWN"
    shown = next(item for item in teachers.list_teachers() if item.id == second)
    assert "*" in shown.phone


def test_a_place_on_the_calendar_of_others_is_not_shown(office: Office) -> None:
    """A teacher's list of sessions ends where the own classes end."""
    office.as_role("office").timetable.add_session(office.other_class_id, PLANNED)
    sessions = office.as_role("teacher").classes.list_sessions()
    assert {item.class_id for item in sessions} == {office.class_id}
    with pytest.raises(AppError):
        office.as_role("teacher").classes.get_class(office.other_class_id)


def test_members_who_join_later_belong_from_their_day_on(office: Office) -> None:
    """插班: not 应到 before it, and a mark that came there by another way counts nowhere."""
    services = office.as_role("office")
    joiner = services.trainees.create({"name": "肖兰芳", "document_number": "42062519970427945X"})
    services.trainees.enrol(office.class_id, [joiner], "employee", first_day=TODAY)
    assert (
        refusal(
            lambda: services.attendance.mark(office.sessions[0], [NewMark(joiner, Mark(MarkStatus.PRESENT))])
        )
        == "NOT_A_MEMBER"
    )
    services.attendance.mark(office.sessions[1], [NewMark(joiner, Mark(MarkStatus.PRESENT))])
    services.timetable.edit_session(office.sessions[1], {"held_on": date(2020, 11, 8)}, "日期登错")
    first, second = services.classes.list_sessions(office.class_id)[:2]
    assert (first.held_on, first.members, first.marked, first.attended) == (date(2020, 11, 8), 0, 0, 0)
    assert (second.held_on, second.members, second.marked, second.attended) == (date(2020, 11, 9), 3, 2, 2)
