"""List items of 结业: what became of everybody of a class, as the report and its paper say it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Outcome(StrEnum):
    """结业, 未结业, 退训, 转班."""

    COMPLETED = "completed"
    NOT_COMPLETED = "not_completed"
    WITHDRAWN = "withdrawn"
    TRANSFERRED = "transferred"


@dataclass(frozen=True, slots=True)
class FinisherItem:
    """One person of a completed class: 课时 planned and attended (折抵 included), ``conclusion`` over all sittings.

    ``certificate`` is the number of the one that stands, None without; ``rate_permille`` rounded down, None without a
    plan.
    """

    trainee_id: bytes
    number: int | None
    name: str
    document_number: str
    outcome: Outcome
    planned_hours: int
    attended_hours: int
    rate_permille: int | None
    conclusion: str
    certificate: str | None


@dataclass(frozen=True, slots=True)
class ClassCompletion:
    """结业 of a class on a day, its people by number."""

    class_id: bytes
    completed_on: date
    people: tuple[FinisherItem, ...]

    def count(self, *outcomes: Outcome) -> int:
        """Count the people of some outcomes (人数)."""
        return sum(one.outcome in outcomes for one in self.people)

    @property
    def passed(self) -> int:
        """Count who passed (合格)."""
        return sum(one.conclusion == "passed" for one in self.people)

    @property
    def certified(self) -> int:
        """Count who holds the certificate (获证)."""
        return sum(one.certificate is not None for one in self.people)
