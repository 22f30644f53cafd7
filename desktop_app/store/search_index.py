"""What the search over trainees compares, kept beside the rows in the same transaction."""

from __future__ import annotations

from sqlalchemy import Connection

from desktop_app.domain import pinyin
from desktop_app.domain.records import TRAINEE
from desktop_app.store.applying import Applied
from desktop_app.store.record_tables import known_table
from desktop_app.store.unit_of_work import UnitOfWork


def follow_command(work: UnitOfWork) -> None:
    """Bring the index up to what a command wrote; runs before its commit."""
    refresh(work.sql, work.keys_of(TRAINEE))


def follow_page(sql: Connection, applied: Applied) -> None:
    """Bring the index up to what a page of foreign entries changed."""
    refresh(sql, [key for entity, key in applied.touched if entity == TRAINEE.number])


def refresh(sql: Connection, keys: list[bytes]) -> None:
    """Write the index rows of some trainees anew."""
    if not keys:
        return
    sql.exec_driver_sql("DELETE FROM trainee_search WHERE trainee_id = ?", [(key,) for key in keys])
    records = known_table(TRAINEE).fetch_many(sql, keys)
    rows = [
        (
            key,
            str(record.fields["name"] or ""),
            " ".join(pinyin.initials(str(record.fields["name"] or ""))),
            str(record.fields["document_number"] or ""),
            str(record.fields["phone"] or ""),
        )
        for key, record in records.items()
    ]
    if rows:
        sql.exec_driver_sql(
            "INSERT INTO trainee_search (trainee_id, name, initials, document, phone) VALUES (?, ?, ?, ?, ?)",
            rows,
        )
