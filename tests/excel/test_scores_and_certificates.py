"""Result sheets keep what was typed; certificate files give numbers, dates and levels."""

from __future__ import annotations

import datetime as dt

import pytest

from desktop_app.domain.errors import AppError
from desktop_app.excel.certificates import read_certificates
from desktop_app.excel.scores import read_scores
from tests.excel.sheets import PEOPLE, workbook

NUMBER = PEOPLE[0][2]


def test_scores_stay_as_typed_beside_their_normalised_text(tmp_path):
    heads = (
        "序号",
        "姓名",
        "准考证号",
        "理论知识（100分）",
        "操作技能",
        "综合评审(二级以上)",
        "平时成绩",
        "总评",
        "结论",
        "备注",
    )
    row = (1, "张三丰", "4201 1300 01", 85.5, " ６０分", "缺 考", None, 72.75, "合格", "补考")
    sheet = read_scores(workbook(tmp_path, [heads, row]))
    read = sheet.rows[0]
    assert sheet.components == ("theory", "practice", "review", "process")
    assert [(score.component, score.raw, score.text, score.column) for score in read.scores] == [
        ("theory", "85.5", "85.5", "D"),
        ("practice", " ６０分", "60", "E"),
        ("review", "缺 考", "缺考", "F"),
        ("process", "", "", "G"),
    ]
    assert (read.ticket, read.total, read.conclusion, read.remark) == ("4201130001", "72.75", "合格", "补考")


def test_decimals_of_a_formula_do_not_grow_digits(tmp_path):
    sheet = read_scores(
        workbook(tmp_path, [("姓名", "理论"), ("张三丰", 0.1 + 0.2), ("李思思", 85.30000000000001)])
    )
    assert [row.scores[0].text for row in sheet.rows] == ["0.3", "85.3"]


def test_a_rounded_ticket_is_an_error_and_a_rounded_document_beside_a_name_a_warning(tmp_path):
    heads = ("姓名", "身份证号", "准考证号", "理论")
    sheet = read_scores(workbook(tmp_path, [heads, ("张三丰", 420102199003071000, 4201130001234567890, 80)]))
    assert [(p.column, p.code, p.severity.value) for p in sheet.problems] == [
        ("B", "ID_ROUNDED", "warning"),
        ("C", "NUMBER_ROUNDED", "error"),
    ]


def test_an_exam_date_is_read_where_there_is_one(tmp_path):
    sheet = read_scores(workbook(tmp_path, [("姓名", "理论", "考核日期"), ("张三丰", 80, "2020年12月12日")]))
    assert sheet.rows[0].exam_date == dt.date(2020, 12, 12)


def test_a_sheet_without_any_component_is_no_result_sheet(tmp_path):
    with pytest.raises(AppError) as caught:
        read_scores(workbook(tmp_path, [("序号", "姓名", "总评"), (1, "张三丰", 80)]))
    assert caught.value.code == "HEADER_NOT_FOUND"
    assert caught.value.params["searched"] == "姓名/公民身份号码；理论/实操/综合评审/过程"


def test_certificates_are_read_with_numbers_dates_and_levels(tmp_path):
    heads = ("序号", "姓名", "身份证号", "工种", "等级", "证书编号", "发证日期", "发证机构")
    rows = [
        (
            1,
            "张三丰",
            NUMBER,
            "焊工",
            "四级",
            "Y0042 0001 0000204000001",
            dt.date(2020, 12, 20),
            "示例评价中心",
        ),
        (2, "李思思", PEOPLE[1][2], "焊工", "四级", "ｙ004200010000204000002", "2020.12.20", "示例评价中心"),
        (3, "欧阳娜", PEOPLE[2][2], "焊工", "四级", None, None, None),
    ]
    sheet = read_certificates(workbook(tmp_path, [["证书发放登记表"], heads, *rows]))
    assert [row.certificate_number for row in sheet.rows] == [
        "Y004200010000204000001",
        "Y004200010000204000002",
        "",
    ]
    assert [row.issued_on for row in sheet.rows] == [dt.date(2020, 12, 20)] * 2 + [None]
    first = sheet.rows[0]
    assert (first.level, first.occupation, first.organisation) == ("四级", "焊工", "示例评价中心")
    assert sheet.problems == ()


def test_one_certificate_number_twice_in_a_file_is_a_problem_at_the_second(tmp_path):
    heads = ("姓名", "身份证号", "证书编号")
    rows = [("张三丰", NUMBER, "Y001"), ("李思思", PEOPLE[1][2], "y001")]
    sheet = read_certificates(workbook(tmp_path, [heads, *rows]))
    assert [(p.row, p.column, p.code, p.params["row"]) for p in sheet.problems] == [
        (3, "C", "CERTIFICATE_NUMBER_TWICE", 2)
    ]
