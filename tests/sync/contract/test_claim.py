"""补贴申报 as the contract judges it: reviewed, on notice, and every person stands on what is accepted."""

from __future__ import annotations

import pytest

from desktop_app.domain.claims.keys import claim_key
from sync.contract.kinds import ReportKind
from sync.contract.validation import Judge
from sync.contract.wire import in_order, put
from tests.sync.statements import TODAY, MemoryStatements, SmallClass

SMALL = SmallClass()
CLAIM = ReportKind.CLAIM
KEY = claim_key(SMALL.id, "skill_action", TODAY)


@pytest.fixture
def accepted():
    """Everything of the small class up to its certificates is accepted."""
    memory = MemoryStatements()
    for kind, records in SMALL.everything().items():
        memory.put(kind, SMALL.subject, records)
    return memory


def claim(key=KEY, **changes):
    fields = {
        "channel": "skill_action",
        "made_on": "2020-12-01",
        "submitted_on": "2020-12-20",
        "reviewed_on": "2020-12-02",
        "notice_from": "2020-12-03",
        "notice_until": "2020-12-10",
        "payee_kind": "institution",
        "holder": "江城职院",
        "bank": "工行",
        "account": "32020000",
    }
    return put("claim", key, {name: value for name, value in (fields | changes).items() if value is not None})


def line(trainee=None, **changes):
    fields = {
        "group": "unemployed",
        "fen": 120_000,
        "standard_fen": 120_000,
        "planned_hours": 60,
        "attended_hours": 56,
        "certified": True,
    }
    return put("claim_line", KEY + (trainee or SMALL.trainees[0]), fields | changes)


def codes(accepted, *records):
    verdict = Judge(accepted, TODAY).judge(CLAIM, SMALL.subject, in_order(list(records)), corrects=True)
    return sorted(told.problem.code for told in verdict.rejected)


def test_a_claim_with_one_person_is_accepted(accepted):
    assert codes(accepted, claim(), line()) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"channel": "employment_fund"}, "CLAIM_CHANNEL_DIFFERS"),
        ({"submitted_on": "2020-12-21"}, "CLAIM_IN_FUTURE"),
        ({"notice_until": "2020-12-20"}, "CLAIM_NOTICE_NOT_OVER"),
        ({"notice_from": "2020-12-11"}, "CLAIM_NOTICE_NOT_OVER"),
        ({"bank": None}, "CLAIM_ACCOUNT_MISSING"),
    ],
)
def test_a_claim_that_is_not_ready_is_rejected(accepted, changes, expected):
    assert codes(accepted, claim(**changes)) == [expected]


def test_a_claim_of_another_class_is_no_record_of_this_report(accepted):
    assert codes(accepted, claim(claim_key(b"x" * 16, "skill_action", TODAY))) == ["CLASS_NOT_OF_REPORT"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"fen": 120_001}, "CLAIM_OVER_STANDARD"),
        ({"fen": 0}, "CLAIM_OVER_STANDARD"),
        ({"attended_hours": 61}, "HOURS_OVER_PLAN"),
    ],
)
def test_a_person_over_the_standard_or_the_plan_is_rejected(accepted, changes, expected):
    assert codes(accepted, claim(), line(**changes)) == [expected]


def test_a_person_waits_for_the_claim_and_for_the_enrolment(accepted):
    assert codes(accepted, line()) == ["PARENT_MISSING"]
    found = codes(accepted, claim(), line(b"n" * 16))
    assert found == ["CLAIM_WITHOUT_CERTIFICATE", "CLAIM_WITHOUT_PASS", "PARENT_MISSING"]


def test_a_person_who_is_paid_in_person_needs_an_account(accepted):
    own = claim(payee_kind="person", holder=None, bank=None, account=None)
    assert codes(accepted, own, line()) == ["CLAIM_ACCOUNT_MISSING"]
    assert codes(accepted, own, line(holder="钱进", bank="农行", account="6222")) == []
