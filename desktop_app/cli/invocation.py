"""One call of the command line: its arguments, the profile it opens, who acts, and what it answers."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import resources
from desktop_app.config import NEW_PASSWORD_VARIABLE, PASSWORD_VARIABLE, default_profile_folder
from desktop_app.domain.errors import AppError
from desktop_app.domain.rules import Finding
from desktop_app.services.container import Services
from desktop_app.services.devices import Joining, Membership
from desktop_app.services.profile import Profile
from desktop_app.services.sharing import Sharing


class Opener(Protocol):
    """What the composition root offers; the command line does not know it otherwise."""

    def open_profile(self, folder: Path) -> Profile:
        """Open and lock a profile folder."""

    def services(self, profile: Profile) -> Services:
        """Return the services of a profile that is open."""

    def membership(self, services: Services) -> Membership:
        """Return what invites and revokes workstations."""

    def sharing(self, services: Services) -> Sharing:
        """Return what exchanges entries with the other workstations."""

    def joining(self, profile: Profile) -> Joining:
        """Return what makes a profile in which nothing is yet a workstation."""

    def open_window(self, folder: Path) -> int:
        """Show the window on a profile; return the exit status."""

    def draw_window(
        self, profile: Profile, login: str, password: str, folder: Path, pages: Collection[str]
    ) -> int:
        """Draw every page that a user sees, or only some, into a folder; return the number of pictures."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command says: its JSON object, the same for people line by line, and the exit status."""

    data: dict[str, Any]
    lines: Sequence[str] = ()
    status: int = 0


@dataclass(slots=True)
class Invocation:
    """Arguments and the profile, which is opened when it is first asked for and closed by ``close``."""

    arguments: argparse.Namespace
    opener: Opener
    advice: list[Finding] = field(default_factory=list)
    """What the rules warned of while the command was done."""
    _profile: Profile | None = field(default=None, repr=False)
    _services: Services | None = field(default=None, repr=False)

    @property
    def folder(self) -> Path:
        """Return the folder of the profile."""
        return Path(self.arguments.profile) if self.arguments.profile else default_profile_folder()

    @property
    def profile(self) -> Profile:
        """Return the locked profile, nobody logged in; AppError PROFILE_IN_USE, PROFILE_FOLDER_UNUSABLE."""
        if self._profile is None:
            self._profile = self.opener.open_profile(self.folder)
        return self._profile

    @property
    def services(self) -> Services:
        """Return the services, with the user logged in.

        Raises AppError PROFILE_NOT_SET_UP, USER_NEEDED, PASSWORD_NEEDED and what logging in raises.
        """
        if self._services is None:
            profile = self.profile
            profile.require_set_up()
            profile.log_in(self.user, self.password(), confirm_clock=self.arguments.confirm_clock)
            self._services = self.opener.services(profile)
            self._services.context.advice_listeners.append(self.advice.extend)
            self._back_up(self._services)
        return self._services

    def _back_up(self, services: Services) -> None:
        """Make the backup of the day; its trouble, and that of one before a migration, is a warning."""
        for trouble in (services.profile.backup_trouble, services.backup.daily()):
            if trouble is not None:
                told = {name: str(value) for name, value in trouble.params.items()}
                said = resources.text(f"error.{trouble.code}", **told)
                print(resources.text("cli.backup_failed", code=trouble.code, message=said), file=sys.stderr)

    @property
    def user(self) -> str:
        """Return the login name; AppError USER_NEEDED."""
        if not self.arguments.user:
            raise AppError("USER_NEEDED")
        return str(self.arguments.user)

    def password(self) -> str:
        """Return the user's password from the environment or the terminal; AppError PASSWORD_NEEDED."""
        return os.environ.get(PASSWORD_VARIABLE) or _ask("cli.password", PASSWORD_VARIABLE)

    def new_password(self) -> str:
        """Return a password to be set; typed twice at a terminal. AppError PASSWORD_NEEDED, PASSWORD_DIFFERS."""
        given = os.environ.get(NEW_PASSWORD_VARIABLE)
        if given:
            return given
        first = _ask("cli.new_password", NEW_PASSWORD_VARIABLE)
        if _ask("cli.new_password_again", NEW_PASSWORD_VARIABLE) != first:
            raise AppError("PASSWORD_DIFFERS")
        return first

    def close(self) -> None:
        """Close the profile, whatever came of the command."""
        if self._profile is not None:
            self._profile.close()
            self._profile = None
            self._services = None


def _ask(key: str, variable: str) -> str:
    if not sys.stdin.isatty():
        raise AppError("PASSWORD_NEEDED", variable=variable)
    return getpass.getpass(resources.text(key))
