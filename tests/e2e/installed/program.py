"""The built program in a place of its own, and the department's platform from the source tree."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
NAME = "training-client"
LONGEST = 180


class Failed(Exception):
    """Something is not as it must be; the text says what."""


def expect(found: object, wanted: object, what: str) -> None:
    """Raise Failed where two things differ."""
    if found != wanted:
        raise Failed(f"{what}: {found!r}, expected {wanted!r}")


def json_of(done: subprocess.CompletedProcess[str], what: str) -> Any:
    """Return the JSON that a command printed; Failed where it was refused or printed anything else."""
    try:
        answer = json.loads(done.stdout)
    except ValueError as error:
        raise Failed(f"{what}: {(done.stdout + done.stderr).strip()[-600:]}") from error
    if done.returncode != 0:
        raise Failed(f"{what}: {answer} {done.stderr.strip()[-600:]}")
    return answer


class Place:
    """A folder with an empty home, where nothing of the source tree is and nothing leads to it."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.cwd = folder / "elsewhere"
        self._clock = folder / "clock.txt"
        for one in (self.home, self.cwd):
            one.mkdir()

    def set_clock(self, moment: str) -> None:
        """Set the one clock of program and platform, e.g. ``2020-11-02T08:00:00``."""
        self._clock.write_text(moment, encoding="ascii")

    def copy_of_home(self, folder: Path) -> dict[str, str]:
        """Copy the home, profile and all, and return what makes a program live there."""
        shutil.copytree(self.home, folder)
        return home_of(folder)

    def environment(self, **more: str) -> dict[str, str]:
        """Return what a desktop hands to a program, and no more: no PYTHON…, no way into a virtual environment."""
        kept = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP", "TMP") if name in os.environ}
        home = home_of(self.home)
        path = {"PATH": os.defpath, "LANG": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen"}
        return {**kept, **home, **path, "TRAINING_CLOCK": str(self._clock), **more}


def home_of(folder: Path) -> dict[str, str]:
    """Return the variables that say where a user's files are."""
    return {"HOME": str(folder), "USERPROFILE": str(folder), "LOCALAPPDATA": str(folder)}


class Program:
    """The built program, copied to where it was not built."""

    def __init__(self, built: Path, folder: Path, place: Place) -> None:
        self.folder = folder / "opt" / NAME
        shutil.copytree(built, self.folder, symlinks=True)
        self.path = self.folder / (f"{NAME}.exe" if os.name == "nt" else NAME)
        self.resources = self.folder / "_internal" / "resources"
        self._place = place

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run it and return what it said."""
        return run([str(self.path), *arguments], self._place.environment(**more), self._place.cwd)


class Login:
    """A user of the profile in the empty home; commands go to the built program."""

    def __init__(self, program: Program, user: str, password: str) -> None:
        self._program = program
        self.user = user
        self.password = password

    def act(self, *arguments: str, new_password: str = "") -> Any:
        """Run a command of this user and return its JSON."""
        passwords = self.environment(
            **({"TRAINING_CLIENT_NEW_PASSWORD": new_password} if new_password else {})
        )
        done = self._program.run("--user", self.user, "--json", *arguments, **passwords)
        return json_of(done, " ".join(arguments[:2]))

    def environment(self, **more: str) -> dict[str, str]:
        """Return how the password is handed over."""
        return {"TRAINING_CLIENT_PASSWORD": self.password, **more}


class Platform:
    """The reference platform, run by the interpreter of the tests from the source tree."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._line = [sys.executable, "-m", "sync.platform", "--db", f"sqlite:///{folder / 'p.db'}", "--json"]
        self._environment = dict(environment)

    def act(self, *arguments: str) -> Any:
        """Run one of the department's acts and return its JSON."""
        return json_of(run([*self._line, *arguments], self._environment, ROOT), f"platform {arguments[0]}")

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Serve on a free port of loopback for a while; gives the address."""
        line = [*self._line, "serve", "--demo", "--port", "0"]
        with subprocess.Popen(
            line, stdout=subprocess.PIPE, encoding="utf-8", cwd=ROOT, env=self._environment
        ) as process:
            try:
                assert process.stdout is not None
                told = process.stdout.readline()
                if not told:
                    raise Failed("the platform did not start")
                yield str(json.loads(told)["url"])
            finally:
                process.terminate()


def run(line: list[str], environment: Mapping[str, str], cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a program to its end."""
    return subprocess.run(
        line,
        env=dict(environment),
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        timeout=LONGEST,
        check=False,
    )
