"""协同 as its screen shows it: the workstations, invitations, and how this one stands with the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class WorkstationItem:
    """A workstation of the institution; ``heard`` is when its newest signed entry that is here was written."""

    id: bytes
    name: str
    own: bool
    revoked: bool
    heard: datetime | None


@dataclass(frozen=True, slots=True)
class InvitationItem:
    """An invitation: who made it, when it ends, and what came of it: open, used (by whom) or over."""

    id: bytes
    by: str
    ends: datetime
    state: str
    device: str


@dataclass(frozen=True, slots=True)
class SharingOverview:
    """``unsent``, ``waiting`` and ``parked`` count entries (changes where parked).

    ``contact``: when the relay or a folder was last reached; ``problem``: the code of what went wrong since.
    """

    workstations: tuple[WorkstationItem, ...] = ()
    invitations: tuple[InvitationItem, ...] = ()
    unsent: int = 0
    waiting: int = 0
    parked: int = 0
    contact: datetime | None = None
    problem: str | None = None

    @property
    def others(self) -> int:
        """Return how many other workstations are in use."""
        return sum(not (one.own or one.revoked) for one in self.workstations)
