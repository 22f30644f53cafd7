"""Three ways to get merging wrong, each put in at the seam where it would be made."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from desktop_app.domain import merge
from desktop_app.domain.merge import Head
from desktop_app.domain.stamps import Stamp
from desktop_app.store.applying import Applier

_merge_heads = merge.merge_heads


def drop_seen(patch: pytest.MonkeyPatch) -> None:
    """A write replaces nothing, whatever its author had seen."""

    def mutant(heads: Iterable[Head], seen: Iterable[Stamp], write: Head) -> tuple[Head, ...]:
        return _merge_heads(heads, (), write)

    patch.setattr(merge, "merge_heads", mutant)


def highest_stamp_only(patch: pytest.MonkeyPatch) -> None:
    """The last writer wins and the others are forgotten."""

    def mutant(heads: Iterable[Head], seen: Iterable[Stamp], write: Head) -> tuple[Head, ...]:
        return _merge_heads(heads, seen, write)[:1]

    patch.setattr(merge, "merge_heads", mutant)


def apply_before_parents(patch: pytest.MonkeyPatch) -> None:
    """An entry is stored and applied as it comes, whether or not its parents are here."""
    patch.setattr(Applier, "_why_wait", lambda self, entry, header: None)


MUTANTS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "drop seen": drop_seen,
    "highest stamp only": highest_stamp_only,
    "apply before parents": apply_before_parents,
}
