"""What sharing costs by a relay beside Anki's synchronisation: rows end to end, a thousand changed ones, nothing."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import requests

from desktop_app.domain import records as m
from sync.lines.http_line import HttpLine
from sync.sharing.http_transport import RelayTransport
from tests.benchmarks.measuring import LEAST_RUNS, Report, Taken, require
from tests.benchmarks.peers import anki_peer
from tests.benchmarks.stores import working_folder
from tests.factories.workstations import CLERK, session_fields
from tests.source_tree import ROOT
from tests.sync.sharing.desks import CLASS, KEY, Desk

ROWS = int(os.environ.get("BENCH_SHARING_ROWS", "50000"))
PEOPLE = 50
CHANGED = 1000
_PATIENCE = 60.0
_STATUSES = ("present", "present", "present", "late", "absent", "present", "leave")


@dataclass(slots=True)
class Figures:
    """Seconds of runs, by act, of one way of writing."""

    up: list[float]
    down: list[float]
    busy: list[float]  # seconds that the processor worked for both clients
    changed_up: list[float]
    changed_down: list[float]
    nothing: list[float]
    bytes_a_row: float = 0.0
    idle_bytes: int = 0


def run(report: Report) -> None:
    """Measure commands of a class and marks made singly, with Anki's runs between those of the product."""
    python = anki_peer.environment()
    beside: list[anki_peer.AnkiTaken] = []
    with working_folder() as folder:
        by_class, singly = _written(folder / "class", PEOPLE), _written(folder / "single", 1)
        classes, singles = Figures([], [], [], [], [], []), Figures([], [], [], [], [], [])
        for n in range(LEAST_RUNS):
            _measure(by_class, folder / f"class{n}", classes, PEOPLE)
            _measure(singly, folder / f"single{n}", singles, 1)
            if python is not None:
                (folder / f"anki{n}").mkdir()
                beside.append(anki_peer.measure(python, folder / f"anki{n}", ROWS, CHANGED))
    for name, taken, bytes_a_row, times in (
        ("commands of a class", classes, 30, 3.0),
        ("single marks", singles, 120, 1.0),
    ):
        seconds = Taken(tuple(map(sum, zip(taken.up, taken.down, strict=True)))).median
        report.figure(f"{name}: end to end", ROWS / seconds, "rows/s")
        report.figure(f"{name}: a second of the processor", ROWS / Taken(tuple(taken.busy)).median, "rows/s")
        report.figure(f"{name}: on the wire", taken.bytes_a_row, "bytes a row", at_most=bytes_a_row)
        if beside:
            anki_seconds = Taken(tuple(one.up + one.down for one in beside)).median
            report.share(
                f"{name}: end to end beside Anki",
                ROWS / seconds,
                ROWS / anki_seconds,
                "rows/s",
                at_least=times,
            )
    report.figure("nothing to do", classes.idle_bytes, "bytes both ways", at_most=1023)
    if not beside:
        report.note("Anki cannot be had here: nothing stands beside")
        return
    for name, ours, theirs in (
        (f"{CHANGED} changed rows up", classes.changed_up, [one.changed_up for one in beside]),
        (f"{CHANGED} changed rows down", classes.changed_down, [one.changed_down for one in beside]),
        ("nothing to do", classes.nothing, [one.nothing for one in beside]),
    ):
        report.slower(f"{name} beside Anki", Taken(tuple(ours)), Taken(tuple(theirs)), at_most=1.0)


