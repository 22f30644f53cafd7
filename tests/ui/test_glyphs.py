"""A rare character is drawn in our own font, or named; it is never a silent box."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from ui.glyphs import lacking_in, missing_glyphs
from ui.theme import own_font_family, ui_font

RARE = "𬱖㛃䶮𫖯𬭎㐱𠅤𬀩龘"
NOWHERE = "\U000f0000"
"""A private character: no font has it."""


@pytest.fixture
def application_font(window_application):
    font = window_application.font()
    yield window_application
    window_application.setFont(font)


def test_the_names_of_gb_18030_are_drawn_by_our_own_font(window_application):
    assert lacking_in(f"王建国{RARE}·", ui_font(own=True)) == ""


def test_a_character_that_no_font_has_is_named_once(application_font):
    assert missing_glyphs(f"王{NOWHERE}建{NOWHERE}国") == NOWHERE


def test_a_window_in_a_font_without_chinese_takes_ours_for_what_it_lacks(application_font, monkeypatch):
    font = QFont("A font that is not here")
    application_font.setFont(font)
    asked = []
    lacks = {True: RARE, False: ""}

    def lacking(text, used):
        asked.append(own_font_family() in used.families())
        return lacks[not asked[-1]]

    monkeypatch.setattr("ui.glyphs.lacking_in", lacking)
    assert missing_glyphs(RARE) == ""
    assert asked == [False, True]
    assert QApplication.font().families()[-1] == own_font_family()


def test_without_a_chinese_font_of_the_system_the_window_uses_ours(window_application, monkeypatch):
    monkeypatch.setattr("ui.theme.QFontDatabase.families", lambda *_given: ["Courier"])
    assert ui_font().family() == own_font_family()
