"""The contract's code lists are the domain's, and the demo's seed holds by them."""

from __future__ import annotations

from typing import get_args

import pytest

import resources
from desktop_app.domain import codes
from desktop_app.domain.assessments import AssessmentKind, ComponentCode, Conclusion, PassRule, ScoreState
from desktop_app.domain.attendance import LeaveReason, MarkStatus
from desktop_app.domain.certificates import CertificateKind, check_number
from desktop_app.domain.credit_codes import check_uscc
from desktop_app.domain.regions import region
from sync.contract import field_types


@pytest.mark.parametrize(
    ("told", "known"),
    [
        (field_types.MarkStatus, MarkStatus),
        (field_types.LeaveReason, LeaveReason),
        (field_types.AssessmentKind, AssessmentKind),
        (field_types.AssessmentRule, PassRule),
        (field_types.Component, ComponentCode),
        (field_types.ScoreState, ScoreState),
        (field_types.Conclusion, Conclusion),
        (field_types.CertificateKind, CertificateKind),
    ],
)
def test_a_list_of_the_contract_is_the_domains(told, known):
    assert set(get_args(told)) == {one.value for one in known}


@pytest.mark.parametrize(("told", "table"), [(field_types.Sex, "sex"), (field_types.Category, "categories")])
def test_a_list_of_the_contract_is_the_code_table(told, table):
    assert set(get_args(told)) == set(codes.table(table).by_code)


def test_the_demos_seed_is_valid_in_every_number():
    seed = resources.load_json("demo", "platform.json")
    for one in seed["institutions"]:
        assert check_uscc(one["uscc"]).problem is None
        assert region(one["region"]) is not None
    for one in seed["projects"]:
        assert codes.level(one["level"]) is not None
        assert region(one["area"]) is not None
    (number,) = seed["certificate_numbers"]
    assert check_number(number["number"]).warning is None
    assert number["uscc"] in {one["uscc"] for one in seed["institutions"][1:]}
