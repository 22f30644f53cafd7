"""What the platform bears: 500 institutions push a month's end to two workers on PostgreSQL on this machine.

PostgreSQL forces each commit to the disk. The institutions are simulated in this process: what
it costs to simulate them is told. Stored grows tenfold between the turns that are compared.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sync.platform.database import open_database
from tests.benchmarks.measuring import Report, Taken, require
from tests.benchmarks.month_end import MonthEnd, Turn
from tests.source_tree import ROOT
from tests.sync.postgres import Cluster

INSTITUTIONS, AT_ONCE, WORKERS = 500, 16, 2
DISK = Path("/var/tmp")
"""Not in memory, so that commits are real, and open to the account that the server runs as."""
TIMES = 10
DEARER = 1.2


def run(report: Report) -> None:
    """Push eleven turns; the second finds one stored, the last finds ten."""
    with Cluster.running(DISK) as cluster:
        database = cluster.url(cluster.create())
        engine = open_database(database)
        month = MonthEnd(engine, INSTITUTIONS, AT_ONCE)
        engine.dispose()
        with _serving(database) as (url, workers):
            server = int((cluster.folder / "data" / "postmaster.pid").read_text(encoding="utf-8").split()[0])
            month.connect(url)
            try:
                spent, turns, costs = time.process_time(), list[Turn](), list[float]()
                for number in range(TIMES + 1):
                    before = _processor_seconds([server, *_children(server), *workers()])
                    turns.append(month.turn(number))
                    after = _processor_seconds([server, *_children(server), *workers()])
                    costs.append((after - before) / turns[-1].records * 1e6)
                spent = time.process_time() - spent
            finally:
                month.close()
            memory = [_highest_mib(worker) for worker in workers()]
    _tell(report, turns, costs, memory, spent)


def _tell(report: Report, turns: list[Turn], costs: list[float], memory: list[float], spent: float) -> None:
    records, seconds = sum(turn.records for turn in turns), sum(turn.seconds for turn in turns)
    report.note(
        f"{INSTITUTIONS} institutions, {AT_ONCE} at once, {len(turns)} turns, {records:,} records;"
        f" simulating them took {spent:.0f} of {seconds:.0f} s of one core"
    )
    report.figure("accepted by all workers", records / seconds, "records/s")
    requests = Taken(tuple(one for turn in turns for one in turn.each))
    report.times(f"a push of {turns[0].records // INSTITUTIONS} records", requests)
    report.figure("a push, p99", requests.quantile(0.99) * 1000, "ms")
    for number, mib in enumerate(memory, 1):
        report.figure(f"worker {number} at its highest", mib, "MiB")
    name = f"a record with {TIMES} × as much stored"
    report.share(f"{name}, by the clock", turns[-1].cost, turns[1].cost, "µs")
    report.share(f"{name}, processor time", costs[-1], costs[1], "µs", at_most=DEARER)


@contextmanager
def _serving(database: str) -> Iterator[tuple[str, Callable[[], list[int]]]]:
    """Serve with two workers; yield the address and what names the workers' processes."""
    command = [sys.executable, "-m", "sync.platform", "--db", database, "--json", "serve"]
    command += ["--port", "0", "--workers", str(WORKERS)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)

    def workers() -> list[int]:
        listed = _children(process.pid)
        require(len(listed) == WORKERS, f"{WORKERS} workers, not {len(listed)}")
        return listed

    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["url"], workers
    finally:
        process.terminate()
        process.communicate()


def _children(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    return [int(one) for one in listed.split()]


def _processor_seconds(processes: list[int]) -> float:
    """Return the processor time that processes, and those of their children that have ended, have taken so far."""
    ticks = 0
    for process in processes:
        told = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
        ticks += sum(map(int, told.rpartition(")")[2].split()[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _highest_mib(process: int) -> float:
    """Return the most memory that a process has held, in MiB."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace").splitlines()
    (found,) = [line for line in lines if line.startswith("VmHWM:")]
    return int(found.split()[1]) / 1024
