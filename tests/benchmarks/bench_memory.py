"""What the window takes of memory: the stress store open, every page visited, light and dark, without a screen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.measuring import Report, require
from tests.benchmarks.stores import stress_copy
from tests.factories.stress.making import ADMIN, OFFICE
from tests.source_tree import ROOT

LIMIT_MIB = 250


def run(report: Report) -> None:
    """Visit every page as the office and as the administrator, in a process that does nothing else."""
    for login in (OFFICE, ADMIN):
        with stress_copy() as folder:
            told = _visit(folder, login)
            pictures = list((folder / "pictures").glob("*.png"))
        require(len(pictures) == told["pictures"] > 0, "pictures of every page")
        report.note(f"{login}: {told['pictures']} pictures of pages drawn")
        report.figure(f"resident before the window, {login}", told["before"], "MiB")
        report.figure(f"resident, every page visited, {login}", told["after"], "MiB")
        report.figure(f"resident at the highest, {login}", told["highest"], "MiB", at_most=LIMIT_MIB)


def _visit(folder: Path, login: str) -> dict[str, float]:
    """Run ``visiting`` on a copy of the store; return what it tells."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "tests.benchmarks.visiting", str(folder), login]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    require(done.returncode == 0, f"a window that visits every page: {done.stderr[-2000:]}")
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told
