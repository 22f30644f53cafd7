"""The stored form of a leaf: format byte, salt, and the bytes as they are or squeezed where that is shorter."""

from __future__ import annotations

import threading

import zstandard

from desktop_app.domain.entries import SALT_BYTES, Leaf
from desktop_app.domain.errors import AppError

_RAW, _ZSTD = b"\0", b"\1"
_WORTH_SQUEEZING = 128  # a single mark has 60 to 90 bytes, nearly all of them random


class _Zstd(threading.local):
    """Contexts that are kept, for making one costs more than squeezing a leaf; each thread has its own."""

    def __init__(self) -> None:
        self.compress = zstandard.ZstdCompressor(level=3, write_checksum=False).compress
        self.decompress = zstandard.ZstdDecompressor().decompress


_zstd = _Zstd()


def compress_leaf(leaf: Leaf) -> bytes | None:
    """Return the stored form of a leaf; None where erased."""
    if leaf.salt is None or leaf.body is None:
        return None
    if len(leaf.body) >= _WORTH_SQUEEZING:
        squeezed = _zstd.compress(leaf.body)
        if len(squeezed) < len(leaf.body):
            return _ZSTD + leaf.salt + squeezed
    return _RAW + leaf.salt + leaf.body


def expand_leaf(digest: bytes, stored: bytes | None) -> Leaf:
    """Read the stored form of a leaf; AppError JOURNAL_MALFORMED where it cannot be read."""
    if stored is None:
        return Leaf(digest, None, None)
    salt, body = stored[1 : 1 + SALT_BYTES], stored[1 + SALT_BYTES :]
    if stored[:1] == _ZSTD:
        try:
            body = _zstd.decompress(body)
        except zstandard.ZstdError as error:
            raise AppError("JOURNAL_MALFORMED") from error
    return Leaf(digest, salt, body)
