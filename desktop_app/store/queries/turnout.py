"""How many belong to each session, how many of them have a mark, and how many of those came.

Enrolments are read in bunches of equal periods, and only those whose periods leave a session out are looked at one
by one: a mark of somebody who is no member on that day counts nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection

from desktop_app.domain.attendance import Period, is_member
from desktop_app.store.queries.columns import periods, required_day

_ENROLMENTS = "SELECT class_id, periods, gone OR state IS 'refused', count(*) FROM enrolment"
_CAME = "sum(m.status IN ('present', 'late', 'early'))"
_ALL_MARKS = f"""
SELECT m.session_id, count(*), {_CAME} FROM mark m
WHERE m.gone = 0 AND m.status IS NOT NULL GROUP BY m.session_id
"""
_SOME_MARKS = f"""
SELECT m.session_id, count(*), {_CAME} FROM session s CROSS JOIN mark m ON m.session_id = s.id
WHERE m.gone = 0 AND m.status IS NOT NULL AND s.gone = 0
"""
_MARKS_OF_SOME = f"""
SELECT s.id, s.held_on, count(*), {_CAME}
FROM enrolment e CROSS JOIN session s ON s.class_id = e.class_id
CROSS JOIN mark m ON m.session_id = s.id AND m.trainee_id = e.trainee_id
WHERE e.class_id = ? AND e.periods IS ? AND (e.gone OR e.state IS 'refused') = ?
  AND s.gone = 0 AND m.gone = 0 AND m.status IS NOT NULL GROUP BY s.id
"""


class Turnout:
    """Counts for some sessions: ``days`` are theirs by class. ``class_id``, ``since`` say how few marks to read."""

    def __init__(
        self,
        sql: Connection,
        days: Mapping[bytes, set[date]],
        *,
        class_id: bytes | None = None,
        since: date | None = None,
    ) -> None:
        self._bunches: dict[bytes, list[tuple[tuple[Period, ...], int]]] = {}
        self._members: dict[tuple[bytes, date], int] = {}
        self._counts = _counts(sql, class_id, since) if days else {}
        query, values = _ENROLMENTS, tuple[bytes, ...]()
        if class_id is not None:
            query, values = f"{query} WHERE class_id = ?", (class_id,)
        for key, text, out, people in sql.exec_driver_sql(query + " GROUP BY 1, 2, 3", values).all():
            if key not in days:
                continue
            spans = () if out else periods(text)
            self._bunches.setdefault(key, []).append((spans, people))
            if not all(is_member(spans, day) for day in days[key]):
                self._leave_out(sql, key, text, out, spans)

    def _leave_out(
        self, sql: Connection, class_id: bytes, text: str | None, out: int, spans: tuple[Period, ...]
    ) -> None:
        """Take the marks of people on days when they do not belong to the class out of the counts."""
        for session, held, marked, came in sql.exec_driver_sql(_MARKS_OF_SOME, (class_id, text, out)):
            if session in self._counts and not is_member(spans, required_day(held)):
                before = self._counts[session]
                self._counts[session] = (before[0] - marked, before[1] - came)

    def members(self, class_id: bytes, day: date) -> int:
        """Return how many belong to a class on a day."""
        known = self._members.get((class_id, day))
        if known is None:
            bunches = self._bunches.get(class_id, [])
            known = sum(people for spans, people in bunches if is_member(spans, day))
            self._members[class_id, day] = known
        return known

    def marks(self, session_id: bytes) -> tuple[int, int]:
        """Return how many members have a mark in a session, and how many of those came."""
        return self._counts.get(session_id, (0, 0))


def _counts(sql: Connection, class_id: bytes | None, since: date | None) -> dict[bytes, tuple[int, int]]:
    query, values = _ALL_MARKS, list[object]()
    if class_id is not None or since is not None:
        query = _SOME_MARKS
        if class_id is not None:
            query += " AND s.class_id = ?"
            values.append(class_id)
        if since is not None:
            query += " AND s.held_on >= ?"
            values.append(since.isoformat())
        query += " GROUP BY m.session_id"
    return {row[0]: (row[1], row[2]) for row in sql.exec_driver_sql(query, tuple(values))}
