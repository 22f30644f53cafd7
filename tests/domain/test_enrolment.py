"""Membership periods: every day is in or out by one rule."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain import enrolment
from desktop_app.domain.enrolment import Period
from desktop_app.domain.errors import AppError

START = date(2020, 11, 2)


def day(number):
    return START + timedelta(days=number)


def refused(act, *given_, **named):
    with pytest.raises(AppError) as caught:
        act(*given_, **named)
    return caught.value.code


def test_both_ends_of_a_period_belong_to_it():
    periods = (Period(day(0), day(5)),)
    assert [enrolment.is_member(periods, day(n)) for n in (-1, 0, 5, 6)] == [False, True, True, False]


def test_a_record_without_periods_belongs_to_no_class():
    assert not enrolment.is_member((), day(0))
    assert not enrolment.is_member_now(())
    assert refused(enrolment.leave, (), day(0)) == "NOT_A_MEMBER"


def test_leaving_keeps_the_days_up_to_the_last_one():
    left = enrolment.leave((Period(day(0)),), day(3))
    assert left == (Period(day(0), day(3)),)
    assert not enrolment.is_member_now(left)


def test_leaving_before_the_first_day_leaves_no_day():
    left = enrolment.leave((Period(day(4)),), day(2))
    assert not any(enrolment.is_member(left, day(n)) for n in range(10))


def test_coming_back_adds_a_period_to_the_same_record():
    left = enrolment.leave((Period(day(0)),), day(3))
    back = enrolment.join(left, day(5))
    assert [enrolment.is_member(back, day(n)) for n in (3, 4, 5)] == [True, False, True]


def test_nobody_joins_twice_or_leaves_twice():
    running, left = (Period(day(0)),), (Period(day(0), day(3)),)
    assert refused(enrolment.join, running, day(9)) == "MEMBER_ALREADY"
    assert refused(enrolment.join, left, day(3)) == "JOIN_BEFORE_LEAVING"
    assert refused(enrolment.leave, left, day(9)) == "NOT_A_MEMBER"


A, B, C = (bytes([number]) * 16 for number in (1, 2, 3))


def test_carried_hours_are_not_negative():
    assert refused(enrolment.carry, A, -1, (), B, ()) == "CARRIED_HOURS_NEGATIVE"
    assert enrolment.carry(A, 0, (), B, ()) == ()


def test_carried_hours_are_stored_and_read():
    carried = ((A, 8), (B, 4))
    assert enrolment.read_carried(enrolment.stored_carried(carried)) == carried
    assert enrolment.read_carried(None) == ()


def test_who_comes_back_is_not_credited_with_the_class_s_own_hours():
    to_b = enrolment.carry(A, 8, (), B, ())
    to_c = enrolment.carry(B, 4, to_b, C, ())
    assert dict(to_c) == {A: 8, B: 4}
    assert dict(enrolment.carry(C, 12, to_c, A, ())) == {B: 4, C: 12}


@given(st.lists(st.tuples(st.sampled_from([A, B, C]), st.integers(0, 9)), min_size=1, max_size=10))
def test_attended_hours_are_counted_once_however_often_somebody_changes_class(moves):
    attended = dict.fromkeys((A, B, C), 0)
    carried = dict.fromkeys((A, B, C), ())
    here = A
    for target, hours in moves:
        attended[here] += hours
        if target != here:
            carried[target] = enrolment.carry(here, attended[here], carried[here], target, carried[target])
            here = target
    assert attended[here] + enrolment.carried_hours(carried[here]) == sum(attended.values())


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 40)), max_size=12))
def test_periods_stay_in_order_and_never_overlap(acts):
    periods = (Period(day(0)),)
    for joins, number in acts:
        try:
            periods = enrolment.join(periods, day(number)) if joins else enrolment.leave(periods, day(number))
        except AppError:
            continue
    for former, later in itertools.pairwise(periods):
        assert former.last is not None
        assert former.last < later.first
    assert enrolment.read_periods(enrolment.stored_periods(periods)) == periods
    for number in range(-2, 45):
        holders = [one for one in periods if one.holds(day(number))]
        assert len(holders) == (1 if enrolment.is_member(periods, day(number)) else 0)
