"""Files that are there as a whole or not at all, on drives that fill up or are pulled out."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop_app.domain.errors import AppError
from desktop_app.store.keys import sync_folder


def write_whole(path: Path, parts: Iterable[bytes]) -> None:
    """Write a file beside its place, bring it onto the disk and rename it; where that fails nothing is left."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with beside.open("xb") as file:
            for part in parts:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


@contextmanager
def known_errors(place: Path) -> Iterator[None]:
    """Tell a full drive from one that is not there: AppError SHELF_FULL, SHELF_UNREACHABLE.

    Only the last part of the path is named.
    """
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise AppError("SHELF_FULL", place=place.name) from error
        raise AppError("SHELF_UNREACHABLE", detail=place.name) from error
