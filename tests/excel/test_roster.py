"""Rosters: what is normalised is said, rounded numbers are recognised, evidence is split."""

from __future__ import annotations

import datetime as dt

import pytest

from desktop_app.excel.roster import Evidence, read_roster, split_evidence
from tests.excel.sheets import HEADS, PEOPLE, csv_rows, document, text_file, workbook

NUMBER = document(121)


def codes(sheet):
    return [(problem.row, problem.column, problem.code, problem.severity.value) for problem in sheet.problems]


def test_values_are_normalised_and_it_is_said(tmp_path):
    typed = (
        1,
        " 张　三丰 ",
        f"'{NUMBER[:6]} {NUMBER[6:14]}-{NUMBER[14:]}".lower(),
        "男 ",
        "+86 138-0000-0001",
    )
    roster = read_roster(workbook(tmp_path, [HEADS, typed]))
    row = roster.rows[0]
    assert (row.name, row.document_number, row.sex, row.phone) == ("张三丰", NUMBER, "男", "13800000001")
    assert [(item.column, item.after) for item in roster.normalised] == [
        ("B", "张三丰"),
        ("C", NUMBER),
        ("D", "男"),
        ("E", "13800000001"),
    ]
    assert roster.normalised[0].before == " 张　三丰 "
    assert row.raw["name"] == " 张　三丰 "
    assert row.columns == {"number": "A", "name": "B", "document_number": "C", "sex": "D", "phone": "E"}


@pytest.mark.parametrize("dot", "•・．‧.·")
def test_look_alikes_of_the_middle_dot_become_it(tmp_path, dot):
    roster = read_roster(workbook(tmp_path, [HEADS, (1, f"斯琴{dot}高娃", NUMBER, "女", "")]))
    assert roster.rows[0].name == "斯琴·高娃"
    assert len(roster.normalised) == (0 if dot == "·" else 1)


def test_numbers_lose_nothing_but_their_decimal_point(tmp_path):
    heads = ("姓名", "身份证号", "学号", "联系电话", "报名日期", "出生日期")
    row = ("张三丰", NUMBER, 201935001, 13800000001.0, dt.date(2020, 11, 3), "1990.3.7")
    read = read_roster(workbook(tmp_path, [heads, row])).rows[0]
    assert (read.student_number, read.phone) == ("201935001", "13800000001")
    assert (read.enrolled_on, read.birth_date) == (dt.date(2020, 11, 3), dt.date(1990, 3, 7))


@pytest.mark.parametrize("typed", [420102199003071000, 4.20102199003071e17])
def test_a_document_that_excel_rounded_is_recognised(tmp_path, typed):
    roster = read_roster(workbook(tmp_path, [HEADS, (1, "张三丰", typed, "男", "")]))
    assert codes(roster) == [(2, "C", "ID_ROUNDED", "error")]
    assert roster.rows[0].rounded
    assert roster.problems[0].value == "420102199003071000"


@pytest.mark.parametrize("typed", ["4.20102E+17", "420102199003071000"])
def test_a_rounded_document_in_a_csv_is_recognised(tmp_path, typed):
    roster = read_roster(text_file(tmp_path, csv_rows([HEADS, (1, "张三丰", typed, "男", "")])))
    assert codes(roster) == [(2, "C", "ID_ROUNDED", "error")]


def test_numbers_of_fifteen_digits_are_exact_and_of_sixteen_are_not(tmp_path):
    heads = ("姓名", "身份证号", "银行账号")
    rows = [("张三丰", 420102900307121, 123456789012345), ("李思思", NUMBER, 6222021234567890)]
    roster = read_roster(workbook(tmp_path, [heads, *rows]))
    assert [row.document_number for row in roster.rows] == ["420102900307121", NUMBER]
    assert codes(roster) == [(3, "C", "NUMBER_ROUNDED", "error")]


