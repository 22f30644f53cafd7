"""Files of evidence, encrypted, beside the database: a record knows a file by the SHA-256 of its plain bytes.

On disk it lies under an HMAC of that hash, so neither name nor size of the folder tells what is in it, and the same
scan is kept once. A file is magic, format, a random 256-bit key wrapped by AES-256-GCM under a key that HKDF-SHA-256
draws from the data key, and the content under that random key, both bound to the name. It is on the disk, under its
last name, before the record that names it commits; a file that no record names is left over from a command that
did not come to its end, and is cleared away after ``KEPT_UNNAMED``.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import shutil
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from desktop_app.domain.errors import AppError
from desktop_app.store.keys import KEY_BYTES, sync_folder, write_atomically
from desktop_app.store.profile_files import ProfileFiles, disk_trouble

KEPT_UNNAMED = timedelta(days=30)
"""So long a file without a record stays: an older backup that is put back may have lost the record for a while."""
_MAGIC = b"TRAINING-EVIDENCE\0\x01"
_NAMES, _CONTENTS = b"training-client evidence names\0", b"training-client evidence\0"
_NONCE_BYTES = 12
_WRAPPED_BYTES = KEY_BYTES + 16
_NAME = re.compile(r"[0-9a-f]{64}")
_UNFINISHED = ".new"


def digest_of(content: bytes) -> bytes:
    """Return the hash by which records know a file."""
    return hashlib.sha256(content).digest()


class EvidenceFiles:
    """The evidence folder of a profile."""

    def __init__(self, files: ProfileFiles, data_key: bytes) -> None:
        self._folder = files.folder / "evidence"
        self._naming = HKDF(SHA256(), KEY_BYTES, None, _NAMES).derive(data_key)
        self._wrapping = HKDF(SHA256(), KEY_BYTES, None, _CONTENTS).derive(data_key)

    def path(self, digest: bytes) -> Path:
        """Return where the file of a hash lies."""
        name = hmac.new(self._naming, digest, hashlib.sha256).hexdigest()
        return self._folder / name[:2] / name

    def has(self, digest: bytes) -> bool:
        """Tell whether the file of a hash lies here; whether it is sound is seen when it is read."""
        return self.path(digest).is_file()

    def begun_path(self, address: bytes) -> Path:
        """Return where a file that is being fetched from a colleague grows, sealed as it travels."""
        return self._folder / "fetching" / address.hex()

    def append_begun(self, address: bytes, body: bytes) -> None:
        """Keep further bytes of such a file; AppError DISK_FULL, STORE_READ_ONLY, FILE_NOT_WRITABLE."""
        path = self.begun_path(address)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with path.open("ab") as file:
                file.write(body)
        except OSError as error:
            raise disk_trouble(error, path) from error

    def put(self, content: bytes) -> bytes:
        """Keep a file, on the disk when this returns; return its hash. One that is there, and sound, is kept once.

        Raises AppError DISK_FULL, STORE_READ_ONLY, FILE_NOT_WRITABLE.
        """
        digest = digest_of(content)
        path = self.path(digest)
        if self._opened(digest) is not None:
            return digest
        try:
            if not path.parent.exists():
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                sync_folder(self._folder)
            write_atomically(path, self._sealed(path.name, content))
        except OSError as error:
            raise disk_trouble(error, path) from error
        return digest

    def get(self, digest: bytes) -> bytes:
        """Return a file; AppError EVIDENCE_LOST where it is gone, damaged or another one."""
        content = self._opened(digest)
        if content is None:
            raise AppError("EVIDENCE_LOST")
        return content

    def lost(self, digests: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the hashes whose files are gone or damaged; reads every file."""
        return (digest for digest in digests if self._opened(digest) is None)

    def absent(self, digests: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the hashes of which there is no file at all."""
        return (digest for digest in digests if not self.path(digest).exists())

    def _sealed(self, name: str, content: bytes) -> bytes:
        key, first, second = os.urandom(KEY_BYTES), os.urandom(_NONCE_BYTES), os.urandom(_NONCE_BYTES)
        bound = name.encode("ascii")
        wrapped = AESGCM(self._wrapping).encrypt(first, key, bound)
        return _MAGIC + first + wrapped + second + AESGCM(key).encrypt(second, content, bound)

    def _opened(self, digest: bytes) -> bytes | None:
        path = self.path(digest)
        try:
            whole = path.read_bytes()
        except OSError:
            return None
        start = len(_MAGIC)
        first, wrapped = whole[start : start + _NONCE_BYTES], start + _NONCE_BYTES
        sealed = wrapped + _WRAPPED_BYTES + _NONCE_BYTES
        second = whole[sealed - _NONCE_BYTES : sealed]
        bound = path.name.encode("ascii")
        if not whole.startswith(_MAGIC):
            return None
        try:
            key = AESGCM(self._wrapping).decrypt(first, whole[wrapped : wrapped + _WRAPPED_BYTES], bound)
            content = AESGCM(key).decrypt(second, whole[sealed:], bound)
        except (InvalidTag, ValueError):
            return None
        return content if digest_of(content) == digest else None

    def clear_unnamed(self, named: Collection[bytes], now: datetime) -> int:
        """Drop what no record names and has lain for ``KEPT_UNNAMED``; return how many. ``named``: hashes."""
        kept = {self.path(digest).name for digest in named}
        last = (now - KEPT_UNNAMED).timestamp()
        count = 0
        for path in self._all():
            name = path.name.removesuffix(_UNFINISHED)
            if name in kept and name == path.name:
                continue
            try:
                if path.stat().st_mtime < last:
                    path.unlink()
                    count += 1
            except OSError as error:
                raise disk_trouble(error, path) from error
        return count

    def drop(self, digests: Iterable[bytes]) -> int:
        """Drop files for good, whatever their age; return how many. Raises AppError as ``clear_unnamed``."""
        count = 0
        for digest in digests:
            path = self.path(digest)
            try:
                if path.exists():
                    path.unlink()
                    count += 1
            except OSError as error:
                raise disk_trouble(error, path) from error
        return count

    def copy_to(self, folder: Path, named: Collection[bytes]) -> tuple[int, int]:
        """Bring the files of these hashes into a folder, as encrypted as they are; return (copied, lost).

        What lies there already is not copied again. Raises AppError DISK_FULL, FILE_NOT_WRITABLE.
        """
        copied = lost = 0
        for digest in named:
            source = self.path(digest)
            if not source.exists():
                lost += 1
                continue
            copied += _copy(source, folder / source.parent.name / source.name)
        return copied, lost

    def copy_from(self, folder: Path, named: Collection[bytes]) -> tuple[int, int]:
        """Fetch the files of these hashes that are lost here from such a folder; return (fetched, still lost)."""
        fetched = 0
        missing = list(self.lost(named))
        for digest in missing:
            path = self.path(digest)
            source = folder / path.parent.name / path.name
            if source.is_file():
                path.unlink(missing_ok=True)
                fetched += _copy(source, path)
        return fetched, sum(1 for _ in self.lost(missing))

    def _all(self) -> Iterator[Path]:
        for path in sorted(self._folder.glob("*/*")):
            if path.is_file() and _NAME.fullmatch(path.name.removesuffix(_UNFINISHED)):
                yield path


def _copy(source: Path, target: Path) -> int:
    """Copy one file unless it is there; return how many were copied."""
    if target.exists() and target.stat().st_size == source.stat().st_size:
        return 0
    unfinished = target.with_name(target.name + _UNFINISHED)
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with source.open("rb") as read, unfinished.open("wb") as written:
            shutil.copyfileobj(read, written)
            written.flush()
            os.fsync(written.fileno())
        unfinished.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise disk_trouble(error, target) from error
    return 1
