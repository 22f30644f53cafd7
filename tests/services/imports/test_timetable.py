"""Timetables: sessions by first date and start, teachers added, doubts said."""

from __future__ import annotations

from datetime import date

import pytest

from desktop_app.excel.column_names import WorkbookKind
from tests.factories.profiles import TEACHER_NAME
from tests.factories.workbooks import STUDENTS, WELDERS, write_csv

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


def test_a_teacher_or_a_room_in_two_places_at_once_is_said(desk, class_id, tmp_path):
    desk.services.imports.apply(plan(desk, tmp_path, FIRST))
    desk.services.classes.create_class("另一班")
    planned = plan(desk, tmp_path, changed(FIRST, 开始时间="11:00", 结束时间="14:20"), code="另一班")
    assert sorted(codes(planned)) == ["ROOM_CLASH", "TEACHER_CLASH"]
    after = plan(desk, tmp_path, changed(FIRST, 开始时间="11:50", 结束时间="15:10"), code="另一班")
    assert codes(after) == []


def test_the_sample_timetables_do_not_clash(desk):
    for sample in (STUDENTS, WELDERS):
        desk.services.classes.create_class(sample.code)
        planned = desk.services.imports.plan(WorkbookKind.TIMETABLE, sample.file("课程表"), sample.code)
        assert codes(planned) == []
        desk.services.imports.apply(planned)
