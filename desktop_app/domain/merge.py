"""Heads and merge: how concurrent writes of a record meet.

The unit of merge, stamp and conflict is the *group*: fields that mean something only together. A write replaces
the values that its author had seen; writes that no known write has seen are *heads*; the head with the highest
stamp is the value; more than one head with different values is a conflict. Group 0 of every entity says whether
the record is deleted; writing it without having seen anything is what creates a record.

What each record consists of is declared in ``domain/records``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desktop_app.domain.records.base import DELETED_VALUE
from desktop_app.domain.stamps import Stamp


@dataclass(frozen=True, slots=True)
class Head:
    """A write that no known write has seen."""

    stamp: Stamp
    value: object


def merge_heads(heads: Iterable[Head], seen: Iterable[Stamp], write: Head) -> tuple[Head, ...]:
    """Return the heads after a write arrives, the value first (highest stamp).

    ``heads`` are those before it; a head that the author of ``write`` had seen is replaced. Given causal order the
    result does not depend on the order, repetition or route of arrival.
    """
    replaced = set(seen)
    kept = {head.stamp: head for head in heads if head.stamp not in replaced}
    kept[write.stamp] = write
    return tuple(sorted(kept.values(), key=lambda head: head.stamp, reverse=True))


def counts_as_deleted(
    deletions: Iterable[tuple[object, frozenset[Stamp]]],
    other_heads: Iterable[Stamp],
    *,
    has_live_child: bool,
) -> bool:
    """Tell whether a record is hidden.

    ``deletions``: value and seen stamps of each head of the group *deleted*. A record counts as deleted only while
    every such head says so, each head of its other groups was seen by one of them, and no live child points to it.
    """
    pairs = list(deletions)
    if not pairs or has_live_child or any(value != DELETED_VALUE for value, _ in pairs):
        return False
    seen = frozenset().union(*(stamps for _, stamps in pairs))
    return all(stamp in seen for stamp in other_heads)
