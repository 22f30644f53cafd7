"""Backups by hand and by themselves, and restoring with a password or the recovery code."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from desktop_app.domain.errors import AppError
from desktop_app.services import automatic_backups, backup
from desktop_app.services.container import build_services
from desktop_app.services.profile import NewInstitution, Profile
from desktop_app.store import schema
from desktop_app.store.state_hash import state_hash
from tests.factories.offices import CHEAP, PASSWORD, Office, TestClock
from tests.services.store_facts import entries, newest, refusal

NEW = "Zhongxue-2021"


def digest(profile: Profile) -> str:
    """Return the state of an open profile."""
    assert profile.context is not None
    with profile.context.read() as sql:
        return state_hash(sql).digest


def openings(profile: Profile) -> set[bytes]:
    """Return the openings from which stamps were issued."""
    assert profile.context is not None
    with profile.context.read() as sql:
        return {bytes(row[0]) for row in sql.exec_driver_sql("SELECT value FROM opening")}


def reopened(office: Office) -> Profile:
    """Close the office's profile and open its folder again, nobody logged in."""
    folder = office.profile.files.folder
    clock = office.profile.clock
    office.profile.close()
    office.profile = Profile(folder, cost=CHEAP, clock=clock)
    return office.profile


def test_a_backup_by_hand_is_in_the_journal_and_changes_nothing(office: Office, tmp_path: Path) -> None:
    """The entry names the institution; the state is as it was."""
    services = office.as_role("admin")
    before = digest(office.profile)
    written = services.backup.write(tmp_path / "a.backup")
    assert written.size == (tmp_path / "a.backup").stat().st_size
    assert (newest(office).command, newest(office).user) == ("backup", "王主任")
    assert digest(office.profile) == before


def test_only_a_backup_is_replaced(office: Office, tmp_path: Path) -> None:
    """A file of another kind is never overwritten."""
    services = office.as_role("admin")
    other = tmp_path / "list.xlsx"
    other.write_bytes(b"PK")
    assert refusal(services.backup.write, other) == "BACKUP_FILE_EXISTS"
    assert refusal(services.backup.write, office.profile.files.store) == "BACKUP_FILE_EXISTS"
    services.backup.write(tmp_path / "a.backup")
    first = (tmp_path / "a.backup").read_bytes()
    services.backup.write(tmp_path / "a.backup")
    assert (tmp_path / "a.backup").read_bytes() != first


def test_a_folder_that_is_not_there_is_named(office: Office, tmp_path: Path) -> None:
    """Nothing is recorded of a backup that was not made."""
    services = office.as_role("admin")
    before = entries(office)
    assert refusal(services.backup.write, tmp_path / "none" / "a.backup") == "FILE_NOT_WRITABLE"
    assert entries(office) == before


def test_restoring_brings_the_state_back_and_keeps_the_former_store(office: Office, tmp_path: Path) -> None:
    """What was done since lies in the folder set aside; stamps come from a new opening."""
    file = tmp_path / "a.backup"
    office.as_role("admin").backup.write(file)
    before = digest(office.profile)
    office.as_role("office").classes.create_class("备份以后")
    spent = openings(office.profile)
    profile = reopened(office)
    restored = backup.restore(profile, file, "admin", PASSWORD)
    assert digest(profile) == before
    services = build_services(profile)
    assert services.history.verify().ok
    assert restored.set_aside is not None
    assert sorted(path.name for path in restored.set_aside.iterdir()) == ["keys.json", "store.db"]
    office.as_role("office").classes.create_class("恢复以后")
    assert len(openings(profile) - spent) == 1
    assert build_services(profile).history.verify().ok


def test_restoring_into_an_empty_folder_needs_any_slot_of_the_backup(office: Office, tmp_path: Path) -> None:
    """On another PC the office opens it; nothing is set aside there."""
    file = tmp_path / "a.backup"
    office.as_role("admin").backup.write(file)
    profile = Profile(tmp_path / "other", cost=CHEAP, clock=office.profile.clock)
    restored = backup.restore(profile, file, "office", PASSWORD)
    assert restored.set_aside is None
    assert digest(profile) == digest(office.profile)
    profile.close()


def test_a_present_store_is_replaced_by_an_administrator_only(office: Office, tmp_path: Path) -> None:
    """A wrong password or another role changes nothing."""
    file = tmp_path / "a.backup"
    office.as_role("admin").backup.write(file)
    assert refusal(backup.restore, office.profile, file, "admin", PASSWORD) == "RESTORE_WHILE_OPEN"
    profile = reopened(office)
    store, keys = profile.files.store.read_bytes(), profile.files.keys.read_bytes()
    assert refusal(backup.restore, profile, file, "office", PASSWORD) == "NOT_PERMITTED"
    assert refusal(backup.restore, profile, file, "admin", "Wrong-2020") == "LOGIN_WRONG"
    assert refusal(backup.restore, profile, tmp_path / "none", "admin", PASSWORD) == "BACKUP_MISSING"
    assert (profile.files.store.read_bytes(), profile.files.keys.read_bytes()) == (store, keys)
    assert not profile.files.restoring.folder.exists()


