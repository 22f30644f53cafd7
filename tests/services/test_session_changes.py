"""课次: every arrow with its reason, the wrong ones refused, and what each does to the counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from desktop_app.domain.attendance import Mark, MarkStatus
from desktop_app.domain.errors import AppError
from desktop_app.domain.records import PROJECT
from desktop_app.domain.rules import Severity
from desktop_app.domain.session_changes import Online
from desktop_app.domain.turnout import count_members, planned_hours
from desktop_app.services.attendance import NewMark
from desktop_app.services.container import Services
from desktop_app.services.session_changes import Moved
from desktop_app.services.timetable import PlannedSession
from desktop_app.store.queries import statements
from tests.factories.offices import TODAY, Office, TestClock
from tests.services.store_facts import newest, refusal, values

LATER = date(2020, 11, 16)
PLAN = PlannedSession(LATER, time(14), time(17, 20), 4, "", "offline", "实训楼B203", ())
ABSENT, PRESENT = Mark(MarkStatus.ABSENT), Mark(MarkStatus.PRESENT)


def session(services: Services, key: bytes):
    return next(one for one in services.classes.list_sessions() if one.id == key)


def counts(services: Services, office: Office):
    sheet = services.attendance.sheet(office.class_id)
    return count_members(sheet.sessions, sheet.members, sheet.marks, sheet.today, sheet.rules)


def go_to(office: Office, day: date) -> None:
    clock = office.profile.clock
    assert isinstance(clock, TestClock)
    clock.moment = TestClock(day).moment


def test_a_moved_session_keeps_key_number_and_reason(office: Office) -> None:
    """调课."""
    services = office.as_role("office")
    moved = Moved(LATER, time(8, 30), time(11, 50), "实训楼B204")
    services.session_changes.reschedule(office.sessions[2], moved, "实训室检修")
    item = session(services, office.sessions[2])
    assert (item.held_on, item.starts_at, item.place, item.number) == (LATER, "08:30", "实训楼B204", 3)
    assert newest(office).reason == "实训室检修"


def test_a_move_that_changes_nothing_or_ends_before_it_begins_is_refused(office: Office) -> None:
    change = office.as_role("office").session_changes.reschedule
    before = values(office)
    assert refusal(change, office.sessions[2], Moved(), "原因") == "RESCHEDULE_NOTHING"
    assert refusal(change, office.sessions[2], Moved(starts_at=time(18)), "原因") == "SESSION_TIMES"
    assert refusal(change, office.sessions[2], Moved(LATER), " ") == "REASON_MISSING"
    assert refusal(change, office.sessions[2], Moved(TODAY), "原因") == "SESSION_OVERLAPS"
    assert refusal(change, b"\7" * 16, Moved(LATER), "原因") == "SESSION_UNKNOWN"
    assert refusal(change, office.sessions[2], Moved(site_id=b"\7" * 16), "原因") == "SITE_UNKNOWN"
    assert values(office) == before


def test_a_session_that_was_held_is_neither_moved_nor_called_off(office: Office) -> None:
    """已上 is what has marks; the refusal names state and verb."""
    changes = office.as_role("office").session_changes
    for act in (
        lambda: changes.reschedule(office.sessions[0], Moved(LATER), "原因"),
        lambda: changes.call_off(office.sessions[0], "原因"),
        lambda: changes.reinstate(office.sessions[0], "原因"),
        lambda: changes.make_up(office.sessions[0], PLAN, "原因"),
    ):
        assert refusal(act) == "WRONG_STEP"
    with pytest.raises(AppError) as caught:
        changes.call_off(office.sessions[0], "原因")
    assert caught.value.params["state"] == "state.session.held"


def test_a_teacher_in_two_classes_at_once_stops_a_move(office: Office) -> None:
    """R29 at 调课: it names the teacher and both sessions."""
    services = office.as_role("office")
    there = PlannedSession(LATER, time(14), time(17, 20), 4, "焊接", "offline", "二号楼", ("陈志强",))
    services.timetable.add_session(office.other_class_id, there)
    with pytest.raises(AppError) as caught:
        services.session_changes.reschedule(office.sessions[2], Moved(LATER), "原因")
    assert caught.value.code == "TEACHER_TWICE"
    assert caught.value.params["name"] == "陈志强"


def test_a_move_out_of_the_projects_area_is_refused(office: Office) -> None:
    """R07 at 调课: by the region of the session's own 教学点."""
    services = office.as_role("office")
    fields = {"code": "WH-1", "name": "电工", "origin": "platform", "area": "420100"}
    project = services.context.new_id()
    services.batches.take_pages([], [(PROJECT, project, fields)])
    services.classes.edit_class(office.class_id, {"project_id": project})
    away = services.sites.add_site("仙桃教学点", "429004")
    move = services.session_changes.reschedule
    assert refusal(move, office.sessions[2], Moved(LATER, site_id=away), "原因") == "OUTSIDE_PROJECT_AREA"
    move(office.sessions[2], Moved(LATER), "原因")


