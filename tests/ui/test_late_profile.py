"""The login is painted before its profile is opened, and before anything of the store is loaded."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from desktop_app.domain.errors import AppError
from tests.fakes.task_runner import SynchronousTasks
from ui.app import App, Screens
from ui.late_profile import FirstPaint, LateProfile, hold_loaded
from ui.pages.registry import HOME, PAGES, load_pages, page_registry
from ui.session import Entrance

ROOT = Path(__file__).parents[2]
WATCHED = """
import sys
from ui import app, late_profile

def tell():
    heavy = ("sqlalchemy", "alembic", "sqlcipher3", "desktop_app.store", "reportlab", "ui.main_window")
    names_of_files = {"desktop_app.store", "desktop_app.store.profile_files"}
    print([name for name in sys.modules if name.startswith(heavy) and name not in names_of_files])
    app.QApplication.exit(7)

class Watch(late_profile.FirstPaint):
    def __init__(self, window):
        super().__init__(window)
        self.seen.connect(tell)

app.sys.argv[1:] = []
late_profile.FirstPaint = Watch
import ui.session
ui.session.FirstPaint = Watch
from desktop_app.__main__ import main
sys.exit(main(["--profile", FOLDER]))
"""


class Opened:
    is_set_up = True
    closed = 0

    def close(self):
        self.closed += 1


def test_a_profile_is_opened_once_whoever_asks_first(tmp_path):
    opened = []

    def open_slowly(folder):
        opened.append(folder)
        return Opened()

    late = LateProfile(tmp_path, open_slowly, lambda profile: ["services"])
    assert not late.is_open
    late.close()
    threads = [threading.Thread(target=late.open) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert opened == [tmp_path]
    assert late.services() is late.services()
    late.close()
    assert late.open().closed == 1


def test_before_it_is_open_its_files_tell_whether_the_first_run_is_done(tmp_path):
    late = LateProfile(tmp_path, lambda folder: Opened(), list)
    assert not late.is_set_up
    (tmp_path / "keys.json").touch()
    assert late.is_set_up


def test_the_first_paint_is_told_once(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    told = []
    FirstPaint(window).seen.connect(lambda: told.append(window.isVisible()))
    window.show()
    qtbot.waitUntil(lambda: told == [True], timeout=5000)
    window.repaint()
    qtbot.wait(10)
    assert told == [True]


def test_a_folder_that_stays_shut_is_told_and_ends_the_program(
    window_application, preferences, tmp_path, qtbot, monkeypatch
):
    def refuse(_folder):
        raise AppError("PROFILE_IN_USE", pid=17, machine="PC-2")

    (tmp_path / "keys.json").touch()
    late = LateProfile(tmp_path, refuse, list)
    app = App(window_application, Screens(Entrance(late).screen, page_registry(), HOME), preferences)
    real, app.tasks = app.tasks, SynchronousTasks(app.changes, app.messages, app)
    real.close()
    told = []
    monkeypatch.setattr(app.messages, "known", lambda error, _owner=None: told.append(error.code))
    monkeypatch.setattr(app, "quit", lambda: told.append("quit"))
    app.show_login()
    try:
        qtbot.waitUntil(lambda: told == ["PROFILE_IN_USE", "quit"], timeout=5000)
    finally:
        app.close()
        app.login.close()
        app.login.deleteLater()
        app.deleteLater()


def test_nothing_of_the_store_is_loaded_before_the_login_is_painted(tmp_path):
    (tmp_path / "keys.json").write_text("{}", encoding="utf-8")
    code = WATCHED.replace("FOLDER", repr(str(tmp_path)))
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    assert (done.stdout.strip(), done.returncode) == ("[]", 7), done.stderr


def test_what_is_loaded_is_left_out_of_later_searches_for_rubbish():
    gc.disable()
    try:
        hold_loaded()
        assert gc.isenabled()
        assert gc.get_freeze_count() > 10_000
    finally:
        gc.unfreeze()
        gc.enable()


@pytest.mark.parametrize("key", PAGES)
def test_every_page_is_where_the_registry_says(key):
    load_pages()
    module, name = PAGES[key]
    assert hasattr(sys.modules[module], name)
