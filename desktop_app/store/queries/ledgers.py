"""收支台账, 绩效总量 and its allocation, and reports that were sent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from desktop_app.domain.listings.figures import LedgerItem, SentReport
from desktop_app.domain.performance import ClassLedger, Recipient, Share
from desktop_app.domain.statistics import Scope, read_figures
from desktop_app.store.queries.columns import day, required_day

_LINES = """
SELECT l.id, l.class_id, c.code, l.direction, l.kind, l.fen, l.on_day, l.document, l.claimed
FROM (SELECT id, class_id, 'income' AS direction, kind, fen, on_day, document, 0 AS claimed, gone FROM income
      UNION ALL SELECT id, class_id, 'cost', kind, fen, on_day, document, 0, gone FROM cost
      UNION ALL SELECT q.id, q.class_id, 'income', 'subsidy', q.fen, q.paid_on, q.document, 1, q.gone
      FROM claim_payment q JOIN claim k ON k.class_id = q.class_id AND k.channel = q.channel AND k.period = q.period
       AND k.gone = 0 AND k.payee_kind = 'institution') l
JOIN training_class c ON c.id = l.class_id AND c.gone = 0
WHERE l.gone = 0 AND l.fen IS NOT NULL AND l.on_day BETWEEN ? AND ? ORDER BY c.code, l.on_day, l.direction DESC, l.id
"""
_POOL = """
SELECT ratio, ratio_document, approved_fen, approved_on, document FROM performance_pool WHERE year = ? AND gone = 0
"""
_SHARES = """
SELECT a.person_id, a.fen, a.kind, coalesce(t.name, u.display, u.login, '') FROM allocation a
LEFT JOIN teacher t ON t.id = a.person_id AND a.kind = 'teacher'
LEFT JOIN user u ON u.id = a.person_id AND a.kind = 'user'
WHERE a.year = ? AND a.gone = 0 AND a.fen > 0 ORDER BY 4, a.person_id
"""
_SENT = """
SELECT id, kind, first_day, last_day, as_of, sent_on, sent_to, figures FROM figure_report
WHERE gone = 0 AND first_day IS NOT NULL AND sent_on IS NOT NULL ORDER BY sent_on DESC, id DESC
"""


@dataclass(frozen=True, slots=True)
class StoredPool:
    """What was decided of a year's pool; the ratio is None while nobody has set one."""

    ratio: int | None = None
    ratio_document: str = ""
    approved_fen: int | None = None
    approved_on: date | None = None
    document: str = ""


def ledger_items(sql: Connection, scope: Scope) -> list[LedgerItem]:
    """Return the lines of a period by class and day of payment."""
    span = (scope.first.isoformat(), scope.last.isoformat())
    return [
        LedgerItem(
            row[0],
            row[1],
            row[2] or "",
            row[3],
            row[4] or "",
            row[5],
            required_day(row[6]),
            row[7] or "",
            bool(row[8]),
        )
        for row in sql.exec_driver_sql(_LINES, span)
    ]


def is_paid_by_claim(sql: Connection, class_id: bytes) -> bool:
    """Tell whether a class's 财政性补贴 comes in by the payments of a claim, which are in the ledger by themselves."""
    row = sql.exec_driver_sql(
        "SELECT 1 FROM claim WHERE class_id = ? AND gone = 0 AND payee_kind = 'institution' LIMIT 1",
        (class_id,),
    ).first()
    return row is not None


def class_ledgers(items: list[LedgerItem]) -> tuple[ClassLedger, ...]:
    """Sum the lines by class, in the order of class codes."""
    sums: dict[tuple[str, bytes], list[int]] = {}
    for item in items:
        sums.setdefault((item.class_code, item.class_id), [0, 0])[item.direction == "cost"] += item.fen
    return tuple(
        ClassLedger(class_id, code, income, cost) for (code, class_id), (income, cost) in sorted(sums.items())
    )


def stored_pool(sql: Connection, year: int) -> StoredPool:
    """Return what was decided of a year's pool."""
    row = sql.exec_driver_sql(_POOL, (year,)).first()
    if row is None:
        return StoredPool()
    return StoredPool(row[0], row[1] or "", row[2], day(row[3]), row[4] or "")


def shares(sql: Connection, year: int, teaching: frozenset[bytes]) -> tuple[Share, ...]:
    """Return the allocations of a year by name; ``teaching`` are the teachers who taught in it (一线)."""
    return tuple(
        Share(row[0], row[3], row[1], row[2] == Recipient.TEACHER and row[0] in teaching)
        for row in sql.exec_driver_sql(_SHARES, (year,))
    )


def sent_reports(sql: Connection) -> list[SentReport]:
    """Return the reports that were sent, the newest first."""
    return [
        SentReport(
            row[0],
            row[1] or "",
            Scope(required_day(row[2]), required_day(row[3])),
            required_day(row[4]),
            required_day(row[5]),
            row[6] or "",
            read_figures(json.loads(row[7] or "[]")),
        )
        for row in sql.exec_driver_sql(_SENT)
    ]
