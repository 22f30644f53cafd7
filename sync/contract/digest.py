"""Digests of accepted statements, computed the same by client and platform.

A report's digest is SHA-256 over its records in order of (kind number, key), each as the msgpack array
``[kind, key, fields]`` with the fields' own bytes. The institution's digest is SHA-256 over ``[kind, subject, digest]``
of its reports that hold a record, in order: so a change of one class costs the hash of that report alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec

from sync.contract.kinds import BY_NUMBER, REPORT_ORDER

_HEADS = {number: b"\x93" + msgspec.msgpack.encode(kind.value) for number, kind in BY_NUMBER.items()}
_BIN8 = b"\xc4"


def statement_digest(records: Iterable[tuple[int, bytes, bytes]]) -> bytes:
    """Return the digest of one report's statement.

    ``records``: kind number, key (shorter than 256 bytes) and fields' bytes of every record, ascending.
    """
    chunks: list[bytes] = []
    for number, key, fields in records:
        chunks += (_HEADS[number], _BIN8, len(key).to_bytes(1, "big"), key, fields)
    return hashlib.sha256(b"".join(chunks)).digest()


EMPTY_STATEMENT = statement_digest([])


def institution_digest(reports: Iterable[tuple[str, str, bytes]]) -> bytes:
    """Return the digest of all accepted statements: report kind, subject and digest of each."""
    held = [entry for entry in reports if entry[2] != EMPTY_STATEMENT]
    held.sort(key=lambda entry: (REPORT_ORDER[entry[0]], entry[1]))
    return hashlib.sha256(msgspec.msgpack.encode(held)).digest()
