"""Wishes, consent texts and the way into a class."""

from __future__ import annotations

from datetime import date

import pytest

from desktop_app.domain import willingness as w
from desktop_app.domain.policy_parameters import PolicyParameter, look_up
from desktop_app.domain.qualification import Enrolling
from desktop_app.domain.rules import Severity

START = date(2020, 11, 2)
LATE = look_up("late_add_days", START)
PERSON = bytes(16)


def test_the_same_wish_is_one_record_however_it_is_spelt():
    assert w.willingness_id(PERSON, "电工") == w.willingness_id(PERSON, " 电 工")
    assert w.willingness_id(PERSON, "电工") != w.willingness_id(PERSON, "焊工")


@pytest.mark.parametrize(("trade", "of_class", "fits"), [("电工", "电工", True), ("电工", "焊工", False),
                                                         ("", "焊工", True), ("电工", None, False)])  # fmt: skip
def test_a_wish_fits_classes_of_its_trade(trade, of_class, fits):
    assert w.wants(trade, of_class) is fits


@pytest.mark.parametrize(("day", "found"), [(4, []), (5, ["LATE_ADD"]), (1, [])])
def test_people_are_added_within_two_days_of_the_opening(day, found):
    findings = w.check_late(["王建国"], "电工01班", START, date(2020, 11, day), LATE)
    assert [one.error.code for one in findings] == found
    assert all(one.severity is Severity.WARN for one in findings)


def test_a_limit_with_a_document_blocks():
    bound = PolicyParameter("late_add_days", 2, "days", "增员", document="鄂人社发〔2021〕1号")
    found = w.check_late(["王建国"], "电工01班", START, date(2020, 11, 9), bound)
    assert found[0].severity is Severity.BLOCK


def test_missing_consent_is_told_in_one_sentence():
    (found,) = w.check_consent(["甲", "乙", "丙", "丁"], "电工01班")
    assert found.error.params == {"person": "甲、乙、丙…", "count": 4, "class_code": "电工01班"}
    assert w.check_consent([], "电工01班") == ()


def test_a_class_without_a_project_takes_nobody_by_application():
    assert w.check_project("电工01班", has_project=True) == ()
    assert w.check_project("电工01班", has_project=False)[0].severity is Severity.BLOCK


def test_a_decision_needs_its_reason():
    who = Enrolling("王建国", "电工01班", START)
    assert w.check_decision(who, " ")[0].error.code == "DECISION_REASON_MISSING"
    assert w.check_decision(who, "名额已满") == ()


def test_the_consent_text_is_that_of_the_day():
    assert w.consent_text(date(2020, 12, 1)).version == "2020-11"
    assert w.consent_text(date(2019, 1, 1)) == w.consent_texts()[0]
    assert all(one.text and one.sensitive for one in w.consent_texts())
