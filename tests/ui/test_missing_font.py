"""A window without its own font draws with what the system has, instead of not opening at all."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetrics

import resources
from ui import theme
from ui.glyphs import font_trouble


def test_without_its_own_font_a_window_takes_the_systems(window_application, monkeypatch, tmp_path):
    with monkeypatch.context() as broken:
        broken.setattr(resources, "path", tmp_path.joinpath)
        theme.own_font_family.cache_clear()
        font = theme.ui_font(own=True)
    theme.own_font_family.cache_clear()
    assert QFontMetrics(font).horizontalAdvance("abc") > 0
    assert theme.own_font_family() == "Noto Sans SC"


@pytest.fixture(autouse=True)
def own_font_again():
    yield
    theme.own_font_family.cache_clear()


def test_all_is_well_with_the_fonts_that_ship(window_application):
    assert font_trouble() is None
