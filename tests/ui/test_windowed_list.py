"""A list too long to be read whole: windows as they come to be seen, selection over what is not here, places."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from ui.widgets.data_table import MOST_CHOSEN, DataTable, RowAction
from ui.widgets.list_model import ON_ITS_WAY, Column
from ui.widgets.windowed_model import KEPT_WINDOWS, WINDOW, WindowedModel

COUNT = 150_000


@pytest.fixture
def model():
    made = WindowedModel(
        [Column("name", "sample.name", str), Column("rate", "sample.rate", str)], lambda row: row
    )
    made.asked = []
    made.wanted.connect(lambda first, count: made.asked.append((first, count)))
    return made


@pytest.fixture
def ran():
    return []


@pytest.fixture
def table(qtbot, preferences, model, ran):
    actions = [
        RowAction("sample.open", ran.append, many=False),
        RowAction("sample.print", ran.append),
    ]
    made = DataTable("long", model, preferences, actions)
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    return made


def rows(first, count):
    return [f"r{number}" for number in range(first, first + count)]


def begin(model, count=COUNT, first=0):
    model.begin(count, first, rows(first, min(WINDOW, count - first)))


def answer(model, qtbot):
    """Answer the windows that are asked for until none is."""
    qtbot.waitUntil(lambda: bool(model.asked), timeout=5000)
    while model.asked:
        model.take(model.asked[0][0], rows(*model.asked.pop(0)))
        QTest.qWait(40)


def test_a_row_that_is_not_here_stands_as_a_placeholder_until_its_window_comes(table, model, qtbot):
    begin(model)
    assert model.index(0, 0).data() == "r0"
    table.view.scrollToBottom()
    assert model.index(COUNT - 1, 0).data() == ON_ITS_WAY
    assert model.index(COUNT - 1, 1).data() is None
    answer(model, qtbot)
    assert model.index(COUNT - 1, 0).data() == f"r{COUNT - 1}"
    assert table.count.text() == "共 150000 条"


def test_what_is_scrolled_past_is_never_read(table, model, qtbot):
    begin(model)
    bar = table.view.verticalScrollBar()
    for step in range(1, 101):
        bar.setValue(bar.maximum() * step // 100)
        table.view.viewport().repaint()
    qtbot.waitUntil(lambda: bool(model.asked), timeout=5000)
    assert len(model.asked) <= 2
    answer(model, qtbot)
    assert model.row_or_none(COUNT - 1) == f"r{COUNT - 1}"


def test_one_window_is_asked_for_at_a_time_and_the_last_seen_follows(model, qtbot):
    begin(model)
    model.row_or_none(1000)
    qtbot.waitUntil(lambda: model.asked == [(1000, WINDOW)], timeout=5000)
    model.row_or_none(2000)
    model.row_or_none(3000)
    qtbot.wait(60)
    assert model.asked == [(1000, WINDOW)]
    model.take(1000, rows(1000, WINDOW))
    qtbot.waitUntil(lambda: model.asked == [(1000, WINDOW), (3000, WINDOW)], timeout=5000)


def test_a_window_that_could_not_be_read_is_asked_for_again_when_it_is_seen(model, qtbot):
    begin(model)
    model.row_or_none(1000)
    qtbot.waitUntil(lambda: len(model.asked) == 1, timeout=5000)
    model.refuse()
    model.row_or_none(1000)
    qtbot.waitUntil(lambda: model.asked == [(1000, WINDOW)] * 2, timeout=5000)


def test_only_the_windows_seen_last_are_held(model):
    begin(model)
    for window in range(1, KEPT_WINDOWS + 10):
        model.take(window * WINDOW, rows(window * WINDOW, WINDOW))
    assert len(model.rows()) == KEPT_WINDOWS * WINDOW
    assert model.row_or_none(0) is None
    assert model.held_between(0, WINDOW) == []


def test_the_last_window_is_as_long_as_what_is_left(model, qtbot):
    begin(model, WINDOW + 7)
    model.row_or_none(WINDOW + 1)
    qtbot.waitUntil(lambda: model.asked == [(WINDOW, 7)], timeout=5000)


def test_rows_that_went_after_they_were_counted_stay_empty_and_are_not_asked_for_over_and_over(model, qtbot):
    begin(model, WINDOW + 7)
    model.row_or_none(WINDOW + 6)
    qtbot.waitUntil(lambda: model.asked == [(WINDOW, 7)], timeout=5000)
    model.take(WINDOW, rows(WINDOW, 3))
    assert model.row_or_none(WINDOW + 6) is None
    qtbot.wait(60)
    assert len(model.asked) == 1


def test_the_title_of_a_column_chooses_the_order(table, model, qtbot):
    begin(model)
    told = []
    model.order_chosen.connect(lambda: told.append(model.order))
    table.view.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    table.view.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    table.view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    assert told == [("rate", True), None]


def test_an_action_on_rows_that_are_not_all_here_asks_for_them_first(table, model, ran):
    begin(model)
    wanted = []
    table.rows_wanted.connect(lambda spans, run: wanted.append((spans, run)))
    flags = table.view.selectionModel().SelectionFlag
    for row in (*range(198, 203), 1000):
        table.view.selectionModel().select(model.index(row, 0), flags.Select | flags.Rows)
    assert "已选 6 条" in table.count.text()
    assert table.selected() == ["r198", "r199"]
    table._buttons[1].click()
    assert ran == []
    spans, run = wanted[0]
    assert spans == [(198, 5), (1000, 1)]
    run(rows(*spans[0]) + rows(*spans[1]))
    assert len(ran[0]) == 6


def test_an_action_on_rows_that_are_here_runs_at_once(table, model, ran):
    begin(model)
    table.view.selectRow(3)
    table._buttons[0].click()
    assert ran == [["r3"]]


def test_everybody_can_be_selected_but_not_acted_on_at_once(table, model):
    begin(model)
    table.view.selectAll()
    assert f"已选 150000 条，一次最多处理 {MOST_CHOSEN} 条" in table.count.text()
    assert not any(made.isEnabled() for made in table._buttons)


def test_what_is_selected_is_found_again_by_its_place(table, model):
    begin(model)
    wanted = []
    table.place_wanted.connect(wanted.append)
    table.select_key("r70000")
    assert wanted == ["r70000"]
    table.show_place("r70000", 70_000)
    assert table.view.currentIndex().row() == 70_000
    assert table.view.rowAt(0) <= 70_000 <= table.view.rowAt(0) + 20
    table.show_place("r5", 5)
    assert table.view.currentIndex().row() == 70_000


def test_a_reload_keeps_the_selected_row_and_where_the_list_stood(table, model, qtbot):
    begin(model)
    table.view.scrollToBottom()
    answer(model, qtbot)
    table.view.selectRow(COUNT - 5)
    top = table.view.rowAt(0)
    begin(model, first=COUNT - WINDOW)
    assert table.selected() == [f"r{COUNT - 5}"]
    assert abs(table.view.rowAt(0) - top) <= 1


def test_typing_over_a_long_list_looks_through_nothing(table, model):
    begin(model)
    table.view.selectRow(0)
    QTest.keyClicks(table.view, "zz")
    assert table.view.currentIndex().row() == 0
    assert model.asked == []


def test_a_double_click_on_a_row_that_is_not_here_opens_nothing(table, model):
    begin(model)
    opened = []
    table.opened.connect(opened.append)
    table.view.doubleClicked.emit(model.index(5000, 0))
    assert opened == []
    with pytest.raises(LookupError):
        model.row(5000)
    table.view.doubleClicked.emit(model.index(1, 0))
    assert opened == ["r1"]


@pytest.mark.parametrize("shown", [True, False])
def test_a_long_list_that_begins_reads_the_rows_that_are_seen_and_no_others(
    qtbot, preferences, monkeypatch, shown
):
    wide = WindowedModel(
        [
            Column("name", "sample.name", str, stretch=True),
            Column("rate", "sample.rate", str, stretch=True),
        ],
        lambda row: row,
    )
    made = DataTable("wide", wide, preferences)
    qtbot.addWidget(made)
    made.resize(900, 400)
    if shown:
        made.show()
    asked = []
    row_or_none = WindowedModel.row_or_none
    monkeypatch.setattr(
        WindowedModel, "row_or_none", lambda self, number: asked.append(number) or row_or_none(self, number)
    )
    begin(wide)
    made.show()
    made.view.viewport().repaint()
    assert max(asked) < WINDOW
    assert wide.rowCount() == COUNT
