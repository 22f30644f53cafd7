"""When marks were made and by what entry, for the detectors: counted by session and entry, never mark by mark."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, repeat
from typing import Any

import msgspec
from sqlalchemy import Connection

from desktop_app.domain.records import MARK
from desktop_app.domain.risk.patterns import WHOLE, EarlyMarks, HeldClass, HeldSession, Limits
from desktop_app.store.database import driver_of
from desktop_app.store.journal import decode_header
from desktop_app.store.risks.asking import Keys, Look, ask, instant, moment

LABEL = "coalesce(c.code, '') || ' #' || coalesce(s.number, '') || ' ' || s.held_on"
_MARKING = MARK.by_name["mark"].number
_LATER = msgspec.msgpack.Decoder(dict[int, int]).decode
_USUAL_LENGTH = timedelta(hours=4)  # of a session whose end is not entered
# Milliseconds as entries count them.
_START = "1000 * strftime('%s', s.held_on || ' ' || coalesce(s.starts_at, '00:00') || ':00+08:00')"
_END = f"""
iif(s.ends_at IS NULL, {_START} + {_USUAL_LENGTH // timedelta(milliseconds=1)},
    1000 * strftime('%s', s.held_on || ' ' || s.ends_at || ':00+08:00'))
"""
_EARLY = f"""
SELECT s.id, s.class_id, {LABEL}, s.held_on, s.starts_at, m.trainee_id, m.base, m.later, j.ms, {_START}
FROM session s JOIN training_class c ON c.id = s.class_id
JOIN mark m ON m.session_id = s.id JOIN journal_entry j ON j.seq = m.base
WHERE s.gone = 0 AND s.held_on IS NOT NULL AND s.id {{only}} AND m.gone = 0 AND m.status IS NOT NULL
  AND m.status <> 'leave' AND {_START} IS NOT NULL AND (m.later IS NOT NULL OR j.ms < {_START})
"""
_STARTS = f"SELECT s.id, {_START} FROM session s WHERE s.gone = 0 AND s.held_on IS NOT NULL"
_ENTRIES = """
SELECT session_id, min(base), max(base), count(*), count(later), CAST(group_concat(trainee_id, '') AS BLOB) FROM mark
WHERE gone = 0 AND status IS NOT NULL GROUP BY session_id
"""
_ENDS = f"""
SELECT s.class_id, max({_END}) FROM session s JOIN session_tally t ON t.session_id = s.id
WHERE t.counts AND s.class_id {{only}} GROUP BY s.class_id HAVING max({_END}) IS NOT NULL
"""
_LATE = """
SELECT count(*), sum(m.later IS NOT NULL OR j.ms > ?1) FROM session_tally t
JOIN mark m ON m.session_id = t.session_id JOIN journal_entry j ON j.seq = m.base
WHERE t.class_id = ?2 AND t.counts AND m.gone = 0 AND m.status IS NOT NULL GROUP BY t.session_id
"""
_CLASSES = f"""
SELECT s.class_id, coalesce(c.code, ''), s.id, {LABEL}, s.held_on, s.starts_at, s.ends_at,
       t.members, t.marked, t.attended,
       EXISTS (SELECT 1 FROM attachment x WHERE x.owner_key = s.id AND x.owner = 'session' AND x.kind = 'sign_in'
               AND x.gone = 0)
FROM session s JOIN training_class c ON c.id = s.class_id JOIN session_tally t ON t.session_id = s.id
WHERE s.gone = 0 AND t.counts AND s.class_id {{only}} ORDER BY s.class_id, s.held_on, s.starts_at
"""
_GROUPS = """
SELECT session_id, base, later, count(*) FROM mark
WHERE gone = 0 AND status IS NOT NULL AND session_id {only} GROUP BY session_id, base, later
"""
_ENTRY = "SELECT seq, ms, header FROM journal_entry WHERE seq {only}"
Made = tuple[int, int]
"""How many marks of a session there are, and how many of them may have been made late."""


@dataclass(frozen=True, slots=True)
class Spell:
    """When the entries between the first and the last that made marks of a session were made, in ms, and its marks.

    Entries of others may lie between: what is odd by this is looked at entry by entry. ``people`` are the keys of who
    has a mark, one after the other.
    """

    first: int
    last: int
    marks: int
    rewritten: int
    people: bytes


def early_marks(look: Look, keys: Keys) -> Iterator[EarlyMarks]:
    """Yield sessions with marks, but those of leave, that were made before they began; ``keys`` of sessions."""
    sql = look.sql
    if keys is None:
        starts = dict(ask(sql, _STARTS))
        spells = look.once("spells", None, spells_of)
        keys = {session for session, one in spells.items() if one.first < starts.get(session, 0)}
    times = _Times(sql)
    early: dict[tuple[Any, ...], list[tuple[int, bytes]]] = defaultdict(list)
    for *session, trainee, base, later, ms, start in list(ask(sql, _EARLY, keys)):
        seq = _written(base, later)
        made = ms if seq == base else times[seq]
        if made < start:
            early[tuple(session)].append((made, trainee))
    for (session_id, class_id, label, day, start), made_by in sorted(
        early.items(), key=lambda item: item[0][0]
    ):
        yield EarlyMarks(
            session_id,
            class_id,
            label,
            moment(day, start),
            instant(min(made_by)[0]),
            tuple(sorted(trainee for _, trainee in made_by)),
        )


def _written(base: int, later: bytes | None) -> int:
    """Return the number of the entry that wrote a mark as it stands."""
    return base if later is None else _LATER(later).get(_MARKING, base)


class _Times(dict[int, int]):
    """When entries were made, by seq; each is asked for once: one command corrects many marks."""

    def __init__(self, sql: Connection) -> None:
        super().__init__()
        self._sql = sql

    def __missing__(self, seq: int) -> int:
        row = driver_of(self._sql).execute("SELECT ms FROM journal_entry WHERE seq = ?", (seq,)).fetchone()
        self[seq] = int(row[0])
        return self[seq]


def spells_of(sql: Connection, _keys: Keys) -> dict[bytes, Spell]:
    """Return the spell of every session that has marks, by its key."""
    times: list[int] = []
    for seq, ms in driver_of(sql).execute("SELECT seq, ms FROM journal_entry ORDER BY seq"):
        if seq > len(times):
            times.extend([ms] * (seq - len(times)))
        times[seq - 1] = ms
    found = {}
    for session, first, last, marks, rewritten, people in ask(sql, _ENTRIES):
        made = times[first - 1 : last]
        found[session] = Spell(min(made), max(made), marks, rewritten, people)
    return found


def may_be_late(look: Look, keys: Keys, over: Collection[bytes], limits: Limits) -> set[bytes]:
    """Return those of some classes whose marks may for the most part have been made after their end.

    A mark that was written again counts as late here: when, the detector asks.
    """
    sql = look.sql
    if not over:
        return set()
    ends = dict(ask(sql, _ENDS, None if keys is None else over))
    if keys is not None:
        made = {one: list(driver_of(sql).execute(_LATE, (ends[one], one))) for one in over if one in ends}
    else:
        made = _made(look, ends)
    return {one for one in over if _suffices(made.get(one, ()), limits)}


def _made(look: Look, ends: Mapping[bytes, int]) -> dict[bytes, list[Made]]:
    class_of = dict(ask(look.sql, "SELECT session_id, class_id FROM session_tally WHERE counts"))
    found: dict[bytes, list[Made]] = defaultdict(list)
    for session, one in look.once("spells", None, spells_of).items():
        class_id = class_of.get(session)
        if class_id is not None:
            late = one.marks if one.last > ends.get(class_id, one.last) else one.rewritten
            found[class_id].append((one.marks, late))
    return found


def _suffices(made: Sequence[Made], limits: Limits) -> bool:
    """Tell whether some sessions, as many as it takes, have together the share of late marks that is odd."""
    over = sorted((late * WHOLE - marks * limits.share for marks, late in made), reverse=True)
    least, rest = over[: limits.people], over[limits.people :]
    return len(least) == limits.people and sum(least) + sum(one for one in rest if one > 0) >= 0


@dataclass(frozen=True, slots=True)
class _Entries:
    """How many marks of each session each entry made, and what is known of the entries."""

    marks: Mapping[bytes, Mapping[int, int]]
    ms: Mapping[int, int]
    headers: Mapping[int, bytes]

    def of(self, session: bytes) -> Mapping[int, int]:
        """Return how many marks of a session each entry made."""
        return self.marks.get(session, {})

    def by_key(self, seq: int, day: str) -> bool:
        """Tell whether an entry is 全班到课 pressed on a day, or names the sheet that was keyed."""
        command = decode_header(self.headers[seq]).command
        pressed = command == "mark_class" and instant(self.ms[seq]).date().isoformat() == day
        return command == "mark_from_sheet" or pressed


def held_classes(sql: Connection, keys: Collection[bytes]) -> Iterator[HeldClass]:
    """Yield classes with their held sessions and when each mark was made."""
    if not keys:
        return
    classes: dict[tuple[bytes, str], list[tuple[Any, ...]]] = defaultdict(list)
    for row in ask(sql, _CLASSES, keys):
        classes[row[0], row[1]].append(row)
    for (class_id, code), rows in sorted(classes.items()):
        entries = _entries(sql, {row[2] for row in rows})
        yield HeldClass(class_id, code, tuple(_session(row, entries) for row in rows))


def _entries(sql: Connection, sessions: Collection[bytes]) -> _Entries:
    marks: dict[bytes, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for session, base, later, count in ask(sql, _GROUPS, sessions):
        marks[session][_written(base, later)] += count
    rows = list(ask(sql, _ENTRY, set(chain.from_iterable(marks.values()))))
    return _Entries(marks, {row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows})


def _session(row: Sequence[Any], entries: _Entries) -> HeldSession:
    _, _, session, label, day, start, end, members, marked, attended, scanned = row
    made = entries.of(session)
    backed = bool(scanned) or (bool(made) and all(entries.by_key(seq, day) for seq in made))
    return HeldSession(
        session,
        label,
        moment(day, start),
        moment(day, end) if end else moment(day, start) + _USUAL_LENGTH,
        members,
        marked - attended,
        members > 0 and marked >= members,
        backed,
        _instants(made, entries.ms),
    )


def _instants(made: Mapping[int, int], ms: Mapping[int, int]) -> tuple[datetime, ...]:
    """Return when each mark was made, in the order of the entries."""
    return tuple(chain.from_iterable(repeat(instant(ms[seq]), count) for seq, count in sorted(made.items())))
