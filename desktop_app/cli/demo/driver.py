"""Runs the product's own commands: the client in this process or a new one, the platform beside it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

Main = Callable[[list[str]], int]
STARTING_SECONDS = 30


class DemoError(Exception):
    """Something is not as it must be; the text says what."""


def expect(found: object, wanted: object, what: str) -> None:
    """Raise DemoError where two things differ."""
    if found != wanted:
        raise DemoError(f"{what}: {found!r}, expected {wanted!r}")


class DemoClock:
    """The one clock of client and platform: a file that both read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        os.environ["TRAINING_CLOCK"] = str(path)

    def set(self, day: date, hour: int = 8) -> None:
        """Move on to an hour of a day (Shanghai time)."""
        temporary = self.path.with_suffix(".new")
        temporary.write_text(f"{day.isoformat()}T{hour:02d}:00:00", encoding="ascii")
        temporary.replace(self.path)


class Client:
    """The command line of one user on one profile."""

    def __init__(self, main: Main, profile: Path, user: str, password: str) -> None:
        self._main = main
        self.profile = profile
        self.user = user
        self.password = password

    def as_user(self, user: str, password: str) -> Client:
        """Return the same profile under another user."""
        return Client(self._main, self.profile, user, password)

    def at(self, profile: Path) -> Client:
        """Return the same user at another workstation."""
        return Client(self._main, profile, self.user, self.password)

    def run(self, *arguments: str, new_password: str | None = None) -> Any:  # noqa: ANN401 - JSON
        """Run a command here and return its JSON; DemoError with the product's own text where it is refused."""
        with _environment(self.password, new_password), contextlib.redirect_stdout(io.StringIO()) as output:
            status = self._main(self._line(arguments))
        return self._answer(arguments, status, output.getvalue())

    def refused(self, *arguments: str) -> str:
        """Run a command that must be refused and return its code."""
        with _environment(self.password, None), contextlib.redirect_stdout(io.StringIO()) as output:
            status = self._main(self._line(arguments))
        answer = json.loads(output.getvalue())
        if status == 0 or "error" not in answer:
            raise DemoError(f"{' '.join(arguments[:3])} was not refused")
        return str(answer["error"]["code"])

    def read(self, *arguments: str) -> Any:  # noqa: ANN401 - JSON
        """Run a command in a new process and return its JSON: what is on disk, not what is in memory."""
        with _environment(self.password, None):
            done = subprocess.run(
                [sys.executable, "-m", "desktop_app", *self._line(arguments)],
                capture_output=True,
                check=False,
                encoding="utf-8",
            )
        return self._answer(arguments, done.returncode, done.stdout or done.stderr)

    def _line(self, arguments: tuple[str, ...]) -> list[str]:
        return ["--profile", str(self.profile), "--user", self.user, "--json", *arguments]

    @staticmethod
    def _answer(arguments: tuple[str, ...], status: int, output: str) -> Any:  # noqa: ANN401 - JSON
        try:
            answer = json.loads(output)
        except ValueError as error:
            raise DemoError(f"{' '.join(arguments[:3])}: {output.strip()[:300]}") from error
        if status != 0:
            told = answer.get("error", answer)
            raise DemoError(f"{' '.join(arguments[:3])}: {told}")
        return answer


@contextlib.contextmanager
def _environment(password: str, new_password: str | None) -> Iterator[None]:
    """Hand passwords over as the command line expects them, and take them back."""
    os.environ["TRAINING_CLIENT_PASSWORD"] = password
    if new_password is not None:
        os.environ["TRAINING_CLIENT_NEW_PASSWORD"] = new_password
    try:
        yield
    finally:
        os.environ.pop("TRAINING_CLIENT_PASSWORD", None)
        os.environ.pop("TRAINING_CLIENT_NEW_PASSWORD", None)


class Platform:
    """The reference platform on loopback, in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self._database = f"sqlite:///{folder / 'platform.db'}"
        self._process: subprocess.Popen[str] | None = None
        self.url = ""

    def act(self, *arguments: str) -> Any:  # noqa: ANN401 - JSON
        """Run one of the department's acts and return its JSON."""
        done = subprocess.run(self._line(arguments), capture_output=True, check=False, encoding="utf-8")
        if done.returncode != 0:
            raise DemoError(f"training-platform {' '.join(arguments[:2])}: {done.stdout or done.stderr}")
        return json.loads(done.stdout)

    def start(self) -> None:
        """Serve on a free port of the loopback interface."""
        self._process = subprocess.Popen(
            self._line(("serve", "--demo", "--port", "0")), stdout=subprocess.PIPE, encoding="utf-8"
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise DemoError("the platform did not start")
        self.url = str(json.loads(line)["url"])

    def stop(self) -> None:
        """End the platform."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=STARTING_SECONDS)
            assert self._process.stdout is not None
            self._process.stdout.close()
            self._process = None

    def _line(self, arguments: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "sync.platform", "--db", self._database, "--json", *arguments]
