"""``python -m tests.factories.stress FOLDER``: make the stress store there and say what it holds and took."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.factories.stress.making import make


def main() -> int:
    """Make the store that the command line asks for."""
    options = argparse.ArgumentParser(prog="dev.py stress", description=__doc__)
    options.add_argument("folder", type=Path, help="an empty folder")
    options.add_argument("--scale", type=float, default=1.0, help="part of the full size")
    options.add_argument("--seed", type=int, default=2020, help="of names, dates and marks")
    asked = options.parse_args()
    if asked.folder.exists() and any(asked.folder.iterdir()):
        sys.exit(f"{asked.folder} is not empty")
    facts = make(asked.folder, asked.scale, asked.seed, lambda text: print(text, flush=True))
    print(facts.to_json())
    whole = facts.seconds + facts.reporting_seconds
    print(
        f"{facts.records:,} records in {facts.entries:,} entries: {facts.seconds / 60:.1f} min"
        f" ({facts.records / facts.seconds:,.0f} records/s), {facts.reports.records:,} reported in"
        f" {facts.reporting_seconds / 60:.1f} min, {whole / 60:.1f} min in all"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
