"""Certificate numbers (R15)."""

from __future__ import annotations

import pytest

from desktop_app.domain.certificates import (
    CertificateKind,
    RegisteredNumber,
    check_number,
    is_number_taken,
    numbers_used_twice,
)

GOOD = "S" + "0" * 21


def registered(key: int, number: str = GOOD, kind: str = "level", issuer: str = "评价甲") -> RegisteredNumber:
    return RegisteredNumber(bytes([key]), kind, issuer, number)


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


def test_a_number_is_unique_per_kind_and_issuer() -> None:
    twice = [
        registered(1),
        registered(2, GOOD.lower()),
        registered(3, issuer="评价乙"),
        registered(4, kind="one_x"),
    ]
    assert [[one.key for one in group] for group in numbers_used_twice(twice)] == [[b"\x01", b"\x02"]]
    assert numbers_used_twice([registered(1, ""), registered(2, "")]) == ()


def test_a_number_is_taken_by_another_record_only() -> None:
    others = [registered(1), registered(2, "S" + "1" * 21)]
    assert is_number_taken(registered(3), others)
    assert not is_number_taken(registered(1), others)
    assert not is_number_taken(registered(3, issuer="评价乙"), others)
