"""职业指导, hires, credit deposits, conversions, holders of certificates and 待遇兑现."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection

from desktop_app.domain import masking
from desktop_app.domain.listings.graduates import (
    ConversionItem,
    DepositItem,
    GuidanceItem,
    HireItem,
    HolderItem,
    TreatmentItem,
)
from desktop_app.domain.talent_statistics import Holding
from desktop_app.store.queries.columns import day, required_day

_GUIDANCE = """
SELECT g.id, g.class_id, g.trainee_id, t.name, g.kind, g.held_on, g.provider, g.note
FROM guidance g JOIN trainee t ON t.id = g.trainee_id AND t.gone = 0
WHERE g.gone = 0 AND g.class_id = ? ORDER BY g.held_on, g.id
"""
_HIRES = """
SELECT h.id, h.class_id, h.trainee_id, t.name, h.employer, h.post, h.hired_on, h.partner_of
FROM hire h JOIN trainee t ON t.id = h.trainee_id AND t.gone = 0
WHERE h.gone = 0 AND h.class_id = ? ORDER BY h.hired_on, h.id
"""
_DEPOSITS = """
SELECT d.assessment_id, d.trainee_id, d.bank, c.code, t.name, t.document_number, d.account, d.consent_on,
       d.exported_on, x.number, p.trade, p.level, x.issued_on
FROM credit_deposit d JOIN assessment a ON a.id = d.assessment_id
JOIN training_class c ON c.id = a.class_id JOIN trainee t ON t.id = d.trainee_id AND t.gone = 0
LEFT JOIN project p ON p.id = c.project_id
LEFT JOIN certificate x ON x.assessment_id = d.assessment_id AND x.trainee_id = d.trainee_id AND x.gone = 0
  AND coalesce(x.state, 'issued') IN ('issued', 'handed_over')
WHERE d.gone = 0
"""
_CONVERSIONS = """
SELECT v.id, v.trainee_id, t.name, v.course, v.school, v.granted_on, v.credit_tenths
FROM credit_conversion v JOIN trainee t ON t.id = v.trainee_id AND t.gone = 0
WHERE v.gone = 0 ORDER BY v.granted_on, v.id
"""
_REGION = """
coalesce((SELECT region FROM site WHERE id = c.site_id AND gone = 0),
         (SELECT region FROM institution WHERE gone = 0), '')
"""
_HOLDINGS = f"""
SELECT x.trainee_id, coalesce(p.level, ''), coalesce(p.trade, ''), {_REGION}, x.issued_on, coalesce(x.state, 'issued')
FROM certificate x JOIN assessment a ON a.id = x.assessment_id JOIN training_class c ON c.id = a.class_id
LEFT JOIN project p ON p.id = c.project_id
WHERE x.gone = 0
"""
_HOLDERS = f"""
SELECT x.assessment_id, c.id, x.trainee_id, c.code, t.name, t.document_number, coalesce(p.trade, ''),
       coalesce(p.level, ''), {_REGION}, coalesce(x.number, ''), x.issued_on,
       (SELECT group_concat(d.bank) FROM credit_deposit d
         WHERE d.assessment_id = x.assessment_id AND d.trainee_id = x.trainee_id AND d.gone = 0),
       EXISTS (SELECT 1 FROM treatment r WHERE r.trainee_id = x.trainee_id AND r.gone = 0)
