"""Statutory retirement age: 60/55/50 until 2024, then the monthly table."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.retirement import add_months, age_on, retirement_date


@pytest.mark.parametrize(
    ("birth", "sex", "worker", "reached"),
    [
        (date(1964, 12, 31), "1", False, date(2024, 12, 31)),
        (date(1965, 1, 1), "1", False, date(2025, 2, 1)),
        (date(1965, 4, 30), "1", False, date(2025, 5, 30)),
        (date(1965, 5, 1), "1", False, date(2025, 7, 1)),
        (date(1976, 8, 31), "1", False, date(2039, 7, 31)),
        (date(1976, 9, 1), "1", False, date(2039, 9, 1)),
        (date(1990, 1, 1), "1", False, date(2053, 1, 1)),
        (date(1969, 12, 31), "2", False, date(2024, 12, 31)),
        (date(1970, 1, 15), "2", False, date(2025, 2, 15)),
        (date(1981, 9, 1), "2", False, date(2039, 9, 1)),
        (date(1974, 12, 31), "2", True, date(2024, 12, 31)),
        (date(1975, 1, 1), "2", True, date(2025, 2, 1)),
        (date(1975, 3, 1), "2", True, date(2025, 5, 1)),
        (date(1984, 11, 1), "2", True, date(2039, 11, 1)),
        (date(1990, 1, 1), "1", True, date(2053, 1, 1)),
    ],
)
def test_the_table_of_the_decision(birth: date, sex: str, worker: bool, reached: date) -> None:
    assert retirement_date(birth, sex, worker=worker) == reached


def test_without_a_sex_there_is_no_answer() -> None:
    assert retirement_date(date(1960, 1, 1), "9") is None


@given(st.dates(date(1940, 1, 1), date(2000, 12, 31)), st.sampled_from(["1", "2"]), st.booleans())
def test_nobody_is_delayed_by_more_than_the_decision_says(birth: date, sex: str, worker: bool) -> None:
    base = 60 if sex == "1" else 50 if worker else 55
    most = 60 if sex == "2" and worker else 36
    reached = retirement_date(birth, sex, worker=worker)
    assert reached is not None
    assert add_months(birth, base * 12) <= reached <= add_months(birth, base * 12 + most)


def test_months_are_added_to_the_last_day_where_a_month_is_short() -> None:
    assert add_months(date(2020, 1, 31), 1) == date(2020, 2, 29)
    assert add_months(date(2020, 12, 31), 2) == date(2021, 2, 28)
    assert add_months(date(2020, 11, 2), 0) == date(2020, 11, 2)


def test_age_counts_from_the_birthday_and_29_february_from_1_march() -> None:
    assert age_on(date(2000, 11, 2), date(2020, 11, 1)) == 19
    assert age_on(date(2000, 11, 2), date(2020, 11, 2)) == 20
    assert age_on(date(2000, 2, 29), date(2021, 2, 28)) == 20
    assert age_on(date(2000, 2, 29), date(2021, 3, 1)) == 21
