"""Empty each rule in turn: its end-to-end case must fail, else the case proves nothing.

``python -m tests.faults.rules [R07 …]``; prints a table, exit status 1 where a case passes without its rule.
"""

from __future__ import annotations

import os
import subprocess
import sys

from tests.e2e.rules.traceability import traced
from tests.source_tree import ROOT

TESTS_FAILED = 1


def fails_without(rule: str, cases: tuple[str, ...]) -> bool:
    """Run the cases of a rule with its functions emptied; tell whether one of them fails."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-p", "tests.faults.empty_rule", *cases]
    environment = os.environ | {"EMPTIED_RULE": rule}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    return done.returncode == TESTS_FAILED


def main(wanted: list[str]) -> int:
    """Try every rule that has a function and a case; return the exit status."""
    proven, lacking = 0, []
    for one in traced():
        if (wanted and one.rule not in wanted) or not one.functions:
            continue
        held = bool(one.cases) and fails_without(one.rule, one.cases)
        proven += held
        if not held:
            lacking.append(one.rule)
        print(
            f"{one.rule}  {'fails when emptied' if held else 'NOT PROVEN'}  {' '.join(one.cases)}", flush=True
        )
    print(f"{proven} rules proven, not proven: {' '.join(lacking) or 'none'}")
    return int(bool(lacking) or not proven)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
