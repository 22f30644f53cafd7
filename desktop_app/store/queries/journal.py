"""The journal as a list, and what an entry was about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from desktop_app.domain.ids import ID_BYTES
from desktop_app.domain.listings.journal import JournalListItem
from desktop_app.domain.records import (
    ASSESSMENT,
    CERTIFICATE,
    ENROLMENT,
    MARK,
    SCORE,
    SESSION,
    TRAINEE,
    TRAINING_CLASS,
)
from desktop_app.store.journal import NOTE_ENTITY, REASON, decode, decode_header
from desktop_app.store.leaf_storage import expand_leaf

_NEWEST = 1 << 62
_SESSION = "SELECT class_id, number FROM session WHERE id = ?"
_ASSESSMENT = "SELECT class_id FROM assessment WHERE id = ?"
_CLASS = "SELECT code FROM training_class WHERE id = ?"
_PERSON = "SELECT name FROM trainee WHERE id = ?"
_OF_ASSESSMENT = frozenset({ASSESSMENT.number, SCORE.number, CERTIFICATE.number})
_OF_CLASS = frozenset({TRAINING_CLASS.number, ENROLMENT.number})
_OF_PERSON = frozenset({TRAINEE.number, ENROLMENT.number, MARK.number, SCORE.number})


def journal_items(sql: Connection, limit: int, before: int | None = None) -> list[JournalListItem]:
    """Return the newest entries first; ``before``: those whose number is lower."""
    users: dict[bytes, str] = dict(sql.exec_driver_sql("SELECT id, coalesce(display, login) FROM user").all())
    devices: dict[bytes, str] = dict(sql.exec_driver_sql("SELECT id, name FROM device").all())
    rows = sql.exec_driver_sql(
        "SELECT seq, id, header FROM journal_entry WHERE seq < ? ORDER BY seq DESC LIMIT ?",
        (_NEWEST if before is None else before, limit),
    ).all()
    if not rows:
        return []
    outlines = _outlines(sql, rows[-1][0], rows[0][0])
    subjects = _Subjects(sql)
    items = []
    for seq, entry, sealed in rows:
        header = decode_header(sealed)
        outline = outlines.get(seq, _Outline())
        items.append(
            JournalListItem(
                id=entry,
                seq=seq,
                at=datetime.fromtimestamp(header.stamp.ms / 1000, UTC),
                user=users.get(header.user, ""),
                device=devices.get(header.device) or header.device.hex()[:8],
                command=header.command,
                subject=subjects.of(outline.records),
                records=len(outline.records),
                reason=outline.reason,
            )
        )
    return items


def subject(sql: Connection, seq: int) -> str:
    """Return the class, session or person that an entry was about, in the words of its records."""
    return _Subjects(sql).of(_outlines(sql, seq, seq).get(seq, _Outline()).records)


@dataclass(slots=True)
class _Outline:
    """An entry without its values: which records it names. A list of hundreds of entries needs no more."""

    reason: str | None = None
    records: list[tuple[int, bytes]] = field(default_factory=list)


def _outlines(sql: Connection, first: int, last: int) -> dict[int, _Outline]:
    """Return the outlines of a run of entries by number."""
    found: dict[int, _Outline] = {}
    for seq, body in sql.exec_driver_sql(
        "SELECT seq, body FROM journal_leaf WHERE seq BETWEEN ? AND ? ORDER BY seq, n", (first, last)
    ):
        outline = found.setdefault(seq, _Outline())
        leaf = expand_leaf(b"", body)
        if leaf.body is None:
            continue
        entity, content = decode(leaf.body)
        if entity == NOTE_ENTITY:
            outline.reason = content.get(REASON)
        else:
            outline.records.extend((entity, record[0]) for record in content)
    return found


class _Subjects:
    """Names what entries are about; what one entry asked for need not be read for the next."""

    def __init__(self, sql: Connection) -> None:
        self._sql = sql
        self._known: dict[tuple[str, bytes], tuple[Any, ...] | None] = {}

    def of(self, records: Iterable[tuple[int, bytes]]) -> str:
        """Name the class and, for marks of one session, its number; a single person by name."""
        keys: dict[int, set[bytes]] = {}
        for entity, key in records:
            keys.setdefault(entity, set()).add(key)
        sessions = {key[:ID_BYTES] for key in keys.get(MARK.number, ())} | keys.get(SESSION.number, set())
        classes = _first_parts(keys, _OF_CLASS)
        people = {key[-ID_BYTES:] for entity in _OF_PERSON for key in keys.get(entity, ())}
        for query, asked in ((_SESSION, sessions), (_ASSESSMENT, _first_parts(keys, _OF_ASSESSMENT))):
            for key in _sample(asked):
                row = self._row(query, key)
                if row is not None:
                    classes.add(row[0])
        codes = [self._row(_CLASS, key) for key in _sample(classes)]
        parts = [str(row[0]) for row in codes if row is not None and row[0]]
        if len(sessions) == 1 and (row := self._row(_SESSION, next(iter(sessions)))) is not None:
            parts.append(f"#{row[1]}")
        if len(people) == 1 and (row := self._row(_PERSON, next(iter(people)))) is not None and row[0]:
            parts.append(str(row[0]))
        return " ".join(parts)

    def _row(self, query: str, key: bytes) -> tuple[Any, ...] | None:
        if (query, key) not in self._known:
            row = self._sql.exec_driver_sql(query, (key,)).first()
            self._known[query, key] = None if row is None else tuple(row)
        return self._known[query, key]


def _first_parts(keys: Mapping[int, set[bytes]], entities: Iterable[int]) -> set[bytes]:
    """Return the first part of the keys of some entities: class or assessment."""
    return {key[:ID_BYTES] for entity in entities for key in keys.get(entity, ())}


def _sample(keys: set[bytes]) -> list[bytes]:
    return sorted(keys)[:3]
