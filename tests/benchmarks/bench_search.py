"""The search over 150,000 people: 200 queries drawn by seed, beside one bare statement each for the same rows."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from desktop_app.domain import pinyin
from desktop_app.domain.listings.people import TraineeQuery
from tests.benchmarks.measuring import Act, Report, Taken, in_turns, require, seconds_of
from tests.benchmarks.stores import StressStore, stress_store

QUERIES = 200
RUNS = 5
WINDOW = 50
_NAMES = "SELECT name, document_number, phone FROM trainee WHERE gone = 0 ORDER BY id"
# The rows and columns that the product shows, of people whose keys are known already.
_BARE = """
SELECT t.id, t.name, t.document_type, t.document_number, t.sex, t.birth, t.ethnicity, t.education, t.studying, t.phone,
       (SELECT group_concat(c.code, char(10)) FROM enrolment e JOIN training_class c ON c.id = e.class_id
         WHERE e.trainee_id = t.id AND e.gone = 0 AND c.gone = 0),
       (SELECT e.category FROM enrolment e WHERE e.trainee_id = t.id AND e.gone = 0 ORDER BY e.class_id DESC LIMIT 1),
       (SELECT e.key_group FROM enrolment e WHERE e.trainee_id = t.id AND e.gone = 0 ORDER BY e.class_id DESC LIMIT 1)
FROM trainee t WHERE t.gone = 0 AND t.id IN
"""
Person = tuple[str, str, str]


def run(report: Report) -> None:
    """Time every query and its bare statement, in turns."""
    with stress_store() as store:
        queries = draw(store)
        trainees = store.services.trainees
        found = {text: [item.id for item in trainees.list_trainees(text, WINDOW)] for _, text in queries}
        for kind in KINDS:
            hits = [bool(found[text]) for drawn, text in queries if drawn == kind]
            require(any(hits) or kind == "no hit", f"queries of {kind} that find somebody")
            require(not any(hits) or kind != "no hit", "queries that find nobody")
        product_times: list[float] = []
        bare_times: list[float] = []
        by_kind: dict[str, list[float]] = {kind: [] for kind in KINDS}
        with store.services.context.read() as connection:
            bare = connection.connection.driver_connection
            for kind, text in queries:
                acts: dict[str, Act] = {
                    "product": lambda n, text=text: trainees.list_trainees(text, WINDOW),  # type: ignore[misc]
                    "bare": lambda n, keys=found[text]: _bare(bare, keys),  # type: ignore[misc]
                }
                taken = in_turns(acts, RUNS)
                product_times.append(taken["product"].median)
                bare_times.append(taken["bare"].median)
                by_kind[kind].append(taken["product"].median)
        for kind, times in by_kind.items():
            report.times(f"search: {kind}", Taken(tuple(times)))
        product = Taken(tuple(product_times))
        report.times(f"search: {QUERIES} queries, a window of {WINDOW}", product, p95_ms=20)
        report.total_slower("search: all of them", product, Taken(tuple(bare_times)), at_most=3)
        counts = [seconds_of(lambda _n, text=text: trainees.count(TraineeQuery(text))) for _, text in queries]  # type: ignore[misc]
        report.times("search: how many there are in all", Taken(tuple(counts)))


def _bare(sql: Any, keys: list[bytes]) -> list[Any]:
    """One statement that gives the rows; no keys, no rows, but still a statement."""
    rows: list[Any] = sql.execute(f"{_BARE} ({', '.join('?' * len(keys))})", keys).fetchall()
    return rows


def draw(store: StressStore, seed: int = 2020) -> list[tuple[str, str]]:
    """Draw queries of every kind, equally many, from people of the store."""
    rng = random.Random(seed)
    with store.services.context.read() as sql:
        people = [(row[0], row[1], row[2]) for row in sql.exec_driver_sql(_NAMES)]
    kinds = list(KINDS)
    return [
        (kind, KINDS[kind](rng, rng.choice(people)))
        for kind in (kinds[number % len(kinds)] for number in range(QUERIES))
    ]


def _part(rng: random.Random, text: str, least: int, most: int) -> str:
    size = rng.randint(least, min(most, len(text)))
    start = rng.randrange(len(text) - size + 1)
    return text[start : start + size]


def _initials(rng: random.Random, person: Person) -> str:
    spelt = pinyin.initials(person[0])[0]
    return spelt[: rng.randint(2, max(2, len(spelt)))]


def _nobody(rng: random.Random, person: Person) -> str:
    """A name that nobody has, initials that nobody has, or a number that nobody has."""
    return rng.choice(
        ("鑫鑫鑫", "龘", "vvv", "uuu", "000000000000", "9999999999", f"{person[0]}乂", "零零七")
    )


KINDS: dict[str, Callable[[random.Random, Person], str]] = {
    "a whole name": lambda rng, person: person[0],
    "two characters": lambda rng, person: _part(rng, person[0], 2, 2),
    "initials": _initials,
    "part of ID": lambda rng, person: _part(rng, person[1], 4, 8),
    "part of phone": lambda rng, person: _part(rng, person[2], 4, 8),
    "no hit": _nobody,
}
