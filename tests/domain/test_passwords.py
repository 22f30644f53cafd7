"""Password rules."""

from __future__ import annotations

import pytest

from desktop_app.domain.errors import AppError
from desktop_app.domain.passwords import check_password, kinds, password_problems


def codes(password: str, *names: str) -> list[str]:
    return [error.code for error in password_problems(password, names)]


def test_eight_characters_of_three_kinds_are_enough() -> None:
    assert codes("Abcdef12") == []
    assert codes("Abcde12") == ["PASSWORD_SHORT"]


@pytest.mark.parametrize(
    ("password", "count"), [("abc", 1), ("abcA", 2), ("abcA1", 3), ("abcA1!", 4), ("密码a", 2), ("", 0)]
)
def test_four_kinds_are_told_apart(password: str, count: int) -> None:
    assert kinds(password) == count


def test_two_kinds_are_too_few() -> None:
    assert codes("abcdef12") == ["PASSWORD_KINDS"]
    assert codes("abcdef1!") == []


@pytest.mark.parametrize("password", ["Limin-2020", "2020-LIMIN-x", "2020-nimil-X"])
def test_the_name_must_not_be_in_it_whatever_the_case_and_direction(password: str) -> None:
    assert codes(password, "limin") == ["PASSWORD_NAME"]
    assert codes(password, "wangfang") == []


def test_a_name_of_one_letter_is_no_reason() -> None:
    assert codes("Abcdef12", "a", "") == []
    assert codes("李敏Abc123", "李敏") == ["PASSWORD_NAME"]


def test_invisible_characters_and_endless_passwords_are_refused() -> None:
    assert codes("Abcdef1\t2") == ["PASSWORD_CONTROL"]
    assert codes("Ab1" + "x" * 125) == []
    assert codes("Ab1" + "x" * 126) == ["PASSWORD_LONG"]


def test_the_first_problem_is_raised() -> None:
    check_password("Abcdef12", "limin")
    with pytest.raises(AppError) as error:
        check_password("limin", "limin")
    assert error.value.code == "PASSWORD_SHORT"
