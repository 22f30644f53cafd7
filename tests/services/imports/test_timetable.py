"""Timetables: sessions by first date and start, teachers added, doubts said."""

from __future__ import annotations

from datetime import date

import pytest

from desktop_app.domain.records import PROJECT
from desktop_app.domain.session_changes import Online
from desktop_app.excel.column_names import WorkbookKind
from desktop_app.services.session_changes import Moved
from tests.factories.profiles import TEACHER_NAME
from tests.factories.workbooks import ELECTRICIANS, STUDENTS, WELDERS, write_csv

HEAD = ["课次", "日期", "开始时间", "结束时间", "课时", "授课内容", "授课方式", "地点", "授课教师"]
FIRST = [1, "2020-11-23", "08:30", "11:50", 4, "安全", "线下", "车间1", "刘建军"]
SECOND = [2, "2020-11-24", "08:30", "11:50", 4, "焊条", "线下", "车间1", TEACHER_NAME]


@pytest.fixture
def class_id(desk):
    return desk.services.classes.create_class("测试班")


def changed(row, **values):
    named = dict(zip(HEAD, row, strict=True)) | values
    return [named[name] for name in HEAD]


def plan(desk, folder, *rows, code="测试班"):
    path = write_csv(folder / "timetable.csv", [HEAD, *rows])
    return desk.services.imports.plan(WorkbookKind.TIMETABLE, path, code)


def states(planned):
    return [row.state.value for row in planned.rows]


def codes(planned):
    return [problem.code for problem in planned.problems]


def test_teachers_that_are_not_there_yet_are_added(desk, class_id, tmp_path):
    desk.services.imports.apply(plan(desk, tmp_path, FIRST, SECOND))
    assert sorted(item.name for item in desk.services.teachers.list_teachers()) == sorted(
        ["刘建军", TEACHER_NAME]
    )
    assert [item.teachers for item in desk.services.classes.list_sessions(class_id)] == [
        ("刘建军",),
        (TEACHER_NAME,),
    ]


def test_a_class_without_dates_gets_those_of_its_timetable(desk, class_id, tmp_path):
    desk.services.imports.apply(plan(desk, tmp_path, SECOND, FIRST))
    found = desk.services.classes.get_class(class_id)
    assert (found.start_on, found.end_on) == (date(2020, 11, 23), date(2020, 11, 24))


def test_a_session_that_is_there_is_updated_and_keeps_its_number(desk, class_id, tmp_path):
    desk.services.imports.apply(plan(desk, tmp_path, FIRST, SECOND))
    again = plan(desk, tmp_path, FIRST, changed(SECOND, 地点="车间2", 课次=9))
    assert states(again) == ["same", "changed"]
    desk.services.imports.apply(again)
    assert [(item.number, item.place) for item in desk.services.classes.list_sessions(class_id)] == [
        (1, "车间1"),
        (2, "车间2"),
    ]


def test_sessions_that_the_file_lacks_stay_and_are_counted(desk, class_id, tmp_path):
    desk.services.imports.apply(plan(desk, tmp_path, FIRST, SECOND))
    again = plan(desk, tmp_path, FIRST)
    assert codes(again) == ["SESSIONS_NOT_IN_FILE"]
    assert not again.writes_anything


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"开始时间": ""}, "TIME_MISSING"),
        ({"课时": ""}, "HOURS_MISSING"),
        ({"课时": 25}, "SESSION_HOURS"),
        ({"结束时间": "08:30"}, "SESSION_END_BEFORE_START"),
        ({"日期": "那天"}, "DATE_UNREADABLE"),
    ],
)
def test_a_session_without_what_it_needs_is_bad(desk, class_id, tmp_path, values, code):
    planned = plan(desk, tmp_path, FIRST, changed(SECOND, **values))
    assert states(planned) == ["new", "bad"]
    assert code in codes(planned)


def test_the_longest_session_is_accepted(desk, class_id, tmp_path):
    assert states(plan(desk, tmp_path, changed(FIRST, 课时=24))) == ["new"]


def test_one_time_in_two_rows_keeps_the_first(desk, class_id, tmp_path):
    planned = plan(desk, tmp_path, FIRST, changed(FIRST, 课次=2))
    assert states(planned) == ["new", "bad"]
    assert codes(planned) == ["SESSION_ROW_TWICE"]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"授课教师": ""}, "TEACHER_MISSING"),
        ({"结束时间": "09:00"}, "SESSION_TOO_SHORT"),
    ],
)
def test_doubts_do_not_hold_a_session(desk, class_id, tmp_path, values, code):
    planned = plan(desk, tmp_path, changed(FIRST, **values))
    assert states(planned) == ["new"]
    assert codes(planned) == [code]


def test_sessions_outside_the_dates_of_the_class_are_said(desk, tmp_path):
    desk.services.classes.create_class("测试班", start_on=date(2020, 11, 24), end_on=date(2020, 12, 1))
    planned = plan(desk, tmp_path, FIRST, SECOND)
    assert codes(planned) == ["SESSION_OUTSIDE_CLASS"]
    assert planned.problems[0].row == 2


