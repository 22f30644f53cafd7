"""What lists, the search and the first screen are derived from, kept up in the transaction of each change."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from desktop_app.store import judging, report_touches, risks, search_index, tallies, teaching
from desktop_app.store.folding import Record


def follow(sql: Connection, touched: Collection[Record]) -> None:
    """Bring them up to records that were written, hidden or shown, by a command or by a page of foreign entries."""
    keys: dict[int, set[bytes]] = {}
    for number, key in touched:
        keys.setdefault(number, set()).add(key)
    report_touches.follow(sql, keys)  # before the tallies, which tell where a session was
    search_index.follow(sql, keys)
    tallies.follow(sql, keys)
    teaching.follow(sql, keys)
    risks.follow(sql, keys)  # after the tallies and who teaches, which it reads


def rebuild(sql: Connection) -> None:
    """Derive everything anew; after a migration."""
    judging.rebuild(sql)
    report_touches.rebuild(sql)
    search_index.rebuild(sql)
    tallies.rebuild(sql)
    teaching.rebuild(sql)
    risks.rebuild(sql)
