"""Rows for the detectors of patterns (提示): SQL finds what may be one, ``domain/risk/patterns.py`` decides."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Connection

from desktop_app.domain.risk import patterns
from desktop_app.domain.risk.kinds import Flag
from desktop_app.domain.risk.patterns import (
    Grid,
    PhoneOwner,
    ScenePhoto,
    ScoreSheet,
)
from desktop_app.store import aliases
from desktop_app.store.database import driver_of
from desktop_app.store.risks.asking import Keys, Look, ask, instant, write
from desktop_app.store.risks.making import LABEL, early_marks, held_classes, may_be_late

_SUMMARIES = """
SELECT class_id, max(held_on), count(*), sum(marked) = sum(attended), min(members > 0 AND marked >= members)
FROM session_tally WHERE counts AND class_id {only} GROUP BY class_id
"""
# Not the entry numbered last: numbers follow the order in which entries came, and differ between workstations.
_NEWEST = "SELECT max(ms) FROM journal_entry"
_SIGNATURES = """
SELECT class_id, members, attended FROM session_tally WHERE counts AND class_id {only}
ORDER BY class_id, held_on, session_id
"""
_GRID = """
SELECT s.id, coalesce(m.status, ''), coalesce(m.lost_hours, 0) FROM session s
JOIN enrolment e ON e.class_id = s.class_id AND e.gone = 0
LEFT JOIN mark m ON m.session_id = s.id AND m.trainee_id = e.trainee_id AND m.gone = 0
WHERE s.class_id = ? AND s.gone = 0 AND s.state IS NOT 'cancelled' ORDER BY s.number, s.id, e.number, e.trainee_id
"""
_PHOTOS = f"""
SELECT x.id, x.owner_key, s.class_id, {LABEL}, x.digest FROM attachment x
JOIN session s ON s.id = x.owner_key JOIN training_class c ON c.id = s.class_id
WHERE x.gone = 0 AND x.owner = 'session' AND x.kind = 'scene_photo' AND x.digest {{only}}
"""
# The components that a score has not are NULL: those that all have, or none, and all alike, are one result.
_SAME = " AND ".join(
    f"min(s.{name}) IS max(s.{name}) AND count(s.{name}) IN (0, count(*))"
    for name in ("theory", "practice", "review", "process")
)
_SCORES = f"""
SELECT a.id, a.class_id, coalesce(c.code, ''), count(*), iif({_SAME}, 1, 2)
FROM score s JOIN assessment a ON a.id = s.assessment_id JOIN training_class c ON c.id = a.class_id
WHERE s.gone = 0 AND a.gone = 0 AND coalesce(s.theory, s.practice, s.review, s.process) IS NOT NULL
  AND s.assessment_id {{only}} GROUP BY a.id
