"""A computer becomes a workstation by an invitation, and is shut out again: real profiles, a real relay."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from desktop_app import bootstrap
from desktop_app.domain.errors import AppError
from desktop_app.services.devices import DeviceService, Invited, Joined
from desktop_app.services.profile import Profile
from desktop_app.services.sharing import Shared, SharingService
from sync.platform.app import create_app
from sync.platform.database import open_database
from sync.sharing.http_transport import RelayCaller
from sync.sharing.invitation_codes import InvitationCode, new_code, read_code
from sync.sharing.joining import InvitedProfile
from sync.sharing.office import OfficeSharing
from tests.factories.offices import CHEAP, PASSWORD, OfficeTemplate, TestClock
from tests.factories.workstations import DATA_KEY, migrated_file
from tests.sync.running_platform import Running, served
from tests.sync.sharing.test_relay_shelf import emptied
from tests.sync.statements import ManualClock


@pytest.fixture(scope="module", autouse=True)
def quick_stores() -> Iterator[None]:
    """New stores are copies of a migrated one: to migrate each takes a second."""
    clear = Profile._clear_away

    def clear_and_copy(profile: Profile, *, demo: bool) -> None:
        clear(profile, demo=demo)
        shutil.copy(migrated_file(), profile.files.store)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Profile, "_clear_away", clear_and_copy)
        patch.setattr("desktop_app.services.profile.new_data_key", lambda: DATA_KEY)
        yield


@pytest.fixture(scope="module")
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

    def share(self) -> Shared:
        return OfficeSharing(self.services.sharing, self.services.devices).share()

    def state(self):
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


@pytest.fixture
def place() -> Iterator[Path]:
    folder = quick_folder()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def desk(place, platform) -> Iterator[Callable[[str], Desk]]:
    """Makes empty desks."""
    desks: list[Desk] = []

    def make(name: str) -> Desk:
        clock = TestClock()
        clock.moment = platform.clock.now()
        made = Desk(place / name, platform.url, clock)
        desks.append(made)
        return made

    yield make
    for one in desks:
        one.profile.close()


@pytest.fixture
def first(office_template, place, desk) -> Desk:
    """The office's first workstation."""
    office_template.copy(place / "first").profile.close()
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


def test_two_invitations_at_once_admit_two(first, desk):
    second, third = desk("second"), desk("third")
    codes = [first.invite().code, first.invite().code]
    second.join(codes[1])
    third.join(codes[0])
    for one in (first, second):
        one.share()
    assert first.state() == second.state() == third.state()
    assert len(first.services.accounts.list_devices()) == 3


def test_a_code_admits_one_and_whoever_comes_second_finds_the_folder_as_it_was(first, desk):
    second, third = desk("second"), desk("third")
    code = first.invite().code
    second.join(code)
    assert code_of(lambda: third.join(code)) == "INVITATION_USED"
    assert not third.profile.is_set_up
    third.again()
    third.join(first.invite().code)
    assert third.services.accounts.institution().name == "江城职业学院"


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (lambda code: code[:-1] + ("0" if code[-1] != "0" else "1"), "INVITATION_CODE_WRONG"),
        (lambda _: "nonsense", "INVITATION_CODE_WRONG"),
        (lambda _: new_code().text(), "INVITATION_UNKNOWN"),
        (lambda code: InvitationCode(read_code(code).lookup, new_code().secret).text(), "INVITATION_UNKNOWN"),
    ],
)
def test_a_wrong_code_is_told_and_spoils_nothing(first, desk, told, code):
    second = desk("second")
    right = first.invite().code
    assert code_of(lambda: second.join(told(right))) == code
    assert not second.profile.is_set_up
    second.join(right.lower().replace("-", " "))


def test_an_invitation_is_over_after_24_hours(first, desk, platform):
    second = desk("second")
    code = first.invite().code
    platform.clock.move(hours=25)
    assert code_of(lambda: second.join(code)) == "INVITATION_EXPIRED"
    assert not second.profile.is_set_up


def test_only_whom_the_invitation_names_administers_and_the_right_name_goes_on(first, desk):
    second = desk("second")
    code = first.invite().code
    assert code_of(lambda: second.join(code, login="office")) == "INVITATION_OF_OTHER"
    second.again()
    second.join(code)
    assert second.services.context.require_actor().user.login == "admin"


LAST = "the entry is written"
STEPS = {
    "the store is empty": (Profile, "_give_keys"),
    "the invitation was asked for": (RelayCaller, "accept"),
    "the invitation is kept": (DeviceService, "keep_ticket"),
    "pages are fetched": (SharingService, "take"),
    "the journal is here": (Profile, "finish_joining"),
    LAST: (InvitedProfile, "_tell"),
}


def test_joining_that_is_broken_off_at_every_step_goes_on_where_it_was(first, desk, monkeypatch):
    second = desk("second")
    code = first.invite().code
    for step, after in [(step, after) for step in STEPS for after in (False, True)]:
        place, name = STEPS[step]
        with monkeypatch.context() as patch:
            patch.setattr(place, name, killed(getattr(place, name), after=after))
            with pytest.raises(KeyboardInterrupt):
                second.join(code)
        second.again()
        if step == LAST:
            break
        if second.profile.is_set_up:
            assert code_of(second.log_in) == "JOIN_UNFINISHED"
    assert code_of(lambda: second.join(code)) == "PROFILE_EXISTS"
    second.share()
    first.share()
    assert first.state() == second.state()
    assert len(first.services.accounts.list_devices()) == 2


