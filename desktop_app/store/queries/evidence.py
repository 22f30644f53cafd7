"""Files of evidence by whom or what they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

from desktop_app.domain.evidence import EvidenceState, Missing, Need, Proof, missing_evidence, needs_of
from desktop_app.domain.evidence_matching import Candidate
from desktop_app.domain.listings.evidence import EvidenceListItem
from desktop_app.store.journal import decode_header
from desktop_app.store.queries.columns import day, required_day

_ITEMS = """
SELECT a.id, a.owner, a.owner_key, a.kind, a.number, a.issuer, a.valid_until, a.digest, a.media_type, a.size, a.pages,
       a.file_name, a.state, a.review_reason
FROM attachment a WHERE a.gone = 0 AND a.digest IS NOT NULL
"""
_OF_CLASS = """
 AND ((a.owner = 'trainee' AND a.owner_key IN
        (SELECT trainee_id FROM enrolment WHERE class_id = ?1 AND gone = 0))
   OR (a.owner = 'enrolment' AND substr(a.owner_key, 1, 16) = ?1)
   OR (a.owner = 'session' AND a.owner_key IN (SELECT id FROM session WHERE class_id = ?1 AND gone = 0))
   OR (a.owner = 'training_class' AND a.owner_key = ?1))
"""
_OF_TRAINEE = """
 AND ((a.owner = 'trainee' AND a.owner_key = ?1) OR (a.owner = 'enrolment' AND substr(a.owner_key, 17) = ?1))
"""
_ORDER = " ORDER BY a.owner, a.owner_key, a.kind, a.id"
_CANDIDATES = """
SELECT t.id, t.name, e.number, t.document_number, e.student_number,
       (SELECT max(s.ticket) FROM score s JOIN assessment x ON x.id = s.assessment_id AND x.gone = 0
         WHERE s.trainee_id = t.id AND x.class_id = e.class_id AND s.gone = 0)
FROM enrolment e JOIN trainee t ON t.id = e.trainee_id AND t.gone = 0
WHERE e.gone = 0 AND e.class_id = ? AND coalesce(e.state, '') <> 'refused'
ORDER BY e.number IS NULL, e.number, e.trainee_id
"""


def class_evidence(sql: Connection, class_id: bytes) -> list[EvidenceListItem]:
    """Return the evidence of a class: of its people, their enrolment here, its sessions and itself."""
    return [_item(row) for row in sql.exec_driver_sql(_ITEMS + _OF_CLASS + _ORDER, (class_id,))]


def trainee_evidence(sql: Connection, trainee_id: bytes) -> list[EvidenceListItem]:
    """Return the evidence of a person, that of every enrolment included."""
    return [_item(row) for row in sql.exec_driver_sql(_ITEMS + _OF_TRAINEE + _ORDER, (trainee_id,))]


def owner_evidence(sql: Connection, owner: str, key: bytes) -> list[EvidenceListItem]:
    """Return the evidence of one record."""
    query = _ITEMS + " AND a.owner = ? AND a.owner_key = ?" + _ORDER
    return [_item(row) for row in sql.exec_driver_sql(query, (owner, key))]


def people_with(sql: Connection, class_id: bytes, kind: str) -> frozenset[bytes]:
    """Return the people of a class of whom evidence of a kind is there and was not sent back."""
    return frozenset(
        one.owner_key[-16:]
        for one in class_evidence(sql, class_id)
        if one.kind == kind
        and one.owner in {"trainee", "enrolment"}
        and one.state is not EvidenceState.RETURNED
    )


def evidence_item(sql: Connection, attachment_id: bytes) -> EvidenceListItem | None:
    """Return one file of evidence, None where there is none."""
    row = sql.exec_driver_sql(_ITEMS + " AND a.id = ?", (attachment_id,)).first()
    return None if row is None else _item(row)


def named_digests(sql: Connection, *, hidden: bool = True) -> dict[bytes, bytes]:
    """Return hash → a record that names it; ``hidden`` with removed records, which undo may bring back."""
    query = "SELECT digest, min(id) FROM attachment WHERE digest IS NOT NULL"
    rows = sql.exec_driver_sql(query + ("" if hidden else " AND gone = 0") + " GROUP BY digest")
    return {row[0]: row[1] for row in rows}


def of_colleagues(sql: Connection, digests: Iterable[bytes], device: bytes | None) -> set[bytes]:
    """Return those of some hashes that a record names which another workstation than ``device`` has written."""
    query = """
    SELECT e.header FROM attachment a JOIN journal_entry e ON e.seq = a.base WHERE a.digest = ? AND a.gone = 0
    """
    return {
        digest
        for digest in digests
        if any(decode_header(row[0]).device != device for row in sql.exec_driver_sql(query, (digest,)))
    }


def _item(row: Sequence[Any]) -> EvidenceListItem:
    return EvidenceListItem(
        id=row[0],
        owner=row[1] or "",
        owner_key=row[2] or b"",
        kind=row[3] or "other",
        number=row[4],
        issuer=row[5],
        valid_until=day(row[6]),
        digest=row[7],
        media_type=row[8] or "",
        size=row[9] or 0,
        pages=row[10] or 1,
        file_name=row[11] or "",
        state=EvidenceState(row[12] or EvidenceState.RECEIVED),
        review_reason=row[13],
    )


def candidates(sql: Connection, class_id: bytes) -> list[Candidate]:
    """Return the people of a class in roster order, with the numbers by which files may name them."""
    rows = sql.exec_driver_sql(_CANDIDATES, (class_id,))
    return [Candidate(row[0], row[1] or "", row[2], row[3] or "", row[4] or "", row[5] or "") for row in rows]


def proofs_of(items: Iterable[EvidenceListItem], class_id: bytes, trainee_id: bytes) -> list[Proof]:
    """Return what counts for a person in a class: files of the person, and of the enrolment there."""
    keys = {("trainee", trainee_id), ("enrolment", class_id + trainee_id)}
    return [item.proof for item in items if (item.owner, item.owner_key) in keys]


def missing_of(
    sql: Connection, class_id: bytes, trainee_id: bytes, on: str
) -> tuple[tuple[Need, ...], tuple[Missing, ...]]:
    """Return what an enrolment must prove and what of it is missing on an ISO date (R02, R03)."""
    row = sql.exec_driver_sql(
        "SELECT category, key_group, evidence_kind, evidence_number FROM enrolment"
        " WHERE class_id = ? AND trainee_id = ?",
        (class_id, trainee_id),
    ).first()
    if row is None:
        return (), ()
    needs = needs_of(row[0], row[1])
    proofs = proofs_of(trainee_evidence(sql, trainee_id), class_id, trainee_id)
    return needs, missing_evidence(needs, with_number(proofs, row[2], row[3]), required_day(on))


def with_number(proofs: Iterable[Proof], kind: str | None, number: str | None) -> list[Proof]:
    """Let the number that the roster gave stand for scans of its kind that have none of their own."""
    return [
        Proof(one.kind, one.number or (number if one.kind == kind else None), one.valid_until, one.state)
        for one in proofs
    ]
