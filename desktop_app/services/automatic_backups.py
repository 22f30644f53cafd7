"""Backups that nobody asks for: before each migration and once a day, kept by number and age."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from desktop_app.domain.clock import SHANGHAI, Clock
from desktop_app.domain.errors import AppError
from desktop_app.store import backup
from desktop_app.store.database import Database
from desktop_app.store.profile_files import ProfileFiles, disk_trouble
from desktop_app.version import version

DAILY, MIGRATION = "daily", "migration"
KEPT_DAYS = 7
KEPT_WEEKS = 4
KEPT_MIGRATIONS = 3
_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})T\d{6}-(daily|migration)\.backup")
_UNFINISHED = re.compile(_NAME.pattern + r"\..+")


def make(
    files: ProfileFiles, database: Database, data_key: bytes, clock: Clock, kind: str
) -> AppError | None:
    """Write an automatic backup and drop those past their time; return what went wrong, None when all is well.

    Nothing is dropped unless the new one was written and opened again, but what a dead process left unfinished is
    dropped first: each is as large as the store.
    """
    at = clock.now()
    path = files.backups / f"{at.astimezone(SHANGHAI):%Y-%m-%dT%H%M%S}-{kind}.backup"
    try:
        files.backups.mkdir(mode=0o700, exist_ok=True)
        for left in files.backups.iterdir():
            if _UNFINISHED.fullmatch(left.name):
                left.unlink()
        backup.write(database, files, path, data_key, version=version(), at=at)
        for old in past_their_time(listed(files)):
            old.unlink(missing_ok=True)
    except AppError as error:
        return error
    except OSError as error:
        return disk_trouble(error, files.backups)
    return None


def listed(files: ProfileFiles) -> list[Path]:
    """Return the automatic backups of a profile, the newest first; the login window offers them."""
    if not files.backups.is_dir():
        return []
    found = (path for path in files.backups.iterdir() if _NAME.fullmatch(path.name))
    return sorted(found, key=lambda path: path.name, reverse=True)


def kind_of(path: Path) -> str:
    """Return daily or migration for an automatic backup, "" for any other file."""
    return _kind(path) if _NAME.fullmatch(path.name) else ""


def has_daily(files: ProfileFiles, day: date) -> bool:
    """Tell whether the backup of a day (Asia/Shanghai) is there."""
    return any(_day(path) == day and _kind(path) == DAILY for path in listed(files))


def past_their_time(paths: Iterable[Path]) -> list[Path]:
    """Return what is not kept: 7 days, the newest of each of 4 weeks (ISO 8601), 3 of before migrations."""
    newest_first = sorted(paths, key=lambda path: path.name, reverse=True)
    daily = [path for path in newest_first if _kind(path) == DAILY]
    days: dict[date, Path] = {}
    weeks: dict[tuple[int, int], Path] = {}
    for path in daily:
        day = _day(path)
        days.setdefault(day, path)
        weeks.setdefault((day.isocalendar().year, day.isocalendar().week), path)
    kept = {*list(days.values())[:KEPT_DAYS], *list(weeks.values())[:KEPT_WEEKS]}
    kept.update([path for path in newest_first if _kind(path) == MIGRATION][:KEPT_MIGRATIONS])
    return [path for path in newest_first if path not in kept]


def _day(path: Path) -> date:
    return date.fromisoformat(path.name[:10])


def _kind(path: Path) -> str:
    return path.name.rpartition("-")[2].removesuffix(".backup")
