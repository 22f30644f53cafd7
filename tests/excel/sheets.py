"""Makes small workbooks for the tests of the readers: people with right check digits, sheets from rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import openpyxl

from desktop_app.domain.identity import check_digit
from desktop_app.excel.session_columns import SessionSlot

TESTS = Path(__file__).resolve().parents[1]
WORKBOOKS = TESTS / "data" / "workbooks"
FOREIGN = TESTS / "data" / "foreign_files"
STUDENTS, KEY_GROUPS, EMPLOYEES = "在校学生-新能源汽车", "社会重点群体-电工", "企业职工-焊工"

HEADS = ("序号", "姓名", "公民身份号码", "性别", "联系电话")


def document(sequence: int, birth: str = "19900307", region: str = "420102") -> str:
    """A resident's number with the right check digit."""
    first17 = f"{region}{birth}{sequence:03d}"
    return first17 + check_digit(first17)


PEOPLE = (
    (1, "张三丰", document(121), "男", "13800000001"),
    (2, "李思思", document(202), "女", "13800000002"),
    (3, "欧阳娜", document(64), "女", "13800000003"),
)


def workbook(
    folder: Path, rows: Iterable[Iterable[Any]], merged: Iterable[str] = (), name: str = "表.xlsx"
) -> Path:
    """An .xlsx of one sheet with these rows and merged areas."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "表"
    for row in rows:
        sheet.append(list(row))
    for area in merged:
        sheet.merge_cells(area)
    path = folder / name
    book.save(path)
    return path


def text_file(folder: Path, text: str, encoding: str = "utf-8", name: str = "表.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def csv_rows(rows: Iterable[Iterable[Any]], separator: str = ",") -> str:
    return "".join(separator.join(str(cell) for cell in row) + "\r\n" for row in rows)


def slots(*days: dt.date, hours: int = 4, start: dt.time = dt.time(8, 30)) -> list[SessionSlot]:
    return [SessionSlot(number, day, start, hours) for number, day in enumerate(days, start=1)]
