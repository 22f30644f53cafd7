from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from desktop_app.domain.papers import Roster, content_code
from desktop_app.excel.attendance import read_attendance
from desktop_app.excel.figure_workbooks import FIGURE_KINDS
from desktop_app.excel.paper_workbooks import WORKBOOKS
from desktop_app.excel.roster import read_roster
from desktop_app.excel.scores import read_scores
from desktop_app.excel.session_columns import SessionSlot
from desktop_app.excel.timetable import read_timetable
from desktop_app.papers import INSTITUTION_PAPERS, PAPERS, XLSX
from tests.papers.sample_contents import (
    ALL,
    ELECTRICIANS,
    STUDENTS,
    WELDERS,
    attendance,
    certificates,
    head,
    roster,
    rows,
    scores,
    timetable,
    timetable_lines,
)
from tests.papers.sample_contents import (
    WORKBOOKS as SAMPLES,
)

EVERY_PAPER = {**PAPERS, **INSTITUTION_PAPERS}
TRADES = pytest.mark.parametrize("trade", [ELECTRICIANS, STUDENTS, WELDERS])
# Papers of figures are tables of finished texts, tried where they are made: claims, figures, follow-ups.
OF_CLASSES = [kind for kind in WORKBOOKS if kind not in FIGURE_KINDS]
EVERY = pytest.mark.parametrize("make", [ALL[kind] for kind in OF_CLASSES], ids=OF_CLASSES)
_PLACE = {"row", "raw", "columns", "household"}  # where it stood, and the column that the samples lack
Make = Callable[..., Any]


def _write(content: Any) -> Worksheet:
    out = io.BytesIO()
    WORKBOOKS[content.kind](out, content)
    sheet = openpyxl.load_workbook(io.BytesIO(out.getvalue())).active
    assert sheet is not None
    return sheet


def _save(content: Any, folder: Path) -> Path:
    path = folder / f"{content.kind}.xlsx"
    with path.open("wb") as out:
        WORKBOOKS[content.kind](out, content)
    return path


def _values(record: Any) -> dict[str, object]:
    return {name: getattr(record, name) for name in record.__dataclass_fields__ if name not in _PLACE}


def _head_row(sheet: Worksheet) -> int:
    return next(cell.row for cell in sheet["B"] if cell.value in {"姓名", "日期", "课次", "名称", "内容"})


def _cells(sheet: Worksheet, heading: str) -> list[Any]:
    top = _head_row(sheet)
    column = next(cell.column for cell in sheet[top] if cell.value == heading)
    return [sheet.cell(row, column) for row in range(top + 1, sheet.max_row + 1)]


@TRADES
def test_our_roster_reads_back_as_the_office_wrote_it(trade: str, tmp_path: Path) -> None:
    ours = read_roster(_save(roster(trade), tmp_path))
    theirs = read_roster(SAMPLES / f"花名册-{trade}.xlsx")
    assert [_values(row) for row in ours.rows] == [_values(row) for row in theirs.rows]
    assert ours.institution == theirs.institution
    assert ours.problems == ()


def test_our_roster_has_every_column_of_the_sample() -> None:
    sheet = _write(roster())
    assert set(rows("花名册", WELDERS)[0]) <= {cell.value for cell in sheet[_head_row(sheet)]}


@TRADES
def test_our_timetable_reads_back_as_the_office_wrote_it(trade: str, tmp_path: Path) -> None:
    ours = read_timetable(_save(timetable(trade), tmp_path))
    theirs = read_timetable(SAMPLES / f"课程表-{trade}.xlsx")
    assert [_values(row) for row in ours.rows] == [_values(row) for row in theirs.rows]
    assert ours.problems == ()


@pytest.mark.parametrize(("trade", "came"), [(STUDENTS, 648), (ELECTRICIANS, 713), (WELDERS, 689)])
def test_our_attendance_sheet_reads_back_with_its_totals(trade: str, came: int, tmp_path: Path) -> None:
    content = attendance(trade)
    slots = [SessionSlot(line.number, line.date) for line in timetable_lines(trade)]
    ours = read_attendance(_save(content, tmp_path), slots)
    assert sum(row.attended for row in ours.rows) == came
    assert [row.total for row in ours.rows] == [line.attended for line in content.lines]
    assert ours.problems == ()


