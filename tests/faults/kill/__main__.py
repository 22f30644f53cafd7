"""Long run: ``python -m tests.faults.kill [OPERATION]`` kills each act in every stage and prints where."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.kill.operations import OPERATIONS, bench
from tests.faults.kill.parent import HEAD, OPEN_SHARE, Killer, open_share

LEAST, PER_STAGE = 30, 10


def main(arguments: list[str] | None = None) -> int:
    """Kill and judge; return 1 where the run has not tried what it says."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.kill")
    parser.add_argument("operation", nargs="?", choices=OPERATIONS)
    parser.add_argument("--per-stage", type=int, default=PER_STAGE)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    names = [options.operation] if options.operation else OPERATIONS
    lacking: list[str] = []
    print(HEAD, flush=True)
    with tempfile.TemporaryDirectory(prefix="kill-") as scratch, bench(Path(scratch)) as made:
        for name in names:
            started = time.perf_counter()
            tally = Killer(made.make(name), Path(scratch), options.seed).run(options.per_stage)
            print("\n".join(tally.lines()))
            seconds = time.perf_counter() - started
            print(
                f"{'':18}{tally.kills} kills, {tally.late} too late, all judged, {seconds:.0f} s", flush=True
            )
            lacking += tally.lacking(LEAST, PER_STAGE)
            if open_share([tally]) < OPEN_SHARE:
                lacking.append(f"{name}: too few kills hit an open act")
    for line in lacking:
        print(line, file=sys.stderr)
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
