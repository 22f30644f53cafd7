"""Every way in which offices send a workbook, by name: the contract lists them, each has a file, each is read so."""

from __future__ import annotations

import datetime as dt

import pytest

from desktop_app.domain.errors import AppError
from desktop_app.excel.attendance import read_attendance, total_problems
from desktop_app.excel.matching import ClassMember, SameNames, match_people
from desktop_app.excel.roster import read_roster
from tests.excel.sheets import WORKBOOKS, slots
from tests.factories.named_workbooks import CASES, DAY, OLD_NAME, PEOPLE

FOLDER = WORKBOOKS / "情形"
CONTRACT = {
    ".xlsx": ("xlsx-openpyxl", "xlsx-xlsxwriter", "xlsx-libreoffice"),
    ".xls": ("xls-xlwt", "xls-libreoffice"),
    "old BIFF": ("xls-旧BIFF2",),
    ".ods": ("ods-libreoffice",),
    ".csv in UTF-8 with or without BOM": ("csv-UTF8", "csv-UTF8带BOM"),
    ".tsv": ("tsv-UTF8",),
    "GB18030": ("csv-GB18030",),
    "UTF-16": ("csv-UTF16", "csv-UTF16大端", "csv-UTF16无BOM"),
    "HTML named .xls": ("网页叫xls",),
    "tab text named .xls": ("制表文本叫xls",),
    "a wrong extension": ("扩展名不对-xlsx叫csv", "扩展名不对-csv叫xlsx"),
    "a password": ("密码",),
    "merged heads of two or three rows": ("表头两行合并", "表头三行合并"),
    "titles and notes above, signatures and totals below": ("上有标题下有合计签字",),
    "hidden rows and columns": ("隐藏行列",),
    "several sheets": ("多张工作表",),
    "empty rows between blocks": ("块间空行",),
    "cells with line breaks": ("单元格换行",),
    "full-width digits": ("全角数字",),
    "dates as text, serials": ("日期文本", "日期序列号", "日期序列号文本"),
    "1904 base": ("日期1904基准", "日期1904基准-序列号", "日期1904基准-序列号文本"),
    "IDs as numbers": ("证件号成了数字",),
    "ID in two cells": ("证件号分两格",),
    "names with inner spaces": ("姓名中有空格",),
    "error cells": ("公式出错的单元格",),
    "sheets without ID, two people of one name": ("考勤-无证件号两人同名",),
    "two-row heads 日期 / 上午下午": ("考勤-日期上午下午两行表头",),
    "dates without year": ("考勤-日期无年份跨年",),
    "mark synonyms": ("考勤-记号别称",),
    "blanks with a meaning asked once": ("考勤-空白",),
    "the sheet's own totals": ("考勤-合计不符",),
}
NOT_READ_WHOLE = ("密码", "证件号成了数字", "公式出错的单元格", "考勤-")
READ_WHOLE = [name for name in CASES if not name.startswith(NOT_READ_WHOLE)]


def of_case(name):
    (path,) = (FOLDER / one for one in CASES if one.rpartition(".")[0] == name)
    return path


def test_every_way_of_the_contract_has_its_file_and_no_other_file_is_kept():
    named = {case for cases in CONTRACT.values() for case in cases}
    assert {name.rpartition(".")[0] for name in CASES} == named
    assert {path.name for path in FOLDER.iterdir()} == set(CASES)
    assert all(path.stat().st_size < 40_000 for path in FOLDER.iterdir())


@pytest.mark.parametrize("name", READ_WHOLE)
def test_the_people_are_read_whatever_is_odd_in_the_file(name):
    roster = read_roster(FOLDER / name)
    last = OLD_NAME if "旧BIFF" in name else PEOPLE[3][1]
    expected = [(*person[1:5], DAY) for person in PEOPLE[:3]] + [(last, *PEOPLE[3][2:5], DAY)]
    assert [
        (row.name, row.document_number, row.sex, row.phone, row.enrolled_on) for row in roster.rows
    ] == expected
    assert roster.rows[0].remark == "班长"
    assert [problem for problem in roster.problems if problem.code != "OTHER_SHEETS_IGNORED"] == []


