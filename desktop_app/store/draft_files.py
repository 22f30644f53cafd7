"""What a user typed and did not save, encrypted, one file a user beside the database.

A file is magic, format, a random 256-bit key wrapped by AES-256-GCM under a key that HKDF-SHA-256 draws from the data
key, and the content under that random key. A new key is drawn at every writing, so no nonce is used twice; both parts
are bound to the user's id, so a file that is moved to another user does not open.
"""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from desktop_app.store.keys import KEY_BYTES, sync_folder, write_atomically
from desktop_app.store.profile_files import ProfileFiles, disk_trouble

_MAGIC = b"TRAINING-DRAFTS\0\x01"
_CONTEXT = b"training-client drafts\0"
_NONCE_BYTES = 12
_WRAPPED_BYTES = KEY_BYTES + 16


class DraftFile:
    """The drafts of one user; ``user`` is the id of that user."""

    def __init__(self, files: ProfileFiles, user: bytes, data_key: bytes) -> None:
        self._path = path_of(files, user)
        self._bound = _CONTEXT + user
        self._wrapping = HKDF(SHA256(), KEY_BYTES, None, self._bound).derive(data_key)

    def write(self, content: bytes) -> None:
        """Replace the content and bring it onto the disk; AppError DISK_FULL, STORE_READ_ONLY, FILE_NOT_WRITABLE."""
        key, first, second = os.urandom(KEY_BYTES), os.urandom(_NONCE_BYTES), os.urandom(_NONCE_BYTES)
        wrapped = AESGCM(self._wrapping).encrypt(first, key, self._bound)
        sealed = AESGCM(key).encrypt(second, content, self._bound)
        try:
            self._path.parent.mkdir(mode=0o700, exist_ok=True)
            write_atomically(self._path, _MAGIC + first + wrapped + second + sealed)
        except OSError as error:
            raise disk_trouble(error, self._path) from error

    def read(self) -> bytes | None:
        """Return the content; None where there is none, or a file that was not written here for this user."""
        try:
            whole = self._path.read_bytes()
        except OSError:
            return None
        if not whole.startswith(_MAGIC):
            return None
        first, rest = _split(whole[len(_MAGIC) :], _NONCE_BYTES)
        wrapped, rest = _split(rest, _WRAPPED_BYTES)
        second, sealed = _split(rest, _NONCE_BYTES)
        try:
            key = AESGCM(self._wrapping).decrypt(first, wrapped, self._bound)
            return AESGCM(key).decrypt(second, sealed, self._bound)
        except (InvalidTag, ValueError):
            return None

    def remove(self) -> None:
        """Drop the file; AppError STORE_READ_ONLY, FILE_NOT_WRITABLE."""
        unfinished = self._path.with_name(self._path.name + ".new")
        try:
            for path in (self._path, unfinished):
                if path.exists():
                    path.unlink()
                    sync_folder(path.parent)
        except OSError as error:
            raise disk_trouble(error, self._path) from error


def path_of(files: ProfileFiles, user: bytes) -> Path:
    """Return where the drafts of a user lie."""
    return files.folder / "drafts" / f"{user.hex()}.drafts"


def _split(whole: bytes, length: int) -> tuple[bytes, bytes]:
    return whole[:length], whole[length:]
