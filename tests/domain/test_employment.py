"""Rates with their base, follow-ups and their 凭证, at both edges (R36, R32)."""

from __future__ import annotations

from datetime import date

import pytest

from desktop_app.domain.employment import (
    FollowUp,
    Graduate,
    Rate,
    Status,
    VoucherKind,
    check_follow_up,
    check_rate,
    due_on,
    month_end,
    month_number,
    month_text,
    rates,
    read_month,
)
from desktop_app.domain.errors import AppError
from desktop_app.domain.policy_parameters import PolicyParameter
from desktop_app.domain.rules import Severity

BEGUN, TODAY = date(2020, 11, 9), date(2021, 3, 31)
PROVED = FollowUp(
    Status.EMPLOYED,
    date(2021, 1, 5),
    employer="东风电气",
    voucher_kind=VoucherKind.CONTRACT,
    voucher_on=date(2021, 1, 4),
)


def person(category="key_group", *history, completed=True):
    return Graduate(b"p" * 16, "范雨", category, completed, history)


def found(**changes):
    given = FollowUp(**{name: getattr(PROVED, name) for name in FollowUp.__dataclass_fields__} | changes)
    return {
        (one.severity, one.error.code) for one in check_follow_up("范雨", "电工01班", given, BEGUN, TODAY)
    }


def test_only_proved_work_counts_and_the_lost_stay_in_the_base():
    lost = FollowUp(Status.LOST, date(2021, 1, 5))
    unproved = FollowUp(Status.EMPLOYED, date(2021, 1, 5), employer="东风电气")
    people = [person("key_group", PROVED), person("key_group", lost), person("other", unproved), person()]
    assert rates(people, TODAY).employment == Rate(1, 4)


def test_students_are_outside_the_base_and_employees_stand_apart():
    people = [
        person("student", PROVED),
        person("employee", PROVED),
        person("employee"),
        person("other", PROVED),
    ]
    counted = rates(people, TODAY)
    assert (counted.employment, counted.retention, counted.students) == (Rate(1, 1), Rate(1, 2), 1)


def test_who_did_not_complete_is_in_no_base():
    assert rates([person("other", PROVED, completed=False)], TODAY).employment == Rate(0, 0)


def test_an_empty_base_shows_a_dash():
    assert Rate(0, 0).text == "—"
    assert Rate(0, 0).value is None


def test_a_rate_rounds_down_and_shows_its_base():
    assert Rate(1999, 2500).text == "79.9% (1999/2500)"


@pytest.mark.parametrize(
    ("day", "count"),
    [(date(2021, 1, 4), 0), (date(2021, 1, 5), 1), (date(2021, 2, 28), 1), (date(2021, 3, 1), 0)],
)
def test_the_count_date_decides(day, count):
    ended = FollowUp(
        Status.EMPLOYED,
        date(2021, 1, 5),
        employer="东风电气",
        contract_until=date(2021, 2, 28),
        voucher_kind=VoucherKind.CONTRACT,
        voucher_on=date(2021, 1, 4),
    )
    assert rates([person("other", ended)], day).employment.count == count


def test_the_last_follow_up_of_the_day_is_the_one_that_counts():
    later = FollowUp(Status.UNEMPLOYED, date(2021, 3, 1))
    assert rates([person("other", later, PROVED)], TODAY).employment.count == 0


@pytest.mark.parametrize("status", [Status.STUDY, Status.ARMY])
def test_study_and_army_count_by_parameter(status):
    one = FollowUp(status, date(2021, 1, 5), voucher_kind=VoucherKind.NOTICE, voucher_on=date(2021, 1, 4))
    flag = f"{status.value}_counts"
    assert rates([person("other", one)], TODAY).employment.count == 0
    assert rates([person("other", one)], TODAY, **{flag: True}).employment.count == 1


def test_what_is_proved_and_in_order_raises_nothing():
    assert found() == set()


@pytest.mark.parametrize(
    ("changes", "severity", "code"),
    [
        ({"voucher_on": date(2020, 11, 8)}, Severity.BLOCK, "VOUCHER_TOO_OLD"),
        ({"voucher_on": date(2021, 4, 1)}, Severity.BLOCK, "VOUCHER_IN_FUTURE"),
        ({"followed_on": date(2020, 11, 8)}, Severity.BLOCK, "FOLLOW_UP_DATE"),
        ({"followed_on": date(2021, 4, 1)}, Severity.BLOCK, "FOLLOW_UP_DATE"),
        ({"employer": " "}, Severity.BLOCK, "FOLLOW_UP_EMPLOYER"),
        (
            {"contract_from": date(2021, 1, 2), "contract_until": date(2021, 1, 1)},
            Severity.BLOCK,
            "CONTRACT_REVERSED",
        ),
        ({"voucher_kind": None}, Severity.WARN, "VOUCHER_MISSING"),
        ({"credit_code": "123"}, Severity.WARN, "EMPLOYER_CODE_WRONG"),
    ],
)
def test_what_is_wrong_is_named(changes, severity, code):
    assert found(**changes) == {(severity, code)}


@pytest.mark.parametrize("changes", [{"voucher_on": BEGUN}, {"voucher_on": TODAY}, {"followed_on": TODAY}])
def test_the_edges_pass(changes):
    assert found(**changes) == set()


@pytest.mark.parametrize(
    ("rate", "line", "warned"),
    [(Rate(8, 10), 8000, 0), (Rate(79, 100), 8000, 1), (Rate(0, 0), 8000, 0), (Rate(0, 10), None, 0)],
)
def test_a_rate_below_its_line_warns_and_never_blocks(rate, line, warned):
    limit = PolicyParameter("employment_rate_warning", line, document="鄂人社〔2020〕2号")
    told = check_rate("employment", "电工01班", rate, limit)
    assert [one.error.code for one in told] == ["EMPLOYMENT_RATE_LOW"] * warned
    assert all(one.severity is Severity.WARN for one in told)


def test_months_are_numbers_and_back():
    assert month_number(date(2000, 1, 31)) == 1
    assert month_text(read_month("2020-12")) == "2020-12"
    assert month_end(read_month("2020-02")) == date(2020, 2, 29)
    with pytest.raises(AppError, match="MONTH_INVALID"):
        read_month("2020-13")


def test_follow_ups_fall_due_after_one_three_and_six_months():
    ended = date(2020, 11, 30)
    first = FollowUp(Status.LOST, date(2020, 12, 30))
    assert due_on(ended, (), date(2020, 12, 29)) is None
    assert due_on(ended, (), date(2020, 12, 30)) == date(2020, 12, 30)
    assert due_on(ended, (first,), date(2021, 2, 27)) is None
    assert due_on(ended, (first,), date(2021, 2, 28)) == date(2021, 2, 28)
