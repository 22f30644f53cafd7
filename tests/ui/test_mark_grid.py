"""The grid of 考勤 and 成绩, by keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit

from ui.widgets.cell_states import CellState
from ui.widgets.mark_grid import MarkGrid
from ui.widgets.mark_grid_model import FrozenCell, FrozenColumn, GridCell, GridColumn, GridRow, MarkGridModel

KEYS = {"1": "present", "2": "late", "5": "absent"}
CLOSED = GridCell("", CellState.CLOSED, tooltip="11月6日已退训", editable=False)


def filled(rows=6, columns=20, today=4):
    model = MarkGridModel()
    people = [
        GridRow(
            number,
            (FrozenCell(str(number + 1)), FrozenCell(f"学员{number + 1}")),
            tuple(
                CLOSED if number == 3 and place > 5 else GridCell(f"{number}.{place}")
                for place in range(columns)
            ),
        )
        for number in range(rows)
    ]
    heads = [GridColumn(place, str(place + 1), "11-02", 60, today=place == today) for place in range(columns)]
    model.set_grid([FrozenColumn("序号", 48, "right"), FrozenColumn("姓名", 96)], heads, people)
    return model


@pytest.fixture
def grid(qtbot):
    made = MarkGrid(filled(), KEYS)
    qtbot.addWidget(made)
    made.resize(700, 300)
    made.show()
    qtbot.waitExposed(made)
    made.go_to_today()
    return made


@pytest.fixture
def entered(grid):
    told = []
    grid.entered.connect(lambda places, value: told.append((places, value)))
    return told


def press(qtbot, grid, key, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(grid.body, key, modifier)


def test_the_focus_starts_in_todays_column_which_is_in_sight(grid):
    assert grid.current_place() == (0, 4)
    assert grid.body.visualRect(grid.body.currentIndex()).intersects(grid.body.viewport().rect())


def test_without_a_today_the_focus_goes_to_the_last_column(grid):
    grid.model.set_grid(
        [FrozenColumn("姓名")], [GridColumn(0, "1"), GridColumn(1, "2")],
        [GridRow(0, (FrozenCell("学员"),), (GridCell(), GridCell()))],
    )  # fmt: skip
    grid.go_to_today()
    assert grid.current_place() == (0, 1)


def test_an_empty_grid_has_no_focus(grid):
    grid.model.set_grid([], [], [])
    grid.go_to_today()
    assert grid.current_place() is None
    assert grid.copy() == ""


def test_a_single_key_marks_and_enter_goes_down(grid, qtbot, entered):
    press(qtbot, grid, Qt.Key.Key_1)
    press(qtbot, grid, Qt.Key.Key_Return)
    press(qtbot, grid, Qt.Key.Key_5)
    assert entered == [([(0, 4)], "present"), ([(1, 4)], "absent")]
    assert grid.current_place() == (1, 4)


def test_the_number_pad_marks_too(grid, qtbot, entered):
    press(qtbot, grid, Qt.Key.Key_2, Qt.KeyboardModifier.KeypadModifier)
    assert entered == [([(0, 4)], "late")]


def test_enter_stops_at_the_last_row_and_shift_enter_goes_up(grid, qtbot):
    for _time in range(10):
        press(qtbot, grid, Qt.Key.Key_Return)
    assert grid.current_place() == (5, 4)
    press(qtbot, grid, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert grid.current_place() == (4, 4)


def test_arrows_move_and_stay_out_of_the_frozen_columns(grid, qtbot):
    press(qtbot, grid, Qt.Key.Key_Down)
    press(qtbot, grid, Qt.Key.Key_Right)
    assert grid.current_place() == (1, 5)
    for _time in range(9):
        press(qtbot, grid, Qt.Key.Key_Left)
    assert grid.current_place() == (1, 0)


def test_home_end_and_their_control_forms_go_to_the_edges(grid, qtbot):
    press(qtbot, grid, Qt.Key.Key_End)
    assert grid.current_place() == (0, 19)
    press(qtbot, grid, Qt.Key.Key_Home)
    assert grid.current_place() == (0, 0)
    press(qtbot, grid, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert grid.current_place() == (5, 19)
    press(qtbot, grid, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    assert grid.current_place() == (0, 0)


def test_shift_and_arrows_select_a_range_that_one_key_marks(grid, qtbot, entered):
    for _time in range(2):
        press(qtbot, grid, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    press(qtbot, grid, Qt.Key.Key_1)
    assert entered == [([(0, 4), (1, 4), (2, 4)], "present")]


def test_dragging_selects_a_range(grid, qtbot):
    body = grid.body
    start, end = (
        body.visualRect(grid.model.index(row, column + 2)).center() for row, column in ((0, 4), (1, 5))
    )
    qtbot.mousePress(body.viewport(), Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(body.viewport(), start + QPoint(5, 5))
    qtbot.mouseMove(body.viewport(), end)
    qtbot.mouseRelease(body.viewport(), Qt.MouseButton.LeftButton, pos=end)
    assert grid.selected_places() == [(0, 4), (0, 5), (1, 4), (1, 5)]


def test_closed_cells_of_a_range_are_left_out(grid, qtbot, entered):
    grid.set_current(2, 7)
    for _time in range(2):
        press(qtbot, grid, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    press(qtbot, grid, Qt.Key.Key_1)
    assert entered == [([(2, 7), (4, 7)], "present")]


def test_a_closed_cell_says_why(grid, qtbot, entered):
    grid.set_current(3, 7)
    assert grid.why.text() == "学员4 · 8  11-02 · 11月6日已退训"
    with qtbot.waitSignal(grid.refused) as refused:
        press(qtbot, grid, Qt.Key.Key_1)
    assert refused.args == ["11月6日已退训"]
    assert entered == []


def test_delete_clears_the_selection(grid, qtbot):
    with qtbot.waitSignal(grid.cleared) as cleared:
        press(qtbot, grid, Qt.Key.Key_Delete)
    assert cleared.args == [[(0, 4)]]


def test_other_keys_mark_nothing(grid, qtbot, entered):
    press(qtbot, grid, Qt.Key.Key_9)
    press(qtbot, grid, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert entered == []


def test_the_grid_changes_no_cell_by_itself(grid, qtbot):
    press(qtbot, grid, Qt.Key.Key_1)
    assert grid.model.cell(0, 4).text == "0.4"
    grid.model.set_cell(0, 4, GridCell("√", CellState.WAITING))
    assert grid.model.cell(0, 4).text == "√"


def test_copy_gives_tab_separated_text(grid, qtbot):
    press(qtbot, grid, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    press(qtbot, grid, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    press(qtbot, grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "0.4\t0.5\n1.4\t1.5"


def test_copy_leaves_holes_where_nothing_is_selected(grid):
    for row, column in ((0, 0), (1, 1)):
        flag = (
            QItemSelectionModel.SelectionFlag.Select
            if row
            else QItemSelectionModel.SelectionFlag.ClearAndSelect
        )
        grid.body.selectionModel().select(grid.model.index(row, column + 2), flag)
    assert grid.copy() == "0.0\t\n\t1.1"


def test_paste_tells_where_and_what(grid, qtbot):
    QGuiApplication.clipboard().setText("80\t90\r\n70\t60\r\n")
    with qtbot.waitSignal(grid.pasted) as pasted:
        press(qtbot, grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert pasted.args == [0, 4, [["80", "90"], ["70", "60"]]]


def test_names_scroll_with_the_cells_and_not_sideways(grid, qtbot):
    grid.resize(500, 150)
    grid.set_current(5, 19)
    qtbot.waitUntil(lambda: grid.body.horizontalScrollBar().value() > 0)
    assert grid.names.verticalScrollBar().value() == grid.body.verticalScrollBar().value() > 0
    assert grid.names.horizontalScrollBar().value() == 0
    assert grid._across.value() == grid.body.horizontalScrollBar().value()
    assert grid.names.viewport().height() == grid.body.viewport().height()


def test_a_click_on_a_name_goes_to_that_row_and_a_double_click_opens_it(grid, qtbot):
    spot = grid.names.visualRect(grid.model.index(2, 1)).center()
    qtbot.mouseClick(grid.names.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert grid.current_place() == (2, 4)
    with qtbot.waitSignal(grid.opened) as opened:
        qtbot.mouseDClick(grid.names.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert opened.args == [2]


def test_a_click_on_a_head_selects_the_column(grid, qtbot):
    grid.body.horizontalHeader().sectionClicked.emit(2 + 7)
    assert grid.selected_places() == [(row, 7) for row in range(6)]


def check_score(_row, _column, text):
    return "" if text == "" or (text.isdigit() and int(text) <= 100) else "成绩是 0 到 100 的数"


@pytest.fixture
def scores(grid):
    grid.set_typed(check_score)
    told = []
    grid.model.typed.connect(lambda *what: told.append(what))
    grid.told = told
    grid._keys = {"q": "absent"}
    return grid


def editor_of(grid):
    return grid.body.viewport().findChild(QLineEdit)


def test_typing_a_score_and_enter_tells_it_and_goes_down(scores, qtbot):
    press(qtbot, scores, Qt.Key.Key_8)
    qtbot.keyClicks(editor_of(scores), "5")
    qtbot.keyClick(editor_of(scores), Qt.Key.Key_Return)
    assert scores.told == [(0, 4, "85")]
    assert scores.current_place() == (1, 4)


def test_a_score_out_of_range_stays_in_the_editor_until_mended(scores, qtbot):
    press(qtbot, scores, Qt.Key.Key_1)
    editor = editor_of(scores)
    qtbot.keyClicks(editor, "01")
    assert editor.property("state") == "wrong"
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert scores.told == []
    assert scores.current_place() == (0, 4)
    qtbot.keyClick(editor, Qt.Key.Key_Backspace)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert scores.told == [(0, 4, "10")]


def test_escape_gives_a_typed_score_up(scores, qtbot):
    press(qtbot, scores, Qt.Key.Key_8)
    qtbot.keyClick(editor_of(scores), Qt.Key.Key_Escape)
    assert scores.told == []
    assert scores.current_place() == (0, 4)


def test_tab_in_an_editor_goes_right_and_up_goes_up(scores, qtbot):
    scores.set_current(2, 4)
    press(qtbot, scores, Qt.Key.Key_8)
    qtbot.keyClick(editor_of(scores), Qt.Key.Key_Tab)
    assert scores.current_place() == (2, 5)
    press(qtbot, scores, Qt.Key.Key_7)
    qtbot.keyClick(editor_of(scores), Qt.Key.Key_Up)
    assert scores.current_place() == (1, 5)
    assert scores.told == [(2, 4, "8"), (2, 5, "7")]


def test_an_unchanged_text_is_not_told(scores, qtbot):
    scores.model.set_cell(0, 4, GridCell("85"))
    press(qtbot, scores, Qt.Key.Key_F2)
    qtbot.keyClick(editor_of(scores), Qt.Key.Key_Return)
    assert scores.told == []


def test_a_key_of_its_own_marks_instead_of_opening_the_editor(scores, qtbot):
    with qtbot.waitSignal(scores.entered) as entered:
        press(qtbot, scores, Qt.Key.Key_Q)
    assert entered.args == [[(0, 4)], "absent"]
    assert editor_of(scores) is None


def test_typing_into_a_closed_cell_is_refused(scores, qtbot):
    scores.set_current(3, 7)
    with qtbot.waitSignal(scores.refused):
        press(qtbot, scores, Qt.Key.Key_8)
    assert editor_of(scores) is None
