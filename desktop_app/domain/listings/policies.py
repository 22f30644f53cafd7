"""List items of policy parameters, their history, and what an import would do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from desktop_app.domain.errors import AppError
from desktop_app.domain.policy_changes import Effect
from desktop_app.domain.policy_parameters import PolicyParameter


class ValueState(StrEnum):
    """Where a value stands today."""

    GOVERNS = "governs"
    OVERRULED = "overruled"
    """Another value of the same parameter goes first there."""
    COMING = "coming"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class PolicyListItem:
    """One value as lists show it: ``text`` of the value without its unit; ``later`` values that come into force yet."""

    key: str
    area: str
    parameter: PolicyParameter
    text: str
    state: ValueState
    later: int = 0


@dataclass(frozen=True, slots=True)
class PolicyHistoryItem:
    """A value of the history: who set it when and why; "" and None for a shipped one."""

    parameter: PolicyParameter
    text: str
    state: ValueState
    user: str = ""
    at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PolicyChangeItem:
    """A value that an import would set: ``before`` and ``after`` as text."""

    parameter: PolicyParameter
    before: str
    after: str
    effect: Effect


@dataclass(frozen=True, slots=True)
class PolicyImport:
    """A policy file looked at: what it would set, how much is there already, and what is wrong row by row."""

    changes: tuple[PolicyChangeItem, ...]
    same: int
    pilots: int
    problems: tuple[tuple[str, int, AppError], ...]
    warnings: tuple[AppError, ...] = ()


@dataclass(frozen=True, slots=True)
class PilotImport:
    """A 试点 table looked at or taken over: rows found, new, there already, and bad rows (spreadsheet row, error)."""

    rows: int
    new: int
    same: int
    problems: tuple[tuple[int, AppError], ...]
