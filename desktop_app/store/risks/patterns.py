"""Rows for the detectors of patterns (提示): SQL finds what may be one, ``domain/risk/patterns.py`` decides."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection

from desktop_app.domain.records import MARK
from desktop_app.domain.risk import patterns
from desktop_app.domain.risk.kinds import Flag
from desktop_app.domain.risk.patterns import (
    EarlyMarks,
    Grid,
    HeldClass,
    HeldSession,
    PhoneOwner,
    ScenePhoto,
    ScoreSheet,
)
from desktop_app.store.database import driver_of
from desktop_app.store.journal import decode_header
from desktop_app.store.risks.asking import Keys, Look, ask, instant, milliseconds, moment, write

_MARKING = MARK.by_name["mark"].number
_LATER = msgspec.msgpack.Decoder(dict[int, int]).decode
_LABEL = "coalesce(c.code, '') || ' #' || coalesce(s.number, '') || ' ' || s.held_on"
_MADE = """
SELECT m.session_id, m.trainee_id, m.status, m.base, m.later, j.ms FROM mark m JOIN journal_entry j ON j.seq = m.base
WHERE m.gone = 0 AND m.status IS NOT NULL AND m.session_id {only}
"""
_ENTRIES = """
SELECT session_id, min(base), max(base) FROM mark WHERE gone = 0 AND status IS NOT NULL GROUP BY session_id
"""
_STARTS = f"""
SELECT s.id, s.class_id, {_LABEL}, s.held_on, s.starts_at FROM session s JOIN training_class c ON c.id = s.class_id
WHERE s.gone = 0 AND s.held_on IS NOT NULL AND s.id {{only}}
"""
_ALL_STARTS = """
SELECT id, 1000 * strftime('%s', held_on || ' ' || coalesce(starts_at, '00:00') || ':00+08:00') FROM session
WHERE gone = 0 AND held_on IS NOT NULL
"""
_SUMMARIES = """
SELECT class_id, max(held_on), count(*), sum(marked) = sum(attended), min(members > 0 AND marked >= members)
FROM session_tally WHERE counts AND class_id {only} GROUP BY class_id
"""
_CLASSES = f"""
SELECT s.class_id, coalesce(c.code, ''), s.id, {_LABEL}, s.held_on, s.starts_at, s.ends_at,
       t.members, t.marked, t.attended,
       EXISTS (SELECT 1 FROM attachment x WHERE x.owner_key = s.id AND x.owner = 'session' AND x.kind = 'sign_in'
               AND x.gone = 0)
