"""Personal names."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.errors import AppError
from desktop_app.domain.names import DOT, MAX_NAME, check_name


@pytest.mark.parametrize("look_alike", "•・．‧.")
def test_look_alikes_of_the_dot_are_converted_and_reported(look_alike: str) -> None:
    found = check_name(f"斯琴{look_alike}高娃")
    assert found.value == f"斯琴{DOT}高娃"
    assert found.changes == ("dot",)


def test_the_right_dot_is_not_reported() -> None:
    assert check_name("斯琴·高娃").changes == ()


def test_a_full_stop_in_a_latin_name_stays() -> None:
    assert check_name("John F. Smith").value == "John F. Smith"


def test_spaces_around_and_within_a_chinese_name_go() -> None:
    assert check_name(" 张\u3000三\n").value == "张三"
    assert check_name("斯琴 · 高娃").value == "斯琴·高娃"
    assert check_name("Mary  Ann").value == "Mary Ann"


def test_full_width_letters_become_half_width() -> None:
    found = check_name("Ｍａｒｙ")
    assert found.value == "Mary"
    assert found.changes == ("width",)


@pytest.mark.parametrize("name", ["姚𬱖", "㛃𠅤", "𫖯𬀩", "龘䶮", "﨑", "\ue000张"])
def test_rare_characters_stay_as_they_are(name: str) -> None:
    found = check_name(name)
    assert found.value == name
    assert found.problem is None


def test_zero_width_characters_are_dropped_and_reported() -> None:
    found = check_name("张\u200b三")
    assert found.value == "张三"
    assert found.changes == ("invisible",)


@pytest.mark.parametrize("name", ["张\n三", "张\t三", "张\x00三", "张\x7f三"])
def test_control_characters_inside_are_refused(name: str) -> None:
    problem = check_name(name).problem
    assert problem is not None
    assert problem.code == "NAME_CONTROL"


@pytest.mark.parametrize("name", ["", "  ", "\u3000", "\u200b"])
def test_an_empty_name_is_refused(name: str) -> None:
    with pytest.raises(AppError) as error:
        check_name(name).required()
    assert error.value.code == "NAME_EMPTY"


def test_fifty_characters_are_a_name_and_fifty_one_are_not() -> None:
    assert check_name("𬱖" * MAX_NAME).required() == "𬱖" * MAX_NAME
    problem = check_name("𬱖" * (MAX_NAME + 1)).problem
    assert problem is not None
    assert problem.code == "NAME_TOO_LONG"


def test_digits_only_warn() -> None:
    found = check_name("张三2")
    assert found.problem is None
    assert found.warning is not None
    assert found.warning.code == "NAME_DIGITS"


@given(st.text(max_size=60))
def test_checking_twice_changes_nothing_more(text: str) -> None:
    once = check_name(text)
    again = check_name(once.value)
    assert again.value == once.value
    assert once.problem is not None or again.changes == ()


@given(st.text(st.characters(whitelist_categories=["Lo"]), min_size=1, max_size=MAX_NAME))
def test_letters_without_case_are_never_altered(text: str) -> None:
    assert check_name(text).value == text
    assert unicodedata.normalize("NFC", text) is not None
