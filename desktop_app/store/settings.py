"""Local settings and secrets of one workstation; they lie inside the encrypted file and are never shared."""

from __future__ import annotations

from sqlalchemy import Connection

DEVICE_ID = "device.id"
DEVICE_KEY = "device.private_key"
JOINING = "sharing.joining"  # set while the profile is becoming a workstation of an institution
SIGNED_UP_TO = "journal.signed_up_to"  # number of the newest entry when tips were last signed, 8 bytes


def read(sql: Connection, key: str) -> bytes | None:
    """Return a setting, None where it is not set."""
    row = sql.exec_driver_sql("SELECT value FROM setting WHERE key = ?", (key,)).first()
    return None if row is None else bytes(row[0])


def write(sql: Connection, key: str, value: bytes) -> None:
    """Set a setting."""
    sql.exec_driver_sql("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", (key, value))


def remove(sql: Connection, key: str) -> None:
    """Drop a setting."""
    sql.exec_driver_sql("DELETE FROM setting WHERE key = ?", (key,))
