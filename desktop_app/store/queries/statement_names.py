"""What people call the records of reports."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection


def subject_names(sql: Connection, places: Collection[tuple[str, bytes]]) -> dict[tuple[str, bytes], str]:
    """Return what people call the records of some (kind, key): a person's name, a class's code, a session's day."""
    names: dict[tuple[str, bytes], str] = {}
    for place in places:
        kind, key = place
        query, part = _NAMED.get(kind, _PERSON_LAST)
        row = sql.exec_driver_sql(query, (key[part],)).first()
        names[place] = "" if row is None else str(row[0] or "")
    return names


_PERSON = "SELECT name FROM trainee WHERE id = ?"
_PERSON_LAST = (_PERSON, slice(-16, None))
_NAMED: dict[str, tuple[str, slice]] = {
    "class": ("SELECT code FROM training_class WHERE id = ?", slice(None)),
    "session": (
        "SELECT coalesce(number, '') || ' · ' || coalesce(held_on, '') FROM session WHERE id = ?",
        slice(None),
    ),
    "opening": ("SELECT code FROM training_class WHERE id = ?", slice(None)),
    "completion": ("SELECT code FROM training_class WHERE id = ?", slice(None)),
    "claim": ("SELECT code FROM training_class WHERE id = ?", slice(0, 16)),
    "submission": ("SELECT code FROM project WHERE id = ?", slice(None)),
    "assessment": (
        "SELECT c.code FROM assessment a JOIN training_class c ON c.id = a.class_id WHERE a.id = ?",
        slice(None),
    ),
    "certificate": (_PERSON, slice(16, 32)),
    "follow_up": (_PERSON, slice(16, 32)),
    "rectification": ("SELECT document FROM supervision_event WHERE id = ?", slice(None)),
}
