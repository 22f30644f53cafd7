"""The process that kills: it lets a child work, ends it at a chosen instant, and judges what is left."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Protocol

from tests.faults.kill.child import BOARD_BYTES, IDLE, Aim, Work, live

PATIENCE_SECONDS = 120.0
OPEN_SHARE = 0.8


class Operation(Work, Protocol):
    """One act that is killed: what lies there before, what the child does, and what must hold afterwards."""

    name: str
    stages: tuple[str, ...]

    def lay_out(self, folder: Path) -> None:
        """Put the profile of one attempt into a folder that is not there yet."""

    def judge(self, folder: Path, begun: int, acknowledged: list[Any]) -> None:
        """Start anew on what the dead process left; AssertionError where something does not hold."""


@dataclass
class Tally:
    """Kills of one operation: by stage and way, outside of any act, and attempts that came too late."""

    operation: str
    stages: tuple[str, ...]
    hits: Counter[tuple[str, str]] = field(default_factory=Counter)
    late: int = 0

    @property
    def kills(self) -> int:
        return self.hits.total()

    def at(self, stage: str) -> int:
        """Return the kills in one stage."""
        return sum(count for (found, _), count in self.hits.items() if found == stage)

    def lacking(self, least: int, per_stage: int) -> list[str]:
        """Say what this run has not tried enough."""
        found = [
            f"{self.operation}: {self.at(stage)} kills in stage {stage}, {per_stage} wanted"
            for stage in self.stages
            if self.at(stage) < per_stage
        ]
        if self.kills < least:
            found.append(f"{self.operation}: {self.kills} kills, {least} wanted")
        return found

    def lines(self) -> Iterator[str]:
        """Yield the rows of the table."""
        seen = [*self.stages, *sorted({stage for stage, _ in self.hits} - {*self.stages, IDLE}), IDLE]
        for place, stage in enumerate(seen):
            ways = [self.hits[stage, way] for way in WAYS]
            head = f"{self.operation:10}{open_share([self]):>6.0%}" if place == 0 else " " * 16
            yield f"{head}  {stage:12}" + "".join(f"{count:>9}" for count in [sum(ways), *ways])


def open_share(tallies: Iterable[Tally]) -> float:
    """Return the share of kills that hit an open act."""
    found = list(tallies)
    return 1 - sum(tally.at(IDLE) for tally in found) / sum(tally.kills for tally in found)


WAYS = ("in time", "at mark", "past mark")
HEAD = f"{'':10}{'open':>6}  {'stage':12}" + "".join(f"{word:>9}" for word in ("kills", *WAYS))


@dataclass(frozen=True)
class Probe:
    """An undisturbed run: marks by stage, and the seconds it took from its first act."""

    marks: dict[str, int]
    seconds: float


@dataclass
class _Attempt:
    """One child: what it said, and where it was when it ended."""

    begun: int = 0
    acknowledged: list[Any] = field(default_factory=list)
    marks: dict[str, int] | None = None
    stage: str = IDLE
    way: str = ""

    def take(self, word: str, value: Any) -> None:
        if word == "begun":
            self.begun += 1
        elif word == "acknowledged":
            self.acknowledged.append(value)
        elif word == "done":
            self.marks = value
        elif word == "failed":
            raise AssertionError(value)


def context() -> Any:
    """Return how children are made: forked from a clean process that has loaded the product, where that exists."""
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(["tests.faults.kill.operations"])
    return made


class Killer:
    """Kills children of one operation; ``scratch`` is a folder of its own."""

    def __init__(self, operation: Operation, scratch: Path, seed: int) -> None:
        self.operation = operation
        self.tally = Tally(operation.name, operation.stages)
        self._scratch = scratch
        self._choose = random.Random(f"{operation.name} {seed}")
        self._context = context()
        self._number = 0

    def run(self, per_stage: int, instants: int | None = None) -> Tally:
        """Kill at marks and shortly past them in every stage, and at instants chosen by the clock alone.

        ``instants``: how many of these; as many as of the others where it is None.
        """
        probe = self._probe()
        past = per_stage // 3
        for stage in self.operation.stages:
            assert probe.marks.get(stage), f"{self.operation.name} never came to stage {stage}: {probe.marks}"
            for turn in range(per_stage + past):
                number = self._choose.randint(1, probe.marks[stage])
                self._strike(probe, Aim(stage, number, still=turn < per_stage))
        wanted = self.tally.kills + (self.tally.kills if instants is None else instants)
        for _ in range(3 * wanted):
            if self.tally.kills >= wanted:
                break
            late = self.tally.late
            self._strike(probe, None)
            if self.tally.late > late:  # the first run was slower than those after it
                probe = Probe(probe.marks, 0.95 * probe.seconds)
        return self.tally

    def _probe(self) -> Probe:
        with self._child(None) as (folder, process, pipe, _):
            attempt = _Attempt()
            started = self._await(pipe, attempt, "begun")
            ended = self._await(pipe, attempt, "done")
            process.join(PATIENCE_SECONDS)
            assert attempt.marks is not None
            self.operation.judge(folder, attempt.begun, attempt.acknowledged)
            return Probe(attempt.marks, ended - started)

    def _strike(self, probe: Probe, aim: Aim | None) -> None:
        """Kill one child; where it had ended before, count that apart."""
        attempt = _Attempt()
        with self._child(aim) as (folder, process, pipe, board):
            self._await(pipe, attempt, "begun" if aim is None else "here")
            if aim is None:
                attempt.way = WAYS[0]
                time.sleep(self._choose.uniform(0, probe.seconds))
            elif aim.still:
                attempt.way = WAYS[1]
            else:
                attempt.way = WAYS[2]
                time.sleep(self._choose.uniform(0, 0.003))
            if process.pid is not None and attempt.marks is None:
                with suppress(ProcessLookupError):
                    os.kill(process.pid, signal.SIGKILL)
            self._drain(pipe, attempt)
            process.join(PATIENCE_SECONDS)
            if attempt.marks is None:
                assert process.exitcode == -signal.SIGKILL, process.exitcode
                attempt.stage = board.read_bytes().rstrip(b"\0").decode("ascii")
                if attempt.begun == len(attempt.acknowledged):
                    attempt.stage = IDLE
                self.tally.hits[attempt.stage, attempt.way] += 1
            else:
                self.tally.late += 1
            self._judge(folder, attempt, aim)

    def _judge(self, folder: Path, attempt: _Attempt, aim: Aim | None) -> None:
        try:
            self.operation.judge(folder, attempt.begun, attempt.acknowledged)
        except BaseException as error:
            said = f"{self.operation.name}, killed {attempt.way} in {attempt.stage} ({aim}), after "
            error.add_note(said + f"{len(attempt.acknowledged)} of {attempt.begun} acknowledged, in {folder}")
            raise

    @contextmanager
    def _child(self, aim: Aim | None) -> Iterator[tuple[Path, BaseProcess, Connection, Path]]:
        """Start a child on a fresh profile; the folder is kept where something did not hold."""
        self._number += 1
        folder = self._scratch / f"{self.operation.name}-{self._number}"
        self.operation.lay_out(folder)
        board = self._scratch / "board"
        board.write_bytes(bytes(BOARD_BYTES))
        ours, theirs = self._context.Pipe(duplex=False)
        process = self._context.Process(target=live, args=(self.operation, folder, theirs, board, aim))
        process.start()
        theirs.close()
        try:
            yield folder, process, ours, board
        finally:
            process.kill()
            process.join(PATIENCE_SECONDS)
            process.close()
            ours.close()
        shutil.rmtree(folder)

    @staticmethod
    def _await(pipe: Connection, attempt: _Attempt, word: str) -> float:
        """Listen until a word is said, or the child has done all it had to do; return when."""
        while pipe.poll(PATIENCE_SECONDS):
            said, value = pipe.recv()
            attempt.take(said, value)
            if said in {word, "done"}:
                return time.perf_counter()
        raise AssertionError(f"a child did not come to {word}")

    @staticmethod
    def _drain(pipe: Connection, attempt: _Attempt) -> None:
        """Hear what a dead child has said; a message that it had only begun does not count."""
        with suppress(EOFError, OSError):
            while pipe.poll(PATIENCE_SECONDS):
                attempt.take(*pipe.recv())
