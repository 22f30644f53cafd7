"""Counts that lists show of sessions, classes and assessments, kept beside the records in the same transaction.

They are counted anew from the records for whatever a change may concern, never added up, so that they hold whichever
way it came. Two enrolments of one person in a class count once. A mark of somebody who is no member on that day counts
nowhere. A 补课 for some people expects those alone, and its 课时 are those of the session that it makes up, so it has
none of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection

from desktop_app.domain.assessments import AssessmentKind
from desktop_app.domain.attendance import THERE
from desktop_app.domain.enrolment import Period, is_member
from desktop_app.domain.records import ASSESSMENT, ENROLMENT, MARK, SCORE, SESSION, TRAINING_CLASS, Entity
from desktop_app.store import aliases
from desktop_app.store.aliases import PERSON, TWIN
from desktop_app.store.database import driver_of
from desktop_app.store.enrolment_states import LEFT, OUTSIDE
from desktop_app.store.folding import Touched
from desktop_app.store.queries.columns import keys as column_keys
from desktop_app.store.queries.columns import periods, required_day

_MOST_KEYS = 500
_SESSIONS = """
SELECT s.id, s.class_id, s.held_on, iif(s.makes_up_for IS NULL, coalesce(s.hours, 0), 0),
       s.state IS NOT 'cancelled', s.gone OR s.held_on IS NULL, s.makes_up_for,
       t.session_id, t.class_id, t.held_on, t.hours, t.counts, t.members, t.marked, t.attended
FROM session s LEFT JOIN session_tally t ON t.session_id = s.id WHERE s.id IN
"""
_MARKED = "count(*), sum(m.status IN ('present', 'late', 'early'))"
_MARKS = f"""
SELECT m.session_id, {_MARKED} FROM mark m
WHERE m.gone = 0 AND m.status IS NOT NULL AND m.session_id IN
"""
_ENROLMENTS = (
    "SELECT class_id, periods, gone OR state IS 'refused', count(*) FROM enrolment WHERE class_id IN"
)
_MARKS_OUTSIDE = f"""
SELECT s.id, {_MARKED}
FROM enrolment e CROSS JOIN session s ON s.class_id = e.class_id
CROSS JOIN mark m ON m.session_id = s.id AND m.trainee_id = e.trainee_id
WHERE e.class_id = ? AND e.periods IS ? AND (e.gone OR e.state IS 'refused') = ?
  AND m.gone = 0 AND m.status IS NOT NULL AND s.id IN
"""
_PEOPLE = """
SELECT e.trainee_id, e.periods, m.status FROM enrolment e JOIN session s ON s.class_id = e.class_id
LEFT JOIN mark m ON m.session_id = s.id AND m.trainee_id = e.trainee_id AND m.gone = 0
WHERE e.class_id = ? AND e.gone = 0 AND e.state IS NOT 'refused' AND s.id IN
"""
_GONE = "DELETE FROM session_tally WHERE session_id = ?"
_TALLY = "INSERT OR REPLACE INTO session_tally VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_PLACED = 5  # columns that say where a session belongs; the others are counts
# An index over none of the counts stays untouched.
_RECOUNTED = "UPDATE session_tally SET members = ?, marked = ?, attended = ? WHERE session_id = ?"
_OF_SESSIONS = """
count(t.session_id), coalesce(sum(t.members > 0 AND t.marked >= t.members), 0), coalesce(sum(t.hours), 0)
"""
_CLASSES = f"""
INSERT INTO class_tally (class_id, people, sessions, complete, hours)
SELECT c.id, (SELECT count(*) FROM enrolment e WHERE e.class_id = c.id AND e.gone = 0
        AND e.state NOT IN {OUTSIDE} AND e.state NOT IN {LEFT} AND NOT {TWIN}),
       {_OF_SESSIONS}
FROM training_class c LEFT JOIN session_tally t ON t.class_id = c.id AND t.counts
WHERE c.gone = 0 AND c.id IN
"""
_CLASSES_SESSIONS = f"""
UPDATE class_tally SET (sessions, complete, hours) =
  (SELECT {_OF_SESSIONS} FROM session_tally t WHERE t.class_id = class_tally.class_id AND t.counts)
WHERE class_id IN
"""
_ASSESSMENTS = f"""
INSERT INTO assessment_tally (assessment_id, scored)
SELECT a.id, (SELECT count(DISTINCT {PERSON.format(id="s.trainee_id")}) FROM score s
    WHERE s.assessment_id = a.id AND s.gone = 0
    AND coalesce(s.theory_state, s.practice_state, s.review_state, s.process_state) IS NOT NULL)
