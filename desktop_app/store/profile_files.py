"""The folder of a profile: which files lie in it."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from pathlib import Path

from desktop_app.config import PROFILE_KEYS
from desktop_app.domain.errors import AppError


@dataclass(frozen=True, slots=True)
class ProfileFiles:
    """Paths inside one profile folder."""

    folder: Path

    @property
    def store(self) -> Path:
        """Return the encrypted database."""
        return self.folder / "store.db"

    @property
    def keys(self) -> Path:
        """Return the key slots."""
        return self.folder / PROFILE_KEYS

    @property
    def demo_mark(self) -> Path:
        """Return the file whose presence says that this profile may follow a demo clock."""
        return self.folder / "demo"

    @property
    def first_run_mark(self) -> Path:
        """Return the file whose presence says that the store here comes from a first run that is not done."""
        return self.folder / "first-run"

    @property
    def backups(self) -> Path:
        """Return the folder of the automatic backups."""
        return self.folder / "backups"

    @property
    def restoring(self) -> ProfileFiles:
        """Return the files of the folder in which a backup is unpacked before it takes the store's place."""
        return ProfileFiles(self.folder / "restoring")

    def prepare(self) -> None:
        """Make the folder; AppError PROFILE_FOLDER_UNUSABLE."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise AppError("PROFILE_FOLDER_UNUSABLE", folder=str(self.folder)) from error


def disk_trouble(error: OSError, path: Path) -> AppError:
    """Return what a failed write means: DISK_FULL, STORE_READ_ONLY or FILE_NOT_WRITABLE."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return AppError("DISK_FULL", file=path.name)
    if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
        return AppError("STORE_READ_ONLY", file=path.name)
    return AppError("FILE_NOT_WRITABLE", file=path.name)
