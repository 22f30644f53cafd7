"""Bad days of the store: each has its code, a Chinese sentence with what to do, and leaves the data as they were."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from desktop_app.domain.errors import AppError
from desktop_app.services import profile as profile_module
from desktop_app.services.container import Services, build_services
from desktop_app.services.profile import Profile
from desktop_app.store import drives, verifying
from desktop_app.store.state_hash import state_hash
from tests.factories.offices import CHEAP, PASSWORD, Office, OfficeTemplate, TestClock
from tests.refusals import told


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> OfficeTemplate:
    """An office that is set up once."""
    return OfficeTemplate(tmp_path_factory.mktemp("office"))


@pytest.fixture
def office(template: OfficeTemplate, tmp_path: Path) -> Iterator[Office]:
    """A copy of the office, nobody logged in."""
    copy = template.copy(tmp_path / "profile")
    yield copy
    copy.profile.close()


@pytest.fixture
def folder(office: Office) -> Path:
    """The folder of a profile that no process holds."""
    office.profile.close()
    return office.profile.files.folder


def contents(folder: Path) -> dict[str, bytes]:
    """All files of a profile but the lock and an empty log."""
    return {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if path.is_file()
        and not path.name.startswith("profile.")
        and not path.name.endswith("-shm")
        and (path.stat().st_size or not path.name.endswith("-wal"))
    }


def log_in(
    folder: Path, login: str = "office", password: str = PASSWORD, clock: TestClock | None = None
) -> None:
    """Open a profile, read all of it, and close it again."""
    profile = Profile(folder, cost=CHEAP, clock=clock or TestClock())
    try:
        context = profile.log_in(login, password)
        with context.read() as sql:
            state_hash(sql)
    finally:
        profile.close()


def test_a_missing_store(folder):
    (folder / "store.db").unlink()
    before = contents(folder)
    assert told(log_in, folder) == "STORE_MISSING"
    assert contents(folder) == before


def test_a_missing_key_file_is_no_first_run(folder):
    (folder / "keys.json").rename(folder / "elsewhere")
    before = contents(folder)
    assert told(log_in, folder) == "KEY_FILE_MISSING"
    assert contents(folder) == before
    (folder / "elsewhere").rename(folder / "keys.json")
    log_in(folder)


def test_a_damaged_key_file(folder):
    keys = folder / "keys.json"
    keys.write_bytes(keys.read_bytes()[:-20])
    assert told(log_in, folder) == "KEY_FILE_DAMAGED"


def test_an_empty_folder_is_not_set_up(tmp_path):
    assert told(log_in, tmp_path / "new") == "PROFILE_NOT_SET_UP"


def test_a_foreign_store(folder):
    (folder / "store.db").write_bytes(b"SQLite format 3\0" + bytes(100_000))
    before = contents(folder)
    assert told(log_in, folder) == "STORE_DAMAGED"
    assert contents(folder) == before


@pytest.mark.parametrize("share", [0.02, 0.5, 0.99])
def test_a_store_cut_short(folder, share):
    store = folder / "store.db"
    content = store.read_bytes()
    store.write_bytes(content[: int(len(content) * share)])
    before = contents(folder)
    assert told(log_in, folder) == "STORE_DAMAGED"
    assert contents(folder) == before


def flip(store: Path, page: int) -> None:
    """Turn one bit of a page (numbered from 1, of 4,096 bytes)."""
    content = bytearray(store.read_bytes())
    content[(page - 1) * 4096 + 100] ^= 1
    store.write_bytes(content)


@pytest.mark.parametrize("table", ["sqlite_master", "user", "trainee", "journal_entry", "mark"])
def test_a_flipped_bit(folder, table):
    """Whoever reads the page is told, at login or later."""
    profile = Profile(folder, cost=CHEAP, clock=TestClock())
    with profile.log_in("office", PASSWORD).read() as sql:
        query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        page = sql.exec_driver_sql(query, (table,)).scalar_one_or_none() or 1
    profile.close()
    flip(folder / "store.db", page)
    before = contents(folder)
    assert told(log_in, folder) == "STORE_DAMAGED"
    assert contents(folder) == before


@pytest.mark.parametrize("place", [0.3, 0.6, 0.95])
def test_a_store_with_a_damaged_page_makes_no_backup(office, tmp_path, place):
    """Also where nobody has read that page yet; one that every connection reads is told as the store's own damage."""
    services = office.as_role("admin")
    file = tmp_path / "a.backup"
    services.backup.write(file)
    good = file.read_bytes()
    assert services.backup.daily() is None  # brings the log in, so that nothing heals the page
    pages = office.profile.files.store.stat().st_size // 4096
    flip(office.profile.files.store, max(2, int(pages * place)))
    assert told(services.backup.write, file) in {"BACKUP_UNSOUND", "STORE_DAMAGED"}
    assert file.read_bytes() == good


