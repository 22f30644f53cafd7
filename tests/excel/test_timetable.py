"""Timetables of other offices: year-less dates, one column for both times, merged dates, several teachers."""

from __future__ import annotations

import datetime as dt

import pytest

from desktop_app.excel.timetable import read_timetable
from tests.excel.sheets import csv_rows, text_file, workbook

HEADS = ("序号", "日期", "起止时间", "课时", "授课内容", "授课方式", "地点", "授课教师")
WINTER = (dt.date(2020, 12, 28), dt.date(2021, 1, 10))


def session(date, time="8:30-11:50", hours=4, content="焊接", mode="线下", teacher="刘建军", number=1):
    return (number, date, time, hours, content, mode, "车间", teacher)


def codes(sheet):
    return [(problem.row, problem.column, problem.code) for problem in sheet.problems]


def test_dates_without_year_cross_new_year_within_the_class(tmp_path):
    path = workbook(
        tmp_path, [HEADS, session("12-30"), session("12月31日"), session("1/4"), session("01-05")]
    )
    assert [row.date for row in read_timetable(path, WINTER).rows] == [
        dt.date(2020, 12, 30),
        dt.date(2020, 12, 31),
        dt.date(2021, 1, 4),
        dt.date(2021, 1, 5),
    ]


def test_dates_without_year_follow_the_filling_date_where_the_class_has_no_period(tmp_path):
    rows = [["填表日期：2020年12月20日"], HEADS, session("12-30"), session("1-4")]
    sheet = read_timetable(workbook(tmp_path, rows))
    assert [row.date for row in sheet.rows] == [dt.date(2020, 12, 30), dt.date(2021, 1, 4)]


def test_a_date_without_year_and_without_any_period_is_a_problem(tmp_path):
    sheet = read_timetable(workbook(tmp_path, [HEADS, session("12-30")]))
    assert codes(sheet) == [(2, "B", "DATE_YEAR_UNKNOWN")]
    assert sheet.rows[0].date is None


def test_decimals_are_told_apart_by_the_row_above(tmp_path):
    period = (dt.date(2020, 11, 1), dt.date(2020, 11, 30))
    path = workbook(tmp_path, [HEADS, session(11.2), session(11.19), session(11.2), session(11.21)])
    assert [row.date.day for row in read_timetable(path, period).rows] == [2, 19, 20, 21]


def test_two_half_days_under_one_merged_date_have_both_the_date(tmp_path):
    rows = [HEADS, session("2020-11-23"), session(None, "14:00-17:20")]
    sheet = read_timetable(workbook(tmp_path, rows, merged=["B2:B3"]))
    assert [(row.date, row.start) for row in sheet.rows] == [
        (dt.date(2020, 11, 23), dt.time(8, 30)),
        (dt.date(2020, 11, 23), dt.time(14)),
    ]
    assert sheet.problems == ()


def test_typed_cells_are_read_as_well_as_text(tmp_path):
    heads = ("日期", "开始时间", "结束时间", "学时", "课程内容", "授课老师")
    row = (
        dt.datetime(2020, 11, 23),  # noqa: DTZ001 - a spreadsheet knows no zone
        dt.time(18, 30),
        0.9097222222,
        "4学时",
        "焊接",
        "刘建军、吴海燕（助教）",
    )
    read = read_timetable(workbook(tmp_path, [heads, row])).rows[0]
    assert (read.date, read.start, read.end, read.hours) == (
        dt.date(2020, 11, 23),
        dt.time(18, 30),
        dt.time(21, 50),
        4,
    )
    assert read.teachers == ("刘建军", "吴海燕")
    assert read.mode == ""


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("刘建军", ("刘建军",)),
        ("刘建军、吴海燕", ("刘建军", "吴海燕")),
        ("刘建军,吴海燕", ("刘建军", "吴海燕")),
        ("刘建军，吴海燕", ("刘建军", "吴海燕")),
        ("刘建军/吴海燕", ("刘建军", "吴海燕")),
        ("刘建军\n吴海燕", ("刘建军", "吴海燕")),
        ("刘建军 吴海燕", ("刘建军", "吴海燕")),
        ("刘 军", ("刘军",)),
        ("刘军、刘军", ("刘军",)),
        ("斯琴•高娃", ("斯琴·高娃",)),
        ("", ()),
    ],
)
def test_teachers_in_one_cell_are_told_apart(tmp_path, typed, names):
    path = text_file(tmp_path, csv_rows([HEADS]) + f'1,2020-11-23,8:30-11:50,4,焊接,线下,车间,"{typed}"\r\n')
    assert read_timetable(path).rows[0].teachers == names


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (session(None), ("B", "DATE_MISSING")),
        (session("待定"), ("B", "DATE_UNREADABLE")),
        (session("2020-11-23", "上半天"), ("C", "TIME_UNREADABLE")),
        (session("2020-11-23", "11:50-8:30"), ("C", "SESSION_END_BEFORE_START")),
        (session("2020-11-23", hours=3.5), ("D", "HOURS_UNREADABLE")),
        (session("2020-11-23", hours=0), ("D", "HOURS_UNREADABLE")),
        (session("2020-11-23", content=None), ("E", "CONTENT_MISSING")),
        (session("2020-11-23", mode="随便"), ("F", "MODE_UNKNOWN")),
    ],
)
def test_a_bad_cell_is_named_by_its_place(tmp_path, row, problem):
    assert codes(read_timetable(workbook(tmp_path, [HEADS, row]))) == [(2, *problem)]


@pytest.mark.parametrize(
    ("typed", "code"),
    [("线下", "offline"), ("线上直播", "online"), ("线上+线下", "mixed"), ("面授", "offline"), ("", "")],
)
def test_modes_are_read_by_their_words(tmp_path, typed, code):
    assert read_timetable(workbook(tmp_path, [HEADS, session("2020-11-23", mode=typed)])).rows[0].mode == code