@TRADES
def test_our_score_register_reads_back_with_absence_as_a_word(trade: str, tmp_path: Path) -> None:
    ours = read_scores(_save(scores(trade), tmp_path))
    theirs = read_scores(SAMPLES / f"成绩-{trade}.xlsx")
    two = [[score.text for score in row.scores[:2]] for row in ours.rows]
    assert two == [[score.text for score in row.scores] for row in theirs.rows]
    assert sum(text == "缺考" for row in two for text in row) == 4


@pytest.mark.parametrize("danger", ["=1+1", "+86", "-3", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("u")'])
def test_a_text_that_looks_like_a_formula_stays_text(danger: str) -> None:
    content = roster()
    line = replace(content.lines[0], evidence=danger, name=danger)
    cells = [cell for row in _write(replace(content, lines=(line,))).iter_rows() for cell in row]
    found = [cell for cell in cells if isinstance(cell.value, str) and cell.value.strip() == danger.strip()]
    assert len(found) == 2
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in found)
    assert not any(cell.data_type == "f" for cell in cells)


@pytest.mark.parametrize("heading", ["公民身份号码", "联系电话", "学号"])
def test_numbers_that_name_something_are_text(heading: str) -> None:
    cells = [cell for cell in _cells(_write(roster(STUDENTS)), heading) if cell.value]
    assert len(cells) == 45
    assert all(isinstance(cell.value, str) and cell.number_format == "@" for cell in cells)


def test_hours_points_and_rates_are_numbers() -> None:
    assert [cell.value for cell in _cells(_write(timetable()), "课时")][:16] == [4] * 15 + [60]
    points = [cell.value for cell in _cells(_write(scores()), "理论")][:2]
    assert points == [63, 82]
    rate = _cells(_write(attendance()), "出勤率")[0]
    assert (rate.value, rate.number_format) == (1.0, "0.0%")


def test_half_points_keep_their_half() -> None:
    content = scores()
    line = replace(content.lines[0], total=855)
    assert _cells(_write(replace(content, lines=(line,))), "总评")[0].value == 85.5


@EVERY
def test_a_sheet_prints_on_a4_with_its_head_on_every_page(make: Make) -> None:
    sheet = _write(make())
    top = _head_row(sheet)
    assert sheet.page_setup.paperSize == 9
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == f"${top}:${top}"
    assert str(sheet.freeze_panes).endswith(str(top + 1))
    assert sheet.oddFooter is not None
    assert sheet.oddFooter.center.text == "第 &P/&N 页"


@EVERY
def test_a_sheet_says_number_time_code_demo_solo_and_the_seal(make: Make) -> None:
    content = make(demo=True, solo=True)
    text = "".join(str(cell.value or "") for row in _write(content).iter_rows() for cell in row)
    for said in (
        "表号：JCXY-2020-0012",
        "2020-12-09 18:30",
        content_code(content),
        "演示数据",
        "经办、审核同一人",
    ):
        assert said in text
    assert "承训机构（盖章）" in text


@EVERY
def test_excel_and_pdf_of_one_content_carry_one_code(make: Make) -> None:
    content = make()
    out = io.BytesIO()
    code = WORKBOOKS[content.kind](out, content)
    assert code == EVERY_PAPER[content.kind].build(io.BytesIO(), content).content_code


def test_every_paper_with_an_excel_format_has_its_writer() -> None:
    assert set(WORKBOOKS) == {kind for kind, one in EVERY_PAPER.items() if XLSX in one.formats}


def test_an_attendance_sheet_without_documents_has_no_document_column_and_tells_namesakes_apart() -> None:
    content = attendance()
    lines = tuple(replace(line, document_number="") for line in content.lines)
    sheet = _write(replace(content, lines=lines))
    assert "公民身份号码" not in {cell.value for cell in sheet[_head_row(sheet)]}


def test_an_empty_roster_is_a_head_without_rows() -> None:
    sheet = _write(Roster(head(), ()))
    assert [cell.value for cell in sheet[_head_row(sheet)]][:2] == ["序号", "姓名"]
    assert not any(cell.value for cell in sheet[_head_row(sheet) + 1])


def test_a_long_text_gets_the_height_it_needs() -> None:
    content = certificates()
    line = replace(content.lines[0], occupation="智能新能源汽车动力驱动电机电池技术" * 4)
    sheet = _write(replace(content, lines=(line, content.lines[1])))
    top = _head_row(sheet)
    assert sheet.row_dimensions[top + 1].height > sheet.row_dimensions[top + 2].height


def test_an_ampersand_in_the_footer_is_no_command() -> None:
    sheet = _write(roster(class_code="A&P班"))
    assert sheet.oddFooter is not None
    assert sheet.oddFooter.right.text == "A&&P班"
