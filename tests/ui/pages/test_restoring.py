"""The window on the day that the data are gone: what it says, and the way back through a backup."""

from __future__ import annotations

from hashlib import sha256

import pytest

from desktop_app.services.container import build_services
from desktop_app.services.profile import Profile
from tests.fakes.task_runner import SynchronousTasks
from tests.ui.pages.frame import bury
from tests.ui.pages.sample_profile import CHEAP, INSTITUTION, PASSWORD
from tests.ui.pages.user import press, type_into
from ui.app import App, Screens
from ui.late_profile import LateProfile
from ui.pages.first_run.page import FirstRunWindow
from ui.pages.login.page import LoginWindow
from ui.pages.registry import HOME, page_registry
from ui.preferences import Preferences
from ui.session import Entrance
from ui.tasks import Ticket

ADMIN = "limin"


@pytest.fixture
def start(window_application, tmp_path):
    """Start the program on a folder, with everything done at once."""
    started = []

    def on(folder):
        profile = LateProfile(folder, lambda path: Profile(path, cost=CHEAP), build_services)
        entrance = Entrance(profile)
        preferences = Preferences(tmp_path / "window.ini")
        app = App(window_application, Screens(entrance.screen, page_registry(), HOME), preferences)
        real, app.tasks = app.tasks, SynchronousTasks(app.changes, app.messages, app)
        real.close()
        app.show_login()
        app.profile = profile
        started.append(app)
        return app

    yield on
    for app in started:
        app.close()
        for window in (app.window, app.login):
            if window is not None:
                window.close()
                window.deleteLater()
        app.deleteLater()
        bury()
        app.profile.close()


@pytest.fixture
def backed_up(profile_folder):
    """A profile with an automatic backup and one more person after it."""
    profile = Profile(profile_folder, cost=CHEAP)
    profile.log_in("zhanglan", PASSWORD)
    services = build_services(profile)
    assert services.backup.daily() is None
    services.classes.create_class("后来的班")
    profile.close()
    return profile_folder


def form_of(app, login=ADMIN, password=PASSWORD):
    app.login.show_restore()
    form = app.login.restoring
    type_into(form.user, login)
    type_into(form.password, password)
    return form


def answer(form, key):
    asked = []
    form.ask = lambda _parent, question, detail, verbs: asked.append((question, detail, verbs)) or key
    return asked


def files_of(folder):
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith("profile.")
    }


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: (folder / "keys.json").unlink(), "密钥文件 keys.json 不见了"),
        (lambda folder: (folder / "store.db").unlink(), "找不到数据文件“store.db”"),
        (lambda folder: (folder / "store.db").write_bytes(b""), "数据文件“store.db”已损坏"),
        (
            lambda folder: (folder / "store.db").write_bytes(b"SQLite format 3\0" * 512),
            "已损坏，或不是本客户端",
        ),
        (lambda folder: [(folder / one).unlink() for one in ("keys.json", "store.db")], "找不到数据文件"),
    ],
)
def test_lost_data_are_told_at_once_and_only_a_restore_is_offered(start, backed_up, spoil, said):
    spoil(backed_up)
    before = files_of(backed_up)
    app = start(backed_up)
    assert isinstance(app.login, LoginWindow)
    assert said in app.login.problem.text()
    assert app.login.title.text() == "数据打不开"
    assert app.login.act.isHidden()
    assert not app.login.restore.isHidden()
    assert files_of(backed_up) == before
    form = form_of(app)
    assert form.chosen() is not None
    answer(form, "restore")
    press(form.act)
    assert app.window is not None
    codes = [item.code for item in app.profile.services().classes.list_classes()]
    assert len(codes) == 2


def test_a_damaged_store_is_told_at_the_login_and_points_to_the_backup(start, backed_up):
    store = backed_up / "store.db"
    whole = bytearray(store.read_bytes())
    whole[20:84] = bytes(64)
    store.write_bytes(whole)
    app = start(backed_up)
    type_into(app.login.user, ADMIN)
    type_into(app.login.password, PASSWORD)
    app.login.sign_in()
    assert app.window is None
    assert "已损坏" in app.login.problem.text()
    assert app.login.restore.property("kind") == "primary"


def test_an_unfinished_first_run_may_begin_again(start, tmp_path):
    folder = tmp_path / "begun"
    folder.mkdir()
    (folder / "store.db").write_bytes(b"x" * 4096)
    (folder / "first-run").touch()
    assert isinstance(start(folder).login, FirstRunWindow)


