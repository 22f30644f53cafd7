"""An invitation as a file: the sealed ticket and, behind it, pages with the whole journal, for a place without a relay.

The code that opens it is told by another way. A file that was used says so; that a copy of it was used too shows in
the list of workstations.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from desktop_app.domain.errors import AppError
from sync.contract.relay import LOOKUP_BYTES, MAX_INVITATION_BYTES
from sync.sharing.whole_files import known_errors, write_whole

_MAGIC, _USED = b"TRAINING-INVITE\0", b"TRAINING-INVUSED"
_FORMAT = b"\1"
_LENGTH = 4
_BLOCK = 1 << 20


def write_invitation(file: Path, lookup: bytes, sealed: bytes, pages: Path) -> None:
    """Write an invitation with the pages of another file behind it; AppError SHELF_FULL, SHELF_UNREACHABLE."""
    head = _MAGIC + _FORMAT + lookup + len(sealed).to_bytes(_LENGTH, "big") + sealed
    with known_errors(file), pages.open("rb") as opened:
        blocks = iter(lambda: opened.read(_BLOCK), b"")
        write_whole(file, (block for part in ([head], blocks) for block in part))


def read_invitation(file: Path, lookup: bytes, pages: Path) -> bytes:
    """Return the sealed ticket and copy the pages behind it to a file.

    Raises AppError INVITATION_FILE_WRONG, INVITATION_USED, INVITATION_UNKNOWN for the file of another code,
    SHELF_UNREACHABLE.
    """
    with known_errors(file), file.open("rb") as opened:
        magic = opened.read(len(_MAGIC))
        if magic == _USED:
            raise AppError("INVITATION_USED")
        if magic != _MAGIC or opened.read(1) != _FORMAT:
            raise AppError("INVITATION_FILE_WRONG", file=file.name)
        if opened.read(LOOKUP_BYTES) != lookup:
            raise AppError("INVITATION_UNKNOWN")
        size = int.from_bytes(opened.read(_LENGTH), "big")
        sealed = opened.read(min(size, MAX_INVITATION_BYTES))
        if len(sealed) != size:
            raise AppError("INVITATION_FILE_WRONG", file=file.name)
        with pages.open("wb") as out:
            shutil.copyfileobj(opened, out, _BLOCK)
    return sealed


def mark_used(file: Path) -> None:
    """Say in the file that it was used, where the drive lets that be written."""
    try:
        with file.open("r+b") as opened:
            opened.write(_USED)
    except OSError:
        return