FROM certificate x JOIN assessment a ON a.id = x.assessment_id JOIN training_class c ON c.id = a.class_id
JOIN trainee t ON t.id = x.trainee_id AND t.gone = 0 LEFT JOIN project p ON p.id = c.project_id
WHERE x.gone = 0 AND coalesce(x.state, 'issued') IN ('issued', 'handed_over')
"""
_HOLDER_GROUPS = {
    "class": "c.id = ?",
    "level": "coalesce(p.level, '') = ?",
    "trade": "coalesce(p.trade, '') = ?",
    "region": f"{_REGION} = ?",
}
_TREATMENTS = """
SELECT r.id, r.trainee_id, t.name, r.employer, r.measure, r.since, r.document
FROM treatment r JOIN trainee t ON t.id = r.trainee_id AND t.gone = 0
WHERE r.gone = 0 ORDER BY r.since, r.id
"""


def guidance_items(sql: Connection, class_id: bytes) -> list[GuidanceItem]:
    """Return the services given to people of a class by day."""
    return [
        GuidanceItem(
            row[0], row[1], row[2], row[3] or "", row[4], required_day(row[5]), row[6] or "", row[7] or ""
        )
        for row in sql.exec_driver_sql(_GUIDANCE, (class_id,))
        if row[4] is not None
    ]


def hire_items(sql: Connection, class_id: bytes) -> list[HireItem]:
    """Return the hires of people of a class by day."""
    return [
        HireItem(
            row[0],
            row[1],
            row[2],
            row[3] or "",
            row[4],
            row[5] or "",
            required_day(row[6]),
            row[7] or "",
        )
        for row in sql.exec_driver_sql(_HIRES, (class_id,))
        if row[4] is not None
    ]


def deposit_items(
    sql: Connection, *, bank: str | None = None, only: Collection[bytes] | None = None, masked: bool = True
) -> list[DepositItem]:
    """Return deposits by class and person; ``only`` limits them to some people."""
    query, values = _DEPOSITS, tuple[object, ...]()
    if bank is not None:
        query, values = f"{query} AND d.bank = ?", (bank,)
    rows = sql.exec_driver_sql(f"{query} ORDER BY c.code, t.name, d.trainee_id, d.bank_number", values)
    return [
        DepositItem(
            assessment_id=row[0],
            trainee_id=row[1],
            bank=row[2] or "",
            class_code=row[3] or "",
            name=row[4] or "",
            document_number=masking.mask_document(row[5] or "") if masked else row[5] or "",
            account=masking.mask_account(row[6] or "") if masked else row[6] or "",
            consent_on=day(row[7]),
            exported_on=day(row[8]),
            number=row[9],
            trade=row[10],
            level=row[11],
            issued_on=day(row[12]),
        )
        for row in rows
        if only is None or row[1] in only
    ]


def conversion_items(sql: Connection) -> list[ConversionItem]:
    """Return the recorded conversions by day."""
    return [
        ConversionItem(
            row[0], row[1], row[2] or "", row[3] or "", row[4] or "", required_day(row[5]), row[6] or 0
        )
        for row in sql.exec_driver_sql(_CONVERSIONS)
        if row[5] is not None
    ]


def holdings(sql: Connection) -> list[Holding]:
    """Return every certificate with level, trade and the region of its class's 教学点."""
    return [
        Holding(row[0], row[1], row[2], row[3], day(row[4]), row[5]) for row in sql.exec_driver_sql(_HOLDINGS)
    ]


def holder_items(
    sql: Connection, group: str, value: object, until: date | None = None, *, most: int
) -> list[HolderItem]:
    """Return the certificates held of one class, level, trade or region, documents masked, the last issued first.

    ``group`` is class, level, trade or region; with ``until`` only those issued up to that day; at most ``most``.
    """
    query, values = f"{_HOLDERS} AND {_HOLDER_GROUPS[group]}", [value]
    if until is not None:
        query += " AND x.issued_on <= ?"
        values.append(until.isoformat())
    return [
        HolderItem(
            assessment_id=row[0],
            class_id=row[1],
            trainee_id=row[2],
            class_code=row[3] or "",
            name=row[4] or "",
            document_number=masking.mask_document(row[5] or ""),
            trade=row[6],
            level=row[7],
            region=row[8],
            number=row[9],
            issued_on=day(row[10]),
            banks=tuple(sorted((row[11] or "").split(","))) if row[11] else (),
            treated=bool(row[12]),
        )
        for row in sql.exec_driver_sql(
            f"{query} ORDER BY x.issued_on DESC, c.code, t.name, x.trainee_id LIMIT ?", (*values, most)
        )
    ]


def treatment_items(sql: Connection) -> list[TreatmentItem]:
    """Return what enterprises gave by day."""
    return [
        TreatmentItem(
            row[0], row[1], row[2] or "", row[3] or "", row[4] or "", required_day(row[5]), row[6] or ""
        )
        for row in sql.exec_driver_sql(_TREATMENTS)
        if row[5] is not None
    ]
