"""Attendance sheets: columns on sessions, marks by table and by the sheet's own legend, blanks, totals."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.excel.attendance import read_attendance, total_problems
from desktop_app.excel.column_names import WorkbookKind
from desktop_app.excel.headers import Head
from desktop_app.excel.session_columns import SessionSlot, place_columns
from desktop_app.excel.sheets import Sheet
from tests.excel.sheets import PEOPLE, csv_rows, slots, text_file, workbook

DAYS = (dt.date(2020, 12, 30), dt.date(2020, 12, 31), dt.date(2021, 1, 4))
NUMBER = PEOPLE[0][2]


def sheet_of(folder, headings, *rows, sessions=None, merged=(), above=(), **options):
    path = workbook(folder, [*above, ("序号", "姓名", "身份证号", *headings), *rows], merged)
    return read_attendance(path, sessions or slots(*DAYS), **options)


def numbers(sheet):
    return [column.slot.number if column.slot else None for column in sheet.columns]


def codes(problems):
    return [(problem.row, problem.column, problem.code) for problem in problems]


def marks(row):
    return [mark.mark.status.value if mark.mark else None for mark in row.marks]


@pytest.mark.parametrize(
    "headings",
    [
        ("12-30", "12-31", "01-04"),
        ("12月30日", "12月31日", "1月4日"),
        ("12/30（周三）", "12/31（周四）", "1/4（周一）"),
        ("2020-12-30", "2020-12-31", "2021-01-04"),
        DAYS,
        (12.3, 12.31, 1.4),
        ("第1次", "第2次", "第3次"),
        (1, 2, 3),
        ("第1课次\n12-30", "第2课次\n12-31", "第3课次\n1-4"),
        ("12-30上午", "12-31上午", "1-4上午"),
        ("12月30日8:30-11:50", "12月31日8:30-11:50", "1月4日8:30-11:50"),
    ],
)
def test_headings_find_their_sessions_across_new_year(tmp_path, headings):
    sheet = sheet_of(tmp_path, headings, (1, "张三丰", NUMBER, "√", "×", "△"))
    assert numbers(sheet) == [1, 2, 3]
    assert marks(sheet.rows[0]) == ["present", "absent", "late"]
    assert sheet.problems == ()


def test_a_head_of_month_over_days_is_read(tmp_path):
    rows = [
        ("序号", "姓名", "12月", None, "1月", "出勤"),
        (None, None, 30, 31, 4, None),
        (1, "张三丰", "√", "×", "△", 2),
    ]
    merged = ["A1:A2", "B1:B2", "C1:D1", "F1:F2"]
    sheet = read_attendance(workbook(tmp_path, rows, merged), slots(*DAYS))
    assert numbers(sheet) == [1, 2, 3]
    assert sheet.rows[0].total == 2


@pytest.mark.parametrize("below", [("三", "四", "一"), ("周三", "周四", "周一"), ("第1次", "第2次", "第3次")])
def test_a_row_of_weekdays_or_numbers_under_the_dates_is_no_person(tmp_path, below):
    rows = [("序号", "姓名", "12-30", "12-31", "1-4"), (None, None, *below), (1, "张三丰", "√", "×", "√")]
    sheet = read_attendance(workbook(tmp_path, rows), slots(*DAYS))
    assert numbers(sheet) == [1, 2, 3]
    assert [row.person.name for row in sheet.rows] == ["张三丰"]


def test_half_days_under_one_date_take_their_sessions(tmp_path):
    day = dt.date(2020, 12, 30)
    sessions = [SessionSlot(1, day, dt.time(8, 30), 4), SessionSlot(2, day, dt.time(14), 4)]
    rows = [("序号", "姓名", "12-30", None), (None, None, "上午", "下午"), (1, "张三丰", "√", "×")]
    by_head = read_attendance(workbook(tmp_path, rows, ["A1:A2", "B1:B2", "C1:D1"]), sessions)
    assert numbers(by_head) == [1, 2]
    by_order = sheet_of(tmp_path, ("12-30", "12-30"), (1, "张三丰", NUMBER, "√", "×"), sessions=sessions)
    assert numbers(by_order) == [1, 2]
    alone = sheet_of(tmp_path, ("12-30",), (1, "张三丰", NUMBER, "√"), sessions=sessions)
    assert codes(alone.problems) == [(1, "D", "SESSION_AMBIGUOUS")]
    assert alone.rows[0].marks == ()


def test_columns_without_session_and_repeated_ones_are_named_and_not_read(tmp_path):
    sheet = sheet_of(tmp_path, ("12-30", "12-29", "第1次"), (1, "张三丰", NUMBER, "√", "√", "√"))
    assert numbers(sheet) == [1, None, None]
    assert codes(sheet.problems) == [(1, "E", "SESSION_NOT_IN_TIMETABLE"), (1, "F", "SESSION_TWICE")]
    assert len(sheet.rows[0].marks) == 1


def test_a_year_that_excel_added_wrongly_is_overlooked_with_a_warning(tmp_path):
    typed = (dt.date(2021, 12, 30), dt.date(2020, 12, 31))
    sheet = sheet_of(tmp_path, typed, (1, "张三丰", NUMBER, "√", "√"))
    assert numbers(sheet) == [1, 2]
    assert [(p.code, p.severity.value, p.params["date"]) for p in sheet.problems] == [
        ("DATE_YEAR_ADJUSTED", "warning", "2020-12-30")
    ]


@given(
    days=st.lists(st.dates(dt.date(2020, 9, 1), dt.date(2021, 8, 31)), min_size=1, max_size=40, unique=True),
    style=st.sampled_from(
        ["{0.month}-{0.day}", "{0.month:02}-{0.day:02}", "{0.month}月{0.day}日", "{0.month}/{0.day}"]
    ),
)
def test_every_heading_without_year_finds_its_session_of_a_school_year(days, style):
    sessions = slots(*sorted(days))
    cells = tuple((style.format(slot.date),) for slot in sessions)
    sheet = Sheet("表", (tuple(cell[0] for cell in cells),))
    head = Head(WorkbookKind.ATTENDANCE, sheet, 1, 1, {}, tuple(range(len(cells))), cells)
    problems = []
    assert [column.slot for column in place_columns(head, sessions, problems)] == sessions
    assert problems == []


def test_signs_words_letters_and_digits_are_read_by_the_table(tmp_path):
    typed = ("✓", "Ｖ", 1, "出勤", "迟到", "▽", "病假", "〇", "x", "旷课", " √ ")
    days = [dt.date(2020, 11, 1) + dt.timedelta(days=n) for n in range(len(typed))]
    sheet = sheet_of(tmp_path, days, (1, "张三丰", NUMBER, *typed), sessions=slots(*days))
    expected = ["present"] * 4 + ["late", "early", "leave", "leave", "absent", "absent", "present"]
    assert marks(sheet.rows[0]) == expected
    assert sheet.rows[0].marks[6].mark.reason.value == "sick"
    assert sheet.rows[0].attended == 7


@pytest.mark.parametrize("legend", ["说明：○出勤 △请假 √迟到 ×旷课", "图例：出勤○，请假△，迟到√，旷课×。"])
def test_the_sheets_own_legend_goes_before_the_table(tmp_path, legend):
    rows = [(1, "张三丰", NUMBER, "○", "△", "√"), [], ["班主任签字：", None, None, legend]]
    sheet = sheet_of(tmp_path, ("12-30", "12-31", "1-4"), *rows)
    assert marks(sheet.rows[0]) == ["present", "leave", "late"]


def test_a_legend_above_the_table_is_found_too(tmp_path):
    above = [["考勤表"], ["（○出勤 △请假 ×旷课）"]]
    sheet = sheet_of(tmp_path, ("12-30", "12-31", "1-4"), (1, "张三丰", NUMBER, "○", "△", "×"), above=above)
    assert marks(sheet.rows[0]) == ["present", "leave", "absent"]


def test_an_unknown_sign_is_a_problem_at_its_cell(tmp_path):
    sheet = sheet_of(tmp_path, ("12-30", "12-31", "1-4"), (1, "张三丰", NUMBER, "√", "?", "√"))
    assert codes(sheet.problems) == [(2, "E", "MARK_UNKNOWN")]
    assert sheet.rows[0].marks[1].mark is None
    assert not sheet.rows[0].marks[1].blank


def test_blanks_stay_blank_and_are_counted(tmp_path):
    sheet = sheet_of(tmp_path, ("12-30", "12-31", "1-4"), (1, "张三丰", NUMBER, "√", None, " "))
    assert [mark.blank for mark in sheet.rows[0].marks] == [False, True, True]
    assert sheet.blanks == 2
    assert sheet.problems == ()


def test_totals_are_checked_under_the_meaning_given_to_blanks(tmp_path):
    headings = ("12-30", "12-31", "1-4", "实到")
    sheet = sheet_of(
        tmp_path, headings, (1, "张三丰", NUMBER, "×", None, "▽", 2), (2, "李思思", "", "√", "√", "√", 2)
    )
    strict = total_problems(sheet)
    assert codes(strict) == [(2, "G", "ATTENDANCE_TOTAL_DIFFERS"), (3, "G", "ATTENDANCE_TOTAL_DIFFERS")]
    assert (strict[0].params["stated"], strict[0].params["counted"]) == (2, 1)
    assert codes(total_problems(sheet, blank_attends=True)) == [(3, "G", "ATTENDANCE_TOTAL_DIFFERS")]


def test_totals_in_hours_are_checked_in_hours(tmp_path):
    headings = ("12-30", "12-31", "1-4", "合计", "出勤课时")
    people = ((1, "张三丰", NUMBER, "√", "×", "√", 8, 8), (2, "李思思", "", "√", "√", "√", 3, 11))
    assert codes(total_problems(sheet_of(tmp_path, headings, *people))) == [
        (3, "H", "ATTENDANCE_TOTAL_DIFFERS")
    ]


def test_totals_are_not_compared_while_a_column_has_no_session(tmp_path):
    sheet = sheet_of(tmp_path, ("12-30", "12-29", "出勤"), (1, "张三丰", NUMBER, "√", "√", 2))
    assert total_problems(sheet) == ()


def test_a_csv_without_document_numbers_is_read(tmp_path):
    text = csv_rows([("序号", "姓名", "12-30", "12-31"), (1, "张 三丰", "√", "")])
    sheet = read_attendance(text_file(tmp_path, text, "gb18030"), slots(*DAYS))
    person = sheet.rows[0].person
    assert (person.name, person.document_number, person.number) == ("张三丰", "", 1)
    assert [(n.row, n.column, n.before, n.after) for n in sheet.normalised] == [(2, "B", "张 三丰", "张三丰")]


def test_a_row_of_daily_totals_is_no_person(tmp_path):
    rows = ((1, "张三丰", NUMBER, "√", "√", "√"), ("实到人数", None, None, 1, 1, 1))
    assert len(sheet_of(tmp_path, ("12-30", "12-31", "1-4"), *rows).rows) == 1


def test_the_signature_of_a_source_does_not_hang_on_its_dates(tmp_path):
    first = sheet_of(tmp_path, ("12-30", "12-31", "出勤"), (1, "张三丰", NUMBER, "√", "√", 2))
    second = sheet_of(tmp_path, ("12-31", "01-04", "1-5", "出勤"), (1, "张三丰", NUMBER, "√", "√", "√", 3))
    other = sheet_of(tmp_path, ("12-30", "12-31", "实到"), (1, "张三丰", NUMBER, "√", "√", 2))
    assert first.signature == second.signature != other.signature
