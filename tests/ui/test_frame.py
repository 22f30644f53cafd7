"""The frame: navigation by role, breadcrumb, Ctrl+K, undo by name, status in words."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QLabel
from shiboken6 import delete

from desktop_app.domain.errors import AppError
from tests.fakes.task_runner import SynchronousTasks
from ui.dialogs.help import HEIGHT, AboutDialog, HelpDialog
from ui.main_window import MainWindow
from ui.messages import Messages
from ui.navigation import Command, Commands, Found, FrameState, PageRegistry, PageSpec, Session, Tools
from ui.theme import theme
from ui.widgets.nav_rail import FOLDED_PX, WIDE_PX
from ui.widgets.page import Crumb, Page


class SamplePage(Page):
    def __init__(self, context):
        super().__init__()
        self.context = context
        self.opened_with = []
        self.loads = 0
        self.reload_on(context.changes, {"trainee"})

    def open(self, **params):
        self.opened_with.append(params)

    def reload(self):
        self.loads += 1


class Source:
    """Stands for the services behind the frame."""

    def __init__(self):
        self.done = ["全班到课（焊工2020-03班 第5课次）"]
        self.undone = []

    def state(self):
        return FrameState(
            self.done[-1] if self.done else "", self.undone[-1] if self.undone else "", "协同正常 · 2项待上报"
        )

    def undo(self):
        self.undone.append(self.done.pop())
        return frozenset({"mark"})

    def redo(self):
        self.done.append(self.undone.pop())
        return frozenset({"mark"})

    def find(self, text):
        return [
            Found("卢军", "电工2020-02班", "user", "people", {"trainee": 3}),
            Found("x", "", "user", "users"),
        ]


OFFICE = Session("李敏", frozenset({"office"}), "江城职业技术学院", "本机档案", demo=True)


@pytest.fixture
def registry():
    everybody, admin = frozenset(), frozenset({"admin"})
    return PageRegistry(
        [
            PageSpec("home", "sample.home", "home", everybody, SamplePage, "a"),
            PageSpec("people", "sample.people", "users", frozenset({"office", "admin"}), SamplePage, "a"),
            PageSpec("sync", "sample.sync", "refresh-cw", everybody, SamplePage, "b"),
            PageSpec("users", "sample.users", "user-cog", admin, SamplePage, "c"),
            PageSpec("hidden", "sample.home", "home", everybody, SamplePage, listed=False),
        ]
    )


@pytest.fixture
def window(qtbot, registry, changes, preferences):
    messages = Messages("0.1.0")
    tasks = SynchronousTasks(changes, messages)
    made = MainWindow(Tools(None, tasks, changes, messages, preferences), OFFICE, registry, Source(), "sync")
    made.kept_for_test = (messages, tasks)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.navigate("home")
    return made


def test_the_navigation_shows_what_the_roles_open(window):
    assert list(window.rail._buttons) == ["home", "people", "sync"]
    with pytest.raises(KeyError):
        window.navigate("users")


def test_a_page_twice_is_refused(registry):
    with pytest.raises(ValueError, match="home"):
        registry.add(PageSpec("home", "sample.home", "home", frozenset(), SamplePage))


def test_a_click_in_the_navigation_opens_the_page(window):
    window.rail._buttons["people"].click()
    assert window.current_page() == "people"
    assert window.rail._buttons["people"].isChecked()
    assert not window.rail._buttons["home"].isChecked()


def test_a_page_is_made_once_and_given_its_parameters(window):
    window.navigate("people", trainee=3)
    page = window.page_widget("people")
    window.navigate("home")
    window.navigate("people")
    assert window.page_widget("people") is page
    assert page.opened_with == [{"trainee": 3}, {}]


def test_going_back_opens_the_page_before_with_its_parameters(window, qtbot):
    window.navigate("people", trainee=3)
    window.navigate("sync")
    window.go_back()
    assert window.current_page() == "people"
    assert window.page_widget("people").opened_with[-1] == {"trainee": 3}


def test_a_page_can_navigate_without_the_window(window):
    window.page_widget("home").context.navigate("people", trainee=7)
    assert window.current_page() == "people"


def test_a_hidden_page_loads_when_it_is_seen_again(window, changes):
    window.navigate("people")
    page = window.page_widget("people")
    assert page.loads == 1
    changes.announce({"trainee"})
    assert page.loads == 2
    window.navigate("home")
    changes.announce({"trainee"})
    assert page.loads == 2
    window.navigate("people")
    assert page.loads == 3


def crumb_texts(window):
    layout = window.top._crumbs
    return [layout.itemAt(number).widget().text() for number in range(layout.count())]


def test_the_breadcrumb_follows_the_page_and_leads_back(window):
    assert crumb_texts(window) == ["工作台"]
    window.page_widget("home").set_crumbs([Crumb("班级", "people", {"trainee": 1}), Crumb("考勤")])
    assert crumb_texts(window) == ["班级", "›", "考勤"]
    window.top._crumbs.itemAt(0).widget().click()
    assert window.current_page() == "people"
    assert window.page_widget("people").opened_with == [{"trainee": 1}]


def test_undo_names_the_step_before_and_after(window, qtbot):
    step = "全班到课（焊工2020-03班 第5课次）"
    assert window.top.undo.toolTip() == f"撤销：{step}（Ctrl+Z）"
    assert not window.top.redo.isEnabled()
    with qtbot.waitSignal(window.kept_for_test[0].toast) as told:
        window.top.undo.click()
    assert told.args[0].text == f"已撤销：{step}"
    assert not window.top.undo.isEnabled()
    assert window.top.redo.toolTip() == f"重做：{step}（Ctrl+Y）"
    window.top.redo.click()
    assert window.top.undo.isEnabled()


def test_ctrl_k_finds_commands_and_runs_the_first_with_enter(window, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = window.palette_popup
    assert palette.isVisible()
    assert palette.titles()[:3] == ["打开工作台", "打开学员", "打开同步中心"]
    palette.line.insert("同步")
    assert palette.titles() == ["打开同步中心"]
    qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    assert window.current_page() == "sync"
    assert not palette.isVisible()


def test_ctrl_k_finds_people_whose_page_is_open_to_the_user(window, qtbot):
    palette = window.palette_popup
    palette.open_palette()
    qtbot.keyClicks(palette.line, "lj")
    qtbot.waitUntil(lambda: palette.titles() == ["卢军"])
    qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    assert window.page_widget("people").opened_with == [{"trainee": 3}]


def test_the_arrows_choose_in_the_palette_and_escape_closes_it(window, qtbot):
    palette = window.palette_popup
    palette.open_palette()
    qtbot.keyClick(palette.line, Qt.Key.Key_Down)
    assert palette.list.currentRow() == 1
    qtbot.keyClick(palette.line, Qt.Key.Key_Up)
    qtbot.keyClick(palette.line, Qt.Key.Key_Up)
    assert palette.list.currentRow() == palette.list.count() - 1
    qtbot.keyClick(palette.line, Qt.Key.Key_Escape)
    assert not palette.isVisible()


def test_nothing_found_is_said(window, qtbot):
    palette = window.palette_popup
    palette.open_palette()
    qtbot.keyClicks(palette.line, "zzzz")
    assert palette._none.isVisible()


def test_every_shortcut_of_the_frame_is_told_in_the_palette(window):
    commands = {c.key: c.shortcut for c in window.page_widget("home").context.commands.all()}
    assert commands["undo"] == "Ctrl+Z"
    assert commands["lock"] == "Ctrl+L"


def test_commands_of_a_page_go_with_it():
    commands, owner = Commands(), QObject()
    commands.add(Command("mark", "全班到课", lambda: None, words="qbdk"), owner)
    assert [c.key for c in commands.find("qb")] == ["mark"]
    delete(owner)
    assert commands.all() == []


def test_a_long_name_of_the_institution_takes_two_lines(window):
    rail = window.rail
    rail.set_institution("江城职院")
    assert rail._institution.text() == "江城职院"
    name = "湖北省江城市现代装备制造职业技术学院"
    rail.set_institution(name)
    lines = rail._institution.text().split("\n")
    assert (len(lines), "".join(lines)) == (2, name)
    assert rail._institution.toolTip() == name
    room = rail._institution.width() - 8
    assert all(rail._institution.fontMetrics().horizontalAdvance(line) <= room for line in lines)
    rail.set_institution(name * 2)
    assert rail._institution.text().endswith("…")
    rail.set_institution("Jiangcheng Vocational and Technical College")
    assert rail._institution.text().split("\n")[0] in {"Jiangcheng", "Jiangcheng Vocational"}


def test_the_rail_folds_to_icons_and_remembers_it(window, preferences):
    assert window.rail.width() == WIDE_PX
    window.rail.toggle()
    assert window.rail.width() == FOLDED_PX
    assert window.rail._buttons["people"].text() == ""
    assert window.rail._buttons["people"].toolTip() == "学员"
    assert preferences.read("window/folded") is True


def strip_texts(window):
    return [made.text() for made in window.strip.findChildren(QLabel) if made.isVisibleTo(window.strip)]


def test_the_status_strip_says_who_where_and_how_things_stand(window):
    texts = strip_texts(window)
    assert "● 已保存" in texts
    assert "李敏 · 本机档案" in texts
    assert "演示数据" in texts
    assert "协同正常" in window.strip._sync.text()
    window.strip._sync.click()
    assert window.current_page() == "sync"


def test_saving_is_said_after_300_ms_only(window, qtbot):
    window.strip.set_saving(2)
    assert "● 已保存" in strip_texts(window)
    qtbot.waitUntil(lambda: "○ 正在保存（2 项）" in strip_texts(window), timeout=1000)
    window.strip.set_saving(0)
    assert "● 已保存" in strip_texts(window)


def test_the_keys_of_the_page_stand_at_the_right(window, qtbot):
    window.page_widget("home").set_hints([("1", "到"), ("5", "缺勤")])
    qtbot.waitUntil(lambda: {"1", "到", "5", "缺勤"} <= set(strip_texts(window)))
    window.navigate("people")
    assert "缺勤" not in strip_texts(window)


def test_a_known_error_is_a_banner_that_goes_with_the_page(window):
    window.kept_for_test[0].known(AppError("SAMPLE_WRONG", row=2), window)
    assert window.banner.notice().hint == "请核对。"
    window.navigate("people")
    assert window.banner.notice() is None


def test_a_banner_can_carry_something_to_do(window):
    ran = []
    window.kept_for_test[0].warn("两处修改不一致", "到同步中心处理。", "去处理", lambda: ran.append(1))
    window.banner._act.click()
    assert ran == [1]
    assert window.banner.isHidden()


def test_the_theme_is_chosen_and_remembered(window, preferences):
    window.choose_theme("dark")
    assert theme.scheme == "dark"
    assert preferences.read("window/theme") == "dark"


def test_the_user_menu_asks_for_what_it_says(window, qtbot):
    actions = {action.text(): action for action in window.top.user_menu.actions()}
    for text, signal in (
        ("切换用户", window.switch_user_asked),
        ("锁定", window.lock_asked),
        ("退出", window.quit_asked),
    ):
        with qtbot.waitSignal(signal, timeout=1000):
            actions[text].trigger()


@pytest.mark.parametrize(("text", "dialog"), [("帮助", HelpDialog), ("关于", AboutDialog)])
def test_help_and_about_open(window, monkeypatch, text, dialog):
    opened = []
    monkeypatch.setattr(dialog, "exec", lambda self: opened.append(type(self)))
    actions = {action.text(): action for action in window.top.user_menu.actions()}
    actions[text].trigger()
    assert opened == [dialog]


def test_help_opens_at_the_page_in_front(qtbot):
    dialog = HelpDialog(None, "sync_center")
    assert dialog.minimumHeight() == HEIGHT
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.browser.verticalScrollBar().value() > 0


def test_page_margins_follow_the_width_of_the_window(window):
    page = window.page_widget("home")
    window.resize(1366, 728)
    assert page.column.contentsMargins().left() == 16
    window.resize(1500, 800)
    assert page.column.contentsMargins().left() == 24
