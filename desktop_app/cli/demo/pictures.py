"""Pictures of the demo's pages: drawn by the window from a copy of the profile, while the story goes on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from desktop_app.cli.demo.driver import expect
from desktop_app.cli.demo.office import PASSWORDS, Office


@dataclass(slots=True)
class Pictures:
    """What every user sees on some days, light and dark; ``screens`` gets the pictures, ``copies`` the profiles."""

    office: Office
    screens: Path
    copies: Path
    _drawing: list[tuple[str, subprocess.Popen[bytes]]] = field(default_factory=list)

    def take(self, day: date, users: Sequence[str], pages: str = "") -> None:
        """Begin to draw the pages of some users, all of them or some, as the store and the clock now stand."""
        folder = self.screens / day.isoformat()
        folder.mkdir(parents=True, exist_ok=True)
        for user in users:
            copy = self.copies / f"{day.isoformat()}-{user}"
            shutil.copytree(self.office.admin.profile, copy)
            environment = dict(
                os.environ,
                QT_QPA_PLATFORM="offscreen",
                TRAINING_CLIENT_PASSWORD=PASSWORDS[user],
                TRAINING_CLOCK=shutil.copy(self.office.clock.path, copy / "clock.txt"),
            )
            command = [sys.executable, "-m", "desktop_app", "--profile", str(copy), "--user", user]
            command += ["screenshots", str(folder), "--pages", pages]
            drawing = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
            self._drawing.append((f"pictures of {user} on {day}", drawing))

    def finish(self) -> int:
        """Wait until all are drawn; return their number, or DemoError where a window failed."""
        while self._drawing:
            what, drawing = self._drawing.pop()
            expect(drawing.wait(), 0, what)
        return sum(1 for _ in self.screens.rglob("*.png"))

    def stop(self) -> None:
        """Let go of what is still being drawn, where the demo has failed."""
        for _what, drawing in self._drawing:
            drawing.terminate()
            drawing.wait()
