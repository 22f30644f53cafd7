"""Putting a backup in place of the present store: staged, then swapped in steps that any death may interrupt.

The backup is unpacked into ``restoring/`` and checked there. A file ``ready`` then decides: once it is written, every
opening of the profile carries the swap to its end; before, it is as if nothing had been. The former store and keys
are moved into a folder of their own and never deleted.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from desktop_app.store.keys import sync_folder, write_atomically
from desktop_app.store.profile_files import ProfileFiles, disk_trouble

_READY = "ready"
_PARTS = ("", "-wal", "-shm")


@contextmanager
def staging(files: ProfileFiles) -> Iterator[ProfileFiles]:
    """Yield the files of an empty staging folder; cleared away unless ``swap`` has been called.

    Raises AppError DISK_FULL, STORE_READ_ONLY, FILE_NOT_WRITABLE.
    """
    staged = files.restoring
    try:
        shutil.rmtree(staged.folder, ignore_errors=True)
        staged.folder.mkdir(mode=0o700)
    except OSError as error:
        raise disk_trouble(error, staged.folder) from error
    try:
        yield staged
    finally:
        if not (staged.folder / _READY).exists():
            shutil.rmtree(staged.folder, ignore_errors=True)


def swap(files: ProfileFiles, *, demo: bool, at: datetime) -> Path | None:
    """Put the staged store and keys in place; return the folder that holds the former ones, None if there were none."""
    aside = _free_folder(files.folder / f"set-aside-{at:%Y%m%dT%H%M%SZ}")
    said = json.dumps({"aside": aside.name, "demo": demo}).encode()
    staged = files.restoring
    for name in (staged.store.name, staged.keys.name):
        for end in ("-wal", "-shm"):
            (staged.folder / (name + end)).unlink(missing_ok=True)
    write_atomically(staged.folder / _READY, said)
    finish(files)
    return aside if aside.exists() else None


def finish(files: ProfileFiles) -> None:
    """Carry a begun swap to its end; what was unpacked but not ready is cleared away."""
    staged = files.restoring
    ready = staged.folder / _READY
    if not ready.exists():
        shutil.rmtree(staged.folder, ignore_errors=True)
        return
    said = json.loads(ready.read_text(encoding="utf-8"))
    aside = files.folder / said["aside"]
    for name in (files.store.name, files.keys.name):
        if (staged.folder / name).exists():
            for part in _PARTS:
                _move_aside(files.folder / (name + part), aside)
            os.replace(staged.folder / name, files.folder / name)  # noqa: PTH105 - reads as what it is: one rename
    if said["demo"]:
        files.demo_mark.touch()
    else:
        files.demo_mark.unlink(missing_ok=True)
    sync_folder(files.folder)
    shutil.rmtree(staged.folder)


def _move_aside(path: Path, aside: Path) -> None:
    if path.exists():
        aside.mkdir(mode=0o700, exist_ok=True)
        path.replace(aside / path.name)


def _free_folder(wanted: Path) -> Path:
    """Return the wanted path, numbered where something stands there already."""
    number, path = 1, wanted
    while path.exists():
        number += 1
        path = wanted.with_name(f"{wanted.name}-{number}")
    return path
