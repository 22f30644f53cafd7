"""Empty each function of each rule in turn: a case of the rule must fail, else it proves nothing of that function.

``python -m tests.faults.rules [R07 …]``; prints a table, exit status 1 where all cases pass without a function.
"""

from __future__ import annotations

import os
import subprocess
import sys

from tests.e2e.rules.traceability import traced
from tests.faults.empty_rule import VARIABLE
from tests.source_tree import ROOT

TESTS_FAILED = 1


def fails_without(rule: str, function: str, cases: tuple[str, ...]) -> bool:
    """Run the cases of a rule with one of its functions emptied; tell whether one of them fails."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-p", "tests.faults.empty_rule", *cases]
    environment = os.environ | {VARIABLE: f"{rule} {function}"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    return done.returncode == TESTS_FAILED


def main(wanted: list[str]) -> int:
    """Try every function of every rule; return the exit status."""
    proven, lacking = 0, []
    for one in traced():
        for function in one.functions if not wanted or one.rule in wanted else ():
            held = bool(one.cases) and fails_without(one.rule, function, one.cases)
            proven += held
            if not held:
                lacking.append(f"{one.rule} {function}")
            print(f"{one.rule}  {function:40}  {'fails when emptied' if held else 'NOT PROVEN'}", flush=True)
    print(f"{proven} functions proven, not proven: {', '.join(lacking) or 'none'}")
    return int(bool(lacking) or not proven)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
