"""The store file: encrypted, durable on every connection, one process at a time, known errors for known trouble."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import threading
from secrets import token_hex

import pytest

from desktop_app.domain import records as m
from desktop_app.domain.errors import AppError
from desktop_app.store.database import (
    BUSY_TIMEOUT_MS,
    OVERDUE_CHECKPOINT_PAGES,
    READERS,
    Database,
    ProfileLock,
)
from desktop_app.store.workstation import Workstation
from tests.factories.workstations import CLERK, DATA_KEY, Machine, SetClock, migrated_file
from tests.source_tree import ROOT
from tests.store.conftest import CLASS

FULL, WAL = 2, "wal"


def pragmas(connection):
    names = ("synchronous", "journal_mode", "foreign_keys", "busy_timeout", "query_only")
    return [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names]


def test_every_connection_is_durable_and_checks_foreign_keys(machine):
    database = machine.workstation.database
    with database.writer() as writer:
        assert pragmas(writer) == [FULL, WAL, 1, BUSY_TIMEOUT_MS, 0]
    with database.reader() as first, database.reader() as second:
        assert [pragmas(first), pragmas(second)] == [[FULL, WAL, 1, BUSY_TIMEOUT_MS, 1]] * READERS
    with database.migrating() as connection:
        assert pragmas(connection)[:3] == [FULL, WAL, 1]


def test_the_file_is_encrypted_and_so_is_its_log(machine):
    machine.write(m.TRAINING_CLASS, CLASS, code="焊工2020-03班")
    folder = machine.path.parent
    files = [path for path in folder.iterdir() if path.name.startswith(machine.path.name)]
    assert any(path.name.endswith("-wal") and path.stat().st_size for path in files)
    for path in files:
        content = path.read_bytes()
        assert "焊工2020-03班".encode() not in content
        assert b"SQLite format" not in content
        assert b"training_class" not in content


def test_readers_cannot_write(machine):
    with machine.workstation.read() as sql, pytest.raises(Exception, match="readonly"):
        sql.exec_driver_sql("DELETE FROM setting")


def test_a_reader_sees_one_moment(machine):
    machine.write(m.TRAINING_CLASS, CLASS, code="A")
    with machine.workstation.read() as sql:
        query = "SELECT code FROM training_class"
        assert sql.exec_driver_sql(query).scalar_one() == "A"
        machine.write(m.TRAINING_CLASS, CLASS, code="B")
        assert sql.exec_driver_sql(query).scalar_one() == "A"
    assert machine.rows(query) == [("B",)]


def test_writers_come_one_after_the_other(machine):
    def write(n):
        for k in range(5):
            machine.write(m.TRAINEE, b"%04d%012d" % (n, k), name="x")

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert machine.state().records["trainee"] == 20
    assert machine.verify().ok


def test_a_wrong_key_and_a_file_that_is_no_store_are_named(tmp_path):
    path = tmp_path / "store.db"
    path.write_bytes(migrated_file().read_bytes())
    for content, key in ((None, bytes(32)), (b"no store" * 1000, DATA_KEY)):
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(AppError) as caught:
            Workstation(path, key, SetClock())
        assert caught.value.code == "STORE_DAMAGED"
        assert caught.value.params == {"file": "store.db"}


def test_a_damaged_page_is_named(tmp_path):
    machine = Machine(tmp_path, 0)
    with machine.workstation.unit_of_work("import", CLERK) as work:
        work.put_many(m.TRAINEE, [(b"%016d" % n, {"name": "x" * 100}) for n in range(500)])
    backup = machine.back_up()
    machine.close()
    content = bytearray(backup.read_bytes())
    for place in range(8192, len(content), 1024):
        content[place] ^= 0xFF
    machine.path.write_bytes(content)

    def open_and_read():
        machine.workstation = Workstation(machine.path, DATA_KEY, machine.clock)
        machine.state()

    with pytest.raises(AppError) as caught:
        open_and_read()
    assert caught.value.code == "STORE_DAMAGED"


def test_a_full_disk_is_named_and_leaves_nothing_behind(machine):
    before = machine.state()
    with machine.workstation.database.writer() as sql:
        pages = sql.exec_driver_sql("PRAGMA page_count").scalar_one()
        sql.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(AppError) as caught, machine.workstation.unit_of_work("import", CLERK) as work:
        work.put_many(m.TRAINEE, [(b"%016d" % n, {"name": "x" * 300}) for n in range(500)])
    assert caught.value.code == "DISK_FULL"
    assert machine.state() == before
    assert machine.verify().ok


def test_a_full_disk_while_applying_is_no_reason_to_park(machine_of):
    left, right = machine_of(0), machine_of(1)
    with left.workstation.unit_of_work("import", CLERK) as work:
        work.put_many(m.TRAINING_CLASS, [(b"%016d" % n, {"place": token_hex(2000)}) for n in range(100)])
    before = right.state()
    with right.workstation.database.writer() as sql:
        pages = sql.exec_driver_sql("PRAGMA page_count").scalar_one()
        sql.exec_driver_sql(f"PRAGMA max_page_count = {pages + 60}")
    with pytest.raises(AppError) as caught:
        left.send(right)
    assert caught.value.code == "DISK_FULL"
    assert right.state() == before
    with right.workstation.database.writer() as sql:
        sql.exec_driver_sql("PRAGMA max_page_count = 1000000")
    left.send(right)
    assert left.state() == right.state()


def test_a_second_process_is_refused_and_told_who_holds_the_profile(tmp_path):
    program = (
        "import sys, pathlib; from desktop_app.store.database import ProfileLock\n"
        "lock = ProfileLock(pathlib.Path(sys.argv[1])); lock.acquire(); print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(AppError) as caught:
            ProfileLock(tmp_path).acquire()
        assert caught.value.code == "PROFILE_IN_USE"
        assert caught.value.params == {"pid": holder.pid, "machine": platform.node()}
        holder.kill()
    lock = ProfileLock(tmp_path)
    lock.acquire()
    with pytest.raises(AppError) as caught:
        ProfileLock(tmp_path).acquire()
    assert caught.value.params["pid"] == os.getpid()
    lock.release()
    ProfileLock(tmp_path).acquire()


def test_closing_lets_the_file_be_copied(tmp_path):
    machine = Machine(tmp_path, 0)
    machine.write(m.TRAINING_CLASS, CLASS, code="A")
    machine.close()
    copy = tmp_path / "copy.db"
    copy.write_bytes(machine.path.read_bytes())
    database = Database(copy, DATA_KEY)
    with database.reader() as sql:
        assert sql.exec_driver_sql("SELECT code FROM training_class").scalar_one() == "A"
    database.close()


def log_pages(machine: Machine) -> tuple[int, int]:
    """How many pages the log holds and how many of them are in the file."""
    with machine.workstation.database.writer() as sql:
        raw = sql.connection.driver_connection
    _, pages, moved = raw.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()
    return pages, moved


def write_pages(machine: Machine, least: int) -> None:
    """Write until the log holds so many pages more than the file."""
    for n in range(1000):
        with machine.workstation.unit_of_work("import_roster", CLERK) as work:
            rows = [(b"%06d%06d..." % (n, one) + b".", {"place": token_hex(20_000)}) for one in range(25)]
            work.put_many(m.TRAINING_CLASS, rows)
        pages, moved = log_pages(machine)
        if pages - moved >= least:
            return


def test_a_log_that_has_grown_is_brought_in_beside_the_commands_and_by_them_no_more(machine):
    machine.workstation.database.bring_in_log()
    write_pages(machine, 1500)  # more than a command would leave lying
    machine.workstation.database.bring_in_log()
    pages, moved = log_pages(machine)
    assert pages == moved > 0
    assert machine.verify().ok


def test_a_short_log_stays_where_it_is(machine):
    machine.workstation.database.bring_in_log()
    machine.write(m.TRAINING_CLASS, CLASS, code="A")
    pages, moved = log_pages(machine)
    machine.workstation.database.bring_in_log()
    assert log_pages(machine) == (pages, moved)


def test_nothing_is_brought_in_while_a_backup_holds_the_file(machine):
    database = machine.workstation.database
    database.bring_in_log()
    with database.checkpoints_held(lambda _: None):
        write_pages(machine, 300)
        held = machine.path.read_bytes()
        database.bring_in_log()
        assert machine.path.read_bytes() == held
    assert machine.path.read_bytes() != held
    with database.writer() as sql:
        pages = sql.exec_driver_sql("PRAGMA wal_autocheckpoint").scalar_one()
    assert pages == OVERDUE_CHECKPOINT_PAGES
    assert machine.verify().ok


def test_who_writes_between_commands_does_not_wait_for_a_command_that_waits_for_it(machine):
    database = machine.workstation.database
    command = threading.Thread(
        target=lambda: machine.write(m.TRAINING_CLASS, CLASS, "create_class", code="A")
    )
    with database.between_commands():
        command.start()
        with database._turns._change:
            assert database._turns._change.wait_for(
                lambda: database._turns._waiting > 0 or not command.is_alive(), 10
            )
        within = threading.Event()
        with database.between_commands(), database.writer():
            within.set()
        assert command.is_alive()
    command.join(10)
    assert within.is_set()
    assert machine.fields(m.TRAINING_CLASS, CLASS)["code"] == "A"
