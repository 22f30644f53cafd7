"""Entries that no workstation of this version would write: those of a bug, a newer version or an attacker."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_app.domain.entries import Change, GroupWrite, Header, Leaf, SealedEntry, payload_hash
from desktop_app.domain.stamps import Stamp
from desktop_app.store.journal import Note, make_leaf, make_leaves, seal
from tests.factories.workstations import DEVICES, START

NOW = int(START.timestamp() * 1000)


def stamp(number: int, ahead_ms: int = 0) -> Stamp:
    """A stamp of its own for every number, some seconds after the founding."""
    return Stamp(NOW + 1000 * number + ahead_ms, 0, b"forged!!")


def forge(
    at: Stamp, parents: Sequence[bytes], changes: Sequence[Change] = (), bodies: Sequence[bytes] = ()
) -> SealedEntry:
    """An entry of the second device with these changes and, after them, leaves of these bytes."""
    leaves: list[Leaf] = [*make_leaves(Note(), changes), *(make_leaf(body) for body in bodies)]
    digest = payload_hash([leaf.digest for leaf in leaves])
    return seal(Header(tuple(parents), at, DEVICES[1], b"", "forged", digest), leaves)


def made(entity: int, key: bytes, **groups: object) -> Change:
    """A change that makes a record; groups are given as ``g1=value``."""
    return Change(entity, key, {0: GroupWrite((), None, 0), **_writes((), groups)})


def edited(entity: int, key: bytes, seen: Sequence[Stamp] = (), **groups: object) -> Change:
    """A change of a record by an author who had seen some stamps."""
    return Change(entity, key, _writes(tuple(seen), groups))


def _writes(seen: tuple[Stamp, ...], groups: dict[str, object]) -> dict[int, GroupWrite]:
    return {int(name[1:]): GroupWrite(seen, None, value) for name, value in groups.items()}