def test_a_session_on_a_holiday_is_warned_of(office: Office) -> None:
    services, told = office.as_role("office"), []
    services.context.advice_listeners.append(told.extend)
    services.session_changes.reschedule(office.sessions[2], Moved(date(2021, 1, 1)), "原因")
    assert [one.error.code for one in told] == ["SESSION_ON_HOLIDAY"]
    services.session_changes.reschedule(office.sessions[2], Moved(date(2034, 3, 1)), "原因")
    assert told[-1].error.code == "HOLIDAYS_UNKNOWN"


def test_a_session_outside_the_dates_of_its_class_is_said(office: Office) -> None:
    """It would be planned hours that nobody of the class may reach."""
    services, told = office.as_role("office"), []
    services.classes.edit_class(office.class_id, {"end_on": LATER})
    services.context.advice_listeners.append(told.extend)
    services.session_changes.reschedule(office.sessions[2], Moved(LATER), "实训室检修")
    assert told == []
    services.timetable.add_session(office.class_id, replace(PLAN, held_on=date(2021, 3, 9)))
    (found,) = told
    assert (found.error.code, found.severity) == ("SESSION_OUTSIDE_CLASS", Severity.WARN)
    assert found.error.params["date"] == "2021-03-09"


def test_a_substitute_marks_the_session_and_the_former_teacher_does_not(office: Office) -> None:
    """代课."""
    services = office.as_role("office")
    services.session_changes.substitute(office.sessions[1], ["陈志强"], "周敏生病")
    item = session(services, office.sessions[1])
    assert (item.teachers, item.substituted) == (("陈志强",), ("周敏",))
    teacher = office.as_role("teacher")
    assert teacher.attendance.mark_class(office.sessions[1]) == 3
    office.as_role("office").session_changes.substitute(office.sessions[0], ["周敏"], "陈志强出差")
    absent = [NewMark(office.people[2], ABSENT)]
    assert (
        refusal(office.as_role("teacher").attendance.mark, office.sessions[0], absent) == "NOT_YOUR_SESSION"
    )


def test_main_and_assistant_split_the_hours(office: Office) -> None:
    """主讲 + 助教: the split must come to the session's 课时; 教师课时 count each his share."""
    services = office.as_role("office")
    change, key = services.session_changes.substitute, office.sessions[2]
    assert refusal(change, key, ["陈志强", "周敏"], "助教", [3]) == "SHARES_COUNT"
    assert refusal(change, key, ["陈志强", "周敏"], "助教", [3, 2]) == "SHARES_SUM"
    assert refusal(change, key, ["陈志强", "周敏"], "助教", [5, -1]) == "SHARES_SUM"
    assert refusal(change, key, [" "], "助教") == "TEACHERS_EMPTY"
    assert refusal(change, key, ["陈志强"], "助教") == "SUBSTITUTE_SAME"
    change(key, ["陈志强", "周敏"], "助教", [3, 1])
    assert session(services, key).shares == (3, 1)
    with services.context.read() as sql:
        rows = sql.exec_driver_sql("SELECT hours FROM teaching WHERE record_id = ?", (key,)).all()
    assert sorted(row[0] for row in rows) == [1, 3]


