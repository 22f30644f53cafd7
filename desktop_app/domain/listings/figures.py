"""What the pages of 统计 and 绩效 list."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from desktop_app.domain.performance import AnnualReport, ClassLedger, Share
from desktop_app.domain.statistics import Difference, Figure, Scope


@dataclass(frozen=True, slots=True)
class TeacherHours:
    """教师课时统计: sessions and 课时 that a teacher gave in a period, in how many classes."""

    teacher_id: bytes
    name: str
    employment: str
    sessions: int
    hours: int
    classes: int


@dataclass(frozen=True, slots=True)
class Counted:
    """Figures of a period: ``totals`` of every measure, ``figures`` by one dimension; ``until`` is the cut-off."""

    scope: Scope
    until: date
    totals: tuple[Figure, ...]
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class PersonBehind:
    """A line of the list behind a number: whom it counts, in which class, on which day of its basis."""

    class_id: bytes
    trainee_id: bytes
    class_code: str
    name: str
    on: date
    amount: int


@dataclass(frozen=True, slots=True)
class SentReport:
    """A report that was sent: frozen. ``changes`` is what it would say differently now."""

    id: bytes
    kind: str
    scope: Scope
    as_of: date
    sent_on: date
    sent_to: str
    figures: tuple[Figure, ...]
    changes: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class LedgerItem:
    """A line of the 收支台账, in 分; ``direction`` income or cost."""

    id: bytes
    class_id: bytes
    class_code: str
    direction: str
    kind: str
    fen: int
    on: date
    document: str
    claimed: bool = False


@dataclass(frozen=True, slots=True)
class Performance:
    """绩效 of a year: the ledger by class, the pool, what was approved of it and who gets what, in 分.

    ``available`` is what may be allocated: what was approved, before that the computed ``pool``.
    ``is_public`` False: the institution has no pool.
    """

    year: int
    is_public: bool
    ratio: int
    ratio_document: str
    ledgers: tuple[ClassLedger, ...]
    income: int
    cost: int
    pool: int
    approved_fen: int | None = None
    approved_on: date | None = None
    document: str = ""
    shares: tuple[Share, ...] = ()
    report: AnnualReport = field(default_factory=lambda: AnnualReport(0, date.min))

    @property
    def available(self) -> int:
        """Return what may be allocated."""
        return self.pool if self.approved_fen is None else min(self.approved_fen, self.pool)

    @property
    def allocated(self) -> int:
        """Return what is allocated."""
        return sum(share.fen for share in self.shares)
