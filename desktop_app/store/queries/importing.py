"""Look-ups by many values at once, as imports need them."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import Connection


def trainees_by_documents(sql: Connection, numbers: Iterable[str]) -> dict[str, tuple[bytes, ...]]:
    """Return the keys of the trainees of each document number, eldest first."""
    found: dict[str, tuple[bytes, ...]] = {}
    rows = sql.exec_driver_sql(
        "SELECT document_number, id FROM trainee WHERE gone = 0"
        " AND document_number IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json.dumps(sorted(set(numbers))),),
    )
    for number, key in rows:
        found[number] = (*found.get(number, ()), key)
    return found


def enrolled_in(sql: Connection, class_id: bytes) -> list[bytes]:
    """Return the keys of the enrolments of a class."""
    rows = sql.exec_driver_sql(
        "SELECT trainee_id FROM enrolment WHERE class_id = ? AND gone = 0 ORDER BY trainee_id", (class_id,)
    )
    return [class_id + row[0] for row in rows]


def sessions_of(sql: Connection, class_id: bytes) -> list[bytes]:
    """Return the keys of the sessions of a class."""
    rows = sql.exec_driver_sql(
        "SELECT id FROM session WHERE class_id = ? AND gone = 0 ORDER BY id", (class_id,)
    )
    return [row[0] for row in rows]


def teachers_by_name(sql: Connection, names: Iterable[str]) -> dict[str, bytes]:
    """Return the keys of teachers by name; of two with one name the elder."""
    rows = sql.exec_driver_sql(
        "SELECT name, id FROM teacher WHERE gone = 0 AND name IN (SELECT value FROM json_each(?)) ORDER BY id DESC",
        (json.dumps(sorted(set(names))),),
    )
    return {row[0]: row[1] for row in rows}


def certificate_numbers(
    sql: Connection, numbers: Iterable[str], kind: str, issuer: str | None
) -> dict[str, tuple[tuple[bytes, bytes, int], ...]]:
    """Return by number the key columns of the certificates of one kind and issuer that have it, void or not."""
    found: dict[str, tuple[tuple[bytes, bytes, int], ...]] = {}
    rows = sql.exec_driver_sql(
        "SELECT number, assessment_id, trainee_id, issue FROM certificate WHERE gone = 0 AND kind = ?"
        " AND issuer IS ? AND number IN (SELECT value FROM json_each(?))",
        (kind, issuer, json.dumps(sorted(set(numbers)))),
    )
    for number, *key in rows:
        found[number] = (*found.get(number, ()), (key[0], key[1], key[2]))
    return found
