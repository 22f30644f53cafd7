"""The process that is killed: it works in a profile, says what has been acknowledged, and shows where it is.

Acknowledgements go through a pipe, after the service returned. The stage it is in lies in a small shared file, which
outlives it. Where a stage begins is seen from outside the product: SQL as the driver traces it, files and requests
as Python audits them.
"""

from __future__ import annotations

import mmap
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

import sqlcipher3.dbapi2 as driver

IDLE, BUSY = "idle", "reading"
BOARD_BYTES = 64


@dataclass(frozen=True)
class Aim:
    """Where the child stands still to be killed: at the n-th mark of a stage; ``still`` False: it only says so."""

    stage: str
    number: int
    still: bool = True


@dataclass(frozen=True)
class Look:
    """What marks the stages of an operation beyond SQL: part of a path or of an event, to the stage it begins.

    ``lasting``: the stage goes on through statements outside a transaction.
    """

    events: Mapping[str, str] = field(default_factory=dict)
    writing: str = "writing"
    lasting: bool = False


class Work(Protocol):
    """What a child does; ``tell`` is told before each act, after it returned, and when there is none left."""

    look: Look

    def work(self, folder: Path, tell: Teller) -> None: ...


class Teller:
    """The child's voice: acts begun and acknowledged, and the stage board."""

    def __init__(self, pipe: Connection, board: Path, look: Look, aim: Aim | None) -> None:
        self.marks: Counter[str] = Counter()
        self._pipe = pipe
        self._look = look
        self._aim = aim
        self._awake = False
        self._lasting = BUSY
        self._in_transaction = False
        with board.open("r+b") as file:
            self._board = mmap.mmap(file.fileno(), BOARD_BYTES)

    def begin(self) -> None:
        """Say that an act begins."""
        self._lasting, self._awake = BUSY, True
        self._pipe.send(("begun", None))
        self.mark(BUSY)

    def acknowledge(self, value: object) -> None:
        """Say that the service has returned, and with what."""
        self._awake = False
        self._pipe.send(("acknowledged", value))
        self._show(IDLE)

    def done(self) -> None:
        """Say that nothing is left to do, and how often each stage was seen."""
        self._pipe.send(("done", dict(self.marks)))

    def mark(self, stage: str) -> None:
        """Note a step of a stage; stand still where the parent wants it."""
        if not self._awake:
            return
        self._show(stage)
        self.marks[stage] += 1
        aim = self._aim
        if aim is not None and (aim.stage, aim.number) == (stage, self.marks[stage]):
            self._pipe.send(("here", stage))
            while aim.still:
                signal.pause()

    def _show(self, stage: str) -> None:
        self._board[:] = stage.encode("ascii").ljust(BOARD_BYTES, b"\0")

    def on_statement(self, statement: str) -> None:
        """Follow the driver: transactions that write, their commits, and what is read outside of them."""
        word = statement[:20].upper()
        if word.startswith("BEGIN IMMEDIATE"):
            self._in_transaction = True
        elif word.startswith("ROLLBACK"):
            self._in_transaction = False
        if word.startswith("COMMIT"):
            if self._in_transaction:
                self.mark("committing")
            self._in_transaction = False
        elif self._in_transaction:
            self.mark(self._look.writing)
        else:
            if not self._look.lasting:
                self._lasting = BUSY
            self.mark(self._lasting)

    def on_audit(self, event: str, given: tuple[Any, ...]) -> None:
        """Follow Python: files opened, renamed and removed, requests sent."""
        if not self._awake or self._in_transaction:
            return
        told = event
        if event in {"open", "os.rename", "os.remove", "os.mkdir", "shutil.rmtree"}:
            told = f"{event} {' '.join(str(one) for one in given[:2])}"
        for part, stage in self._look.events.items():
            if part in told:
                self._lasting = stage
                self.mark(stage)
                return

    def fail(self, text: str) -> None:
        """Say what went wrong."""
        self._pipe.send(("failed", text))


def live(work: Work, folder: Path, pipe: Connection, board: Path, aim: Aim | None) -> None:
    """Run a child from beginning to end; the parent may end it at any moment."""
    tell = Teller(pipe, board, work.look, aim)
    follow(tell)
    try:
        work.work(folder, tell)
    except BaseException:
        tell.fail(traceback.format_exc())
        raise


def follow(tell: Teller) -> None:
    """Watch this process from now on; it cannot be taken back, so only a process that ends soon may be asked."""
    connect: Callable[..., Any] = driver.connect

    def traced(*given: Any, **named: Any) -> Any:
        connection = connect(*given, **named)
        connection.set_trace_callback(tell.on_statement)
        return connection

    driver.connect = traced
    sys.addaudithook(tell.on_audit)
