"""Starting, login, lock, change of user, and pictures."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QFont, QGuiApplication, QImage
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QWidget

import resources
from ui.app import App, Screens, create_application
from ui.idle import IdleWatch
from ui.navigation import FrameState, PageRegistry, PageSpec, Session
from ui.rendering import render
from ui.theme import theme
from ui.widgets.page import Page


class Source:
    def state(self):
        return FrameState()

    def undo(self):
        return frozenset()

    def redo(self):
        return frozenset()

    def find(self, text):
        return []


class DraftPage(Page):
    def __init__(self, context):
        super().__init__()
        self.dropped = 0

    def drop_drafts(self):
        self.dropped += 1


LI = Session("李敏", frozenset(), "江城职业技术学院", "本机档案")
WANG = Session("王芳", frozenset(), "江城职业技术学院", "本机档案")


@pytest.fixture
def app(window_application, preferences, qtbot):
    shown = []

    def login(app, locked):
        shown.append(locked)
        return QWidget()

    pages = PageRegistry([PageSpec("home", "sample.home", "home", frozenset(), DraftPage)])
    made = App(window_application, Screens(login, pages, "home"), preferences)
    made.shown = shown
    yield made
    made.close()
    for widget in (made.window, made.login):
        if widget is not None:
            widget.close()
            widget.deleteLater()
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_the_application_speaks_chinese_in_qts_own_dialogs(window_application):
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    assert box.buttons()[0].text().startswith("取消")
    assert create_application([]) is window_application


@pytest.mark.parametrize(("given", "used"), [(None, "ibus"), ("fcitx", "ibus"), ("", "ibus"), ("xim", "xim")])
def test_an_unset_or_fcitx_input_method_becomes_ibus_on_linux(monkeypatch, window_application, given, used):
    import os

    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("QT_IM_MODULE", raising=False)
    if given is not None:
        monkeypatch.setenv("QT_IM_MODULE", given)
    create_application([], own_font=True)
    assert os.environ["QT_IM_MODULE"] == used
    monkeypatch.setenv("QT_IM_MODULE", "restored")


def test_login_gives_way_to_the_frame_on_its_home_page(app):
    app.show_login()
    app.show_main(LI, None, Source())
    assert app.shown == [False]
    assert app.login is None
    assert app.window.isVisible()
    assert app.window.current_page() == "home"


def test_a_locked_window_comes_back_with_its_drafts_for_the_same_user(app):
    app.show_main(LI, None, Source())
    window, page = app.window, app.window.page_widget("home")
    app.lock()
    assert app.shown == [True]
    assert not window.isVisible()
    app.show_main(LI, None, Source())
    assert app.window is window
    assert page.dropped == 0


def test_another_user_gets_a_window_of_their_own_without_draft_or_clipboard(app):
    app.show_main(LI, None, Source())
    window, page = app.window, app.window.page_widget("home")
    QGuiApplication.clipboard().setText("420106199003070011")
    app.switch_user()
    assert QGuiApplication.clipboard().text() == ""
    assert page.dropped >= 1
    app.show_main(WANG, None, Source())
    assert app.window is not window
    assert app.session == WANG


def test_nothing_is_locked_before_anybody_is_in(app):
    app.lock()
    assert app.shown == []


def test_closing_leaves_no_thread(app, qtbot):
    before = set(threading.enumerate())
    app.show_main(LI, None, Source())
    app.tasks.query(app, lambda: 1, lambda _value: None)
    app.close()
    assert set(threading.enumerate()) <= before


def test_the_window_locks_after_idle_time_and_a_key_puts_it_off(window_application, qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitExposed(widget)
    watch = IdleWatch(window_application, 0.002)
    watch._on_window(widget.windowHandle())
    with qtbot.waitSignal(watch.idle, timeout=1000):
        pass
    assert not watch._timer.isActive()
    watch.set_minutes(10)
    watch._timer.stop()
    qtbot.keyClick(widget.windowHandle(), Qt.Key.Key_A)
    assert watch._timer.isActive()
    watch.set_minutes(0)
    assert not watch._timer.isActive()
    watch.deleteLater()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_a_picture_has_the_size_and_the_ground_of_its_scheme(qtbot, tmp_path, scheme, ratio):
    widget = QLabel("考勤")
    qtbot.addWidget(widget)
    image = QImage(str(render(widget, (320, 200), tmp_path / "a" / "picture.png", scheme, ratio=ratio)))
    assert (image.width(), image.height()) == (320 * ratio, 200 * ratio)
    lightness = image.pixelColor(image.width() - 2, image.height() - 2).lightness()
    assert (lightness > 200) is (scheme == "light")
    assert len({image.pixelColor(x, image.height() // 2).name() for x in range(image.width())}) > 1
    assert theme.scheme == "light"


@pytest.fixture
def opened(app):
    """Return what opens the frame and returns what its banner says."""

    def opening():
        app.show_main(LI, None, Source())
        return app.window.banner.notice()

    return opening


def test_the_frame_says_nothing_of_fonts_that_are_there(opened):
    assert opened() is None


def test_a_window_that_draws_boxes_says_so_with_code_and_what_to_do(opened, window_application):
    former, alone = window_application.font(), QFont("DejaVu Sans")
    alone.setStyleStrategy(QFont.StyleStrategy.NoFontMerging)
    window_application.setFont(alone)
    try:
        notice = opened()
    finally:
        window_application.setFont(former)
    assert "WINDOW_WITHOUT_CHINESE" in notice.text
    assert "安装一种中文字体" in notice.hint
    assert "install a Chinese font" in notice.hint


def test_a_window_whose_own_font_file_is_gone_says_which_and_what_to_do(opened, monkeypatch, tmp_path):
    path = resources.path
    monkeypatch.setattr(
        "ui.glyphs.resources.path",
        lambda *parts: tmp_path.joinpath(*parts) if parts[0] == "fonts" else path(*parts),
    )
    notice = opened()
    assert "NotoSansSC-Regular.ttf" in notice.text
    assert "WINDOW_FONT_MISSING" in notice.text
    assert "重新安装" in notice.hint
