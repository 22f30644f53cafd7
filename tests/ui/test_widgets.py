"""Smaller widgets."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from ui.widgets.busy import ProgressLine
from ui.widgets.filter_bar import FilterBar
from ui.widgets.notices import Notice, Toast
from ui.widgets.page_header import PageHeader
from ui.widgets.stat_card import StatCard
from ui.widgets.steps import Stepper
from ui.widgets.tabs import Tabs


def test_a_search_is_told_once_after_the_last_key(qtbot):
    bar = FilterBar("姓名")
    qtbot.addWidget(bar)
    told = []
    bar.changed.connect(lambda text, chips: told.append((text, chips)))
    qtbot.keyClicks(bar.search, "wjg")
    qtbot.waitUntil(lambda: bool(told))
    assert told == [("wjg", frozenset())]


def test_of_exclusive_chips_one_is_on_and_others_stand_beside(qtbot):
    bar = FilterBar("姓名")
    qtbot.addWidget(bar)
    bar.add_chips([("student", "在校学生"), ("employee", "企业在岗职工")], exclusive=True)
    bar.add_chips([("rejected", "退回")])
    bar.add_choice("班级", QComboBox())
    bar._chips["student"].click()
    bar._chips["employee"].click()
    bar._chips["rejected"].click()
    assert bar.chosen() == {"employee", "rejected"}
    bar._chips["employee"].click()
    assert bar.chosen() == {"rejected"}
    bar.set_chosen(frozenset({"student"}))
    assert bar.chosen() == {"student"}


def test_a_header_has_one_primary_button_and_says_its_facts(qtbot):
    ran = []
    header = PageHeader("学员")
    qtbot.addWidget(header)
    header.set_facts("50 人", "", "退回 5")
    header.set_primary("旧", lambda: ran.append("old"))
    header.set_primary("新增学员", lambda: ran.append("new")).click()
    header.add_menu("打印", [("花名册", lambda: ran.append("roster"))]).menu().actions()[0].trigger()
    header.add_rare("导出", lambda: ran.append("export"), "download").trigger()
    assert ran == ["new", "roster", "export"]
    assert "50 人 · 退回 5" in [made.text() for made in header.findChildren(QLabel)]


def test_done_steps_can_be_gone_back_to_and_later_ones_not(qtbot):
    stepper = Stepper(["选择文件", "对应列", "核对", "确认", "完成"])
    qtbot.addWidget(stepper)
    stepper.resize(900, 32)
    stepper.set_current(2, "还有 3 行不对")
    told = []
    stepper.chosen.connect(told.append)
    lefts = stepper._lefts()
    for number in range(5):
        spot = QPoint(int(lefts[number]) + 5, 16)
        qtbot.mouseClick(stepper, Qt.MouseButton.LeftButton, pos=spot)
    assert told == [0, 1]
    assert "还有 3 行不对" in stepper.toolTip()


def test_a_card_opens_by_mouse_and_keyboard(qtbot):
    card = StatCard("待录成绩", "12")
    qtbot.addWidget(card)
    card.show()
    with qtbot.waitSignal(card.opened):
        qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(card.opened):
        qtbot.keyClick(card, Qt.Key.Key_Return)


def test_tabs_make_their_pages_when_first_shown(qtbot):
    made = []

    def factory(key):
        def make():
            made.append(key)
            return QWidget()

        return make

    tabs = Tabs()
    qtbot.addWidget(tabs)
    for key in ("roster", "attendance", "scores"):
        tabs.add(key, key, factory(key))
    assert made == ["roster"]
    page = tabs.show_tab("scores")
    assert made == ["roster", "scores"]
    assert tabs.current() == "scores"
    assert tabs.show_tab("scores") is page
    tabs.set_title("scores", "成绩 50")
    assert tabs.bar.tabText(2) == "成绩 50"


def test_progress_shows_after_300_ms_and_can_be_stopped(qtbot):
    host = QWidget()
    line = ProgressLine()
    line.setParent(host)
    qtbot.addWidget(host)
    host.show()
    line.start("正在导入花名册")
    assert not line.isVisible()
    qtbot.waitUntil(line.isVisible, timeout=1000)
    line.show_progress(3, 10)
    assert "3 / 10" in [made.text() for made in line.findChildren(QLabel)]
    with qtbot.waitSignal(line.cancelled):
        line._stop.click()
    assert not line._stop.isEnabled()
    line.finish()
    assert not line.isVisible()


def test_quick_work_shows_no_progress(qtbot):
    host = QWidget()
    line = ProgressLine()
    line.setParent(host)
    qtbot.addWidget(host)
    host.show()
    line.start("正在导入")
    line.finish()
    qtbot.wait(350)
    assert not line.isVisible()


def test_a_toast_stays_over_the_lower_edge_and_runs_its_action(qtbot):
    host, ran = QWidget(), []
    qtbot.addWidget(host)
    host.resize(600, 400)
    host.show()
    toast = Toast(host)
    toast.show_notice(Notice("已为 47 人登记到课", level="done", action="撤销", run=lambda: ran.append(1)))
    host.resize(800, 500)
    assert abs(toast.geometry().center().x() - 400) <= 1
    assert toast.geometry().bottom() < 500
    toast._act.click()
    assert ran == [1]
    assert not toast.isVisible()