def test_what_would_be_lost_is_said_before_anything_happens(start, backed_up):
    before = files_of(backed_up)
    app = start(backed_up)
    form = form_of(app)
    asked = answer(form, "")
    press(form.act)
    ((question, detail, verbs),) = asked
    assert "备份核对无误" in question
    assert "此后还有 1 次操作" in detail
    assert "不会删除" in detail
    assert [verb.key for verb in verbs] == ["restore", ""]
    assert app.window is None
    assert form.act.isEnabled()
    assert files_of(backed_up) == before


def test_a_restore_sets_the_present_data_aside_and_logs_its_user_in(start, backed_up):
    app = start(backed_up)
    form = form_of(app)
    answer(form, "restore")
    press(form.act)
    assert app.window is not None
    assert app.profile.services().context.require_actor().user.login == ADMIN
    assert "后来的班" not in [item.code for item in app.profile.services().classes.list_classes()]
    (aside,) = backed_up.glob("set-aside-*/store.db")
    assert aside.stat().st_size > 0
    assert str(form.password.value()) == ""


def test_a_wrong_password_an_ordinary_user_and_a_foreign_file_change_nothing(start, backed_up, tmp_path):
    before = files_of(backed_up)
    app = start(backed_up)
    for login, password, said in (
        (ADMIN, "Falsch-2020", "密码"),
        ("zhanglan", PASSWORD, "权限"),
    ):
        form = form_of(app, login, password)
        answer(form, "restore")
        press(form.act)
        assert said in form.problem.text(), form.problem.text()
        assert app.window is None
    foreign = tmp_path / "别的.backup"
    foreign.write_bytes(b"nothing of ours")
    form.choose_file = lambda: foreign
    press(form.other)
    assert "不是本客户端的备份" in form.problem.text()
    assert files_of(backed_up) == before


def test_a_cancelled_check_leaves_everything_as_it_was(start, backed_up, monkeypatch):
    before = files_of(backed_up)
    app = start(backed_up)
    form = form_of(app)
    monkeypatch.setattr(Ticket, "is_cancelled", lambda _ticket: True)
    press(form.act)
    assert app.window is None
    assert form.problem.isHidden()
    assert form.act.isEnabled()
    assert files_of(backed_up) == before


def test_a_new_computer_restores_from_a_file_instead_of_a_first_run(start, backed_up, tmp_path):
    (file,) = (backed_up / "backups").glob("*.backup")
    app = start(tmp_path / "new")
    assert isinstance(app.login, FirstRunWindow)
    press(app.login.restore)
    form = app.login.restoring
    assert form.chosen() is None
    form.back.emit()
    assert isinstance(app.login, FirstRunWindow)
    press(app.login.restore)
    form = app.login.restoring
    form.choose_file = lambda: file
    press(form.other)
    assert "MB" in form.group.checkedButton().text()
    type_into(form.user, ADMIN)
    type_into(form.password, PASSWORD)
    answer(form, "restore")
    press(form.act)
    assert app.window is not None
    assert len(app.profile.services().classes.list_classes()) == 2


def test_the_recovery_code_of_that_moment_opens_a_backup_and_sets_a_new_password(start, tmp_path):
    folder = tmp_path / "coded"
    profile = Profile(folder, cost=CHEAP)
    code = profile.set_up(INSTITUTION, ADMIN, "李敏", PASSWORD).recovery_code
    assert build_services(profile).backup.daily() is None
    profile.close()
    (folder / "keys.json").unlink()
    app = start(folder)
    form = form_of(app)
    press(form.way)
    assert not form.act.isEnabled()
    type_into(form.code, code)
    type_into(form.fresh, "Xinmima-2021")
    type_into(form.again, "Xinmima-2020")
    assert not form.act.isEnabled()
    type_into(form.again, "Xinmima-2021")
    answer(form, "restore")
    press(form.act)
    assert app.window is not None
    app.profile.open().check_password(ADMIN, "Xinmima-2021")


def test_while_the_store_is_open_no_restore_is_offered(start, backed_up):
    app = start(backed_up)
    type_into(app.login.user, ADMIN)
    type_into(app.login.password, PASSWORD)
    app.login.sign_in()
    app.switch_user()
    assert app.login.restore.isHidden()
