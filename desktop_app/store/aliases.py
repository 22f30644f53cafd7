"""One person under two ids: two workstations entered somebody without knowing of each other.

People of the same document type, number and name are one person at once; that follows from the present values and is
stored nowhere. What a user decides of a pair is a record ``person_link``: ``same`` joins two people, ``different``
parts two that would be joined. The smallest id of those that are one person is the canonical one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from itertools import combinations
from typing import Any

from sqlalchemy import Connection

from desktop_app.domain.listings.work_list import DIFFERENT, SAME
from desktop_app.store.database import driver_of

Pair = tuple[bytes, bytes]
_AT_ONCE = 400
_NUMBERS = """
SELECT id, document_type, document_number, coalesce(name, '') FROM trainee
WHERE gone = 0 AND document_number IN ({marks})
"""
_TWICE = """
SELECT document_number FROM trainee WHERE gone = 0 AND document_number <> '' GROUP BY document_number
HAVING count(*) > 1
"""


def peers(sql: Connection, people: Collection[bytes]) -> dict[bytes, frozenset[bytes]]:
    """Return for each of some people the other ids of the same person; who has none is left out."""
    joined = _joined(sql, people)
    return {person: frozenset(joined[person] - {person}) for person in people if len(joined[person]) > 1}


def canonical(sql: Connection, people: Collection[bytes]) -> dict[bytes, bytes]:
    """Return for each of some people the canonical id of the person."""
    joined = _joined(sql, people)
    return {person: min(joined[person]) for person in people}


def same_number(sql: Connection) -> tuple[list[Pair], list[Pair]]:
    """Return the pairs of one document number that are joined, and those whose names differ and nobody judged yet."""
    numbers = [row[0] for row in driver_of(sql).execute(_TWICE).fetchall()]
    decided = _decisions(sql, None)
    one, asked = [], []
    for pair, alike in _pairs(sql, numbers):
        decision = decided.get(pair)
        if decision == SAME or (decision is None and alike):
            one.append(pair)
        elif decision is None:
            asked.append(pair)
    numbered = set(one)
    one += [pair for pair, decision in decided.items() if decision == SAME and pair not in numbered]
    return one, asked


def _joined(sql: Connection, people: Collection[bytes]) -> dict[bytes, set[bytes]]:
    """Return by id the set of ids of the same person, for some people and all whom a chain of joins leads to."""
    groups: dict[bytes, set[bytes]] = {person: {person} for person in people}
    look = set(people)
    while look:
        numbers = {
            row[0]
            for row in _asked(
                sql, "SELECT document_number FROM trainee WHERE gone = 0 AND id IN ({marks})", look
            )
            if row[0]
        }
        decided = _decisions(sql, look)
        edges = [pair for pair, alike in _pairs(sql, numbers) if alike and decided.get(pair) != DIFFERENT]
        edges += [pair for pair, decision in decided.items() if decision == SAME]
        look = {person for pair in edges for person in pair} - groups.keys()
        for first, second in edges:
            merged = groups.get(first, {first}) | groups.get(second, {second})
            for person in merged:
                groups[person] = merged
    return groups


def _pairs(sql: Connection, numbers: Iterable[str]) -> list[tuple[Pair, bool]]:
    """Return the pairs of people of one document type and number, and whether their names are the same."""
    found: dict[tuple[str | None, str], list[tuple[bytes, str]]] = defaultdict(list)
    for person, kind, number, name in _asked(sql, _NUMBERS, numbers):
        found[kind, number].append((person, name.strip()))
    return [
        ((first, second), here == there and bool(here))
        for people in found.values()
        for (first, here), (second, there) in combinations(sorted(people), 2)
    ]


def _decisions(sql: Connection, people: Collection[bytes] | None) -> dict[Pair, str]:
    """Return what users decided of pairs, of some people or of all."""
    query = "SELECT first_id, second_id, decision FROM person_link WHERE gone = 0 AND decision IS NOT NULL"
    if people is None:
        rows = driver_of(sql).execute(query).fetchall()
    else:
        rows = _asked(sql, f"{query} AND first_id IN ({{marks}})", people)
        rows += _asked(sql, f"{query} AND second_id IN ({{marks}})", people)
    return {(row[0], row[1]): row[2] for row in rows}


def _asked(sql: Connection, query: str, values: Iterable[bytes | str]) -> list[tuple[Any, ...]]:
    listed = sorted(values)
    rows: list[tuple[Any, ...]] = []
    for start in range(0, len(listed), _AT_ONCE):
        part = listed[start : start + _AT_ONCE]
        rows += driver_of(sql).execute(query.format(marks=",".join("?" * len(part))), part).fetchall()
    return rows
