"""A workbook with everything in it that a library which loads and saves whole books would drop."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import xlsxwriter

from tests.excel.sheets import HEADS, PEOPLE
from tests.factories.pictures import jpeg

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SHEET = "xl/worksheets/sheet1.xml"


def rich_workbook(path: Path, *, comments: bool = False) -> Path:
    """Write a roster from row 3 with shapes, controls, extensions, validations, merges, formulas and a second sheet.

    ``comments``: the sheet has comments of its own, on B4 and on E9.
    """
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("花名册")
    other = book.add_worksheet("代码表")
    head = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
    cell = book.add_format({"border": 1, "font_name": "宋体"})
    sheet.merge_range("A1:E1", "培训学员花名册", head)
    sheet.write_row("A3", HEADS, head)
    for number, person in enumerate(PEOPLE, start=3):
        for column, value in enumerate(person):
            sheet.write(number, column, value, cell)
    for number in range(6, 12):
        sheet.set_row(number, 18, cell)
        sheet.write_blank(number, 0, None, cell)
    sheet.set_column("C:C", 22, cell)
    sheet.write_formula("F4", "=COUNTA(B4:B12)", cell, 3)
    sheet.write_array_formula("G4:G6", "{=ROW(B4:B6)}", cell, 4)
    sheet.data_validation("D4:D12", {"validate": "list", "source": ["男", "女"]})
    sheet.data_validation("B4:B12", {"validate": "list", "source": "=代码表!$A$1:$A$9"})
    sheet.conditional_format("A4:A12", {"type": "data_bar", "data_bar_2010": True})
    sheet.conditional_format("E4:E12", {"type": "duplicate", "format": head})
    sheet.insert_textbox("H2", "填表说明：请勿改动本表格式", {"width": 200, "height": 60})
    sheet.insert_button("H8", {"caption": "提交", "macro": "none"})
    image = jpeg("章", (60, 60))
    sheet.insert_image("H12", "章.jpg", {"image_data": io.BytesIO(image)})
    sheet.set_header("&C&G", {"image_center": "章.jpg", "image_data_center": io.BytesIO(image)})
    sheet.add_sparkline("I4", {"range": "花名册!A4:A6"})
    sheet.ignore_errors({"number_stored_as_text": "C4:C12"})
    sheet.freeze_panes(3, 0)
    sheet.autofilter("A3:E12")
    sheet.protect("", {"objects": True})
    if comments:
        sheet.write_comment("B4", "请核对姓名", {"author": "主管部门"})
        sheet.write_comment("E9", "手机号")
    other.write_column("A1", [person[1] for person in PEOPLE])
    other.add_table("C1:D4", {"columns": [{"header": "代码"}, {"header": "名称"}]})
    other.hide()
    book.define_name("名单", "=花名册!$B$4:$B$12")
    book.close()
    return path


def loaded(path: Path) -> openpyxl.Workbook:
    """Load a workbook with another library, which tells what it cannot keep."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(path)


def parts(path: Path) -> dict[str, bytes]:
    """Return all parts of a package by name."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sheet_without(part: bytes, cells: Iterable[str], elements: Iterable[str] = ()) -> str:
    """Return a sheet's elements in order with all they hold, without some cells, and without some kinds of elements.

    Rows that hold nothing else, and ``spans`` of rows, a hint that need not hold, are left out.
    """
    left, kinds = set(cells), {MAIN + name for name in elements}
    found: list[str] = []

    def walk(element: ElementTree.Element) -> None:
        if element.tag in kinds or (element.tag == MAIN + "c" and element.get("r") in left):
            return
        if element.tag == MAIN + "row" and all(child.get("r") in left for child in element):
            return
        given = sorted((name, value) for name, value in element.attrib.items() if name != "spans")
        found.append(f"{element.tag} {given} {element.text}")
        for child in element:
            walk(child)

    walk(ElementTree.fromstring(part))
    return "\n".join(found)
