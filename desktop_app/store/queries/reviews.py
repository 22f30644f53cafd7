"""校内审核: what was decided on reports, and who has entered what they say."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from desktop_app.domain.records import MARK, SCORE, Entity
from desktop_app.store.journal import JournalStore
from desktop_app.store.record_tables import known_table

_OF_CLASS = (
    (MARK, "SELECT m.base, m.later FROM mark m JOIN session s ON s.id = m.session_id WHERE s.class_id = ?"),
    (
        SCORE,
        "SELECT r.base, r.later FROM score r JOIN assessment a ON a.id = r.assessment_id WHERE a.class_id = ?",
    ),
)


@dataclass(frozen=True, slots=True)
class Review:
    """A decision on a report's content; ``decision`` approved or returned."""

    digest: bytes
    decision: str
    reason: str


def is_required(sql: Connection) -> bool:
    """Tell whether the institution has reports reviewed before they are sealed."""
    row = sql.exec_driver_sql("SELECT review_reports FROM institution WHERE gone = 0").first()
    return row is not None and bool(row[0])


def reviews(sql: Connection) -> dict[tuple[str, str], Review]:
    """Return the newest decision on each report by (kind, subject)."""
    rows = sql.exec_driver_sql(
        "SELECT kind, subject, digest, decision, reason FROM report_review WHERE gone = 0"
    )
    return {(row[0], row[1]): Review(row[2], row[3], row[4] or "") for row in rows}


def authors(sql: Connection, class_id: bytes) -> set[bytes]:
    """Return the users who wrote marks or scores of a class as they stand (不相容职责, requirements §1)."""
    seqs: set[int] = set()
    for entity, statement in _OF_CLASS:
        seqs |= _writers(sql, entity, statement, class_id)
    journal = JournalStore(sql)
    return {journal.changes(seq)[0].user for seq in seqs} - {b""}


def _writers(sql: Connection, entity: Entity, statement: str, class_id: bytes) -> set[int]:
    found: set[int] = set()
    table = known_table(entity)
    for base, later in sql.exec_driver_sql(statement, (class_id,)):
        written = table.read_later(later)
        found |= set(written.values()) or {base}
    return found
