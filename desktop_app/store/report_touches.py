"""Which classes and projects a change may concern in what is reported, counted in the transaction of the change.

What was worked out of a report holds while the number of its class stands still (``sync/reporting/report_states.py``).
A record is followed to its class by its parents; what belongs to no class, such as the institution, concerns all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection

from desktop_app.domain.records import (
    ASSESSMENT,
    ATTACHMENT,
    BATCH,
    BATCH_PAGE,
    BY_NAME,
    BY_NUMBER,
    DEVICE,
    DUPLICATE_TRAINING,
    ENROLMENT,
    PLATFORM_CHANGE,
    PLATFORM_PAGE,
    PROJECT,
    REPORT_REVIEW,
    SESSION,
    SITE,
    TEACHER,
    TRAINEE,
    TRAINING_CLASS,
    USER,
    Entity,
)
from desktop_app.store.database import driver_of
from desktop_app.store.folding import Record, Touched

EVERYTHING = b""
_MOST_KEYS = 500
# What no statement says; batches, receipts and reviews are compared by themselves.
_APART = frozenset(
    one.number
    for one in (
        DEVICE,
        USER,
        BATCH,
        BATCH_PAGE,
        PLATFORM_PAGE,
        REPORT_REVIEW,
        PLATFORM_CHANGE,
        DUPLICATE_TRAINING,
    )
)
# The nearest parent first: its class is the record's.
_PARENTS: tuple[tuple[str, Entity], ...] = (
    ("session_id", SESSION),
    ("assessment_id", ASSESSMENT),
    ("class_id", TRAINING_CLASS),
    ("trainee_id", TRAINEE),
    ("project_id", PROJECT),
)
# session_tally still tells the class that a session had before.
_FORMER_CLASSES = "SELECT class_id FROM session_tally WHERE session_id IN"
_CLASSES_OF: dict[int, tuple[str, ...]] = {
    SESSION.number: (
        "SELECT class_id FROM session WHERE id IN",
        _FORMER_CLASSES,
    ),
    ASSESSMENT.number: ("SELECT class_id FROM assessment WHERE id IN",),
    TRAINEE.number: ("SELECT DISTINCT class_id FROM enrolment WHERE trainee_id IN",),
    PROJECT.number: ("SELECT id FROM training_class WHERE project_id IN",),
    SITE.number: ("SELECT id FROM training_class WHERE site_id IN",),
    TEACHER.number: ("SELECT DISTINCT class_id FROM teaching WHERE teacher_id IN",),
}
_TOUCH = (
    "INSERT INTO report_touch (subject, touched) VALUES (?, 1)"
    " ON CONFLICT (subject) DO UPDATE SET touched = touched + 1"
)


def follow(sql: Connection, touched: Touched) -> None:
    """Count a change of every class and project whose reports may say something else now."""
    subjects = _subjects(sql, touched)
    if subjects:
        driver_of(sql).executemany(_TOUCH, [(one,) for one in sorted(subjects)])


def rebuild(sql: Connection) -> None:
    """Let everything be worked out anew."""
    driver_of(sql).execute(_TOUCH, (EVERYTHING,))


def _subjects(sql: Connection, touched: Touched) -> set[bytes]:
    keys = {number: set(found) for number, found in touched.items() if number not in _APART}
    for number, key in _owners(sql, keys.pop(ATTACHMENT.number, set())):
        keys.setdefault(number, set()).add(key)
    own: dict[int, set[bytes]] = {}
    for number, found in keys.items():
        for parent, key in _nearest(sql, number, found):
            own.setdefault(parent, set()).add(key)
    subjects: set[bytes] = set()
    for number, found in own.items():
        if number in {TRAINING_CLASS.number, PROJECT.number}:
            subjects |= found
        elif number not in _CLASSES_OF:
            subjects.add(EVERYTHING)
        for query in _CLASSES_OF.get(number, ()):
            if query is _FORMER_CLASSES and number not in keys:
                continue  # of sessions that merely have other marks
            subjects.update(row[0] for part in _parts(found) for row in _ask(sql, query, part))
    return subjects


def _nearest(sql: Connection, number: int, keys: Collection[bytes]) -> Iterator[Record]:
    """Yield what leads to the class: the record itself, or its nearest parents."""
    entity = BY_NUMBER.get(number)
    if entity is None:  # of a later version: no report of this one speaks of it
        return
    if number in _CLASSES_OF or number == TRAINING_CLASS.number:
        yield from ((number, key) for key in keys)
        return
    parts = [part.name for part in entity.key]
    parents = [(column, parent) for column, parent in _PARENTS if column in (entity.parents or {})]
    if entity is ENROLMENT:
        parents = [("class_id", TRAINING_CLASS)]
    if not parents:
        yield number, EVERYTHING
        return
    for column, parent in parents[:2] if "class_id" in parts else parents[:1]:
        if column in parts:
            at = parts.index(column)
            start = sum(part.size for part in entity.key[:at])
            yield from ((parent.number, key[start : start + entity.key[at].size]) for key in keys)
        else:
            query = f'SELECT DISTINCT {column} FROM "{entity.name}" WHERE id IN'
            rows = (row[0] for part in _parts(keys) for row in _ask(sql, query, part))
            yield from ((parent.number, key) for key in rows if key is not None)


def _owners(sql: Connection, files: Collection[bytes]) -> Iterator[Record]:
    query = "SELECT DISTINCT owner, owner_key FROM attachment WHERE id IN"
    for part in _parts(files):
        for owner, key in _ask(sql, query, part):
            if owner in BY_NAME and key is not None and BY_NAME[owner].number not in _APART:
                yield BY_NAME[owner].number, key


def _parts(keys: Collection[bytes]) -> Iterator[tuple[bytes, ...]]:
    listed = sorted(keys)
    return (tuple(listed[start : start + _MOST_KEYS]) for start in range(0, len(listed), _MOST_KEYS))


def _ask(sql: Connection, query: str, keys: tuple[bytes, ...]) -> Sequence[Any]:
    return driver_of(sql).execute(f"{query} ({', '.join('?' * len(keys))})", keys).fetchall()  # type: ignore[no-any-return]
