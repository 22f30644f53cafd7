"""First run, login, lockout, recovery, and who acts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from desktop_app.domain.credit_codes import uscc_check_character
from desktop_app.domain.errors import AppError
from desktop_app.domain.users import Role
from desktop_app.services import profile as profile_module
from desktop_app.services.container import build_services
from desktop_app.services.profile import NewInstitution, Profile
from desktop_app.store.keys import KeySlots
from desktop_app.store.workstation import Workstation
from tests.factories.offices import CHEAP, PASSWORD, Office, TestClock
from tests.services.store_facts import ask, entries, refusal

USCC = "12420000420000001" + uscc_check_character("12420000420000001")
SCHOOL = NewInstitution("江城职业学院", USCC, "420111", "public-vocational")
OTHER = "Zhongxue-2021"
WRONG = "Wrong-2020"


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Profile]:
    """Return a profile that is not set up."""
    profile = Profile(tmp_path / "fresh", cost=CHEAP, clock=TestClock())
    yield profile
    profile.close()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "INSTITUTION_NAME_MISSING"),
        ({"uscc": USCC[:-1] + ("1" if USCC[-1] != "1" else "2")}, "USCC_CHECK"),
        ({"uscc": "123"}, "USCC_LENGTH"),
        ({"region": "999999"}, "REGION_UNKNOWN"),
        ({"kind": "school"}, "INSTITUTION_KIND_UNKNOWN"),
    ],
)
def test_a_wrong_institution_is_refused_and_nothing_is_made(
    fresh: Profile, changes: dict[str, str], code: str
) -> None:
    """Each field has its own error; the folder stays as it was."""
    assert refusal(lambda: fresh.set_up(replace(SCHOOL, **changes), "admin", "王主任", PASSWORD)) == code
    assert not fresh.is_set_up
    assert not fresh.files.store.exists()


@pytest.mark.parametrize(
    ("password", "code"),
    [("Ab1-xyz", "PASSWORD_SHORT"), ("abcdefgh1", "PASSWORD_KINDS"), ("Admin-2020", "PASSWORD_NAME"),
     ("王主任-Abc1", "PASSWORD_NAME")],
)  # fmt: skip
def test_a_weak_password_is_refused(fresh: Profile, password: str, code: str) -> None:
    """Eight characters, three kinds, neither login nor name."""
    assert refusal(lambda: fresh.set_up(SCHOOL, "admin", "王主任", password)) == code
    assert not fresh.is_set_up


def test_the_code_is_stored_as_it_is_written(fresh: Profile) -> None:
    """Full-width and lower-case letters of a credit code are put right."""
    typed = "".join(chr(ord(character) + 0xFEE0) for character in USCC)
    fresh.set_up(replace(SCHOOL, uscc=f" {typed} "), "admin", "王主任", PASSWORD)
    assert build_services(fresh).accounts.institution().uscc == USCC


def test_a_profile_is_set_up_once(office: Office) -> None:
    """A second first run is refused and takes nothing away."""
    profile = office.profile
    assert refusal(lambda: profile.set_up(SCHOOL, "second", "李主任", PASSWORD)) == "PROFILE_EXISTS"
    assert profile.slots.logins() == ["admin", "adviser", "auditor", "head", "office", "teacher"]
    profile.log_in("admin", PASSWORD)


@pytest.mark.parametrize(
    "stage", [(Workstation, "register_device"), (KeySlots, "add"), (KeySlots, "add_recovery")]
)
def test_a_first_run_that_fails_leaves_nothing_half(
    fresh: Profile, stage: tuple[type, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It can be begun again, and what was half made opens nothing."""

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "no space")

    with monkeypatch.context() as broken:
        broken.setattr(*stage, fail)
        with pytest.raises(OSError, match="no space"):
            fresh.set_up(replace(SCHOOL, demo=True), "admin", "王主任", PASSWORD)
    assert not fresh.is_set_up
    fresh.set_up(SCHOOL, "admin", "王主任", PASSWORD)
    assert not fresh.files.demo_mark.exists()
    assert entries_of(fresh) == 1


def entries_of(profile: Profile) -> int:
    """Return the length of a profile's journal."""
    assert profile.context is not None
    with profile.context.read() as sql:
        return int(sql.exec_driver_sql("SELECT count(*) FROM journal_entry").scalar_one())


