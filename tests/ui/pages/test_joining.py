"""Joining in the window: from an empty folder to somebody at work in an institution that is set up elsewhere."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QFileDialog

from desktop_app import bootstrap
from desktop_app.domain.errors import AppError
from desktop_app.services.container import build_services
from desktop_app.services.profile import Profile
from tests.fakes.task_runner import SynchronousTasks
from tests.ui.pages.frame import bury
from tests.ui.pages.sample_profile import CHEAP, PASSWORD
from tests.ui.pages.user import error_of, press, type_into
from ui.app import App, Screens
from ui.late_profile import LateProfile
from ui.pages.first_run.join_window import JoinWindow
from ui.pages.registry import HOME, page_registry
from ui.preferences import Preferences
from ui.session import Entrance


@pytest.fixture
def invitation(profile_folder, tmp_path):
    """Code and file of an invitation."""
    profile = Profile(profile_folder, cost=CHEAP)
    profile.log_in("limin", PASSWORD)
    file = tmp_path / "邀请.tpinvite"
    made = bootstrap.membership(bootstrap.services(profile)).invite(None, file)
    profile.close()
    return made.code, file


@pytest.fixture
def start(window_application, tmp_path):
    started = []

    def on(folder, make_joining=bootstrap.joining):
        profile = LateProfile(folder, lambda path: Profile(path, cost=CHEAP), build_services)
        entrance = Entrance(profile, make_joining)
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


def fill(window, code, login="limin"):
    for field, text in (
        (window.code, code),
        (window.login, login),
        (window.password, PASSWORD),
        (window.again, PASSWORD),
    ):
        type_into(field, text)


def test_by_an_invitation_file_the_new_computer_is_at_work(start, invitation, tmp_path, monkeypatch):
    code, file = invitation
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    app = start(tmp_path / "new")
    press(app.login.join)
    window = app.login
    assert isinstance(window, JoinWindow)
    fill(window, "ABCD")
    assert not window.next.isEnabled()  # no way yet
    window.choose_file()
    press(window.next)
    assert "8 组" in error_of(window.code)
    fill(window, code)
    press(window.next)
    assert "江城职业技术学院" in window.subtitle.text()
    assert not window.next.isEnabled()  # the recovery code is to be written down
    type_into(window._code.last, window._code._code.split("-")[-1])
    press(window.next)
    assert app.window is not None
    assert app.window.page_widget(HOME) is not None
    assert app.session.user == "李敏"


class BrokenOff:
    """Joining that is stopped the first time."""

    def __init__(self):
        self.given = []

    def join(self, login, password, code, *, relay, file, progress, cancel):
        self.given.append((login, code, relay))
        raise AppError("CANCELLED" if len(self.given) == 1 else "INVITATION_USED")


def test_what_was_broken_off_says_how_it_goes_on_and_leads_back(start, tmp_path):
    joining = BrokenOff()
    app = start(tmp_path / "new", lambda _profile: joining)
    press(app.login.join)
    window = app.login
    fill(window, "ABCD-EFGH")
    type_into(window.relay, "http://127.0.0.1:1")
    press(window.next)
    assert "接着办" in window.problem.text()
    press(window.next)
    assert joining.given == [("limin", "ABCD-EFGH", "http://127.0.0.1:1")] * 2
    assert error_of(window.code)
    press(window.back)
    assert not isinstance(app.login, JoinWindow)
