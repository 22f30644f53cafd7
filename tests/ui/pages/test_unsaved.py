"""What was typed and not saved: kept over a kill, offered to its user, put back where it was typed, or dropped."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from desktop_app.domain.codes import ethnicity_name
from desktop_app.domain.errors import AppError
from desktop_app.services.container import build_services
from desktop_app.services.profile import Profile
from desktop_app.store.draft_files import DraftFile
from tests.fakes.task_runner import SynchronousTasks
from tests.source_tree import ROOT
from tests.ui.pages.desk import Desk
from tests.ui.pages.frame import bury
from tests.ui.pages.sample_profile import CHEAP, PASSWORD, WORKBOOKS, open_profile
from tests.ui.pages.user import press, type_into
from ui.app import App, Screens
from ui.late_profile import LateProfile
from ui.pages.attendance.tab import AttendanceTab
from ui.pages.imports.page import ImportsPage
from ui.pages.registry import HOME, page_registry
from ui.preferences import Preferences
from ui.session import Entrance
from ui.tasks import Tasks
from ui.unsaved import UnderWay, Unsaved, from_json, to_json

TYPED = "土家族"


class Running:
    """One run of the program on a profile; what it does with the store is done at once."""

    def __init__(self, application, folder):
        opened = LateProfile(folder, lambda path: Profile(path, cost=CHEAP), build_services)
        self.profile, self.folder = opened, folder
        entrance = Entrance(opened)
        self.app = App(
            application, Screens(entrance.screen, page_registry(), HOME), Preferences(folder / "w.ini")
        )
        real, self.app.tasks = self.app.tasks, SynchronousTasks(self.app.changes, self.app.messages, self.app)
        real.close()
        self.app.show_login()

    def log_in(self, login="zhanglan"):
        type_into(self.app.login.user, login)
        type_into(self.app.login.password, PASSWORD)
        self.app.login.sign_in()
        return self.app.window

    def open_first(self):
        self.app.window.navigate("trainees")
        page = self.app.window.page_widget("trainees")
        person = page.context.services.trainees.list_trainees(limit=1)[0]
        page.open_person(person.id)
        return page, person

    def die(self):
        """End without a word, as after a kill: nothing is written any more."""
        if self.app.window is not None and self.app.window.drafts is not None:
            self.app.window.drafts._timer.stop()
        self.end()

    def end(self):
        self.app.close()
        for window in (self.app.window, self.app.login):
            if window is not None:
                window.close()
                window.deleteLater()
        self.app.deleteLater()
        bury()
        self.profile.close()


@pytest.fixture
def run(window_application, profile_folder):
    running = []

    def start():
        made = Running(window_application, profile_folder)
        running.append(made)
        return made

    yield start
    for one in running:
        if one.profile._profile.context is not None:
            one.end()


def offered(window):
    return [draft.title for draft in window.drafts.offered]


def type_ethnicity(page, text=TYPED):
    type_into(page.panel._content.form.fields["ethnicity"], text)


def button_of(window, text):
    found = [made for made in window.offer.findChildren(QPushButton) if made.text() == text]
    return found[0]


def test_what_was_typed_comes_back_after_a_kill(run, profile_folder, clock_file):
    command = [sys.executable, "-m", "tests.ui.pages.typing_window", str(profile_folder), "zhanglan", TYPED]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert child.stdout.readline() == "typed\n", child.stderr.read()
        give_up = time.monotonic() + 30
        while not list(profile_folder.glob("drafts/*.drafts")):
            assert time.monotonic() < give_up
            time.sleep(0.02)
    finally:
        child.send_signal(signal.SIGKILL)
        child.communicate()
    assert child.returncode == -signal.SIGKILL
    running = run()
    window = running.log_in()
    person = running.profile.services().trainees.list_trainees(limit=1)[0]
    assert offered(window) == [person.name]
    assert window.offer.isVisibleTo(window)
    press(button_of(window, "恢复"))
    page = window.page_widget("trainees")
    assert window.current_page() == "trainees"
    assert page.panel.current_key() == person.id.hex()
    assert page.panel._content.form.values()["ethnicity"] == TYPED
    page.panel._content.save()
    stored = running.profile.services().trainees.get_trainee(person.id).fields["ethnicity"]
    assert ethnicity_name(stored) == TYPED
    assert page.unsaved() == []
    window.drafts.keep_now()
    assert not list(profile_folder.glob("drafts/*.drafts"))


def test_a_draft_is_offered_to_its_user_alone(run):
    first = run()
    first.log_in()
    page, person = first.open_first()
    type_ethnicity(page)
    first.app.window.drafts.keep_now()
    first.die()
    second = run()
    assert offered(second.log_in("limin")) == []
    second.die()
    third = run()
    assert offered(third.log_in()) == [person.name]


def test_an_offer_that_nobody_answers_stays_for_the_next_time(run):
    first = run()
    first.log_in()
    page, person = first.open_first()
    type_ethnicity(page)
    first.end()
    for _round in range(2):
        again = run()
        assert offered(again.log_in()) == [person.name]
        again.end()


def test_a_new_form_comes_back_as_a_new_form(run):
    first = run()
    window = first.log_in()
    window.navigate("classes", create=True)
    type_into(window.page_widget("classes").panel._content.form.fields["code"], "钳工2020-09班")
    window.drafts.keep_now()
    first.die()
    window = run().log_in()
    press(button_of(window, "恢复"))
    page = window.page_widget("classes")
    assert page.panel.current_key() == "new"
    assert page.panel._content.form.values()["code"] == "钳工2020-09班"


def test_a_form_of_a_class_comes_back_on_its_class_and_tab(run):
    first = run()
    window = first.log_in()
    class_id = first.profile.services().classes.class_by_code("电工2020-02班").id
    window.navigate("class", class_id=class_id, tab="timetable")
    tab = window.page_widget("class").tabs.page("timetable")
    session = tab.all_rows()[1]
    tab.open_row(session)
    type_into(tab.panel._content.form.fields["place"], "实训楼 B202")
    window.drafts.keep_now()
    first.die()
    window = run().log_in()
    assert "电工2020-02班" in offered(window)[0]
    press(button_of(window, "恢复"))
    tab = window.page_widget("class").tabs.made("timetable")
    assert tab.panel.current_key() == session.id.hex()
    assert tab.panel._content.form.values()["place"] == "实训楼 B202"


def test_discarding_drops_the_draft_on_the_disk_and_can_be_taken_back(run, profile_folder):
    first = run()
    first.log_in()
    page, person = first.open_first()
    type_ethnicity(page)
    first.end()
    window = run().log_in()
    press(button_of(window, "丢弃"))
    assert offered(window) == []
    assert not window.offer.isVisibleTo(window)
    assert not list(profile_folder.glob("drafts/*.drafts"))
    press(window.toast._act)
    assert offered(window) == [person.name]
    assert list(profile_folder.glob("drafts/*.drafts"))


def test_switching_users_asks_then_leaves_no_draft_no_clipboard_and_no_window(run, profile_folder, answers):
    running = run()
    window = running.log_in()
    gone = []
    window.destroyed.connect(lambda: gone.append("window"))
    page, person = running.open_first()
    type_ethnicity(page)
    window.drafts.keep_now()
    QGuiApplication.clipboard().setText(person.name)
    answers.verb("")
    running.app.switch_user()
    assert running.app.window is window
    assert list(profile_folder.glob("drafts/*.drafts"))
    answers.verb("switch")
    running.app.switch_user()
    bury()
    assert running.app.window is None
    assert QGuiApplication.clipboard().text() == ""
    assert not list(profile_folder.glob("drafts/*.drafts"))
    assert running.profile.services().context.actor is None
    assert gone == ["window"]
    shown = " ".join(
        made.text()
        for kind in (QLabel, QLineEdit, QPushButton)
        for made in running.app.login.findChildren(kind)
    )
    assert person.name not in shown
    assert TYPED not in shown
    assert running.log_in("limin") is not None
    assert offered(running.app.window) == []


def test_a_password_that_was_typed_never_comes_to_the_disk(run):
    running = run()
    window = running.log_in("limin")
    window.navigate("users")
    page = window.page_widget("users")
    page.begin_new()
    type_into(page.panel._content.form.fields["login"], "wangfang")
    secret = next(iter(page.panel._content.secrets()))
    type_into(page.panel._content.form.fields[secret], "Mima-2020-x")
    (one,) = page.unsaved()
    assert one.values == {"login": "wangfang"}


def test_a_disk_that_takes_no_draft_is_told_once(run, monkeypatch):
    running = run()
    window = running.log_in()
    told = []
    running.app.messages.banner.connect(told.append)

    def full(self, content):
        raise AppError("DISK_FULL", file="x.drafts")

    monkeypatch.setattr(DraftFile, "write", full)
    page, _person = running.open_first()
    for text in ("土家", "土家族"):
        type_ethnicity(page, text)
        window.drafts.keep_now()
    assert len(told) == 1
    monkeypatch.undo()
    window.drafts.keep_now()
    assert list(running.folder.glob("drafts/*.drafts"))


@pytest.fixture
def threaded(profile_folder, preferences, window_application):
    found = Desk(open_profile(profile_folder), preferences, make_tasks=Tasks)
    yield found
    found.tasks.close()
    found.close()


def test_marks_that_wait_behind_an_import_are_unsaved_until_they_are_stored(threaded, qtbot):
    tab = threaded.show(AttendanceTab(threaded.context, threaded.class_id()))
    qtbot.waitUntil(lambda: tab.grid.current_place() is not None and threaded.tasks.is_idle())
    gate = threading.Event()
    threaded.tasks.command(tab, lambda: gate.wait(5) and None)
    for key in (Qt.Key.Key_1, Qt.Key.Key_Return, Qt.Key.Key_5):
        QTest.keyClick(tab.grid.body, key)
    (one,) = tab.unsaved()
    assert (one.count, one.under_way) == (2, True)
    assert [cell[1] for cell in one.values["cells"]] == ["present", "absent"]
    gate.set()
    qtbot.waitUntil(threaded.tasks.is_idle)
    assert tab.unsaved() == []


def test_marks_under_way_at_a_kill_are_written_again_once(desk):
    tab = desk.show(AttendanceTab(desk.context, desk.class_id()))
    row, column = tab.grid.current_place()
    sent = []
    begin = tab._under_way.begin
    tab._under_way.begin = lambda unsaved: sent.append(unsaved) or begin(unsaved)
    QTest.keyClick(tab.grid.body, Qt.Key.Key_2)
    lost = from_json(to_json(sent[0].values))
    tab.write({(row, column): None})
    before = tab.presenter.mark((row, column))
    assert before is None
    again = desk.show(AttendanceTab(desk.context, desk.class_id()))
    again.take_unsaved(Unsaved(sent[0].key, sent[0].title, lost, 1, sent[0].place))
    assert again.model.cell(row, column).text == "△"
    stood = desk.services.history.counts()
    again.take_unsaved(Unsaved(sent[0].key, sent[0].title, lost, 1, sent[0].place))
    assert desk.services.history.counts() == stood


def test_cells_of_two_commands_for_one_place_are_one_piece_in_the_order_they_were_typed():
    under_way = UnderWay()
    first = under_way.begin(Unsaved("a", "第1课次", {"cells": [["x", "late"]]}, 1))
    under_way.begin(Unsaved("a", "第1课次", {"cells": [["x", "absent"], ["y", "late"]]}, 2))
    (one,) = under_way.all()
    assert (one.count, one.values["cells"]) == (3, [["x", "late"], ["x", "absent"], ["y", "late"]])
    under_way.end(first)
    assert under_way.all()[0].count == 2


def test_a_mapping_that_was_chosen_comes_back_with_its_file(desk):
    page = desk.show(ImportsPage(desk.context))
    page.flow.class_code = "焊工2020-05班"
    page.take_file(WORKBOOKS / "花名册-企业职工-焊工.xlsx")
    assert page.unsaved() == []
    letter = next(iter(page.flow.plan.mapping))
    page._on_mapped(letter, "")
    (one,) = page.unsaved()
    again = desk.show(ImportsPage(desk.context))
    again.take_unsaved(Unsaved(one.key, one.title, from_json(to_json(one.values)), one.count))
    assert again.flow.options.mapping == page.flow.options.mapping
    assert again.flow.class_code == page.flow.class_code
    assert again.unsaved() == [one]


def test_every_page_says_that_nothing_is_unsaved_before_anything_was_typed(run):
    window = run().log_in("limin")
    for key in window._specs:
        if key != "class":
            window.navigate(key)
    assert window.unsaved() == []
