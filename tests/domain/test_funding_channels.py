"""资金渠道 by group, day and region (五.一): at both edges of the dates."""

from __future__ import annotations

from datetime import date

import pytest

from desktop_app.domain.errors import AppError
from desktop_app.domain.funding_channels import FundingFacts, channel_for, say_channel
from desktop_app.domain.policy_parameters import Owner, PolicyBook, PolicyParameter
from desktop_app.domain.rules import Severity

DAY = date(2020, 11, 2)


@pytest.mark.parametrize(
    ("group", "day", "code"),
    [
        ("student", DAY, "education_special"),
        ("key_group", DAY, "skill_action"),
        ("unemployed", DAY, "skill_action"),
        ("employee", date(2019, 5, 24), "skill_action"),
        ("employee", date(2019, 5, 23), "none"),
        ("employee", date(2021, 12, 31), "skill_action"),
        ("employee", date(2022, 1, 1), "none"),
        ("other", DAY, "none"),
    ],
)
def test_the_shipped_map(group: str, day: date, code: str) -> None:
    assert channel_for(group, day).code == code


def test_terms_that_are_not_met_leave_no_subsidy() -> None:
    assert channel_for("employee", DAY, facts=FundingFacts(meets_action=False)).code == "none"
    assert channel_for("student", DAY, facts=FundingFacts(meets_action=False)).code == "education_special"


def test_who_selected_the_project_pays_for_veterans() -> None:
    found = channel_for(
        "veteran", DAY, facts=FundingFacts(selected_by="veterans", document="鄂退役〔2020〕1号")
    )
    assert (found.code, found.document) == ("veteran_fund", "鄂退役〔2020〕1号")
    assert channel_for("veteran", DAY).code == "skill_action"
    with pytest.raises(AppError) as refused:
        channel_for("veteran", DAY, facts=FundingFacts(selected_by="union"))
    assert refused.value.code == "DEPARTMENT_UNKNOWN"


def test_a_region_and_a_group_may_have_channels_of_their_own() -> None:
    own = {"since": DAY, "owner": Owner.INSTITUTION}
    book = PolicyBook(
        (
            PolicyParameter("channel:employee", "enterprise", region="429004", **own),
            PolicyParameter("channel:unemployed", "unemployment_insurance", **own),
        )
    )
    assert channel_for("employee", DAY, "429004", book=book).code == "enterprise"
    assert channel_for("employee", DAY, "429005", book=book).code == "skill_action"
    assert channel_for("unemployed", DAY, book=book).code == "unemployment_insurance"
    assert channel_for("unemployed", date(2020, 11, 1), book=book).code == "skill_action"


def test_no_subsidy_is_said_and_a_channel_is_not() -> None:
    said = say_channel(channel_for("other", DAY), person="王建国", class_code="电工1班", on=DAY)
    assert [(one.severity, one.error.code, one.error.params["person"]) for one in said] == [
        (Severity.WARN, "FUNDING_NONE", "王建国")
    ]
    assert say_channel(channel_for("student", DAY), person="王建国", class_code="电工1班", on=DAY) == ()
