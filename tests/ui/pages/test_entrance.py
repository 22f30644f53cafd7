"""From the empty folder to somebody at work, and back: first run, login, lockout, lock, change of user."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from desktop_app.services.container import build_services
from desktop_app.services.profile import Profile
from tests.fakes.task_runner import SynchronousTasks
from tests.ui.pages.frame import bury
from tests.ui.pages.sample_profile import CHEAP, PASSWORD
from tests.ui.pages.user import error_of, press, type_into
from ui.app import App, Screens
from ui.late_profile import LateProfile
from ui.pages.registry import HOME, page_registry
from ui.preferences import Preferences
from ui.session import Entrance


def cheaply(folder):
    return Profile(folder, cost=CHEAP)


@pytest.fixture
def start(window_application, tmp_path):
    """Start the program on a folder, with everything done at once."""
    started = []

    def on(folder):
        profile = LateProfile(folder, cheaply, build_services)
        entrance = Entrance(profile)
        preferences = Preferences(tmp_path / "window.ini")
        app = App(window_application, Screens(entrance.screen, page_registry(), HOME), preferences)
        real, app.tasks = app.tasks, SynchronousTasks(app.changes, app.messages, app)
        real.close()
        app.show_login()
        started.append((app, profile))
        return app

    yield on
    for app, profile in started:
        for window in (app.window, app.login):
            if window is not None:
                window.close()
                window.deleteLater()
        app.close()
        app.deleteLater()
        bury()
        profile.close()


@pytest.fixture
def first_run(start, tmp_path):
    return start(tmp_path / "new")


def fill_institution(step):
    type_into(step.name, "江城职业技术学院")
    type_into(step.uscc, "12420000MB1A2B3C4R")
    step.kind.set_value("public-vocational")
    step.region.city.setCurrentIndex(step.region.city.findData("420100"))
    step.region.county.setCurrentIndex(step.region.county.findData("420111"))


def fill_account(step, display, login, password=PASSWORD):
    type_into(step.display, display)
    type_into(step.login, login)
    type_into(step.password, password)
    type_into(step.again, password)


def to_the_code(window):
    fill_institution(window.institution)
    press(window.next)
    fill_account(window.admin, "李敏", "limin")
    press(window.next)


def test_a_wrong_credit_code_is_told_and_holds_the_step(first_run):
    window = first_run.login
    fill_institution(window.institution)
    assert window.next.isEnabled()
    type_into(window.institution.uscc, "12420000MB1A2B3C4E")
    assert "应为 R" in error_of(window.institution.uscc)
    assert not window.next.isEnabled()


def test_a_half_typed_credit_code_is_not_scolded(first_run):
    step = first_run.login.institution
    type_into(step.uscc, "12420000")
    assert not error_of(step.uscc).startswith("✕")


def test_the_region_goes_down_to_the_county_and_stops_where_there_is_none(first_run):
    region = first_run.login.institution.region
    region.city.setCurrentIndex(region.city.findData("420100"))
    assert region.code() == ""
    region.county.setCurrentIndex(0)
    assert region.code().startswith("4201")
    region.city.setCurrentIndex(region.city.findData("429004"))
    assert not region.county.isEnabled()
    assert region.code() == "429004"


def test_the_password_rules_are_ticked_off_while_typing(first_run):
    step = first_run.login.admin
    fill_account(step, "李敏", "limin", "limin2020")
    signs = {rule: line.text()[0] for rule, line in step._rules.items()}
    assert signs == {"length": "✓", "kinds": "○", "name": "○"}
    assert step.account() is None
    fill_account(step, "李敏", "limin")
    assert {line.text()[0] for line in step._rules.values()} == {"✓"}
    assert step.account() == ("limin", "李敏", PASSWORD)


def test_the_code_is_shown_once_and_its_last_group_has_to_be_typed(first_run):
    window = first_run.login
    to_the_code(window)
    code = window.code._code
    assert not window.next.isEnabled()
    type_into(window.code.last, "ZZZZ" if not code.endswith("ZZZZ") else "AAAA")
    assert error_of(window.code.last)
    window.code.copy_button.click()
    assert QGuiApplication.clipboard().text() == code
    assert code.split("-")[0] in window.code.page()
    type_into(window.code.last, code[-4:].lower())
    press(window.next)
    assert window.code._code == ""
    assert not window.back.isVisibleTo(window)


def test_the_office_may_wait_and_the_administrator_goes_in(first_run):
    window = first_run.login
    to_the_code(window)
    type_into(window.code.last, window.code._code[-4:])
    press(window.next)
    press(window.skip)
    assert window.roster.isHidden()
    press(window.next)
    assert first_run.session.user == "李敏"
    assert first_run.session.roles == {"admin"}
    assert first_run.window.isVisible()
    assert first_run.login is None


def test_the_office_user_that_was_added_goes_in_to_import(first_run):
    window = first_run.login
    to_the_code(window)
    type_into(window.code.last, window.code._code[-4:])
    press(window.next)
    fill_account(window.office, "张兰", "zhanglan")
    press(window.next)
    press(window.roster)
    assert (first_run.session.user, first_run.session.roles) == ("张兰", {"office"})


@pytest.fixture
def app(start, profile_folder):
    return start(profile_folder)


def log_in(window, login, password=PASSWORD):
    type_into(window.user, login)
    type_into(window.password, password)
    press(window.act)


def test_enter_goes_from_the_user_to_the_password_and_in(app):
    window = app.login
    type_into(window.user, "zhanglan")
    QTest.keyClick(window.user.editor, Qt.Key.Key_Return)
    assert window.focusWidget() is window.password.editor
    type_into(window.password, PASSWORD)
    QTest.keyClick(window.password.editor, Qt.Key.Key_Return)
    assert app.session.user == "张兰"
    assert app.window.windowTitle().startswith("江城职业技术学院")


def test_a_wrong_password_says_how_many_attempts_are_left_and_is_cleared(app):
    window = app.login
    log_in(window, "zhanglan", "wrong-Password1")
    assert "4 次" in window.problem.text()
    assert window.password.value() == ""
    assert app.window is None


@pytest.fixture
def late_app(start, profile_folder, monkeypatch, tmp_path):
    """The login on a computer whose clock lies before the newest record."""
    clock = tmp_path / "yesterday"
    clock.write_text("2020-10-01")
    monkeypatch.setenv("TRAINING_CLOCK", str(clock))
    return start(profile_folder)


def test_a_clock_behind_the_records_has_to_be_confirmed(late_app):
    window = late_app.login
    assert window.clock.isHidden()
    log_in(window, "zhanglan")
    assert late_app.window is None
    assert "2020-10-01" in window.problem.text()
    assert window.clock.text() in window.problem.text()
    assert window.password.value() == PASSWORD
    press(window.clock)
    assert late_app.session.user == "张兰"


def test_the_way_to_the_recovery_code_hides_the_question_about_the_clock(late_app):
    window = late_app.login
    log_in(window, "zhanglan")
    assert not window.clock.isHidden()
    window.show_recovery()
    assert window.clock.isHidden()


def test_another_refusal_does_not_ask_about_the_clock(late_app):
    window = late_app.login
    log_in(window, "zhanglan")
    log_in(window, "zhanglan", "wrong-Password1")
    assert window.clock.isHidden()
    assert window.password.value() == ""


def test_the_fifth_wrong_password_locks_even_the_right_one_out(app):
    window = app.login
    for _attempt in range(5):
        log_in(window, "zhanglan", "wrong-Password1")
    log_in(window, "zhanglan")
    assert "锁定" in window.problem.text()
    assert app.window is None


def test_capitals_without_shift_hint_at_caps_lock(app):
    editor = app.login.password.editor
    QTest.keyClick(editor, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier)
    assert app.login.caps.isHidden()
    QTest.keyClicks(editor, "A", Qt.KeyboardModifier.NoModifier)
    assert not app.login.caps.isHidden()


def test_the_last_user_is_remembered_and_the_password_is_asked(app):
    log_in(app.login, "zhanglan")
    app.switch_user()
    assert app.login.user.value() == "zhanglan"
    assert app.login.password.value() == ""


def test_a_locked_window_opens_to_its_user_only_and_comes_back_as_it_was(app):
    log_in(app.login, "zhanglan")
    window = app.window
    window.navigate("trainees", create=True)
    page = window.page_widget("trainees")
    type_into(page.panel._content.form.fields["name"], "半个名字")
    app.lock()
    assert not window.isVisible()
    assert app.login.user.isHidden()
    type_into(app.login.password, PASSWORD)
    press(app.login.act)
    assert app.window is window
    assert window.isVisible()
    assert page.panel._content.form.fields["name"].value() == "半个名字"


def test_another_user_gets_a_window_of_his_own_without_the_drafts(app):
    log_in(app.login, "zhanglan")
    first = app.window
    app.lock()
    app.login.switch_asked.emit()
    assert not app.login.user.isHidden()
    log_in(app.login, "limin")
    assert app.window is not first
    assert app.session.roles == {"admin"}


def test_the_recovery_code_gives_a_new_password(start, tmp_path):
    folder = tmp_path / "own"
    app = start(folder)
    to_the_code(app.login)
    code = app.login.code._code
    app.switch_user()
    form = app.login.recovery()
    app.login.show_recovery()
    type_into(form.user, "limin")
    type_into(form.code, "AAAA-BBBB")
    type_into(form.first, "Donghu#2021")
    type_into(form.second, "Donghu#2020")
    assert not form.act.isEnabled()
    type_into(form.second, "Donghu#2021")
    press(form.act)
    assert "恢复码" in error_of(form.code)
    type_into(form.code, code.lower())
    press(form.act)
    assert app.session.user == "李敏"


def test_what_a_command_changes_is_told_to_the_pages_from_any_thread(app):
    log_in(app.login, "zhanglan")
    told = []
    app.changes.changed.connect(told.append)
    app.window._context.services.teachers.add_teacher("王师傅")
    assert {"teacher"} <= frozenset().union(*told)


def test_undo_is_named_after_the_last_command_and_taken_back(app):
    log_in(app.login, "zhanglan")
    services = app.window._context.services
    services.teachers.add_teacher("王师傅")
    assert "添加教师" in app.window.top.undo.toolTip()
    app.window.top.undo.click()
    assert "王师傅" not in [item.name for item in services.teachers.list_teachers()]
    assert "添加教师" in app.window.top.redo.toolTip()


def test_people_and_classes_are_found_from_the_search_line(app):
    log_in(app.login, "zhanglan")
    services = app.window._context.services
    someone = services.trainees.list_trainees()[0]
    found = app.window._source.find(someone.name)
    assert (found[0].title, found[0].page) == (someone.name, "trainees")
    classes = app.window._source.find("电工")
    assert classes[0].page == "class"
    app.window.navigate(found[0].page, **found[0].params)
    assert app.window.page_widget("trainees").panel.current_key() == someone.id.hex()


def test_with_real_threads_the_same_happens_a_moment_later(
    window_application, profile_folder, tmp_path, qtbot
):
    profile = LateProfile(profile_folder, cheaply, build_services)
    entrance = Entrance(profile)
    screens = Screens(entrance.screen, page_registry(), HOME)
    app = App(window_application, screens, Preferences(tmp_path / "window.ini"))
    app.show_login()
    try:
        log_in(app.login, "zhanglan")
        qtbot.waitUntil(lambda: app.window is not None, timeout=5000)
        app.window.navigate("trainees")
        page = app.window.page_widget("trainees")
        qtbot.waitUntil(lambda: len(page.model.rows()) == 24, timeout=5000)
        page.begin_new()
        type_into(page.panel._content.form.fields["name"], "王小明")
        type_into(page.panel._content.form.fields["document_number"], "420111199001011232")
        press(page.panel._content.save_button)
        qtbot.waitUntil(lambda: len(page.model.rows()) == 25, timeout=5000)
        qtbot.waitUntil(lambda: "新建学员" in app.window.top.undo.toolTip(), timeout=5000)
    finally:
        app.close()
        app.window.close()
        app.window.deleteLater()
        app.deleteLater()
        bury()
        profile.close()
