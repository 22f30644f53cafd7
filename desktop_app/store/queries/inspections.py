"""Notes of 过程检查 with what the marks say."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from desktop_app.domain.listings.training import InspectionItem
from desktop_app.store.queries.columns import required_day

_NOTES = """
SELECT i.id, i.class_id, c.code, i.session_id, s.number, i.visited_on, i.visited_at, i.inspector, i.head_count,
       i.marked, i.expected, CASE WHEN t.marked > 0 THEN t.attended END, i.findings,
       (SELECT count(*) FROM attachment a WHERE a.owner_key = i.id AND a.owner = 'inspection' AND a.gone = 0)
FROM inspection i JOIN training_class c ON c.id = i.class_id AND c.gone = 0
LEFT JOIN session s ON s.id = i.session_id AND s.gone = 0
LEFT JOIN session_tally t ON t.session_id = s.id
WHERE i.gone = 0
"""


def inspection_items(
    sql: Connection, class_id: bytes | None = None, visible: Collection[bytes] | None = None
) -> list[InspectionItem]:
    """Return the notes of one class or of all, the latest first; ``visible`` limits them to some classes."""
    query, values = _NOTES, tuple[object, ...]()
    if class_id is not None:
        query, values = f"{query} AND i.class_id = ?", (class_id,)
    rows = sql.exec_driver_sql(f"{query} ORDER BY i.visited_on DESC, i.visited_at DESC, i.id", values).all()
    return [
        InspectionItem(
            id=row[0],
            class_id=row[1],
            class_code=row[2] or "",
            session_id=row[3],
            session_number=row[4],
            visited_on=required_day(row[5]),
            visited_at=row[6] or "",
            inspector=row[7] or "",
            head_count=row[8] or 0,
            marked=row[9],
            expected=row[10],
            marked_now=row[11],
            findings=row[12] or "",
            photos=row[13],
        )
        for row in rows
        if visible is None or row[1] in visible
    ]
