"""Engine of the platform's database: durable settings, a versioned schema, one transaction a request."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from desktop_app.domain.errors import AppError
from sync.contract.signing import new_private_key
from sync.platform.schema import PROVINCE, SCHEMA_VERSION, identity, metadata, schema_version

DEFAULT_URL = "sqlite:///training-platform.db"
_BUSY_MS = 30_000


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
            address.set(drivername="postgresql+psycopg"), pool_size=8, hide_parameters=True
        )
    elif address.get_backend_name() == "sqlite":
        engine = create_engine(address, pool_size=8, max_overflow=8, hide_parameters=True)
        _make_durable(engine)
    else:
        raise AppError("PLATFORM_DB_URL")
    _bring_up(engine)
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


def _bring_up(engine: Engine) -> None:
    with writing(engine) as connection:
        found = None
        if inspect(connection).has_table(schema_version.name):
            found = connection.scalar(select(schema_version.c.version))
        if found is not None and found > SCHEMA_VERSION:
            raise AppError("PLATFORM_DB_NEWER", found=found, known=SCHEMA_VERSION)
        if found == SCHEMA_VERSION:
            return
        metadata.create_all(connection)
        connection.execute(schema_version.insert().values(version=SCHEMA_VERSION))
        connection.execute(
            identity.insert().values(
                institution_id=PROVINCE,
                epoch=secrets.token_bytes(16),
                private_key=new_private_key(),
                token_secret=secrets.token_bytes(32),
            )
        )
