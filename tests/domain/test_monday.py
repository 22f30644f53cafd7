"""Where a class stands still, since when, and into which column the age of money falls."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from desktop_app.domain.monday import ClassStanding, Stuck, age_of, by_stage, stuck

TODAY = date(2020, 12, 28)
START, END, STEP = date(2020, 11, 1), date(2020, 12, 20), date(2020, 12, 21)
CLASS = ClassStanding(b"\1" * 16, "电工2020-01班", "running", STEP, START, END, "王老师")


@pytest.mark.parametrize(
    ("change", "cause", "since"),
    [
        ({"state": "preparing"}, Stuck.NOT_OPENED, START),
        ({"state": "filed"}, Stuck.NOT_OPENED, START),
        ({"state": "suspended"}, Stuck.SUSPENDED, STEP),
        ({}, Stuck.NOT_FINISHED, END),
        ({"unmarked": 2, "unmarked_since": date(2020, 12, 1)}, Stuck.UNMARKED, date(2020, 12, 1)),
        ({"state": "taught"}, Stuck.NOT_ASSESSED, STEP),
        ({"state": "assessed", "assessed_on": date(2020, 12, 22)}, Stuck.NOT_COMPLETED, date(2020, 12, 22)),
    ],
)
def test_a_class_stands_still_for_a_cause_since_a_day(change: dict[str, object], cause: Stuck, since: date):
    found = stuck(replace(CLASS, **change), TODAY)  # type: ignore[arg-type]
    assert found is not None
    assert (found.cause, found.since, found.days) == (cause, since, (TODAY - since).days)
    assert (found.class_code, found.who) == ("电工2020-01班", "王老师")


@pytest.mark.parametrize(
    "change",
    [
        {"end_on": TODAY},
        {"state": "preparing", "start_on": TODAY},
        {"state": "completed"},
        {"state": "archived"},
        {"state": "cancelled"},
        {"state": "running", "end_on": None},
    ],
)
def test_a_class_that_goes_on_or_is_over_is_not_named(change: dict[str, object]):
    assert stuck(replace(CLASS, **change), TODAY) is None  # type: ignore[arg-type]


def test_stages_are_counted_in_the_order_of_a_life():
    assert by_stage(["completed", None, "preparing", "running"]) == (
        ("preparing", 1),
        ("running", 2),
        ("completed", 1),
    )


@pytest.mark.parametrize(("days", "column"), [(0, 0), (30, 0), (31, 1), (60, 1), (61, 2), (90, 2), (91, 3)])
def test_money_ages_by_thirty_days(days: int, column: int):
    assert age_of(TODAY - timedelta(days=days), TODAY) == column
