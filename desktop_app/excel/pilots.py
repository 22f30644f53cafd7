"""Reads the 1+X 试点 table of a department: 院校, 证书, 级别, 批次, 公布日期."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from desktop_app.domain.errors import AppError
from desktop_app.excel.cells import cell_text
from desktop_app.excel.column_names import normal_heading
from desktop_app.excel.dates import parse_date
from desktop_app.excel.normalising import normal_text
from desktop_app.excel.reading import read_workbook
from desktop_app.excel.sheets import Sheet

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "school": ("院校名称", "院校", "学校", "学校名称", "试点院校", "试点院校名称"),
    "certificate": ("证书名称", "证书", "职业技能等级证书名称", "职业技能等级证书", "试点证书"),
    "level": ("级别", "等级", "证书等级", "证书级别"),
    "batch": ("批次", "试点批次"),
    "published_on": ("公布日期", "公布时间", "发布日期", "发文日期"),
    "document": ("文号", "发文字号"),
}
"""Field → headings by which its column is known."""
_NEEDED = ("school", "certificate", "batch")


@dataclass(frozen=True, slots=True)
class PilotRow:
    """A row as written; ``row`` as the spreadsheet numbers it; ``error`` where its date cannot be read."""

    row: int
    school: str
    certificate: str
    level: str
    batch: str
    published_on: dt.date | None
    document: str
    error: AppError | None = None


def read_pilots(path: Path) -> tuple[PilotRow, ...]:
    """Return the rows of the first sheet that has the headings 院校, 证书 and 批次.

    Raises what ``read_workbook`` raises, and AppError PILOT_COLUMNS_MISSING.
    """
    for sheet in read_workbook(path):
        for number in range(1, len(sheet.rows) + 1):
            columns = _columns(sheet, number)
            if all(name in columns for name in _NEEDED):
                return _body(sheet, number, columns)
    raise AppError("PILOT_COLUMNS_MISSING", file=path.name)


def _columns(sheet: Sheet, number: int) -> dict[str, int]:
    words = {normal_heading(word): name for name, known in HEADINGS.items() for word in known}
    found: dict[str, int] = {}
    for index, cell in enumerate(sheet.rows[number - 1]):
        name = words.get(normal_heading(cell_text(cell)))
        if name is not None:
            found.setdefault(name, index)
    return found


def _body(sheet: Sheet, head: int, columns: Mapping[str, int]) -> tuple[PilotRow, ...]:
    rows: list[PilotRow] = []
    for number in range(head + 1, len(sheet.rows) + 1):
        texts = {name: normal_text(cell_text(sheet.cell(number, index))) for name, index in columns.items()}
        if not texts["school"] and not texts["certificate"]:
            continue
        day, error = None, None
        if texts.get("published_on"):
            found = parse_date(sheet.cell(number, columns["published_on"]), whole=True)
            day = found if isinstance(found, dt.date) else None
            error = None if day else AppError("DATE_UNREADABLE", value=texts["published_on"][:20])
        rows.append(
            PilotRow(
                row=number,
                school=texts["school"],
                certificate=texts["certificate"],
                level=texts.get("level", ""),
                batch=texts["batch"],
                published_on=day,
                document=texts.get("document", ""),
                error=error,
            )
        )
    return tuple(rows)
