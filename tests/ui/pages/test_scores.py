"""成绩: typed with checks on the spot, concluded live, locked by the teacher, unlocked with a reason."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QToolTip

from desktop_app.domain.assessments import AssessmentKind, ComponentCode, PassRule, Score, ScoreState
from desktop_app.domain.errors import AppError
from desktop_app.domain.users import Role
from desktop_app.excel.column_names import WorkbookKind
from desktop_app.services.imports.plan import ImportOptions
from tests.ui.pages.desk import Desk
from tests.ui.pages.sample_profile import DEMO_DAY, PASSWORD, WORKBOOKS, open_profile
from ui.pages.scores.create_dialog import CreateAssessmentDialog
from ui.pages.scores.tab import ScoresTab
from ui.pages.scores.typed_scores import unsaved_scores
from ui.unsaved import from_json, to_json
from ui.widgets.cell_states import CellState, Tone

THEORY, PRACTICE, TOTAL, CONCLUSION = range(4)


@pytest.fixture
def teacher(profile_folder, preferences, window_application):
    """A desk of the teacher who gives the electricians' first session."""
    services = open_profile(profile_folder, "limin")
    user = services.accounts.add_user("teacher", "周老师", [Role.TEACHER], PASSWORD)
    class_id = services.classes.class_by_code("电工2020-02班").id
    services.teachers.link(services.classes.list_sessions(class_id)[0].teacher_ids[0], user)
    services.profile.log_in("teacher", PASSWORD)
    found = Desk(services, preferences)
    yield found
    found.close()


@pytest.fixture
def tab(teacher):
    teacher.services.assessments.create(teacher.class_id(), AssessmentKind.COMPLETION, held_on=DEMO_DAY)
    return teacher.show(ScoresTab(teacher.context, teacher.class_id()))


def type_score(tab, row, column, text, key=Qt.Key.Key_Return):
    tab.grid.set_current(row, column)
    tab.grid.body.edit(tab.grid.body.currentIndex())
    editor = tab.grid.body.findChildren(QLineEdit)[-1]
    editor.setText(text)
    editor.textEdited.emit(text)
    QTest.keyClick(editor, key)
    return editor


def stored(tab, row, column):
    sheet = tab.context.services.assessments.sheet(tab.presenter.assessment.id)
    return sheet.rows[row].scores.get(sheet.assessment.components[column].code)


def texts(tab, row):
    return [tab.model.cell(row, column).text for column in range(len(tab.model.columns))]


def fill(tab, value):
    tab.write({(row, column): value for row in range(12) for column in (THEORY, PRACTICE)})


def test_a_number_is_stored_enter_goes_down_and_the_conclusion_is_computed_at_once(tab):
    type_score(tab, 0, THEORY, "85.5")
    assert tab.grid.current_place() == (1, THEORY)
    assert stored(tab, 0, THEORY) == Score(ScoreState.SCORED, 855)
    assert texts(tab, 0) == ["85.5", "", "", "未定"]
    type_score(tab, 0, PRACTICE, "70")
    assert texts(tab, 0) == ["85.5", "70", "77.7", "合格"]
    type_score(tab, 0, PRACTICE, "59.9")
    assert texts(tab, 0)[CONCLUSION] == "不合格"
    assert tab.model.cell(0, PRACTICE).tone is Tone.WRONG


@pytest.mark.parametrize(
    ("text", "kept"), [("100", True), ("0", True), ("100.1", False), ("-1", False), ("满分", False)]
)
def test_a_score_outside_0_to_100_stays_in_the_editor_with_a_sentence(tab, text, kept):
    editor = type_score(tab, 0, THEORY, text)
    assert (stored(tab, 0, THEORY) is not None) is kept
    assert (editor.property("state") == "wrong") is not kept
    if not kept:
        assert text in tab.presenter.problem((0, THEORY), text)
        QToolTip.hideText()


def test_the_keys_q_h_w_and_the_words_mean_absent_deferred_violation(tab):
    for row, key in enumerate((Qt.Key.Key_Q, Qt.Key.Key_H, Qt.Key.Key_W)):
        tab.grid.set_current(row, THEORY)
        QTest.keyClick(tab.grid.body, key)
    type_score(tab, 3, THEORY, "缺考")
    states = [stored(tab, row, THEORY).state for row in range(4)]
    assert states == [ScoreState.ABSENT, ScoreState.DEFERRED, ScoreState.VIOLATION, ScoreState.ABSENT]
    assert texts(tab, 0) == ["缺考", "", "", "不合格"]
    assert texts(tab, 1)[CONCLUSION] == "未定"


