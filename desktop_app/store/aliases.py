"""One person under two ids: two workstations entered somebody without knowing of each other.

People of the same document type, number and name are one person at once; that follows from the present values and is
stored nowhere. What a user decides of a pair is a record ``person_link``: ``same`` joins two people, ``different``
parts two that would be joined. The smallest id of those that are one person is the canonical one.

Everything that reads records of people goes through the list ``person_alias``, kept up in the transaction of each
change and nearly always empty. Two enrolments of one person in one class are read as one, under the id that ``twins``
names; its other id is nobody's in that class.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from itertools import combinations
from typing import Any

from sqlalchemy import Connection

from desktop_app.domain.listings.work_list import DIFFERENT, SAME
from desktop_app.domain.records import PERSON_LINK, TRAINEE
from desktop_app.store.database import driver_of
from desktop_app.store.enrolment_states import LEFT, OUTSIDE
from desktop_app.store.folding import Touched

Pair = tuple[bytes, bytes]
_AT_ONCE = 400
_NUMBERS = """
SELECT id, document_type, document_number, coalesce(name, '') FROM trainee
WHERE gone = 0 AND document_type <> '' AND document_number IN ({marks})
"""
_TWICE = """
SELECT document_number FROM trainee WHERE gone = 0 AND document_number <> '' GROUP BY document_number
HAVING count(*) > 1
"""
_SHOWN = "t.gone = 0 AND NOT EXISTS (SELECT 1 FROM erasure x WHERE x.trainee_id = t.id)"
_DECISIONS = f"""
SELECT first_id, second_id, decision FROM person_link WHERE gone = 0 AND decision IS NOT NULL
AND EXISTS (SELECT 1 FROM trainee t WHERE t.id = first_id AND {_SHOWN})
AND EXISTS (SELECT 1 FROM trainee t WHERE t.id = second_id AND {_SHOWN})
"""
_NAMESAKES = """
SELECT t.id FROM trainee t JOIN trainee o ON o.document_number = t.document_number AND o.id <> t.id AND o.gone = 0
 AND o.document_type = t.document_type
WHERE t.gone = 0 AND t.document_number <> '' AND t.id IN ({marks})
"""
_STORED = """
SELECT o.trainee_id, o.canonical_id FROM person_alias a JOIN person_alias o ON o.canonical_id = a.canonical_id
WHERE a.trainee_id IN ({marks})
"""


def _rank(one: str) -> str:
    """Return SQL by which the enrolment that stands for both comes first: members, who left, who never joined."""
    return f"(iif({one}.state IN {OUTSIDE}, 2, iif({one}.state IN {LEFT}, 1, 0)), {one}.trainee_id)"


TWIN = f"""
EXISTS (SELECT 1 FROM person_alias pa JOIN person_alias pb ON pb.canonical_id = pa.canonical_id
        JOIN enrolment pe ON pe.class_id = e.class_id AND pe.trainee_id = pb.trainee_id AND pe.gone = 0
        WHERE pa.trainee_id = e.trainee_id AND {_rank("pe")} < {_rank("e")})
"""
"""SQL: the enrolment ``e`` is read as another one of the same person in the class."""
PERSON = "coalesce((SELECT pc.canonical_id FROM person_alias pc WHERE pc.trainee_id = {id}), {id})"
"""SQL: the canonical id of the person whose id is in the column ``{id}``."""
_TWINS = f"""
SELECT e.class_id, e.trainee_id,
       (SELECT pe.trainee_id FROM person_alias pb JOIN enrolment pe ON pe.class_id = e.class_id
        AND pe.trainee_id = pb.trainee_id AND pe.gone = 0 WHERE pb.canonical_id = a.canonical_id
        ORDER BY {_rank("pe")[1:-1]} LIMIT 1) AS shown
FROM person_alias a CROSS JOIN enrolment e ON e.trainee_id = a.trainee_id AND e.gone = 0 {{only}}
"""


def follow(sql: Connection, touched: Touched) -> set[bytes]:
    """Bring the list up to people and decisions that were written, hidden or shown; return whose place changed."""
    links = touched.get(PERSON_LINK.number, ())
    decided = {key[at : at + 16] for key in links for at in (0, 16)}
    people = decided | set(touched.get(TRAINEE.number, ()))
    if not people:
        return set()
    known = dict(_asked(sql, _STORED, people)) if any_alias(sql) else {}
    suspects = decided | known.keys() | {row[0] for row in _asked(sql, _NAMESAKES, people)}
    return _store(sql, suspects, known) if suspects else set()


def rebuild(sql: Connection) -> None:
    """Find everybody with several records anew."""
    driver_of(sql).execute("DELETE FROM person_alias")
    pairs, _ = same_number(sql)
    _store(sql, {person for pair in pairs for person in pair}, {})


def _store(sql: Connection, people: Collection[bytes], known: dict[bytes, bytes]) -> set[bytes]:
    """Write the places of some people and of all who are one with them; return whose were others."""
    found = {person: min(group) for person, group in _joined(sql, people).items() if len(group) > 1}
    former = known | dict(_asked(sql, _STORED, found.keys() - known.keys()))
    gone = [(person,) for person in former.keys() - found.keys()]
    fresh = [(person, one) for person, one in found.items() if former.get(person) != one]
    driver_of(sql).executemany("DELETE FROM person_alias WHERE trainee_id = ?", gone)
    driver_of(sql).executemany("INSERT OR REPLACE INTO person_alias VALUES (?, ?)", fresh)
    changed = {row[0] for row in gone} | {row[0] for row in fresh}
    return changed | {person for person in found if found[person] in {one for _, one in fresh}}


def any_alias(sql: Connection) -> bool:
    """Tell whether anybody has several records."""
    return driver_of(sql).execute("SELECT 1 FROM person_alias LIMIT 1").fetchone() is not None


def ids_of(sql: Connection, people: Collection[bytes] | None = None) -> dict[bytes, bytes]:
    """Return by id the canonical id of everybody with several records, or of those of them that some people are."""
    if not any_alias(sql):
        return {}
    if people is None:
        return dict(driver_of(sql).execute("SELECT trainee_id, canonical_id FROM person_alias").fetchall())
    return dict(_asked(sql, _STORED, people))


def twins(sql: Connection, class_id: bytes | None = None) -> dict[tuple[bytes, bytes], bytes]:
    """Return by class and trainee under which id an enrolment is read that stands twice; of one class or of all."""
    if not any_alias(sql):
        return {}
    only, values = ("", ()) if class_id is None else ("WHERE e.class_id = ?", (class_id,))
    rows = driver_of(sql).execute(_TWINS.format(only=only), values).fetchall()
    return {(row[0], row[1]): row[2] for row in rows if row[1] != row[2]}


def twins_of(sql: Connection, class_id: bytes) -> dict[bytes, bytes]:
    """Return by trainee under which id an enrolment of a class is read that stands twice."""
    return {trainee: shown for (_, trainee), shown in twins(sql, class_id).items()}


def enrolments_of(sql: Connection, people: Collection[bytes]) -> set[bytes]:
    """Return the keys of the enrolments of some people."""
    query = "SELECT class_id, trainee_id FROM enrolment WHERE trainee_id IN ({marks})"
    return {row[0] + row[1] for row in _asked(sql, query, people)}


def scores_of(sql: Connection, people: Collection[bytes]) -> set[bytes]:
    """Return the keys of the scores of some people."""
    query = "SELECT assessment_id, trainee_id FROM score WHERE trainee_id IN ({marks})"
    return {row[0] + row[1] for row in _asked(sql, query, people)}


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
    query = _DECISIONS
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
