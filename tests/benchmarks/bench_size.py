"""How much the journal costs on disk: per command of 50 marks, and beside the business rows of five years."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from desktop_app import bootstrap
from desktop_app.domain.records import ENTITIES
from desktop_app.services.profile import Profile
from tests.benchmarks.bare import connect
from tests.benchmarks.measuring import Report, require
from tests.benchmarks.stores import open_profile, stress_copy, working_folder
from tests.factories.stress.acts import Office
from tests.factories.stress.making import ADMIN, PASSWORD, make
from tests.factories.stress.pen import GroupingContext
from tests.factories.stress.plan import SESSIONS, Act, Audience, PlannedClass, Step

JOURNAL = (
    "journal_leaf",
    "journal_entry",
    "opening",
    "frontier",
    "signature",
    "waiting_entry",
    "parked_change",
    "head",
    "deletion_sight",
    "early_sight",
    "undo_step",
)
# What came by receipts and what waits to go up: bytes that are no rows of the institution's business.
REPORTING = ("batch_page", "batch", "platform_page", "accepted_record")
STAMPS = ("base", "later")
CLASS_SIZE, CLASSES = 50, 12
LIMIT_BYTES = 1_229  # 1.2 KiB


def run(report: Report) -> None:
    """Measure both."""
    with working_folder() as folder:
        _one_command(report, folder)
    with stress_copy() as folder:
        _five_years(report, folder)


def _one_command(report: Report, folder: Path) -> None:
    """Mark whole classes of 50, each session one command, and see by how much the journal's part of the file grows."""
    make(folder / "profile", 0.0003, tell=lambda text: None)
    profile, clock = open_profile(folder / "profile")
    try:
        profile.log_in("office", PASSWORD)
        assert profile.context is not None
        profile.context = GroupingContext(profile.context.workstation, profile.context.actor)
        office = Office(bootstrap.services(profile), profile.context, seed=1)
        first = clock.today() - timedelta(days=60)
        days = tuple(first + timedelta(days=n) for n in range(SESSIONS // 2))
        sessions: list[bytes] = []
        for place in range(CLASSES):
            one = PlannedClass(9000 + place, Audience.KEY_GROUP, CLASS_SIZE, days)
            office.do(one, Step(days[0], Act.OPEN, one.place))
            sessions += office.sessions_of(one.place)
        before = _journal_bytes(profile, folder)
        services = bootstrap.services(profile)
        marked = sum(services.attendance.mark_class(session) for session in sessions)
        require(marked == CLASS_SIZE * len(sessions), "marks for everybody")
        after = _journal_bytes(profile, folder)
    finally:
        profile.close()
    each = (after - before) / len(sessions)
    report.figure("50 marks in one command, in the journal", each, "bytes", at_most=LIMIT_BYTES)


def _journal_bytes(profile: Profile, folder: Path) -> int:
    """Return what the journal's tables and indexes take of a vacuumed copy."""
    with profile.context.workstation.database.writer() as sql:  # type: ignore[union-attr]
        raw: Any = sql.connection.driver_connection
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path = folder / "copy.db"
    shutil.copyfile(profile.files.store, path)
    (whole, without) = _sizes(path, profile.data_key, [lambda sql: None, _drop_journal])
    path.unlink()
    return whole - without


def _five_years(report: Report, folder: Path) -> None:
    profile, _ = open_profile(folder)
    try:
        profile.log_in(ADMIN, PASSWORD)
        key = profile.data_key
    finally:
        profile.close()
    steps = [lambda sql: None, _drop_journal, _drop_stamps, _drop_reporting]
    whole, without_journal, rows, own_rows = _sizes(folder / "store.db", key, steps)
    report.share("journal and stamps beside the business rows", whole - rows, rows, "bytes", at_most=1.0)
    report.share("  without what is reported, on either side", whole - rows, own_rows, "bytes", at_most=1.0)
    report.share("  the journal alone", whole - without_journal, rows, "bytes")
    report.share("  stamps alone", without_journal - rows, rows, "bytes")
    report.share("  batches, receipts and what is accepted", rows - own_rows, rows, "bytes")
    report.figure("the stress store", whole, "bytes")


def _sizes(path: Path, key: bytes, steps: Sequence[Callable[[Any], object]]) -> list[int]:
    """Return the size of a closed store's file after each step, vacuumed."""
    sql = connect(path, key)
    try:
        sql.execute("PRAGMA foreign_keys = OFF")
        sql.execute("PRAGMA synchronous = OFF")
        found = []
        for step in steps:
            step(sql)
            sql.execute("VACUUM")
            sql.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            found.append(path.stat().st_size)
        return found
    finally:
        sql.close()


def _drop_journal(sql: Any) -> None:
    for table in JOURNAL:
        sql.execute(f'DELETE FROM "{table}"')


def _drop_stamps(sql: Any) -> None:
    for entity in ENTITIES:
        for column in STAMPS:
            sql.execute(f'ALTER TABLE "{entity.name}" DROP COLUMN "{column}"')


def _drop_reporting(sql: Any) -> None:
    for table in REPORTING:
        sql.execute(f'DELETE FROM "{table}"')
