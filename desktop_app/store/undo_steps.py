"""Local: which commands this workstation's users can take back, and in which order."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from desktop_app.store.database import driver_of
from desktop_app.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class UndoStep:
    """A command that can be undone or redone: its entry's number here, its code, the entry that took it back."""

    seq: int
    command: str
    undone: int | None


def push(work: UnitOfWork, *, user: bytes) -> None:
    """Remember a new command; what its user had taken back can no longer be redone."""
    execute = driver_of(work.sql).execute
    execute("DELETE FROM undo_step WHERE user = ? AND undone IS NOT NULL", (user,))
    execute(
        "INSERT INTO undo_step (seq, user, command, undone) VALUES (?, ?, ?, NULL)",
        (work.seq, user, work.command),
    )


def next_undo(sql: Connection, user: bytes) -> UndoStep | None:
    """Return the user's newest command that is in force."""
    return _first(sql, user, "undone IS NULL ORDER BY seq DESC")


def next_redo(sql: Connection, user: bytes) -> UndoStep | None:
    """Return the command that the user took back last."""
    return _first(sql, user, "undone IS NOT NULL ORDER BY undone DESC")


def mark_undone(sql: Connection, seq: int, by: int) -> None:
    """Remember which entry took a command back."""
    sql.exec_driver_sql("UPDATE undo_step SET undone = ? WHERE seq = ?", (by, seq))


def mark_redone(sql: Connection, seq: int, by: int) -> None:
    """A command is in force again through a new entry, which is what an undo now takes back."""
    sql.exec_driver_sql("UPDATE undo_step SET seq = ?, undone = NULL WHERE seq = ?", (by, seq))


def _first(sql: Connection, user: bytes, rest: str) -> UndoStep | None:
    row = sql.exec_driver_sql(
        f"SELECT seq, command, undone FROM undo_step WHERE user = ? AND {rest} LIMIT 1", (user,)
    ).first()
    return None if row is None else UndoStep(row[0], row[1], row[2])
