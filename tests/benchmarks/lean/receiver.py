"""The lean receiver, a process of its own: ``python -m tests.benchmarks.lean.receiver DATABASE``.

A page is one transaction: what was there is read, rows are upserted, the result of each row is the receipt, which is
stored; a page that comes again gets its receipt again. SQLite in WAL, synchronous FULL. It prints its port.
"""

from __future__ import annotations

import socket
import sqlite3
import sys

import msgspec
import uvicorn
import zstandard
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

TABLE = (
    "mark(id BLOB PRIMARY KEY, session BLOB, trainee BLOB, status TEXT, hours INT, version INT) WITHOUT ROWID"
)
UPSERT = (
    "INSERT INTO mark VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET status = excluded.status,"
    " hours = excluded.hours, version = excluded.version WHERE excluded.version > mark.version"
)
_LOOKUP = 900


class Row(msgspec.Struct, array_like=True):
    """A mark as it travels."""

    id: bytes
    session: bytes
    trainee: bytes
    status: str
    hours: int
    version: int


class Page(msgspec.Struct, array_like=True):
    """Rows, and the page's own id."""

    id: bytes
    rows: list[Row]


PAGES = msgspec.msgpack.Decoder(Page)


class Receiver:
    """The one route."""

    def __init__(self, path: str) -> None:
        self._sql = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._sql.execute("PRAGMA journal_mode = WAL")
        self._sql.execute("PRAGMA synchronous = FULL")
        self._sql.execute(f"CREATE TABLE {TABLE}")
        self._sql.execute("CREATE TABLE receipt(id BLOB PRIMARY KEY, body BLOB) WITHOUT ROWID")

    async def push(self, request: Request) -> Response:
        """Take a page and answer with the result of each row."""
        page = PAGES.decode(zstandard.ZstdDecompressor().decompress(await request.body()))
        known = self._sql.execute("SELECT body FROM receipt WHERE id = ?", (page.id,)).fetchone()
        if known:
            return Response(known[0])
        self._sql.execute("BEGIN IMMEDIATE")
        before: dict[bytes, int] = {}
        keys = [row.id for row in page.rows]
        for start in range(0, len(keys), _LOOKUP):
            some = keys[start : start + _LOOKUP]
            marks = ",".join("?" * len(some))
            before.update(
                self._sql.execute(f"SELECT id, version FROM mark WHERE id IN ({marks})", some).fetchall()
            )
        self._sql.executemany(UPSERT, map(msgspec.structs.astuple, page.rows))
        told = [(row.id, "updated" if row.id in before else "created", row.version) for row in page.rows]
        body = msgspec.msgpack.encode(told)
        self._sql.execute("INSERT INTO receipt VALUES (?, ?)", (page.id, body))
        self._sql.execute("COMMIT")
        return Response(body)


def main() -> None:
    """Serve on a free port of the loopback interface."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    app = Starlette(routes=[Route("/push", Receiver(sys.argv[1]).push, methods=["POST"])])
    print(listener.getsockname()[1], flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False, lifespan="off")).run([listener])


if __name__ == "__main__":
    main()
