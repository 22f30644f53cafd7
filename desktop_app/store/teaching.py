"""Who teaches what, kept beside the records in the same transaction: a session names its teachers in a list.

Where 主讲 and 助教 split the 课时, each has his share.
"""

from __future__ import annotations

import json

from sqlalchemy import Connection

from desktop_app.domain.attendance import shared_hours
from desktop_app.domain.records import ASSESSMENT, SESSION
from desktop_app.store.folding import Touched
from desktop_app.store.queries.columns import keys

_SESSIONS = """
SELECT id, class_id, teachers, CASE WHEN state IS 'cancelled' THEN NULL ELSE coalesce(hours, 0) END, shares
FROM session WHERE gone = 0 AND teachers IS NOT NULL
"""
_ASSESSMENTS = (
    "SELECT id, class_id, teachers, NULL, NULL FROM assessment WHERE gone = 0 AND teachers IS NOT NULL"
)
_TAUGHT = ((SESSION, _SESSIONS), (ASSESSMENT, _ASSESSMENTS))
_MOST_KEYS = 500


def follow(sql: Connection, touched: Touched) -> None:
    """Write anew who teaches the sessions and assessments that were written, hidden or shown."""
    for entity, query in _TAUGHT:
        changed = list(touched.get(entity.number, ()))
        for start in range(0, len(changed), _MOST_KEYS):
            part = tuple(changed[start : start + _MOST_KEYS])
            listed = f"({', '.join('?' * len(part))})"
            sql.exec_driver_sql(f"DELETE FROM teaching WHERE record_id IN {listed}", part)
            _insert(sql, f"{query} AND id IN {listed}", part)


def rebuild(sql: Connection) -> None:
    """Write all of it anew."""
    sql.exec_driver_sql("DELETE FROM teaching")
    for _, query in _TAUGHT:
        _insert(sql, query, ())


def _insert(sql: Connection, query: str, values: tuple[bytes, ...]) -> None:
    rows = [
        (teacher, class_id, record, own)
        for record, class_id, teachers, hours, shares in sql.exec_driver_sql(query, values)
        for teacher, own in shared_hours(keys(teachers), hours, json.loads(shares or "[]")).items()
    ]
    if rows:
        sql.exec_driver_sql(
            "INSERT INTO teaching (teacher_id, class_id, record_id, hours) VALUES (?, ?, ?, ?)", rows
        )
