"""What a store holds that an older copy of it lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Later:
    """``entries``: commands that came after; ``last_at`` (UTC) is the instant of the newest, None where none did."""

    entries: int
    last_at: datetime | None


def later_than(sql: Connection, heads: Sequence[bytes]) -> Later | None:
    """Return what was stored after the copy with these heads; None where the store has none of them, or is empty."""
    if not sql.exec_driver_sql(
        "SELECT count(*) FROM sqlite_master WHERE name = 'journal_entry'"
    ).scalar_one():
        return None
    marks = ",".join("?" * len(heads))
    last = sql.exec_driver_sql(
        f"SELECT max(seq) FROM journal_entry WHERE id IN ({marks})",
        tuple(heads),
    ).scalar_one()
    if last is None:
        return None
    entries, newest = sql.exec_driver_sql(
        "SELECT count(*), max(ms) FROM journal_entry WHERE seq > ?", (last,)
    ).one()
    return Later(entries, None if newest is None else datetime.fromtimestamp(newest / 1000, UTC))
