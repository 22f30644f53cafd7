"""The list of every page."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QLineEdit

from tests.ui.widgets_samples import PEOPLE, Person, people_model
from ui.preferences import Preferences
from ui.widgets.cell_states import STATE_ROLE, TONE_ROLE, CellState, Tone
from ui.widgets.data_table import DataTable, RowAction
from ui.widgets.empty_state import EmptyState


@pytest.fixture
def ran():
    return []


@pytest.fixture
def table(qtbot, preferences, ran):
    actions = [
        RowAction("sample.open", lambda rows: ran.append(("open", rows)), "pencil", many=False),
        RowAction(
            "sample.print",
            lambda rows: ran.append(("print", rows)),
            allowed=lambda rows: all(person.rate is not None for person in rows),
        ),
    ]
    made = DataTable("people", people_model(), preferences, actions, EmptyState("还没有学员"))
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.model.set_rows(PEOPLE)
    made.show()
    return made


def names(table):
    return [person.key for person in table.model.rows()]


def select(table, *rows):
    table.view.clearSelection()
    for row in rows:
        flags = table.view.selectionModel().SelectionFlag
        table.view.selectionModel().select(table.model.index(row, 0), flags.Select | flags.Rows)


def test_rows_are_shown_in_words_with_tone_state_and_tooltip(table):
    model = table.model
    assert model.index(1, 1).data() == "93.3%"
    assert model.index(2, 1).data(TONE_ROLE) is Tone.WRONG
    assert model.index(3, 1).data(STATE_ROLE) is CellState.NOTED
    assert model.index(3, 1).data(Qt.ItemDataRole.ToolTipRole) == "还没有考勤"
    assert model.headerData(0, Qt.Orientation.Horizontal) == "姓名"
    assert model.rowCount(model.index(0, 0)) == 0
    assert model.data(QModelIndex(model.index(0, 0)), Qt.ItemDataRole.DecorationRole) is None


def test_sorting_by_number_both_ways_leaves_rows_without_a_value_last(table):
    table.view.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    assert names(table) == [3, 2, 1, 4]
    table.view.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    assert names(table) == [1, 2, 3, 4]


def test_sorting_keeps_the_selection_on_the_person(table):
    select(table, 0)
    table.view.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    assert [person.key for person in table.selected()] == [1]


def test_new_rows_come_in_the_order_that_was_chosen(table):
    table.view.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    table.model.set_rows([Person(9, "赵敏", 90.0), *PEOPLE])
    assert names(table) == [3, 9, 2, 1, 4]


def test_a_reload_keeps_the_selection(table):
    select(table, 1, 2)
    table.model.set_rows([Person(9, "赵敏", 90.0), *PEOPLE])
    assert [person.key for person in table.selected()] == [2, 3]


def test_a_selection_of_everything_in_fifty_thousand_rows_outlives_a_reload(table):
    many = [Person(number, f"学员{number}", float(number % 100)) for number in range(50_000)]
    table.model.set_rows(many)
    table.view.selectAll()
    table.model.set_rows(many)
    assert len(table.selected()) == 50_000
    assert table.count.text() == "共 50000 条，已选 50000 条"


def test_a_selection_with_gaps_outlives_a_reload(table):
    select(table, 0, 2, 3)
    table.model.set_rows([Person(9, "赵敏", 90.0), *PEOPLE])
    assert [person.key for person in table.selected()] == [1, 3, 4]


def test_a_selection_scattered_over_a_thousand_places_is_let_go(table):
    many = [Person(number, f"学员{number}", float(number % 2)) for number in range(2_000)]
    table.model.set_rows(many)
    table._kept = set(range(0, 2_000, 2))
    table.model.set_rows(many)
    assert table.selected() == []


def test_on_a_wide_table_a_last_column_of_words_takes_the_rest(table):
    table.set_column_shown("phone", True)
    table.resize(1200, 400)
    view = table.view
    assert view.columnWidth(0) == 150
    assert view.columnWidth(2) == view.viewport().width() - 150 - 80
    table.resize(500, 400)
    assert view.columnWidth(2) >= 120


def test_a_row_can_be_selected_before_it_arrives(table):
    table.select_key(9)
    assert table.selected() == []
    table.model.set_rows([*PEOPLE, Person(9, "赵敏", 90.0)])
    assert [person.key for person in table.selected()] == [9]


def test_enter_and_double_click_open(table, qtbot):
    select(table, 1)
    table.view.setCurrentIndex(table.model.index(1, 0))
    with qtbot.waitSignal(table.opened) as opened:
        qtbot.keyClick(table.view, Qt.Key.Key_Return)
    assert opened.args[0].key == 2
    with qtbot.waitSignal(table.opened) as opened:
        table.view.doubleClicked.emit(table.model.index(2, 0))
    assert opened.args[0].key == 3


def test_home_and_end_go_to_the_first_and_last_row(table, qtbot):
    qtbot.keyClick(table.view, Qt.Key.Key_End)
    assert table.view.currentIndex().row() == 3
    qtbot.keyClick(table.view, Qt.Key.Key_Home)
    assert table.view.currentIndex().row() == 0


def test_the_bar_and_the_right_button_offer_the_same_actions(table, ran):
    bar = table._buttons
    assert [made.isVisible() for made in bar] == [False, False]
    select(table, 0, 1)
    menu = table.menu_for_selection().actions()
    assert [item.text() for item in menu] == [made.text() for made in bar]
    assert [item.isEnabled() for item in menu] == [made.isEnabled() for made in bar] == [False, True]
    bar[1].click()
    menu[1].trigger()
    assert [(name, [person.key for person in rows]) for name, rows in ran] == [("print", [1, 2])] * 2


def test_an_action_that_does_not_fit_a_row_is_closed(table):
    select(table, 3)
    assert [made.isEnabled() for made in table._buttons] == [True, False]


def test_the_count_says_how_many_and_how_many_are_selected(table):
    assert table.count.text() == "共 4 条"
    select(table, 0, 1, 2)
    assert table.count.text() == "共 4 条，已选 3 条"


def test_columns_width_order_and_sorting_are_remembered(table, qtbot, preferences, tmp_path):
    table.set_column_shown("phone", True)
    table.view.setColumnWidth(1, 111)
    table.view.horizontalHeader().moveSection(1, 0)
    table.view.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    preferences.save()
    again = DataTable("people", people_model(), Preferences(tmp_path / "window.ini"))
    qtbot.addWidget(again)
    again.model.set_rows(PEOPLE)
    assert not again.view.isColumnHidden(2)
    assert again.view.columnWidth(1) == 111
    assert again.view.horizontalHeader().logicalIndex(0) == 1
    assert names(again) == [1, 2, 3, 4]
    assert again.view.horizontalHeader().sortIndicatorSection() == 1


def test_another_table_has_its_own_memory(table, qtbot, preferences):
    table.set_column_shown("phone", True)
    other = DataTable("others", people_model(), preferences)
    qtbot.addWidget(other)
    assert other.view.isColumnHidden(2)


def test_the_last_column_stays(table):
    table.set_column_shown("rate", False)
    table.set_column_shown("name", False)
    assert not table.view.isColumnHidden(0)


def test_what_cannot_be_read_in_the_preferences_is_passed_over(qtbot, tmp_path):
    file = tmp_path / "window.ini"
    file.write_text("[table]\npeople=%%%\n", encoding="utf-8")
    made = DataTable("people", people_model(), Preferences(file))
    qtbot.addWidget(made)
    assert made.view.isColumnHidden(2)


def test_an_empty_list_says_what_to_do_next(table, qtbot):
    table.empty.set_text("还没有学员", "可以从 Excel 花名册导入。", "导入花名册")
    table.model.set_rows([])
    assert table.empty.isVisible()
    with qtbot.waitSignal(table.empty.acted):
        table.empty.button.click()
    table.model.set_rows(PEOPLE)
    assert table.view.isVisible()


def test_a_skeleton_waits_300_ms_and_never_covers_rows(table, qtbot):
    table.set_loading(True)
    assert table.view.isVisible()
    table.model.set_rows([])
    table.set_loading(True)
    assert not table._skeleton.bars_shown()
    qtbot.waitUntil(table._skeleton.bars_shown, timeout=1000)
    table.set_loading(False)
    assert table.empty.isVisible()


def test_the_stretching_column_takes_the_rest_but_keeps_its_width(table, qtbot):
    view = table.view
    assert view.columnWidth(0) == view.viewport().width() - 80
    table.resize(120, 300)
    assert view.columnWidth(0) == 100


def test_tab_leaves_the_table(qtbot, table):
    line = QLineEdit()
    qtbot.addWidget(line)
    assert not table.view.tabKeyNavigation()
