"""People of a class with their follow-ups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from desktop_app.domain.employment import FollowUp, Graduate

COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class FollowedPerson:
    """A person of a class with what was found out, newest month last; ``ended_on`` the class's last day."""

    class_id: bytes
    trainee_id: bytes
    class_code: str
    number: int
    name: str
    category: str
    state: str | None
    started_on: date | None
    ended_on: date | None
    months: Mapping[int, FollowUp]

    @property
    def graduate(self) -> Graduate:
        """Return the person as the rates see it."""
        history = tuple(self.months.values())
        return Graduate(self.trainee_id, self.name, self.category, self.state == COMPLETED, history)