def test_a_session_called_off_counts_nowhere_until_it_is_held_after_all(office: Office) -> None:
    """停课 and back."""
    services = office.as_role("office")
    planned = counts(services, office)[office.people[0]].planned
    assert refusal(services.session_changes.call_off, office.sessions[2], "") == "REASON_MISSING"
    services.session_changes.call_off(office.sessions[2], "停电")
    assert counts(services, office)[office.people[0]].planned == planned - 4
    assert refusal(services.session_changes.call_off, office.sessions[2], "停电") == "WRONG_STEP"
    assert (
        refusal(services.session_changes.reschedule, office.sessions[2], Moved(LATER), "原因") == "WRONG_STEP"
    )
    services.session_changes.reinstate(office.sessions[2], "来电了")
    assert counts(services, office)[office.people[0]].planned == planned


def test_a_make_up_for_the_class_takes_the_place_of_the_session_called_off(office: Office) -> None:
    """补课 for the class: once, not before its day; the session it names cannot be held after all then."""
    services = office.as_role("office")
    changes, key = services.session_changes, office.sessions[2]
    planned = counts(services, office)[office.people[0]].planned
    changes.call_off(key, "停电")
    early = PlannedSession(TODAY, time(8), time(11, 20), 4, "", "offline", "", ())
    assert refusal(changes.make_up, key, early, "补课") == "MAKE_UP_BEFORE"
    made = changes.make_up(key, PLAN, "停电")
    item = session(services, made)
    assert (item.makes_up, item.makes_up_number, item.content) == (key, 3, "直流电路")
    assert item.teachers == ("陈志强",)
    assert counts(services, office)[office.people[0]].planned == planned
    assert refusal(changes.make_up, key, PLAN, "再补") == "MAKE_UP_TWICE"
    assert refusal(changes.reinstate, key, "来电了") == "MADE_UP_ALREADY"
    go_to(office, LATER)
    assert office.as_role("office").attendance.mark_class(made) == 3


def test_a_make_up_for_one_person_credits_what_was_missed_and_expects_nobody_else(office: Office) -> None:
    """补课 for a person: only who missed the session; the others' cells stay closed."""
    services = office.as_role("office")
    changes, key, (first, second, third) = services.session_changes, office.sessions[0], office.people
    assert refusal(changes.make_up, key, PLAN, "补课", [third]) == "MAKE_UP_THERE"
    services.attendance.mark(key, [NewMark(third, ABSENT)])
    assert refusal(changes.make_up, key, PLAN, "补课", [first, third]) == "MAKE_UP_THERE"
    assert refusal(changes.make_up, key, PLAN, "补课", [b"\7" * 16]) == "MAKE_UP_NOT_MEMBER"
    before = counts(services, office)
    made = changes.make_up(key, PLAN, "补缺课", [third])
    assert counts(services, office)[first] == before[first]
    go_to(office, LATER)
    services = office.as_role("office")
    assert refusal(services.attendance.mark, made, [NewMark(second, PRESENT)]) == "NOT_A_MEMBER"
    assert services.attendance.mark_class(made) == 1
    after = counts(services, office)
    assert (before[third].attended, after[third].attended) == (0, 4)
    assert after[third].planned == before[third].planned
    assert after[third].unmarked == after[first].unmarked
    assert refusal(services.session_changes.make_up, made, PLAN, "补课", [third]) == "MAKE_UP_OF_MAKE_UP"


