"""Colours, icons and type."""

from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QPushButton

import resources
from ui.theme import (
    SCHEMES,
    TEXT_ON,
    TOKENS,
    contrast,
    icon,
    icon_pixmap,
    make_palette,
    own_font_family,
    screen_ratios,
    set_icon,
    theme,
    token_table,
    ui_font,
)


def test_contrast_of_black_on_white_is_21_and_of_a_colour_on_itself_1():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#1D4B94", "#1D4B94") == pytest.approx(1)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT_ON)
def test_every_text_can_be_read_on_its_ground(scheme, ink, ground):
    table = token_table(scheme)
    assert contrast(table[ink], table[ground]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_toast_turns_text_and_ground_round(scheme):
    table = token_table(scheme)
    assert contrast(table["surface"], table["text"]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
def test_marks_without_words_stand_out_from_their_ground(scheme):
    table = token_table(scheme)
    for mark in ("waiting", "wrong", "link", "locked", "border_strong"):
        assert contrast(table[mark], table["surface"]) >= 3


def test_the_style_sheet_names_only_tokens_that_exist():
    source = resources.path("styles", "window.qss").read_text(encoding="utf-8").replace("$$", "")
    names = set(re.findall(r"\$(\w+)", source))
    assert len(names) > 10
    assert {name for name in names if not name.startswith("icon_")} <= set(TOKENS)


def test_no_colour_is_written_outside_the_token_table():
    source = resources.path("styles", "window.qss").read_text(encoding="utf-8")
    assert re.findall(r"#[0-9A-Fa-f]{6}\b", source) == []


def test_choosing_dark_changes_palette_sheet_and_tells_once(window_application, qtbot):
    with qtbot.waitSignal(theme.changed, timeout=1000):
        theme.choose("dark")
    dark = token_table("dark")
    assert window_application.palette().window().color().name().upper() == dark["canvas"]
    assert dark["canvas"] in window_application.styleSheet()
    assert make_palette("light").window().color().name().upper() == token_table("light")["canvas"]


def test_system_choice_takes_a_scheme_and_remembers_that_it_follows():
    theme.choose("system")
    assert theme.choice == "system"
    assert theme.scheme in SCHEMES


def test_icons_are_drawn_in_the_token_at_every_ratio():
    for ratio in (1.0, 2.0):
        pixmap = icon_pixmap("lock", "wrong", 16, ratio)
        assert pixmap.width() == 16 * ratio
        image = pixmap.toImage()
        solid = {
            image.pixelColor(x, y).name()
            for x in range(image.width())
            for y in range(image.height())
            if image.pixelColor(x, y).alpha() == 255
        }
        assert solid <= {theme.color("wrong").name()}
    assert solid


def test_an_icon_carries_pixels_for_the_screens_that_are_there(window_application, monkeypatch):
    assert screen_ratios() == sorted({1.0, *(one.devicePixelRatio() for one in window_application.screens())})
    monkeypatch.setattr("ui.theme.screen_ratios", lambda: [1.0, 1.5])
    assert {size.width() for size in icon("search").availableSizes()} == {16, 24}


def test_a_screen_that_is_added_has_icons_drawn_anew(window_application):
    theme.choose(theme.choice)
    told = []

    def note():
        told.append(True)

    theme.changed.connect(note)
    try:
        window_application.screenAdded.emit(window_application.primaryScreen())
    finally:
        theme.changed.disconnect(note)
    assert told


def test_a_button_icon_follows_the_theme_and_a_second_one_replaces_the_first(qtbot):
    made = QPushButton("打印")
    qtbot.addWidget(made)
    set_icon(made, "lock")
    set_icon(made, "printer", "text")
    light = made.icon().pixmap(16, 16).toImage()
    theme.choose("dark")
    assert made.icon().pixmap(16, 16).toImage() != light
    made.deleteLater()


def test_our_own_font_draws_chinese_and_digits_of_one_width():
    font = ui_font(own=True)
    assert font.family() == own_font_family()
    assert font.pixelSize() == 14
    metrics = QFontMetrics(font)
    assert metrics.inFont("龘")
    assert {metrics.horizontalAdvance(digit) for digit in "0123456789"} == {metrics.horizontalAdvance("0")}
