"""Backups by hand and once a day, and putting one back in place of the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from desktop_app.domain import passwords
from desktop_app.domain.errors import AppError
from desktop_app.domain.records import INSTITUTION
from desktop_app.domain.users import check_login
from desktop_app.services import automatic_backups
from desktop_app.services.context import Service, command
from desktop_app.services.evidence import EvidenceService
from desktop_app.services.profile import Profile
from desktop_app.services.restore import KeptBackup, OpenSlot, Restored, kept, prepare
from desktop_app.store import backup
from desktop_app.store.repositories import accounts
from desktop_app.store.unit_of_work import UnitOfWork
from desktop_app.version import version


@dataclass(frozen=True, slots=True)
class WrittenBackup:
    """A backup that has been written and opened again; ``size`` in bytes."""

    file: Path
    size: int
    created_at: datetime


class BackupService(Service):
    """Backups of the open profile."""

    def __init__(self, profile: Profile) -> None:
        assert profile.context is not None
        super().__init__(profile.context)
        self._profile = profile

    def write(self, path: Path) -> WrittenBackup:
        """Write a backup, open it again to check it, and record that it was made; commands go on meanwhile.

        A former backup of that name is replaced once the new one is sound. Raises AppError NOT_PERMITTED,
        BACKUP_FILE_EXISTS where another file has that name, BACKUP_BUSY, BACKUP_UNSOUND, DISK_FULL,
        STORE_READ_ONLY, FILE_NOT_WRITABLE.
        """
        self.context.require("backup")
        if path.exists() and not backup.is_backup(path):
            raise AppError("BACKUP_FILE_EXISTS", file=path.name)
        profile, at = self._profile, self.context.now()
        database = self.context.workstation.database
        backup.write(database, profile.files, path, profile.data_key, version=version(), at=at)
        self.record()
        return WrittenBackup(path, path.stat().st_size, at)

    @command("backup", undoable=False)
    def record(self, work: UnitOfWork) -> None:
        """Record that a copy of all data has left the program."""
        work.remark(INSTITUTION, accounts.institution(work.sql).id)

    def daily(self) -> AppError | None:
        """Make today's automatic backup unless there is one, and clear away evidence that no record names.

        Returns what went wrong, to be told as a warning.

        Needs no role. Takes as long as a file copy and a check: call it where nobody waits.
        """
        profile = self._profile
        if automatic_backups.has_daily(profile.files, self.context.today()):
            return None
        database = self.context.workstation.database
        trouble = automatic_backups.make(
            profile.files, database, profile.data_key, profile.clock, automatic_backups.DAILY
        )
        if trouble is not None:
            return trouble
        try:
            EvidenceService(profile).clear_unnamed()
        except AppError as error:
            return error
        return None

    def list_automatic(self) -> list[Path]:
        """Return the automatic backups, the newest first."""
        return automatic_backups.listed(self._profile.files)

    def kept(self) -> list[KeptBackup]:
        """Return what the automatic backups say of themselves, the newest first."""
        return kept(self._profile.files)


def restore(profile: Profile, file: Path, login: str, password: str) -> Restored:
    """Put a backup in place of the store, by a password that was good when it was made, and log that user in.

    The former store is set aside. Where there is one, the user must be an administrator in the backup. Raises
    AppError RESTORE_WHILE_OPEN, BACKUP_MISSING, BACKUP_FOREIGN, BACKUP_DAMAGED, STORE_NEWER, LOGIN_WRONG,
    LOGIN_LOCKED, USER_DISABLED, NOT_PERMITTED, DISK_FULL; then everything is as it was.
    """
    name = login.strip()
    restored = _restore(profile, file, lambda slots: slots.open(name, password), name)
    profile.log_in(name, password, confirm_clock=True)
    return restored


def restore_with_code(profile: Profile, file: Path, login: str, code: str, new_password: str) -> Restored:
    """Put a backup in place of the store by its recovery code, give a user a new password, and log that user in.

    Raises AppError RECOVERY_CODE_WRONG, PASSWORD_* and what ``restore`` raises.
    """
    name = check_login(login)
    passwords.check_password(new_password, name)
    restored = _restore(profile, file, lambda slots: slots.open_with_code(code), name)
    profile.log_in_with_code(name, code, new_password, confirm_clock=True)
    return restored


def _restore(profile: Profile, file: Path, open_slot: OpenSlot, login: str) -> Restored:
    with prepare(profile, file, login, open_slot) as prepared:
        return prepared.carry_out()