def test_a_date_that_is_none_is_a_problem_at_its_cell(tmp_path):
    heads = ("姓名", "身份证号", "报名日期")
    roster = read_roster(
        workbook(tmp_path, [heads, ("张三丰", NUMBER, "上周"), ("李思思", PEOPLE[1][2], None)])
    )
    assert codes(roster) == [(2, "C", "DATE_UNREADABLE", "error")]
    assert [row.enrolled_on for row in roster.rows] == [None, None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("扶贫手册：1151707710", Evidence("扶贫手册", "1151707710")),
        ("扶贫手册:1151707710", Evidence("扶贫手册", "1151707710")),
        ("毕业证书 1042268322", Evidence("毕业证书", "1042268322")),
        ("就业创业证（4201000019000123）", Evidence("就业创业证", "4201000019000123")),
        ("低保证编号：A-123", Evidence("低保证", "A-123")),
        ("退役军人证：鄂字第123号", Evidence("退役军人证", "鄂字第123号")),
        ("户口簿", Evidence("户口簿")),
        ("村委会证明", Evidence("村委会证明")),
        ("武汉光谷精工制造有限公司", Evidence(employer="武汉光谷精工制造有限公司")),
        ("湖北省公证处", Evidence(employer="湖北省公证处")),
        ("工作单位：武汉光谷精工制造有限公司", Evidence(employer="武汉光谷精工制造有限公司")),
        (
            "武汉光谷精工制造有限公司（91420100MA4KTL0X8F）",
            Evidence(employer="武汉光谷精工制造有限公司", employer_code="91420100MA4KTL0X8F"),
        ),
        (
            "武汉光谷精工制造有限公司 统一社会信用代码：91420100MA4KTL0X8F",
            Evidence(employer="武汉光谷精工制造有限公司", employer_code="91420100MA4KTL0X8F"),
        ),
        ("", Evidence()),
        ("  ", Evidence()),
    ],
)
def test_evidence_and_employer_are_told_apart(text, expected):
    assert split_evidence(text) == expected


def test_columns_of_their_own_for_employer_and_code_go_first(tmp_path):
    heads = ("姓名", "身份证号", "工作单位", "统一社会信用代码", "佐证材料")
    row = ("张三丰", NUMBER, "甲公司", "91420100ma4ktl0x8f", "劳动合同：HT-2020-7")
    read = read_roster(workbook(tmp_path, [heads, row])).rows[0]
    assert (read.employer, read.employer_code) == ("甲公司", "91420100MA4KTL0X8F")
    assert (read.evidence_kind, read.evidence_number) == ("劳动合同", "HT-2020-7")


def test_a_cell_merged_over_several_people_holds_for_each(tmp_path):
    heads = ("姓名", "身份证号", "工作单位")
    rows = [(name, number, "甲公司" if n == 1 else None) for n, name, number, _, _ in PEOPLE]
    roster = read_roster(workbook(tmp_path, [heads, *rows], merged=["C2:C4"]))
    assert [row.employer for row in roster.rows] == ["甲公司"] * 3


def test_a_document_typed_into_two_cells_is_put_together_and_said(tmp_path):
    whole, other = PEOPLE[0][2], PEOPLE[1][2]
    rows = [
        ["序号", "姓名", "身份证号", None, "联系电话"],
        [1, "张三丰", whole[:6], whole[6:], "13800000001"],
        [2, "李思思", other, None, "13800000002"],
        [3, "欧阳娜", PEOPLE[2][2][:6], "不全", "13800000003"],
    ]
    roster = read_roster(workbook(tmp_path, rows, merged=["C1:D1"]))
    assert [row.document_number for row in roster.rows] == [whole, other, PEOPLE[2][2][:6]]
    assert [row.phone for row in roster.rows] == ["13800000001", "13800000002", "13800000003"]
    assert (2, "C", f"{whole[:6]} {whole[6:]}", whole) in [
        (one.row, one.column, one.before, one.after) for one in roster.normalised
    ]
