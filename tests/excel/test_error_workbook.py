"""The workbook goes back with its bad cells coloured and commented, read by another library; nothing in it runs."""

from __future__ import annotations

import openpyxl
import pytest

import resources
from desktop_app.domain.errors import AppError
from desktop_app.excel.error_workbook import explain, write_error_workbook
from desktop_app.excel.formula_safe import formula_safe, is_formula_like
from desktop_app.excel.problems import Problem, Severity
from desktop_app.excel.roster import read_roster
from tests.excel.sheets import FOREIGN, HEADS, PEOPLE, STUDENTS, WORKBOOKS, csv_rows, text_file, workbook

RED, YELLOW = "FFFFC7CE", "FFFFEB9C"
LIST = "导入问题清单"


def problem(row, column, code="NUMBER_ROUNDED", severity=Severity.ERROR, sheet="表", value="4.2E+17"):
    return Problem(sheet, row, column, value, code, severity)


def colour(cell):
    return cell.fill.fgColor.rgb if cell.fill.fill_type else None


def written(source, folder, *problems):
    return openpyxl.load_workbook(write_error_workbook(source, folder / "errors.xlsx", problems))


def test_bad_cells_are_coloured_and_commented_and_the_others_left_alone(tmp_path):
    source = workbook(tmp_path, [["花名册"], HEADS, *PEOPLE], merged=["A1:E1"])
    book = written(
        source, tmp_path, problem(3, "C"), problem(4, "E", "DATE_UNREADABLE", Severity.WARNING, value="昨天")
    )
    sheet = book["表"]
    assert (colour(sheet["C3"]), colour(sheet["E4"]), colour(sheet["B3"])) == (RED, YELLOW, None)
    assert "末几位已经丢失" in sheet["C3"].comment.text
    assert "“昨天”不是完整的日期" in sheet["E4"].comment.text
    assert "请按" in sheet["E4"].comment.text
    assert sheet["C4"].comment is None
    assert [cell.value for cell in sheet[3]] == list(PEOPLE[0])
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A1:E1"]


def test_the_layout_of_an_office_workbook_stays(tmp_path):
    source = WORKBOOKS / f"花名册-{STUDENTS}.xlsx"
    before = openpyxl.load_workbook(source)["花名册"]
    after = written(source, tmp_path, problem(5, "C", sheet="花名册"))["花名册"]
    assert after.dimensions == before.dimensions
    assert {k: d.width for k, d in after.column_dimensions.items()} == {
        k: d.width for k, d in before.column_dimensions.items()
    }
    assert [[c.value for c in row] for row in after] == [[c.value for c in row] for row in before]
    assert after["B3"].font.b == before["B3"].font.b


def test_several_problems_of_one_cell_stand_in_one_comment_and_the_worst_colours_it(tmp_path):
    book = written(
        workbook(tmp_path, [HEADS, *PEOPLE]),
        tmp_path,
        problem(2, "C", "SAME_NAME", Severity.WARNING),
        problem(2, "C"),
        problem(2, "", "PERSON_UNNAMED"),
    )
    cell = book["表"]["C2"]
    assert colour(cell) == RED
    assert "同名" in cell.comment.text
    assert "丢失" in cell.comment.text
    assert colour(book["表"]["A2"]) == RED


def test_a_problem_inside_a_merged_area_marks_its_first_cell(tmp_path):
    source = workbook(tmp_path, [HEADS, *PEOPLE], merged=["D2:D4"])
    assert colour(written(source, tmp_path, problem(4, "D"))["表"]["D2"]) == RED


def test_all_problems_are_listed_on_a_sheet_of_their_own(tmp_path):
    whole = problem(0, "", "OTHER_SHEETS_IGNORED", Severity.WARNING)
    whole = Problem(whole.sheet, 0, "", "", whole.code, whole.severity, {"sheets": "二班"})
    book = written(workbook(tmp_path, [HEADS, *PEOPLE]), tmp_path, problem(2, "C"), whole)
    rows = list(book[LIST].values)
    assert rows[0] == ("工作表", "单元格", "原内容", "程度", "原因与处理办法")
    assert rows[1][:4] == ("表", "C2", "4.2E+17", "错误")
    assert [cell or "" for cell in rows[2][1:4]] == ["", "", "提醒"]
    assert "二班" in rows[2][4]


@pytest.mark.parametrize("file", ["roster.xls", "roster.ods"])
def test_xls_and_ods_come_back_as_xlsx_of_their_values(tmp_path, file):
    book = written(FOREIGN / file, tmp_path, problem(5, "C", sheet="花名册"))
    sheet = book["花名册"]
    assert sheet["B5"].value == "李思思"
    assert colour(sheet["C5"]) == RED
    assert sheet["F4"].is_date
    assert [row.name for row in read_roster(tmp_path / "errors.xlsx").rows] == [
        row.name for row in read_roster(FOREIGN / file).rows
    ]


