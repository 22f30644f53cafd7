"""What lists, the search and the first screen are derived from, kept up in the transaction of each change."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from desktop_app.store import report_touches, search_index, tallies, teaching
from desktop_app.store.folding import Record


def follow(sql: Connection, touched: Collection[Record]) -> None:
    """Bring them up to records that were written, hidden or shown, by a command or by a page of foreign entries."""
    report_touches.follow(sql, touched)  # before the tallies, which tell where a session was
    search_index.follow(sql, touched)
    tallies.follow(sql, touched)
    teaching.follow(sql, touched)


def rebuild(sql: Connection) -> None:
    """Derive everything anew; after a migration."""
    report_touches.rebuild(sql)
    search_index.rebuild(sql)
    tallies.rebuild(sql)
    teaching.rebuild(sql)
