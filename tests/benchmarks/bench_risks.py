"""The detectors of 督导 over the stress store: all flags anew, and what a full class marked adds to its command."""

from __future__ import annotations

from desktop_app.domain.records import SESSION
from desktop_app.store import risks
from desktop_app.store.queries import risks as queries
from tests.benchmarks.measuring import LEAST_RUNS, Report, Taken, require, seconds_of
from tests.benchmarks.stores import StressStore, stress_store

_MARKED = "SELECT id FROM session WHERE id IN (SELECT session_id FROM mark) ORDER BY id DESC LIMIT 20"


def run(report: Report) -> None:
    """Time a full run and the follow-up of single sessions; the store as it is must raise no 阻断 flag."""
    with stress_store() as store:
        taken = Taken(tuple(seconds_of(lambda _n: _rebuild(store)) for _ in range(LEAST_RUNS)))
        report.times("risks: all detectors, the whole store", taken, worst_ms=5000)
        with store.services.context.read() as sql:
            blocking, hints = queries.counts(sql)
            classes = sql.exec_driver_sql("SELECT count(*) FROM training_class").scalar_one()
            sessions = [row[0] for row in sql.exec_driver_sql(_MARKED)]
        require(classes and sessions, "classes and marked sessions")
        report.figure("risks: 阻断 of honest classes", blocking, "flags", at_most=0)
        report.figure("risks: 提示 of honest classes", hints, "flags", at_most=classes // 100)
        one_by_one = Taken(tuple(seconds_of(lambda _n, key=key: _follow(store, key)) for key in sessions))  # type: ignore[misc]
        report.times("risks: what one session touches", one_by_one, p95_ms=8)


def _rebuild(store: StressStore) -> None:
    with store.services.context.workstation.database.writer() as sql:
        risks.rebuild(sql)


def _follow(store: StressStore, session: bytes) -> None:
    with store.services.context.workstation.database.writer() as sql:
        risks.follow(sql, {SESSION.number: {session}})
