"""导入: guessed, checked without writing, questions answered, columns fixed, written once, taken back whole."""

from __future__ import annotations

import openpyxl
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from desktop_app.domain.users import Role
from desktop_app.excel.column_names import WorkbookKind
from desktop_app.excel.reading import read_workbook
from desktop_app.services.imports.plan import Question, RowState
from tests.ui.pages.sample_profile import PASSWORD, WORKBOOKS
from ui.pages.imports.guessing import guess_class, guess_kind
from ui.pages.imports.page import ImportsPage
from ui.pages.imports.presenter import CHECK, COLUMNS, DONE, FILE, TARGET
from ui.pages.imports.preview_table import LEAD
from ui.widgets.cell_states import STATE_ROLE, TONE_ROLE, CellState, Tone

ROSTER = WORKBOOKS / "花名册-企业职工-焊工.xlsx"
MARKS = WORKBOOKS / "考勤表-企业职工-焊工.xlsx"
NEW_CLASS = "焊工2020-04班"


@pytest.fixture
def page(desk):
    return desk.show(ImportsPage(desk.context))


@pytest.fixture
def bad_roster(tmp_path):
    """The welders' roster with a wrong check digit, a short phone, and a name with a look-alike dot."""
    book = openpyxl.load_workbook(ROSTER)
    sheet = book.worksheets[0]
    sheet["C8"], sheet["F9"], sheet["B6"] = "420111199001011234", "1380000", "斯琴•高娃"
    file = tmp_path / "报名.xlsx"
    book.save(file)
    return file


def take(page, file, code=NEW_CLASS):
    page.take_file(file)
    if page.flow.class_code != code:
        page.controls.set_class(code)
        page._on_controls()


def cell(page, row, column, role=Qt.ItemDataRole.DisplayRole):
    model = page.preview.model
    number = next(n for n in range(model.rowCount()) if model.row(n).row == row)
    return model.data(model.index(number, column + LEAD), role)


def classes(desk):
    return {item.code: item.people for item in desk.services.classes.list_classes()}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("花名册-企业职工-焊工.xlsx", WorkbookKind.ROSTER),
        ("课程表-企业职工-焊工.xlsx", WorkbookKind.TIMETABLE),
        ("考勤表-企业职工-焊工.xlsx", WorkbookKind.ATTENDANCE),
        ("成绩-企业职工-焊工.xlsx", WorkbookKind.SCORES),
    ],
)
def test_the_kind_is_guessed_from_title_or_headings_whatever_the_file_is_called(name, kind):
    sheets = read_workbook(WORKBOOKS / name)
    assert guess_kind("新建表格.xlsx", sheets, WorkbookKind) is kind


def test_a_class_is_guessed_only_where_one_code_stands_in_title_or_name():
    codes = ["焊工2020-03班", "焊工2020-03班补", "电工2020-02班"]
    assert guess_class("焊工2020-03班考勤.xlsx", (), codes) == "焊工2020-03班"
    assert guess_class("焊工2020-03班补考勤.xlsx", (), codes) == "焊工2020-03班补"
    assert guess_class("焊工2020-03班和电工2020-02班.xlsx", (), codes) is None
    assert guess_class("考勤.xlsx", (), codes) is None


def test_the_steps_follow_what_is_known(page, tmp_path):
    assert page.flow.step == FILE
    page.take_file(MARKS)
    assert page.flow.step == TARGET
    assert page.problem.text() == "请选择要导入到哪个班级。"
    page.controls.set_class("电工2020-02班")
    page._on_controls()
    assert page.flow.step in {CHECK, DONE}
    odd = openpyxl.Workbook()
    odd.active.append(["甲", "乙"])
    odd.active.append(["花名册", "2"])
    odd.save(tmp_path / "花名册.xlsx")
    page.take_file(tmp_path / "花名册.xlsx")
    assert page.flow.step == COLUMNS
    assert page.problem.text().startswith("✕")


def test_a_dry_run_writes_nothing_and_says_the_numbers(desk, page):
    before = (classes(desk), desk.services.history.state_hash())
    take(page, ROSTER)
    assert page.summary.text() == "新增 48 · 更新 0 · 相同 0 · 有误 0"
    assert page.act.text() == "导入 48 行"
    assert (classes(desk), desk.services.history.state_hash()) == before


def test_the_last_button_imports_and_one_undo_takes_all_back(desk, page):
    values = desk.services.history.state_hash(values=True)
    take(page, ROSTER)
    page.act.click()
    assert classes(desk)[NEW_CLASS] == 48
    assert page.flow.step == DONE + 1
    assert page.undo_button.text() == f"撤销：导入花名册（{NEW_CLASS}）"
    page.undo_button.click()
    assert NEW_CLASS not in classes(desk)
    assert desk.services.history.state_hash(values=True) == values
    assert not page.undo_button.isEnabled()


def test_importing_the_same_file_again_changes_nothing(page):
    take(page, ROSTER)
    page.act.click()
    page.restart()
    take(page, ROSTER)
    assert page.summary.text() == "新增 0 · 更新 0 · 相同 48 · 有误 0"
    assert not page.act.isEnabled()


def test_bad_cells_are_red_with_their_sentence_and_normalised_ones_amber(page, bad_roster):
    take(page, bad_roster)
    assert page.flow.plan.count(RowState.BAD) == 2
    assert cell(page, 8, 2, STATE_ROLE) is CellState.REJECTED
    assert cell(page, 8, 2, TONE_ROLE) is Tone.WRONG
    assert "校验位不对" in cell(page, 8, 2, Qt.ItemDataRole.ToolTipRole)
    assert "校验位不对" in cell(page, 8, -1)
    assert cell(page, 6, 1) == "斯琴·高娃"
    assert cell(page, 6, 1, TONE_ROLE) is Tone.WAITING
    assert "•" in cell(page, 6, 1, Qt.ItemDataRole.ToolTipRole)


