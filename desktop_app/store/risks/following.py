"""Which flags a change may raise or lower: found anew for the records that it touched, and written where they differ.

A detector looks at records of one kind, its *unit*. What a change touched is followed to the units; so are the flags
that speak of something touched, since their words may be others now. Found flags replace those of the same units.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sqlalchemy import Connection

from desktop_app.domain.records import (
    ASSESSMENT,
    ATTACHMENT,
    CERTIFICATE,
    CLAIM_LINE,
    DUPLICATE_TRAINING,
    ENROLMENT,
    MARK,
    POLICY_VALUE,
    PROJECT,
    SCORE,
    SESSION,
    SESSION_CLASS,
    TEACHER,
    TRAINEE,
    TRAINING_CLASS,
    Entity,
)
from desktop_app.domain.risk.kinds import Flag, RiskKind, Subject
from desktop_app.store import aliases
from desktop_app.store.database import driver_of
from desktop_app.store.folding import Touched
from desktop_app.store.risks import blocking, patterns, trainings
from desktop_app.store.risks.asking import Keys, Look, ask, write


@dataclass(frozen=True, slots=True)
class Detector:
    """A detector with the kind of its flags and the entity of its units."""

    kind: RiskKind
    unit: Entity
    find: Callable[[Look, Keys], tuple[Flag, ...]]


DETECTORS = (
    Detector(RiskKind.CERTIFICATE_TWICE, CERTIFICATE, blocking.certificates_twice),
    Detector(RiskKind.PERSON_TWICE, SESSION, blocking.persons_twice),
    Detector(RiskKind.TEACHER_TWICE, SESSION, blocking.teachers_twice),
    Detector(RiskKind.MARK_OUTSIDE, SESSION, blocking.marks_outside),
    Detector(RiskKind.ACCOUNT_SHARED, TRAINEE, blocking.accounts_shared),
    Detector(RiskKind.MARKED_BEFORE, SESSION, patterns.marked_before),
    Detector(RiskKind.NO_ABSENCE, TRAINING_CLASS, patterns.no_absence),
    Detector(RiskKind.KEYED_AFTER, TRAINING_CLASS, patterns.keyed_after_end),
    Detector(RiskKind.SAME_GRID, TRAINING_CLASS, patterns.same_grids),
    Detector(RiskKind.PHOTO_TWICE, ATTACHMENT, patterns.photos_twice),
    Detector(RiskKind.SCORES_EQUAL, ASSESSMENT, patterns.scores_equal),
    Detector(RiskKind.PHONE_SHARED, TRAINEE, patterns.phones_shared),
    Detector(RiskKind.CLASSES_OVERLAP, TRAINEE, trainings.classes_overlap),
    Detector(RiskKind.TRAINED_TWICE, TRAINEE, trainings.trained_twice),
    Detector(RiskKind.OVERLAPS_ELSEWHERE, TRAINEE, trainings.overlaps_elsewhere),
    Detector(RiskKind.TRAINED_ELSEWHERE, TRAINEE, trainings.trained_elsewhere),
)
_NAMED = (SESSION, TRAINEE, TEACHER, TRAINING_CLASS, CERTIFICATE, ATTACHMENT, ASSESSMENT)
_PARAMETERS = "SELECT coalesce(parameter, '') FROM policy_value WHERE id {only}"
Units = dict[int, set[bytes]]


def follow(sql: Connection, touched: Touched) -> None:
    """Bring the flags up to records that were written, hidden or shown; all of them where a limit is another now."""
    values = touched.get(POLICY_VALUE.number)
    if values and any(row[0].startswith("risk_") for row in ask(sql, _PARAMETERS, values)):
        rebuild(sql)
        return
    units = _units(sql, touched)
    if not any(units.values()):
        return
    former = _former(sql, units, touched)
    look = Look(sql)
    for one in DETECTORS:
        known = former.get(one.kind, ())
        keys = units[one.unit.number] | {key for flag in known for key in flag.units(one.unit)}
        if keys:
            if one.kind is RiskKind.SAME_GRID:
                keys |= patterns.follow_grids(look, keys)
            _replace(sql, known, one.find(look, keys))


def rebuild(sql: Connection) -> None:
    """Find all flags anew."""
    for table in ("risk_subject", "risk_flag", "risk_grid"):
        driver_of(sql).execute(f"DELETE FROM {table}")
    look = Look(sql)
    patterns.follow_grids(look, None)
    for one in DETECTORS:
        _write(sql, one.find(look, None))


def _units(sql: Connection, touched: Touched) -> Units:
    """Return what the detectors must look at again, by entity number."""
    own = {one.number: set(touched.get(one.number, ())) for one in _NAMED}
    sessions, classes, people = own[SESSION.number], own[TRAINING_CLASS.number], own[TRAINEE.number]
    sessions.update(key[:16] for key in touched.get(MARK.number, ()))
    own[ASSESSMENT.number].update(key[:16] for key in touched.get(SCORE.number, ()))
    whole = set(classes)
    for key in touched.get(ENROLMENT.number, ()):
        whole.add(key[:16])
        people.add(key[16:])
    people.update(key[-16:] for key in touched.get(CLAIM_LINE.number, ()))
    people.update(key[-16:] for key in touched.get(DUPLICATE_TRAINING.number, ()))
    for key in touched.get(SESSION_CLASS.number, ()):
        sessions.add(key[:16])
        whole.add(key[16:])
    if touched.get(PROJECT.number):
        query = "SELECT id FROM training_class WHERE project_id {only}"
        classes |= {row[0] for row in ask(sql, query, touched[PROJECT.number])}
    if own[ATTACHMENT.number]:
        query = (
            "SELECT owner_key FROM attachment WHERE owner = 'session' AND owner_key IS NOT NULL AND id {only}"
        )
        sheets = {row[0] for row in ask(sql, query, own[ATTACHMENT.number])}
        classes |= _classes_of(sql, sheets)
    classes |= _classes_of(sql, sessions) | whole
    if whole:
        sessions |= {row[0] for row in ask(sql, "SELECT id FROM session WHERE class_id {only}", whole)}
    for key in touched.get(TRAINING_CLASS.number, ()):
        rows = driver_of(sql).execute("SELECT trainee_id FROM enrolment WHERE class_id = ?", (key,))
        people.update(row[0] for row in rows)
    people.update(aliases.ids_of(sql, people))
    return own


def _classes_of(sql: Connection, sessions: Collection[bytes]) -> set[bytes]:
    return {row[0] for row in ask(sql, "SELECT class_id FROM session WHERE id {only}", sessions)}


@dataclass(frozen=True, slots=True)
class _Former:
    """A flag that was found before, with its subjects."""

    id: bytes
    subjects: frozenset[Subject]

    def units(self, entity: Entity) -> Iterator[bytes]:
        """Yield those of its subjects that are units of a detector."""
        return (key for number, key in self.subjects if number == entity.number)


def _former(sql: Connection, units: Units, touched: Touched) -> dict[str, list[_Former]]:
    """Return by kind the flags that speak of a unit, or of something touched, whose words may be others now."""
    if driver_of(sql).execute("SELECT 1 FROM risk_flag LIMIT 1").fetchone() is None:
        return {}
    kinds: dict[bytes, str] = {}
    for entity in _NAMED:
        keys = units[entity.number] | set(touched.get(entity.number, ()))
        query = (
            "SELECT f.id, f.kind FROM risk_subject r JOIN risk_flag f ON f.id = r.flag_id"
            f" WHERE r.entity = {entity.number} AND r.key {{only}}"
        )
        kinds.update(ask(sql, query, keys))
    subjects = _subjects(sql, kinds)
    found: dict[str, list[_Former]] = {}
    for flag, kind in kinds.items():
        found.setdefault(kind, []).append(_Former(flag, frozenset(subjects.get(flag, ()))))
    return found


def _subjects(sql: Connection, flags: Collection[bytes]) -> dict[bytes, set[Subject]]:
    found: dict[bytes, set[Subject]] = {}
    query = "SELECT flag_id, entity, key FROM risk_subject WHERE flag_id {only}"
    for flag, number, key in ask(sql, query, flags):
        found.setdefault(flag, set()).add((number, key))
    return found


def _replace(sql: Connection, former: Sequence[_Former], found: Collection[Flag]) -> None:
    """Put what a detector finds in the place of what it had found for the same units; what is equal stays untouched."""
    if not former and not found:
        return
    flags = {flag.id: flag for flag in found}
    known: dict[bytes, AbstractSet[Subject]] = {one.id: one.subjects for one in former}
    left = known.keys() - flags.keys()
    known.update(_subjects(sql, flags.keys() - known.keys()))
    write(sql, "DELETE FROM risk_flag WHERE id = ?", [(key,) for key in left])
    write(
        sql,
        "DELETE FROM risk_subject WHERE flag_id = ? AND entity = ? AND key = ?",
        [
            (key, *one)
            for key, subjects in known.items()
            for one in subjects - set(flags[key].subjects if key in flags else ())
        ],
    )
    _write(sql, flags.values(), known)


_NONE: Mapping[bytes, AbstractSet[Subject]] = {}


def _write(
    sql: Connection, found: Iterable[Flag], known: Mapping[bytes, AbstractSet[Subject]] = _NONE
) -> None:
    """Write flags and those of their subjects that are not ``known``."""
    flags = {flag.id: flag for flag in found}.values()
    write(
        sql,
        "INSERT INTO risk_flag (id, kind, blocks, class_id, facts) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET class_id = excluded.class_id, facts = excluded.facts"
        " WHERE class_id IS NOT excluded.class_id OR facts <> excluded.facts",
        [
            (
                flag.id,
                flag.kind.value,
                int(flag.blocks),
                flag.class_id,
                json.dumps(flag.facts, ensure_ascii=False),
            )
            for flag in flags
        ],
    )
    write(
        sql,
        "INSERT OR IGNORE INTO risk_subject (entity, key, flag_id) VALUES (?, ?, ?)",
        [(*one, flag.id) for flag in flags for one in flag.subjects if one not in known.get(flag.id, ())],
    )
