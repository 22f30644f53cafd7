"""The frame of the benchmarks: limits are judged, runs take turns, a bench that measures nothing fails."""

from __future__ import annotations

import json

import pytest

from desktop_app.store.database import Database
from tests.benchmarks.bare import BareFile
from tests.benchmarks.measuring import PreconditionMissing, Report, Taken, in_turns, require


def test_acts_run_in_turns_and_the_order_turns_round():
    order = []
    taken = in_turns(
        {"a": lambda n: order.append(("a", n)), "b": lambda n: order.append(("b", n))}, runs=5, warm=1
    )
    assert [name for name, _ in order] == list("abbaabbaabba")
    assert [n for name, n in order if name == "a"] == [-1, 0, 1, 2, 3, 4]
    assert [len(taken[name].seconds) for name in "ab"] == [5, 5]


def test_fewer_than_five_runs_are_no_measure():
    with pytest.raises(PreconditionMissing):
        in_turns({"a": lambda n: None}, runs=4)
    with pytest.raises(PreconditionMissing):
        Taken((0.1,) * 4)


def test_quantiles_are_times_that_were_taken():
    taken = Taken(tuple(n / 1000 for n in range(100, 0, -1)))
    assert taken.quantile(0.95) == 0.095
    assert taken.quantile(0.99) == 0.099
    assert taken.quantile(1) == 0.1


@pytest.mark.parametrize(("limit", "holds"), [(2.1, True), (1.9, False)])
def test_a_ratio_is_judged_against_its_limit(limit, holds):
    report = Report("sample")
    assert report.slower("act", Taken((0.2,) * 5), Taken((0.1,) * 5), at_most=limit) == pytest.approx(2)
    assert report.holds is holds


def test_speed_is_the_other_way_round():
    report = Report("sample")
    assert report.as_fast("act", Taken((0.2,) * 5), Taken((0.1,) * 5), at_least=0.35) == pytest.approx(0.5)
    assert report.holds


def test_one_missed_limit_among_others_fails_the_report():
    report = Report("sample")
    report.times("act", Taken((*(0.001,) * 97, 0.02, 0.02, 0.02)), p95_ms=5, p99_ms=15)
    assert [line.holds for line in report.lines if line.limit] == [True, False]
    assert not report.holds


def test_a_report_without_any_limit_does_not_hold(tmp_path):
    report = Report("sample")
    report.figure("rate", 17_000, "rows/s")
    assert not report.holds
    assert json.loads(report.write(tmp_path).read_text(encoding="utf-8"))["lines"][0]["holds"] is None


def test_what_is_missing_fails_the_bench():
    with pytest.raises(PreconditionMissing, match="a peer"):
        require(None, "a peer")


def test_the_bare_file_is_encrypted_and_opened_as_the_product_opens_its_store(tmp_path):
    product = Database(tmp_path / "product.db", b"k" * 32)
    try:
        with BareFile(tmp_path / "bare.db") as bare:
            bare.sql.execute("CREATE TABLE t (a)")
            bare.commit("INSERT INTO t VALUES (?)", [(n,) for n in range(9)])
            bare.require_same_pragmas(product)
            bare.sql.execute("PRAGMA synchronous = NORMAL")
            with pytest.raises(PreconditionMissing, match="pragmas"):
                bare.require_same_pragmas(product)
    finally:
        product.close()
    assert not (tmp_path / "bare.db").read_bytes().startswith(b"SQLite format")
