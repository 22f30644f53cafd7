"""Which drive a folder lies on: a write-ahead log needs shared memory, which no network drive offers."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from desktop_app.domain.errors import AppError

NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "ncpfs", "afs", "coda", "ceph", "glusterfs", "lustre",
     "beegfs", "gpfs", "davfs", "webdav", "fuse.sshfs", "fuse.davfs", "fuse.davfs2", "fuse.glusterfs", "fuse.rclone",
     "fuse.gvfsd-fuse", "fuse.s3fs", "fuse.smbnetfs"}
)  # fmt: skip
_MOUNTS = Path("/proc/mounts")
_ESCAPE = re.compile(r"\\([0-7]{3})")
_DRIVE_REMOTE = 4  # GetDriveTypeW


def refuse_network_drive(folder: Path, mounts: str | None = None) -> None:
    """Raise AppError STORE_ON_NETWORK_DRIVE for a folder on a network drive; ``mounts`` as /proc/mounts gives it."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - there only

        anchor = folder.resolve().anchor
        kind = ctypes.windll.kernel32.GetDriveTypeW(anchor)
        remote = anchor.startswith("\\\\") or kind == _DRIVE_REMOTE
    else:
        table = mounts if mounts is not None else _mount_table()
        remote = file_system(Path(os.path.realpath(folder)), table) in NETWORK
    if remote:
        raise AppError("STORE_ON_NETWORK_DRIVE", folder=str(folder))


def file_system(folder: Path, mounts: str) -> str:
    """Return the type of the file system that holds a folder, ``""`` where the table does not tell.

    Of several mounts the innermost counts, of two on one place the later.
    """
    found, depth = "", -1
    for line in mounts.splitlines():
        words = line.split()
        if len(words) < 3:  # noqa: PLR2004 - device, place, type
            continue
        place = Path(_ESCAPE.sub(lambda match: chr(int(match[1], 8)), words[1]))
        if folder.is_relative_to(place) and len(place.parts) >= depth:
            found, depth = words[2], len(place.parts)
    return found


def _mount_table() -> str:
    try:
        return _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""
