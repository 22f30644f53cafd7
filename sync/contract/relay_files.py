"""Evidence files between the workstations of one institution, by a relay or a folder that cannot read them.

A file lies on a shelf under its *address*, an HMAC-SHA256 of the SHA-256 of its plain bytes under a key drawn from the
institution key: who holds that key finds a file by what the record says, nobody else learns what two offices share.
It is sealed by AES-256-GCM under a key of its own, drawn from the institution key and the address. One address stands
for one content, so all workstations seal a file into the same bytes: parts that several of them send fit together,
and what was broken off goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Annotated

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Meta, Struct

from desktop_app.domain.errors import AppError
from sync.contract.sharing import NONCE_BYTES, derived_key
from sync.contract.wire import PART_BYTES, Hash

MAX_FILE_BYTES = 32 * 1024 * 1024
"""A sealed file; evidence is at most 30 MiB when it is taken in."""
MAX_ASKED = 1000
TAG_BYTES = 16
BLOCK_MAGIC = b"TRSF"
FORMAT = 1
_START = len(BLOCK_MAGIC) + 1
BLOCK_PREFIX_BYTES = _START + 4
_ADDRESS_BYTES = 32
_NAMES, _CONTENTS = b"training-sharing file names\0", b"training-sharing file\0"

FileSize = Annotated[int, Meta(ge=0, le=MAX_FILE_BYTES)]


class FilePart(Struct, array_like=True, frozen=True):
    """``[address, size, start, body]``: bytes of a sealed file of ``size`` bytes from ``start`` on."""

    address: Hash
    size: FileSize
    start: FileSize
    body: Annotated[bytes, Meta(max_length=PART_BYTES)]


class FilePlace(Struct, array_like=True, frozen=True):
    """``[address, start]``: from where on a file is wanted."""

    address: Hash
    start: FileSize


class FileState(Struct, array_like=True, frozen=True):
    """``[had, size]``: how many bytes of a file are on the shelf, and of how many; both 0 where none is."""

    had: FileSize
    size: FileSize

    @property
    def is_whole(self) -> bool:
        """Tell whether all of it is there."""
        return 0 < self.size == self.had


class FilesRequest(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What is asked of the files of a shelf, in this order; the same twice changes nothing.

    ``spoilt``: a file whose bytes are not what its address says is dropped; ``put``: the next part of a file;
    ``asked``: how much of these is there; ``wanted``: the next part of a file that is there as a whole.
    """

    spoilt: Hash | None = None
    put: FilePart | None = None
    asked: Annotated[list[Hash], Meta(max_length=MAX_ASKED)] = []
    wanted: FilePlace | None = None


class FilesAnswer(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """``put``: how much of it is there now; ``asked``: in the order asked; ``part``: None where it is not whole."""

    put: FileState | None = None
    asked: Annotated[list[FileState], Meta(max_length=MAX_ASKED)] = []
    part: FilePart | None = None


def file_address(key: bytes, digest: bytes) -> bytes:
    """Return the address (32 bytes) of a file under an institution key; ``digest``: SHA-256 of its plain bytes."""
    return hmac.digest(derived_key(key, _NAMES), digest, hashlib.sha256)


def seal_file(key: bytes, address: bytes, content: bytes) -> bytes:
    """Return a file as it lies on a shelf; the same bytes whoever seals it, for the key serves this content alone."""
    return AESGCM(derived_key(key, _CONTENTS + address)).encrypt(bytes(NONCE_BYTES), content, address)


def open_file(key: bytes, address: bytes, sealed: bytes) -> bytes:
    """Return the plain bytes of a file; AppError EVIDENCE_ALTERED where they are not those of its address."""
    try:
        content = AESGCM(derived_key(key, _CONTENTS + address)).decrypt(bytes(NONCE_BYTES), sealed, address)
    except (InvalidTag, ValueError) as error:
        raise AppError("EVIDENCE_ALTERED") from error
    if file_address(key, hashlib.sha256(content).digest()) != address:
        raise AppError("EVIDENCE_ALTERED")
    return content


def file_block(address: bytes, sealed: bytes) -> bytes:
    """Return a file as it stands behind the pages in a file for a colleague: magic, format, length, address, bytes."""
    length = (_ADDRESS_BYTES + len(sealed)).to_bytes(4, "big")
    return BLOCK_MAGIC + bytes([FORMAT]) + length + address + sealed


def block_length(start: bytes) -> int:
    """Return how long a block is by its first bytes; AppError SHARE_PAGE_TRUNCATED, _NEWER, _ALTERED."""
    if len(start) < BLOCK_PREFIX_BYTES:
        raise AppError("SHARE_PAGE_TRUNCATED")
    if start[len(BLOCK_MAGIC)] != FORMAT:
        raise AppError("SHARE_PAGE_NEWER", found=start[len(BLOCK_MAGIC)], known=FORMAT)
    length = int.from_bytes(start[_START:BLOCK_PREFIX_BYTES], "big")
    if not _ADDRESS_BYTES < length <= _ADDRESS_BYTES + MAX_FILE_BYTES:
        raise AppError("SHARE_PAGE_ALTERED")
    return BLOCK_PREFIX_BYTES + length


def read_block(block: bytes) -> tuple[bytes, bytes]:
    """Return address and sealed bytes of a whole block."""
    start = BLOCK_PREFIX_BYTES + _ADDRESS_BYTES
    return block[BLOCK_PREFIX_BYTES:start], block[start:]
