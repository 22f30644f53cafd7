"""Rows for the detectors of facts that cannot be (阻断): SQL finds candidates, ``domain/risk/facts.py`` decides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

from sqlalchemy import Connection

from desktop_app.domain.enrolment import Period
from desktop_app.domain.risk import facts
from desktop_app.domain.risk.facts import IssuedNumber, Meeting, PayeeAccount, PlacedMark, Sitting
from desktop_app.domain.risk.kinds import Flag
from desktop_app.store import aliases
from desktop_app.store.database import driver_of
from desktop_app.store.queries.columns import periods, required_day
from desktop_app.store.risks.asking import Keys, Look, ask
from desktop_app.store.risks.making import spells_of

_CERTIFICATES = """
SELECT x.assessment_id, x.trainee_id, x.issue, a.class_id, coalesce(x.kind, ''), coalesce(x.issuer, ''), x.number
FROM certificate x JOIN assessment a ON a.id = x.assessment_id
WHERE x.gone = 0 AND x.number IN (
  SELECT number FROM certificate WHERE gone = 0 AND number IS NOT NULL AND number {only} GROUP BY number
  HAVING count(*) > 1)
"""
_NUMBERS = "SELECT number FROM certificate WHERE number IS NOT NULL AND assessment_id = ? AND trainee_id = ?"
_SITTING = """
s.id, s.class_id, coalesce(c.code, ''), coalesce(s.number, 0), s.held_on, coalesce(s.starts_at, ''),
coalesce(s.ends_at, '')
"""
_SITTINGS = f"""
SELECT {_SITTING} FROM session s JOIN training_class c ON c.id = s.class_id
WHERE s.gone = 0 AND s.held_on IS NOT NULL AND s.state IS NOT 'cancelled' AND s.id {{only}}
"""
_AT_ONCE = """
b.held_on = a.held_on AND b.id <> a.id AND b.starts_at < a.ends_at AND a.starts_at < b.ends_at AND b.gone = 0
AND b.state IS NOT 'cancelled'
"""
_HELD_SESSION = "a.gone = 0 AND a.state IS NOT 'cancelled' AND a.id {only}"
_JOINT = "SELECT session_id, class_id FROM session_class WHERE gone = 0 AND session_id {only}"
_THERE = "('present', 'late', 'early')"
_THERE_TOO = f"""
CROSS JOIN mark o ON o.session_id = b.id AND o.trainee_id = m.trainee_id AND o.gone = 0 AND o.status IN {_THERE}
CROSS JOIN trainee t ON t.id = m.trainee_id
"""
_MARKED_THERE = f"CROSS JOIN mark m ON m.session_id = a.id AND m.gone = 0 AND m.status IN {_THERE}"
# CROSS: in this order; what is rare comes early, such as people of another class. The class's own sessions come first.
_SAME_CLASS = f"""
SELECT a.id, b.id, m.trainee_id, coalesce(t.name, '') FROM session a
CROSS JOIN session b ON b.class_id = a.class_id AND {_AT_ONCE} {_MARKED_THERE} {_THERE_TOO}
WHERE {_HELD_SESSION}
"""
_OTHER_CLASS = f"""
SELECT a.id, b.id, m.trainee_id, coalesce(t.name, '') FROM session a {_MARKED_THERE}
CROSS JOIN enrolment e ON e.trainee_id = m.trainee_id AND e.class_id <> a.class_id
CROSS JOIN session b ON b.class_id = e.class_id AND {_AT_ONCE} {_THERE_TOO}
WHERE {_HELD_SESSION}
"""
# Somebody marked under one id here and under another there.
_OTHER_ID = f"""
SELECT a.id, b.id, pa.canonical_id, coalesce(t.name, '') FROM person_alias pa
CROSS JOIN enrolment e ON e.trainee_id = pa.trainee_id
CROSS JOIN session a ON a.class_id = e.class_id
CROSS JOIN mark m ON m.session_id = a.id AND m.trainee_id = pa.trainee_id AND m.gone = 0 AND m.status IN {_THERE}
CROSS JOIN person_alias pb ON pb.canonical_id = pa.canonical_id AND pb.trainee_id <> pa.trainee_id
CROSS JOIN enrolment f ON f.trainee_id = pb.trainee_id
CROSS JOIN session b ON b.class_id = f.class_id AND {_AT_ONCE}
CROSS JOIN mark o ON o.session_id = b.id AND o.trainee_id = pb.trainee_id AND o.gone = 0 AND o.status IN {_THERE}
CROSS JOIN trainee t ON t.id = pa.canonical_id
WHERE {_HELD_SESSION}
"""
_BOTH_TEACH = f"""
SELECT a.id, b.id, one.teacher_id, coalesce(t.name, '') FROM session a
CROSS JOIN session_tally ka ON ka.session_id = a.id AND ka.marked > 0
CROSS JOIN teaching one ON one.record_id = a.id
CROSS JOIN session b ON {_AT_ONCE}
CROSS JOIN teaching other ON other.record_id = b.id AND other.teacher_id = one.teacher_id
CROSS JOIN session_tally kb ON kb.session_id = b.id AND kb.marked > 0
CROSS JOIN teacher t ON t.id = one.teacher_id
WHERE {_HELD_SESSION}
"""
# Who belongs to several classes, and when each class has sessions.
_SEVERAL = "SELECT trainee_id FROM enrolment GROUP BY trainee_id HAVING count(*) > 1"
_CLASSES_OF = "SELECT class_id, trainee_id FROM enrolment WHERE trainee_id {only} ORDER BY trainee_id"
_SPANS = "SELECT class_id, min(held_on), max(held_on) FROM session_tally GROUP BY class_id"
_DAYS = f"""
SELECT a.id, b.id FROM session a JOIN session b ON b.class_id = ?2 AND {_AT_ONCE}
WHERE a.class_id = ?1 AND a.gone = 0 AND a.state IS NOT 'cancelled'
"""
_TIMES = """
SELECT class_id, held_on, starts_at, ends_at, id FROM session
WHERE gone = 0 AND state IS NOT 'cancelled' AND held_on IS NOT NULL AND starts_at IS NOT NULL AND ends_at IS NOT NULL
"""
_TEACHERS = """
SELECT t.record_id, t.teacher_id, coalesce(p.name, '')
FROM teaching t JOIN teacher p ON p.id = t.teacher_id
"""
_HELD = "SELECT session_id FROM session_tally WHERE marked > 0"
_PLACED = f"""
SELECT {_SITTING}, m.trainee_id, coalesce(t.name, ''), iif(e.gone, NULL, e.periods)
FROM session s JOIN training_class c ON c.id = s.class_id
CROSS JOIN mark m ON m.session_id = s.id
LEFT JOIN enrolment e ON e.class_id = s.class_id AND e.trainee_id = m.trainee_id
JOIN trainee t ON t.id = m.trainee_id
WHERE s.gone = 0 AND s.held_on IS NOT NULL AND m.gone = 0 AND m.status IS NOT NULL
  AND (e.class_id IS NULL OR NOT (e.gone = 0 AND length(e.periods) < 22 AND e.periods LIKE '[["%",%null]]'
           AND substr(e.periods, 4, 10) <= s.held_on))
  AND s.id {{only}}
