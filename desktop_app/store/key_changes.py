"""Pages that change the institution key, kept to be put on every shelf, and on which of them they are."""

from __future__ import annotations

from sqlalchemy import Connection


def keep(sql: Connection, key: bytes, page: bytes) -> None:
    """Keep the page that changes to a key; one that is here already stays."""
    sql.exec_driver_sql("INSERT OR IGNORE INTO key_change (key, page) VALUES (?, ?)", (key, page))


def stored(sql: Connection) -> dict[bytes, bytes]:
    """Return all such pages by the key that they change to."""
    rows = sql.exec_driver_sql(
        "SELECT c.key, c.page FROM key_change c LEFT JOIN institution_key k ON k.id = c.key ORDER BY k.epoch, c.key"
    )
    return {row[0]: row[1] for row in rows}


def lacking(sql: Connection, shelf: bytes, epoch: bytes) -> dict[bytes, bytes]:
    """Return those that are not known to be on a shelf in this life of it, former keys first."""
    rows = sql.exec_driver_sql(
        "SELECT key FROM key_change_sent WHERE shelf = ? AND epoch = ?", (shelf, epoch)
    )
    there = {row[0] for row in rows}
    return {key: page for key, page in stored(sql).items() if key not in there}


def note_sent(sql: Connection, shelf: bytes, epoch: bytes, key: bytes) -> None:
    """Say that a shelf has the page that changes to a key."""
    sql.exec_driver_sql(
        "INSERT OR REPLACE INTO key_change_sent (shelf, key, epoch) VALUES (?, ?, ?)", (shelf, key, epoch)
    )
