"""Opening the encrypted store: one process a profile, one writer, two readers.

Every connection has WAL, ``synchronous = FULL``, foreign keys and a busy timeout. Writers begin IMMEDIATE.
"""

from __future__ import annotations

import json
import math
import os
import platform
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import sqlcipher3.dbapi2 as driver
from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import QueuePool, StaticPool

from desktop_app.config import SWITCH_SECONDS
from desktop_app.domain.errors import AppError
from desktop_app.store.profile_files import disk_trouble

__all__ = ["Connection", "Database", "ProfileLock"]

BUSY_TIMEOUT_MS = 5000
READERS = 2
AUTOMATIC_CHECKPOINT_PAGES = 1000
# Where somebody brings the log in beside the commands, a command does it only when that is long overdue.
OVERDUE_CHECKPOINT_PAGES = 8000
_LOG_WORTH_BRINGING_IN = 250
_CHECKPOINT_TRIES = 100
_CHECKPOINT_PAUSE_SECONDS = 0.02

Moment = TypeVar("Moment")


class ProfileLock:
    """One process a profile, window or command line; any death of the process releases it."""

    def __init__(self, folder: Path) -> None:
        # Taken in one thread and freed in another: the window opens its profile off its own thread.
        self._lock = FileLock(folder / "profile.lock", thread_local=False)
        self._holder = folder / "profile.holder"

    def acquire(self) -> None:
        """Take the lock; AppError PROFILE_IN_USE names the holder's pid and machine.

        Raises STORE_READ_ONLY or DISK_FULL where the folder cannot be written.
        """
        try:
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise AppError("PROFILE_IN_USE", **self._read_holder()) from error
        except OSError as error:
            raise disk_trouble(error, self._holder.parent) from error
        holder = {"pid": os.getpid(), "machine": platform.node()}
        try:
            self._holder.write_text(json.dumps(holder), encoding="utf-8")
        except OSError as error:
            self._lock.release()
            raise disk_trouble(error, self._holder.parent) from error

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


