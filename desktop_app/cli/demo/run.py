"""The demo as one call: live through the weeks, write papers and pictures, check everything, say what came out."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import resources
from desktop_app.cli.demo import checks, colleague, paper_checks, turns, year
from desktop_app.cli.demo.driver import Client, DemoClock, DemoError, Main, Platform, expect
from desktop_app.cli.demo.facts import CLASSES
from desktop_app.cli.demo.office import ADMIN, OFFICE, PASSWORDS, TEACHER, Office
from desktop_app.cli.demo.pictures import Pictures
from desktop_app.cli.demo.story import live

PDF_PAPERS = (
    "opening",
    "roster",
    "timetable",
    "sign-in",
    "attendance",
    "scores",
    "certificates",
    "completion",
)
EXCEL_PAPERS = tuple(paper_checks.CHECKS)
CODES = (*(facts.code for facts in CLASSES), turns.CODE)
DAY_PAGES = "dashboard,class-attendance"


def main(run_client: Main, argv: Sequence[str]) -> int:
    """Run the demo and return the exit status: 0 when everything is as it must be."""
    parser = argparse.ArgumentParser(prog="demo")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--no-window", action="store_true")
    arguments = parser.parse_args(argv)
    started = time.monotonic()
    out = arguments.out.resolve()
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="training-demo-") as folder:
        office = _prepare(run_client, Path(folder), out / "papers")
        pictures = Pictures(office, out / "screens", Path(folder) / "seen")
        try:
            live(
                office,
                lambda day: pictures.take(day, (OFFICE,), DAY_PAGES),
                lambda day: pictures.take(day, (OFFICE, ADMIN, TEACHER)),
            )
            colleague.work_apart(office, colleague.join(office))
            write_papers(office)
            office.summary["pictures"] = pictures.finish()
            entries = checks.journal(office.admin)
            checks.same_as_platform(office)
            _summary(office, out, entries, time.monotonic() - started)
            if not arguments.no_window and _has_display():
                _open_window(office)
        except DemoError as error:
            sys.stderr.write(f"{error}\n")
            return 1
        finally:
            pictures.stop()
            office.platform.stop()
    return 0


def _prepare(run_client: Main, folder: Path, papers: Path) -> Office:
    clock = DemoClock(folder / "clock.txt")
    admin = Client(run_client, folder / "profile", ADMIN, PASSWORDS[ADMIN])
    return Office(admin, clock, Platform(folder), folder, papers, _say)


def write_papers(office: Office) -> None:
    """Write every paper of each class as PDF, lists and grids as Excel too; read those back: every total agrees."""
    count = 0
    for code in CODES:
        for kinds, ending in ((PDF_PAPERS, "pdf"), (EXCEL_PAPERS, "xlsx")):
            for kind in kinds:
                title = resources.text(f"papers.title.{kind}")
                file = office.papers / f"{code}-{title}.{ending}"
                file.parent.mkdir(exist_ok=True)
                office.office.run("paper", kind, "--class", code, "--out", str(file))
                expect(file.exists(), True, file.name)
                if ending == "xlsx":
                    paper_checks.agree(office.office, kind, code, file)
                count += 1
        file = office.papers / f"{code}-{resources.text('archive.title')}.pdf"
        archive = office.office.run("archive", "--class", code, "--out", str(file))
        expect(len(archive["papers"]) >= len(PDF_PAPERS), True, file.name)
        count += 1
    office.summary["papers"] = count + office.summary["year_papers"]


def _summary(office: Office, out: Path, entries: int, seconds: float) -> None:
    people = sum(facts.people for facts in CLASSES) + len(turns.PEOPLE) + 1
    marks = sum(facts.attended for facts in CLASSES) + office.summary["attended"]
    passed = sum(facts.passed for facts in CLASSES) + turns.RESIT_PASSED + len(year.PASSED)
    _say(
        "demo.summary",
        classes=len(CODES),
        people=people,
        marks=marks,
        passed=passed,
        entries=entries,
        papers=office.summary["papers"],
        papers_folder=office.papers,
        pictures=office.summary["pictures"],
        pictures_folder=out / "screens",
        seconds=f"{seconds:.0f}",
    )


def _open_window(office: Office) -> None:
    _say("demo.window", login=OFFICE, password=PASSWORDS[OFFICE])
    subprocess.run([sys.executable, "-m", "desktop_app", "--profile", str(office.admin.profile)], check=False)


def _has_display() -> bool:
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _say(key: str, /, **params: object) -> None:
    sys.stdout.write(resources.text(key, "zh", **params) + "\n")
    sys.stdout.flush()
