"""技能人才统计 (五.一.4, R21): distinct holders by level, trade and region; 待遇兑现 by the employer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from desktop_app.domain.certificates import HELD
from desktop_app.domain.errors import AppError
from desktop_app.domain.rules import Finding, Severity, rule


@dataclass(frozen=True, slots=True)
class Holding:
    """A certificate that somebody was issued; ``person`` is the same for one person's certificates."""

    person: bytes
    level: str
    trade: str
    region: str
    issued_on: date | None
    state: str


@dataclass(frozen=True, slots=True)
class TalentCount:
    """Holders by 发证日 up to ``until``: 人数 each person once, 人次 each certificate."""

    until: date
    people: int = 0
    certificates: int = 0
    by_level: tuple[tuple[str, int], ...] = ()
    by_trade: tuple[tuple[str, int], ...] = ()
    by_region: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Treatment:
    """待遇兑现: what the enterprise gives for the certificate, since when, by which document."""

    employer: str
    measure: str
    since: date
    document: str = ""


@rule("R21", empty=TalentCount(date.min))
def count_holders(holdings: Iterable[Holding], until: date) -> TalentCount:
    """Count who holds a certificate issued up to and including a day; within a group each person counts once."""
    held = [
        one for one in holdings if one.state in HELD and one.issued_on is not None and one.issued_on <= until
    ]
    return TalentCount(
        until,
        len({one.person for one in held}),
        len(held),
        _distinct(held, lambda one: one.level),
        _distinct(held, lambda one: one.trade),
        _distinct(held, lambda one: one.region),
    )


def _distinct(held: Iterable[Holding], group_of: Callable[[Holding], str]) -> tuple[tuple[str, int], ...]:
    people: dict[str, set[bytes]] = defaultdict(set)
    for one in held:
        people[group_of(one)].add(one.person)
    return tuple((group, len(found)) for group, found in sorted(people.items()))


@rule("R21")
def check_treatment(
    name: str, treatment: Treatment, held_since: date | None, today: date
) -> tuple[Finding, ...]:
    """待遇 follows a certificate: block TREATMENT_WITHOUT_CERTIFICATE, TREATMENT_DATE, TREATMENT_INCOMPLETE.

    ``held_since`` is the day of the person's first certificate that is held, None without one.
    """
    causes = []
    if held_since is None:
        causes.append(AppError("TREATMENT_WITHOUT_CERTIFICATE", name=name))
    elif not held_since <= treatment.since <= today:
        causes.append(AppError("TREATMENT_DATE", name=name, date=treatment.since.isoformat()))
    if not treatment.employer.strip() or not treatment.measure.strip():
        causes.append(AppError("TREATMENT_INCOMPLETE", name=name))
    return tuple(Finding("R21", Severity.BLOCK, error) for error in causes)