def killed(done, *, after: bool):
    """What a step is when the process dies before or after it."""

    def step(*args, **kwargs):
        if after:
            done(*args, **kwargs)
        raise KeyboardInterrupt

    return step


def test_joining_may_be_cancelled_and_goes_on(first, desk):
    class Cancelled:
        def is_cancelled(self) -> bool:
            return True

    second = desk("second")
    code = first.invite().code
    joining = bootstrap.joining(second.profile)
    assert (
        code_of(lambda: joining.join("admin", PASSWORD, code, relay=second.relay, cancel=Cancelled()))
        == "CANCELLED"
    )
    second.again()
    assert second.join(code).entries > 20


def test_a_profile_in_use_does_not_join(first, desk):
    second = desk("second")
    second.join(first.invite().code)
    second.again()
    assert code_of(lambda: second.join(first.invite().code)) == "PROFILE_EXISTS"


def test_an_office_without_a_relay_invites_by_a_file_that_is_good_once(first, desk, tmp_path):
    second, third = desk("second"), desk("third")
    file = tmp_path / "加入.invite"
    code = first.invite(file=file).code
    assert code_of(lambda: second.join(new_code().text(), file=file)) == "INVITATION_UNKNOWN"
    joined = second.join(code, file=file)
    assert joined.entries > 20
    assert len(second.services.accounts.list_devices()) == 2
    assert code_of(lambda: third.join(code, file=file)) == "INVITATION_USED"


def test_a_copy_of_a_file_is_told_by_the_relay(first, desk, tmp_path):
    second, third = desk("second"), desk("third")
    file, copy = tmp_path / "加入.invite", tmp_path / "copy.invite"
    code = first.invite(file=file, relay=first.relay).code
    shutil.copy(file, copy)
    second.join(code, file=file)
    assert code_of(lambda: third.join(code, file=copy)) == "INVITATION_USED"


@pytest.mark.parametrize("damage", [lambda data: data[:40], lambda data: b"x" + data, lambda data: b""])
def test_a_damaged_invitation_file_is_told(first, desk, tmp_path, damage):
    second = desk("second")
    file = tmp_path / "加入.invite"
    code = first.invite(file=file).code
    file.write_bytes(damage(file.read_bytes()))
    assert code_of(lambda: second.join(code, file=file)) == "INVITATION_FILE_WRONG"
    assert not second.profile.is_set_up


def test_without_a_way_nobody_is_invited_or_joins(first, desk):
    membership = bootstrap.membership(first.services)
    assert code_of(membership.invite) == "INVITATION_WAY_MISSING"
    joining = bootstrap.joining(desk("second").profile)
    assert code_of(lambda: joining.join("admin", PASSWORD, new_code().text())) == "RELAY_NEEDED"


def test_the_relay_is_reached_before_anything_of_an_invitation_is_written(first):
    before = first.state()
    away = bootstrap.membership(first.services)
    assert code_of(lambda: away.invite(relay="http://example.cn")) == "RELAY_URL"
    assert first.state() == before


# Shutting out


NAMES = ("first", "second", "third")


@pytest.fixture(scope="module")
def three_template(office_template, seeded_database) -> Iterator[Path]:
    """Three workstations of one office and their relay, made once and copied."""
    folder = quick_folder()
    shutil.copy(seeded_database, folder / "platform.db")
    engine = open_database(f"sqlite:///{folder / 'platform.db'}")
    office_template.copy(folder / "first").profile.close()
    with served(create_app(engine, ManualClock(), demo=True)) as url:
        clock = TestClock()
        clock.moment = ManualClock().now()
        desks = [Desk(folder / name, url, clock) for name in NAMES]
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
def three(three_platform, place) -> Iterator[tuple[Desk, ...]]:
    """Three workstations that have shared all they have."""
    clock = TestClock()
    clock.moment = three_platform.clock.now() + timedelta(minutes=5)
    desks = tuple(Desk(place / name, three_platform.url, clock) for name in NAMES)
    for one in desks:
        one.services.devices.set_relay(one.relay)
    yield desks
    for one in desks:
        one.profile.close()


def revoke(by: Desk, whom: Desk) -> bool:
    return bootstrap.membership(by.services).revoke(whom.device)


def add_site(desk: Desk, name: str) -> None:
    desk.services.accounts.reset_password("office", PASSWORD)
    desk.log_in("office")
    bootstrap.services(desk.profile).sites.add_site(name, "420111", "珞喻路9号")
    desk.log_in()


def sites(desk: Desk) -> set[str]:
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
    fourth = Desk(place / "fourth", first.relay, first.clock)
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


def office_sharing(desk: Desk) -> OfficeSharing:
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


def test_an_emptied_relay_has_the_key_change_back_for_who_was_away(three, three_platform):
    first, second, lost = three
    revoke(first, lost)
    emptied(three_platform)
    add_site(first, "新校区")
    first.share()
    second.services.sharing.current_key()
    assert code_of(second.share) == "RELAY_KEY_FORMER"


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
