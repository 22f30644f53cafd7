"""Engine of the platform's database: durable settings, a versioned schema, one transaction a request."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from desktop_app.domain.errors import AppError
from sync.platform.schema import PROVINCE, turn
from sync.platform.upgrading import bring_up

DEFAULT_URL = "sqlite:///training-platform.db"
_BUSY_MS = 30_000
_TURNS = 400  # asked for at once


def open_database(url: str = DEFAULT_URL) -> Engine:
    """Open the database and bring its schema up: made where it is empty, refused where it is newer.

    Raises AppError PLATFORM_DB_URL, PLATFORM_DB_NEWER.
    """
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise AppError("PLATFORM_DB_URL") from error
    if address.get_backend_name() == "postgresql":
        engine = create_engine(
            address.set(drivername="postgresql+psycopg"),
            pool_size=8,
            max_overflow=8,
            pool_pre_ping=True,
            hide_parameters=True,
        )
        _wait_for_the_log(engine)
    elif address.get_backend_name() == "sqlite":
        engine = create_engine(address, pool_size=8, max_overflow=8, hide_parameters=True)
        _make_durable(engine)
    else:
        raise AppError("PLATFORM_DB_URL")
    try:
        with writing(engine) as connection:
            bring_up(connection)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _make_durable(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's connection
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={_BUSY_MS}", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = not connection.get_execution_options().get("reads_only")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _wait_for_the_log(engine: Engine) -> None:
    """Answer only what is on disk, whatever the server's default, and do not wait for a lock for ever."""

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's connection
        settings = "SET synchronous_commit = on", f"SET lock_timeout = {_BUSY_MS}", "SET TIME ZONE 'UTC'"
        for setting in settings:
            connection.execute(setting)
        connection.commit()


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Run one transaction that may write."""
    with engine.begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Run one transaction that only reads; on SQLite it does not wait for the writer."""
    with engine.connect().execution_options(reads_only=True) as connection, connection.begin():
        yield connection


def take_turn(connection: Connection, name: str) -> None:
    """Wait until nobody else writes what the whole province shares under this name; held until the transaction ends.

    Names: ``institution``, those of people (``take_turns``), ``act``, taken in this order where a transaction needs
    more than one.
    """
    where = (turn.c.institution_id == PROVINCE, turn.c.name == name)
    connection.execute(select(turn.c.name).where(*where).with_for_update()).one()


def take_turns(connection: Connection, people: Collection[bytes]) -> None:
    """Wait until nobody else writes what the province keeps of any of these people (their hashes, ≥ 2 bytes).

    People share a turn with those whose hash begins alike: at most 65,536 there are, kept once they were needed.
    SQLite has one writer at a time, so there is nothing to wait for.
    """
    if connection.dialect.name == "sqlite":
        return
    names = sorted({f"person:{one[:2].hex()}" for one in people})
    for start in range(0, len(names), _TURNS):
        some = names[start : start + _TURNS]
        rows = [{"institution_id": PROVINCE, "name": name} for name in some]
        connection.execute(postgresql.insert(turn).on_conflict_do_nothing(), rows)
        where = (turn.c.institution_id == PROVINCE, turn.c.name.in_(some))
        connection.execute(select(turn.c.name).where(*where).order_by(turn.c.name).with_for_update()).all()
