"""Opening the encrypted store: one process a profile, one writer, two readers.

Every connection has WAL, ``synchronous = FULL``, foreign keys and a busy timeout. Writers begin IMMEDIATE.
"""

from __future__ import annotations

import json
import os
import platform
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver
from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import QueuePool, StaticPool

from desktop_app.domain.errors import AppError

__all__ = ["Connection", "Database", "ProfileLock"]

BUSY_TIMEOUT_MS = 5000
READERS = 2


class ProfileLock:
    """One process a profile, window or command line; any death of the process releases it."""

    def __init__(self, folder: Path) -> None:
        self._lock = FileLock(folder / "profile.lock")
        self._holder = folder / "profile.holder"

    def acquire(self) -> None:
        """Take the lock; AppError PROFILE_IN_USE names the holder's pid and machine."""
        try:
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise AppError("PROFILE_IN_USE", **self._read_holder()) from error
        holder = {"pid": os.getpid(), "machine": platform.node()}
        self._holder.write_text(json.dumps(holder), encoding="utf-8")

    def release(self) -> None:
        """Give the lock back."""
        if self._lock.is_locked:
            self._holder.unlink(missing_ok=True)
            self._lock.release()

    def _read_holder(self) -> dict[str, object]:
        try:
            holder = json.loads(self._holder.read_text(encoding="utf-8"))
            return {"pid": holder["pid"], "machine": holder["machine"]}
        except (OSError, ValueError, KeyError):
            return {"pid": "?", "machine": "?"}


class Database:
    """The open store file. ``writer`` is serialised; ``reader`` sees committed data and cannot write."""

    def __init__(self, path: Path, data_key: bytes) -> None:
        self.path = path
        self._key = data_key
        self._write_lock = threading.RLock()
        self._write_engine = self._engine(read_only=False)
        self._read_engine = self._engine(read_only=True)

    def _engine(self, *, read_only: bool) -> Engine:
        def connect() -> Any:  # noqa: ANN401 - the driver has no types
            connection = driver.connect(str(self.path), isolation_level=None, check_same_thread=False)
            connection.execute(f"PRAGMA key = \"x'{self._key.hex()}'\"")
            connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
            connection.execute("PRAGMA foreign_keys = ON")
            if read_only:
                connection.execute("PRAGMA query_only = ON")
            else:
                connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            return connection

        url = "sqlite://"
        if read_only:
            engine = create_engine(
                url, creator=connect, module=driver, poolclass=QueuePool, pool_size=READERS, max_overflow=0
            )
            event.listen(engine, "begin", _begin_read)
        else:
            engine = create_engine(url, creator=connect, module=driver, poolclass=StaticPool)
            event.listen(engine, "begin", _begin_write)
        return engine

    @contextmanager
    def writer(self) -> Iterator[Connection]:
        """Yield the writing connection inside one IMMEDIATE transaction."""
        with self._write_lock, _known_errors(self.path), self._write_engine.begin() as connection:
            yield connection

    @contextmanager
    def reader(self) -> Iterator[Connection]:
        """Yield a reading connection with one consistent view."""
        with _known_errors(self.path), self._read_engine.connect() as connection:
            yield connection

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """Yield the writing connection for a schema change, in one transaction."""
        with self.writer() as connection:
            yield connection

    def probe(self) -> None:
        """Read the first page; AppError STORE_DAMAGED where the file is no store of this key."""
        with self.reader() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").one()

    def close(self) -> None:
        """Close all connections."""
        self._read_engine.dispose()
        self._write_engine.dispose()


def _begin_write(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_read(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


@contextmanager
def _known_errors(path: Path) -> Iterator[None]:
    """Turn the store's own failures into known errors; everything else is a bug and passes on."""
    try:
        yield
    except DatabaseError as error:
        text = str(error.orig)
        if "not a database" in text or "malformed" in text or "file is encrypted" in text:
            raise AppError("STORE_DAMAGED", file=path.name) from error
        if "disk is full" in text or "database or disk is full" in text:
            raise AppError("DISK_FULL", file=path.name) from error
        if "readonly" in text or "read-only" in text:
            raise AppError("STORE_READ_ONLY", file=path.name) from error
        raise
