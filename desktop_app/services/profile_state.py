"""What the files of a profile say before anybody has logged in; it reads names, sizes and 16 bytes, never a key."""

from __future__ import annotations

from pathlib import Path

from desktop_app.domain.errors import AppError
from desktop_app.store.profile_files import ProfileFiles

_PLAIN_SQLITE = b"SQLite format 3\0"


def trouble(folder: Path) -> AppError | None:
    """Return what keeps everybody out, None where a login or a first run may begin.

    KEY_FILE_MISSING: a store without its keys. STORE_MISSING: keys or backups without a store. STORE_DAMAGED: an empty
    file, or one that is not encrypted. Whether the rest of a store is sound shows only when it is opened.
    """
    files = ProfileFiles(folder)
    if (
        files.restoring.folder / "ready"
    ).exists():  # an interrupted restore is finished when the profile is opened
        return None
    if not files.store.exists():
        lost = files.keys.exists() or (files.backups.is_dir() and any(files.backups.glob("*.backup")))
        return AppError("STORE_MISSING", file=files.store.name) if lost else None
    if not files.keys.exists():
        return None if files.first_run_mark.exists() else AppError("KEY_FILE_MISSING")
    with files.store.open("rb") as store:
        head = store.read(len(_PLAIN_SQLITE))
    damaged = len(head) < len(_PLAIN_SQLITE) or head == _PLAIN_SQLITE
    return AppError("STORE_DAMAGED", file=files.store.name) if damaged else None
