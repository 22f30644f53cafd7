"""Generated scenarios of sharing, many of them, on all processors."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from tests.faults.merge import Tally
from tests.sync.sharing.relay_in_process import RelayInProcess
from tests.sync.sharing.scenarios import Plan, make_plan, run_plan

# Least share of examples in which something must happen, else the run has not tried what it says.
SHARES = {
    "conflict": 0.2,
    "shared by relay": 0.4,
    "shared by folder": 0.4,
    "handed over by file": 0.2,
    "broken off": 0.2,
    "twice": 0.04,
    "damaged": 0.04,
    "cloned": 0.1,
    "restored store file": 0.08,
    "put relay back": 0.04,
    "empty relay": 0.04,
    "lose files": 0.04,
    "half copied": 0.1,
    "waited": 0.01,
}
PART, SEEDS = 20, 1_000_000
LONG, SHORT = (4, 20, 60), (3, 12, 16)
"""Workstations, copies apart, least and most steps: those of the long form are read row by row in the end."""


def run_examples(count: int, *, seed: int, size: tuple[int, int, int] = SHORT) -> Tally:
    """Run that many generated scenarios; AssertionError with the smallest plan found where one does not hold."""
    tally = Tally()
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="sharing-", dir=memory if memory.is_dir() else None))
    relay = RelayInProcess(folder / "relay.db")
    run = partial(run_plan, folder, relay, thorough=size is LONG)
    try:
        for number in range(count):
            plan = make_plan(seed * SEEDS + number, *size)
            try:
                tally.add(run(plan))
            except BaseException as error:
                if isinstance(error, Exception):
                    error.add_note(f"smallest plan found: {smaller(plan, run)}")
                raise
    finally:
        relay.close()
        shutil.rmtree(folder)
    return tally


def smaller(plan: Plan, run: Callable[[Plan], object]) -> Plan:
    """Leave out steps of a plan that does not hold, one after the other, as long as it still does not."""
    count, skews, steps, seed = plan
    for place in reversed(range(len(steps))):
        fewer = (count, skews, [*steps[:place], *steps[place + 1 :]], seed)
        try:
            run(fewer)
        except Exception:  # noqa: BLE001 - whatever does not hold
            steps = fewer[2]
    return count, skews, steps, seed


def _part(given_: tuple[int, int]) -> Tally:
    count, number = given_
    return run_examples(count, seed=number, size=LONG)


def run_many(count: int, seed: int, tell: Callable[[Tally], None]) -> Tally:
    """Run that many long scenarios on all processors; ``tell`` hears of those that have been run so far."""
    tally = Tally()
    parts = [(min(PART, count - done), seed + done // PART) for done in range(0, count, PART)]
    with ProcessPoolExecutor(os.cpu_count() or 1) as pool:
        for part in pool.map(_part, parts):
            tally.merge(part)
            tell(tally)
    return tally


def lacking(tally: Tally, part: float = 1.0) -> list[str]:
    """Say what happened in too few examples; ``part``: of the shares, where there were few."""
    held: Counter[str] = tally.holding
    return [
        f"{name}: in {held[name]} of {tally.examples}"
        for name, share in SHARES.items()
        if held[name] < int(part * share * tally.examples)
    ]
