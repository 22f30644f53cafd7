"""R35, person by person: what still stands between somebody and a claim, each cause with the place that mends it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from desktop_app.domain.errors import AppError
from desktop_app.domain.policy_parameters import PolicyParameter
from desktop_app.domain.rules import Finding, Severity, rule, severity_of

WHOLE = 10_000
_NEVER = frozenset(
    {"withdrawn", "transferred", "not_completed", "rejected", "waitlisted", "applied", "willing"}
)


@dataclass(frozen=True, slots=True)
class Claimant:
    """A person of a claim, as the records say: 课时 attended of those planned, ``blank`` marks not entered.

    ``certified_on``: day of the certificate that stands; ``lacking``: what the pack asks of the person and nobody has
    brought; ``flags``: names of open 阻断 flags; ``claimed``: class whose claim has the same training already.
    """

    trainee_id: bytes
    name: str
    state: str = "completed"
    chosen_group: str | None = None
    channel: str | None = None
    attended: int = 0
    planned: int = 0
    blank: int = 0
    passed: bool = False
    passed_on: date | None = None
    certificate: str | None = None
    certified_on: date | None = None
    lacking: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    claimed: str | None = None
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Terms:
    """The parameters of a claim as of its day: 出勤率 (万分比), months after the certificate, share without one."""

    class_id: bytes
    class_code: str
    channel: str
    on: date
    attendance: PolicyParameter
    months: PolicyParameter
    share: int = 0


@rule("R35")
def check_claimant(who: Claimant, terms: Terms) -> tuple[Finding, ...]:
    """Return every cause that keeps a person out of a claim (六.3); the thresholds are as hard as their parameters."""
    found = [*_standing(who, terms), *_training(who, terms), *_papers(who, terms)]
    return tuple(found)


def _standing(who: Claimant, terms: Terms) -> Iterable[Finding]:
    if who.state in _NEVER:
        yield _cause(who, terms, "CLAIM_NOT_COMPLETED", "enrolment", "state")
    if who.channel is not None and who.channel != terms.channel:
        yield _cause(who, terms, "CLAIM_OTHER_CHANNEL", "enrolment", "channel")
    if who.chosen_group is None:
        yield _cause(who, terms, "CLAIM_NO_GROUP", "enrolment", "chosen_group")
    if who.claimed is not None:
        yield _cause(who, terms, "CLAIM_TWICE", "claim", "", other=who.claimed)
    for flag in who.flags:
        yield _cause(who, terms, "CLAIM_FLAGGED", "risk_flag", "", flag=flag)


def _training(who: Claimant, terms: Terms) -> Iterable[Finding]:
    if who.blank:
        yield _cause(who, terms, "CLAIM_MARKS_BLANK", "session", "marks", count=who.blank)
    limit = terms.attendance.number()
    if who.attended * WHOLE < limit * who.planned:
        yield _cause(
            who,
            terms,
            "CLAIM_ATTENDANCE",
            "session",
            "marks",
            severity_of(terms.attendance),
            attended=who.attended,
            planned=who.planned,
            percent=limit // 100,
        )
    if not who.passed:
        yield _cause(who, terms, "CLAIM_NOT_PASSED", "assessment", "scores")


def _papers(who: Claimant, terms: Terms) -> Iterable[Finding]:
    if who.passed and who.certificate is None and terms.share == 0:
        yield _cause(who, terms, "CLAIM_NO_CERTIFICATE", "certificate", "number")
    since = who.certified_on or who.passed_on
    months = terms.months.number()
    if since is not None and months and terms.on > months_after(since, months):
        severity = severity_of(terms.months)
        yield _cause(
            who,
            terms,
            "CLAIM_LATE",
            "certificate",
            "issued_on",
            severity,
            day=since.isoformat(),
            months=months,
        )
    for paper in who.lacking:
        yield _cause(who, terms, "CLAIM_PAPER_MISSING", "attachment", "evidence", paper=paper)
    if who.passed and who.amount <= 0 and (who.certificate is not None or terms.share):
        yield _cause(who, terms, "CLAIM_NO_STANDARD", "policy_value", "subsidy_amounts")


def months_after(day: date, months: int) -> date:
    """Return the same day some months later, the month's last where it has none such."""
    year, month = divmod(day.month - 1 + months, 12)
    for last in range(day.day, 27, -1):
        try:
            return date(day.year + year, month + 1, last)
        except ValueError:
            continue
    return date(day.year + year, month + 1, day.day)


def _cause(
    who: Claimant,
    terms: Terms,
    code: str,
    entity: str,
    field: str,
    severity: Severity = Severity.BLOCK,
    **params: object,
) -> Finding:
    error = AppError(code, name=who.name, class_code=terms.class_code, **params)
    return Finding("R35", severity, error, entity, terms.class_id + who.trainee_id, field)