def _written(folder: Path, at_once: int) -> Path:
    """Return the store of a workstation that has written all rows, so many in a command."""
    folder.mkdir()
    desk = Desk(folder, 0)
    people = desk.open_class(PEOPLE)
    sessions = [b"session %08d" % n for n in range(ROWS // PEOPLE)]
    with desk.workstation.unit_of_work("add_session", CLERK) as work:
        work.put_many(m.SESSION, [(key, session_fields(CLASS)) for key in sessions])
    for n, key in enumerate(sessions):
        _mark(desk, key, people, at_once, n)
    path = desk.path
    desk.close()
    return path


def _mark(desk: Desk, session: bytes, people: list[bytes], at_once: int, shift: int) -> None:
    rows = [
        (session + person, {"status": _STATUSES[(n * 5 + shift) % len(_STATUSES)], "lost_hours": 0})
        for n, person in enumerate(people)
    ]
    for start in range(0, len(rows), at_once):
        desk.clock.forward(seconds=1)
        with desk.workstation.unit_of_work("mark_session", CLERK) as work:
            work.put_many(m.MARK, rows[start : start + at_once])


def _measure(template: Path, folder: Path, taken: Figures, at_once: int) -> None:
    """Let a copy of the writing workstation send to a new relay and a new workstation fetch; then the small acts."""
    for name in ("sender", "taker", "relay"):
        (folder / name).mkdir(parents=True)
    sender, taker = Desk(folder / "sender", 0, template), Desk(folder / "taker", 1)
    with _relay(folder / "relay") as url, _line(sender, url) as out, _line(taker, url) as back:
        sender.clock.forward(days=30)
        taker.clock.moment = sender.clock.moment
        out.admit()
        taker.share(back)
        started, busy = time.perf_counter(), time.process_time()
        sent = sender.share(out)
        middle = time.perf_counter()
        taker.share(back)
        taken.down.append(time.perf_counter() - middle)
        taken.up.append(middle - started)
        taken.busy.append(time.process_time() - busy)
        taken.bytes_a_row = sent.bytes_sent / ROWS
        require(sender.state() == taker.state(), "the same state on both workstations")
        people = [b"trainee %08d" % n for n in range(PEOPLE)]
        for n in range(CHANGED // PEOPLE):
            _mark(sender, b"session %08d" % n, people, at_once, n + 1)
        taken.changed_up.append(_seconds(sender, out))
        taken.changed_down.append(_seconds(taker, back))
        taken.nothing.append(_seconds(sender, out))
        taken.idle_bytes = _bytes_of_nothing(sender, out)
    sender.close()
    taker.close()
    shutil.rmtree(folder)


def _seconds(desk: Desk, line: RelayTransport) -> float:
    started = time.perf_counter()
    desk.share(line)
    return time.perf_counter() - started


def _bytes_of_nothing(desk: Desk, line: RelayTransport) -> int:
    """Return the bytes of bodies and of the answer's head that an exchange moves when there is nothing to do."""
    moved: list[int] = []
    asked = HttpLine.request

    def counted(self: HttpLine, *given: object, **named: object) -> requests.Response:
        response: requests.Response = asked(self, *given, **named)  # type: ignore[arg-type]
        head = sum(len(name) + len(value) + 4 for name, value in response.headers.items())
        moved.append(len(named["data"]) + head + len(response.content))  # type: ignore[arg-type]
        return response

    with patch.object(HttpLine, "request", counted):
        desk.share(line)
    require(len(moved) == 1, f"one request, not {len(moved)}")
    return moved[0]


@contextmanager
def _line(desk: Desk, url: str) -> Iterator[RelayTransport]:
    line = RelayTransport(url, desk.sharing.office(), desk.sharing.device(), lambda: KEY, desk.clock)
    try:
        yield line
    finally:
        line.close()


@contextmanager
def _relay(folder: Path) -> Iterator[str]:
    """Serve a new relay in a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    command = [sys.executable, "-m", "sync.platform", "--db", f"sqlite:///{folder / 'relay.db'}"]
    server = subprocess.Popen(
        [*command, "serve", "--relay-only", "--port", str(port)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + _PATIENCE
        while True:
            try:
                requests.get(f"{url}/v1/health", timeout=1)
                break
            except requests.exceptions.RequestException:
                require(time.monotonic() < end and server.poll() is None, "a relay that answers")
                time.sleep(0.05)
        yield url
    finally:
        server.terminate()
        server.wait()
