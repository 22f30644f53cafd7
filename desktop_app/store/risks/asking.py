"""Statements over lists of keys, in parts; without keys, over everything."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Connection

from desktop_app.domain.clock import SHANGHAI
from desktop_app.domain.policy_parameters import PolicyBook
from desktop_app.domain.risk.patterns import Limits, limits_on
from desktop_app.store.database import driver_of
from desktop_app.store.queries.policies import policy_book

Keys = Collection[bytes] | None
"""Keys of the records to look at; None: all."""
Values = Collection[bytes] | Collection[str] | Collection[int] | None
_MOST = 400
_EDITED = "SELECT 1 FROM policy_value WHERE parameter GLOB 'risk_*' LIMIT 1"
Answer = TypeVar("Answer")


class Look:
    """One look at the store by several detectors, which share what they ask."""

    def __init__(self, sql: Connection) -> None:
        self.sql = sql
        self._known: dict[tuple[str, frozenset[bytes] | None], Any] = {}

    @property
    def limits(self) -> Limits:
        """Return from where on patterns are odd: the latest values, whenever a class was and whoever looks."""
        return self.once("limits", None, _limits)

    def once(self, name: str, keys: Keys, make: Callable[[Connection, Keys], Answer]) -> Answer:
        """Return what ``make`` gives for some keys, made once."""
        place = (name, None if keys is None else frozenset(keys))
        if place not in self._known:
            self._known[place] = make(self.sql, keys)
        return self._known[place]  # type: ignore[no-any-return]


def _limits(sql: Connection, _keys: Keys) -> Limits:
    edited = driver_of(sql).execute(_EDITED).fetchone()
    if edited is None:
        return _shipped()
    return limits_on(policy_book(sql), date.max)


@lru_cache(maxsize=1)
def _shipped() -> Limits:
    return limits_on(PolicyBook(), date.max)


def ask(sql: Connection, query: str, keys: Values = None) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query whose ``{only}`` is ``IN (keys)``, or always true where there are no keys."""
    if keys is None:
        yield from driver_of(sql).execute(_filled(query, -1))
        return
    listed = sorted(keys)
    for start in range(0, len(listed), _MOST):
        part = listed[start : start + _MOST]
        yield from driver_of(sql).execute(_filled(query, len(part)), part)


@lru_cache(maxsize=256)
def _filled(query: str, count: int) -> str:
    return query.format(only="IS NOT NULL" if count < 0 else f"IN ({', '.join('?' * count)})")


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
