"""Masks of personal data."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.masking import mask_account, mask_document, mask_for_notice, mask_phone


def test_the_usual_masks() -> None:
    assert mask_document("42010619900101001X") == "4201************1X"
    assert mask_phone("13800001234") == "138****1234"
    assert mask_account("6222020000001234") == "************1234"
    assert mask_document("E12345678") == "E******78"


def test_what_is_too_short_is_hidden_altogether() -> None:
    assert mask_document("123") == "***"
    assert mask_document("1234") == "1*34"
    assert mask_phone("1234567") == "*******"
    assert mask_account("1234") == "****"
    assert (mask_document(""), mask_phone(""), mask_account("")) == ("", "", "")


def test_rows_that_coincide_show_the_digit_in_which_they_differ_those_rows_only() -> None:
    rows = ["420106199001010011", "420106199001010111", "420106199001010033"]
    assert mask_for_notice(rows) == ("4201***********011", "4201***********111", "4201************33")


def test_no_more_digits_than_it_takes_to_tell_them_apart() -> None:
    rows = ["420106199001010011", "420107199001110011"]
    assert mask_for_notice(rows) == ("4201********0***11", "4201********1***11")
    three = [*rows, "420107199001010011"]
    assert mask_for_notice(three) == ("4201*6******0***11", "4201*7******1***11", "4201*7******0***11")


def test_the_same_number_twice_stays_masked() -> None:
    assert mask_for_notice(["420106199001010011"] * 2) == ("4201************11",) * 2
    assert mask_for_notice([]) == ()


@given(st.text("0123456789X", max_size=20))
def test_a_mask_keeps_the_length_and_hides_something(number: str) -> None:
    for mask in (mask_document(number), mask_phone(number), mask_account(number)):
        assert len(mask) == len(number)
        assert not number or "*" in mask


@given(st.lists(st.from_regex(r"4201\d{14}", fullmatch=True), max_size=8))
def test_different_people_are_told_apart_in_a_notice(numbers: list[str]) -> None:
    shown = mask_for_notice(numbers)
    assert len(set(shown)) == len(set(numbers))
