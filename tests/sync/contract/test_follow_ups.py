"""就业月报 and 整改回复 as the contract judges them, at both edges."""

from __future__ import annotations

import pytest

from desktop_app.domain.employment import read_month
from desktop_app.domain.ids import numbered
from sync.contract.kinds import ReportKind
from sync.contract.validation import Judge
from sync.contract.wire import in_order, put
from tests.sync.statements import TODAY, MemoryStatements, SmallClass, new_id

SMALL = SmallClass()
WORKING = {
    "status": "employed",
    "followed_on": "2020-12-19",
    "employer": "东风电气",
    "voucher_kind": "contract",
    "voucher_on": "2020-12-18",
}
ORDER = new_id(77)
REPLY = {"document": "督1号", "measures": "已补齐", "responsible": "王主任", "replied_on": "2020-12-20"}


@pytest.fixture
def accepted():
    memory = MemoryStatements()
    for kind, records in SMALL.everything().items():
        memory.put(kind, SMALL.subject, records)
    return memory


def codes(memory, kind, subject, record):
    verdict = Judge(memory, TODAY).judge(kind, subject, in_order([record]), corrects=True)
    return sorted((told.problem.code, told.problem.field) for told in verdict.rejected)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"voucher_on": "2020-11-16"}, []),
        ({"voucher_on": "2020-11-15"}, [("VOUCHER_BEFORE_TRAINING", "voucher_on")]),
        ({"followed_on": "2020-12-20"}, []),
        ({"followed_on": "2020-12-21"}, [("FOLLOW_UP_IN_FUTURE", "followed_on")]),
        ({"followed_on": "2020-11-30"}, [("FOLLOW_UP_NOT_OF_MONTH", "followed_on")]),
        ({"contract_from": "2020-12-01", "contract_until": "2020-12-01"}, []),
        (
            {"contract_from": "2020-12-02", "contract_until": "2020-12-01"},
            [("CONTRACT_DATES_REVERSED", "contract_until")],
        ),
        ({"status": "retired"}, [("FIELD_NOT_IN_LIST", "status")]),
    ],
)
def test_a_follow_up_is_of_its_month_and_proved_after_the_training_began(accepted, changes, expected):
    key = numbered(SMALL.id + SMALL.trainees[0], read_month("2020-12"))
    record = put("follow_up", key, WORKING | changes)
    assert codes(accepted, ReportKind.EMPLOYMENT, SMALL.subject, record) == expected


def test_a_follow_up_is_of_a_member_of_the_reports_class(accepted):
    stranger = put("follow_up", numbered(SMALL.id + new_id(999), read_month("2020-12")), WORKING)
    assert codes(accepted, ReportKind.EMPLOYMENT, SMALL.subject, stranger) == [("PARENT_MISSING", None)]
    other = put("follow_up", numbered(new_id(5) + SMALL.trainees[0], read_month("2020-12")), WORKING)
    assert codes(accepted, ReportKind.EMPLOYMENT, SMALL.subject, other) == [("CLASS_NOT_OF_REPORT", None)]


@pytest.mark.parametrize(
    ("key", "changes", "expected"),
    [
        (ORDER, {}, []),
        (ORDER, {"replied_on": "2020-12-21"}, [("RECTIFICATION_IN_FUTURE", "replied_on")]),
        (new_id(78), {}, [("RECTIFICATION_NOT_OF_REPORT", None)]),
        (ORDER, {"measures": ""}, [("FIELD_MISSING", "measures")]),
    ],
)
def test_a_reply_is_to_the_reports_own_order_on_a_day_that_has_come(key, changes, expected):
    record = put("rectification", key, REPLY | changes)
    assert codes(MemoryStatements(), ReportKind.RECTIFICATION, ORDER.hex(), record) == expected
