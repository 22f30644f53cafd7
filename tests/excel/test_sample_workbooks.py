"""The twelve workbooks of an office give exactly what was counted in them by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from desktop_app.excel.attendance import read_attendance, total_problems
from desktop_app.excel.cells import cell_text
from desktop_app.excel.matching import ClassMember, SameNames, match_people
from desktop_app.excel.reading import read_workbook
from desktop_app.excel.roster import read_roster
from desktop_app.excel.scores import read_scores
from desktop_app.excel.session_columns import SessionSlot
from desktop_app.excel.timetable import read_timetable
from tests.excel.sheets import EMPLOYEES, KEY_GROUPS, STUDENTS, WORKBOOKS, csv_rows, text_file

PASS = 60


def sessions_of(name):
    timetable = read_timetable(WORKBOOKS / f"课程表-{name}.xlsx")
    return timetable, [SessionSlot(row.number, row.date, row.start, row.hours) for row in timetable.rows]


@pytest.mark.parametrize(
    ("name", "people", "title"),
    [
        (STUDENTS, 45, "1+X证书培训学员花名册"),
        (KEY_GROUPS, 50, "职业技能培训学员花名册"),
        (EMPLOYEES, 48, "企业在岗职工技能培训花名册"),
    ],
)
def test_rosters_hold_the_counted_people(name, people, title):
    roster = read_roster(WORKBOOKS / f"花名册-{name}.xlsx")
    assert [row.number for row in roster.rows] == list(range(1, people + 1))
    assert [row.row for row in roster.rows] == list(range(4, people + 4))
    assert roster.title == title
    assert roster.filled_on == dt.date(2020, 11, 2)
    assert roster.institution == "湖北江城职业技术学院"
    assert len(roster.mapping) == 13
    assert roster.problems == ()
    assert roster.normalised == ()


def test_a_key_group_trainee_is_read_with_every_field():
    row = read_roster(WORKBOOKS / f"花名册-{KEY_GROUPS}.xlsx").rows[0]
    assert (row.name, row.document_number, row.sex) == ("苏国", "42011119711122861X", "男")
    assert (row.ethnicity, row.phone, row.category) == ("汉族", "18476147690", "社会重点群体")
    assert (row.key_group, row.education) == ("建档立卡贫困劳动力", "高中")
    assert (row.evidence_kind, row.evidence_number, row.employer) == ("扶贫手册", "1151707710", "")
    assert row.address == "荆州市沙市区北京路284号"
    assert row.columns["evidence"] == "L"
    assert row.raw["evidence"] == "扶贫手册：1151707710"


def test_every_key_group_trainee_has_evidence_and_every_employee_an_employer():
    key_groups = read_roster(WORKBOOKS / f"花名册-{KEY_GROUPS}.xlsx").rows
    assert all(row.evidence_kind and row.evidence_number.isdecimal() for row in key_groups)
    employees = read_roster(WORKBOOKS / f"花名册-{EMPLOYEES}.xlsx").rows
    assert {row.employer for row in employees} == {"武汉光谷精工制造有限公司"}
    assert sum(row.name == "卢军" for row in employees) == 2
    students = read_roster(WORKBOOKS / f"花名册-{STUDENTS}.xlsx").rows
    assert all(row.student_number and row.major_or_post for row in students)


@pytest.mark.parametrize(
    ("name", "first", "last", "start", "end"),
    [
        (STUDENTS, dt.date(2020, 11, 9), dt.date(2020, 11, 25), dt.time(8, 30), dt.time(11, 50)),
        (KEY_GROUPS, dt.date(2020, 11, 16), dt.date(2020, 12, 2), dt.time(14), dt.time(17, 20)),
        (EMPLOYEES, dt.date(2020, 11, 23), dt.date(2020, 12, 9), dt.time(18, 30), dt.time(21, 50)),
    ],
)
def test_timetables_hold_fifteen_sessions_of_four_hours(name, first, last, start, end):
    timetable, _ = sessions_of(name)
    assert len(timetable.rows) == 15
    assert {(row.hours, row.start, row.end) for row in timetable.rows} == {(4, start, end)}
    assert (timetable.rows[0].date, timetable.rows[-1].date) == (first, last)
    assert {row.mode for row in timetable.rows} == {"offline", "online"}
    assert all(len(row.teachers) == 1 and row.content and row.place for row in timetable.rows)
    assert timetable.problems == ()


@pytest.mark.parametrize(
    ("name", "attended", "cells", "below"),
    [(STUDENTS, 648, 675, ["姚佳"]), (KEY_GROUPS, 713, 750, ["戚晨雨"]), (EMPLOYEES, 689, 720, ["秦欣鹏"])],
)
def test_attendance_gives_the_counted_marks_and_its_own_totals_hold(name, attended, cells, below):
    sheet = read_attendance(WORKBOOKS / f"考勤表-{name}.xlsx", sessions_of(name)[1])
    assert sum(row.attended for row in sheet.rows) == attended
    assert sum(len(row.marks) for row in sheet.rows) == cells
    assert [row.person.name for row in sheet.rows if row.attended * 100 < 80 * len(row.marks)] == below
    assert sheet.blanks == 0
    assert [column.slot.number for column in sheet.columns] == list(range(1, 16))
    assert sum(row.total for row in sheet.rows) == attended
    assert total_problems(sheet) == ()
    assert sheet.problems == ()
    assert {sign: mark.status.value for sign, mark in sheet.legend.items()} == {
        "√": "present",
        "△": "late",
        "▽": "early",
        "○": "leave",
        "×": "absent",
    }


@pytest.mark.parametrize(
    ("name", "people", "passes"), [(STUDENTS, 45, 37), (KEY_GROUPS, 50, 41), (EMPLOYEES, 48, 42)]
)
def test_results_hold_the_counted_absences_and_passes(name, people, passes):
    sheet = read_scores(WORKBOOKS / f"成绩-{name}.xlsx")
    assert len(sheet.rows) == people
    assert sheet.components == ("theory", "practice")
    absent = [score for row in sheet.rows for score in row.scores if score.text == "缺考"]
    assert len(absent) == 4
    assert sum(any(score.text == "缺考" for score in row.scores) for row in sheet.rows) == 3
    passed = [
        row for row in sheet.rows if all(s.text.isdecimal() and int(s.text) >= PASS for s in row.scores)
    ]
    assert len(passed) == passes
    assert len({row.ticket for row in sheet.rows}) == people
    assert sheet.problems == ()


@pytest.mark.parametrize("name", [STUDENTS, KEY_GROUPS, EMPLOYEES])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_roster_saved_as_csv_holds_the_same_people(tmp_path, name, encoding):
    source = WORKBOOKS / f"花名册-{name}.xlsx"
    rows = [[cell_text(cell) for cell in row] for row in read_workbook(source)[0].rows]
    saved = read_roster(text_file(tmp_path, csv_rows(rows), encoding))
    assert saved.rows == read_roster(source).rows


def test_attendance_without_documents_finds_everyone_but_the_two_of_one_name(tmp_path):
    roster = read_roster(WORKBOOKS / f"花名册-{EMPLOYEES}.xlsx").rows
    members = [
        ClassMember(bytes([row.number]) * 16, row.number, row.name, row.document_number) for row in roster
    ]
    rows = [
        [cell_text(c) for c in row] for row in read_workbook(WORKBOOKS / f"考勤表-{EMPLOYEES}.xlsx")[0].rows
    ]
    bare = text_file(tmp_path, csv_rows([*row[:2], *row[3:]] for row in rows))
    sheet = read_attendance(bare, sessions_of(EMPLOYEES)[1])
    keys = [row.person for row in sheet.rows]
    asked = match_people(keys, members)
    assert [(match.key.name, match.code) for match in asked if match.member is None] == [
        ("卢军", "SAME_NAME")
    ] * 2
    told = match_people(keys, members, SameNames.NUMBER)
    assert [match.member for match in told] == members
    assert sum(row.attended for row in sheet.rows) == 689
