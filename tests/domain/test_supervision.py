"""What an order, a cut and a disqualification block, and when a reply is one (R31)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from desktop_app.domain import supervision
from desktop_app.domain.errors import AppError
from desktop_app.domain.rules import Severity
from desktop_app.domain.supervision import Event, EventKind, Reply, Standing, Year

DAY = date(2021, 3, 1)
ORDER = Event(b"1" * 16, EventKind.ORDER, "人社局", "督1号", date(2021, 2, 1), "补签到表", date(2021, 2, 28))
CUT = Event(
    b"2" * 16, EventKind.CUT, "人社局", "督2号", date(2021, 2, 1), year=2021, quota_classes=2, quota_people=60
)
BAN = Event(b"3" * 16, EventKind.DISQUALIFY, "人社局", "督3号", DAY)
REPLY = Reply("已补齐", "王主任", date(2021, 2, 20), 1)


def closing(event, on=DAY):
    return Event(b"9" * 16, EventKind.CLOSE, "人社局", "督9号", on, order_id=event.id)


NONE = Year(2021, 0, 0)


def blocked(events, opened=NONE, people=30, on=DAY):
    found = supervision.check_opening("电工01班", people, events, opened, on)
    assert all(one.severity is Severity.BLOCK for one in found)
    return {one.error.code for one in found}


@pytest.mark.parametrize(
    ("opened", "people", "codes"),
    [
        (Year(2021, 1, 30), 30, set()),
        (Year(2021, 2, 30), 30, {"QUOTA_CLASSES"}),
        (Year(2021, 1, 30), 31, {"QUOTA_PEOPLE"}),
        (Year(2021, 2, 60), 1, {"QUOTA_CLASSES", "QUOTA_PEOPLE"}),
        (Year(2022, 9, 900), 30, set()),
    ],
)
def test_a_class_over_the_quota_of_its_year_is_blocked(opened, people, codes):
    assert blocked([CUT], opened, people) == codes


def test_the_disqualified_open_nothing_from_that_day_until_it_is_lifted():
    assert blocked([BAN]) == {"DISQUALIFIED"}
    assert blocked([BAN], on=DAY - timedelta(days=1)) == set()
    assert blocked([BAN, closing(BAN)]) == set()
    assert blocked([BAN, closing(BAN, DAY + timedelta(days=1))]) == {"DISQUALIFIED"}


@pytest.mark.parametrize(
    ("today", "reply", "ended", "standing"),
    [
        (date(2021, 2, 28), None, (), Standing.OPEN),
        (date(2021, 3, 1), None, (), Standing.OVERDUE),
        (date(2021, 3, 1), REPLY, (), Standing.REPLIED),
        (date(2021, 3, 1), None, (ORDER.id,), Standing.CLOSED),
    ],
)
def test_an_order_is_overdue_from_the_day_after_its_deadline(today, reply, ended, standing):
    assert supervision.standing(ORDER, reply, frozenset(ended), today) is standing


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, set()),
        ({"replied_on": date(2021, 2, 1)}, set()),
        ({"replied_on": date(2021, 1, 31)}, {("block", "REPLY_DATE")}),
        ({"replied_on": date(2021, 3, 2)}, {("block", "REPLY_DATE")}),
        ({"replied_on": date(2021, 2, 28)}, set()),
        ({"replied_on": date(2021, 3, 1)}, {("warn", "REPLY_LATE")}),
        ({"measures": " "}, {("block", "REPLY_EMPTY")}),
        ({"responsible": ""}, {("block", "REPLY_EMPTY")}),
        ({"files": 0}, {("warn", "REPLY_WITHOUT_EVIDENCE")}),
    ],
)
def test_a_reply_says_what_was_done_and_by_whom(changes, codes):
    found = supervision.check_reply(ORDER, replace(REPLY, **changes), DAY)
    assert {(one.severity.value, one.error.code) for one in found} == codes


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (replace(ORDER, deadline=date(2021, 1, 31)), "DEADLINE_REVERSED"),
        (replace(ORDER, deadline=None), "DEADLINE_MISSING"),
        (replace(ORDER, requirement=""), "DEADLINE_MISSING"),
        (replace(ORDER, document=" "), "SUPERVISION_DOCUMENT"),
        (replace(CUT, year=None), "QUOTA_MISSING"),
        (replace(CUT, quota_classes=None, quota_people=None), "QUOTA_MISSING"),
        (replace(closing(ORDER), order_id=None), "ORDER_MISSING"),
    ],
)
def test_an_act_that_says_too_little_is_not_published(event, code):
    with pytest.raises(AppError) as refused:
        supervision.check_event(event)
    assert refused.value.code == code


@pytest.mark.parametrize("event", [ORDER, CUT, BAN, closing(ORDER), replace(ORDER, deadline=ORDER.issued_on)])
def test_an_act_that_says_all_is_published(event):
    supervision.check_event(event)
