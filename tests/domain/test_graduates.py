"""R15, R16, R20, R21 and R30 at both edges."""

from __future__ import annotations

from datetime import date

import pytest

from desktop_app.domain.certificates import check_issue
from desktop_app.domain.credit_bank import Bank, Conversion, Deposit, check_conversion, check_deposit
from desktop_app.domain.guidance import (
    Graduate,
    Guidance,
    GuidanceKind,
    Hire,
    Provider,
    check_guidance,
    check_hire,
    check_served,
)
from desktop_app.domain.rules import Severity
from desktop_app.domain.talent_statistics import Holding, Treatment, check_treatment, count_holders

TODAY, BEGUN, TOMORROW = date(2020, 12, 1), date(2020, 11, 3), date(2020, 12, 2)
DAY_BEFORE = date(2020, 11, 2)
NUMBER = "S000042013000204200001"
WARNS = {"CERTIFICATE_WITHOUT_ISSUER", "CERTIFICATE_SHAPE"}


def codes(findings):
    return [one.error.code for one in findings]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"passed": False}, ["CERTIFICATE_NOT_PASSED_BY"]),
        ({"kind": "special_operation"}, ["CERTIFICATE_OTHER_LAW"]),
        ({"taken_by": "孙丽"}, ["CERTIFICATE_TAKEN_BY"]),
        ({"issuer": " "}, ["CERTIFICATE_WITHOUT_ISSUER"]),
        ({"number": "S1"}, ["CERTIFICATE_SHAPE"]),
    ],
)
def test_a_certificate_needs_a_pass_a_free_number_and_an_issuer(changed, expected):
    given = {"passed": True, "kind": "level", "issuer": "评价中心", "number": NUMBER, "taken_by": None}
    found = check_issue("钱进", "一班", **(given | changed))
    assert codes(found) == expected
    assert all((one.severity is Severity.WARN) == (one.error.code in WARNS) for one in found)


def test_who_is_unemployed_and_unserved_is_named_and_nobody_else():
    people = [Graduate(b"1", "甲", False, 0), Graduate(b"2", "乙", False, 1), Graduate(b"3", "丙", True, 0)]
    found = check_served("一班", people)
    assert [(one.error.params["name"], one.severity) for one in found] == [("甲", Severity.WARN)]


@pytest.mark.parametrize(
    ("day", "wrong"), [(DAY_BEFORE, True), (BEGUN, False), (TODAY, False), (TOMORROW, True)]
)
def test_a_service_lies_between_start_and_today(day, wrong):
    given = Guidance(GuidanceKind.CAREER, day)
    assert bool(check_guidance("甲", "一班", given, BEGUN, TODAY, None)) is wrong


def test_an_organisation_that_nobody_named_gives_no_service():
    given = Guidance(GuidanceKind.STARTUP, TODAY, Provider.ORGANISATION)
    assert codes(check_guidance("甲", "一班", given, None, TODAY, None)) == ["GUIDANCE_NOBODY"]
    assert check_guidance("甲", "一班", given, None, TODAY, "评价中心") == ()


@pytest.mark.parametrize(
    ("hire", "expected"),
    [
        (Hire("东风", TODAY, "评价中心"), []),
        (Hire("东风", TOMORROW, "评价中心"), ["HIRE_DATE"]),
        (Hire(" ", TODAY, "评价中心"), ["HIRE_EMPLOYER"]),
        (Hire("东风", TODAY, "别家"), ["HIRE_OTHER_ORGANISATION"]),
        (Hire("东风", TODAY, "评价中心", credit_code="123"), ["HIRE_CREDIT_CODE"]),
    ],
)
def test_a_hire_is_by_a_partner_of_the_named_organisation(hire, expected):
    assert codes(check_hire("甲", "一班", hire, "评价中心", TODAY)) == expected


@pytest.mark.parametrize(
    ("deposit", "state", "already", "expected"),
    [
        (Deposit(Bank.HUBEI, "1", TODAY), "issued", False, []),
        (Deposit(Bank.HUBEI, "1", TODAY), "handed_over", True, ["CREDIT_TWICE"]),
        (Deposit(Bank.HUBEI, "1", None), "issued", False, ["CREDIT_CONSENT"]),
        (Deposit(Bank.HUBEI, "1", TOMORROW), "issued", False, ["CREDIT_CONSENT"]),
        (Deposit(Bank.NATIONAL, " ", TODAY), "issued", False, ["CREDIT_ACCOUNT"]),
        (Deposit(Bank.NATIONAL, "1", TODAY), "void", False, ["CREDIT_NO_CERTIFICATE"]),
        (Deposit(Bank.NATIONAL, "1", TODAY), "pending", False, ["CREDIT_NO_CERTIFICATE"]),
    ],
)
def test_a_deposit_needs_consent_account_and_a_certificate_once(deposit, state, already, expected):
    assert codes(check_deposit("甲", "一班", deposit, state=state, already=already, today=TODAY)) == expected


@pytest.mark.parametrize(
    ("tenths", "day", "wrong"), [(0, TODAY, True), (1, TODAY, False), (1, TOMORROW, True)]
)
def test_a_conversion_is_above_nothing_and_not_to_come(tenths, day, wrong):
    assert bool(check_conversion("甲", "一班", Conversion("电工", "学院", day, tenths), TODAY)) is wrong


def test_each_person_counts_once_in_a_group_and_only_up_to_the_day():
    def held(person, level, day, state="issued"):
        return Holding(person, level, "电工", "420111", day, state)

    found = count_holders(
        [
            held(b"1", "skill5", TODAY),
            held(b"1", "skill4", TODAY),
            held(b"2", "skill5", TODAY, "handed_over"),
            held(b"3", "skill5", TOMORROW),
            held(b"4", "skill5", TODAY, "void"),
            held(b"5", "skill5", None),
        ],
        TODAY,
    )
    assert (found.people, found.certificates) == (2, 3)
    assert found.by_level == (("skill4", 1), ("skill5", 2))
    assert (found.by_trade, found.by_region) == ((("电工", 2),), (("420111", 2),))


@pytest.mark.parametrize(
    ("since", "held_since", "expected"),
    [
        (BEGUN, BEGUN, []),
        (TODAY, BEGUN, []),
        (DAY_BEFORE, BEGUN, ["TREATMENT_DATE"]),
        (TOMORROW, BEGUN, ["TREATMENT_DATE"]),
        (TODAY, None, ["TREATMENT_WITHOUT_CERTIFICATE"]),
    ],
)
def test_treatment_follows_the_certificate(since, held_since, expected):
    assert codes(check_treatment("甲", Treatment("东风", "津贴", since), held_since, TODAY)) == expected
