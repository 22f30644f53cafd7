"""Whose time of keeping is over, what holds them, and what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Connection

from desktop_app.domain import masking, retention
from desktop_app.domain.clock import SHANGHAI
from desktop_app.domain.listings.retention import RetentionItem
from desktop_app.domain.retention import Basis, Hold, Stay
from desktop_app.store.enrolment_states import OUTSIDE
from desktop_app.store.queries.columns import day
from desktop_app.store.queries.risks import open_blocking_flags

_PEOPLE = """
SELECT t.id, t.name, t.document_number,
       (SELECT max(w.noted_on) FROM willingness w WHERE w.trainee_id = t.id AND w.gone = 0),
       d.state, d.basis, d.due_on, d.decided_on, d.decision_reason, e.certificate, e.records, e.files, e.erased_on
FROM trainee t LEFT JOIN deletion_proposal d ON d.trainee_id = t.id AND d.gone = 0
LEFT JOIN erasure e ON e.trainee_id = t.id
"""
_STAYS = f"""
SELECT e.trainee_id, CASE WHEN c.state IN ('completed', 'archived', 'cancelled')
       THEN coalesce(c.completed_on, c.state_on, c.end_on) ELSE c.end_on END,
       EXISTS (SELECT 1 FROM income i WHERE i.class_id = c.id AND i.kind = 'subsidy' AND i.gone = 0)
       OR EXISTS (SELECT 1 FROM claim_payment q WHERE q.class_id = c.id AND q.gone = 0 AND q.fen IS NOT NULL)
FROM enrolment e JOIN training_class c ON c.id = e.class_id AND c.gone = 0
WHERE e.gone = 0 AND e.state NOT IN {OUTSIDE}
"""
_OPEN_ORDER = """
SELECT 1 FROM supervision_event o WHERE o.gone = 0 AND o.deadline IS NOT NULL
AND NOT EXISTS (SELECT 1 FROM supervision_event c WHERE c.gone = 0 AND c.order_id = o.id) LIMIT 1
"""

_OBJECTED = """
SELECT DISTINCT trainee_id FROM claim_objection WHERE gone = 0 AND raised_on IS NOT NULL AND answered_on IS NULL
"""


@dataclass(frozen=True, slots=True)
class ErasureRow:
    """An erasure as its certificate says it; no personal data."""

    trainee_id: bytes
    basis: str
    erased_on: date | None
    certificate: str
    records: int
    files: int


def retention_items(
    sql: Connection, years: Mapping[Basis, int], today: date, *, only: bytes | None = None
) -> list[RetentionItem]:
    """Return who is due, and about whom something was decided, the longest due first; document numbers masked."""
    query, values = _PEOPLE, tuple[bytes, ...]()
    if only is not None:
        query, values = f"{_PEOPLE} WHERE t.id = ?", (only,)
    stays: dict[bytes, list[Stay]] = {}
    for trainee_id, over_on, paid in sql.exec_driver_sql(_STAYS):
        over = day(over_on)
        stays.setdefault(trainee_id, []).append(Stay(over if over and over < today else None, bool(paid)))
    ordered = sql.exec_driver_sql(_OPEN_ORDER).first() is not None
    objected = {row[0] for row in sql.exec_driver_sql(_OBJECTED)}
    found = []
    for row in sql.exec_driver_sql(query, values).all():
        own, erased = stays.get(row[0], []), row[12] is not None
        known = max(made_on(row[0]), day(row[3]) or date.min)
        due = None if erased else retention.due(known, own, years, today)
        if due is None and row[4] is None and not erased:
            continue
        holds = [Hold.AUDIT] if row[4] == retention.HELD else []
        if ordered and own:
            holds.append(Hold.RECTIFICATION)
        if row[0] in objected:
            holds.append(Hold.OBJECTION)
        if not erased and open_blocking_flags(sql, trainee_id=row[0]):
            holds.append(Hold.FLAG)
        found.append(
            RetentionItem(
                row[0],
                row[1] or "",
                masking.mask_document(row[2] or ""),
                due,
                tuple(holds),
                retention.CONFIRMED if erased else row[4],
                Basis(row[5]) if row[5] else None,
                day(row[6]),
                day(row[12]) or day(row[7]),
                row[8] or "",
                row[9] or "",
                row[10] or 0,
                row[11] or 0,
            )
        )
    return sorted(found, key=lambda one: ((one.found.due_on if one.found else date.max), one.name))


def made_on(key: bytes) -> date:
    """Return the day on which a record's key was made (the milliseconds of a UUIDv7, RFC 9562)."""
    return datetime.fromtimestamp(int.from_bytes(key[:6], "big") / 1000, UTC).astimezone(SHANGHAI).date()


def erasures(sql: Connection) -> list[ErasureRow]:
    """Return every erasure, by person's key."""
    rows = sql.exec_driver_sql(
        "SELECT trainee_id, basis, erased_on, certificate, records, files FROM erasure ORDER BY trainee_id"
    )
    return [
        ErasureRow(row[0], row[1] or "", day(row[2]), row[3] or "", row[4] or 0, row[5] or 0) for row in rows
    ]
