"""What a workbook probably is and which class it is about, by its name, its title and its headings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from desktop_app.excel.cells import cell_text
from desktop_app.excel.column_names import WorkbookKind, field_of
from desktop_app.excel.sheets import Sheet

_WORDS: dict[WorkbookKind, tuple[str, ...]] = {
    WorkbookKind.ROSTER: ("花名册", "名册", "报名", "学员名单"),
    WorkbookKind.TIMETABLE: ("课程表", "课表", "教学计划", "日程"),
    WorkbookKind.ATTENDANCE: ("考勤", "签到", "出勤"),
    WorkbookKind.SCORES: ("成绩", "分数", "考核结果"),
    WorkbookKind.CERTIFICATES: ("证书",),
    WorkbookKind.EMPLOYMENT: ("就业跟踪", "就业情况", "就业登记", "就业信息"),
}
_TITLE_ROWS = 4
_HEAD_ROWS = 20
_TELLING = 2


def guess_kind(
    file_name: str, sheets: Sequence[Sheet], allowed: Iterable[WorkbookKind]
) -> WorkbookKind | None:
    """Return the kind that title or file name names, else the one whose headings fit best; None where none does."""
    kinds = list(allowed)
    for text in (_title(sheets), file_name):
        named = [kind for kind in kinds if any(word in text for word in _WORDS[kind])]
        if len(named) == 1:
            return named[0]
    fits = {kind: _fit(kind, sheets) for kind in kinds}
    best = max(fits, key=lambda kind: fits[kind], default=None)
    return best if best is not None and fits[best] > _TELLING else None


def guess_class(file_name: str, sheets: Sequence[Sheet], codes: Iterable[str]) -> str | None:
    """Return the class whose code stands in the title or the file name; None where none or several do."""
    text = file_name + _title(sheets)
    found = [code for code in codes if code in text]
    longest = max(found, key=len, default=None)
    return longest if longest is not None and all(code in longest for code in found) else None


def _title(sheets: Sequence[Sheet]) -> str:
    rows = [row for sheet in sheets[:1] for row in sheet.rows[:_TITLE_ROWS]]
    return " ".join(cell_text(cell) for row in rows for cell in row if cell is not None)


def _fit(kind: WorkbookKind, sheets: Sequence[Sheet]) -> int:
    """Return how many columns of the best row are headed as this kind knows them."""
    rows = [row for sheet in sheets for row in sheet.rows[:_HEAD_ROWS]]
    return max((len({field_of(kind, cell_text(cell)) for cell in row} - {None}) for row in rows), default=0)
