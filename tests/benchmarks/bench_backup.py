"""A backup of the stress store beside a file copy, and marks that are typed while one is made."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from desktop_app.domain.attendance import Mark, MarkStatus
from desktop_app.services.attendance import NewMark
from desktop_app.store import backup
from desktop_app.version import version
from tests.benchmarks.bench_writes import log_kept
from tests.benchmarks.measuring import Report, Taken, in_turns, require, seconds_of
from tests.benchmarks.stores import StressStore, stress_store

RUNS = 5
MARKS = 200
_CHUNK = 1 << 20


def run(report: Report) -> None:
    """Measure the copy, then marks during a backup beside marks without one."""
    with stress_store() as store:
        target = store.folder / "target"
        target.mkdir()
        taken = in_turns(
            {
                "backup": lambda n: _back_up(store, target / "backup"),
                "copy": lambda n: _copy(store, target / "copy"),
            },
            runs=RUNS,
        )
        report.slower("a backup, verification not counted", taken["backup"], taken["copy"], at_most=1.5)
        marking = _Marking(store)
        with log_kept(store.services.context):
            alone = Taken(tuple(seconds_of(marking.mark, n) for n in range(MARKS)))
            report.times("a mark, no backup", alone, p99_ms=15)
            during, backups = _mark_during_backups(store, marking, target / "backup")
        require(backups >= 1, "a backup made while marks were typed")
        report.note(f"{backups} backups were made while {MARKS} marks were typed")
        report.times("a mark during a backup", during, p99_ms=15)


def _back_up(store: StressStore, path: Path) -> None:
    database = store.profile.context.workstation.database  # type: ignore[union-attr]
    backup.copy(database, store.profile.files, path, version=version(), at=store.clock.now())
    path.unlink()


def _copy(store: StressStore, path: Path) -> None:
    """Copy the file as plainly as can be: whole chunks, then one fsync."""
    with store.profile.files.store.open("rb") as source, path.open("wb") as target:
        while chunk := source.read(_CHUNK):
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    path.unlink()


class _Marking:
    """Marks people of one class on its last session, late and present by turns, through the service."""

    def __init__(self, store: StressStore) -> None:
        self._services = store.services
        last = self._services.classes.list_classes()[-1]
        sheet = self._services.attendance.sheet(last.id)
        self._session = sheet.sessions[-1].id
        self._people = [member.trainee_id for member in sheet.members]
        require(sheet.sessions[-1].held_on <= store.clock.today(), "a session that was held")

    def mark(self, n: int) -> None:
        """Change one person's mark."""
        status = MarkStatus.LATE if n // len(self._people) % 2 == 0 else MarkStatus.ABSENT
        mark = NewMark(self._people[n % len(self._people)], Mark(status))
        self._services.attendance.mark(self._session, [mark], reason="核对签到表")


def _mark_during_backups(store: StressStore, marking: _Marking, path: Path) -> tuple[Taken, int]:
    done, made = threading.Event(), []

    def keep_backing_up() -> None:
        while not done.is_set():
            _back_up(store, path)
            made.append(1)

    thread = threading.Thread(target=keep_backing_up)
    thread.start()
    try:
        seconds = tuple(seconds_of(marking.mark, MARKS + n) for n in range(MARKS))
    finally:
        done.set()
        thread.join()
    return Taken(seconds), len(made)
