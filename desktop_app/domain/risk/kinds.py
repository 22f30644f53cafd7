"""What a risk flag is, which kinds there are, and which of them block (六.3; R37, R38).

A flag is worked out from the records alone, so it is the same on every workstation; its id follows from its kind and
from what it is about, so that a 处置 finds it again. Nothing is deleted: the records stay, the 处置 is a record.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

Subject = tuple[int, bytes]
"""Entity number and key of a record that a flag speaks of."""
Fact = tuple[str, str]
"""Name of a fact (``risk.fact.<name>``) and its text."""


class RiskKind(StrEnum):
    """Kinds of flags; the value is stored and never given another meaning."""

    CERTIFICATE_TWICE = "certificate_twice"
    PERSON_TWICE = "person_twice"
    TEACHER_TWICE = "teacher_twice"
    MARK_OUTSIDE = "mark_outside"
    ACCOUNT_SHARED = "account_shared"
    NO_ABSENCE = "no_absence"
    SAME_GRID = "same_grid"
    MARKED_BEFORE = "marked_before"
    KEYED_AFTER = "keyed_after"
    PHOTO_TWICE = "photo_twice"
    SCORES_EQUAL = "scores_equal"
    PHONE_SHARED = "phone_shared"
    CLASSES_OVERLAP = "classes_overlap"
    TRAINED_TWICE = "trained_twice"
    OVERLAPS_ELSEWHERE = "overlaps_elsewhere"
    TRAINED_ELSEWHERE = "trained_elsewhere"


BLOCKING = frozenset(
    {
        RiskKind.CERTIFICATE_TWICE,
        RiskKind.PERSON_TWICE,
        RiskKind.TEACHER_TWICE,
        RiskKind.MARK_OUTSIDE,
        RiskKind.ACCOUNT_SHARED,
    }
)
"""阻断: facts that cannot be; all others are 提示: patterns that somebody must explain."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag; ``about`` names it for ever, ``subjects`` are its evidence and the people whom it concerns."""

    kind: RiskKind
    about: tuple[bytes | str, ...]
    subjects: tuple[Subject, ...]
    facts: tuple[Fact, ...] = ()
    class_id: bytes | None = None

    @property
    def id(self) -> bytes:
        """Return its key: 16 bytes, the same wherever it is found."""
        parts = [part if isinstance(part, bytes) else part.encode() for part in self.about]
        text = b"\0".join([self.kind.value.encode(), *(b"%d:" % len(part) + part for part in parts)])
        return hashlib.sha256(b"risk\0" + text).digest()[:16]

    @property
    def blocks(self) -> bool:
        """Tell whether it is 阻断."""
        return self.kind in BLOCKING


class Decision(StrEnum):
    """处置: cleared 排除 (explained), confirmed 属实 (it goes on to block)."""

    CLEARED = "cleared"
    CONFIRMED = "confirmed"
