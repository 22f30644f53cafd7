"""开班备案 as the contract judges it: complete, in order, before anything else of the class is there."""

from __future__ import annotations

import pytest

from sync.contract.kinds import ReportKind
from sync.contract.validation import Judge
from tests.sync.statements import TODAY, MemoryStatements, SmallClass

SMALL = SmallClass()
ASKED = (
    "code", "project_code", "start", "end", "planned_hours", "planned_people", "place", "head", "contact", "phone",
    "teachers", "organisation", "channel",
)  # fmt: skip


def codes(record):
    judge = Judge(MemoryStatements(), TODAY)
    verdict = judge.judge(ReportKind.OPENING, SMALL.subject, [record], corrects=True)
    return [(told.problem.code, told.problem.field) for told in verdict.rejected]


def test_an_opening_stands_alone_before_the_roster():
    assert codes(SMALL.opening()) == []


@pytest.mark.parametrize("field", ASKED)
def test_what_the_application_asks_for_is_there(field):
    assert codes(SMALL.opening(**{field: None})) == [("FIELD_MISSING", field)]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"end": "2020-11-16"}, []),
        ({"end": "2020-11-15"}, [("CLASS_DATES_REVERSED", "end")]),
        ({"channel": "lottery"}, [("FIELD_NOT_IN_LIST", "channel")]),
        ({"level": "skill9"}, [("FIELD_NOT_IN_LIST", "level")]),
        ({"channel": "enterprise"}, [("OPENING_WITHOUT_ENTERPRISE", "enterprise")]),
        ({"channel": "enterprise", "enterprise": "武汉长江电气有限公司"}, []),
        ({"planned_people": 0}, [("FIELD_OUT_OF_RANGE", "planned_people")]),
        ({"teachers": []}, [("FIELD_MISSING", "teachers")]),
        ({"teachers": [["陈志强", None, []]]}, []),
        ({"teachers": [["陈志强", "full_time", ["famous"]]]}, [("FIELD_WRONG_FORM", "teachers")]),
    ],
)
def test_what_it_says_can_be(changes, expected):
    assert codes(SMALL.opening(**changes)) == expected


def test_an_opening_of_another_class_is_not_of_this_report():
    assert codes(SmallClass(2).opening()) == [("CLASS_NOT_OF_REPORT", None)]
