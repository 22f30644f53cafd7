"""Long run: ``python -m tests.faults.sharing [examples|lines|workstation|relay]``, or ``dev.py faults sharing``.

2,000 generated scenarios; 1,000 faults of the line; the workstation killed before and after each step and at 300
instants; the relay killed before and after each commit and at 300 instants.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.faults.kill.parent import HEAD, OPEN_SHARE, Killer, Tally, open_share
from tests.faults.kill.reporting_acts import Province, province
from tests.faults.sharing import examples
from tests.faults.sharing.acts import STAGES, SharingAct, lay_ground
from tests.faults.sharing.lines import faulty_sharing
from tests.faults.sharing.relay_kills import RelayKiller

EXAMPLES, FAULTS, INSTANTS, PER_STAGE, EACH = 2000, 1000, 300, 10, 20


def try_examples(count: int, seed: int) -> list[str]:
    """Run generated scenarios; print what they held; return what was tried too little."""
    tally = examples.run_many(
        count, seed, lambda tally: print(f"{tally.examples} examples hold", file=sys.stderr, flush=True)
    )
    print(tally.table(), flush=True)
    return examples.lacking(tally)


def fail_lines(scratch: Path, seed: int, faults: int, each: int) -> list[str]:
    """Share over a faulty line; print what befell it; return what was tried too little."""
    with faulty_sharing(scratch, seed) as sharing:
        outcome = sharing.run(faults)
        print("\n".join(sharing.line.table()))
        lacking = sharing.line.lacking(each)
    seen = ", ".join(f"{code} {count}" for code, count in sorted(outcome.errors.items()))
    print(
        f"{sharing.line.faults} faults in {outcome.rounds} rounds of {outcome.entries} entries, each once on the relay;"
        f" {outcome.tries} exchanges, of which told: {seen}",
        flush=True,
    )
    return lacking


def kill_workstation(
    scratch: Path,
    there: Province,
    seed: int,
    per_stage: int,
    instants: int,
    stages: tuple[str, ...] = STAGES,
) -> list[str]:
    """Kill a workstation that marks and shares."""
    people = lay_ground(scratch / "template", there)
    act = SharingAct(scratch / "template", people, there, stages=stages)
    with act.counted():
        tally = Killer(act, scratch, seed).run(per_stage, instants)
    return _told(tally, act.again, per_stage, instants)


def kill_relay(scratch: Path, there: Province, seed: int, per_stage: int, instants: int) -> list[str]:
    """Kill relays that pages come to and are fetched from."""
    people = lay_ground(scratch / "template", there)
    killer = RelayKiller(scratch / "template", people, scratch, seed)
    return _told(killer.run(per_stage, instants), killer.again, per_stage, instants)


def _told(tally: Tally, again: Counter[int], per_stage: int, instants: int) -> list[str]:
    print("\n".join(tally.lines()))
    print(f"{'':18}{tally.kills} kills, {tally.late} too late, all judged;", end=" ")
    print(f"no page was sent again after {again[0]}, one after {again[1]}, more after none", flush=True)
    lacking = tally.lacking(per_stage * len(tally.stages) + instants, per_stage)
    if open_share([tally]) < OPEN_SHARE:
        lacking.append(f"{tally.operation}: too few kills hit an open act")
    return lacking


def main(arguments: list[str] | None = None) -> int:
    """Run everything, or one part; return 1 where the run has not tried what it says."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.sharing")
    parser.add_argument("part", nargs="?", choices=["examples", "lines", "workstation", "relay"])
    parser.add_argument("--examples", type=int, default=EXAMPLES)
    parser.add_argument("--faults", type=int, default=FAULTS)
    parser.add_argument("--instants", type=int, default=INSTANTS)
    parser.add_argument("--per-stage", type=int, default=PER_STAGE)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    kills = (options.seed, options.per_stage, options.instants)
    lacking: list[str] = []
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="sharing-", dir=memory if memory.is_dir() else None) as name:
        scratch = Path(name)
        for part in ("workstation", "relay"):
            (scratch / part).mkdir()
        with province(scratch) as there:
            parts: dict[str, Callable[[], list[str]]] = {
                "examples": lambda: try_examples(options.examples, options.seed),
                "lines": lambda: fail_lines(
                    scratch / "lines", options.seed, options.faults, min(EACH, options.faults // 30)
                ),
                "workstation": lambda: kill_workstation(scratch / "workstation", there, *kills),
                "relay": lambda: kill_relay(scratch / "relay", there, *kills),
            }
            for part in [options.part] if options.part else parts:
                print(HEAD if part in {"workstation", "relay"} else "", flush=True)
                started = time.perf_counter()
                lacking += parts[part]()
                print(f"{part}: {time.perf_counter() - started:.0f} s\n", flush=True)
    for line in lacking:
        print(line, file=sys.stderr)
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
