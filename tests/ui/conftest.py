"""What tests of the window share: preferences in a folder of their own, doors that remember, sentences for samples."""

from __future__ import annotations

from pathlib import Path

import pytest

import resources
from tests.fakes.task_runner import SynchronousTasks
from ui.app import create_application
from ui.changes import Changes
from ui.preferences import Preferences
from ui.theme import theme

SAMPLE_SENTENCES = {
    "sample.name": "姓名",
    "sample.rate": "可达率",
    "sample.phone": "手机",
    "sample.open": "打开",
    "sample.print": "打印",
    "sample.home": "工作台",
    "sample.people": "学员",
    "sample.users": "用户",
    "sample.sync": "同步中心",
    "error.SAMPLE_WRONG": "第{row}行 手机号不对。",
    "hint.SAMPLE_WRONG": "请核对。",
}


def pytest_collection_modifyitems(items):
    """The offscreen platform says of each thing that only a real screen can do that it cannot."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support"))


class RememberingDoors:
    """Stands for Messages where a test asks which error came to the doors."""

    def __init__(self):
        self.reported = []

    def report(self, owner, error):
        self.reported.append(error)


@pytest.fixture(scope="session")
def window_application(qapp):
    return create_application([], own_font=True)


@pytest.fixture(autouse=True)
def light_scheme(window_application):
    if (theme.choice, theme.scheme) != ("light", "light"):
        theme.choose("light")
    yield
    if theme.scheme != "light":
        theme.choose("light")


@pytest.fixture(autouse=True)
def sample_sentences(monkeypatch):
    for key, sentence in SAMPLE_SENTENCES.items():
        monkeypatch.setitem(resources.sentences("zh"), key, sentence)


@pytest.fixture
def preferences(tmp_path):
    return Preferences(tmp_path / "window.ini")


@pytest.fixture
def changes():
    return Changes()


@pytest.fixture
def doors():
    return RememberingDoors()


@pytest.fixture
def tasks(changes, doors):
    return SynchronousTasks(changes, doors)