"""
# Sessions of classes where somebody came later, left or is gone.
_BROKEN = """
SELECT DISTINCT s.id FROM (
  SELECT e.class_id, e.trainee_id FROM enrolment e
  JOIN (SELECT class_id, min(held_on) AS first FROM session_tally GROUP BY class_id) k ON k.class_id = e.class_id
  WHERE NOT (e.gone = 0 AND length(e.periods) < 22 AND e.periods LIKE '[["%",%null]]'
             AND substr(e.periods, 4, 10) <= k.first)) o
JOIN session s ON s.class_id = o.class_id JOIN mark m ON m.session_id = s.id AND m.trainee_id = o.trainee_id
"""
_ACCOUNTS_OF = (
    "SELECT DISTINCT account FROM claim_line WHERE gone = 0 AND account IS NOT NULL AND trainee_id {only}"
)
_SHARED_ACCOUNTS = """
SELECT account FROM claim_line WHERE account IS NOT NULL AND account {only} GROUP BY account
HAVING count(DISTINCT trainee_id) > 1
"""
_PAID = """
SELECT l.trainee_id, coalesce(t.name, ''), l.account, l.class_id FROM claim_line l JOIN trainee t ON t.id = l.trainee_id
WHERE l.gone = 0 AND l.account {only}
"""
Pair = tuple[bytes, bytes]


def certificates_twice(look: Look, keys: Keys) -> tuple[Flag, ...]:
    """Numbers that more than one holding bears; ``keys`` of certificates."""
    numbers = None
    if keys is not None:
        holdings = {(key[:16], key[16:32]) for key in keys}
        numbers = {row[0] for one in holdings for row in driver_of(look.sql).execute(_NUMBERS, one)}
    rows = ask(look.sql, _CERTIFICATES, numbers)
    return facts.certificates_twice(
        IssuedNumber(row[0] + row[1] + row[2].to_bytes(2, "big"), row[1], row[3], row[4], row[5], row[6])
        for row in rows
    )


def persons_twice(look: Look, keys: Keys) -> tuple[Flag, ...]:
    """People in two places at once; ``keys`` of sessions."""
    wanted = keys if keys is not None else {key for pair in _people_pairs(look) for key in pair}
    found = [row for query in (_SAME_CLASS, _OTHER_CLASS) for row in ask(look.sql, query, wanted)]
    if aliases.any_alias(look.sql):
        found += ask(look.sql, _OTHER_ID, keys)
    return facts.persons_twice(_meetings(look.sql, found))


def teachers_twice(look: Look, keys: Keys) -> tuple[Flag, ...]:
    """Teachers in two places at once; ``keys`` of sessions."""
    if keys is None:
        return facts.teachers_twice(_meetings(look.sql, _teachers_everywhere(look)))
    return facts.teachers_twice(_meetings(look.sql, ask(look.sql, _BOTH_TEACH, keys)))


def _times(sql: Connection, _keys: Keys) -> list[tuple[Any, ...]]:
    return list(ask(sql, _TIMES))


def _overlapping(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, Pair]]:
    """Yield whose sessions overlap, and which; ``rows`` are whose, day, start, end, session."""
    days: dict[tuple[Any, str], list[tuple[str, str, bytes]]] = defaultdict(list)
    for whose, day, start, end, session in rows:
        days[whose, day].append((start, end, session))
    for (whose, _), held in days.items():
        for one, other in combinations(held, 2) if len(held) > 1 else ():
            if one[2] != other[2] and one[0] < other[1] and other[0] < one[1]:
                yield whose, (min(one[2], other[2]), max(one[2], other[2]))


def _people_pairs(look: Look) -> set[Pair]:
    """Return the sessions of one moment that a person may belong to both of: of one class, or of two."""
    sql = look.sql
    found = {pair for _, pair in _overlapping(look.once("times", None, _times))}
    spans = {row[0]: row[1:] for row in ask(sql, _SPANS)}
    classes: dict[bytes, set[bytes]] = defaultdict(set)
    for class_id, trainee in ask(sql, _CLASSES_OF, {row[0] for row in ask(sql, _SEVERAL)}):
        classes[trainee].add(class_id)
    for first, second in {pair for own in classes.values() for pair in combinations(sorted(own), 2)}:
        one, other = spans.get(first), spans.get(second)
        if one is not None and other is not None and one[0] <= other[1] and other[0] <= one[1]:
            rows = driver_of(sql).execute(_DAYS, (first, second))
            found.update((min(row), max(row)) for row in rows)
    return found


def _teachers_everywhere(look: Look) -> Iterator[tuple[Any, ...]]:
    sql = look.sql
    times = {row[4]: row[1:] for row in look.once("times", None, _times)}
    held = {row[0] for row in ask(sql, _HELD)}
    taught, names = [], dict[bytes, str]()
    for session, teacher, name in ask(sql, _TEACHERS):
        if session in times and session in held:
            taught.append((teacher, *times[session]))
            names[teacher] = name
    for teacher, pair in _overlapping(taught):
        yield (*pair, teacher, names[teacher])


def _meetings(sql: Connection, rows: Iterable[tuple[Any, ...]]) -> Iterator[Meeting]:
    """Yield who is in two sessions that no 合班 makes one; ``rows`` are two sessions, who, and the name."""
    met = sorted({(min(row[:2]), max(row[:2]), *row[2:]) for row in rows})
    if not met:
        return
    sessions = {key for row in met for key in row[:2]}
    sittings = {one.session_id: one for one in _sittings(sql, sessions)}
    joint = set(ask(sql, _JOINT, sessions))
    for first, second, who, name in met:
        one, other = sittings.get(first), sittings.get(second)
        if one is None or other is None:
            continue
        if (first, other.class_id) not in joint and (second, one.class_id) not in joint:
            yield Meeting(who, name, one, other)


def _sittings(sql: Connection, keys: Keys) -> Iterator[Sitting]:
    for row in ask(sql, _SITTINGS, keys):
        yield _sitting(row)


def _sitting(row: tuple[object, ...]) -> Sitting:
    session, class_id, code, number, day, start, end = row[:7]
    return Sitting(session, class_id, code, number, required_day(str(day)), start, end)  # type: ignore[arg-type]


def marks_outside(look: Look, keys: Keys) -> tuple[Flag, ...]:
    """Marks on days outside membership; ``keys`` of sessions."""
    wanted = keys if keys is not None else {*_strays(look), *(row[0] for row in ask(look.sql, _BROKEN))}
    canonical = aliases.ids_of(look.sql)
    elsewhere = _spans(look.sql, canonical)
    return facts.marks_outside(
        PlacedMark(
            _sitting(row),
            row[7],
            row[8],
            periods(row[9]) + elsewhere.get((row[1], canonical.get(row[7], row[7])), ()),
        )
        for row in ask(look.sql, _PLACED, wanted)
    )


def _spans(
    sql: Connection, canonical: Mapping[bytes, bytes]
) -> dict[tuple[bytes, bytes], tuple[Period, ...]]:
    """Return by class and canonical id when people of several records belong to a class, under whichever id."""
    found: dict[tuple[bytes, bytes], tuple[Period, ...]] = {}
    if canonical:
        query = "SELECT class_id, trainee_id, periods FROM enrolment WHERE gone = 0 AND trainee_id {only}"
        for class_id, trainee, spans in ask(sql, query, canonical):
            place = (class_id, canonical[trainee])
            found[place] = found.get(place, ()) + periods(spans)
    return found


def _strays(look: Look) -> Iterator[bytes]:
    """Yield the sessions with marks of people who are not enrolled at all: no command makes them, a forgery may.

    The same people are marked session by session, so that each class is compared about once.
    """
    class_of = dict(ask(look.sql, "SELECT id, class_id FROM session"))
    enrolled: dict[bytes, set[bytes]] = defaultdict(set)
    for class_id, trainee in ask(look.sql, "SELECT class_id, trainee_id FROM enrolment"):
        enrolled[class_id].add(trainee)
    known: dict[tuple[bytes, bytes], bool] = {}
    for session, spell in look.once("spells", None, spells_of).items():
        place = (class_of[session], spell.people)
        if place not in known:
            people = (spell.people[start : start + 16] for start in range(0, len(spell.people), 16))
            known[place] = enrolled[place[0]].issuperset(people)
        if not known[place]:
            yield session


def accounts_shared(look: Look, keys: Keys) -> tuple[Flag, ...]:
    """Accounts of several people of claims; ``keys`` of trainees."""
    sql = look.sql
    own = None if keys is None else {row[0] for row in ask(sql, _ACCOUNTS_OF, keys)}
    shared = {row[0] for row in ask(sql, _SHARED_ACCOUNTS, own)}
    canonical = aliases.ids_of(sql)
    return facts.accounts_shared(
        PayeeAccount(canonical.get(row[0], row[0]), *row[1:]) for row in ask(sql, _PAID, shared)
    )