def test_the_recovery_code_opens_a_backup_and_sets_a_new_password(tmp_path: Path) -> None:
    """The demo's clock comes back with a demo; a weak password is refused before anything is touched."""
    profile = Profile(tmp_path / "profile", cost=CHEAP, clock=TestClock())
    school = NewInstitution("江城学院", "12420000000000000U", "420111", "enterprise", demo=True)
    code = profile.set_up(school, "admin", "王主任", PASSWORD).recovery_code
    file = tmp_path / "a.backup"
    build_services(profile).backup.write(file)
    profile.close()
    other = Profile(tmp_path / "other", cost=CHEAP, clock=TestClock())
    weak = ("admin", code, "weak")
    assert refusal(lambda: backup.restore_with_code(other, file, *weak)) == "PASSWORD_SHORT"
    assert (
        refusal(lambda: backup.restore_with_code(other, file, "admin", "AAAA", NEW)) == "RECOVERY_CODE_WRONG"
    )
    assert not other.files.store.exists()
    backup.restore_with_code(other, file, "admin", code, NEW)
    assert other.files.demo_mark.exists()
    other.check_password("admin", NEW)
    other.close()


def test_the_daily_backup_is_made_once_a_day(office: Office) -> None:
    """It needs no administrator and records nothing."""
    services = office.as_role("office")
    before = entries(office)
    assert services.backup.daily() is None
    assert services.backup.daily() is None
    (first,) = services.backup.list_automatic()
    clock = office.profile.clock
    assert isinstance(clock, TestClock)
    clock.moment += timedelta(days=1)
    assert services.backup.daily() is None
    assert services.backup.list_automatic()[1:] == [first]
    assert entries(office) == before


def test_what_a_killed_backup_left_is_cleared_away_by_the_next(office: Office) -> None:
    """Only that: another file in the folder stays."""
    services = office.as_role("office")
    folder = office.profile.files.backups
    folder.mkdir()
    left = folder / "2020-11-09T090000-daily.backup.unfinished"
    for path in (left, left.with_name(left.name + ".store-check"), folder / "readme.unfinished"):
        path.write_bytes(b"half")
    assert services.backup.daily() is None
    kept = [path.name for path in folder.iterdir()]
    assert len(kept) == 2
    assert "readme.unfinished" in kept


def test_a_backup_brings_back_a_profile_whose_keys_are_gone(office: Office, tmp_path: Path) -> None:
    """The store without keys is set aside."""
    file = tmp_path / "a.backup"
    office.as_role("admin").backup.write(file)
    before = digest(office.profile)
    office.profile.files.keys.unlink()
    profile = reopened(office)
    assert refusal(profile.require_set_up) == "KEY_FILE_MISSING"
    restored = backup.restore(profile, file, "admin", PASSWORD)
    assert digest(profile) == before
    assert restored.set_aside is not None
    assert [path.name for path in restored.set_aside.iterdir()] == ["store.db"]


def test_trouble_with_the_daily_backup_is_a_warning(office: Office) -> None:
    """A file where the folder should be: the work goes on."""
    services = office.as_role("office")
    office.profile.files.backups.write_text("in the way")
    trouble = services.backup.daily()
    assert trouble is not None
    assert trouble.code == "FILE_NOT_WRITABLE"
    services.classes.create_class("照常")


def _name(day: date, kind: str = "daily") -> Path:
    return Path(f"{day.isoformat()}T090000-{kind}.backup")


def test_seven_days_four_weeks_and_three_migrations_are_kept() -> None:
    """60 days in a row to Monday 2020-12-28: 7 days, and the newest of each of the 4 last weeks."""
    last = date(2020, 12, 28)
    days = [_name(last - timedelta(days=n)) for n in range(60)]
    migrations = [_name(last - timedelta(days=n), "migration") for n in range(5)]
    dropped = set(automatic_backups.past_their_time([*days, *migrations]))
    weeks = [last, date(2020, 12, 27), date(2020, 12, 20), date(2020, 12, 13)]
    assert set(days) - dropped == {*days[:7], *map(_name, weeks)}
    assert set(migrations) - dropped == set(migrations[:3])


def test_a_store_is_backed_up_before_it_is_migrated(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The backup holds the former revision; the migration itself is played."""
    office.as_role("admin")
    before = digest(office.profile)
    profile = reopened(office)

    def to_second_day(connection: object) -> None:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'second_day'")  # type: ignore[attr-defined]

    with monkeypatch.context() as later:
        later.setattr(schema, "HEAD", "second_day")
        later.setattr(schema, "upgrade", to_second_day)
        profile.log_in("admin", PASSWORD)
        assert profile.backup_trouble is None
        (made,) = automatic_backups.listed(profile.files)
        assert made.name.endswith("-migration.backup")
        profile = reopened(office)
    assert refusal(profile.log_in, "admin", PASSWORD) == "STORE_NEWER"
    backup.restore(profile, made, "admin", PASSWORD)
    assert digest(profile) == before


def test_a_failed_backup_before_a_migration_is_told_and_does_not_block(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The trouble is kept for a warning."""
    profile = reopened(office)
    profile.files.backups.write_text("in the way")
    monkeypatch.setattr(schema, "HEAD", "second_day")
    monkeypatch.setattr(schema, "upgrade", lambda _: None)
    profile.log_in("admin", PASSWORD)
    assert isinstance(profile.backup_trouble, AppError)
