"""统计: counts by group, trade, region and period, each by its own date basis (requirements §5).

参训 counts by 开班, 合格 by 考核日, 获证 by 发证日, 资金 by 拨付日. A class across 31 December so follows the basis of
each figure, and falls into one year for one figure and into the next for another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from desktop_app.domain.errors import AppError


class Measure(StrEnum):
    """What is counted; ``BASIS`` names the day that decides into which period something falls."""

    ENROLLED = "enrolled"
    TRAINED = "trained"
    ATTENDED = "attended"
    PASSED = "passed"
    CERTIFIED = "certified"
    EMPLOYED = "employed"
    FUNDED = "funded"


class Dimension(StrEnum):
    """By what figures are told apart; the total has one figure."""

    TOTAL = "total"
    GROUP = "group"
    TRADE = "trade"
    REGION = "region"
    PERIOD = "period"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is counted: a person in a class on a day.

    ``counts`` is False for what only belongs to the base of a rate (examined but not passed, followed but not
    employed). ``amount`` is 分 for money, 课时 attended for attendance, whose planned 课时 are ``planned``.
    ``person`` is the same for one person's facts.
    """

    measure: Measure
    person: str
    class_id: bytes
    trainee_id: bytes
    on: date
    group: str = ""
    trade: str = ""
    region: str = ""
    counts: bool = True
    amount: int = 0
    planned: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a table: 人数 (each person once) and 人次, with ``base`` 人次 where it is a rate.

    ``amount`` and ``planned`` as in ``Fact``, summed.
    """

    measure: Measure
    dimension: Dimension
    group: str
    people: int
    times: int
    base: int
    amount: int = 0
    planned: int = 0

    def as_list(self) -> list[object]:
        """Return it as it is kept in a sent report."""
        return [
            self.measure.value,
            self.dimension.value,
            self.group,
            self.people,
            self.times,
            self.base,
            self.amount,
            self.planned,
        ]


@dataclass(frozen=True, slots=True)
class Scope:
    """Which days a report covers, both included; AppError SPAN_REVERSED."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise AppError("SPAN_REVERSED", first=self.first.isoformat(), last=self.last.isoformat())

    def holds(self, day: date) -> bool:
        """Tell whether a day falls into the period."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that is another one now than it was when a report was sent; None: it was not, or is no more."""

    sent: Figure | None
    now: Figure | None


def group_of(fact: Fact, dimension: Dimension) -> str:
    """Return the code of the group that a fact falls into: a month reads 2020-11."""
    return {
        Dimension.TOTAL: "",
        Dimension.GROUP: fact.group,
        Dimension.TRADE: fact.trade,
        Dimension.REGION: fact.region,
        Dimension.PERIOD: f"{fact.on:%Y-%m}",
    }[dimension]


def tabulate(facts: Iterable[Fact], scope: Scope, dimension: Dimension) -> tuple[Figure, ...]:
    """Count the facts of a period by one dimension, by measure and then by group.

    The total of a measure is there even where nothing was counted.
    """
    sorted_in: dict[tuple[Measure, str], list[Fact]] = {}
    if dimension is Dimension.TOTAL:
        sorted_in = {(measure, ""): [] for measure in Measure}
    for fact in facts:
        if scope.holds(fact.on):
            sorted_in.setdefault((fact.measure, group_of(fact, dimension)), []).append(fact)
    order = {measure: place for place, measure in enumerate(Measure)}
    listed = sorted(sorted_in.items(), key=lambda item: (order[item[0][0]], item[0][1]))
    return tuple(_figure(measure, dimension, group, found) for (measure, group), found in listed)


def _figure(measure: Measure, dimension: Dimension, group: str, facts: Sequence[Fact]) -> Figure:
    counted = [fact for fact in facts if fact.counts]
    return Figure(
        measure,
        dimension,
        group,
        len({fact.person for fact in counted}),
        len(counted),
        len(facts),
        sum(fact.amount for fact in counted),
        sum(fact.planned for fact in counted),
    )


def behind(facts: Iterable[Fact], scope: Scope, figure: Figure) -> tuple[Fact, ...]:
    """Return the facts that a figure counts: the list behind the number."""
    return tuple(
        fact
        for fact in facts
        if fact.counts
        and fact.measure is figure.measure
        and scope.holds(fact.on)
        and group_of(fact, figure.dimension) == figure.group
    )


def read_figures(rows: Iterable[Sequence[object]]) -> tuple[Figure, ...]:
    """Read figures as ``Figure.as_list`` keeps them; KeyError or ValueError for what no version has written."""
    return tuple(
        Figure(
            Measure(str(row[0])), Dimension(str(row[1])), str(row[2]), *(int(str(one)) for one in row[3:8])
        )
        for row in rows
    )


def differences(sent: Iterable[Figure], now: Iterable[Figure]) -> tuple[Difference, ...]:
    """Return what a sent report says differently from the same report run now, in the order of the report."""
    before = {(one.measure, one.dimension, one.group): one for one in sent}
    after = {(one.measure, one.dimension, one.group): one for one in now}
    return tuple(
        Difference(before.get(key), after.get(key))
        for key in dict.fromkeys((*before, *after))
        if before.get(key) != after.get(key)
    )
