"""A workstation is shut out and the institution key changed: real profiles, a real relay, folders."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from desktop_app import bootstrap
from desktop_app.domain.errors import AppError
from sync.platform.app import create_app
from sync.platform.database import open_database
from sync.sharing.http_transport import RelayCaller
from sync.sharing.office import OfficeSharing
from tests.factories.offices import PASSWORD, TestClock
from tests.sync.running_platform import Running, served
from tests.sync.sharing.conftest import copied_stores
from tests.sync.sharing.profile_desks import ProfileDesk, code_of, quick_folder
from tests.sync.sharing.test_relay_shelf import emptied
from tests.sync.statements import ManualClock

NAMES = ("first", "second", "third")


@pytest.fixture(scope="session")
def three_template(founded_office, seeded_database) -> Iterator[Path]:
    """Three workstations of one office and their relay, made once and copied."""
    folder = quick_folder()
    shutil.copy(seeded_database, folder / "platform.db")
    engine = open_database(f"sqlite:///{folder / 'platform.db'}")
    founded_office.copy(folder / "first").profile.close()
    with copied_stores(), served(create_app(engine, ManualClock(), demo=True)) as url:
        clock = TestClock()
        clock.moment = ManualClock().now()
        desks = [ProfileDesk(folder / name, url, clock) for name in NAMES]
        for one in desks[1:]:
            one.join(desks[0].invite().code)
        for one in desks:
            one.share()
            one.profile.close()
    engine.dispose()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def three_platform(three_template, place, clock) -> Iterator[Running]:
    """The relay of the three as it stood when they had shared."""
    shutil.copytree(three_template, place, dirs_exist_ok=True)
    engine = open_database(f"sqlite:///{place / 'platform.db'}")
    with served(create_app(engine, clock, demo=True)) as url:
        yield Running(url, engine, clock)
    engine.dispose()


@pytest.fixture
def three(three_platform, place, quick_stores) -> Iterator[tuple[ProfileDesk, ...]]:
    """Three workstations that have shared all they have."""
    clock = TestClock()
    clock.moment = three_platform.clock.now() + timedelta(minutes=5)
    desks = tuple(ProfileDesk(place / name, three_platform.url, clock) for name in NAMES)
    for one in desks:
        one.services.devices.set_relay(one.relay)
    yield desks
    for one in desks:
        one.profile.close()


def revoke(by: ProfileDesk, whom: ProfileDesk) -> bool:
    return bootstrap.membership(by.services).revoke(whom.device)


def add_site(desk: ProfileDesk, name: str) -> None:
    desk.services.accounts.reset_password("office", PASSWORD)
    desk.log_in("office")
    bootstrap.services(desk.profile).sites.add_site(name, "420111", "珞喻路9号")
    desk.log_in()


def sites(desk: ProfileDesk) -> set[str]:
    return {site.name for site in desk.services.sites.list_sites()}


def test_a_revoked_workstation_is_refused_and_what_it_shared_before_stays(three, place):
    first, second, lost = three
    add_site(lost, "早先的校区")
    lost.share()
    first.share()
    assert revoke(first, lost)
    add_site(lost, "后来的校区")
    assert code_of(lost.share) == "SHARE_DEVICE_REVOKED"
    add_site(first, "新校区")
    first.share()
    second.share()
    assert sites(second) >= {"早先的校区", "新校区"}
    assert "后来的校区" not in sites(second)
    assert second.services.sharing.current_key() == first.services.sharing.current_key()
    assert lost.services.sharing.current_key() != first.services.sharing.current_key()
    fourth = ProfileDesk(place / "fourth", first.relay, first.clock)
    fourth.join(second.invite().code)
    second.share()
    first.share()
    assert first.state() == second.state() == fourth.state()
    assert fourth.services.history.verify().ok
    fourth.profile.close()


def test_a_page_of_a_revoked_workstation_in_a_folder_is_not_taken(three, tmp_path):
    first, second, lost = three
    add_site(lost, "后来的校区")
    office_sharing(lost).share(tmp_path)
    assert revoke(first, lost)
    add_site(first, "新校区")
    told = office_sharing(first).share(tmp_path)
    assert set(told.problems) == {"SHARE_DEVICE_REVOKED"}
    second.share()
    office_sharing(second).share(tmp_path)
    for one in (first, second):
        assert "后来的校区" not in sites(one)
        assert "新校区" in sites(one)


def office_sharing(desk: ProfileDesk) -> OfficeSharing:
    return OfficeSharing(desk.services.sharing, desk.services.devices)


def test_the_new_key_reaches_who_only_sees_the_folder(three, tmp_path):
    first, second, lost = three
    for one in (first, second):
        office_sharing(one).share(tmp_path)
    revoke(first, lost)
    add_site(first, "新校区")
    office_sharing(first).share(tmp_path)
    office_sharing(second).share(tmp_path)
    assert "新校区" in sites(second)


def test_a_revocation_without_a_line_goes_out_with_the_next_exchange(three, monkeypatch):
    first, _, lost = three
    with monkeypatch.context() as away:
        away.setattr(RelayCaller, "_call", unreachable)
        assert revoke(first, lost) is False
    lost.share()
    first.share()
    assert code_of(lost.share) == "SHARE_DEVICE_REVOKED"


def unreachable(*_args):
    raise AppError("SHELF_UNREACHABLE", detail="test")


@pytest.mark.parametrize("comes_first", ["who changed the key", "who was away"])
def test_who_was_away_when_the_key_changed_goes_on_at_an_emptied_relay(three, three_platform, comes_first):
    first, second, lost = three
    revoke(first, lost)
    emptied(three_platform)
    add_site(first, "新校区")
    add_site(second, "东校区")
    order = (first, second) if comes_first == "who changed the key" else (second, first)
    for one in (*order, *order):
        one.share()
    assert sites(first) == sites(second) >= {"新校区", "东校区"}
    assert first.state() == second.state()
    assert code_of(lost.share) in {"SHARE_DEVICE_REVOKED", "RELAY_KEY_FORMER"}


def test_who_revokes_must_not_be_the_revoked_and_unknown_ones_are_told(three):
    first, _, lost = three
    assert code_of(lambda: revoke(first, first)) == "OWN_WORKSTATION"
    membership = bootstrap.membership(first.services)
    assert code_of(lambda: membership.revoke(bytes(16))) == "WORKSTATION_UNKNOWN"
    revoke(first, lost)
    former = first.services.sharing.current_key()
    revoke(first, lost)
    assert first.services.sharing.current_key() != former


def test_a_key_that_a_revoked_workstation_made_seals_nothing(three):
    """It cannot go on reading by changing the key before it is shut out."""
    first, second, lost = three
    assert revoke(lost, second)
    first.share()
    assert first.services.sharing.current_key() == lost.services.sharing.current_key()
    revoke(first, lost)
    assert first.services.sharing.current_key().device == first.device
    assert first.services.sharing.current_key().epoch == 3