def test_a_teacher_or_a_room_in_two_places_at_once_holds_the_row(desk, class_id, tmp_path):
    desk.services.imports.apply(plan(desk, tmp_path, FIRST))
    desk.services.classes.create_class("另一班")
    clashing = changed(FIRST, 开始时间="11:00", 结束时间="14:20")
    planned = plan(desk, tmp_path, clashing, SECOND, code="另一班")
    assert states(planned) == ["bad", "new"]
    assert sorted(codes(planned)) == ["ROOM_TWICE", "TEACHER_TWICE"]
    teacher = next(one for one in planned.problems if one.code == "TEACHER_TWICE")
    assert (teacher.column, teacher.params["name"], teacher.params["second"]) == ("I", "刘建军", "另一班 #1")
    desk.services.imports.apply(planned)
    assert len(desk.services.teachers.list_teachers()) == len({FIRST[-1], SECOND[-1], TEACHER_NAME})
    after = plan(desk, tmp_path, changed(FIRST, 开始时间="11:50", 结束时间="15:10"), code="另一班")
    assert codes(after) == ["SESSIONS_NOT_IN_FILE", "SESSION_OUTSIDE_CLASS"]
    assert states(after) == ["new"]


def test_two_rows_of_one_class_do_not_overlap(desk, class_id, tmp_path):
    planned = plan(
        desk, tmp_path, FIRST, changed(SECOND, 日期="2020-11-23", 开始时间="11:00", 结束时间="14:20")
    )
    assert states(planned) == ["new", "bad"]
    assert codes(planned) == ["SESSION_OVERLAPS"]


def test_somebody_in_two_classes_is_not_taught_twice_at_once(desk, class_id, tmp_path):
    people = write_csv(tmp_path / "people.csv", [["姓名", "身份证号"], ["钱进", "420106199001011039"]])
    for code in ("测试班", "另一班"):
        desk.services.imports.apply(desk.services.imports.plan(WorkbookKind.ROSTER, people, code))
    desk.services.imports.apply(plan(desk, tmp_path, FIRST))
    elsewhere = changed(FIRST, 地点="车间9", 授课教师="赵红")
    planned = plan(desk, tmp_path, elsewhere, code="另一班")
    assert states(planned) == ["bad"]
    (problem,) = planned.errors
    assert (problem.code, problem.params["name"]) == ("TRAINEE_TWICE", "钱进")


def test_what_a_command_has_rearranged_is_not_moved_back(desk, class_id, tmp_path):
    desk.services.imports.apply(plan(desk, tmp_path, FIRST, SECOND))
    first, second = desk.services.classes.list_sessions(class_id)
    moved = Moved(held_on=date(2020, 11, 27))
    desk.services.session_changes.reschedule(first.id, moved, "教师外出")
    desk.services.session_changes.call_off(second.id, "停电")
    again = plan(desk, tmp_path, changed(FIRST, 授课内容="安全须知"), changed(SECOND, 地点="车间2"))
    assert states(again) == ["changed", "same"]
    assert codes(again) == ["SESSION_KEPT", "SESSION_KEPT_OFF"]
    desk.services.imports.apply(again)
    standing = desk.services.classes.list_sessions(class_id)
    assert [(one.held_on, one.content, one.place, one.state) for one in standing] == [
        (date(2020, 11, 24), "焊条", "车间1", "cancelled"),
        (date(2020, 11, 27), "安全须知", "车间1", "planned"),
    ]
    by_new_day = plan(desk, tmp_path, changed(FIRST, 日期="2020-11-27", 授课内容="安全须知"))
    assert states(by_new_day) == ["same"]


def test_holidays_and_what_online_sessions_lack_are_said(desk, class_id, tmp_path):
    planned = plan(desk, tmp_path, changed(FIRST, 日期="2020-10-01"), changed(SECOND, 授课方式="线上"))
    assert states(planned) == ["new", "new"]
    assert codes(planned) == ["SESSION_ON_HOLIDAY", "ONLINE_UNDESCRIBED"]
    desk.services.imports.apply(planned)
    online = desk.services.classes.list_sessions(class_id)[1]
    desk.services.session_changes.set_online(online.id, Online("腾讯课堂", 200, 2))
    assert codes(plan(desk, tmp_path, changed(SECOND, 授课方式="线上"))) == ["SESSIONS_NOT_IN_FILE"]


def test_a_timetable_outside_the_area_of_its_project_is_held_back(desk, class_id, tmp_path):
    """R07 by workbook as by hand: the class's place decides."""
    project = desk.services.context.new_id()
    fields = {"code": "XT-1", "name": "电工", "origin": "platform", "area": "420100"}
    desk.services.batches.take_pages([], [(PROJECT, project, fields)])
    desk.services.classes.edit_class(class_id, {"project_id": project})
    away = desk.services.sites.add_site("仙桃教学点", "429004")
    assert states(plan(desk, tmp_path, FIRST)) == ["new"]
    desk.services.batches.take_pages([], [(PROJECT, project, {"area": "429004"})])
    held = plan(desk, tmp_path, FIRST)
    assert (states(held), codes(held)) == (["bad"], ["OUTSIDE_PROJECT_AREA"])
    desk.services.classes.edit_class(class_id, {"site_id": away})
    assert states(plan(desk, tmp_path, FIRST)) == ["new"]


def test_the_sample_timetables_do_not_clash(desk):
    for sample in (STUDENTS, WELDERS, ELECTRICIANS):
        desk.services.classes.create_class(sample.code)
        planned = desk.services.imports.plan(WorkbookKind.TIMETABLE, sample.file("课程表"), sample.code)
        assert set(codes(planned)) <= {"ONLINE_UNDESCRIBED"}
        assert not planned.errors
        desk.services.imports.apply(planned)
