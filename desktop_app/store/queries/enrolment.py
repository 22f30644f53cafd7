"""意愿登记, former identities, and what the choice of a funding group depends on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection

from desktop_app.domain import masking
from desktop_app.domain.funding_channels import FundingFacts
from desktop_app.domain.listings.enrolment import FormerIdentity, WishListItem
from desktop_app.domain.willingness import Wish
from desktop_app.store.queries.columns import day

_WISHES = """
SELECT w.id, w.trainee_id, t.name, t.document_number, t.phone, w.trade, w.level, w.noted_on, w.consented_on,
       w.sensitive_on, w.consent_version, w.state, w.reason, w.class_id, c.code, e.state
FROM willingness w JOIN trainee t ON t.id = w.trainee_id AND t.gone = 0
LEFT JOIN training_class c ON c.id = w.class_id AND c.gone = 0
LEFT JOIN enrolment e ON e.class_id = w.class_id AND e.trainee_id = w.trainee_id AND e.gone = 0
WHERE w.gone = 0
"""
_FORMER = """
SELECT id, trainee_id, name, document_type, document_number, changed_on, kind, attachment_id
FROM former_identity WHERE gone = 0
"""


def wish_items(sql: Connection, wish_id: bytes | None = None) -> list[WishListItem]:
    """Return wishes, the oldest first, masked."""
    query, values = _WISHES, tuple[bytes, ...]()
    if wish_id is not None:
        query, values = f"{query} AND w.id = ?", (wish_id,)
    rows = sql.exec_driver_sql(f"{query} ORDER BY w.noted_on, t.name, w.id", values)
    return [_wish(row) for row in rows]


def _wish(row: Sequence[Any]) -> WishListItem:
    return WishListItem(
        id=row[0],
        trainee_id=row[1],
        name=row[2] or "",
        document_number=masking.mask_document(row[3] or ""),
        phone=masking.mask_phone(row[4] or ""),
        trade=row[5] or "",
        level=row[6],
        noted_on=day(row[7]),
        consented_on=day(row[8]),
        sensitive_on=day(row[9]),
        consent_version=row[10],
        state=Wish(row[11] or Wish.OPEN),
        reason=row[12] or "",
        class_id=row[13],
        class_code=row[14],
        enrolment_state=row[15],
    )


def former_identities(sql: Connection, trainee_id: bytes) -> list[FormerIdentity]:
    """Return 曾用名 and 旧证件 of a person, the latest first, unmasked."""
    rows = sql.exec_driver_sql(
        f"{_FORMER} AND trainee_id = ? ORDER BY changed_on DESC, id DESC", (trainee_id,)
    )
    return [
        FormerIdentity(row[0], row[1], row[2], row[3], row[4], day(row[5]), row[6], row[7]) for row in rows
    ]


def holders_of_former_document(sql: Connection, number: str) -> list[tuple[bytes, str]]:
    """Return key and present name of the people who had a document number before."""
    rows = sql.exec_driver_sql(
        "SELECT t.id, t.name FROM former_identity f JOIN trainee t ON t.id = f.trainee_id AND t.gone = 0"
        " WHERE f.gone = 0 AND f.document_number = ? ORDER BY t.id",
        (number,),
    )
    return [(row[0], row[1] or "") for row in rows]


def names_on(sql: Connection, on: date) -> dict[bytes, tuple[str, str]]:
    """Return name and document number that were valid on a day, of those people whose are others now."""
    rows = sql.exec_driver_sql(
        "SELECT trainee_id, name, document_number FROM former_identity WHERE gone = 0 AND changed_on > ?"
        " ORDER BY changed_on DESC, id DESC",
        (on.isoformat(),),
    )
    return {row[0]: (row[1] or "", row[2] or "") for row in rows}


def class_region(sql: Connection, class_id: bytes) -> str | None:
    """Return the region of a class's 教学点, else that of the institution."""
    region = sql.exec_driver_sql(
        "SELECT coalesce((SELECT s.region FROM training_class c JOIN site s ON s.id = c.site_id AND s.gone = 0"
        " WHERE c.id = ?), (SELECT region FROM institution WHERE gone = 0))",
        (class_id,),
    ).scalar()
    return None if region is None else str(region)


def funding_facts(sql: Connection, class_id: bytes) -> FundingFacts:
    """Return which department has selected the class's project, with its 文号 (三.3)."""
    row = sql.exec_driver_sql(
        "SELECT department, document FROM class_selection WHERE class_id = ? AND gone = 0", (class_id,)
    ).first()
    return FundingFacts() if row is None else FundingFacts(selected_by=row[0], document=row[1])


def accepted_classes(sql: Connection, trainee_id: bytes) -> list[str]:
    """Return the codes of the classes whose accepted statement names a person."""
    rows = sql.exec_driver_sql(
        "SELECT DISTINCT c.code FROM accepted_record a JOIN training_class c ON lower(hex(c.id)) = a.subject"
        " WHERE a.kind = 'trainee' AND a.key = ? ORDER BY c.code",
        (trainee_id,),
    )
    return [str(row[0]) for row in rows]


def numbered_certificates(sql: Connection, trainee_id: bytes) -> list[str]:
    """Return the numbers of a person's certificates that are not void."""
    rows = sql.exec_driver_sql(
        "SELECT number FROM certificate WHERE trainee_id = ? AND gone = 0 AND number IS NOT NULL"
        " AND coalesce(state, 'issued') NOT IN ('void', 'replaced') ORDER BY number",
        (trainee_id,),
    )
    return [str(row[0]) for row in rows]
