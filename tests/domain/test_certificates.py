"""Certificate numbers (R15)."""

from __future__ import annotations

import pytest

from desktop_app.domain.certificates import (
    CertificateKind,
    check_number,
)

GOOD = "S" + "0" * 21


def test_one_letter_and_21_digits_is_the_shape() -> None:
    found = check_number(" s000000000000000000000 ")
    assert (found.normalised, found.problem, found.warning) == (GOOD, None, None)


@pytest.mark.parametrize("number", [GOOD[:-1], GOOD + "0", "0" * 22, "SS" + "0" * 20])
def test_another_shape_only_warns(number: str) -> None:
    found = check_number(number)
    assert found.problem is None
    assert found.warning is not None
    assert found.warning.code == "CERTIFICATE_SHAPE"


def test_1_x_numbers_have_their_own_shape() -> None:
    assert check_number("1" * 12, CertificateKind.ONE_X).warning is None
    assert check_number("1" * 30, CertificateKind.ONE_X).warning is None
    short = check_number("1" * 11, CertificateKind.ONE_X).warning
    assert short is not None
    assert short.code == "ONE_X_SHAPE"
    assert check_number("培训字第5号", CertificateKind.COMPLETION).warning is None


def test_an_empty_or_endless_number_is_a_problem() -> None:
    empty, long = check_number(" - ").problem, check_number("1" * 41).problem
    assert empty is not None
    assert empty.code == "CERTIFICATE_EMPTY"
    assert long is not None
    assert long.code == "CERTIFICATE_TOO_LONG"
    assert check_number("1" * 40).problem is None
