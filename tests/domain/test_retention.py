"""How long people are kept: the class that keeps longest decides, at both edges of a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from desktop_app.domain.errors import AppError
from desktop_app.domain.retention import Basis, Due, Hold, Stay, check_confirmation, due, years_after

YEARS = {Basis.PAID: 30, Basis.TRAINED: 10, Basis.UNENROLLED: 3}
KNOWN, OVER = date(2020, 5, 4), date(2020, 12, 31)


@pytest.mark.parametrize(
    ("stays", "basis", "day"),
    [
        ((), Basis.UNENROLLED, date(2023, 5, 4)),
        ((Stay(OVER),), Basis.TRAINED, date(2030, 12, 31)),
        ((Stay(OVER, paid=True),), Basis.PAID, date(2050, 12, 31)),
        ((Stay(OVER, paid=True), Stay(date(2035, 1, 1))), Basis.PAID, date(2050, 12, 31)),
        ((Stay(date(2005, 1, 1), paid=True), Stay(date(2030, 1, 1))), Basis.TRAINED, date(2040, 1, 1)),
    ],
)
def test_a_person_is_due_on_the_day_and_not_before(stays: tuple[Stay, ...], basis: Basis, day: date):
    assert due(KNOWN, stays, YEARS, day) == Due(basis, day)
    assert due(KNOWN, stays, YEARS, day - timedelta(days=1)) is None


def test_nobody_is_due_while_a_class_is_not_over():
    assert due(KNOWN, (Stay(OVER), Stay(None)), YEARS, date(2099, 1, 1)) is None


def test_leap_days_keep_a_day_longer():
    assert years_after(date(2020, 2, 29), 3) == date(2023, 3, 1)
    assert years_after(date(2020, 2, 29), 4) == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("state", "found", "holds", "code"),
    [
        (None, Due(Basis.TRAINED, OVER), (), "DELETION_NOT_PROPOSED"),
        ("kept", Due(Basis.TRAINED, OVER), (), "DELETION_NOT_PROPOSED"),
        ("proposed", None, (), "DELETION_NOT_DUE"),
        ("proposed", Due(Basis.TRAINED, OVER), (Hold.RECTIFICATION,), "DELETION_HELD"),
        ("held", Due(Basis.TRAINED, OVER), (Hold.AUDIT,), "DELETION_HELD"),
    ],
)
def test_a_deletion_is_not_confirmed(
    state: str | None, found: Due | None, holds: tuple[Hold, ...], code: str
):
    with pytest.raises(AppError) as caught:
        check_confirmation(state, found, holds, "钱进")
    assert caught.value.code == code


def test_what_is_proposed_due_and_not_held_may_be_confirmed():
    check_confirmation("proposed", Due(Basis.TRAINED, OVER), (), "钱进")
