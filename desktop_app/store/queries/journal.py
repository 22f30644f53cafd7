"""The journal as a list, and what an entry was about."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection

from desktop_app.domain.entries import Change
from desktop_app.domain.ids import ID_BYTES
from desktop_app.domain.listings.journal import JournalListItem
from desktop_app.domain.merge import (
    ASSESSMENT,
    CERTIFICATE,
    ENROLMENT,
    MARK,
    SCORE,
    SESSION,
    TRAINEE,
    TRAINING_CLASS,
)
from desktop_app.store.journal import JournalStore

_OF_ASSESSMENT = frozenset({ASSESSMENT.number, SCORE.number, CERTIFICATE.number})


def journal_items(sql: Connection, limit: int) -> list[JournalListItem]:
    """Return the newest entries first."""
    journal = JournalStore(sql)
    users: dict[bytes, str] = dict(sql.exec_driver_sql("SELECT id, coalesce(display, login) FROM user").all())
    devices: dict[bytes, str] = dict(sql.exec_driver_sql("SELECT id, name FROM device").all())
    rows = sql.exec_driver_sql("SELECT seq, id FROM journal_entry ORDER BY seq DESC LIMIT ?", (limit,)).all()
    items = []
    for seq, entry in rows:
        header, note, changes = journal.changes(seq)
        items.append(
            JournalListItem(
                id=entry,
                seq=seq,
                at=datetime.fromtimestamp(header.stamp.ms / 1000, UTC),
                user=users.get(header.user, ""),
                device=devices.get(header.device) or header.device.hex()[:8],
                command=header.command,
                subject=_subject(sql, changes),
                records=len(changes),
                reason=note.reason,
            )
        )
    return items


def subject(sql: Connection, seq: int) -> str:
    """Return the class, session or person that an entry was about, in the words of its records."""
    _, _, changes = JournalStore(sql).changes(seq)
    return _subject(sql, changes)


def _subject(sql: Connection, changes: list[Change]) -> str:
    """Name the class and, for marks of one session, its number; a single person by name."""
    sessions = {change.key[:16] for change in changes if change.entity == MARK.number}
    sessions |= {change.key for change in changes if change.entity == SESSION.number}
    classes = {
        change.key[:16] for change in changes if change.entity in {TRAINING_CLASS.number, ENROLMENT.number}
    }
    for key in _sample(sessions):
        row = sql.exec_driver_sql("SELECT class_id FROM session WHERE id = ?", (key,)).first()
        if row is not None:
            classes.add(row[0])
    assessments = {change.key[:ID_BYTES] for change in changes if change.entity in _OF_ASSESSMENT}
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
    people = {change.key[-16:] for change in changes if change.entity in {TRAINEE.number, MARK.number}}
    if len(people) == 1:
        row = sql.exec_driver_sql("SELECT name FROM trainee WHERE id = ?", (next(iter(people)),)).first()
        if row is not None and row[0]:
            parts.append(str(row[0]))
    return " ".join(parts)


def _sample(keys: set[bytes]) -> list[bytes]:
    return sorted(keys)[:3]
