"""Cells change inside an .xlsx; every other part stays byte for byte, and the changed sheet keeps all else."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest

from desktop_app.excel.error_workbook import write_error_workbook
from desktop_app.excel.inplace.cells import KEEP, CellChange
from desktop_app.excel.inplace.markup import NotEditable
from desktop_app.excel.inplace.writing import WorkbookInPlace
from desktop_app.excel.problems import Problem
from desktop_app.excel.reading import read_workbook
from tests.excel.rich_workbook import SHEET, loaded, parts, rich_workbook, sheet_without
from tests.excel.sheets import HEADS, PEOPLE, workbook

TYPES, STYLES, BOOK = "[Content_Types].xml", "xl/styles.xml", "xl/workbook.xml"


def changed(source, target, changes, sheet="花名册"):
    book = WorkbookInPlace(source.read_bytes())
    for (row, column), change in changes.items():
        book.change(sheet, book.place(sheet, row, column), change)
    kept = book.write_cells()
    book.save(target)
    return kept


@pytest.mark.parametrize("comments", [False, True])
def test_marking_a_workbook_leaves_every_other_part_byte_for_byte(tmp_path, comments):
    source = rich_workbook(tmp_path / "a.xlsx", comments=comments)
    problems = [
        Problem("花名册", row, column, "x", "ID_ROUNDED") for row, column in [(4, "B"), (5, "C"), (9, "D")]
    ]
    target = write_error_workbook(source, tmp_path / "b.xlsx", problems)
    before, after = parts(source), parts(target)
    mine = {name for name in after if after[name] != before.get(name)}
    vml = {name for name in mine if name.startswith("xl/drawings/vmlDrawing")}
    relations = {
        BOOK.replace("workbook.xml", "_rels/workbook.xml.rels"),
        "xl/worksheets/_rels/sheet1.xml.rels",
    }
    assert len(vml) == 1
    assert before.keys() <= after.keys()
    assert mine - vml - relations <= {
        TYPES,
        STYLES,
        BOOK,
        SHEET,
        "xl/comments1.xml",
        "xl/worksheets/sheet3.xml",
    }
    assert len(before.keys() - mine) >= 10
    assert {name for name in before if "drawing" in name or "media" in name or "table" in name} - mine
    cells = ["B4", "C5", "D9"]
    assert sheet_without(after[SHEET], cells) == sheet_without(before[SHEET], cells)
    sheet = loaded(target)["花名册"]
    assert {name for row in sheet for cell in row if cell.comment for name in [cell.coordinate]} == (
        {*cells, "E9"} if comments else set(cells)
    )
    assert sheet["B4"].comment.text.startswith("请核对姓名\n") is comments
    assert (sheet["B4"].value, sheet["B4"].border.left.style) == (PEOPLE[0][1], "thin")


def test_cells_of_every_kind_are_written_and_read_by_others(tmp_path):
    source, target = rich_workbook(tmp_path / "a.xlsx"), tmp_path / "b.xlsx"
    changes = {
        (7, 1): CellChange("王𬭎 "),
        (7, 2): CellChange("00123"),
        (7, 4): CellChange("=1+1"),
        (8, 0): CellChange(12.5),
        (8, 1): CellChange(None),
        (4, 4): CellChange(None),
        (30, 2): CellChange("末\n行", "FFC7CE"),
        (40, 30): CellChange(dt.date(2020, 11, 2)),
        (6, 5): CellChange(True),
    }
    assert changed(source, target, changes) == {"花名册": frozenset()}
    sheet = loaded(target)["花名册"]
    assert [sheet[name].value for name in ("B7", "C7", "E7", "A8", "B8", "E4", "C30", "AE40", "F6")] == [
        "王𬭎 ", "00123", "=1+1", 12.5, None, None, "末\n行", 44137, True,
    ]  # fmt: skip
    assert (sheet["E7"].data_type, sheet["E7"].quotePrefix) == ("s", True)
    assert sheet["B7"].border.left.style == sheet["C30"].border.left.style == "thin"
    assert sheet["C30"].fill.fgColor.rgb == "FFFFC7CE"
    assert read_workbook(target)[0].cell(40, 30) == 44137.0
    before, after = parts(source), parts(target)
    assert {name for name in before if before[name] != after[name]} == {SHEET, STYLES}
    names = ["B7", "C7", "E7", "A8", "B8", "E4", "C30", "AE40", "F6"]
    left_out = (names, ["dimension"])
    assert sheet_without(after[SHEET], *left_out) == sheet_without(before[SHEET], *left_out)


def test_a_formula_is_never_written_over(tmp_path):
    source, target = rich_workbook(tmp_path / "a.xlsx"), tmp_path / "b.xlsx"
    kept = changed(source, target, {(4, 5): CellChange("weg", "FFC7CE"), (4, 1): CellChange("新")})
    assert kept == {"花名册": frozenset({(4, 5)})}
    sheet = loaded(target)["花名册"]
    assert (sheet["F4"].value, sheet["F4"].fill.fgColor.rgb) == ("=COUNTA(B4:B12)", "FFFFC7CE")


def test_a_change_inside_a_merged_area_goes_to_the_cell_that_shows_it(tmp_path):
    source, target = rich_workbook(tmp_path / "a.xlsx"), tmp_path / "b.xlsx"
    changed(source, target, {(1, 3): CellChange("新标题")})
    assert loaded(target)["花名册"]["A1"].value == "新标题"


def test_dates_count_from_the_day_that_the_workbook_counts_from(tmp_path):
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.worksheets[0]["A1"] = dt.date(2021, 1, 1)
    book.save(tmp_path / "a.xlsx")
    changed(tmp_path / "a.xlsx", tmp_path / "b.xlsx", {(1, 0): CellChange(dt.date(2020, 11, 2))}, "Sheet")
    assert read_workbook(tmp_path / "b.xlsx")[0].cell(1, 0) == dt.date(2020, 11, 2)


def test_prefixes_and_rows_without_numbers_are_understood(tmp_path):
    source = workbook(tmp_path, [HEADS, *PEOPLE])
    odd = (
        b'<?xml version="1.0"?><x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b"<x:sheetData><x:row><x:c><x:v>1</x:v></x:c><x:c t='str'><x:v>a</x:v></x:c></x:row>"
        b'<x:row r="5"/><!-- <x:row r="9"> --></x:sheetData></x:worksheet>'
    )
    book = WorkbookInPlace(source.read_bytes())
    book._package.put(SHEET, odd)
    for place in [(1, 1), (1, 3), (3, 0), (5, 2), (9, 0)]:
        book.change("表", place, CellChange(f"v{place[0]}{place[1]}"))
    book.change("表", (1, 0), CellChange(KEEP, "FFC7CE"))
    book.write_cells()
    book.comment("表", (5, 2), "说明")
    book.write_comments("我")
    book.save(tmp_path / "b.xlsx")
    sheet = loaded(tmp_path / "b.xlsx")["表"]
    found = {cell.coordinate: cell.value for row in sheet for cell in row if cell.value is not None}
    assert found == {"A1": 1, "B1": "v11", "D1": "v13", "A3": "v30", "C5": "v52", "A9": "v90"}
    assert sheet["C5"].comment.text == "说明"


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\x00" * 100])
def test_what_is_no_workbook_is_not_edited(data):
    with pytest.raises(NotEditable):
        WorkbookInPlace(data)
