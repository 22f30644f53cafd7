"""Foreign forms drawn anew by LibreOffice: found, filled in place, read back, nothing else in them changed.

``python -m tests.faults.forms [--count 40] [--seed N]`` prints what came of them; exit status 1 where one failed, or
where LibreOffice is not installed.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.excel.form_checks import check_filled, check_found, check_read_back
from tests.factories.foreign_forms import Layout, layout, save_with_libreoffice

CHECKS: tuple[Callable[[Layout, Path, Path], None], ...] = (
    lambda form, path, _target: check_found(form, path),
    check_filled,
    check_read_back,
)


def main(arguments: list[str] | None = None) -> int:
    """Draw and check; return 1 where one failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.forms")
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--seed", type=int, default=9)
    options = parser.parse_args(arguments)
    seeds = random.Random(options.seed).sample(range(1000, 1_000_000), options.count)
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for seed, path in zip(seeds, save_with_libreoffice(seeds, folder), strict=True):
            try:
                for check in CHECKS:
                    check(layout(seed), path, folder / "filled.xlsx")
            except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
                failed += 1
                print(f"seed {seed}: {type(error).__name__}: {str(error)[:200]}", file=sys.stderr)
    print(f"{len(seeds)} forms drawn by LibreOffice, failed: {failed}")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
