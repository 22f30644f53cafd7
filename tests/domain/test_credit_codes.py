"""统一社会信用代码, mobile numbers, bank cards."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.credit_codes import (
    check_account,
    check_mobile,
    check_uscc,
    luhn_holds,
    uscc_check_character,
)
from desktop_app.domain.errors import AppError

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def test_a_known_code_holds_in_lower_case_and_with_spaces() -> None:
    assert uscc_check_character("91350100M000100Y4") == "3"
    found = check_uscc(" 91350100m000100y43 ")
    assert found.problem is None
    assert found.normalised == "91350100M000100Y43"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "USCC_EMPTY"),
        ("91350100M000100Y4", "USCC_LENGTH"),
        ("91350100M000100Y433", "USCC_LENGTH"),
        ("91350100I000100Y43", "USCC_CHARACTER"),
        ("91350100S000100Y43", "USCC_CHARACTER"),
        ("91350100M000100Y44", "USCC_CHECK"),
    ],
)
def test_wrong_codes_say_what_is_wrong(text: str, code: str) -> None:
    problem = check_uscc(text).problem
    assert problem is not None
    assert problem.code == code
    with pytest.raises(AppError):
        check_uscc(text).required()


@given(st.text(ALPHABET, min_size=17, max_size=17))
def test_every_code_with_its_check_character_holds(first17: str) -> None:
    assert check_uscc(first17 + uscc_check_character(first17)).problem is None


@pytest.mark.parametrize(
    "text", ["13000000000", "19999999999", "+86 138-0000-0000", "0086 13800000000", "１３８００００００００"]
)
def test_mobiles_are_accepted_and_normalised(text: str) -> None:
    found = check_mobile(text)
    assert found.problem is None
    assert len(found.required()) == 11


@pytest.mark.parametrize("text", ["12000000000", "1380000000", "138000000000", "02787654321", "", "电话"])
def test_other_numbers_are_no_mobiles(text: str) -> None:
    assert check_mobile(text).problem is not None


def test_a_failed_luhn_digit_of_a_personal_card_only_warns() -> None:
    assert luhn_holds("79927398713")
    assert not luhn_holds("79927398710")
    good = next(f"622202000000000000{d}" for d in range(10) if luhn_holds(f"622202000000000000{d}"))
    bad = good[:-1] + str((int(good[-1]) + 1) % 10)
    assert check_account(good).warning is None
    assert check_account(bad).problem is None
    assert check_account(bad).warning is not None
    assert check_account(bad, personal=False).warning is None


def test_an_account_is_8_to_32_digits() -> None:
    assert check_account("1" * 8, personal=False).problem is None
    assert check_account("1" * 32, personal=False).problem is None
    assert check_account("1" * 7, personal=False).problem is not None
    assert check_account("1" * 33, personal=False).problem is not None
