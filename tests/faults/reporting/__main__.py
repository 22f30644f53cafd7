"""Long run: ``python -m tests.faults.reporting [lines|workstation|platform|large]``, or ``dev.py faults reporting``.

1,000 faults of the line; the workstation killed before and after each step, and at 300 instants of a push and 300 of a
pull; the platform killed before and after each commit, and at 300 instants; a batch of 200,000 marks.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.faults.kill.operations import Bench, bench
from tests.faults.kill.parent import HEAD, OPEN_SHARE, Killer, Tally, open_share
from tests.faults.kill.reporting_acts import published_desk, sealed_desk
from tests.faults.reporting.large import push_much
from tests.faults.reporting.lines import faulty_reporting
from tests.faults.reporting.platform_kills import PUBLISHED, PlatformKiller
from tests.faults.reporting.workstation_kills import Fetching, Reporting

FAULTS, INSTANTS, PER_STAGE, EACH, MUCH = 1000, 300, 10, 20, 20


def fail_lines(scratch: Path, seed: int, faults: int, each: int) -> list[str]:
    """Report over a faulty line; print what befell it; return what was tried too little."""
    with faulty_reporting(scratch, seed) as reporting:
        outcome = reporting.run(faults)
        print("\n".join(reporting.line.table()))
        seen = ", ".join(f"{code} {count}" for code, count in sorted(outcome.errors.items()))
        print(
            f"{reporting.line.faults} faults in {outcome.rounds} reports of {outcome.records} records and as many"
            f" pulls; {outcome.tries} tries, of which told: {seen}",
            flush=True,
        )
        return reporting.line.lacking(each)


def fail_lines_much(scratch: Path, seed: int) -> list[str]:
    """Push 200,000 marks over a faulty line."""
    line = push_much(scratch, seed)
    print("\n".join(line.table()))
    return [] if line.faults >= MUCH else [f"{line.faults} faults, {MUCH} wanted"]


def kill_workstation(made: Bench, scratch: Path, seed: int, per_stage: int, instants: int) -> list[str]:
    """Kill pushing and pulling workstations."""
    joined = made.joined()
    published = published_desk(joined, scratch / "fetched", made.there)
    acts = (Reporting(joined, made.there), Fetching(published, made.there))
    return _told((Killer(act, scratch, seed).run(per_stage, instants) for act in acts), per_stage, instants)


def kill_platform(made: Bench, scratch: Path, seed: int, per_stage: int, instants: int) -> list[str]:
    """Kill platforms that are pushed to and pulled from."""
    sealed = sealed_desk(made.joined(), scratch / "waiting")
    desk = published_desk(sealed, scratch / "answered", made.there, PUBLISHED)
    killer = PlatformKiller(desk, made.there, scratch, seed)
    return _told([killer.run(per_stage, instants)], per_stage, instants)


def _told(tallies: Iterable[Tally], per_stage: int, instants: int) -> list[str]:
    lacking: list[str] = []
    for tally in tallies:
        print("\n".join(tally.lines()))
        print(f"{'':18}{tally.kills} kills, {tally.late} too late, all judged", flush=True)
        lacking += tally.lacking(per_stage * len(tally.stages) + instants, per_stage)
        if open_share([tally]) < OPEN_SHARE:
            lacking.append(f"{tally.operation}: too few kills hit an open act")
    return lacking


def main(arguments: list[str] | None = None) -> int:
    """Run everything, or one part; return 1 where the run has not tried what it says."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.reporting")
    parser.add_argument("part", nargs="?", choices=["lines", "workstation", "platform", "large"])
    parser.add_argument("--faults", type=int, default=FAULTS)
    parser.add_argument("--instants", type=int, default=INSTANTS)
    parser.add_argument("--per-stage", type=int, default=PER_STAGE)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    kills = (options.seed, options.per_stage, options.instants)
    lacking: list[str] = []
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="reporting-", dir=memory if memory.is_dir() else None) as name:
        scratch = Path(name)
        with bench(scratch) as made:
            parts: dict[str, Callable[[], list[str]]] = {
                "lines": lambda: fail_lines(
                    scratch / "lines", options.seed, options.faults, min(EACH, options.faults // 30)
                ),
                "workstation": lambda: kill_workstation(made, scratch, *kills),
                "platform": lambda: kill_platform(made, scratch, *kills),
                "large": lambda: fail_lines_much(scratch / "large", options.seed),
            }
            for part in [options.part] if options.part else parts:
                print(HEAD if part in {"workstation", "platform"} else "", flush=True)
                started = time.perf_counter()
                lacking += parts[part]()
                print(f"{part}: {time.perf_counter() - started:.0f} s\n", flush=True)
    for line in lacking:
        print(line, file=sys.stderr)
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
