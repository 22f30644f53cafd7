"""Pictures of a real profile: where a page breaks, drawing ends with its error instead of waiting for somebody."""

from __future__ import annotations

import pytest

from desktop_app.services.container import build_services
from desktop_app.services.profile import Profile
from tests.ui.pages.sample_profile import CHEAP, PASSWORD
from ui import screenshots
from ui.pages.teachers.page import TeachersPage


@pytest.fixture
def draw(profile_folder, tmp_path, window_application):
    profile = Profile(profile_folder, cost=CHEAP)

    def drawing(*pages):
        return screenshots.draw(profile, build_services, "zhanglan", PASSWORD, tmp_path / "pictures", pages)

    yield drawing
    profile.close()


def test_a_named_page_is_drawn_light_and_dark(draw, tmp_path):
    assert draw("teachers") == 2
    assert {file.name for file in (tmp_path / "pictures").glob("*.png")} == {
        "zhanglan-teachers-light.png", "zhanglan-teachers-dark.png",
    }  # fmt: skip


@pytest.mark.parametrize("where", ["reload", "show_rows"])
def test_a_bug_of_a_page_ends_the_drawing(draw, monkeypatch, where):
    def broken(*_given):
        raise ZeroDivisionError

    monkeypatch.setattr(TeachersPage, where, broken)
    with pytest.raises((screenshots.PicturesFailedError, ZeroDivisionError)) as failed:
        draw("teachers")
    assert isinstance(failed.value.__cause__ or failed.value, ZeroDivisionError)
