"""Pinyin of names for search."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.pinyin import MAX_COMBINATIONS, initials, readings, spellings, syllables


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("单雨", {"sy", "dy", "cy"}),
        ("曾刚", {"zg", "cg"}),
        ("仇英", {"qy", "cy"}),
        ("查明", {"zm", "cm"}),
        ("翟亮", {"zl", "dl"}),
        ("区宁", {"on", "qn"}),
    ],
)
def test_every_reading_of_a_family_name_is_found(name: str, letters: set[str]) -> None:
    assert letters <= set(initials(name))


@pytest.mark.parametrize(
    ("name", "spelling"),
    [
        ("单雨", "shanyu"),
        ("曾刚", "zenggang"),
        ("仇英", "qiuying"),
        ("翟亮", "zhailiang"),
        ("尉迟强", "yuchiqiang"),
        ("万俟明", "moqiming"),
        ("单于丹", "chanyudan"),
        ("澹台敏", "tantaimin"),
        ("吕布", "lvbu"),
        ("张三", "zhangsan"),
    ],
)
def test_the_likeliest_spelling_comes_first(name: str, spelling: str) -> None:
    assert spellings(name)[0] == spelling


def test_a_compound_name_is_found_by_the_plain_readings_too() -> None:
    assert {"ycq", "wcq"} <= set(initials("尉迟强"))


def test_dots_and_spaces_are_left_out_and_latin_letters_stay() -> None:
    assert initials("斯琴·高娃")[0] == "sqgw"
    assert initials("Mary 王3")[0] == "maryw3"
    assert initials("· ") == ()
    assert spellings("") == ()


@pytest.mark.parametrize("character", "𬱖㛃䶮𫖯𬭎㐱𠅤𬀩龘")
def test_rare_characters_have_a_reading(character: str) -> None:
    assert readings(character)


def test_readings_have_no_tones() -> None:
    assert readings("女") == ("nv", "ru")
    assert readings("A") == ()


def test_combinations_are_capped() -> None:
    assert len(initials("单" * 50)) == MAX_COMBINATIONS
    assert len(spellings("单" * 50)) == MAX_COMBINATIONS


@given(st.text(max_size=12))
def test_combinations_differ_and_are_plain_letters(text: str) -> None:
    found = initials(text)
    assert len(set(found)) == len(found) <= MAX_COMBINATIONS
    for combination in found:
        assert combination.isascii()
        assert combination.isalnum()
        assert len(combination) == len(syllables(text))
