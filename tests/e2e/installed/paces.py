"""One class from its workbooks to the platform, a paper and a picture: by the built program alone."""

from __future__ import annotations

import json
import re
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image, ImageChops

from tests.e2e.installed.program import ROOT, Login, Place, Platform, Program, expect, run

ADMIN, PASSWORD = "guanli", "Jiangcheng#2020"
OFFICE, OFFICE_PASSWORD = "peixunban", "Wuhan-2020-ban"
CLASS, SUFFIX, PROJECT = "电工2020-02班", "社会重点群体-电工", "HB2020-S-0042"
PEOPLE, SESSIONS, ATTENDED = 50, 15, 713
STARTS = 5


@dataclass
class Paces:
    """What stands ready, and what came out: seconds by step, in the order in which they were taken."""

    program: Program
    place: Place
    platform: Platform
    folder: Path
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def admin(self) -> Login:
        """Return the first administrator."""
        return Login(self.program, ADMIN, PASSWORD)

    @property
    def office(self) -> Login:
        """Return 培训办."""
        return Login(self.program, OFFICE, OFFICE_PASSWORD)

    def go(self) -> None:
        """Take every step; Failed at the first that is not as it must be."""
        self._timed("--version", self.say_version)
        self.place.set_clock("2020-11-02T08:00:00")
        self._timed("init --demo", self.first_run)
        seed = self._resource("platform.json")
        self.platform.act("seed", str(seed))
        with self.platform.serving() as url:
            self._timed("platform join, pull", lambda: self.join(url))
            self._timed("import timetable, roster", self.take_in_class)
            self._timed("paper roster", self.print_roster)
            self._timed("batch seal, push", self.report)
            self.place.set_clock("2020-12-03T08:00:00")
            self._timed("import attendance", self.take_in_attendance)
        self._timed("verify", self.check_journal)
        self._timed("screenshots", self.draw)

    def _timed(self, name: str, step: Any) -> None:
        started = time.perf_counter()
        step()
        self.seconds[name] = time.perf_counter() - started

    def _resource(self, name: str) -> Path:
        return self.program.resources / "demo" / name

    def say_version(self) -> None:
        """The version and the commit of the build, and the same as its file says."""
        told = self.program.run("--version")
        build = json.loads((self.program.resources / "build.json").read_text(encoding="utf-8"))
        more = " with changes that are in no commit" if build["changed"] == "yes" else ""
        wanted = f"training-client {build['version']} ({build['commit'][:10]}{more})"
        expect(told.stdout.strip(), wanted, "--version")
        expect(bool(re.fullmatch(r"[0-9a-f]{40,64}", build["commit"])), True, "a commit in build.json")

    def first_run(self) -> None:
        """An institution, its first administrator and an office user, in a home that was empty."""
        institution = json.loads(self._resource("platform.json").read_text(encoding="utf-8"))["institutions"][
            0
        ]
        options = [
            part for name in ("name", "uscc", "region", "kind") for part in (f"--{name}", institution[name])
        ]
        options[0] = "--institution"
        answer = self.admin.act("init", *options, "--demo", new_password=PASSWORD)
        expect(bool(answer["recovery_code"]), True, "a recovery code")
        user = ("user", "add", OFFICE, "--display", "李敏", "--roles", "office")
        self.admin.act(*user, new_password=OFFICE_PASSWORD)

    def join(self, url: str) -> None:
        """Register at the platform with a one-time code and pull its catalogue."""
        uscc = json.loads(self._resource("platform.json").read_text(encoding="utf-8"))["institutions"][0][
            "uscc"
        ]
        code = self.platform.act("device", "code", "--uscc", uscc)["code"]
        self.admin.act("platform", "join", "--url", url, "--code", code)
        self.admin.act("pull")

    def take_in_class(self) -> None:
        """A class of one pulled project; its timetable and its roster from the package's own workbooks."""
        self.office.act("class", "create", "--code", CLASS, "--project", PROJECT, "--adviser", OFFICE)
        for kind, file, rows in (("timetable", "课程表", SESSIONS), ("roster", "花名册", PEOPLE)):
            done = self.office.act(
                "import", kind, str(self._resource(f"{file}-{SUFFIX}.xlsx")), "--class", CLASS
            )
            expect((done["rows"], done["new"], done["bad"]), (rows, rows, 0), file)

    def print_roster(self) -> None:
        """花名册 as PDF, read back by another library."""
        file = self.folder / "roster.pdf"
        self.office.act("paper", "roster", "--class", CLASS, "--out", str(file))
        with pypdfium2.PdfDocument(file) as document:
            text = document[0].get_textpage().get_text_range()
        expect([word for word in (CLASS, "花名册") if word not in text], [], "words lacking on the paper")

    def report(self) -> None:
        """The roster sealed and pushed: all records accepted."""
        sealed = self.admin.act("batch", "seal", "--kind", "roster")
        pushed = self.admin.act("batch", "push")
        told = (pushed["sent"], pushed["accepted"], pushed["rejected"])
        expect(told, (sealed["records"], sealed["records"], 0), "records accepted")
        expect(sealed["records"] >= PEOPLE, True, "records of the roster")

    def take_in_attendance(self) -> None:
        """Attendance after the last session, as many marks as the workbook has."""
        file = self._resource(f"考勤表-{SUFFIX}.xlsx")
        done = self.office.act("import", "attendance", str(file), "--class", CLASS, "--same-names", "number")
        expect(done["bad"], 0, "bad rows of attendance")
        rows = self.office.act("list", "attendance", "--class", CLASS)["items"]
        expect(sum(row["attended_sessions"] for row in rows), ATTENDED, "attended marks")

    def check_journal(self) -> None:
        """The journal holds."""
        answer = self.admin.act("verify")
        expect((answer["ok"], answer["problems"]), (True, []), "verify")

    def draw(self) -> None:
        """The window, offscreen; it is looked at: Chinese and icons come out as the source tree draws them."""
        built, source = self.folder / "built", self.folder / "source"
        options = ("--user", OFFICE, "screenshots")
        copy = self.place.copy_of_home(self.folder / "home-of-source")
        line = [sys.executable, "-m", "desktop_app", *options, str(source), "--pages", "dashboard"]
        with ThreadPoolExecutor(1) as beside:  # on a copy of the profile: only one program may have it
            drawn = beside.submit(
                run, line, {**self.place.environment(), **copy, **self.office.environment()}, ROOT
            )
            done = self.program.run(*options, str(built), "--pages", "dashboard", **self.office.environment())
            expect((done.returncode, done.stderr), (0, ""), "screenshots")
            expect(drawn.result().returncode, 0, "screenshots from the source tree")
        names = sorted(file.name for file in built.glob("*.png"))
        expect(
            (len(names) >= 1, names), (True, sorted(file.name for file in source.glob("*.png"))), "pictures"
        )
        for name in names:
            look_at(built / name, source / name)

    def starts(self) -> list[float]:
        """Return the seconds that ``--version`` took, several times."""
        taken = []
        for _ in range(STARTS):
            started = time.perf_counter()
            self.program.run("--version")
            taken.append(time.perf_counter() - started)
        return taken


def look_at(picture: Path, wanted: Path) -> None:
    """Fail where a picture is blank, or differs from the one wanted in more than 1 ‰ of its pixels."""
    with Image.open(picture) as one, Image.open(wanted) as other:
        found, model = one.convert("RGB"), other.convert("RGB")
    expect(found.size, model.size, f"size of {picture.name}")
    colours = found.getcolors(found.width * found.height) or []
    expect((found.width >= 800, len(colours) >= 50), (True, True), f"{picture.name} is no blank picture")
    apart = ImageChops.difference(found, model).convert("L").point(lambda value: 255 * (value > 8))
    share = apart.histogram()[255] / (found.width * found.height)
    expect(share <= 0.001, True, f"{picture.name} differs in {share:.2%} of its pixels; drawn alike")


def median_and_least(seconds: list[float]) -> tuple[float, float]:
    """Return the median and the least of some times."""
    return statistics.median(seconds), min(seconds)
