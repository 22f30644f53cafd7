"""The journal as a list, and what an entry was about."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from desktop_app.domain.entries import HASH_BYTES
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
from desktop_app.store.database import driver_of
from desktop_app.store.journal import NOTE_ENTITY, REASON, decode, decode_header, encode
from desktop_app.store.leaf_storage import expand_leaf

_NEWEST = 1 << 62
_ENTRIES = "SELECT seq, id, header FROM journal_entry"
_DIGEST_AHEAD = bytes([0xC4, HASH_BYTES])
"""What stands between a command's code and the payload hash that follows it in a header."""
_SESSION = "SELECT class_id, number FROM session WHERE id = ?"
_ASSESSMENT = "SELECT class_id FROM assessment WHERE id = ?"
_CLASS = "SELECT code FROM training_class WHERE id = ?"
_PERSON = "SELECT name FROM trainee WHERE id = ?"
_OF_ASSESSMENT = frozenset({ASSESSMENT.number, SCORE.number, CERTIFICATE.number})
_OF_CLASS = frozenset({TRAINING_CLASS.number, ENROLMENT.number})
_OF_PERSON = frozenset({TRAINEE.number, ENROLMENT.number, MARK.number, SCORE.number})


def journal_items(sql: Connection, limit: int, before: int | None = None) -> list[JournalListItem]:
    """Return the newest entries first; ``before``: those whose number is lower."""
    rows = sql.exec_driver_sql(
        f"{_ENTRIES} WHERE seq < ? ORDER BY seq DESC LIMIT ?", (_NEWEST if before is None else before, limit)
    ).all()
    return _items(sql, rows, "seq BETWEEN ? AND ?", (rows[-1][0], rows[0][0])) if rows else []


def journal_entries(sql: Connection, numbers: Sequence[int]) -> list[JournalListItem]:
    """Return the entries of some numbers in that order; a number that no entry has is left out."""
    chosen = f"seq IN ({', '.join('?' * len(numbers))})"
    rows = sql.exec_driver_sql(f"{_ENTRIES} WHERE {chosen}", tuple(numbers)).all()
    found = {item.seq: item for item in _items(sql, rows, chosen, tuple(numbers))}
    return [found[number] for number in numbers if number in found]


def journal_numbers(sql: Connection, user: bytes | None = None, command: str | None = None) -> Sequence[int]:
    """Return the numbers of all entries, or of those of a user or a command, the newest first.

    Numbers are given one after the other and no entry is ever deleted, so that all of them need not be read. Who and
    what are looked for in the bytes of the headers: 16 random bytes, and a code between its length and the next part.
    Where nobody acted (empty ``user``) the bytes are too few to be sure, and what is found is read.
    """
    wanted = [] if user is None else [encode(user)]
    if command is not None:
        wanted.append(encode(command) + _DIGEST_AHEAD)
    if not wanted:
        last = sql.exec_driver_sql("SELECT max(seq) FROM journal_entry").scalar_one()
        return range(last or 0, 0, -1)
    column = "header" if user == b"" else "NULL"
    rows = driver_of(sql).execute(
        f"SELECT seq, {column} FROM journal_entry WHERE {' AND '.join(['instr(header, ?)'] * len(wanted))}"
        " ORDER BY seq DESC",
        wanted,
    )
    return array("q", (seq for seq, header in rows if header is None or not decode_header(header).user))


def journal_users(sql: Connection) -> list[tuple[bytes, str]]:
    """Return everybody who may have acted, by name: id and name."""
    rows = sql.exec_driver_sql("SELECT id, coalesce(display, login, '') FROM user ORDER BY 2, 1")
    return [(row[0], row[1]) for row in rows]


def _items(
    sql: Connection, rows: Sequence[Any], chosen: str, values: tuple[int, ...]
) -> list[JournalListItem]:
    """Return entries as listed; ``chosen`` says in SQL which ones they are."""
    users: dict[bytes, str] = dict(sql.exec_driver_sql("SELECT id, coalesce(display, login) FROM user").all())
    devices: dict[bytes, str] = dict(sql.exec_driver_sql("SELECT id, name FROM device").all())
    outlines = _outlines(sql, chosen, values)
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
    return _Subjects(sql).of(_outlines(sql, "seq = ?", (seq,)).get(seq, _Outline()).records)


@dataclass(slots=True)
class _Outline:
    """An entry without its values: which records it names. A list of hundreds of entries needs no more."""

    reason: str | None = None
    records: list[tuple[int, bytes]] = field(default_factory=list)


def _outlines(sql: Connection, chosen: str, values: tuple[int, ...]) -> dict[int, _Outline]:
    """Return the outlines of some entries by number."""
    found: dict[int, _Outline] = {}
    for seq, body in sql.exec_driver_sql(
        f"SELECT seq, body FROM journal_leaf WHERE {chosen} ORDER BY seq, n", values
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