def test_a_process_killed_in_its_first_run_leaves_a_profile_to_be_set_up(tmp_path: Path) -> None:
    """Killed between the two key slots: the lock is free and the first run begins anew."""
    folder = tmp_path / "killed"
    program = f"""
import os
from pathlib import Path
from desktop_app.services.profile import NewInstitution, Profile
from desktop_app.store.keys import Argon2Cost, KeySlots
KeySlots.add_recovery = lambda *_: os._exit(9)
school = NewInstitution("江城职业学院", "{USCC}", "420111", "public-vocational")
Profile(Path({str(folder)!r}), cost=Argon2Cost(8, 1)).set_up(school, "admin", "王主任", "{PASSWORD}")
"""
    done = subprocess.run([sys.executable, "-c", program], check=False, timeout=60)
    assert done.returncode == 9
    profile = Profile(folder, cost=CHEAP, clock=TestClock())
    assert refusal(profile.require_set_up) == "PROFILE_NOT_SET_UP"
    first = profile.set_up(SCHOOL, "admin", "王主任", PASSWORD)
    profile.log_out()
    profile.log_in_with_code("admin", first.recovery_code, OTHER)
    profile.close()


def test_no_first_run_begins_beside_a_store_whose_keys_are_gone(office: Office, tmp_path: Path) -> None:
    """It is told before anything is typed; the key file put back, the office goes on."""
    folder = tmp_path / "profile"
    office.profile.close()
    store = (folder / "store.db").read_bytes()
    (folder / "keys.json").rename(tmp_path / "keys.json")
    office.profile = Profile(folder, cost=CHEAP, clock=TestClock())
    assert refusal(office.profile.require_set_up) == "KEY_FILE_MISSING"
    assert refusal(lambda: office.profile.set_up(SCHOOL, "admin", "王主任", PASSWORD)) == "KEY_FILE_MISSING"
    assert (folder / "store.db").read_bytes() == store
    assert not (folder / "keys.json").exists()
    (tmp_path / "keys.json").rename(folder / "keys.json")
    office.profile.log_in("admin", PASSWORD)


def test_a_first_run_killed_right_after_its_last_step_is_done(office: Office, tmp_path: Path) -> None:
    """Then a store that loses its keys later is told apart from one that never had them."""
    folder = tmp_path / "profile"
    office.profile.close()
    (folder / "first-run").touch()
    Profile(folder, cost=CHEAP, clock=TestClock()).close()
    (folder / "keys.json").unlink()
    office.profile = Profile(folder, cost=CHEAP, clock=TestClock())
    assert refusal(office.profile.require_set_up) == "KEY_FILE_MISSING"


def test_five_failures_lock_for_a_quarter_of_an_hour(office: Office) -> None:
    """The right password is refused while it lasts, and good afterwards."""
    profile = office.profile
    clock = profile.clock
    assert isinstance(clock, TestClock)
    left = []
    for _ in range(4):
        with pytest.raises(AppError) as wrong:
            profile.log_in("office", WRONG)
        assert wrong.value.code == "LOGIN_WRONG"
        left.append(wrong.value.params["left"])
    assert left == [4, 3, 2, 1]
    assert refusal(lambda: profile.log_in("office", WRONG)) == "LOGIN_LOCKED"
    assert refusal(lambda: profile.log_in("office", PASSWORD)) == "LOGIN_LOCKED"
    clock.moment += timedelta(minutes=14, seconds=59)
    assert refusal(lambda: profile.log_in("office", PASSWORD)) == "LOGIN_LOCKED"
    clock.moment += timedelta(seconds=2)
    profile.log_in("office", PASSWORD)


def test_the_count_of_failures_outlives_the_process_and_a_success_clears_it(
    office: Office, tmp_path: Path
) -> None:
    """Closing the program is no way around the lockout."""
    for _ in range(3):
        refusal(lambda: office.profile.log_in("office", WRONG))
    office.profile.close()
    office.profile = Profile(tmp_path / "profile", cost=CHEAP, clock=TestClock())
    assert refusal(lambda: office.profile.log_in("office", WRONG)) == "LOGIN_WRONG"
    office.profile.log_in("office", PASSWORD)
    with pytest.raises(AppError) as wrong:
        office.profile.log_in("office", WRONG)
    assert wrong.value.params["left"] == 4


def test_an_administrator_ends_a_lockout(office: Office) -> None:
    """Others are not locked with it."""
    for _ in range(5):
        refusal(lambda: office.profile.log_in("office", WRONG))
    office.as_role("admin").accounts.unlock("office")
    office.profile.log_in("office", PASSWORD)


def test_the_idle_lock_asks_for_the_password_and_keeps_the_count(office: Office) -> None:
    """Unlocking the window counts failures like a login, and does not change who acts."""
    services = office.as_role("office")
    assert refusal(lambda: office.profile.check_password("office", WRONG)) == "LOGIN_WRONG"
    office.profile.check_password("office", PASSWORD)
    assert services.context.require_actor().user.login == "office"


