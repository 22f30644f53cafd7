"""Frames: bytes as they travel and are hashed, a format byte in front (0 plain, 1 zstd, 2 gzip).

Everybody takes plain frames; of the packed ones each side says which it reads, and zstd goes before gzip.
"""

from __future__ import annotations

import hashlib
import threading
import zlib
from collections.abc import Collection

import zstandard

from desktop_app.domain.errors import AppError

PLAIN, ZSTD, GZIP = b"\0", b"\1", b"\2"
FORMATS = ("zstd", "gzip")
"""Formats that this program reads and writes, the better one first."""
UNSAID = ("zstd",)
"""What a side reads that does not say so: the first platforms and workstations of this contract."""
FORMATS_HEADER = "Training-Frames"
MAX_FRAME_BYTES = 4 * 1024 * 1024
MAX_PLAIN_BYTES = 16 * 1024 * 1024
_SMALL = 128
_GZIP_BITS = 31  # zlib's word for a gzip head and tail


class _OfThread(threading.local):
    """A compressor works for one caller at a time: two at once would mix what they send."""

    def __init__(self) -> None:
        self.compress = zstandard.ZstdCompressor(level=3).compress


_own = _OfThread()


def wrap(data: bytes, formats: Collection[str] = UNSAID) -> bytes:
    """Return the frame of some bytes, compressed where that pays in the best of the formats that the reader takes."""
    if len(data) > _SMALL and formats:
        zstd = "zstd" in formats
        packed = _own.compress(data) if zstd else zlib.compress(data, wbits=_GZIP_BITS)
        if len(packed) < len(data):
            return (ZSTD if zstd else GZIP) + packed
    return PLAIN + data


def agreed(said: str | None) -> tuple[str, ...]:
    """Return which formats both sides read, the better one first; ``said``: the other side's, parted by commas."""
    theirs = UNSAID if said is None else [one.strip() for one in said.split(",")]
    return tuple(one for one in FORMATS if one in theirs)


def is_in(frame: bytes, formats: Collection[str]) -> bool:
    """Tell whether a frame is plain or in one of some formats."""
    named = {ZSTD: "zstd", GZIP: "gzip"}.get(frame[:1])
    return named is None or named in formats


def unwrap(frame: bytes, code: str = "PAGE_MALFORMED") -> bytes:
    """Return the bytes in a frame.

    Raises AppError BODY_TOO_LARGE beyond 4 MiB as sent or 16 MiB unpacked, AppError ``code`` for no frame.
    """
    if len(frame) > MAX_FRAME_BYTES:
        raise AppError("BODY_TOO_LARGE", limit=MAX_FRAME_BYTES)
    if frame[:1] == PLAIN:
        return frame[1:]
    if frame[:1] == GZIP:
        return _from_gzip(frame[1:], code)
    if frame[:1] != ZSTD:
        raise AppError(code, detail="format byte")
    try:
        size = zstandard.frame_content_size(frame[1:])
        if size < 0 or size > MAX_PLAIN_BYTES:
            raise AppError("BODY_TOO_LARGE", limit=MAX_PLAIN_BYTES)
        return zstandard.ZstdDecompressor().decompress(frame[1:], max_output_size=MAX_PLAIN_BYTES)
    except zstandard.ZstdError as error:
        raise AppError(code, detail="zstd") from error


def _from_gzip(packed: bytes, code: str) -> bytes:
    reader = zlib.decompressobj(_GZIP_BITS)
    try:
        data = reader.decompress(packed, MAX_PLAIN_BYTES)
    except zlib.error as error:
        raise AppError(code, detail="gzip") from error
    if reader.unconsumed_tail:
        raise AppError("BODY_TOO_LARGE", limit=MAX_PLAIN_BYTES)
    if not reader.eof or reader.unused_data:
        raise AppError(code, detail="gzip")
    return data


def frame_hash(frame: bytes) -> bytes:
    """Return SHA-256 of a frame as sent."""
    return hashlib.sha256(frame).digest()
