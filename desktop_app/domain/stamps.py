"""Hybrid logical clock: the stamps that order writes of all workstations.

A stamp is (milliseconds, counter, opening). *Opening* is 64 random bits drawn each time a store is opened, so a
restored backup, a cloned disk or a rewound virtual machine can never issue one stamp twice.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import NamedTuple

from desktop_app.domain.clock import Clock
from desktop_app.domain.errors import AppError

OPENING_BYTES = 8
MAX_AHEAD = timedelta(days=7)
_MAX_AHEAD_MS = MAX_AHEAD // timedelta(milliseconds=1)
_MAX_COUNTER = 0xFFFF


class Stamp(NamedTuple):
    """Total order over all writes: milliseconds since 1970 (UTC), counter, opening.

    A tuple, as are the parts of an entry: hundreds of thousands are made, compared and encoded in one import.
    """

    ms: int
    counter: int
    opening: bytes

    def to_wire(self) -> list[object]:
        """Return the canonical list form."""
        return list(self)

    @staticmethod
    def from_wire(value: object) -> Stamp:
        """Read the list form; AppError STAMP_MALFORMED where it is none."""
        match value:
            case [int(ms), int(counter), bytes(opening)]:
                return Stamp.checked(ms, counter, opening)
        raise AppError("STAMP_MALFORMED")

    @staticmethod
    def checked(ms: int, counter: int, opening: bytes) -> Stamp:
        """Return a stamp that came over the wire; AppError STAMP_MALFORMED where no clock issues it."""
        if 0 <= ms < 1 << 48 and 0 <= counter <= _MAX_COUNTER and len(opening) == OPENING_BYTES:
            return Stamp(ms, counter, opening)
        raise AppError("STAMP_MALFORMED")


def new_opening() -> bytes:
    """Return the random identity of one opening of a store."""
    return secrets.token_bytes(OPENING_BYTES)


class HybridClock:
    """Issues ascending stamps that are later than every stamp applied here."""

    def __init__(self, clock: Clock, opening: bytes, last_ms: int = 0, last_counter: int = 0) -> None:
        self._clock = clock
        self.opening = opening
        self._ms = last_ms
        self._counter = last_counter

    def tick(self) -> Stamp:
        """Return the next stamp."""
        ms = self.wall_ms()
        if ms > self._ms:
            self._ms, self._counter = ms, 0
        elif self._counter < _MAX_COUNTER:
            self._counter += 1
        else:
            self._ms, self._counter = self._ms + 1, 0
        return Stamp(self._ms, self._counter, self.opening)

    def observe(self, stamp: Stamp) -> None:
        """Move on past a foreign stamp; the caller keeps back those that are too far ahead."""
        self._ms, self._counter = max((self._ms, self._counter), (stamp.ms, stamp.counter))

    def is_too_far_ahead(self, stamp: Stamp) -> bool:
        """Tell whether a stamp lies more than seven days before this workstation's wall clock reaches it."""
        return stamp.ms - self.wall_ms() > _MAX_AHEAD_MS

    def wall_ms(self) -> int:
        """Return the wall clock in milliseconds since 1970 (UTC)."""
        return int(self._clock.now().timestamp() * 1000)
