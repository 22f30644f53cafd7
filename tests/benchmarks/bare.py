"""What the library alone would take: a SQLCipher file with the product's own pragmas, and nothing of the product."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import Any

import sqlcipher3.dbapi2 as driver

from desktop_app.store.database import Database
from tests.benchmarks.measuring import require

_COMPARED = ("journal_mode", "synchronous", "foreign_keys", "page_size", "cipher_page_size", "cache_size")


def connect(path: Path, key: bytes) -> Any:
    """Open a SQLCipher file as the product opens its writing connection."""
    connection = driver.connect(str(path), isolation_level=None, check_same_thread=False)
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


class BareFile:
    """An encrypted file to compare with; ``sql`` is the driver's own connection, transactions are begun by hand."""

    def __init__(self, path: Path, key: bytes | None = None) -> None:
        self.path = path
        self.key = key or os.urandom(32)
        self.sql = connect(path, self.key)

    def __enter__(self) -> BareFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.sql.close()

    def commit(self, statement: str, rows: list[tuple[Any, ...]]) -> None:
        """Write rows in one transaction by executemany."""
        self.sql.execute("BEGIN IMMEDIATE")
        self.sql.executemany(statement, rows)
        self.sql.execute("COMMIT")

    def require_same_pragmas(self, database: Database) -> None:
        """Fail where this file is not opened as the product opens its store: then it is no measure."""
        with database.writer() as connection:
            raw: Any = connection.connection.driver_connection
            theirs = _pragmas(raw)
        ours = _pragmas(self.sql)
        require(ours == theirs, f"the product's pragmas {theirs}, not {ours}")


def _pragmas(connection: Any) -> dict[str, Any]:
    return {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in _COMPARED}
