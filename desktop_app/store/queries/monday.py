"""What the page for Mondays is made from."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Connection

from desktop_app.domain.listings.monday import Deadline
from desktop_app.domain.monday import SOON_DAYS, ClassStanding
from desktop_app.store.queries.columns import day, required_day

_CLASSES = """
SELECT c.id, c.code, coalesce(c.state, 'running'), c.state_on, c.start_on, c.end_on,
       (SELECT group_concat(coalesce(u.display, u.login), '、') FROM json_each(c.advisers) a
        JOIN user u ON u.id = unhex(json_extract(a.value, '$[0]')) WHERE json_extract(a.value, '$[2]') IS NULL),
       (SELECT count(*) FROM session_tally t WHERE t.class_id = c.id AND t.counts = 1 AND t.marked < t.members
        AND t.held_on < :today),
       (SELECT min(t.held_on) FROM session_tally t WHERE t.class_id = c.id AND t.counts = 1 AND t.marked < t.members
        AND t.held_on < :today),
       (SELECT max(a.held_on) FROM assessment a WHERE a.class_id = c.id AND a.gone = 0)
FROM training_class c WHERE c.gone = 0 ORDER BY c.code, c.id
"""
_SOON = """
SELECT 'opens', c.code, c.start_on, c.id FROM training_class c
WHERE c.gone = 0 AND c.state IN ('preparing', 'filed') AND c.start_on BETWEEN :today AND :until
UNION ALL SELECT 'ends', c.code, c.end_on, c.id FROM training_class c
WHERE c.gone = 0 AND coalesce(c.state, 'running') IN ('running', 'suspended') AND c.end_on BETWEEN :today AND :until
UNION ALL SELECT 'exam', c.code, a.held_on, c.id FROM assessment a
JOIN training_class c ON c.id = a.class_id AND c.gone = 0 WHERE a.gone = 0 AND a.held_on BETWEEN :today AND :until
UNION ALL SELECT 'rectification', coalesce(e.document, e.requirement, ''), e.deadline, NULL FROM supervision_event e
WHERE e.gone = 0 AND e.deadline BETWEEN :today AND :until AND NOT EXISTS
  (SELECT 1 FROM rectification r WHERE r.order_id = e.id AND r.gone = 0)
UNION ALL SELECT 'account', coalesce(u.display, u.login), u.until, NULL FROM user u
WHERE u.gone = 0 AND u.disabled IS NOT 1 AND u.until BETWEEN :today AND :until
ORDER BY 3, 1, 2
"""


def class_standings(sql: Connection, today: date) -> list[ClassStanding]:
    """Return every class with what decides whether it stands still, by code."""
    rows = sql.exec_driver_sql(_CLASSES.replace(":today", "?1"), (today.isoformat(),))
    return [
        ClassStanding(
            row[0], row[1] or "", row[2], day(row[3]), day(row[4]), day(row[5]), row[6] or "", row[7], day(row[8]),
            day(row[9]),
        )
        for row in rows
    ]  # fmt: skip


def deadlines(sql: Connection, today: date) -> list[Deadline]:
    """Return what is due within 30 days, the first first."""
    span = (today.isoformat(), (today + timedelta(days=SOON_DAYS)).isoformat())
    query = _SOON.replace(":today", "?1").replace(":until", "?2")
    return [
        Deadline(row[0], row[1] or "", required_day(row[2]), row[3])
        for row in sql.exec_driver_sql(query, span)
    ]
