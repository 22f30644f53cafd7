"""Run one benchmark: ``python -m tests.benchmarks NAME``; exit status 1 where a limit is missed."""

from __future__ import annotations

import importlib
import sys
import traceback
from pathlib import Path

from tests.benchmarks.measuring import PreconditionMissing, Report

RESULTS = Path(__file__).resolve().parents[2] / "build" / "bench"


def names() -> list[str]:
    """Return the benchmarks there are, by name."""
    return sorted(file.stem.removeprefix("bench_") for file in Path(__file__).parent.glob("bench_*.py"))


def main(arguments: list[str]) -> int:
    """Run the benchmark that the command line names."""
    if len(arguments) != 1 or arguments[0] not in names():
        sys.exit(f"usage: python -m tests.benchmarks {'|'.join(names())}")
    report = Report(arguments[0])
    failed = False
    try:
        importlib.import_module(f"tests.benchmarks.bench_{report.name}").run(report)
    except PreconditionMissing as missing:
        failed = True
        report.note(f"FAILED: this is missing: {missing}")
    except Exception as error:  # noqa: BLE001 - what was measured so far is still worth printing
        failed = True
        traceback.print_exception(error)
        report.note(f"FAILED: {type(error).__name__}")
    file = report.write(RESULTS)
    print(f"\n{report.table()}\n  written to {file.relative_to(RESULTS.parents[1])}", flush=True)
    return int(failed or not report.holds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
