from __future__ import annotations

import re
from dataclasses import replace

import pytest

from desktop_app.domain.papers import Roster
from desktop_app.domain.papers.naming import named_with
from desktop_app.papers.fonts import to_unicode_map
from tests.papers.pdf_reading import all_text, build, page_texts, streams
from tests.papers.sample_contents import roster

RARE = "𬱖㛃䶮𫖯𬭎㐱𠅤𬀩龘"
ONLY_SANS = "\U00030edd"  # biáng, which the serif lacks
NOWHERE = "\U0002a6d0"


def _named(name: str) -> Roster:
    content = roster()
    return replace(content, lines=(replace(content.lines[0], name=name), *content.lines[1:]))


@pytest.mark.parametrize("character", RARE)
def test_each_rare_character_of_a_name_copies_out(character: str) -> None:
    assert f"{character}雨·{character}" in all_text(_named(f"{character}雨·{character}"))


def test_a_rare_name_lacks_no_glyph() -> None:
    assert build(_named(RARE))[1].missing_glyphs == ()


def test_the_to_unicode_maps_in_the_file_hold_utf16_pairs() -> None:
    maps = [stream.decode("ascii") for stream in streams(build(_named(RARE))[0]) if b"beginbfchar" in stream]
    entries = [entry for one in maps for entry in re.findall(r"<[0-9A-F]{2}> <([0-9A-F]{4,})>", one)]
    characters = {bytes.fromhex(entry).decode("utf-16-be") for entry in entries}
    assert set(RARE) <= characters
    assert {len(entry) for entry in entries} == {4, 8}


def test_a_map_has_blocks_of_at_most_a_hundred_entries_and_no_empty_position() -> None:
    text = to_unicode_map("AAAAAA+Font", [0, *range(0x4E00, 0x4E00 + 250)])
    assert [int(count) for count in re.findall(r"(\d+) beginbfchar", text)] == [100, 100, 50]
    assert "<00> <0000>" not in text


def test_a_glyph_the_serif_lacks_is_taken_from_the_sans() -> None:
    pdf, result = build(_named(f"王{ONLY_SANS}"))
    assert result.missing_glyphs == ()
    assert b"NotoSansSC" in pdf
    assert f"王{ONLY_SANS}" in "".join(page_texts(pdf))


def test_the_body_is_set_in_song_and_the_heads_in_hei() -> None:
    pdf = build(roster())[0]
    assert b"NotoSerifSC-Regular" in pdf
    assert b"NotoSansSC-Bold" in pdf
    assert b"NotoSansSC-Regular" not in pdf  # only for what the serif lacks
    assert b"NotoSerifSC-Bold" not in pdf


def test_every_font_named_in_the_file_is_embedded() -> None:
    pdf = build(roster())[0]
    assert b"/Type1" not in pdf
    assert pdf.count(b"/FontFile2") == pdf.count(b"/Subtype /TrueType") > 0


def test_a_glyph_no_font_has_is_reported_and_printed_as_a_named_substitute() -> None:
    pdf, result = build(_named(f"王{NOWHERE}"))
    assert result.missing_glyphs == (NOWHERE,)
    assert named_with(_named(f"王{NOWHERE}"), result.missing_glyphs) == (f"王{NOWHERE}",)
    text = page_texts(pdf)
    assert "王〓" in text[0]
    assert all("U+2A6D0" in page for page in text)


@pytest.mark.parametrize("invisible", ["\u200b", "\ufe00", "\U000e0101"])
def test_a_character_without_shape_is_no_missing_glyph(invisible: str) -> None:
    assert build(_named(f"王{invisible}芳"))[1].missing_glyphs == ()