def test_delete_clears_a_score(tab):
    type_score(tab, 0, THEORY, "80")
    tab.grid.set_current(0, THEORY)
    QTest.keyClick(tab.grid.body, Qt.Key.Key_Delete)
    assert stored(tab, 0, THEORY) is None


def test_total_and_conclusion_cannot_be_typed_over(tab):
    tab.grid.set_current(0, TOTAL)
    QTest.keyClick(tab.grid.body, Qt.Key.Key_Q)
    assert not tab.model.cell(0, TOTAL).editable
    assert texts(tab, 0) == ["", "", "", "未定"]


def test_a_refused_score_is_taken_back(teacher, tab, monkeypatch):
    seen = []

    def refuse(*_arguments):
        seen.append(tab.model.cell(0, THEORY).state)
        raise AppError("SCORES_LOCKED", by="周老师")

    monkeypatch.setattr(teacher.services.assessments, "enter", refuse)
    type_score(tab, 0, THEORY, "80")
    assert seen == [CellState.WAITING]
    assert texts(tab, 0)[THEORY] == ""
    assert len(teacher.warned) == 1


def test_a_bug_does_not_leave_a_score_waiting(teacher, tab, monkeypatch):
    bugs = []
    monkeypatch.setattr(type(teacher.context.messages), "bug", lambda _messages, error: bugs.append(error))
    monkeypatch.setattr(teacher.services.assessments, "enter", lambda *_given: 1 // 0)
    type_score(tab, 0, THEORY, "80")
    assert len(bugs) == 1
    assert texts(tab, 0)[THEORY] == ""
    assert tab.model.cell(0, THEORY).state is CellState.SAVED


def test_locking_waits_for_all_scores_says_the_numbers_and_closes_every_cell(teacher, tab, answers):
    assert not tab.lock_button.isEnabled()
    assert "还有 12 人没有录完" in tab.closed.text()
    fill(tab, Score(ScoreState.SCORED, 800))
    tab.write({(0, THEORY): Score(ScoreState.ABSENT)})
    assert tab.lock_button.isEnabled()
    answers.verb("act")
    tab.lock()
    detail = answers.questions[0].findChildren(type(tab.facts))[1].text()
    assert "共 12 人：合格 11，不合格 1（其中缺考或违纪 1）" in detail
    assert tab.presenter.assessment.locked
    cell = tab.model.cell(0, THEORY)
    assert (cell.state, cell.editable) == (CellState.LOCKED, False)
    assert tab.lock_button.isHidden()


def test_an_administrator_unlocks_with_a_reason(teacher, tab, answers):
    fill(tab, Score(ScoreState.SCORED, 800))
    answers.verb("act")
    tab.lock()
    teacher.services.profile.log_in("limin", PASSWORD)
    other = teacher.show(ScoresTab(teacher.context, teacher.class_id()))
    assert not other.unlock_button.isHidden()
    answers.reason("理论成绩登记有误")
    other.unlock()
    assert not other.presenter.assessment.locked
    assert other.unlock_button.isHidden()


def test_the_office_cannot_type_a_teachers_scores_and_is_told_why(teacher, tab):
    teacher.services.profile.log_in("zhanglan", PASSWORD)
    other = teacher.show(ScoresTab(teacher.context, teacher.class_id()))
    assert not other.model.cell(0, THEORY).editable
    assert other.closed.text()
    assert other.lock_button.isHidden()


def test_results_of_the_evaluation_organisation_are_read_only_and_name_their_file(desk):
    imports, code = desk.services.imports, "电工2020-02班"
    file = WORKBOOKS / "成绩-社会重点群体-电工.xlsx"
    imports.apply(imports.plan(WorkbookKind.SCORES, file, code, ImportOptions()))
    tab = desk.show(ScoresTab(desk.context, desk.class_id()))
    assert file.name in tab.closed.text()
    tab.grid.set_current(0, THEORY)
    before = texts(tab, 0)
    QTest.keyClick(tab.grid.body, Qt.Key.Key_Q)
    assert texts(tab, 0) == before


def test_a_class_without_an_assessment_says_what_to_do(desk):
    tab = desk.show(ScoresTab(desk.context, desk.class_id()))
    assert tab._stack.currentWidget() is tab.empty
    assert tab.empty.button.text() == "新建考核"


def test_the_dialog_of_a_new_assessment_asks_kind_day_components_and_rule(window_application):
    dialog = CreateAssessmentDialog(None, DEMO_DAY)
    asked = dialog.asked()
    assert (asked.kind, asked.rule, asked.held_on) == (AssessmentKind.COMPLETION, PassRule.EACH, DEMO_DAY)
    assert [part.code for part in asked.components] == [ComponentCode.THEORY, ComponentCode.PRACTICE]
    dialog.parts[ComponentCode.REVIEW].setChecked(True)
    assert [part.weight for part in dialog.asked().components] == [33, 33, 34]
    for box in dialog.parts.values():
        box.setChecked(False)
    assert not dialog.buttons["act"].isEnabled()
    dialog.deleteLater()


def test_a_new_assessment_is_shown_and_can_be_typed_into(teacher, answers):
    tab = teacher.show(ScoresTab(teacher.context, teacher.class_id()))
    answers.verb("act")
    tab.create_assessment()
    assert tab.presenter.assessment.kind == "completion"
    assert tab.model.cell(0, THEORY).editable


def test_scores_under_way_at_a_kill_are_written_again_on_their_own_assessment(tab):
    from_keyboard = {(0, THEORY): Score(ScoreState.SCORED, 855), (1, PRACTICE): Score(ScoreState.ABSENT)}
    lost = unsaved_scores(
        tab.presenter.assessment, {tab.presenter.key(place): score for place, score in from_keyboard.items()}
    )
    lost = replace(lost, values=from_json(to_json(lost.values)))
    assessments, class_id = tab.context.services.assessments, tab._class_id
    other = assessments.create(class_id, AssessmentKind.PROCESS, held_on=DEMO_DAY)
    tab.open(assessment_id=other)
    tab.take_unsaved(lost)
    assert (stored(tab, 0, THEORY), tab.presenter.assessment.id) == (None, other)
    tab.open(**lost.place)
    assert stored(tab, 0, THEORY) == Score(ScoreState.SCORED, 855)
    assert stored(tab, 1, PRACTICE) == Score(ScoreState.ABSENT)
    assert tab.unsaved() == []


def test_a_score_that_comes_back_after_another_assessment_is_shown_settles_nothing_there(tab):
    assessments, class_id = tab.context.services.assessments, tab._class_id
    other = assessments.sheet(assessments.create(class_id, AssessmentKind.PROCESS, held_on=DEMO_DAY))
    presenter = tab.presenter
    typed = Score(ScoreState.SCORED, 855)
    left = presenter.begin({presenter.key((0, THEORY)): typed})
    presenter.load(other)
    here = presenter.begin({presenter.key((1, PRACTICE)): typed})
    presenter.stored(left)
    assert presenter.score((0, THEORY)) is None
    assert presenter.cell((1, PRACTICE)).state is CellState.WAITING
    presenter.refused(here)
    assert presenter.score((1, PRACTICE)) is None


class Marking:
    """Says of the first person's scores that they came back, of the second's that they changed."""

    def __init__(self, sheet):
        people = [sheet.assessment.id + row.trainee_id for row in sheet.rows]
        self.marks = {("score", people[0]): "rejected", ("score", people[1]): "changed"}

    def record_marks(self, _class_id, kinds):
        assert tuple(kinds) == ("assessment",)
        return self.marks


def test_scores_that_the_province_has_not_got_are_marked_and_shown_alone(teacher, tab):
    teacher.services.profile.log_in("limin", PASSWORD)
    teacher.join(Marking(tab.presenter.sheet))
    shown = teacher.show(ScoresTab(teacher.context, teacher.class_id()))
    marked = [shown.model.frozen_cell(row, len(shown.model.frozen) - 1).text for row in range(12)]
    assert marked == ["✕ 退回", "△ 上报后变更", *[""] * 10]
    names = [row.name for row in shown.presenter.rows]
    box = shown.reported.box
    assert [box.itemText(row) for row in range(box.count())] == ["全部上报状态", "✕ 退回 1", "△ 上报后变更 1"]
    box.setCurrentIndex(2)
    box.activated.emit(2)
    assert [shown.model.row_name(row) for row in range(shown.model.rowCount())] == [names[1]]
    assert shown.facts.text().startswith("12人 ")
    teacher.services.profile.log_in("teacher", PASSWORD)
    shown.reload()
    type_score(shown, 0, THEORY, "66")
    rows = shown.context.services.assessments.sheet(shown.presenter.assessment.id).rows
    assert [row.name for row in rows if row.scores] == [names[1]]
    assert shown.model.rowCount() == 1
    box.setCurrentIndex(0)
    box.activated.emit(0)
    assert shown.model.rowCount() == 12
