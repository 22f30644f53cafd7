"""Everything that is kept about one person, record by record, field by field."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from desktop_app.domain.records import ATTACHMENT, DELETED, TRAINEE, Entity
from desktop_app.store.database import driver_of
from desktop_app.store.record_tables import known_table

_SUBJECT, _CLASS, _ASSESSMENT, _SESSION = "trainee_id", "class_id", "assessment_id", "session_id"
_WHERE = {
    _CLASS: "SELECT code FROM training_class WHERE id = ?",
    _ASSESSMENT: "SELECT c.code FROM assessment a JOIN training_class c ON c.id = a.class_id WHERE a.id = ?",
    _SESSION: "SELECT c.code || ' ' || coalesce(s.held_on, '') FROM session s"
    " JOIN training_class c ON c.id = s.class_id WHERE s.id = ?",
}


@dataclass(frozen=True, slots=True)
class PersonalLine:
    """A field of a record about somebody; ``where`` is the class, with the day of a session."""

    entity: Entity
    where: str
    field: str
    text: str


def personal_lines(sql: Connection, trainee_id: bytes, entities: Iterable[Entity]) -> list[PersonalLine]:
    """Return every field that is filled in every record about a person; keys and what counts as deleted left out."""
    found: list[PersonalLine] = []
    for entity in entities:
        if entity is not TRAINEE and _SUBJECT not in {*entity.key_slices, *entity.group_of_field}:
            continue
        columns = ", ".join(f'"{part.name}"' for part in entity.key)
        key_column = "id" if entity is TRAINEE else _SUBJECT
        rows = driver_of(sql).execute(
            f'SELECT {columns} FROM "{entity.name}" WHERE {key_column} = ? AND gone = 0', (trainee_id,)
        )
        for row in rows.fetchall():
            found += _lines_of(sql, entity, entity.join_key(row))
    return found + _attachments(sql, trainee_id)


def _lines_of(sql: Connection, entity: Entity, key: bytes) -> list[PersonalLine]:
    record = known_table(entity).fetch(sql, key)
    if record is None or record.gone:
        return []
    values: dict[str, object] = dict(record.fields)
    for name, (start, stop, _) in entity.key_slices.items():
        values.setdefault(name, key[start:stop])
    where = _place(sql, values)
    return [
        PersonalLine(entity, where, name, _text(value))
        for group in entity.groups
        if group.number != DELETED
        for name in group.fields
        if (value := record.fields.get(name)) not in (None, "", []) and not isinstance(value, bytes)
    ]


def _place(sql: Connection, values: dict[str, object]) -> str:
    for name, query in _WHERE.items():
        key = values.get(name)
        if isinstance(key, bytes):
            row = driver_of(sql).execute(query, (key,)).fetchone()
            return "" if row is None else str(row[0] or "")
    return ""


def _attachments(sql: Connection, trainee_id: bytes) -> list[PersonalLine]:
    """Return the evidence of a person and of the person's enrolments; the files themselves are copied by 佐证."""
    rows = driver_of(sql).execute(
        "SELECT id FROM attachment WHERE gone = 0 AND ((owner = 'trainee' AND owner_key = ?)"
        " OR (owner = 'enrolment' AND substr(owner_key, 17) = ?))",
        (trainee_id, trainee_id),
    )
    return [line for (key,) in rows.fetchall() for line in _lines_of(sql, ATTACHMENT, key)]


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)
