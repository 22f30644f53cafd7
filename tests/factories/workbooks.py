"""Workbooks of tests: the twelve samples, and small sheets written as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import openpyxl

WORKBOOKS = Path(__file__).parent.parent / "data" / "workbooks"


@dataclass(frozen=True)
class Sample:
    """A sample class: its files' suffix, and what is counted in them (requirements §7)."""

    suffix: str
    code: str
    people: int
    attended: int
    passed: int

    def file(self, kind: str) -> Path:
        return WORKBOOKS / f"{kind}-{self.suffix}.xlsx"


STUDENTS = Sample("在校学生-新能源汽车", "新能源2020-01班", 45, 648, 37)
ELECTRICIANS = Sample("社会重点群体-电工", "电工2020-02班", 50, 713, 41)
WELDERS = Sample("企业职工-焊工", "焊工2020-03班", 48, 689, 42)
SAMPLES = (STUDENTS, ELECTRICIANS, WELDERS)


def sheet_rows(path: Path) -> list[list[object]]:
    """Rows of the only sheet of a workbook, as they stand."""
    book = openpyxl.load_workbook(path)
    try:
        return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    finally:
        book.close()


def write_csv(path: Path, rows: Iterable[Iterable[object]]) -> Path:
    """Write rows as CSV; None is an empty cell."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(["" if cell is None else cell for cell in row] for row in rows)
    return path
