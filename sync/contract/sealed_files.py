"""Files for a place without a network: what lies in one is encrypted to a single recipient.

A file is a head in the clear (magic, format, what it is, the recipient's X25519 key, a one-time X25519 key of the
sender, the number of parts) and the parts, each a length of four bytes (big-endian) and ChaCha20-Poly1305 under a
key that HKDF-SHA256 (RFC 5869) draws from X25519 (RFC 7748) of both keys. The nonce of a part is its number, every
part is bound to the head: none can be altered, left out, moved or taken over from another file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import Struct

from desktop_app.domain.errors import AppError
from sync.contract.framing import MAX_FRAME_BYTES
from sync.contract.wire import Count, Hash

MAGIC = b"TRAINING-SEALED\0"
FORMAT = 1
KEY_BYTES, TAG_BYTES = 32, 16
_COUNT, _LENGTH = 4, 4
_KEY_AT = len(MAGIC) + 2
_HEAD_BYTES = _KEY_AT + 2 * KEY_BYTES + _COUNT
_DERIVED, _SEALS = b"training-contract sealing key\0", b"training-contract sealed file\0"
_MAX_PART = 2 * MAX_FRAME_BYTES
MAX_PARTS = 70_000


class FileKind(IntEnum):
    """What a file is; numbers are never reused."""

    BATCH = 1
    RECEIPT = 2


class BatchFileHead(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """First part of a batch file, signed by the device that made the file; the pages' frames follow.

    ``manifest``: envelope; ``reply``: X25519 key to which the receipt file is encrypted; ``cursors``: stream → last
    version that the institution has, what came later goes back with the receipt.
    """

    manifest: bytes
    reply: Hash
    cursors: dict[str, Count] = {}


class BatchFileStart(Struct, array_like=True, frozen=True):
    """``[device, envelope]``: who made the file, and its head as that device signed it."""

    device: bytes
    envelope: bytes


@dataclass(frozen=True, slots=True)
class _Head:
    kind: int
    recipient: bytes
    sender: bytes
    parts: int
    raw: bytes


def sealing_key(private_key: bytes) -> bytes:
    """Return the X25519 private key (32 bytes) that goes with a signing key (Ed25519, 32 bytes)."""
    return HKDF(SHA256(), KEY_BYTES, None, _DERIVED).derive(private_key)


def sealing_address(private_key: bytes) -> bytes:
    """Return the X25519 public key (32 bytes) to which files for the holder of a signing key are encrypted."""
    return X25519PrivateKey.from_private_bytes(sealing_key(private_key)).public_key().public_bytes_raw()


def write_sealed(out: BinaryIO, kind: FileKind, recipient: bytes, count: int, parts: Iterable[bytes]) -> None:
    """Write a file of ``count`` parts, one after the other; AppError SEALED_FILE_ALTERED for a key that is none."""
    own = X25519PrivateKey.generate()
    sender = own.public_key().public_bytes_raw()
    head = MAGIC + bytes([FORMAT, kind]) + recipient + sender + count.to_bytes(_COUNT, "big")
    cipher = ChaCha20Poly1305(_agreed(own, recipient, sender, recipient))
    out.write(head)
    for number, part in enumerate(parts):
        sealed = cipher.encrypt(_nonce(number), part, head)
        out.write(len(sealed).to_bytes(_LENGTH, "big") + sealed)


def read_sealed(file: BinaryIO, kind: FileKind, private_key: bytes) -> Iterator[bytes]:
    """Yield the parts of a file for the holder of a signing key, each once it has shown to be genuine.

    Raises AppError SEALED_FILE_UNKNOWN, SEALED_FILE_NEWER, SEALED_FILE_OTHER, SEALED_FILE_FOREIGN,
    SEALED_FILE_TRUNCATED, SEALED_FILE_ALTERED.
    """
    head = _read_head(file)
    if head.kind != kind:
        raise AppError("SEALED_FILE_OTHER")
    if head.recipient != sealing_address(private_key):
        raise AppError("SEALED_FILE_FOREIGN")
    own = X25519PrivateKey.from_private_bytes(sealing_key(private_key))
    cipher = ChaCha20Poly1305(_agreed(own, head.sender, head.sender, head.recipient))
    for number in range(head.parts):
        size = int.from_bytes(_exactly(file, _LENGTH), "big")
        if not TAG_BYTES <= size <= _MAX_PART:
            raise AppError("SEALED_FILE_ALTERED")
        sealed = _exactly(file, size)
        try:
            yield cipher.decrypt(_nonce(number), sealed, head.raw)
        except InvalidTag as error:
            raise AppError("SEALED_FILE_ALTERED") from error
    if file.read(1):
        raise AppError("SEALED_FILE_ALTERED")


def _read_head(file: BinaryIO) -> _Head:
    raw = file.read(_HEAD_BYTES)
    if not raw or not MAGIC.startswith(raw[: len(MAGIC)]):
        raise AppError("SEALED_FILE_UNKNOWN")
    if len(raw) < _HEAD_BYTES:
        raise AppError("SEALED_FILE_TRUNCATED")
    form, kind = raw[len(MAGIC)], raw[len(MAGIC) + 1]
    if form != FORMAT:
        raise AppError("SEALED_FILE_NEWER", found=form, known=FORMAT)
    recipient = raw[_KEY_AT : _KEY_AT + KEY_BYTES]
    sender = raw[_KEY_AT + KEY_BYTES : _KEY_AT + 2 * KEY_BYTES]
    parts = int.from_bytes(raw[-_COUNT:], "big")
    if not 1 <= parts <= MAX_PARTS:
        raise AppError("SEALED_FILE_ALTERED")
    return _Head(kind, recipient, sender, parts, raw)


def _exactly(file: BinaryIO, size: int) -> bytes:
    found = file.read(size)
    if len(found) < size:
        raise AppError("SEALED_FILE_TRUNCATED")
    return found


def _agreed(own: X25519PrivateKey, other: bytes, sender: bytes, recipient: bytes) -> bytes:
    """Return the key that both sides draw; a public key of low order is none."""
    try:
        shared = own.exchange(X25519PublicKey.from_public_bytes(other))
    except ValueError as error:
        raise AppError("SEALED_FILE_ALTERED") from error
    return HKDF(SHA256(), KEY_BYTES, None, _SEALS + sender + recipient).derive(shared)


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")
