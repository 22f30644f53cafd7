"""A backup is the store of one moment in one file: writers go on, damage is found, a swap survives any death."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop_app.domain import records as m
from desktop_app.domain.errors import AppError
from desktop_app.store import backup, database, restoring, schema
from desktop_app.store.keys import Argon2Cost, KeySlots
from desktop_app.store.profile_files import ProfileFiles
from desktop_app.store.state_hash import state_hash
from tests.factories.workstations import CLERK, DATA_KEY, DEVICES, Machine
from tests.store.conftest import CLASS

AT = datetime(2020, 11, 2, 8, tzinfo=UTC)


@pytest.fixture
def files(machine: Machine) -> ProfileFiles:
    """The profile files beside a machine's store, with one key slot."""
    found = ProfileFiles(machine.path.parent)
    KeySlots(found.keys, machine.clock, Argon2Cost(8, 1)).add("guanli", "Ceshi-2020!", DATA_KEY)
    return found


def write(machine: Machine, files: ProfileFiles, name: str = "a.backup") -> Path:
    path = files.folder / name
    backup.write(machine.workstation.database, files, path, DATA_KEY, version="1.0", at=AT)
    return path


def unpacked_state(path: Path, folder: Path) -> str:
    """The digest of what a backup holds."""
    found = backup.read(path)
    backup.unpack(found, folder / "unpacked.db", folder / "unpacked.json")
    with backup.reopened(found, folder / "unpacked.db", DATA_KEY) as sql:
        return state_hash(sql).digest


def refused(act: Callable[..., object], *given: object) -> str:
    with pytest.raises(AppError) as caught:
        act(*given)
    return caught.value.code


def test_a_backup_says_what_it_is_and_holds_the_state_of_its_moment(machine, files, tmp_path):
    machine.write(m.TRAINING_CLASS, CLASS, code="A")
    before = machine.state().digest
    path = write(machine, files)
    machine.write(m.TRAINING_CLASS, CLASS, code="B")
    manifest = backup.verify(path, DATA_KEY)
    assert (manifest.version, manifest.revision, manifest.device) == ("1.0", schema.HEAD, DEVICES[0])
    assert (manifest.created_at, manifest.demo, len(manifest.heads)) == (AT, False, 1)
    assert unpacked_state(path, tmp_path) == before != machine.state().digest


def test_a_backup_begins_with_the_store_file_and_shows_nothing_of_its_content(machine, files):
    machine.write(m.TRAINING_CLASS, CLASS, code="焊工2020-03班")
    content = write(machine, files).read_bytes()
    machine.close()
    assert content.startswith(machine.path.read_bytes()[:16])
    assert "焊工2020-03班".encode() not in content


def test_commands_go_on_while_the_file_is_copied_and_the_copy_keeps_its_moment(
    machine, files, tmp_path, monkeypatch
):
    machine.write(m.TRAINING_CLASS, CLASS, code="before")
    before = machine.state().digest
    copy = backup._copy
    during: list[int] = []

    def slow_copy(source, target, *rest, **named):
        if source == machine.path:
            main_file = machine.path.read_bytes()
            rows = [(b"%016d" % n, {"name": "x" * 200}) for n in range(3000)]
            for start in range(0, len(rows), 500):  # far more than the 1,000 pages of an automatic checkpoint
                with machine.workstation.unit_of_work("import", CLERK) as work:
                    work.put_many(m.TRAINEE, rows[start : start + 500])
                during.append(start)
            assert machine.path.read_bytes() == main_file
        return copy(source, target, *rest, **named)

    monkeypatch.setattr(backup, "_copy", slow_copy)
    path = write(machine, files)
    assert len(during) == 6
    assert unpacked_state(path, tmp_path) == before
    with machine.workstation.database.writer() as sql:
        pages = sql.exec_driver_sql("PRAGMA wal_autocheckpoint").scalar_one()
    assert pages == database.AUTOMATIC_CHECKPOINT_PAGES
    assert machine.verify().ok


def test_what_was_written_meanwhile_is_in_the_file_when_the_backup_ends_not_when_the_next_command_does(
    machine,
):
    with machine.workstation.database.checkpoints_held(lambda _: None):
        machine.write(m.TRAINING_CLASS, CLASS, code="meanwhile")
        held = machine.path.read_bytes()
    assert machine.path.read_bytes() != held
    assert machine.verify().ok


def test_a_writer_in_another_thread_loses_nothing(machine, files):
    stop = threading.Event()
    written = []

    def work_on():
        while not stop.is_set():
            written.append(machine.write(m.TRAINEE, b"%016d" % len(written), name="x"))

    writer = threading.Thread(target=work_on)
    writer.start()
    try:
        paths = [write(machine, files, f"{n}.backup") for n in range(5)]
    finally:
        stop.set()
        writer.join()
    heads = [backup.verify(path, DATA_KEY).heads for path in paths]
    assert all(len(found) == 1 for found in heads)
    assert machine.state().records["trainee"] == len(written)
    assert machine.verify().ok


def test_a_long_read_makes_a_backup_wait_and_then_say_so(machine, files, monkeypatch):
    monkeypatch.setattr(database, "_CHECKPOINT_TRIES", 3)
    with machine.workstation.read() as sql:
        sql.exec_driver_sql("SELECT count(*) FROM trainee").one()
        machine.write(m.TRAINING_CLASS, CLASS, code="A")
        assert refused(write, machine, files) == "BACKUP_BUSY"
    assert list(files.folder.glob("*.backup*")) == []
    write(machine, files)


@pytest.mark.parametrize("place", [0, 20, 5000, -20, -60, -130, -400])
def test_a_flipped_bit_anywhere_is_found(machine, files, place):
    path = write(machine, files)
    content = bytearray(path.read_bytes())
    content[place] ^= 0x10
    path.write_bytes(content)
    assert refused(backup.verify, path, DATA_KEY) in {"BACKUP_DAMAGED", "BACKUP_FOREIGN"}
    assert list(files.folder.glob("*-check*")) == []


