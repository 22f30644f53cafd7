"""Policy parameters: read as of the date, region, channel; owner first."""

from __future__ import annotations

from datetime import date

import pytest

import resources
from desktop_app.domain.errors import AppError
from desktop_app.domain.policy_definitions import (
    LIMITS,
    check_value,
    definition,
    definitions,
    families,
    plain_text,
    read_value,
)
from desktop_app.domain.policy_parameters import Owner, PolicyParameter, look_up, shipped

DAY = date(2020, 11, 2)


def test_the_shipped_values_are_those_of_the_requirements() -> None:
    values = {parameter.code: parameter.value for parameter in shipped()}
    assert len(values) == len(shipped())
    assert values["hour_minutes"] == 45
    assert values["hours_per_day"] == 8
    assert values["class_size"] == 50
    assert values["attendance_rate"] == 8000
    assert values["age_lower"] == 16
    assert values["filing_working_days"] == 5
    assert values["late_add_days"] == 2
    assert values["claim_months"] == 12
    assert values["notice_working_days"] == 5
    assert values["yearly_subsidies"] is None
    assert values["official_leave_counts"] is False
    assert values["lates_per_absence"] == 0


def test_only_the_notices_own_numbers_block() -> None:
    assert {parameter.code for parameter in shipped() if parameter.blocks} == {
        "graduate_years",
        "performance_ratio",
        "audit_tracks",
    }


def test_a_document_number_or_the_platform_makes_a_value_binding() -> None:
    assert not PolicyParameter("x", 1).blocks
    assert not PolicyParameter("x", 1, document="").blocks
    assert not PolicyParameter("x", 1, owner=Owner.INSTITUTION).blocks
    assert PolicyParameter("x", 1, document="武人社〔2020〕5号").blocks
    assert PolicyParameter("x", 1, owner=Owner.PLATFORM).blocks


def test_the_platforms_value_goes_before_the_institutions_and_that_before_the_shipped() -> None:
    own = PolicyParameter("class_size", 40, owner=Owner.INSTITUTION)
    platform = PolicyParameter("class_size", 45, owner=Owner.PLATFORM)
    assert look_up("class_size", DAY).value == 50
    assert look_up("class_size", DAY, records=[own]).value == 40
    assert look_up("class_size", DAY, records=[platform, own]).value == 45


def test_dates_are_included_at_both_ends() -> None:
    limited = PolicyParameter(
        "class_size", 30, since=date(2020, 11, 1), until=date(2020, 11, 30), owner=Owner.INSTITUTION
    )
    on = [date(2020, 10, 31), date(2020, 11, 1), date(2020, 11, 30), date(2020, 12, 1)]
    assert [look_up("class_size", day, records=[limited]).value for day in on] == [50, 30, 30, 50]


def test_the_later_start_goes_first() -> None:
    old = PolicyParameter("class_size", 30, since=date(2019, 1, 1), owner=Owner.INSTITUTION)
    new = PolicyParameter("class_size", 35, since=date(2020, 1, 1), owner=Owner.INSTITUTION)
    assert look_up("class_size", DAY, records=[new, old]).value == 35
    assert look_up("class_size", date(2019, 12, 31), records=[new, old]).value == 30


def test_channel_and_nearer_region_go_before_the_general_value() -> None:
    city = PolicyParameter("class_size", 40, region="420100", owner=Owner.INSTITUTION)
    county = PolicyParameter("class_size", 35, region="420115", owner=Owner.INSTITUTION)
    channel = PolicyParameter("class_size", 30, channel="skill_action", owner=Owner.INSTITUTION)
    records = [city, county, channel]
    assert look_up("class_size", DAY, region="420115", records=records).value == 35
    assert look_up("class_size", DAY, region="420116", records=records).value == 40
    assert look_up("class_size", DAY, region="429004", records=records).value == 50
    assert look_up("class_size", DAY, records=records).value == 50
    assert look_up("class_size", DAY, region="420115", channel="skill_action", records=records).value == 30
    assert look_up("class_size", DAY, channel="self_paid", records=records).value == 50


def test_an_unknown_parameter_and_a_text_are_told_apart() -> None:
    with pytest.raises(AppError) as unknown:
        look_up("colour", DAY)
    assert unknown.value.code == "PARAMETER_UNKNOWN"
    with pytest.raises(AppError) as text:
        look_up("age_upper", DAY).number()
    assert text.value.code == "PARAMETER_TYPE"
    assert look_up("yearly_subsidies", DAY).number(default=9) == 9
    assert look_up("class_size", DAY).number() == 50


def test_every_parameter_has_words_for_its_area_and_its_unit() -> None:
    for one in (*definitions(), *families()):
        assert resources.has_text(f"policy.area.{one.area}"), one.code
        if one.unit in LIMITS and one.unit != "ratio":
            assert resources.has_text(f"policy.unit.{one.unit}"), one.code


def test_every_shipped_value_is_one_that_could_be_set() -> None:
    for one in shipped():
        assert check_value(definition(one.code), one.value) == one.value, one.code
        assert read_value(definition(one.code), plain_text(definition(one.code), one.value)) == one.value, (
            one.code
        )


@pytest.mark.parametrize(
    ("code", "text", "value"),
    [
        ("attendance_rate", "80", 8000),
        ("attendance_rate", "79.96％", 7996),
        ("attendance_rate", "100%", 10_000),
        ("class_size", " ４０ ", 40),
        ("official_leave_counts", "是", True),
        ("yearly_subsidies", "不设", None),
        ("channel:veteran", "专账", "skill_action"),
    ],
)
def test_what_an_office_types_is_read(code: str, text: str, value: object) -> None:
    assert read_value(definition(code), text) == value


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("attendance_rate", "101%"),
        ("attendance_rate", "8000"),
        ("attendance_rate", "80.001%"),
        ("class_size", "四十"),
        ("class_size", "不设"),
        ("class_size", "-1"),
        ("official_leave_counts", "maybe"),
        ("channel:veteran", "金库"),
        ("subsidy_amounts", "{"),
    ],
)
def test_what_is_no_value_is_refused(code: str, text: str) -> None:
    with pytest.raises(AppError) as refused:
        read_value(definition(code), text)
    assert refused.value.code in {"PARAMETER_VALUE", "PARAMETER_RANGE"}
