"""Frames: bytes as they travel and are hashed, a format byte in front (0 plain, 1 zstd)."""

from __future__ import annotations

import hashlib
import threading

import zstandard

from desktop_app.domain.errors import AppError

PLAIN, ZSTD = b"\0", b"\1"
MAX_FRAME_BYTES = 4 * 1024 * 1024
MAX_PLAIN_BYTES = 16 * 1024 * 1024
_SMALL = 128


class _OfThread(threading.local):
    """A compressor works for one caller at a time: two at once would mix what they send."""

    def __init__(self) -> None:
        self.compress = zstandard.ZstdCompressor(level=3).compress


_own = _OfThread()


def wrap(data: bytes) -> bytes:
    """Return the frame of some bytes, compressed where that pays."""
    if len(data) > _SMALL:
        packed = _own.compress(data)
        if len(packed) < len(data):
            return ZSTD + packed
    return PLAIN + data


def unwrap(frame: bytes, code: str = "PAGE_MALFORMED") -> bytes:
    """Return the bytes in a frame.

    Raises AppError BODY_TOO_LARGE beyond 4 MiB as sent or 16 MiB unpacked, AppError ``code`` for no frame.
    """
    if len(frame) > MAX_FRAME_BYTES:
        raise AppError("BODY_TOO_LARGE", limit=MAX_FRAME_BYTES)
    if frame[:1] == PLAIN:
        return frame[1:]
    if frame[:1] != ZSTD:
        raise AppError(code, detail="format byte")
    try:
        size = zstandard.frame_content_size(frame[1:])
        if size < 0 or size > MAX_PLAIN_BYTES:
            raise AppError("BODY_TOO_LARGE", limit=MAX_PLAIN_BYTES)
        return zstandard.ZstdDecompressor().decompress(frame[1:], max_output_size=MAX_PLAIN_BYTES)
    except zstandard.ZstdError as error:
        raise AppError(code, detail="zstd") from error


def frame_hash(frame: bytes) -> bytes:
    """Return SHA-256 of a frame as sent."""
    return hashlib.sha256(frame).digest()
