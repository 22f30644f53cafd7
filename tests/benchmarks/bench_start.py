"""From the start of the process to a login that takes keys, and from the password to 工作台; commands that only read.

Whole processes, in turns with a bare PySide6 window that shows one table. The stress store's slots cost next to
nothing to open, so key derivation is not counted.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.measuring import Report, Taken, in_turns, require
from tests.benchmarks.stores import stress_copy
from tests.factories.stress.making import OFFICE, PASSWORD
from tests.source_tree import ROOT

RUNS = 9
AT_MOST_LOGIN, AT_MOST_DESK = 3, 5
TYPED_SECONDS = 2.0
LONGEST = 120
"""A password of eleven characters, and the look before it."""


def run(report: Report) -> None:
    """Measure starts on a copy of the stress store."""
    with stress_copy() as folder:
        waited: list[float] = []
        at_once: list[float] = []
        taken = in_turns(
            {
                "bare": lambda _n: _run("bare"),
                "login": lambda _n: _run("login", str(folder)),
                "desk": lambda n: _keep(waited, n, _desk(folder, TYPED_SECONDS)),
                "desk at once": lambda n: _keep(at_once, n, _desk(folder, 0)),
                "--version": lambda _n: _command("--version"),
                "list": lambda _n: _command(
                    "--profile", str(folder), "--user", OFFICE, "--json", "list", "projects"
                ),
            },
            RUNS,
        )
    bare = taken["bare"]
    report.slower("start, login takes keys", taken["login"], bare, at_most=AT_MOST_LOGIN)
    report.slower("password entered after 2 s, 工作台", Taken(tuple(waited)), bare, at_most=AT_MOST_DESK)
    report.slower("password entered at the first paint, 工作台", Taken(tuple(at_once)), bare)
    report.slower("training-client --version", taken["--version"], bare)
    report.slower("training-client list projects", taken["list"], bare)


def _keep(found: list[float], n: int, seconds: float) -> None:
    if n >= 0:
        found.append(seconds)


def _desk(folder: Path, wait: float) -> float:
    return float(json.loads(_run("desk", str(folder), OFFICE, f"{wait:g}"))["seconds"])


def _run(*arguments: str) -> str:
    return _process("tests.benchmarks.starting", *arguments)


def _command(*arguments: str) -> str:
    return _process("desktop_app", *arguments)


def _process(module: str, *arguments: str) -> str:
    """Run a process to its end; return what it printed."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "TRAINING_CLIENT_PASSWORD": PASSWORD}
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    require(done.returncode == 0, f"{module} {arguments[0]}: {done.stderr[-1000:]}")
    return done.stdout