FROM session s JOIN training_class c ON c.id = s.class_id JOIN session_tally t ON t.session_id = s.id
WHERE s.gone = 0 AND t.counts AND s.class_id {{only}} ORDER BY s.class_id, s.held_on, s.starts_at
"""
_HEADER = "SELECT header FROM journal_entry WHERE seq = ?"
_NEWEST = "SELECT ms FROM journal_entry WHERE seq = (SELECT max(seq) FROM journal_entry)"
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
SELECT x.id, x.owner_key, s.class_id, {_LABEL}, x.digest FROM attachment x
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
    sql = look.sql
    if keys is None:
        starts = dict(ask(sql, _ALL_STARTS))
        made = look.once("first_made", None, _first_made)
        keys = {session for session, first, _ in made if first < starts.get(session, 0)}
    starting = {row[0]: row for row in ask(sql, _STARTS, keys)}
    starts = {key: milliseconds(moment(row[3], row[4])) for key, row in starting.items()}
    early: dict[bytes, list[tuple[int, bytes]]] = defaultdict(list)
    for session, trainee, status, ms in _marks(sql, keys):
        if ms < starts.get(session, 0) and status != "leave":
            early[session].append((ms, trainee))
    return patterns.marked_before(
        EarlyMarks(
            session,
            starting[session][1],
            starting[session][2],
            instant(starts[session]),
            instant(min(made_by)[0]),
            tuple(sorted(trainee for _, trainee in made_by)),
        )
        for session, made_by in sorted(early.items())
    )


def _first_made(sql: Connection, _keys: Keys) -> list[tuple[bytes, int, int]]:
    """Return when the entries between the first and the last that made marks of a session were made, from and to.

    Entries of others may lie between: what is odd by this is looked at mark by mark.
    """
    times: list[int] = []
    for seq, ms in driver_of(sql).execute("SELECT seq, ms FROM journal_entry ORDER BY seq"):
        if seq > len(times):
            times.extend([ms] * (seq - len(times)))
        times[seq - 1] = ms
    found = []
    for session, first, last in ask(sql, _ENTRIES):
        made = times[first - 1 : last]
        found.append((session, min(made), max(made)))
    return found


def _marks(sql: Connection, keys: Keys) -> Iterator[tuple[bytes, bytes, str, int]]:
    """Yield session, trainee, status and when the mark that stands was made."""
    times = _Times(sql)
    for session, trainee, status, base, later, ms in ask(sql, _MADE, keys):
        seq = base if later is None else _LATER(later).get(_MARKING, base)
        yield session, trainee, status, ms if seq == base else times[seq]


class _Times(dict[int, int]):
    """When entries were made, by seq; each is asked for once: one command corrects many marks."""

    def __init__(self, sql: Connection) -> None:
        super().__init__()
        self._sql = sql

    def __missing__(self, seq: int) -> int:
        row = driver_of(self._sql).execute("SELECT ms FROM journal_entry WHERE seq = ?", (seq,)).fetchone()
        self[seq] = int(row[0])
        return self[seq]


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
    return patterns.no_absence(_held(look.sql, wanted), look.limits)


def keyed_after_end(look: Look, keys: Keys) -> tuple[Flag, ...]:
    """Classes keyed in one sitting after their end; ``keys`` of classes."""
    sql = look.sql
    newest = driver_of(sql).execute(_NEWEST).fetchone()
    if newest is None:
        return ()
    today = instant(newest[0]).date().isoformat()
    over = {
        key: one.ended
        for key, one in look.once("summaries", keys, _summaries).items()
        if one.ended <= today and one.sessions >= look.limits.people
    }
    if keys is None and over:
        ends = {key: milliseconds(moment(day, None)) for key, day in over.items()}
        class_of = {row[0]: row[1] for row in ask(sql, "SELECT session_id, class_id FROM session_tally")}
        late: dict[bytes, int] = defaultdict(int)
        for session, _, last in look.once("first_made", None, _first_made):
            class_id = class_of.get(session, b"")
            late[class_id] += last >= ends.get(class_id, last + 1)
        over = {key: day for key, day in over.items() if late[key] >= look.limits.people}
    return patterns.keyed_after_end(_held(sql, over), look.limits)


def _held(sql: Connection, keys: Collection[bytes]) -> Iterator[HeldClass]:
    """Yield classes with their held sessions and when each mark was made."""
    if not keys:
        return
    classes: dict[tuple[bytes, str], list[tuple[Any, ...]]] = defaultdict(list)
    for row in ask(sql, _CLASSES, keys):
        classes[row[0], row[1]].append(row)
    for (class_id, code), rows in sorted(classes.items()):
        made: dict[bytes, dict[int, int]] = defaultdict(dict)
        entries: dict[bytes, list[int]] = defaultdict(list)
        times = _Times(sql)
        for session, _, _, base, later, ms in ask(sql, _MADE, {row[2] for row in rows}):
            seq = base if later is None else _LATER(later).get(_MARKING, base)
            made[session].setdefault(seq, ms if seq == base else times[seq])
            entries[session].append(seq)
        yield HeldClass(
            class_id, code, tuple(_session(sql, row, made[row[2]], entries[row[2]]) for row in rows)
        )


def _session(sql: Connection, row: tuple[Any, ...], made: dict[int, int], entries: list[int]) -> HeldSession:
    _, _, session, label, day, start, end, members, marked, attended, scanned = row
    backed = bool(scanned) or (bool(entries) and all(_by_key(sql, seq, ms, day) for seq, ms in made.items()))
    return HeldSession(
        session,
        label,
        moment(day, start),
        moment(day, end) if end else moment(day, start) + timedelta(hours=4),
        members,
        marked - attended,
        members > 0 and marked >= members,
        backed,
        tuple(instant(made[seq]) for seq in entries),
    )


def _by_key(sql: Connection, seq: int, ms: int, day: str) -> bool:
    """Tell whether an entry is 全班到课 pressed on the day of the session, or names the sheet that was keyed."""
    command = decode_header(driver_of(sql).execute(_HEADER, (seq,)).fetchone()[0]).command
    return command == "mark_from_sheet" or (command == "mark_class" and instant(ms).date().isoformat() == day)


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
    return patterns.phones_shared((PhoneOwner(*row) for row in ask(look.sql, _OWNERS, shared)), look.limits)
