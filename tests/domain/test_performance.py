"""绩效总量, its ratio, approval and allocation at both edges; money stays whole 分 and never exceeds its ratio."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain import performance
from desktop_app.domain.errors import AppError
from desktop_app.domain.performance import AnnualReport, IncomeKind, Money, Share, Volume, pool
from desktop_app.domain.policy_parameters import PolicyBook, PolicyParameter
from desktop_app.domain.rules import Severity

TODAY = date(2020, 12, 31)
LIMIT = PolicyBook().get("performance_ratio", TODAY)
FEN = st.integers(0, 10**13)


def share(fen: int, *, front_line: bool = True) -> Share:
    return Share(b"\1" * 16, "陈志强", fen, front_line)


def test_pool_is_the_ratio_of_what_is_left_and_nothing_of_a_loss():
    assert pool(4000, 10_000_000, 6_000_000) == 1_600_000  # 100 000 and 60 000 yuan: 16 000
    assert pool(4000, 6_000_000, 6_000_000) == 0
    assert pool(4000, 6_000_000, 10_000_000) == 0
    assert pool(4000, 3, 0) == 1  # 1.2 分: rounded down
    assert pool(0, 10_000_000, 0) == 0


@given(income=FEN, cost=FEN, ratio=st.integers(0, 4000))
def test_pool_never_exceeds_its_ratio_by_a_fen_nor_lacks_one(income: int, cost: int, ratio: int):
    found = pool(ratio, income, cost)
    left = max(0, income - cost)
    assert found * 10_000 <= left * ratio < (found + 1) * 10_000


def test_pool_is_for_public_vocational_colleges_alone():
    assert performance.check_institution("public-vocational") == ()
    for kind in ("private-vocational", "technician", "training-centre", "enterprise"):
        (finding,) = performance.check_institution(kind)
        assert (finding.severity, finding.error.code) == (Severity.BLOCK, "PERFORMANCE_NOT_PUBLIC")


def test_ratio_of_forty_percent_is_the_most():
    assert LIMIT.blocks
    assert performance.check_ratio(4000, LIMIT) == ()
    (finding,) = performance.check_ratio(4001, LIMIT)
    assert (finding.severity, finding.error.params["limit"]) == (Severity.BLOCK, "40%")
    assert performance.check_ratio(-1, LIMIT)


def test_what_was_approved_is_at_most_the_computed_pool():
    assert performance.check_approval(2020, 1_600_000, 1_600_000) == ()
    assert performance.check_approval(2020, 1_600_001, 1_600_000)[0].error.code == "APPROVAL_OVER_POOL"
    assert performance.check_approval(2020, -1, 1_600_000)


def test_allocations_may_use_the_pool_up_and_not_a_fen_more():
    assert performance.check_allocations(2020, [share(600_000), share(1_000_000)], 1_600_000) == ()
    (finding,) = performance.check_allocations(2020, [share(600_000), share(1_000_001)], 1_600_000)
    assert finding.error.params["excess"] == "0.01"
    assert performance.check_allocations(2020, [], 0) == ()


def test_front_line_share_warns_only_below_a_level_that_is_set():
    level = PolicyBook().get("front_line_share_warning", TODAY)
    shares = [share(60), share(40, front_line=False)]
    assert performance.front_line_share(shares) == 6000
    assert performance.check_front_line(2020, shares, level) == ()
    assert performance.check_front_line(2020, shares, replace(level, value=6000)) == ()
    (finding,) = performance.check_front_line(2020, shares, replace(level, value=6001))
    assert finding.severity is Severity.WARN
    bound = replace(level, value=6001, document="鄂人社〔2021〕1号")
    assert performance.check_front_line(2020, shares, bound)[0].severity is Severity.BLOCK
    assert performance.check_front_line(2020, [], replace(level, value=6001)) == ()


@given(st.lists(st.tuples(st.integers(1, 10**10), st.booleans()), max_size=8))
def test_front_line_share_is_never_rounded_up(given_shares: list[tuple[int, bool]]):
    found = performance.front_line_share([share(fen, front_line=flag) for fen, flag in given_shares])
    total = sum(fen for fen, _ in given_shares)
    if total == 0:
        assert found is None
    else:
        assert found is not None
        assert found * total <= sum(fen for fen, flag in given_shares if flag) * 10_000 < (found + 1) * total


def test_annual_report_carries_every_figure_of_the_year():
    volume = Volume(3, 143, 140, 180, 130, 120, 118)
    report = performance.annual_report(2020, TODAY, volume, 20, 40)
    assert report == AnnualReport(2020, TODAY, 3, 143, 140, 180, 130, 120, 118, 20, 40)
    assert performance.rate(report.passed, report.examined) == 9230
    assert performance.rate(1, 0) is None


def test_report_of_a_year_that_is_not_over_warns():
    assert performance.check_sending(2020, date(2020, 12, 31))[0].severity is Severity.WARN
    assert performance.check_sending(2020, date(2021, 1, 1)) == ()


@pytest.mark.parametrize(
    ("money", "code"),
    [
        (Money("lottery", 1, TODAY), "LEDGER_KIND"),
        (Money("fee", 0, TODAY), "LEDGER_AMOUNT"),
        (Money("fee", -5, TODAY), "LEDGER_AMOUNT"),
        (Money("fee", 1, date(2021, 1, 1)), "LEDGER_FUTURE"),
        (Money("fee", 1, TODAY, "字" * 101), "LEDGER_TEXT_LONG"),
    ],
)
def test_line_of_the_ledger_is_refused(money: Money, code: str):
    with pytest.raises(AppError) as caught:
        performance.check_money(money, IncomeKind, TODAY)
    assert caught.value.code == code


def test_line_of_the_ledger_of_today_is_taken():
    performance.check_money(Money("fee", 1, TODAY, "字" * 100), IncomeKind, TODAY)


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "—"), (0, "0%"), (4000, "40%"), (6666, "66.66%"), (9050, "90.5%"), (-1, "-0.01%")],
)
def test_percentages_show_what_they_are(value: int | None, text: str):
    assert performance.percent_text(value) == text


def test_years_are_those_of_a_training():
    assert performance.year_of(2020) == (date(2020, 1, 1), date(2020, 12, 31))
    for year in (1999, 2101):
        with pytest.raises(AppError):
            performance.year_of(year)


def test_parameter_of_the_ratio_is_the_notices_own():
    assert isinstance(LIMIT, PolicyParameter)
    assert (LIMIT.value, LIMIT.document) == (4000, "鄂教职成〔2020〕1号")
