"""A computer becomes a workstation by an invitation, and is shut out again: real profiles, a real relay."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app import bootstrap
from desktop_app.domain.errors import AppError
from desktop_app.services.devices import Invited, Joined
from desktop_app.services.profile import Profile
from sync.sharing.engine import SharingEngine
from sync.sharing.inviting import connect
from sync.sharing.rotations import RotationTaker, WithKeyChanges
from tests.factories.offices import CHEAP, PASSWORD, OfficeTemplate, TestClock


@pytest.fixture(scope="session")
def office_template(tmp_path_factory) -> OfficeTemplate:
    return OfficeTemplate(tmp_path_factory.mktemp("office"))


class Desk:
    """A profile at one of the workstations."""

    def __init__(self, folder: Path, relay: str, clock: TestClock) -> None:
        self.folder = folder
        self.relay = relay
        self.clock = clock
        self.profile = Profile(folder, cost=CHEAP, clock=clock)

    @property
    def services(self):
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

    def share(self):
        services = self.services
        line = connect(services.sharing, self.relay)
        try:
            engine = SharingEngine(services.sharing, RotationTaker(services.sharing, services.devices))
            return engine.share(WithKeyChanges(line, services.devices))
        finally:
            line.close()

    def state(self):
        return self.services.history.state_hash()

    def again(self) -> None:
        """As a new process would find it."""
        self.profile.close()
        self.profile = Profile(self.folder, cost=CHEAP, clock=self.clock)

    @property
    def device(self) -> bytes:
        return self.services.sharing.device()[0]


@pytest.fixture
def desk(office_template, tmp_path, platform):
    """Makes empty desks; the first is the office's."""
    desks: list[Desk] = []

    def make(name: str) -> Desk:
        clock = TestClock()
        clock.moment = platform.clock.now()
        made = Desk(tmp_path / name, platform.url, clock)
        desks.append(made)
        return made

    yield make
    for one in desks:
        one.profile.close()


@pytest.fixture
def first(office_template, tmp_path, desk) -> Desk:
    office_template.copy(tmp_path / "first").profile.close()
    return desk("first")


def code_of(act) -> str:
    with pytest.raises(AppError) as refused:
        act()
    return refused.value.code


def test_a_computer_joins_by_a_code_and_agrees_with_the_office(first, desk):
    second = desk("second")
    invited = first.invite()
    joined = second.join(invited.code)
    assert joined.institution == "江城职业学院"
    assert joined.entries > 20
    first.share()
    assert second.state() == first.state()
    assert second.services.sharing.counts()[0] == 0
    names = {item.id: item.revoked for item in first.services.accounts.list_devices()}
    assert names == {first.device: False, second.device: False}
    assert second.services.history.verify().ok
    second.again()
    second.log_in()
    assert second.services.accounts.institution().name == "江城职业学院"


def test_what_the_new_workstation_writes_reaches_the_office(first, desk):
    second = desk("second")
    second.join(first.invite().code)
    second.services.accounts.reset_password("office", PASSWORD)
    second.log_in("office")
    bootstrap.services(second.profile).sites.add_site("东校区", "420111", "珞喻路9号")
    second.log_in()
    second.share()
    first.share()
    assert first.state() == second.state()
    assert "东校区" in {site.name for site in first.services.sites.list_sites()}
