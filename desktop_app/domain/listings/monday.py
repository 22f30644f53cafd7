"""The head's page for Mondays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop_app.domain.monday import StuckClass


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something that is due: ``what`` the class or name, ``count`` the people whom a claim is for.

    ``kind`` is opens, ends, exam, rectification, notice, account or claim.
    """

    kind: str
    what: str
    due_on: date
    class_id: bytes | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """Claims of one ``standing`` (expected, reported, cut, paid) by age: 分 up to 30, 60, 90 days old, and older."""

    standing: str
    fen: tuple[int, int, int, int]

    @property
    def total(self) -> int:
        """Return the sum in 分."""
        return sum(self.fen)


@dataclass(frozen=True, slots=True)
class EarlyWarning:
    """R32: a rate of a class or of the institution below its line; ``code`` and ``params`` as of its finding."""

    code: str
    subject: str
    rate: str
    limit: str


@dataclass(frozen=True, slots=True)
class MondayPage:
    """Everything on one page, as of a day."""

    today: date
    stages: tuple[tuple[str, int], ...]
    stuck: tuple[StuckClass, ...]
    money: tuple[MoneyRow, ...]
    deadlines: tuple[Deadline, ...]
    warnings: tuple[EarlyWarning, ...]
