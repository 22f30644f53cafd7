"""Fixtures of the command line, for every folder of tests that works like a script."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.factories.command_line import CommandLine
from tests.factories.profiles import PASSWORD, clock_file, copy_profile, quick_folder


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the password of every test user in the environment."""
    monkeypatch.setenv("TRAINING_CLIENT_PASSWORD", PASSWORD)


@pytest.fixture
def client(password: None, capsys: pytest.CaptureFixture[str]) -> Iterator[CommandLine]:
    """The office's command line on 2020-12-28."""
    with quick_folder() as folder, clock_file(folder / "clock.txt") as clock:
        yield CommandLine(copy_profile(folder / "profile"), clock, capsys)
