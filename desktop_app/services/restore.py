"""Putting a backup in place of the store in two steps: look at it and at what would be lost, then carry it out."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType

from desktop_app.domain import policy
from desktop_app.domain.errors import AppError
from desktop_app.services import automatic_backups
from desktop_app.services.ports import NEVER, CancelToken, Progress, no_progress, stop_if_cancelled
from desktop_app.services.profile import Profile
from desktop_app.store import backup, restoring
from desktop_app.store.backup import Backup
from desktop_app.store.database import Database
from desktop_app.store.keys import KeySlots
from desktop_app.store.profile_files import ProfileFiles
from desktop_app.store.queries.since_backup import Later, later_than
from desktop_app.store.repositories import accounts

OpenSlot = Callable[[KeySlots], bytes]


@dataclass(frozen=True, slots=True)
class KeptBackup:
    """A backup file as it can be offered: when it was made (UTC), its ``size`` in bytes, its kind.

    ``kind``: daily, migration, or "" for one that was made by hand.
    """

    file: Path
    created_at: datetime
    size: int
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: when it was backed up, and where the former store lies (None: there was none)."""

    file: Path
    created_at: datetime
    set_aside: Path | None


def look_into(file: Path) -> KeptBackup:
    """Return what a file says of itself, without a key; AppError BACKUP_MISSING, BACKUP_FOREIGN, BACKUP_DAMAGED."""
    found = backup.read(file)
    return KeptBackup(file, found.manifest.created_at, file.stat().st_size, automatic_backups.kind_of(file))


def kept(files: ProfileFiles) -> list[KeptBackup]:
    """Return the automatic backups of a profile, the newest first; a file that is damaged is left out."""
    found = []
    for file in automatic_backups.listed(files):
        try:
            found.append(look_into(file))
        except AppError:
            continue
    return found


class PreparedRestore:
    """A backup that was unpacked, opened and checked beside the store, which is still as it was.

    ``later`` is what the store holds beyond it; None where the store is missing, damaged, or another one.
    """

    def __init__(self, profile: Profile, found: Backup, stack: ExitStack, later: Later | None) -> None:
        self.created_at = found.manifest.created_at
        self.later = later
        self._profile = profile
        self._found = found
        self._stack = stack

    def carry_out(self) -> Restored:
        """Put it in place of the store, which is set aside; nobody is logged in yet."""
        profile, manifest = self._profile, self._found.manifest
        with self._stack:
            aside = restoring.swap(profile.files, demo=manifest.demo, at=profile.clock.now())
        profile.follow_files()
        return Restored(self._found.path, manifest.created_at, aside)

    def abandon(self) -> None:
        """Clear away what was unpacked; the store stays as it is."""
        self._stack.close()

    def __enter__(self) -> PreparedRestore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.abandon()


def prepare(
    profile: Profile,
    file: Path,
    login: str,
    open_slot: OpenSlot,
    *,
    progress: Progress = no_progress,
    cancel: CancelToken = NEVER,
) -> PreparedRestore:
    """Unpack and check a backup with a key of its moment; ``progress`` in bytes.

    Where a store is here, the user must be an administrator in the backup. Raises AppError RESTORE_WHILE_OPEN,
    BACKUP_MISSING, BACKUP_FOREIGN, BACKUP_DAMAGED, STORE_NEWER, USER_DISABLED, NOT_PERMITTED, DISK_FULL, CANCELLED
    and what ``open_slot`` raises; then everything is as it was.
    """
    if profile.context is not None:
        raise AppError("RESTORE_WHILE_OPEN")
    found = backup.read(file)
    files, total = profile.files, found.manifest.store_bytes

    def told(done: int) -> None:
        stop_if_cancelled(cancel)
        progress(done, total)

    with ExitStack() as stack:
        staged = stack.enter_context(restoring.staging(files))
        backup.unpack(found, staged.store, staged.keys, told)
        data_key = open_slot(KeySlots(staged.keys, profile.clock))
        progress(0, 0, "restore.checking")
        with backup.reopened(found, staged.store, data_key) as sql:
            roles = accounts.roles_in_backup(sql, login)
        if files.store.exists() and not policy.allows(roles, "backup"):
            raise AppError("NOT_PERMITTED", command="backup")
        stop_if_cancelled(cancel)
        return PreparedRestore(profile, found, stack.pop_all(), _later(files, data_key, found))


def _later(files: ProfileFiles, data_key: bytes, found: Backup) -> Later | None:
    """Return what the present store holds beyond a backup, as far as the key of the backup opens it."""
    if not files.store.exists():
        return None
    database = Database(files.store, data_key)
    try:
        with database.reader() as sql:
            return later_than(sql, found.manifest.heads)
    except AppError:
        return None
    finally:
        database.close()
