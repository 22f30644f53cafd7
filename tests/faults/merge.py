"""Long run of the merge property: ``python -m tests.faults.merge --examples 3000`` prints what the examples held."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as with_seed

from tests.store.merge_scenarios import Step, plans, run_plan

# Least share of examples in which something must happen, else the run has not tried what it says.
SHARES = {
    "conflict": 0.3,
    "waited": 0.3,
    "restored store file": 0.1,
    "delete against edit": 0.1,
    "hand-made, in force": 0.25,
    "hand-made, refused": 0.1,
}


@dataclass
class Tally:
    """How many examples ran, in how many each thing happened, and how often in all."""

    examples: int = 0
    holding: Counter[str] = field(default_factory=Counter)
    total: Counter[str] = field(default_factory=Counter)

    def add(self, counts: Counter[str]) -> None:
        self.examples += 1
        self.total += counts
        self.holding.update(name for name, count in counts.items() if count)

    def merge(self, other: Tally) -> None:
        self.examples += other.examples
        self.total += other.total
        self.holding += other.holding

    def share(self, name: str) -> float:
        return self.holding[name] / self.examples

    def table(self) -> str:
        lines = [f"{self.examples} examples", f"{'':24}{'examples':>10}{'share':>8}{'in all':>10}"]
        lines += [
            f"{name:24}{self.holding[name]:>10}{self.share(name):>8.0%}{self.total[name]:>10}"
            for name in sorted(self.total)
        ]
        return "\n".join(lines)


def run_examples(count: int, *, seed: int, shrink: bool = True) -> Tally:
    """Run that many generated scenarios; AssertionError with the smallest plan found where one does not hold."""
    tally = Tally()
    phases = (Phase.generate, Phase.shrink) if shrink else (Phase.generate,)

    @with_seed(seed)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )
    @given(plans)
    def scenario(plan: tuple[int, list[int], list[Step], int]) -> None:
        tally.add(run_plan(plan))

    scenario()
    return tally


def _shard(arguments: tuple[int, int]) -> Tally:
    count, number = arguments
    return run_examples(count, seed=number)


def main(arguments: list[str] | None = None) -> int:
    """Run the examples on all processors; return 1 where too few held what they must."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.merge")
    parser.add_argument("--examples", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1000)
    options = parser.parse_args(arguments)
    workers = os.cpu_count() or 1
    tally = Tally()
    with ProcessPoolExecutor(workers) as pool:
        shares = [(options.examples // workers, options.seed + n) for n in range(workers)]
        for part in pool.map(_shard, shares):
            tally.merge(part)
    print(tally.table())
    lacking = [name for name, share in SHARES.items() if tally.share(name) < share]
    for name in lacking:
        print(f"too few examples with: {name}", file=sys.stderr)
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
