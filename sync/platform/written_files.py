"""Files that the platform's commands write: whole and on the disk, or not there."""

from __future__ import annotations

import os
from pathlib import Path

from desktop_app.domain.errors import AppError


def write_file(path: Path, content: bytes) -> None:
    """Write a file under its name once all of it is on the disk; AppError FILE_NOT_WRITABLE."""
    unfinished = path.with_name(path.name + ".new")
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        raise AppError("FILE_NOT_WRITABLE", file=path.name) from error