class _Turns:
    """The right to write, held by one thread at a time; commands that wait go before what is done between them."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._change = threading.Condition()
        self._waiting = 0
        self._between: int | None = None  # the thread that has the right between commands
        self.last_command = -math.inf  # time.monotonic() when the last command ended

    @contextmanager
    def of_command(self) -> Iterator[None]:
        """Wait for whoever writes."""
        with self._change:
            self._waiting += 1
            self._change.notify_all()
        try:
            self._lock.acquire()
        finally:
            with self._change:
                self._waiting -= 1
                self._change.notify_all()
        try:
            yield
        finally:
            if self._between != threading.get_ident():
                self.last_command = time.monotonic()
            self._lock.release()

    @contextmanager
    def between_commands(self) -> Iterator[None]:
        """Wait for whoever writes, and for all who wait to write; who has the right already has it."""
        if self._between == threading.get_ident():
            yield
            return
        with self._change:
            self._change.wait_for(lambda: self._waiting == 0)
        with self._lock:
            self._between = threading.get_ident()
            try:
                yield
            finally:
                self._between = None


class Database:
    """The open store file. ``writer`` is serialised; ``reader`` sees committed data and cannot write."""

    def __init__(self, path: Path, data_key: bytes, *, read_only: bool = False) -> None:
        """``read_only``: nothing is ever written to the file, and only ``reader`` may be asked for."""
        self.path = path
        self._uri = f"{path.absolute().as_uri()}{'?immutable=1' if read_only else ''}"
        self._key = data_key
        sys.setswitchinterval(SWITCH_SECONDS)
        self._turns = _Turns()
        self._checkpoint_lock = threading.Lock()
        self._automatic_checkpoint = AUTOMATIC_CHECKPOINT_PAGES
        self._log_keeper: Any = None
        self._write_engine = self._engine(read_only=False)
        self._read_engine = self._engine(read_only=True)

    def _engine(self, *, read_only: bool) -> Engine:
        def connect() -> Any:  # noqa: ANN401 - the driver has no types
            connection = self._connect()
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
        with self._turns.of_command(), _known_errors(self.path), self._write_engine.begin() as connection:
            yield connection

    @contextmanager
    def reader(self) -> Iterator[Connection]:
        """Yield a reading connection with one consistent view."""
        with _known_errors(self.path), self._read_engine.begin() as connection:
            yield connection

    def _connect(self) -> Any:  # noqa: ANN401 - the driver has no types
        connection = driver.connect(self._uri, uri=True, isolation_level=None, check_same_thread=False)
        connection.execute(f"PRAGMA key = \"x'{self._key.hex()}'\"")
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        return connection

    @contextmanager
    def checkpoints_held(self, read: Callable[[Connection], Moment]) -> Iterator[Moment]:
        """Bring the log into the file, then keep the file as it is while this lasts; commands go on in the log.

        Yields what ``read`` finds in that instant. AppError BACKUP_BUSY where a long read keeps the log open.
        """
        with _known_errors(self.path), self._checkpoint_lock, self._extra_connection() as extra:
            _checkpoint(extra)  # the bulk of it, while commands go on
            _checkpoint(extra)  # and what they wrote meanwhile: the last is done while they wait
            try:
                yield self._hold_checkpoints(extra, read)
            finally:
                try:
                    _checkpoint(extra)  # else the next command brings in all that was written meanwhile
                finally:
                    self._set_automatic_checkpoint(self._automatic_checkpoint)

    def bring_in_log(self) -> None:
        """Bring the log into the file where it has grown, while commands go on in it.

        For a thread that nobody waits for, every second or so; from then on commands leave that to it. Else each
        command that finds the log long enough does it before it returns, and takes several times as long.
        """
        if not self._checkpoint_lock.acquire(blocking=False):
            return  # a backup holds the file as it is
        try:
            with _known_errors(self.path):
                if self._log_keeper is None:
                    self._log_keeper = self._connect()
                    self._automatic_checkpoint = OVERDUE_CHECKPOINT_PAGES
                    self._set_automatic_checkpoint(self._automatic_checkpoint)
                _, pages, moved = self._log_keeper.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()
                if pages - moved >= _LOG_WORTH_BRINGING_IN:
                    _checkpoint(self._log_keeper)
        finally:
            self._checkpoint_lock.release()

    @contextmanager
    def between_commands(self) -> Iterator[None]:
        """Let commands wait for a moment's work with the disk, and it for all of them that wait already."""
        with self._turns.between_commands():
            yield

    def seconds_since_command(self) -> float:
        """Return how long nobody has written, but for what goes between commands."""
        return time.monotonic() - self._turns.last_command

    @contextmanager
    def _extra_connection(self) -> Iterator[Any]:
        """Yield a connection of its own; while it is open, nothing that is closed brings the log in."""
        extra = self._connect()
        try:
            yield extra
        finally:
            extra.close()

    def _hold_checkpoints(self, extra: Any, read: Callable[[Connection], Moment]) -> Moment:  # noqa: ANN401
        """Stop automatic checkpoints at an instant when the file holds everything; return what is read in it."""
        for _ in range(_CHECKPOINT_TRIES):
            with self._turns.of_command():
                if _checkpoint(extra):
                    self._set_automatic_checkpoint(0)
                    with self.reader() as connection:
                        return read(connection)
            time.sleep(_CHECKPOINT_PAUSE_SECONDS)
        raise AppError("BACKUP_BUSY")

    def _set_automatic_checkpoint(self, pages: int) -> None:
        with self._turns.of_command(), self._write_engine.connect() as connection:
            driver_connection: Any = connection.connection.driver_connection
            driver_connection.execute(f"PRAGMA wal_autocheckpoint = {pages}")

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
        """Close all connections; the last brings the whole log in."""
        with self._checkpoint_lock:
            if self._log_keeper is not None:
                self._log_keeper.close()
        self._read_engine.dispose()
        self._write_engine.dispose()


def driver_of(connection: Connection) -> Any:  # noqa: ANN401 - the driver has no types
    """Return the driver's own connection, inside the same transaction, for what runs often.

    A statement costs some 25 µs through SQLAlchemy and 2 µs here. Rows are plain tuples; errors are the driver's own.
    """
    return connection.connection.driver_connection


def _begin_write(connection: Connection) -> None:
    driver_of(connection).execute("BEGIN IMMEDIATE")


def _begin_read(connection: Connection) -> None:
    driver_of(connection).execute("BEGIN")


def _checkpoint(connection: Any) -> bool:  # noqa: ANN401 - the driver has no types
    """Bring the log into the file without waiting for anybody; tell whether all of it came in."""
    busy, pages, moved = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    return bool(busy == 0 and pages == moved)


@contextmanager
def _known_errors(path: Path) -> Iterator[None]:
    """Turn the store's own failures into known errors; everything else is a bug and passes on.

    Connections past the engines raise the driver's errors unwrapped.
    """
    try:
        yield
    except (DatabaseError, driver.DatabaseError) as error:
        text = str(error.orig if isinstance(error, DatabaseError) else error)
        if "not a database" in text or "malformed" in text or "file is encrypted" in text:
            raise AppError("STORE_DAMAGED", file=path.name) from error
        if "disk is full" in text or "database or disk is full" in text:
            raise AppError("DISK_FULL", file=path.name) from error
        if "readonly" in text or "read-only" in text:
            raise AppError("STORE_READ_ONLY", file=path.name) from error
        raise
