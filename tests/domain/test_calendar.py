"""Working days with the public-holiday table."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.calendar import (
    dated,
    has_holiday_table,
    holiday_name,
    is_working_day,
    weekday_name,
    working_days_between,
)

KNOWN = st.dates(date(2019, 1, 1), date(2022, 12, 31))


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2020, 9, 30), True),
        (date(2020, 10, 1), False),
        (date(2020, 10, 8), False),
        (date(2020, 10, 9), True),
        (date(2020, 10, 10), True),
        (date(2020, 10, 11), False),
        (date(2020, 11, 7), False),
        (date(2020, 11, 9), True),
    ],
)
def test_holidays_weekends_and_worked_weekends(day: date, working: bool) -> None:
    answer = is_working_day(day)
    assert answer.certain
    assert answer.is_working is working


def test_five_working_days_over_the_national_holiday() -> None:
    assert working_days_between(date(2020, 9, 29), date(2020, 10, 13)).days == 5
    assert working_days_between(date(2020, 9, 29), date(2020, 10, 12)).days == 4


def test_an_unknown_year_counts_weekends_and_says_so() -> None:
    assert not has_holiday_table(2099)
    answer = is_working_day(date(2099, 10, 1))
    assert answer.is_working
    assert not answer.certain
    assert not working_days_between(date(2099, 1, 1), date(2099, 1, 8)).certain


def test_a_span_that_reaches_an_unknown_year_is_uncertain() -> None:
    first = next(year for year in range(2020, 2100) if not has_holiday_table(year))
    assert working_days_between(date(first - 1, 12, 1), date(first - 1, 12, 31)).certain
    assert not working_days_between(date(first - 1, 12, 1), date(first, 1, 1)).certain


def test_names_of_days() -> None:
    assert weekday_name(date(2020, 11, 1)) == "周日"
    assert dated(date(2020, 11, 5)) == "2020-11-05 周四"
    assert holiday_name(date(2020, 10, 1)) == "国庆节"
    assert holiday_name(date(2020, 11, 5)) is None
    assert holiday_name(date(2099, 10, 1)) is None


@given(KNOWN, KNOWN, KNOWN)
def test_counts_of_adjoining_spans_add_up(a: date, b: date, c: date) -> None:
    first, middle, last = sorted((a, b, c))
    whole = working_days_between(first, last).days
    assert whole == working_days_between(first, middle).days + working_days_between(middle, last).days
