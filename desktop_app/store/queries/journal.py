"""The journal as a list, and what an entry was about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from desktop_app.domain.entries import SealedEntry
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
from desktop_app.store.journal import NOTE_ENTITY, REASON, JournalStore, decode, decode_header

_OF_ASSESSMENT = frozenset({ASSESSMENT.number, SCORE.number, CERTIFICATE.number})
_OF_CLASS = frozenset({TRAINING_CLASS.number, ENROLMENT.number})
_OF_PERSON = frozenset({TRAINEE.number, ENROLMENT.number, MARK.number, SCORE.number})


def journal_items(sql: Connection, limit: int) -> list[JournalListItem]:
    """Return the newest entries first."""
    journal = JournalStore(sql)
    users: dict[bytes, str] = dict(sql.exec_driver_sql("SELECT id, coalesce(display, login) FROM user").all())
    devices: dict[bytes, str] = dict(sql.exec_driver_sql("SELECT id, name FROM device").all())
    rows = sql.exec_driver_sql("SELECT seq, id FROM journal_entry ORDER BY seq DESC LIMIT ?", (limit,)).all()
    items = []
    for seq, entry in rows:
        outline = _outline(journal.entry(seq))
        header = decode_header(outline.header)
        items.append(
            JournalListItem(
                id=entry,
                seq=seq,
                at=datetime.fromtimestamp(header.stamp.ms / 1000, UTC),
                user=users.get(header.user, ""),
                device=devices.get(header.device) or header.device.hex()[:8],
                command=header.command,
                subject=_subject(sql, outline.records),
                records=len(outline.records),
                reason=outline.reason,
            )
        )
    return items


def subject(sql: Connection, seq: int) -> str:
    """Return the class, session or person that an entry was about, in the words of its records."""
    return _subject(sql, _outline(JournalStore(sql).entry(seq)).records)


@dataclass(frozen=True, slots=True)
class _Outline:
    """An entry without its values: which records it names. A list of hundreds of entries needs no more."""

    header: bytes
    reason: str | None
    records: list[tuple[int, bytes]]


def _outline(entry: SealedEntry) -> _Outline:
    reason: str | None = None
    records: list[tuple[int, bytes]] = []
    for leaf in entry.leaves:
        if leaf.body is None:
            continue
        entity, content = decode(leaf.body)
        if entity == NOTE_ENTITY:
            reason = content.get(REASON)
        else:
            records.extend((entity, record[0]) for record in content)
    return _Outline(entry.header, reason, records)


def _subject(sql: Connection, records: list[tuple[int, bytes]]) -> str:
    """Name the class and, for marks of one session, its number; a single person by name."""
    sessions = {key[:ID_BYTES] for entity, key in records if entity == MARK.number}
    sessions |= {key for entity, key in records if entity == SESSION.number}
    classes = {key[:ID_BYTES] for entity, key in records if entity in _OF_CLASS}
    for key in _sample(sessions):
        row = sql.exec_driver_sql("SELECT class_id FROM session WHERE id = ?", (key,)).first()
        if row is not None:
            classes.add(row[0])
    assessments = {key[:ID_BYTES] for entity, key in records if entity in _OF_ASSESSMENT}
    for key in _sample(assessments):
        row = sql.exec_driver_sql("SELECT class_id FROM assessment WHERE id = ?", (key,)).first()
        if row is not None:
            classes.add(row[0])
    parts = [
        str(row[0])
        for key in _sample(classes)
        if (row := sql.exec_driver_sql("SELECT code FROM training_class WHERE id = ?", (key,)).first())
        and row[0]
    ]
    if len(sessions) == 1:
        row = sql.exec_driver_sql("SELECT number FROM session WHERE id = ?", (next(iter(sessions)),)).first()
        if row is not None:
            parts.append(f"#{row[0]}")
    people = {key[-ID_BYTES:] for entity, key in records if entity in _OF_PERSON}
    if len(people) == 1:
        row = sql.exec_driver_sql("SELECT name FROM trainee WHERE id = ?", (next(iter(people)),)).first()
        if row is not None and row[0]:
            parts.append(str(row[0]))
    return " ".join(parts)


def _sample(keys: set[bytes]) -> list[bytes]:
    return sorted(keys)[:3]