def test_a_newer_schema(folder):
    profile = Profile(folder, cost=CHEAP, clock=TestClock())
    context = profile.log_in("office", PASSWORD)
    with context.workstation.database.writer() as sql:
        sql.exec_driver_sql("UPDATE alembic_version SET version_num = 'second_year'")
    profile.close()
    before = contents(folder)
    assert told(log_in, folder) == "STORE_NEWER"
    assert contents(folder) == before


def test_wrong_password_and_lock(folder):
    store = (folder / "store.db").read_bytes()
    assert [told(log_in, folder, "office", "Wrong-2020") for _ in range(5)] == ["LOGIN_WRONG"] * 4 + [
        "LOGIN_LOCKED"
    ]
    assert (folder / "store.db").read_bytes() == store


@contextmanager
def small_disk(folder: Path, size: str, *, read_only: bool = False) -> Iterator[None]:
    """Copy a folder to a disk in memory of that size, mounted in its place."""
    kept = folder.with_name("kept")
    folder.rename(kept)
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True)
    try:
        shutil.copytree(kept, folder, dirs_exist_ok=True)
        if read_only:
            subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def may_mount(folder: Path) -> bool:
    """Tell whether this process may mount."""
    if os.name != "posix" or os.geteuid() != 0 or shutil.which("mount") is None:
        return False
    place = folder / "mount-trial"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(place)], check=False, capture_output=True)
    if done.returncode == 0:
        subprocess.run(["umount", str(place)], check=True)
    return done.returncode == 0


@contextmanager
def without_rights(folder: Path) -> Iterator[None]:
    """Let nobody write a folder; root, whom modes do not bind, is somebody else meanwhile."""
    paths = (folder, *folder.iterdir())
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        for path in paths:
            path.chmod(0o700)


@pytest.fixture
def open_folder(folder: Path) -> Iterator[Path]:
    """The profile in a place that other users may enter; opened once, so that everything is loaded."""
    log_in(folder)
    place = Path(tempfile.mkdtemp(prefix="profiles-"))
    place.chmod(0o755)
    yield Path(shutil.copytree(folder, place / "profile"))
    shutil.rmtree(place)


def test_a_folder_without_rights(open_folder):
    before = contents(open_folder)
    with without_rights(open_folder):
        assert told(log_in, open_folder) == "STORE_READ_ONLY"
    assert contents(open_folder) == before
    log_in(open_folder)


def test_a_read_only_disk(open_folder, tmp_path):
    before = contents(open_folder)
    read_only = (
        small_disk(open_folder, "50m", read_only=True) if may_mount(tmp_path) else without_rights(open_folder)
    )
    with read_only:
        assert told(log_in, open_folder) == "STORE_READ_ONLY"
        assert contents(open_folder) == before


def _fill(profile: Profile) -> None:
    """Make classes until there is no room."""
    services = build_services(profile)
    for number in range(2000):
        services.classes.create_class(f"满{number:04}")


def _work_until_full(folder: Path, pages: int | None) -> None:
    profile = Profile(folder, cost=CHEAP, clock=TestClock())
    context = profile.log_in("office", PASSWORD)
    if pages is not None:
        with context.workstation.database.writer() as sql:
            present = sql.exec_driver_sql("PRAGMA page_count").scalar_one()
            sql.exec_driver_sql(f"PRAGMA max_page_count = {present + pages}")
    assert told(_fill, profile) == "DISK_FULL"
    services = build_services(profile)
    count = len(services.classes.list_classes())
    assert told(_fill_one, services, "x" * 3000) == "DISK_FULL"
    assert len(services.classes.list_classes()) == count
    with context.read() as sql:
        assert verifying.verify(sql, context.workstation.device).ok
    with suppress(AppError):
        profile.close()


