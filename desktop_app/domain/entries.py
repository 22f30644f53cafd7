"""Journal entries: what they consist of and how they are hashed.

An entry's id is SHA-256 over its header bytes. The payload is a list of *leaves*; every leaf has its own random
salt and hash, and the payload hash is SHA-256 over the leaf hashes in order. So the leaves of one person can be
erased alone while the graph still verifies. Bytes are hashed as their author made them, never re-encoded.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import NamedTuple

from desktop_app.domain.stamps import Stamp

HASH_BYTES = 32
SALT_BYTES = 16
TIP_CONTEXT = b"training-client journal tip\0"  # before the id of a tip when a device signs it
ADMISSION_CONTEXT = b"training-client admission\0"  # before device and key when an invitation admits a device


class Header(NamedTuple):
    """What an entry says of itself; ``user`` is empty where the schedule acts."""

    parents: tuple[bytes, ...]
    stamp: Stamp
    device: bytes
    user: bytes
    command: str
    payload_hash: bytes


class GroupWrite(NamedTuple):
    """One group written: stamps of the values its author saw, the value before and the value after.

    A value is None (never written or cleared), the bare value of a group of one field, or the list of the values
    of its fields in declared order.
    """

    seen: tuple[Stamp, ...]
    old: object
    new: object


class Change(NamedTuple):
    """The groups that one entry writes in one record."""

    entity: int
    key: bytes
    groups: dict[int, GroupWrite]


class Leaf(NamedTuple):
    """A salted piece of payload; ``body`` is None once erased."""

    digest: bytes
    salt: bytes | None
    body: bytes | None


@dataclass(frozen=True, slots=True)
class SealedEntry:
    """An entry as stored and sent: the header's own bytes and the leaves."""

    header: bytes
    leaves: tuple[Leaf, ...]
    id: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Work the id out once: it is asked for time and again."""
        object.__setattr__(self, "id", entry_id(self.header))

    @property
    def is_complete(self) -> bool:
        """Tell whether every leaf is here."""
        return all(leaf.body is not None for leaf in self.leaves)

    def completed_by(self, other: SealedEntry) -> SealedEntry:
        """Return this entry with the leaves that it lacks and another copy of it has."""
        leaves = tuple(
            ours if ours.body is not None else theirs
            for ours, theirs in zip(self.leaves, other.leaves, strict=True)
        )
        return SealedEntry(self.header, leaves)


def entry_id(header: bytes) -> bytes:
    """Return SHA-256 of the header bytes."""
    return hashlib.sha256(header).digest()


def leaf_hash(salt: bytes, body: bytes) -> bytes:
    """Return SHA-256 of salt and leaf bytes."""
    return hashlib.sha256(salt + body).digest()


def payload_hash(leaf_hashes: list[bytes]) -> bytes:
    """Return SHA-256 over the leaf hashes in order."""
    return hashlib.sha256(b"".join(leaf_hashes)).digest()