def test_the_recovery_code_gives_a_new_password(fresh: Profile) -> None:
    """Typed with or without dashes, in any case; the former password is gone."""
    code = fresh.set_up(SCHOOL, "admin", "王主任", PASSWORD).recovery_code
    fresh.log_out()
    assert refusal(lambda: fresh.log_in_with_code("admin", code[:-1] + "1", OTHER)) == "RECOVERY_CODE_WRONG"
    assert refusal(lambda: fresh.log_in_with_code("admin", code, "short")) == "PASSWORD_SHORT"
    assert refusal(lambda: fresh.log_in_with_code("nobody", code, OTHER)) == "LOGIN_WRONG"
    fresh.log_in_with_code("admin", code.replace("-", " ").lower(), OTHER)
    assert refusal(lambda: fresh.log_in("admin", PASSWORD)) == "LOGIN_WRONG"
    fresh.log_in("admin", OTHER)


@pytest.mark.parametrize("with_code", [False, True])
def test_a_store_that_is_missing_is_said_and_not_made_anew(
    fresh: Profile, tmp_path: Path, with_code: bool
) -> None:
    """Somebody moved the file: an empty store in its place would hide that."""
    code = fresh.set_up(SCHOOL, "admin", "王主任", PASSWORD).recovery_code
    fresh.close()
    store = tmp_path / "fresh" / "store.db"
    store.rename(tmp_path / "moved.db")
    profile = Profile(tmp_path / "fresh", cost=CHEAP, clock=TestClock())
    enter = (
        (lambda: profile.log_in_with_code("admin", code, OTHER))
        if with_code
        else (lambda: profile.log_in("admin", PASSWORD))
    )
    assert refusal(enter) == "STORE_MISSING"
    assert not store.exists()
    profile.close()


def test_a_disabled_account_cannot_enter(office: Office) -> None:
    """Its slot is dropped; the name stays in the list."""
    admin = office.as_role("admin")
    admin.accounts.disable("auditor")
    assert "auditor" not in office.profile.slots.logins()
    assert any(user.login == "auditor" and user.disabled for user in admin.accounts.list_users())
    assert refusal(lambda: office.profile.log_in("auditor", PASSWORD)) == "LOGIN_WRONG"


def test_an_account_disabled_elsewhere_is_refused_here(office: Office, tmp_path: Path) -> None:
    """The record comes with the journal, the slot is still here: the login drops it and opens nothing."""
    slots = (tmp_path / "profile" / "keys.json").read_bytes()
    office.as_role("admin").accounts.disable("auditor")
    office.profile.close()
    (tmp_path / "profile" / "keys.json").write_bytes(slots)
    office.profile = Profile(tmp_path / "profile", cost=CHEAP, clock=TestClock())
    assert refusal(lambda: office.profile.log_in("auditor", PASSWORD)) == "USER_DISABLED"
    assert office.profile.context is None
    assert "auditor" not in office.profile.slots.logins()


def test_the_last_administrator_stays(office: Office) -> None:
    """Neither by disabling nor by other roles; with a second one, not by one's own hand."""
    accounts = office.as_role("admin").accounts
    own = next(user.id for user in accounts.list_users() if user.login == "admin")
    assert refusal(lambda: accounts.disable("admin")) == "LAST_ADMIN"
    assert refusal(lambda: accounts.change_roles(own, [Role.HEAD])) == "LAST_ADMIN"
    second = accounts.add_user("admin2", "赵主任", [Role.ADMIN], PASSWORD)
    assert refusal(lambda: accounts.disable("admin")) == "OWN_ACCOUNT"
    accounts.change_roles(second, [Role.OFFICE])
    assert refusal(lambda: accounts.change_roles(own, [Role.HEAD])) == "LAST_ADMIN"


def test_roles_given_away_are_gone_at_once(office: Office) -> None:
    """An administrator who becomes head cannot go on as administrator until the next login."""
    accounts = office.as_role("admin").accounts
    accounts.add_user("admin2", "赵主任", [Role.ADMIN], PASSWORD)
    own = next(user.id for user in accounts.list_users() if user.login == "admin")
    accounts.change_roles(own, [Role.HEAD])
    assert refusal(accounts.list_users) == "NOT_PERMITTED"


def test_accounts_are_not_made_out_of_nothing(office: Office) -> None:
    """Roles for an unknown key would make a record without a name; a taken name and no role are refused."""
    accounts = office.as_role("admin").accounts
    before = entries(office)
    assert refusal(lambda: accounts.change_roles(b"\7" * 16, [Role.HEAD])) == "USER_UNKNOWN"
    assert refusal(lambda: accounts.add_user("office", "别人", [Role.HEAD], PASSWORD)) == "LOGIN_NAME_TAKEN"
    assert refusal(lambda: accounts.add_user("newcomer", "别人", [], PASSWORD)) == "ROLE_UNKNOWN"
    assert (
        refusal(lambda: accounts.add_user("new comer", "别人", [Role.HEAD], PASSWORD)) == "LOGIN_NAME_INVALID"
    )
    assert entries(office) == before
    assert office.profile.slots.logins() == ["admin", "adviser", "auditor", "head", "office", "teacher"]


