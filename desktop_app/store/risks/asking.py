"""Statements over lists of keys, in parts; without keys, over everything."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from desktop_app.domain.clock import SHANGHAI
from desktop_app.store.database import driver_of

Keys = Collection[bytes] | None
"""Keys of the records to look at; None: all."""
Values = Collection[bytes] | Collection[str] | None
_MOST = 400


def ask(sql: Connection, query: str, keys: Values = None, tail: str = "") -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query whose ``{only}`` is ``IN (keys)``, or always true where there are no keys."""
    if keys is None:
        yield from driver_of(sql).execute(query.format(only="IS NOT NULL") + tail)
        return
    listed = sorted(keys)
    for start in range(0, len(listed), _MOST):
        part = listed[start : start + _MOST]
        only = f"IN ({', '.join('?' * len(part))})"
        yield from driver_of(sql).execute(query.format(only=only) + tail, part)


def write(sql: Connection, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Run a statement for each row."""
    if rows:
        driver_of(sql).executemany(statement, rows)


def instant(ms: int) -> datetime:
    """Return the instant of an entry, as the clock on the wall shows it."""
    return (datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=ms)).astimezone(SHANGHAI)


def moment(day: str, time: str | None) -> datetime:
    """Return the instant of a day and HH:MM; midnight where no time is entered."""
    return datetime.fromisoformat(f"{day}T{time or '00:00'}:00").replace(tzinfo=SHANGHAI)
