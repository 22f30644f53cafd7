"""Groups and entities: the words in which a kind of record is declared.

Entity and group numbers are wire names: never reused, never given another meaning.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from struct import Struct
from typing import cast

DELETED = 0
ALIVE_VALUE = 0
DELETED_VALUE = 1


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that are written, stamped and merged together; ``packed`` fields hold lists."""

    number: int
    name: str
    fields: tuple[str, ...]
    personal: bool = False
    packed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class KeyPart:
    """A column of the primary key and its length in bytes; 2 bytes are a number."""

    name: str
    size: int = 16


@dataclass(frozen=True)
class Entity:
    """A kind of synced record: its key, its groups and the records it hangs from.

    ``parents`` maps a column (key part or field) to the entity whose record must exist first.
    """

    number: int
    name: str
    key: tuple[KeyPart, ...]
    groups: tuple[Group, ...]
    parents: dict[str, str] = field(default_factory=dict)

    @cached_property
    def by_number(self) -> dict[int, Group]:
        """Return the groups by wire number."""
        return {group.number: group for group in self.groups}

    @cached_property
    def by_name(self) -> dict[str, Group]:
        """Return the groups by name."""
        return {group.name: group for group in self.groups}

    @cached_property
    def group_of_field(self) -> dict[str, Group]:
        """Return the group that holds each field."""
        return {name: group for group in self.groups for name in group.fields}

    @cached_property
    def has_personal(self) -> bool:
        """Tell whether a record of this kind must have a leaf of its own."""
        return any(group.personal for group in self.groups)

    @cached_property
    def key_slices(self) -> dict[str, tuple[int, int, bool]]:
        """Return by key column where its piece starts and stops and whether it is a number."""
        slices: dict[str, tuple[int, int, bool]] = {}
        start = 0
        for part in self.key:
            slices[part.name] = (start, start + part.size, part.size == 2)  # noqa: PLR2004 - see KeyPart
            start += part.size
        return slices

    @cached_property
    def key_size(self) -> int:
        """Return the length of the whole key in bytes."""
        return sum(part.size for part in self.key)

    @cached_property
    def _key_struct(self) -> Struct:
        return Struct(">" + "".join("H" if part.size == 2 else f"{part.size}s" for part in self.key))  # noqa: PLR2004 - see KeyPart

    @cached_property
    def _has_number(self) -> bool:
        return any(part.size == 2 for part in self.key)  # noqa: PLR2004 - see KeyPart

    def split_key(self, key: bytes) -> tuple[bytes | int, ...]:
        """Cut a key into the values of its columns."""
        return self._key_struct.unpack(key)

    def join_key(self, values: Iterable[bytes | int]) -> bytes:
        """Join the values of the key columns."""
        if self._has_number:
            return b"".join(
                value if isinstance(value, bytes) else value.to_bytes(part.size, "big")
                for part, value in zip(self.key, values, strict=True)
            )
        return b"".join(cast("Iterable[bytes]", values))


def declare(
    number: int,
    name: str,
    groups: str,
    key: tuple[KeyPart, ...] = (KeyPart("id"),),
    parents: dict[str, str] | None = None,
) -> Entity:
    """Declare an entity; a line of ``groups`` is ``number name: field, field*`` with ``*`` packed, ``!`` personal."""
    declared = [Group(DELETED, "deleted", ("deleted",))]
    for line in filter(None, (text.strip() for text in groups.splitlines())):
        head, _, tail = line.partition(":")
        group_number, group_name = head.split()
        personal = group_name.endswith("!")
        fields = [text.strip() for text in tail.split(",")] if tail else [group_name.rstrip("!*")]
        if not tail and group_name.endswith("*"):
            fields = [group_name]
        packed = frozenset(text.rstrip("*") for text in fields if text.endswith("*"))
        names = tuple(text.rstrip("*") for text in fields)
        declared.append(Group(int(group_number), group_name.rstrip("!*"), names, personal, packed))
    return Entity(number, name, key, tuple(declared), parents or {})
