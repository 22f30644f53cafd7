"""The command line as scripts use it: in this process, on a profile."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from desktop_app.__main__ import main
from tests.factories.profiles import OFFICE, set_clock


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

    def refusal(self, *arguments: object, user: str | None = None) -> dict[str, Any]:
        """Return the error of a command that is refused with status 1: code, message, hint, and causes of rules."""
        status, out, _ = self.call(*arguments, user=user)
        assert status == 1, out
        error: dict[str, Any] = json.loads(out)["error"]
        assert set(error) - {"causes"} == {"code", "hint", "message"}
        assert error["message"]
        assert error["hint"]
        return error

    def refused(self, *arguments: object, user: str | None = None) -> str:
        """Return the code of a command that is refused with status 1."""
        return str(self.refusal(*arguments, user=user)["code"])

    def violates(self, rule: str, *arguments: object, names: tuple[str, ...], user: str | None = None) -> str:
        """Return the code with which a rule refuses a command; it names person, class and cause, and nothing changed.

        ``names`` are the words that the sentences of the rule's causes must hold.
        """
        before = self.run("state-hash", user="guanli")
        error = self.refusal(*arguments, user=user)
        assert self.run("state-hash", user="guanli") == before
        causes = [cause for cause in error.get("causes", []) if cause["rule"] == rule]
        assert causes, error
        said = " ".join(cause["message"] + cause["hint"] for cause in causes)
        assert all(name in said for name in names), said
        return str(causes[0]["code"])

    def warned(self, rule: str, *arguments: object, user: str | None = None) -> list[str]:
        """Return the codes of what a rule warned of while a command was done."""
        answer = self.run(*arguments, user=user)
        return [one["code"] for one in answer.get("warnings", []) if one.get("rule") == rule]

    def set_day(self, day: Any) -> None:
        """Move the clock to the morning of a day."""
        set_clock(self.clock, day)
