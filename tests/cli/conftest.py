"""The command line as scripts use it: in this process, on a copy of a ready profile."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from desktop_app.__main__ import main
from tests.factories.profiles import OFFICE, PASSWORD, clock_file, copy_profile, quick_folder, set_clock


@dataclass
class CommandLine:
    """Runs commands on one profile and returns what they say."""

    profile: Path
    clock: Path
    capsys: pytest.CaptureFixture[str]
    user: str = OFFICE

    def call(self, *arguments: object, user: str | None = None, as_json: bool = True) -> tuple[int, str, str]:
        """Return exit status, stdout and stderr."""
        words = ["--profile", str(self.profile), "--user", user or self.user]
        status = main([*words, *(["--json"] if as_json else []), *map(str, arguments)])
        captured = self.capsys.readouterr()
        return status, captured.out, captured.err

    def run(self, *arguments: object, user: str | None = None) -> Any:
        """Return the JSON of a command that is done."""
        status, out, _ = self.call(*arguments, user=user)
        assert status == 0, out
        assert out.count("\n") == 1
        return json.loads(out)

    def refused(self, *arguments: object, user: str | None = None) -> str:
        """Return the code of a command that is refused with status 1."""
        status, out, _ = self.call(*arguments, user=user)
        assert status == 1, out
        error = json.loads(out)["error"]
        assert sorted(error) == ["code", "hint", "message"]
        assert error["message"]
        assert error["hint"]
        return error["code"]

    def set_day(self, day) -> None:
        set_clock(self.clock, day)


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the password of every test user in the environment."""
    monkeypatch.setenv("TRAINING_CLIENT_PASSWORD", PASSWORD)


@pytest.fixture
def client(password: None, capsys: pytest.CaptureFixture[str]) -> Iterator[CommandLine]:
    """The office's command line on 2020-12-28."""
    with quick_folder() as folder, clock_file(folder / "clock.txt") as clock:
        yield CommandLine(copy_profile(folder / "profile"), clock, capsys)