def _fill_one(services: Services, place: str) -> None:
    for _ in range(50):
        services.classes.edit_class(
            services.classes.list_classes()[0].id, {"place": place + secrets.token_hex(900)}
        )


def test_a_full_disk(open_folder, tmp_path):
    if may_mount(tmp_path):
        size = sum(map(len, contents(open_folder).values())) + 600_000
        with small_disk(open_folder, str(size)):
            _work_until_full(open_folder, None)
    else:
        _work_until_full(open_folder, 20)


def test_a_full_store_file(folder):
    _work_until_full(folder, 5)
    log_in(folder)


def test_a_second_process(folder):
    first = Profile(folder, cost=CHEAP, clock=TestClock())
    assert told(log_in, folder) == "PROFILE_IN_USE"
    first.close()
    log_in(folder)


def test_a_profile_on_a_network_drive_is_refused_before_anything_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(
        drives, "_mount_table", lambda: f"/dev/sda2 / ext4 rw 0 0\nserver:/x {tmp_path} nfs rw 0 0\n"
    )
    assert told(log_in, tmp_path / "profile") == "STORE_ON_NETWORK_DRIVE"
    assert contents(tmp_path / "profile") == {}


@pytest.mark.parametrize(
    ("behind", "code"), [(timedelta(hours=23), None), (timedelta(days=366), "CLOCK_BEHIND")]
)
def test_a_clock_set_back_is_asked_about(office, behind, code):
    clock = office.profile.clock
    folder = office.profile.files.folder
    office.profile.close()
    clock.moment -= behind
    if code is None:
        log_in(folder, clock=clock)
        return
    assert told(log_in, folder, "office", PASSWORD, clock) == code
    office.profile = Profile(folder, cost=CHEAP, clock=clock)
    office.profile.log_in("office", PASSWORD, confirm_clock=True)
    services = build_services(office.profile)
    services.classes.create_class("时间已确认")
    assert [item.code for item in services.classes.list_classes()].count("时间已确认") == 1
    with services.context.read() as sql:
        assert verifying.verify(sql, services.context.workstation.device).ok


@pytest.mark.parametrize(("later", "code"), [(1, None), (2, "CLOCK_BEHIND")])
def test_a_clock_behind_the_build_is_asked_about(folder, monkeypatch, later, code):
    clock = TestClock()
    built = clock.today() + timedelta(days=later)
    monkeypatch.setattr(profile_module, "build_date", lambda: built)
    if code is None:
        log_in(folder, clock=clock)
    else:
        assert told(log_in, folder, "office", PASSWORD, clock) == code
        (folder / "demo").touch()
        log_in(folder, clock=clock)


def test_a_missing_font(office, tmp_path, monkeypatch):
    services = office.as_role("office")
    from desktop_app.papers import fonts

    with monkeypatch.context() as broken:
        broken.setattr(fonts, "_FILES", dict.fromkeys(fonts._FILES, "none.ttf"))
        fonts.font.cache_clear()
        assert (
            told(services.papers.write, "timetable", office.class_id, tmp_path / "paper.pdf")
            == "FONT_MISSING"
        )
    fonts.font.cache_clear()
    assert not (tmp_path / "paper.pdf").exists()
    with monkeypatch.context() as broken:  # the other family is set in its place
        broken.setitem(fonts._FILES, fonts.BODY, "none.ttf")
        services.papers.write("timetable", office.class_id, tmp_path / "paper.pdf")
        fonts.font.cache_clear()
    assert (tmp_path / "paper.pdf").read_bytes().startswith(b"%PDF")
    services.papers.write("timetable", office.class_id, tmp_path / "paper.pdf")


@pytest.mark.parametrize("table", ["sqlite_master", "user", "trainee", "journal_leaf"])
def test_damage_met_by_the_daily_backup_is_told_as_a_warning(office, table):
    services = office.as_role("office")
    with services.context.read() as sql:
        query = "SELECT max(rootpage) FROM sqlite_master WHERE tbl_name = ?"
        page = sql.exec_driver_sql(query, (table,)).scalar_one_or_none() or 1
    flip(office.profile.files.store, page)
    trouble = services.backup.daily()
    assert trouble is not None
    assert trouble.code in {"BACKUP_UNSOUND", "STORE_DAMAGED"}
    assert services.backup.list_automatic() == []
    with suppress(AppError):  # closing may meet the page too
        office.profile.close()
