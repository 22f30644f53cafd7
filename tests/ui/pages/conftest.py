"""A filled profile, made once and copied for each test, and the frame on it for each role."""

from __future__ import annotations

import shutil

import pytest

from tests.ui.pages.desk import Desk
from tests.ui.pages.frame import Frame
from tests.ui.pages.sample_profile import DEMO_DAY, make_profile, open_profile
from tests.ui.pages.user import Answers


@pytest.fixture(scope="session")
def clock_file(tmp_path_factory):
    file = tmp_path_factory.mktemp("clock") / "today"
    file.write_text(DEMO_DAY.isoformat())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRAINING_CLOCK", str(file))
        yield file


@pytest.fixture(scope="session")
def filled_profile(tmp_path_factory, clock_file):
    folder = tmp_path_factory.mktemp("filled") / "profile"
    make_profile(folder, people=12, classes=2)
    return folder


@pytest.fixture
def profile_folder(filled_profile, tmp_path):
    folder = tmp_path / "江城职院"
    shutil.copytree(filled_profile, folder, ignore=shutil.ignore_patterns("*.lock"))
    return folder


@pytest.fixture
def open_frame(profile_folder, tmp_path, window_application):
    frames = []

    def open_as(login):
        frame = Frame(open_profile(profile_folder, login), tmp_path / "window.ini")
        frames.append(frame)
        return frame

    yield open_as
    for frame in frames:
        frame.close()


@pytest.fixture
def office(open_frame):
    return open_frame("zhanglan")


@pytest.fixture
def admin(open_frame):
    return open_frame("limin")


@pytest.fixture
def auditor(open_frame):
    return open_frame("sunli")


@pytest.fixture
def answers(monkeypatch):
    return Answers(monkeypatch)


@pytest.fixture
def desk(profile_folder, preferences, window_application):
    found = Desk(open_profile(profile_folder), preferences)
    yield found
    found.close()
