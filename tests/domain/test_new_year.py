"""Numbers begin again each year and are never used twice; codes of projects take the new year."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from desktop_app.domain.new_year import NextCode, carried, next_codes, renamed
from desktop_app.domain.policy_parameters import Owner, PolicyParameter


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("DG-2020-01", "DG-2021-01"),
        ("2020电工", "2021电工"),
        ("DG-01", None),
        ("DG-2019-01", None),
        ("120201", None),
    ],
)
def test_a_code_takes_the_new_year_where_it_names_the_former(code: str, found: str | None):
    assert renamed(code, 2021) == found


def test_numbers_begin_again_with_the_year():
    codes = ["电工2020-01班", "电工2020-02班", "焊工2020-03班"]
    assert next_codes(codes, 2021) == (
        NextCode("焊工2020-03班", "焊工2021-01班"),
        NextCode("电工2020-02班", "电工2021-01班"),
    )


def test_a_number_of_the_year_is_never_given_twice():
    assert next_codes(["电工2020-07班", "电工2021-01班", "电工2021-03班"], 2021) == (
        NextCode("电工2021-03班", "电工2021-04班"),
    )


def test_codes_of_other_shapes_and_years_are_left_alone():
    assert next_codes(["暑期班", "电工2018-01班"], 2021) == ()


def test_own_values_that_end_with_the_year_hold_for_the_next_until_their_document_comes():
    ended = PolicyParameter(
        "class_size", 40, document="武人社〔2020〕1号", since=date(2020, 3, 1), until=date(2020, 12, 31),
        owner=Owner.INSTITUTION,
    )  # fmt: skip
    (found,) = carried([ended], 2021)
    assert (found.value, found.since, found.until) == (40, date(2021, 1, 1), date(2021, 12, 31))
    assert (found.document, found.blocks) == (None, False)
    for left in (
        replace(ended, until=None),
        replace(ended, until=date(2019, 12, 31)),
        replace(ended, owner=Owner.PLATFORM),
    ):
        assert carried([left], 2021) == ()
    assert carried([ended, found], 2021) == ()
    assert carried([ended, replace(found, region="420100")], 2021) == (found,)
