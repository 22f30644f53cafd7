"""The lean sender: rows and an outbox in a SQLCipher file; page by page read, encoded, posted, acknowledged."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import requests
import zstandard

from tests.benchmarks.bare import BareFile
from tests.benchmarks.lean.receiver import TABLE
from tests.benchmarks.measuring import require
from tests.source_tree import ROOT

PAGE = 1000
_READ = (
    "SELECT o.seq, m.id, m.session, m.trainee, m.status, m.hours, m.version FROM outbox o JOIN mark m ON m.id = o.id"
    " WHERE o.seq > ? ORDER BY o.seq LIMIT ?"
)


@contextmanager
def receiving(folder: Path) -> Iterator[str]:
    """Run the lean receiver on an empty database and yield its address."""
    command = [
        sys.executable,
        "-m",
        "tests.benchmarks.lean.receiver",
        str(folder / f"lean-{os.urandom(4).hex()}.db"),
    ]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/push"
    finally:
        process.terminate()
        process.communicate()


class LeanSender:
    """One client's file with ``rows`` marks that wait; keys ascend, as time-ordered ones do."""

    def __init__(self, file: BareFile, rows: int) -> None:
        self._sql = file.sql
        self._rows = rows
        self._sql.execute(f"CREATE TABLE {TABLE}")
        self._sql.execute("CREATE TABLE outbox(seq INTEGER PRIMARY KEY, id BLOB NOT NULL)")
        self._sql.execute("CREATE TABLE receipt(page BLOB PRIMARY KEY, rows INT) WITHOUT ROWID")
        base = os.urandom(8)
        session, trainee = os.urandom(16), os.urandom(16)
        marks = [
            (base + number.to_bytes(8, "big"), session, trainee, "present", 0, 1) for number in range(rows)
        ]
        file.commit("INSERT INTO mark VALUES (?, ?, ?, ?, ?, ?)", marks)
        file.commit("INSERT INTO outbox(id) VALUES (?)", [(mark[0],) for mark in marks])

    def push(self, url: str) -> None:
        """Send everything; fail where a row was not acknowledged."""
        with requests.Session() as line:
            line.trust_env = False
            last = told = 0
            while page := self._sql.execute(_READ, (last, PAGE)).fetchall():
                last = page[-1][0]
                told += self._send(line, url, page)
        require(told == self._rows, "every row acknowledged")
        require(not self._sql.execute("SELECT 1 FROM outbox").fetchone(), "an empty outbox")

    def _send(self, line: requests.Session, url: str, page: list[tuple[object, ...]]) -> int:
        name = os.urandom(16)
        body = msgspec.msgpack.encode([name, [row[1:] for row in page]])
        answer = line.post(url, zstandard.ZstdCompressor(level=3).compress(body), timeout=60)
        require(answer.status_code == requests.codes.ok, "a page taken")
        told = msgspec.msgpack.decode(answer.content)
        self._sql.execute("BEGIN IMMEDIATE")
        self._sql.execute("INSERT INTO receipt VALUES (?, ?)", (name, len(told)))
        self._sql.execute("DELETE FROM outbox WHERE seq BETWEEN ? AND ?", (page[0][0], page[-1][0]))
        self._sql.execute("COMMIT")
        return len(told)
