"""Keys of the institution, as this workstation holds them inside its encrypted file; never in the journal in plain."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class InstitutionKey:
    """A key (32 bytes), its public name (8 bytes) and its epoch: 1 for the first, one more with each rotation.

    ``device``: who changed to it, None for the first.
    """

    id: bytes
    epoch: int
    key: bytes
    device: bytes | None = None


def institution_keys(sql: Connection) -> dict[bytes, InstitutionKey]:
    """Return all keys by their names."""
    rows = sql.exec_driver_sql("SELECT id, epoch, key, device FROM institution_key ORDER BY epoch, id")
    return {row[0]: InstitutionKey(*row) for row in rows}


def current_key(sql: Connection) -> InstitutionKey | None:
    """Return the key that seals new pages, None where sharing was never begun.

    Two administrators who rotate at once make two keys of one epoch: all workstations choose alike. A key that a
    revoked workstation made seals nothing, or it could go on reading by changing the key before it is shut out.
    """
    row = sql.exec_driver_sql(
        "SELECT k.id, k.epoch, k.key, k.device FROM institution_key k LEFT JOIN device d ON d.id = k.device"
        " WHERE coalesce(d.revoked, 0) = 0 ORDER BY k.epoch DESC, k.id LIMIT 1"
    ).first()
    return None if row is None else InstitutionKey(*row)


def add_key(sql: Connection, key: InstitutionKey) -> None:
    """Keep a key, and try again the pages that could not be taken; one that is here already changes nothing."""
    sql.exec_driver_sql(
        "INSERT OR IGNORE INTO institution_key (id, epoch, key, device) VALUES (?, ?, ?, ?)",
        (key.id, key.epoch, key.key, key.device),
    )
    sql.exec_driver_sql("UPDATE troubled_page SET tries = 0")