def test_what_an_online_session_needs_is_recorded_within_bounds(office: Office) -> None:
    services = office.as_role("office")
    change, key = services.session_changes.set_online, office.sessions[2]
    for wrong, code in (
        (Online("学习通", 0, 1), "ONLINE_MINUTES_RANGE"),
        (Online("学习通", 1441, 1), "ONLINE_MINUTES_RANGE"),
        (Online("学习通", 180, -1), "ONLINE_CHECKS_RANGE"),
        (Online("台" * 101, 180, 1), "ONLINE_PLATFORM_LONG"),
    ):
        assert refusal(change, key, wrong) == code
    change(key, Online("学习通", 180, 2))
    item = session(services, key)
    assert (item.online_platform, item.online_minutes, item.identity_checks) == ("学习通", 180, 2)


def test_changes_of_a_timetable_are_listed_with_before_after_reason_and_who(office: Office) -> None:
    """课表变更单: the import and the first plan are no changes; a correction of content is one."""
    services = office.as_role("office")
    assert services.session_changes.list_changes(office.class_id) == []
    services.session_changes.reschedule(office.sessions[2], Moved(LATER), "实训室检修")
    services.session_changes.call_off(office.sessions[2], "停电")
    made = services.session_changes.make_up(
        office.sessions[2],
        PlannedSession(date(2020, 11, 18), time(14), time(17, 20), 4, "", "offline", "", ()),
        "补课",
    )
    first, second, third = services.session_changes.list_changes(office.class_id)
    assert first.changes == (("held_on", "2020-11-11", "2020-11-16"),)
    assert (first.source.command, first.source.reason, first.number) == (
        "reschedule_session",
        "实训室检修",
        3,
    )
    assert first.source.user
    assert second.changes == (("state", "planned", "cancelled"),)
    assert (third.session_id, third.source.command) == (made, "make_up_session")
    services.history.undo()
    assert len(services.session_changes.list_changes(office.class_id)) == 2


def test_the_history_of_a_mark_keeps_every_old_value_its_reason_and_who(office: Office) -> None:
    """R34; undo is a write like any other, nothing disappears."""
    services = office.as_role("office")
    key, person = office.sessions[0], office.people[0]
    services.attendance.mark(key, [NewMark(person, ABSENT)], "录入错误")
    services.attendance.mark(key, [NewMark(person, None)], "登错人")
    services.history.undo()
    told = services.attendance.history(key, person)
    pairs = [(one.before, one.after) for one in told]
    assert pairs == [(None, ABSENT), (ABSENT, None), (PRESENT, ABSENT), (None, PRESENT)]
    assert [one.source.reason for one in told[1:3]] == ["登错人", "录入错误"]
    assert all(one.source.user for one in told)
    assert services.attendance.history(key, office.people[2]) == []
    assert refusal(services.attendance.history, b"\7" * 16, person) == "SESSION_UNKNOWN"


def test_a_report_says_what_a_session_makes_up_for_whom_and_how_it_was_online(office: Office) -> None:
    """课程与考勤: 停课 is left out, and the plan counts no 补课 for some people alone."""
    services = office.as_role("office")
    third = office.people[2]
    services.attendance.mark(office.sessions[0], [NewMark(third, ABSENT)])
    made = services.session_changes.make_up(office.sessions[0], PLAN, "补缺课", [third])
    services.session_changes.set_online(office.sessions[1], Online("学习通", 180, 2))
    services.session_changes.call_off(office.sessions[2], "停电")
    with services.context.read() as sql:
        records = {one.key: one.fields for one in statements.attendance(sql, office.class_id)}
    assert (records[made]["makes_up"], records[made]["makes_up_for"]) == (office.sessions[0], [third])
    assert records[office.sessions[1]]["online_platform"] == "学习通"
    assert office.sessions[2] not in records
    assert planned_hours(services.classes.list_sessions(office.class_id)) == 8
