"""Backups: the encrypted store file as it lies on disk, with its key slots and a signed manifest, in one file.

The file is the store itself, then the key slots, the manifest (JSON), its Ed25519 signature (64 bytes) and a foot of
40 bytes: magic and the three lengths, big-endian. So a backup costs one copy, and whoever has lost this program
still gets the store by cutting off the end.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Connection

from desktop_app.domain.errors import AppError
from desktop_app.store import schema, settings
from desktop_app.store.database import Database
from desktop_app.store.keys import sync_folder
from desktop_app.store.profile_files import ProfileFiles, disk_trouble

FORMAT = 1
_MAGIC = b"TRAINING-BACKUP\0"
_FOOT = struct.Struct(">16sQQQ")
_SIGNATURE_BYTES = 64
_CONTEXT = b"training-client backup\0"
_CHUNK = 1 << 18  # small enough to be hashed and written while it is in the processor's cache
Told = Callable[[int], object]
_SMALL = 1 << 22  # neither key slots nor manifest come near 4 MiB


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. ``heads``: entries that no other stored entry follows, ascending."""

    version: str
    revision: str
    device: bytes
    created_at: datetime
    heads: tuple[bytes, ...]
    demo: bool
    store_bytes: int
    store_digest: str
    keys_digest: str


@dataclass(frozen=True, slots=True)
class _Moment:
    """What is read of the store in the instant that the backup stands for."""

    revision: str
    device: bytes
    private_key: bytes
    heads: tuple[bytes, ...]


def write(
    database: Database, files: ProfileFiles, path: Path, data_key: bytes, *, version: str, at: datetime
) -> Manifest:
    """Copy an open store with its keys to ``path`` and check the copy; commands go on meanwhile.

    An existing file is replaced when the new one is sound. Raises AppError as ``copy`` does, BACKUP_UNSOUND where the
    copy does not stand the check: then the store's file is damaged, or the disk that was written to.
    """
    unfinished = path.with_name(path.name + ".unfinished")
    try:
        manifest = copy(database, files, unfinished, version=version, at=at)
        verify(unfinished, data_key)
        unfinished.replace(path)
        sync_folder(path.parent)
    except AppError as error:
        if error.code in {"BACKUP_DAMAGED", "BACKUP_FOREIGN"}:
            raise AppError("BACKUP_UNSOUND", file=path.name) from error
        raise
    except OSError as error:
        raise disk_trouble(error, path) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def copy(database: Database, files: ProfileFiles, path: Path, *, version: str, at: datetime) -> Manifest:
    """Copy an open store with its keys to a file, unchecked: one file copy and its digest.

    Raises AppError BACKUP_BUSY where a long read keeps the log from being brought in, DISK_FULL, STORE_READ_ONLY,
    FILE_NOT_WRITABLE, DEVICE_MISSING.
    """
    try:
        with path.open("wb") as target:
            with database.checkpoints_held(_moment) as moment:
                size, digest = _copy(database.path, target, turn=database.between_commands)
            keys = files.keys.read_bytes()
            manifest = Manifest(
                version, moment.revision, moment.device, at, moment.heads, files.demo_mark.exists(),
                size, digest, hashlib.sha256(keys).hexdigest(),
            )  # fmt: skip
            _write_end(target, keys, manifest, moment.private_key)
    except OSError as error:
        raise disk_trouble(error, path) from error
    return manifest


def _moment(sql: Connection) -> _Moment:
    device, key = settings.read(sql, settings.DEVICE_ID), settings.read(sql, settings.DEVICE_KEY)
    if device is None or key is None:
        raise AppError("DEVICE_MISSING")
    return _Moment(schema.current_revision(sql) or "", device, key, _heads(sql))


def _heads(sql: Connection) -> tuple[bytes, ...]:
    rows = sql.exec_driver_sql(
        # CROSS: else the whole journal is walked, while every command waits.
        "SELECT e.id FROM frontier f CROSS JOIN journal_entry e ON e.seq = f.seq ORDER BY e.id"
    )
    return tuple(bytes(row[0]) for row in rows)


def _copy(
    source: Path,
    target: IO[bytes],
    length: int | None = None,
    told: Told | None = None,
    turn: Callable[[], AbstractContextManager[object]] = nullcontext,
) -> tuple[int, str]:
    """Copy a file, or its first bytes, and return size and SHA-256; what ``told`` raises stops it.

    Each piece is written inside a ``turn``: beside a command that commits, one would wait for the other's disk.
    """
    digest, done, buffer = hashlib.sha256(), 0, memoryview(bytearray(_CHUNK))
    with source.open("rb", buffering=0) as file:
        while read := file.readinto(buffer if length is None else buffer[: length - done]):
            chunk = buffer[:read]
            with turn():
                target.write(chunk)
                _send_to_disk(target, done, read)
            digest.update(chunk)
            done += read
            if told is not None:
                told(done)
    return done, digest.hexdigest()


def _send_to_disk(target: IO[bytes], start: int, length: int) -> None:
    """Let the system begin to write a part of a file, waiting for nothing; where it cannot, it begins when it likes.

    Else all of it lies in memory until the end, and a command's small commit waits while hundreds of MB go out.
    """
    if sys.platform == "linux":
        os.posix_fadvise(target.fileno(), start, length, os.POSIX_FADV_DONTNEED)


def _write_end(target: IO[bytes], keys: bytes, manifest: Manifest, private_key: bytes) -> None:
    said = _encode(manifest)
    signature = Ed25519PrivateKey.from_private_bytes(private_key).sign(_CONTEXT + said)
    target.write(keys + said + signature)
    target.write(_FOOT.pack(_MAGIC, manifest.store_bytes, len(keys), len(said)))
    target.flush()
    os.fsync(target.fileno())