def test_a_password_is_changed_by_its_owner_who_knows_it(office: Office) -> None:
    """The rules hold, the person's name included."""
    accounts = office.as_role("office").accounts
    assert refusal(lambda: accounts.change_password(WRONG, OTHER)) == "LOGIN_WRONG"
    assert refusal(lambda: accounts.change_password(PASSWORD, "abc")) == "PASSWORD_SHORT"
    assert refusal(lambda: accounts.change_password(PASSWORD, "Office 账号-1")) == "PASSWORD_NAME"
    accounts.change_password(PASSWORD, OTHER)
    office.profile.log_in("office", OTHER)
    assert refusal(lambda: office.profile.log_in("office", PASSWORD)) == "LOGIN_WRONG"


def test_only_an_administrator_gives_others_a_new_password(office: Office) -> None:
    """And not to an account that is disabled."""
    assert refusal(lambda: office.as_role("office").accounts.reset_password("head", OTHER)) == "NOT_PERMITTED"
    accounts = office.as_role("admin").accounts
    accounts.reset_password("head", OTHER)
    accounts.disable("auditor")
    assert refusal(lambda: accounts.reset_password("auditor", OTHER)) == "USER_UNKNOWN"
    office.profile.log_in("head", OTHER)


def test_a_second_process_is_refused_and_told_who_has_the_profile(office: Office, tmp_path: Path) -> None:
    """One process a profile; the first goes on."""
    program = f"""
from pathlib import Path
from desktop_app.domain.errors import AppError
from desktop_app.services.profile import Profile
try:
    Profile(Path({str(tmp_path / "profile")!r}))
except AppError as error:
    print(error.code, error.params["pid"])
"""
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, timeout=60, capture_output=True, text=True
    )
    assert done.stdout.split() == ["PROFILE_IN_USE", str(os.getpid())]
    office.profile.log_in("office", PASSWORD)


@pytest.mark.parametrize(("demo", "day"), [(True, date(2020, 11, 2)), (False, None)])
def test_only_a_demo_profile_follows_the_demo_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, demo: bool, day: date | None
) -> None:
    """TRAINING_CLOCK is ignored by every other profile, also when it is opened again."""
    clock = tmp_path / "clock"
    clock.write_text("2020-11-02", encoding="ascii")
    monkeypatch.setenv(profile_module.CLOCK_VARIABLE, str(clock))
    profile = Profile(tmp_path / "clocked", cost=CHEAP)
    profile.set_up(replace(SCHOOL, demo=demo), "admin", "王主任", PASSWORD)
    assert (profile.clock.today() == date(2020, 11, 2)) is (day is not None)
    profile.close()
    again = Profile(tmp_path / "clocked", cost=CHEAP)
    again.log_in("admin", PASSWORD)
    assert (again.clock.today() == date(2020, 11, 2)) is (day is not None)
    again.close()


def test_switching_users_changes_who_acts_and_what_is_recorded(office: Office) -> None:
    """A refused login leaves the former user acting; after logging out nobody does."""
    services = office.as_role("office")
    assert refusal(lambda: office.profile.log_in("adviser", WRONG)) == "LOGIN_WRONG"
    assert services.context.require_actor().user.login == "office"
    office.profile.log_in("adviser", PASSWORD)
    assert services.context.require_actor().roles == {Role.ADVISER}
    services.attendance.mark_class(office.sessions[0])
    assert (
        ask(office, "SELECT count(*) FROM undo_step s JOIN user u ON u.id = s.user WHERE u.login = 'adviser'")
        == 1
    )
    office.profile.log_out()
    assert refusal(services.classes.list_classes) == "LOGIN_REQUIRED"
    assert refusal(lambda: services.classes.create_class("X")) == "LOGIN_REQUIRED"


def test_one_person_alone_has_every_role_but_auditor(fresh: Profile) -> None:
    """一人办班."""
    fresh.set_up(replace(SCHOOL, solo=True), "admin", "王主任", PASSWORD)
    services = build_services(fresh)
    services.classes.create_class("电工01班")
    assert services.context.require_actor().roles == frozenset(Role) - {Role.AUDITOR}


@pytest.mark.parametrize(("demo", "cost"), [(True, (1024, 1)), (False, (65536, 3))])
def test_only_a_demo_profile_has_keys_that_are_quick_to_derive(
    tmp_path: Path, demo: bool, cost: tuple[int, int]
) -> None:
    profile = Profile(tmp_path / "profile")
    profile.set_up(replace(SCHOOL, demo=demo), "admin", "王主任", PASSWORD)
    profile.close()
    slots = json.loads(profile.files.keys.read_text(encoding="utf-8"))["slots"].values()
    assert {(slot["memory_kib"], slot["passes"]) for slot in slots} == {cost}
    assert len(slots) == 2