def test_only_rows_with_problems_can_be_shown_and_good_rows_go_in(desk, page, bad_roster):
    take(page, bad_roster)
    page.only.setChecked(True)
    model = page.preview.model
    shown = [model.row(number).row for number in range(model.rowCount())]
    assert {8, 9} <= set(shown)
    assert len(shown) < 10
    assert page.act.text() == "导入 46 行"
    page.act.click()
    assert classes(desk)[NEW_CLASS] == 46
    assert "有误的 2 行没有导入" in page.result._detail.text()


def test_the_annotated_workbook_is_written_where_the_user_says(desk, page, bad_roster, tmp_path):
    take(page, bad_roster)
    target = tmp_path / "标注.xlsx"
    page.choose_target = lambda name: target if name == "报名-问题标注.xlsx" else None
    page.errors_button.click()
    note = openpyxl.load_workbook(target).worksheets[0]["C8"].comment
    assert "校验位不对" in note.text
    assert target.name in desk.told[-1].text


def test_same_names_and_blanks_are_asked_with_their_numbers(desk, page, tmp_path):
    take(page, ROSTER)
    page.act.click()
    page.restart()
    take(page, WORKBOOKS / "课程表-企业职工-焊工.xlsx")
    page.act.click()
    page.restart()
    book = openpyxl.load_workbook(MARKS)
    sheet = book.worksheets[0]
    for row in sheet.iter_rows(min_row=4):
        row[2].value = None
    sheet["D5"] = None
    file = tmp_path / "考勤.xlsx"
    book.save(file)
    take(page, file)
    assert page.flow.asked()[Question.SAME_NAME] == 2
    assert page.flow.asked()[Question.BLANK_MEANING] >= 1
    bad = page.flow.plan.count(RowState.BAD)
    page.findings.chips[Question.SAME_NAME, "number"].click()
    assert page.flow.plan.count(RowState.BAD) == bad - 2
    page.findings.chips[Question.BLANK_MEANING, "absent"].click()
    assert page.flow.plan.questions == ()
    assert page.findings.chips[Question.BLANK_MEANING, "absent"].isChecked()


def test_why_a_mark_changes_is_asked_before_it_is_overwritten(page, tmp_path):
    take(page, ROSTER)
    page.act.click()
    for path in (WORKBOOKS / "课程表-企业职工-焊工.xlsx", MARKS):
        page.restart()
        take(page, path)
        page.act.click()
    page.restart()
    book = openpyxl.load_workbook(MARKS)
    cell = book.worksheets[0]["D5"]
    cell.value = "×" if cell.value != "×" else "√"
    file = tmp_path / "考勤.xlsx"
    book.save(file)
    take(page, file)
    assert page.flow.plan.questions == (Question.REASON,)
    assert not page.act.isEnabled()
    page.findings.reason.setText(" 以签到表为准 ")
    page.findings.reason.editingFinished.emit()
    assert page.flow.options.reason == "以签到表为准"
    assert page.findings.reason.text() == "以签到表为准"
    assert page.flow.plan.questions == ()
    assert page.flow.plan.count(RowState.CHANGED) == 1
    assert page.act.isEnabled()


def test_a_column_that_was_not_recognised_is_mapped_by_hand(page, tmp_path):
    book = openpyxl.load_workbook(ROSTER)
    book.worksheets[0]["F3"] = "找他打这个"
    file = tmp_path / "花名册.xlsx"
    book.save(file)
    take(page, file)
    box = page.preview.mapping.boxes[5]
    assert (box.currentData(), box.currentText()) == ("", "不导入")
    box.setCurrentIndex(box.findData("phone"))
    box.activated.emit(box.currentIndex())
    assert page.flow.plan.mapping["F"] == "phone"
    assert page.preview.mapping.boxes[5].currentText() == "联系电话"


def test_a_dropped_file_begins_an_import(page):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(ROSTER))])
    event = QDropEvent(QPointF(10, 10), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                       Qt.KeyboardModifier.NoModifier)  # fmt: skip
    page.drop.dropEvent(event)
    assert page.flow.path == ROSTER
    assert page.controls.file.text() == ROSTER.name
    assert page.focusWidget() is page.preview.view


def test_a_file_that_is_no_table_is_told_and_leaves_the_page_as_it_was(desk, page, tmp_path):
    file = tmp_path / "扫描件.pdf"
    file.write_bytes(b"%PDF-1.4 no table")
    page.take_file(file)
    assert page.flow.step == FILE
    assert len(desk.warned) == 1


def test_data_that_changed_since_the_dry_run_is_checked_again_and_nothing_is_written(desk, page):
    take(page, ROSTER)
    desk.services.classes.create_class(NEW_CLASS)
    page.write()
    assert classes(desk)[NEW_CLASS] == 0
    assert len(desk.warned) == 1
    assert page.flow.plan is not None
    assert page.act.isEnabled()


def test_everybody_is_offered_what_they_may_import(desk, page):
    def offered(own):
        return [own.controls.kind.itemData(number) for number in range(own.controls.kind.count())]

    assert offered(page) == [kind.value for kind in WorkbookKind]
    desk.services.profile.log_in("limin", PASSWORD)
    desk.services.accounts.add_user("adviser", "何老师", [Role.ADVISER], PASSWORD)
    desk.services.profile.log_in("adviser", PASSWORD)
    assert offered(desk.show(ImportsPage(desk.context))) == ["attendance", "employment"]