"""
_SHARED = (
    "SELECT phone FROM trainee WHERE phone IS NOT NULL AND phone {only} GROUP BY phone HAVING count(*) > 1"
)
_OWNERS = "SELECT id, coalesce(name, ''), phone FROM trainee WHERE gone = 0 AND phone {only}"


def marked_before(look: Look, keys: Keys) -> tuple[Flag, ...]:
    """Sessions whose marks were made before they began; ``keys`` of sessions."""
    return patterns.marked_before(early_marks(look, keys))


@dataclass(frozen=True, slots=True)
class _Summary:
    """The sessions of a class that count: the last day, how many, whether nobody was away, whether all have marks."""

    ended: str
    sessions: int
    full: bool
    whole: bool


def _summaries(sql: Connection, keys: Keys) -> dict[bytes, _Summary]:
    return {row[0]: _Summary(*row[1:]) for row in ask(sql, _SUMMARIES, keys)}


def no_absence(look: Look, keys: Keys) -> tuple[Flag, ...]:
    """Classes where nobody ever lacked a session; ``keys`` of classes."""
    known = look.once("summaries", keys, _summaries)
    wanted = {
        key for key, one in known.items() if one.sessions >= look.limits.sessions and one.full and one.whole
    }
    return patterns.no_absence(held_classes(look.sql, wanted), look.limits)


def keyed_after_end(look: Look, keys: Keys) -> tuple[Flag, ...]:
    """Classes keyed in one sitting after their end; ``keys`` of classes."""
    newest = driver_of(look.sql).execute(_NEWEST).fetchone()
    if newest[0] is None:
        return ()
    today = instant(newest[0]).date().isoformat()
    over = {
        key
        for key, one in look.once("summaries", keys, _summaries).items()
        if one.ended <= today and one.sessions >= look.limits.people
    }
    late = may_be_late(look, keys, over, look.limits)
    return patterns.keyed_after_end(held_classes(look.sql, late), look.limits)


def follow_grids(look: Look, keys: Keys) -> set[bytes]:
    """Keep the signatures of the grids of classes; return the classes whose comparison may come out otherwise."""
    sql = look.sql
    whole = {
        key
        for key, one in look.once("summaries", keys, _summaries).items()
        if one.sessions >= look.limits.people and one.whole and not one.full
    }
    rows: dict[bytes, list[tuple[int, int]]] = defaultdict(list)
    for class_id, members, attended in ask(sql, _SIGNATURES, whole):
        rows[class_id].append((members, attended))
    wanted = {key: hashlib.sha256(repr(tallies).encode()).digest()[:16] for key, tallies in rows.items()}
    former = dict(ask(sql, "SELECT class_id, digest FROM risk_grid WHERE class_id {only}", keys))
    write(sql, "DELETE FROM risk_grid WHERE class_id = ?", [(key,) for key in former.keys() - wanted.keys()])
    fresh = [(key, digest) for key, digest in wanted.items() if former.get(key) != digest]
    write(sql, "INSERT OR REPLACE INTO risk_grid (class_id, digest) VALUES (?, ?)", fresh)
    digests = {*former.values(), *wanted.values()}
    return {row[0] for row in ask(sql, "SELECT class_id FROM risk_grid WHERE digest {only}", digests)}


def same_grids(look: Look, keys: Keys) -> tuple[Flag, ...]:
    """Classes of equal grids; ``keys`` of classes. Signatures (``follow_grids``) say which may be equal."""
    query = (
        "SELECT class_id FROM risk_grid WHERE digest IN"
        " (SELECT digest FROM risk_grid WHERE class_id {only}) AND digest IN"
        " (SELECT digest FROM risk_grid GROUP BY digest HAVING count(*) > 1)"
    )
    alike = sorted({row[0] for row in ask(look.sql, query, keys)})
    codes = dict(ask(look.sql, "SELECT id, coalesce(code, '') FROM training_class WHERE id {only}", alike))
    return patterns.same_grids((_grid(look.sql, key, codes.get(key, "")) for key in alike), look.limits)


def _grid(sql: Connection, class_id: bytes, code: str) -> Grid:
    digest, sessions, cells = hashlib.sha256(), dict[bytes, int](), 0
    for session, status, lost in driver_of(sql).execute(_GRID, (class_id,)):
        place = sessions.setdefault(session, len(sessions))
        digest.update(f"{place}:{status}:{lost};".encode())
        cells += 1
    return Grid(class_id, code, digest.digest()[:16], cells // max(1, len(sessions)), len(sessions))


def photos_twice(look: Look, keys: Keys) -> tuple[Flag, ...]:
    """Photos of several sessions; ``keys`` of attachments."""
    if keys is None:
        query = (
            "SELECT digest FROM attachment WHERE gone = 0 AND kind = 'scene_photo' AND digest IS NOT NULL"
            " GROUP BY digest HAVING count(DISTINCT owner_key) > 1"
        )
        digests = {row[0] for row in ask(look.sql, query)}
    else:
        rows = ask(look.sql, "SELECT digest FROM attachment WHERE id {only}", keys)
        digests = {row[0] for row in rows if row[0] is not None}
    return patterns.photos_twice(ScenePhoto(*row) for row in ask(look.sql, _PHOTOS, digests))


def scores_equal(look: Look, keys: Keys) -> tuple[Flag, ...]:
    """Assessments where all scores are equal; ``keys`` of assessments."""
    return patterns.scores_equal((ScoreSheet(*row) for row in ask(look.sql, _SCORES, keys)), look.limits)


def phones_shared(look: Look, keys: Keys) -> tuple[Flag, ...]:
    """Phones of many people; ``keys`` of trainees."""
    phones = None
    if keys is not None:
        phones = {row[0] for row in ask(look.sql, "SELECT phone FROM trainee WHERE id {only}", keys)} - {None}
    shared = {row[0] for row in ask(look.sql, _SHARED, phones)}
    canonical = aliases.ids_of(look.sql)
    owners = {(canonical.get(row[0], row[0]), row[2]): row for row in ask(look.sql, _OWNERS, shared)}
    return patterns.phones_shared(
        (PhoneOwner(person, row[1], row[2]) for (person, _), row in owners.items()), look.limits
    )