def test_a_csv_comes_back_as_xlsx_under_a_title_that_excel_allows(tmp_path):
    source = text_file(tmp_path, csv_rows([HEADS, *PEOPLE]), name="花名册[一班]" + "长" * 40 + ".csv")
    book = written(source, tmp_path, problem(2, "B", sheet=source.stem))
    assert len(book.sheetnames[0]) <= 31
    assert colour(book.worksheets[0]["B2"]) == RED
    assert book.worksheets[0]["C2"].value == PEOPLE[0][2]


def test_the_result_can_be_mended_and_imported_again(tmp_path):
    source = workbook(tmp_path, [HEADS, *PEOPLE])
    once = write_error_workbook(source, tmp_path / "once.xlsx", [problem(2, "C")])
    twice = write_error_workbook(once, tmp_path / "twice.xlsx", [problem(3, "C")])
    roster = read_roster(twice)
    assert [row.name for row in roster.rows] == ["张三丰", "李思思", "欧阳娜"]
    assert roster.problems == ()
    assert openpyxl.load_workbook(twice).sheetnames == ["表", LIST]


def test_formulas_of_an_office_stay_what_they_are_and_none_is_added(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "表"
    sheet.append(HEADS)
    sheet.append(PEOPLE[0])
    sheet["F2"] = '=HYPERLINK("http://attack.example","x")'
    sheet["F3"] = "=cmd|' /C calc'!A0"
    book.save(tmp_path / "a.xlsx")
    after = written(tmp_path / "a.xlsx", tmp_path, problem(2, "C"))["表"]
    formulas = [cell.value for row in after for cell in row if cell.data_type == "f"]
    assert formulas == [sheet["F2"].value, sheet["F3"].value]


INJECTIONS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "=cmd|' /C calc'!A0"]


@pytest.mark.parametrize("text", INJECTIONS)
def test_text_that_looks_like_a_formula_is_written_as_text(tmp_path, text):
    source = tmp_path / "a.csv"
    source.write_text(f'姓名,身份证号,备注\n张三丰,{PEOPLE[0][2]},"{text}"\n', encoding="utf-8", newline="")
    book = written(source, tmp_path, problem(2, "C", sheet="a", value=text))
    for cell in (book["a"]["C2"], book[LIST]["C2"]):
        assert cell.data_type == "s"
        assert cell.value.replace("_x000D_", "\r").strip() == text.strip()
        assert cell.quotePrefix


def test_control_characters_that_a_workbook_cannot_hold_are_dropped(tmp_path):
    source = tmp_path / "a.csv"
    source.write_text(f"姓名,身份证号,备注\n张三丰,{PEOPLE[0][2]},甲\x0b乙\x1b\n", encoding="utf-8")
    book = written(source, tmp_path, problem(2, "C", "DATE_UNREADABLE", sheet="a", value="甲\x0b乙\x1b"))
    assert book["a"]["C2"].value == "甲乙"
    assert "甲乙" in book["a"]["C2"].comment.text


@pytest.mark.parametrize("text", INJECTIONS)
def test_exports_to_csv_get_an_apostrophe(text):
    assert is_formula_like(text)
    assert formula_safe(text) == "'" + text


@pytest.mark.parametrize("text", ["", "张三丰", "1-1", " =1", "武汉市=1"])
def test_ordinary_text_is_left_alone(text):
    assert not is_formula_like(text)
    assert formula_safe(text) == text


def test_a_target_that_cannot_be_written_is_named(tmp_path):
    source = workbook(tmp_path, [HEADS, *PEOPLE])
    with pytest.raises(AppError) as caught:
        write_error_workbook(source, tmp_path / "none" / "a.xlsx", [])
    assert (caught.value.code, caught.value.params) == ("TARGET_NOT_WRITABLE", {"file": "a.xlsx"})


@pytest.mark.parametrize("language", resources.LANGUAGES)
def test_every_problem_of_this_package_has_its_sentence(language):
    given = {
        "sheets": "二班",
        "date": "2020-12-30",
        "name": "张三丰",
        "stated": 2,
        "counted": 1,
        "file": "a.xlsx",
    }
    given |= {
        "limit": 5,
        "found": 6,
        "sheet": "表",
        "field": "name",
        "searched": "姓名",
        "rows": 60,
        "megabytes": 1024,
        "known": "就业",
    }
    fragment = resources.load_json("i18n", language, "excel.json")
    codes = [name.removeprefix("error.") for name in fragment if name.startswith("error.")]
    assert len(codes) > 30
    for code in codes:
        text = explain(Problem("表", 3, "C", "张三", code, params=given), language)
        assert "\n" in text
        assert "{" not in text
