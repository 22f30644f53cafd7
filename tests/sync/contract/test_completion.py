"""结业 as the contract judges it: the numbers add up, and every person stands on what is accepted."""

from __future__ import annotations

import pytest

from sync.contract.kinds import ReportKind
from sync.contract.validation import Judge
from sync.contract.wire import in_order
from tests.sync.statements import TODAY, MemoryStatements, SmallClass

SMALL = SmallClass()
COMPLETION = ReportKind.COMPLETION


@pytest.fixture
def accepted():
    """Everything of the small class up to its certificates is accepted."""
    memory = MemoryStatements()
    for kind, records in SMALL.everything().items():
        memory.put(kind, SMALL.subject, records)
    return memory


def codes(accepted, *records):
    verdict = Judge(accepted, TODAY).judge(COMPLETION, SMALL.subject, in_order(list(records)), corrects=True)
    return sorted((told.problem.code, told.problem.field) for told in verdict.rejected)


def test_a_completed_class_is_accepted(accepted):
    assert codes(accepted, *SMALL.finishers()) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"completed_on": "2020-11-16"}, []),
        ({"completed_on": "2020-11-15"}, [("COMPLETION_TOO_EARLY", "completed_on")]),
        ({"completed_on": "2020-12-20"}, []),
        ({"completed_on": "2020-12-21"}, [("COMPLETION_IN_FUTURE", "completed_on")]),
        ({"completed": 1, "not_completed": 1, "withdrawn": 1, "passed": 2, "certified": 2}, []),
        ({"completed": 2, "transferred": 1}, []),
        ({"completed": 2}, [("COMPLETION_NUMBERS_DIFFER", "enrolled")]),
        ({"certified": 2}, []),
        ({"passed": 2}, [("COMPLETION_NUMBERS_DIFFER", "enrolled")]),
        ({"passed": 4, "certified": 3}, [("COMPLETION_NUMBERS_DIFFER", "enrolled")]),
    ],
)
def test_the_numbers_of_a_class_add_up(accepted, changes, expected):
    assert codes(accepted, SMALL.completion(**changes)) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"attended_hours": 0}, []),
        ({"attended_hours": 9}, [("HOURS_OVER_PLAN", "attended_hours")]),
        ({"outcome": "dropped"}, [("FIELD_NOT_IN_LIST", "outcome")]),
        ({"conclusion": "none", "certified": False, "outcome": "withdrawn"}, []),
    ],
)
def test_a_person_stays_within_the_plan(accepted, changes, expected):
    assert codes(accepted, SMALL.completion(), SMALL.finisher(0, **changes)) == expected


def test_a_pass_and_a_certificate_stand_on_what_is_accepted(accepted):
    accepted.put(ReportKind.ASSESSMENT, SMALL.subject, [SMALL.score(0, practice=500)])
    accepted.held[ReportKind.CERTIFICATE, SMALL.subject].pop(("certificate", SMALL.certificate(0).key))
    assert codes(accepted, SMALL.completion(), SMALL.finisher(0), SMALL.finisher(1)) == [
        ("FINISHER_NOT_CERTIFIED", "certified"),
        ("FINISHER_NOT_PASSED", "conclusion"),
    ]


def test_nobody_finishes_a_class_that_has_not_or_without_being_enrolled(accepted):
    assert codes(accepted, SMALL.finisher(0)) == [("PARENT_MISSING", None)]
    accepted.held[ReportKind.ROSTER, SMALL.subject].pop(("enrolment", SMALL.enrolment(0).key))
    assert codes(accepted, SMALL.completion(), SMALL.finisher(0)) == [("PARENT_MISSING", None)]


def test_a_completion_of_another_class_is_not_of_this_report(accepted):
    assert codes(accepted, SmallClass(2).completion()) == [("CLASS_NOT_OF_REPORT", None)]
