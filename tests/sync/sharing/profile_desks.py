"""Profiles of one office as its people use them, and a relay between them."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from desktop_app import bootstrap
from desktop_app.domain.errors import AppError
from desktop_app.services.container import Services
from desktop_app.services.devices import Invited, Joined
from desktop_app.services.profile import Profile
from desktop_app.services.sharing import Shared
from desktop_app.store.state_hash import StateDigest
from sync.sharing.office import OfficeSharing
from tests.factories.offices import CHEAP, PASSWORD, TestClock


class ProfileDesk:
    """A profile at one of the workstations."""

    def __init__(self, folder: Path, relay: str, clock: TestClock) -> None:
        self.folder = folder
        self.relay = relay
        self.clock = clock
        self.profile = Profile(folder, cost=CHEAP, clock=clock)

    @property
    def services(self) -> Services:
        """The services as the administrator sees them."""
        if self.profile.context is None:
            self.log_in()
        return bootstrap.services(self.profile)

    def log_in(self, login: str = "admin", password: str = PASSWORD) -> None:
        self.profile.log_in(login, password, confirm_clock=True)

    def invite(self, **options) -> Invited:
        options = options or {"relay": self.relay}
        return bootstrap.membership(self.services).invite(**options)

    def join(self, code: str, login: str = "admin", **options) -> Joined:
        options = options or {"relay": self.relay}
        return bootstrap.joining(self.profile).join(login, PASSWORD, code, **options)

    def share(self) -> Shared:
        return OfficeSharing(self.services.sharing, self.services.devices).share()

    def state(self) -> StateDigest:
        return self.services.history.state_hash()

    def again(self) -> None:
        """As a new process would find it."""
        self.profile.close()
        self.profile = Profile(self.folder, cost=CHEAP, clock=self.clock)

    @property
    def device(self) -> bytes:
        return self.services.sharing.device()[0]


def quick_folder() -> Path:
    """A folder in memory where the system offers it: stores wait for the disk at each commit."""
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="desks-", dir=memory if memory.is_dir() else None))


def code_of(act) -> str:
    with pytest.raises(AppError) as refused:
        act()
    return refused.value.code
