"""Scans of the demo: pictures drawn here, each text another one; none shows a person or a document."""

from __future__ import annotations

import hashlib
import struct
import zlib
from pathlib import Path

WIDTH, HEIGHT, LINES = 620, 877, 24
PAPER, INK = 245, 60
STROKE = range(8, 14)


def write_scan(path: Path, text: str) -> Path:
    """Write a grey PNG of an A4 page with lines whose lengths follow from the text; return the file."""
    lengths = hashlib.sha256(text.encode()).digest()
    rows = []
    for y in range(HEIGHT):
        line, inside = divmod(y, HEIGHT // (LINES + 2))
        drawn = inside in STROKE and 1 <= line <= LINES
        ink = 60 + lengths[line % len(lengths)] * 480 // 255 if drawn else 0
        rows.append(b"\0" + bytes([INK]) * ink + bytes([PAPER]) * (WIDTH - ink))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b""))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts))
    return path


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
