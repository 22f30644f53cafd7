"""Counts by 人数 and 人次, each by its own day; a sent report is compared with the same report run again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.errors import AppError
from desktop_app.domain.statistics import (
    Dimension,
    Fact,
    Figure,
    Measure,
    Scope,
    behind,
    differences,
    read_figures,
    tabulate,
)

YEAR = Scope(date(2020, 1, 1), date(2020, 12, 31))
FIRST, SECOND = b"\1" * 16, b"\2" * 16


def fact(person: str, on: date, measure: Measure = Measure.TRAINED, **more: object) -> Fact:
    return Fact(measure, person, FIRST, person.encode().ljust(16, b"\0"), on, **more)  # type: ignore[arg-type]


def total(facts: list[Fact], measure: Measure, scope: Scope = YEAR) -> Figure:
    (found,) = [one for one in tabulate(facts, scope, Dimension.TOTAL) if one.measure is measure]
    return found


def test_a_person_trained_twice_is_one_of_two_times():
    facts = [fact("甲", date(2020, 3, 1)), fact("甲", date(2020, 9, 1)), fact("乙", date(2020, 9, 1))]
    found = total(facts, Measure.TRAINED)
    assert (found.people, found.times) == (2, 3)


def test_a_class_across_new_year_falls_into_each_year_by_the_basis_of_the_figure():
    facts = [
        fact("甲", date(2020, 12, 20)),
        fact("甲", date(2021, 1, 12), Measure.PASSED),
        fact("甲", date(2021, 1, 20), Measure.CERTIFIED),
    ]
    year = {measure: total(facts, measure).times for measure in Measure}
    following = Scope(date(2021, 1, 1), date(2021, 12, 31))
    later = {measure: total(facts, measure, following).times for measure in Measure}
    assert (year[Measure.TRAINED], year[Measure.PASSED], year[Measure.CERTIFIED]) == (1, 0, 0)
    assert (later[Measure.TRAINED], later[Measure.PASSED], later[Measure.CERTIFIED]) == (0, 1, 1)


def test_both_ends_of_a_period_belong_to_it():
    facts = [fact("甲", YEAR.first), fact("乙", YEAR.last), fact("丙", YEAR.last + timedelta(days=1))]
    assert total(facts, Measure.TRAINED).times == 2


def test_who_did_not_pass_is_only_in_the_base():
    facts = [
        fact("甲", date(2020, 5, 1), Measure.PASSED),
        fact("乙", date(2020, 5, 1), Measure.PASSED, counts=False),
    ]
    found = total(facts, Measure.PASSED)
    assert (found.times, found.base) == (1, 2)


def test_money_and_hours_are_summed():
    facts = [fact("甲", date(2020, 5, 1), Measure.FUNDED, amount=150_050)] * 2
    assert total(facts, Measure.FUNDED).amount == 300_100
    hours = [fact("甲", date(2020, 5, 1), Measure.ATTENDED, amount=48, planned=60)]
    assert (total(hours, Measure.ATTENDED).amount, total(hours, Measure.ATTENDED).planned) == (48, 60)


def test_every_figure_opens_the_facts_that_it_counts():
    facts = [
        fact("甲", date(2020, 3, 1), group="student", trade="电工", region="420100"),
        fact("乙", date(2020, 4, 1), group="key_group", trade="焊工", region="420100"),
        fact("丙", date(2021, 4, 1), group="student", trade="电工", region="420100"),
    ]
    for dimension in Dimension:
        for figure in tabulate(facts, YEAR, dimension):
            assert len(behind(facts, YEAR, figure)) == figure.times


@given(
    st.lists(
        st.tuples(
            st.sampled_from("甲乙丙"), st.integers(0, 500), st.sampled_from(Measure), st.integers(0, 10**6)
        ),
        max_size=30,
    )
)
def test_groups_of_every_dimension_sum_to_the_total(rows: list[tuple[str, int, Measure, int]]):
    facts = [
        fact(
            person,
            date(2020, 1, 1) + timedelta(days=days),
            measure,
            amount=amount,
            group=person,
            trade=str(amount % 3),
        )
        for person, days, measure, amount in rows
    ]
    whole = {one.measure: one for one in tabulate(facts, YEAR, Dimension.TOTAL)}
    for dimension in (Dimension.GROUP, Dimension.TRADE, Dimension.REGION, Dimension.PERIOD):
        parts = tabulate(facts, YEAR, dimension)
        for measure, figure in whole.items():
            own = [one for one in parts if one.measure is measure]
            assert sum(one.times for one in own) == figure.times
            assert sum(one.amount for one in own) == figure.amount
            assert max((one.people for one in own), default=0) <= figure.people


def test_a_report_that_is_run_again_shows_what_changed():
    before = tabulate([fact("甲", date(2020, 3, 1))], YEAR, Dimension.TOTAL)
    assert differences(before, before) == ()
    now = tabulate([fact("甲", date(2020, 3, 1)), fact("乙", date(2020, 3, 1))], YEAR, Dimension.TOTAL)
    (found,) = differences(before, now)
    assert found.sent is not None
    assert found.now is not None
    assert (found.sent.times, found.now.times) == (1, 2)


def test_a_group_that_came_or_went_is_a_difference():
    before = tabulate([fact("甲", date(2020, 3, 1), trade="电工")], YEAR, Dimension.TRADE)
    now = tabulate([fact("甲", date(2020, 3, 1), trade="焊工")], YEAR, Dimension.TRADE)
    assert [(one.sent is None, one.now is None) for one in differences(before, now)] == [
        (False, True),
        (True, False),
    ]


def test_figures_come_back_as_they_were_kept():
    found = tabulate([fact("甲", date(2020, 3, 1), trade="电工")], YEAR, Dimension.TRADE)
    assert read_figures(one.as_list() for one in found) == found


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(AppError, match="SPAN_REVERSED"):
        Scope(date(2020, 12, 31), date(2020, 1, 1))
    assert Scope(YEAR.first, YEAR.first).holds(YEAR.first)