def test_what_was_put_right_is_said():
    for name in ("全角数字", "证件号分两格", "姓名中有空格"):
        assert len({one.row for one in read_roster(of_case(name)).normalised}) == len(PEOPLE), name


@pytest.mark.parametrize("name", ["密码.xlsx", "密码.xls"])
def test_a_password_is_said_and_the_file_not_opened(name):
    with pytest.raises(AppError) as caught:
        read_roster(FOLDER / name)
    assert caught.value.code == "WORKBOOK_PASSWORD"


def test_documents_that_became_numbers_are_recognised_and_refused():
    roster = read_roster(of_case("证件号成了数字"))
    assert [(one.row, one.column, one.code) for one in roster.problems] == [
        (row, "C", "ID_ROUNDED") for row in range(2, 6)
    ]


def test_cells_whose_formula_failed_are_named_and_rows_that_hold_nothing_else_left_out():
    roster = read_roster(of_case("公式出错的单元格"))
    assert [(one.row, one.column, one.value, one.code) for one in roster.problems] == [
        (2, "E", "#N/A", "CELL_ERROR"), (3, "B", "#REF!", "CELL_ERROR"),
    ]  # fmt: skip
    assert [row.row for row in roster.rows] == [2, 3, 4, 5]


def attendance(name, *days):
    return read_attendance(of_case(f"考勤-{name}"), slots(*days))


DAYS = (dt.date(2020, 11, 9), dt.date(2020, 11, 10), dt.date(2020, 11, 12))


def test_two_of_one_name_are_asked_and_told_apart_by_their_number():
    sheet = attendance("无证件号两人同名", *DAYS)
    people = [row.person for row in sheet.rows]
    members = [
        ClassMember(bytes([n]) * 16, n, key.name, str(n) * 18) for n, key in enumerate(people, start=1)
    ]
    assert [match.code for match in match_people(people, members)] == ["SAME_NAME", "SAME_NAME", ""]
    told = match_people(people, members, SameNames.NUMBER)
    assert [match.member for match in told] == members


def test_dates_over_half_days_find_their_sessions():
    morning, afternoon = slots(DAYS[0], start=dt.time(8, 30))[0], slots(DAYS[0], start=dt.time(14))[0]
    sessions = [
        morning,
        type(afternoon)(2, DAYS[0], dt.time(14), 4),
        type(morning)(3, DAYS[1], dt.time(8, 30), 4),
    ]
    sheet = read_attendance(of_case("考勤-日期上午下午两行表头"), sessions)
    assert [column.slot.number for column in sheet.columns] == [1, 2, 3]
    assert len(sheet.rows) == 3


def test_dates_without_a_year_go_by_the_timetable_across_new_year():
    sheet = attendance("日期无年份跨年", dt.date(2020, 12, 31), dt.date(2021, 1, 4), dt.date(2021, 1, 5))
    assert [column.slot.number for column in sheet.columns] == [1, 2, 3]


def test_other_words_for_marks_are_known():
    sheet = attendance("记号别称", *DAYS)
    assert [[mark.mark.status.value for mark in row.marks] for row in sheet.rows] == [
        ["present", "present", "present"], ["present", "late", "leave"],
    ]  # fmt: skip


def test_blanks_are_counted_to_be_asked_for():
    assert attendance("空白", *DAYS).blanks == 2


def test_totals_that_are_not_those_of_the_marks_are_said():
    (problem,) = total_problems(attendance("合计不符", *DAYS))
    assert (problem.code, problem.params["stated"], problem.params["counted"]) == (
        "ATTENDANCE_TOTAL_DIFFERS",
        3,
        2,
    )