@pytest.mark.parametrize("part", [0, 1, 3])
def test_a_backup_cut_short_is_refused(machine, files, part):
    path = write(machine, files)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * part // 4])
    assert refused(backup.read, path) == "BACKUP_FOREIGN"


def test_another_file_and_none_are_refused(tmp_path):
    assert refused(backup.read, tmp_path / "none.backup") == "BACKUP_MISSING"
    (tmp_path / "other").write_bytes(b"no backup" * 100)
    assert refused(backup.read, tmp_path / "other") == "BACKUP_FOREIGN"


def test_a_manifest_that_is_changed_with_all_its_digests_lacks_the_signature(machine, files):
    path = write(machine, files)
    found = backup.read(path)
    changed = found.said.replace(b'"version": "1.0"', b'"version": "9.9"')
    path.write_bytes(path.read_bytes().replace(found.said, changed))
    assert backup.read(path).manifest.version == "9.9"
    assert refused(backup.verify, path, DATA_KEY) == "BACKUP_DAMAGED"


def test_a_backup_by_a_later_version_is_refused(machine, files):
    machine.execute("UPDATE alembic_version SET version_num = 'second_year'")
    path = files.folder / "a.backup"
    backup.copy(machine.workstation.database, files, path, version="2.0", at=AT)
    assert refused(backup.verify, path, DATA_KEY) == "STORE_NEWER"


def test_a_backup_that_fails_its_check_leaves_the_former_one(machine, files, monkeypatch):
    path = write(machine, files)
    former = path.read_bytes()

    def damaged(*_):
        raise AppError("BACKUP_DAMAGED", file="a.backup")

    monkeypatch.setattr(backup, "verify", damaged)
    assert refused(write, machine, files) == "BACKUP_UNSOUND"
    assert path.read_bytes() == former
    assert list(files.folder.glob("*.unfinished*")) == []


class Killed(BaseException):
    """The process ends here."""


def staged_folder(folder: Path) -> ProfileFiles:
    """A profile whose former files say ``old`` and whose staged ones say ``new``."""
    files = ProfileFiles(folder)
    files.restoring.folder.mkdir(parents=True)
    for name in ("store.db", "store.db-wal", "store.db-shm", "keys.json"):
        (folder / name).write_text("old")
    files.restoring.store.write_text("new")
    files.restoring.keys.write_text("new")
    return files


def test_a_swap_that_dies_at_any_step_is_carried_to_its_end(tmp_path, monkeypatch):
    for deadly in range(40):
        files = staged_folder(tmp_path / str(deadly))
        steps = iter(range(100))

        def dying(act, deadly=deadly, steps=steps):
            def run(*given, **named):
                if next(steps) == deadly:
                    raise Killed
                return act(*given, **named)

            return run

        with monkeypatch.context() as broken:
            broken.setattr(Path, "replace", dying(Path.replace))
            broken.setattr(Path, "mkdir", dying(Path.mkdir))
            broken.setattr(restoring.os, "replace", dying(restoring.os.replace))
            broken.setattr(restoring.shutil, "rmtree", dying(shutil.rmtree))
            try:
                restoring.swap(files, demo=True, at=AT)
                died = False
            except Killed:
                died = True
        restoring.finish(ProfileFiles(files.folder))
        present = {path.name: path.read_text() for path in files.folder.iterdir() if path.is_file()}
        if "demo" not in present:  # died before the decision: as it was
            assert set(present.values()) == {"old"}
            assert len(present) == 4
        else:
            (aside,) = files.folder.glob("set-aside-*")
            assert {path.read_text() for path in aside.iterdir()} == {"old"}
            assert len(list(aside.iterdir())) == 4
            assert (present["store.db"], present["keys.json"]) == ("new", "new")
            assert "store.db-wal" not in present
        assert not files.restoring.folder.exists()
        if not died:
            break
    assert deadly > 6
    assert not died


def test_what_is_set_aside_twice_in_a_second_has_two_folders(tmp_path):
    files = staged_folder(tmp_path / "profile")
    first = restoring.swap(files, demo=False, at=AT)
    with restoring.staging(files) as staged:
        staged.store.write_text("newer")
        staged.keys.write_text("newer")
        second = restoring.swap(files, demo=False, at=AT)
    assert first is not None
    assert second is not None
    assert first != second
    assert (second / "store.db").read_text() == "new"


def test_a_manifest_is_readable_by_itself(machine, files):
    said = json.loads(backup.read(write(machine, files)).said)
    assert sorted(said) == [
        "created_at", "demo", "device", "files", "format", "heads", "revision", "version"
    ]  # fmt: skip


def test_a_command_waits_while_a_piece_is_written_and_goes_before_the_next(machine, files, monkeypatch):
    sent, done = backup._send_to_disk, threading.Event()
    during: list[bool] = []

    def command():
        machine.write(m.TRAINEE, b"%016d" % 1, name="x")
        done.set()

    writer = threading.Thread(target=command)

    def send(target, start, length):
        if not during:
            writer.start()
            during.append(done.wait(0.05))
        sent(target, start, length)

    monkeypatch.setattr(backup, "_send_to_disk", send)
    monkeypatch.setattr(backup, "_CHUNK", 4096)
    with (
        machine.workstation.database.checkpoints_held(lambda _: None),
        (files.folder / "copy").open("wb") as to,
    ):
        backup._copy(machine.path, to, turn=machine.workstation.database.between_commands)
        between = done.is_set()
    writer.join()
    assert (during, between) == ([False], True)
    assert machine.verify().ok