FROM assessment a WHERE a.gone = 0 AND a.id IN
"""
_WAITING = f"""
UPDATE assessment_tally SET waiting =
  (SELECT CASE WHEN a.kind = '{AssessmentKind.LEVEL}' THEN assessment_tally.scored < CASE
                 WHEN a.resit_of IS NULL THEN coalesce(t.people, 0)
                 ELSE (SELECT count(*) FROM score s WHERE s.assessment_id = a.id AND s.gone = 0) END
               ELSE NOT coalesce(a.locked, 0) END
   FROM assessment a LEFT JOIN class_tally t ON t.class_id = a.class_id WHERE a.id = assessment_tally.assessment_id)
WHERE assessment_id IN
"""
Tally = tuple[Any, ...]


def follow(sql: Connection, touched: Touched) -> None:
    """Count anew what records that were written, hidden or shown may change."""
    enrolled = _owners(touched, ENROLMENT)
    sessions = _owners(touched, MARK, SESSION)
    for part in _parts(enrolled):
        sessions.update(row[0] for row in _ask(sql, "SELECT id FROM session WHERE class_id IN", part))
    whole = enrolled | _owners(touched, TRAINING_CLASS)
    changed = _count_sessions(sql, sessions)
    _count_classes(sql, whole, changed - whole)
    assessments = _owners(touched, SCORE, ASSESSMENT)
    _count_assessments(sql, assessments)
    for part in _parts(whole):
        rows = _ask(sql, "SELECT id FROM assessment WHERE class_id IN", part)
        _judge_assessments(sql, {row[0] for row in rows} - assessments)


def _owners(touched: Touched, *entities: Entity) -> set[bytes]:
    """Return the first parts of the keys of touched records."""
    return {key[:16] for entity in entities for key in touched.get(entity.number, ())}


def rebuild(sql: Connection) -> None:
    """Count everything anew."""
    for table in ("session_tally", "class_tally", "assessment_tally"):
        sql.exec_driver_sql(f"DELETE FROM {table}")
    _count_sessions(sql, _all(sql, "session"))
    _count_classes(sql, _all(sql, "training_class"), set())
    _count_assessments(sql, _all(sql, "assessment"))


def _all(sql: Connection, table: str) -> set[bytes]:
    return {row[0] for row in sql.exec_driver_sql(f"SELECT id FROM {table}")}


def _count_sessions(sql: Connection, keys: Collection[bytes]) -> set[bytes]:
    """Count sessions anew; return the classes whose sums that changes."""
    changed: set[bytes] = set()
    for part in _parts(keys):
        rows = _ask(sql, _SESSIONS, part)
        present = {row[0]: tuple(row[:5]) for row in rows if not row[5]}
        former = {row[7]: tuple(row[7:]) for row in rows if row[7] is not None}
        wanted = {row[0]: frozenset(column_keys(row[6])) for row in rows if row[6] is not None}
        counted = {tally[0]: tally for tally in _Turnout(sql, list(present.values()), wanted).tallies()}
        gone = [(key,) for key in former.keys() - counted.keys()]
        fresh = [tally for key, tally in counted.items() if tally[:_PLACED] != former.get(key, ())[:_PLACED]]
        recounted = [
            (*tally[_PLACED:], key)
            for key, tally in counted.items()
            if key in former and tally != former[key] and tally[:_PLACED] == former[key][:_PLACED]
        ]
        for statement, values in ((_GONE, gone), (_TALLY, fresh), (_RECOUNTED, recounted)):
            if values:
                driver_of(sql).executemany(statement, values)
        for key in former.keys() | counted.keys():
            before, now = former.get(key), counted.get(key)
            if _share(before) != _share(now):
                changed |= {tally[1] for tally in (before, now) if tally is not None}
    return changed


def _share(tally: Tally | None) -> tuple[object, ...] | None:
    """Return what a session adds to the sums of its class."""
    if tally is None or not tally[4]:
        return None
    _, class_id, _, hours, _, members, marked, _ = tally
    return class_id, hours, members > 0 and marked >= members


def _count_classes(sql: Connection, whole: Collection[bytes], by_sessions: Collection[bytes]) -> None:
    for part in _parts(whole):
        _ask(sql, "DELETE FROM class_tally WHERE class_id IN", part)
        _ask(sql, _CLASSES, part, " GROUP BY c.id")
    for part in _parts(by_sessions):
        _ask(sql, _CLASSES_SESSIONS, part)


def _count_assessments(sql: Connection, keys: Collection[bytes]) -> None:
    for part in _parts(keys):
        _ask(sql, "DELETE FROM assessment_tally WHERE assessment_id IN", part)
        _ask(sql, _ASSESSMENTS, part)
    _judge_assessments(sql, keys)


def _judge_assessments(sql: Connection, keys: Collection[bytes]) -> None:
    """Work out in which assessments somebody still has to act."""
    for part in _parts(keys):
        _ask(sql, _WAITING, part)


@dataclass(slots=True)
class _Bunch:
    """Enrolments of one class with equal periods: the column as stored, whether they count, and how many."""

    text: str | None
    out: int
    people: int
    spans: tuple[Period, ...]


@dataclass(slots=True)
class _Turnout:
    """Counts for some sessions: (id, class, day, hours, counts).

    Enrolments are read in bunches of equal periods, and only the marks of those whose periods leave a session out are
    looked at one by one. ``wanted`` are the people of a 补课 that is not for the whole class.
    """

    sql: Connection
    sessions: Sequence[Tally]
    wanted: Mapping[bytes, frozenset[bytes]]
    _marks: dict[bytes, tuple[int, int]] = field(default_factory=dict)

    def tallies(self) -> Iterator[Tally]:
        """Yield the rows of the tally."""
        of_class: dict[bytes, list[tuple[bytes, date]]] = {}
        for key, class_id, held_on, _, _ in self.sessions:
            of_class.setdefault(class_id, []).append((key, required_day(held_on)))
        for part in _parts([row[0] for row in self.sessions]):
            for key, marked, came in _ask(self.sql, _MARKS, part, " GROUP BY m.session_id"):
                self._marks[key] = (marked, came)
        bunches = self._bunches(list(of_class))
        doubled = {class_id for class_id, _ in aliases.twins(self.sql)} if aliases.any_alias(self.sql) else ()
        for class_id, sessions in of_class.items():
            for bunch in bunches.get(class_id, ()):
                self._leave_out(class_id, bunch, sessions)
        for row in self.sessions:
            day = required_day(row[2])
            if row[0] in self.wanted or row[1] in doubled:
                yield (*row, *self._of_some(row[0], row[1], day))
                continue
            members = sum(bunch.people for bunch in bunches.get(row[1], ()) if is_member(bunch.spans, day))
            yield (*row, members, *self._marks.get(row[0], (0, 0)))

    def _of_some(self, session: bytes, class_id: bytes, day: date) -> tuple[int, int, int]:
        """Return how many people of a class, or of a 补课, belong to it that day, have a mark, and came, one by one."""
        rows = _ask(self.sql, _PEOPLE, (session,), first=(class_id,))
        twins, wanted = aliases.twins_of(self.sql, class_id), self.wanted.get(session)
        if wanted is not None:
            wanted = frozenset(twins.get(key, key) for key in wanted)
        people: dict[bytes, str | None] = {}
        members = set()
        for key, spans, status in sorted(rows, key=lambda row: row[0] in twins):
            shown = twins.get(key, key)
            people[shown] = people.get(shown) or status
            if (wanted is None or shown in wanted) and is_member(periods(spans), day):
                members.add(shown)
        counted = [people[key] for key in members]
        return len(counted), sum(one is not None for one in counted), sum(one in THERE for one in counted)

    def _bunches(self, classes: Sequence[bytes]) -> dict[bytes, list[_Bunch]]:
        found: dict[bytes, list[_Bunch]] = {}
        for part in _parts(classes):
            for key, text, out, people in _ask(self.sql, _ENROLMENTS, part, " GROUP BY 1, 2, 3"):
                spans = () if out else periods(text)
                found.setdefault(key, []).append(_Bunch(text, out, people, spans))
        return found

    def _leave_out(self, class_id: bytes, bunch: _Bunch, sessions: Sequence[tuple[bytes, date]]) -> None:
        """Take the marks of people on days when they do not belong to the class out of the counts."""
        outside = [key for key, day in sessions if key in self._marks and not is_member(bunch.spans, day)]
        for part in _parts(outside):
            rows = _ask(self.sql, _MARKS_OUTSIDE, part, " GROUP BY s.id", (class_id, bunch.text, bunch.out))
            for key, marked, came in rows:
                before = self._marks[key]
                self._marks[key] = (before[0] - marked, before[1] - came)


def _parts(keys: Collection[bytes]) -> Iterator[tuple[bytes, ...]]:
    listed = sorted(keys)
    return (tuple(listed[start : start + _MOST_KEYS]) for start in range(0, len(listed), _MOST_KEYS))


def _ask(
    sql: Connection, query: str, keys: tuple[bytes, ...], tail: str = "", first: tuple[object, ...] = ()
) -> Sequence[Any]:
    """Run a statement that ends in the list of keys; return its rows, if it is one that has any."""
    found = driver_of(sql).execute(f"{query} ({', '.join('?' * len(keys))}){tail}", (*first, *keys))
    return found.fetchall()  # type: ignore[no-any-return]
