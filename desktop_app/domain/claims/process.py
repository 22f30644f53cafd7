"""R35, the claim as a whole: its pack, 校内审核, 公示 and 异议 before it goes up (六.3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from desktop_app.domain.calendar import SHIPPED_ONLY, HolidayYears, working_days_between
from desktop_app.domain.errors import AppError
from desktop_app.domain.policy_parameters import PolicyParameter
from desktop_app.domain.rules import Finding, Severity, rule, severity_of

MAX_TEXT = 100


@dataclass(frozen=True, slots=True)
class Notice:
    """公示: who posts it, where, both days included, and the telephone for 异议."""

    publisher: str
    place: str
    first: date
    last: date
    phone: str


@dataclass(frozen=True, slots=True)
class NoticeTerms:
    """How long a 公示 must be (working days), as of its first day, and the holidays."""

    days: PolicyParameter
    years: HolidayYears = field(default_factory=lambda: SHIPPED_ONLY)

    def shortest_end(self, first: date, most: int) -> date:
        """Return the last day of the shortest 公示 that begins on a day, at most ``most`` days after it."""
        day_before = first - timedelta(days=1)
        for days in range(most):
            last = first + timedelta(days=days)
            if working_days_between(day_before, last, self.years).days >= self.days.number():
                return last
        return first + timedelta(days=most)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a claim stands on the way up; ``lacking`` are items of the pack that the class lacks.

    ``reviewed`` 校内审核 has passed; ``own_work``: the reviewer entered marks or scores of the class himself;
    ``objections``: names of those against whom an 异议 is open.
    """

    class_id: bytes
    class_code: str
    people: int
    lacking: tuple[str, ...] = ()
    reviewed: bool = False
    own_work: bool = False
    notice: Notice | None = None
    objections: tuple[str, ...] = ()


@rule("R35")
def check_notice(notice: Notice, class_code: str, terms: NoticeTerms) -> tuple[Finding, ...]:
    """Check the length of a 公示: working days from its first to its last day, both counted."""
    if notice.last < notice.first:
        return (_finding("CLAIM_NOTICE_REVERSED", class_code, field="last"),)
    day_before = date.fromordinal(notice.first.toordinal() - 1)
    total = working_days_between(day_before, notice.last, terms.years).days
    wanted = terms.days.number()
    if total >= wanted:
        return ()
    severity = severity_of(terms.days)
    return (_finding("CLAIM_NOTICE_SHORT", class_code, severity, "last", days=total, wanted=wanted),)


@rule("R35")
def check_progress(claim: Progress, on: date, *, before_review: bool = False) -> tuple[Finding, ...]:
    """Return every cause that keeps a claim as a whole from going up; ``before_review`` leaves out what comes later."""
    found: list[Finding] = []
    if claim.people == 0:
        found.append(_finding("CLAIM_EMPTY", claim.class_code))
    found += [_finding("CLAIM_CLASS_PAPER", claim.class_code, paper=paper) for paper in claim.lacking]
    if before_review:
        return _placed(claim, found)
    if not claim.reviewed:
        found.append(_finding("CLAIM_NOT_REVIEWED", claim.class_code, field="review"))
    elif claim.own_work:
        found.append(_finding("CLAIM_REVIEW_OWN", claim.class_code, field="review"))
    if claim.notice is None:
        found.append(_finding("CLAIM_NO_NOTICE", claim.class_code, field="notice"))
    elif on <= claim.notice.last:
        last = claim.notice.last.isoformat()
        found.append(_finding("CLAIM_NOTICE_RUNS", claim.class_code, field="notice", day=last))
    found += [_finding("CLAIM_OBJECTED", claim.class_code, name=name) for name in claim.objections]
    return _placed(claim, found)


def _placed(claim: Progress, found: list[Finding]) -> tuple[Finding, ...]:
    return tuple(
        Finding(one.rule, one.severity, one.error, "training_class", claim.class_id, one.field)
        for one in found
    )


def _finding(
    code: str, class_code: str, severity: Severity = Severity.BLOCK, field: str = "", **params: object
) -> Finding:
    return Finding("R35", severity, AppError(code, class_code=class_code, **params), "claim", b"", field)
