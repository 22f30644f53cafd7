"""Dates and times as people type them; year-less ones fall into the period of the class, across New Year too."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.excel.dates import (
    MonthDay,
    decimal_month_days,
    parse_date,
    parse_time,
    parse_time_range,
    resolve_year,
)

DAY = dt.date(2020, 11, 2)


@pytest.mark.parametrize(
    "typed",
    [
        "2020-11-02",
        "2020-11-2",
        "2020/11/2",
        "2020.11.02",
        "2020年11月2日",
        "２０２０年１１月０２日",
        " 2020 年 11 月 2 日 ",
        "20201102",
        "2020-11-02 08:30",
        "2020-11-02（周一）",
        dt.date(2020, 11, 2),
        dt.datetime(2020, 11, 2, 8, 30),  # noqa: DTZ001 - a spreadsheet knows no zone
        44137,
        44137.0,
        "44137",
        20201102,
    ],
)
def test_full_dates_are_read_in_every_style(typed):
    assert parse_date(typed) == DAY


@pytest.mark.parametrize(
    "typed", ["11-23", "11/23", "11.23", "11月23日", "11月23号", "11-23（周一）", "11月23日上午"]
)
def test_dates_without_year_keep_month_and_day(typed):
    assert parse_date(typed) == MonthDay(11, 23)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        None,
        True,
        "11",
        "2020-13-01",
        "2020-02-30",
        "13-40",
        "18:30",
        "张三",
        12.5,
        7,
        "42010219900307121X",
    ],
)
def test_what_is_no_date_is_none(typed):
    assert parse_date(typed) is None


def test_a_decimal_that_excel_made_of_a_date_has_its_readings():
    assert decimal_month_days(11.23) == (MonthDay(11, 23),)
    assert decimal_month_days(11.2) == (MonthDay(11, 2), MonthDay(11, 20))
    assert decimal_month_days(11.4) == (MonthDay(11, 4),)
    assert decimal_month_days(13.5) == decimal_month_days("11.23") == ()


@given(
    start=st.dates(dt.date(2000, 1, 1), dt.date(2090, 1, 1)),
    length=st.integers(0, 364),
    offset=st.integers(0, 364),
)
def test_a_date_of_a_class_shorter_than_a_year_is_found_again_without_its_year(start, length, offset):
    end = start + dt.timedelta(days=length)
    day = start + dt.timedelta(days=min(offset, length))
    assert resolve_year(MonthDay(day.month, day.day), start, end) == day


@given(days=st.lists(st.dates(dt.date(2018, 1, 1), dt.date(2023, 12, 31)), min_size=1, max_size=30))
def test_ascending_dates_over_several_years_keep_their_order(days):
    ordered = sorted(set(days))
    start, end = ordered[0], ordered[-1]
    latest = None
    for day in ordered:
        found = resolve_year(MonthDay(day.month, day.day), start, end, latest)
        assert found is not None
        assert start <= found <= end
        assert latest is None or found >= latest
        latest = found


def test_a_date_outside_the_period_goes_to_the_nearest_year():
    period = (dt.date(2020, 12, 20), dt.date(2021, 1, 15))
    assert resolve_year(MonthDay(12, 31), *period) == dt.date(2020, 12, 31)
    assert resolve_year(MonthDay(1, 4), *period) == dt.date(2021, 1, 4)
    assert resolve_year(MonthDay(1, 20), *period) == dt.date(2021, 1, 20)
    assert resolve_year(MonthDay(12, 10), *period) == dt.date(2020, 12, 10)


def test_the_29th_of_february_goes_to_a_leap_year():
    assert resolve_year(MonthDay(2, 29), dt.date(2021, 2, 1), dt.date(2021, 3, 1)) == dt.date(2020, 2, 29)
    assert resolve_year(MonthDay(2, 29), dt.date(2020, 2, 1), dt.date(2020, 3, 1)) == dt.date(2020, 2, 29)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("18:30", dt.time(18, 30)),
        ("18：30", dt.time(18, 30)),
        ("8:30", dt.time(8, 30)),
        ("08:30:00", dt.time(8, 30)),
        ("14点", dt.time(14)),
        ("14时30分", dt.time(14, 30)),
        ("下午2:00", dt.time(14)),
        ("上午8:30", dt.time(8, 30)),
        ("1830", dt.time(18, 30)),
        (830, dt.time(8, 30)),
        (0.7708333333, dt.time(18, 30)),
        (dt.time(18, 30), dt.time(18, 30)),
        (dt.datetime(1900, 1, 1, 18, 30), dt.time(18, 30)),  # noqa: DTZ001 - a spreadsheet knows no zone
        (dt.timedelta(hours=18, minutes=30), dt.time(18, 30)),
        ("25:00", None),
        ("8:75", None),
        ("待定", None),
        (None, None),
        (True, None),
        (7, None),
    ],
)
def test_times_are_read_in_every_style(typed, expected):
    assert parse_time(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("18:30-21:50", (dt.time(18, 30), dt.time(21, 50))),
        ("8：30至11：50", (dt.time(8, 30), dt.time(11, 50))),
        ("下午2:00～5:20", (dt.time(14), dt.time(17, 20))),
        ("08:30 — 11:50", (dt.time(8, 30), dt.time(11, 50))),
        ("18:30", None),
        ("全天", None),
        (None, None),
    ],
)
def test_time_ranges_are_cut_in_two(typed, expected):
    assert parse_time_range(typed) == expected
