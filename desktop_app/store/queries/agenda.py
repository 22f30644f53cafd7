"""What the first screen asks: sessions of today and of late, and what waits for scores; read from the tallies.

A session that does not count as deleted keeps its class from being so: tallies need not look the class up.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection

from desktop_app.domain.assessments import AssessmentKind
from desktop_app.domain.listings.training import SessionListItem
from desktop_app.store.queries.classes import session_items
from desktop_app.store.queries.columns import keys, required_day

_WAITING = """
SELECT a.class_id, a.kind, a.teachers FROM assessment_tally t JOIN assessment a ON a.id = t.assessment_id
WHERE t.waiting = 1
"""


@dataclass(frozen=True, slots=True)
class Concern:
    """Whose sessions: those of some classes and those that some teachers give; None: all of the institution."""

    class_ids: Collection[bytes]
    teacher_ids: Collection[bytes]


class Agenda:
    """Sessions around a day that were not cancelled and that concern somebody."""

    def __init__(self, sql: Connection, today: date, concern: Concern | None) -> None:
        self._sql = sql
        self._today = today.isoformat()
        self._day = today
        self._own, self._values = "", tuple[bytes, ...]()
        if concern is not None:
            classes, teachers = sorted(concern.class_ids), sorted(concern.teacher_ids)
            self._own = (
                f" AND (class_id IN ({', '.join('?' * len(classes))}) OR session_id IN"
                f" (SELECT record_id FROM teaching WHERE teacher_id IN ({', '.join('?' * len(teachers))})))"
            )
            self._values = (*classes, *teachers)

    def today(self) -> list[SessionListItem]:
        """Return the sessions of the day."""
        return self._items("SELECT session_id FROM session_tally WHERE held_on = ? AND counts", self._today)

    def overdue(self, weeks: int) -> list[SessionListItem]:
        """Return the sessions of some weeks back in which somebody has no mark."""
        return self._items(
            "SELECT session_id FROM session_tally"
            " WHERE held_on >= ? AND held_on < ? AND counts = 1 AND marked < members",
            (self._day - timedelta(weeks=weeks)).isoformat(),
            self._today,
        )

    def next(self) -> SessionListItem | None:
        """Return the first session of the first day to come that has one."""
        row = self._ask("SELECT min(held_on) FROM session_tally WHERE held_on > ? AND counts", self._today)[0]
        if row[0] is None:
            return None
        found = self._items("SELECT session_id FROM session_tally WHERE held_on = ? AND counts", row[0])
        return found[0]

    def attendance_by_week(self, weeks: int) -> tuple[tuple[str, int, int], ...]:
        """Return by week (its Monday, ISO) how many came and how many have a mark, up to the day."""
        found: dict[str, tuple[int, int]] = {}
        rows = self._ask(
            "SELECT held_on, sum(attended), sum(marked) FROM session_tally"
            " WHERE held_on > ? AND held_on <= ? AND counts AND marked > 0",
            (self._day - timedelta(weeks=weeks)).isoformat(),
            self._today,
            tail=" GROUP BY held_on",
        )
        for held_on, attended, marked in rows:
            held = required_day(held_on)
            monday = (held - timedelta(days=held.weekday())).isoformat()
            part, whole = found.get(monday, (0, 0))
            found[monday] = (part + attended, whole + marked)
        return tuple((week, part, whole) for week, (part, whole) in sorted(found.items()))

    def _items(self, query: str, *values: str) -> list[SessionListItem]:
        return session_items(self._sql, only=[row[0] for row in self._ask(query, *values)])

    def _ask(self, query: str, *values: str, tail: str = "") -> Sequence[Any]:
        return self._sql.exec_driver_sql(f"{query}{self._own}{tail}", (*values, *self._values)).all()


@dataclass(frozen=True, slots=True)
class WaitingAssessment:
    """An assessment whose file lacks people (等级认定), or that its teachers have not locked."""

    class_id: bytes
    is_level: bool
    teacher_ids: tuple[bytes, ...]


def waiting_assessments(sql: Connection) -> list[WaitingAssessment]:
    """Return the assessments in which somebody still has to act."""
    rows = sql.exec_driver_sql(_WAITING)
    return [WaitingAssessment(row[0], row[1] == AssessmentKind.LEVEL, keys(row[2])) for row in rows]


def size(sql: Connection, class_ids: Collection[bytes] | None) -> tuple[int, int]:
    """Return how many classes there are, or of some those that are, and how many people are enrolled in them."""
    query, values = "SELECT count(*), coalesce(sum(people), 0) FROM class_tally", tuple[bytes, ...]()
    if class_ids is not None:
        values = tuple(sorted(class_ids))
        query += f" WHERE class_id IN ({', '.join('?' * len(values))})"
    row = sql.exec_driver_sql(query, values).one()
    return int(row[0]), int(row[1])