def _encode(manifest: Manifest) -> bytes:
    return json.dumps(
        {
            "format": FORMAT,
            "version": manifest.version,
            "revision": manifest.revision,
            "device": manifest.device.hex(),
            "created_at": manifest.created_at.isoformat(),
            "heads": [head.hex() for head in manifest.heads],
            "demo": manifest.demo,
            "files": {
                "store.db": {"bytes": manifest.store_bytes, "sha256": manifest.store_digest},
                "keys.json": {"sha256": manifest.keys_digest},
            },
        },
        ensure_ascii=False,
    ).encode()


def _decode(said: bytes) -> Manifest:
    content: dict[str, Any] = json.loads(said)
    files = content["files"]
    return Manifest(
        str(content["version"]),
        str(content["revision"]),
        bytes.fromhex(content["device"]),
        datetime.fromisoformat(content["created_at"]),
        tuple(bytes.fromhex(head) for head in content["heads"]),
        bool(content["demo"]),
        int(files["store.db"]["bytes"]),
        str(files["store.db"]["sha256"]),
        str(files["keys.json"]["sha256"]),
    )


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup file that has been looked into; its parts are sound, its signature is checked with the store open."""

    path: Path
    manifest: Manifest
    keys: bytes
    said: bytes
    signature: bytes


def is_backup(path: Path) -> bool:
    """Tell whether a file ends as a backup does."""
    try:
        with path.open("rb") as file:
            file.seek(-_FOOT.size, os.SEEK_END)
            return file.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False


def read(path: Path) -> Backup:
    """Read the end of a backup.

    Raises AppError BACKUP_MISSING, BACKUP_FOREIGN (no backup of this program, or cut short), BACKUP_DAMAGED.
    """
    if not path.is_file():
        raise AppError("BACKUP_MISSING", file=path.name)
    if not is_backup(path):
        raise AppError("BACKUP_FOREIGN", file=path.name)
    try:
        with path.open("rb") as file:
            file.seek(-_FOOT.size, os.SEEK_END)
            _, store, keys_length, said_length = _FOOT.unpack(file.read(_FOOT.size))
            whole = store + keys_length + said_length + _SIGNATURE_BYTES + _FOOT.size
            if whole != path.stat().st_size or max(keys_length, said_length) > _SMALL:
                raise AppError("BACKUP_DAMAGED", file=path.name)
            file.seek(store)
            keys, said = file.read(keys_length), file.read(said_length)
            signature = file.read(_SIGNATURE_BYTES)
        manifest = _decode(said)
    except OSError as error:
        raise disk_trouble(error, path) from error
    except (ValueError, KeyError, TypeError) as error:
        raise AppError("BACKUP_DAMAGED", file=path.name) from error
    if manifest.store_bytes != store or hashlib.sha256(keys).hexdigest() != manifest.keys_digest:
        raise AppError("BACKUP_DAMAGED", file=path.name)
    return Backup(path, manifest, keys, said, signature)


def unpack(backup: Backup, store: Path, keys: Path, told: Told | None = None) -> None:
    """Write the parts of a backup to files and onto the disk; AppError BACKUP_DAMAGED, DISK_FULL, FILE_NOT_WRITABLE.

    ``told`` gets the bytes copied so far; what it raises stops the work.
    """
    try:
        with store.open("wb") as target:
            _, digest = _copy(backup.path, target, backup.manifest.store_bytes, told)
            target.flush()
            os.fsync(target.fileno())
        with keys.open("wb") as target:
            target.write(backup.keys)
            target.flush()
            os.fsync(target.fileno())
    except OSError as error:
        raise disk_trouble(error, store) from error
    if digest != backup.manifest.store_digest:
        raise AppError("BACKUP_DAMAGED", file=backup.path.name)


@contextmanager
def reopened(backup: Backup, store: Path, data_key: bytes) -> Iterator[Connection]:
    """Open an unpacked store read-only, check it whole, and yield it.

    Raises AppError BACKUP_DAMAGED (a page is damaged, the signature is not that of its device, the journal is
    another one), STORE_NEWER.
    """
    database = Database(store, data_key, read_only=True)
    try:
        with database.reader() as sql:
            _check(sql, backup)
            yield sql
    except AppError as error:
        if error.code == "STORE_DAMAGED":
            raise AppError("BACKUP_DAMAGED", file=backup.path.name) from error
        raise
    finally:
        database.close()


def _check(sql: Connection, backup: Backup) -> None:
    problems = [row[0] for row in sql.exec_driver_sql("PRAGMA quick_check")]
    revision = schema.current_revision(sql)
    if revision is not None:
        schema.refuse_newer(revision)
    device = backup.manifest.device
    key = sql.exec_driver_sql("SELECT public_key FROM device WHERE id = ?", (device,)).scalar_one_or_none()
    sound = (
        problems == ["ok"] and revision == backup.manifest.revision and _heads(sql) == backup.manifest.heads
    )
    if not sound or key is None or not _is_signed(backup, key):
        raise AppError("BACKUP_DAMAGED", file=backup.path.name)


def _is_signed(backup: Backup, key: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(backup.signature, _CONTEXT + backup.said)
    except (InvalidSignature, ValueError):
        return False
    return True


def verify(path: Path, data_key: bytes) -> Manifest:
    """Check a backup by unpacking and reopening it beside itself; AppError as ``read``, ``unpack``, ``reopened``."""
    backup = read(path)
    store, keys = (path.with_name(f"{path.name}.{part}") for part in ("store-check", "keys-check"))
    try:
        unpack(backup, store, keys)
        with reopened(backup, store, data_key):
            return backup.manifest
    finally:
        for left in (store, keys, *(store.with_name(store.name + end) for end in ("-wal", "-shm"))):
            left.unlink(missing_ok=True)
