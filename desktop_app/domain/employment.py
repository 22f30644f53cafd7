"""就业信息 by month, 凭证, and the rates that follow (六.3, 四.4; R36, R32): one function for every page and report.

就业率 = 就业, 创业 and 灵活就业 with 凭证 on the count date ÷ those who completed and were 未就业 on enrolment.
在校学生 are outside the base; 在岗职工 are counted apart as 稳岗率; 升学 and 参军 by parameter; 失联 stays in the base.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from desktop_app.domain.credit_codes import check_uscc
from desktop_app.domain.errors import AppError
from desktop_app.domain.policy_parameters import PolicyParameter
from desktop_app.domain.rules import Finding, Severity, rule

FULL = 10_000
"""A rate of 100 %: rates are 万分比, rounded down."""
FIRST_YEAR = 2000
_MONTHS = 12
DUE_MONTHS = (1, 3, 6)
"""When a person is followed up at least, in months after the class ends [P]."""
MAX_TEXT = 100


class Status(StrEnum):
    """就业, 创业, 灵活就业, 未就业, 升学, 参军, 失联."""

    EMPLOYED = "employed"
    STARTUP = "startup"
    FLEXIBLE = "flexible"
    UNEMPLOYED = "unemployed"
    STUDY = "study"
    ARMY = "army"
    LOST = "lost"


class VoucherKind(StrEnum):
    """What proves it: 劳动合同, 社保, 营业执照, 单位证明, 灵活就业证明, 录取或入伍通知."""

    CONTRACT = "contract"
    INSURANCE = "insurance"
    LICENCE = "licence"
    STATEMENT = "statement"
    FLEXIBLE = "flexible"
    NOTICE = "notice"


WORKING = frozenset({Status.EMPLOYED, Status.STARTUP, Status.FLEXIBLE})
STUDENT, EMPLOYEE = "student", "employee"
"""Categories of an enrolment that are outside the base of 就业率."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What was found out about a person in a month; ``since`` is the day from which the status holds."""

    status: Status
    followed_on: date
    since: date | None = None
    employer: str = ""
    credit_code: str = ""
    post: str = ""
    contract_from: date | None = None
    contract_until: date | None = None
    insured: bool | None = None
    matched: bool | None = None
    voucher_kind: VoucherKind | None = None
    voucher_number: str = ""
    voucher_on: date | None = None

    @property
    def has_voucher(self) -> bool:
        """Tell whether 凭证 with its kind and day is there."""
        return self.voucher_kind is not None and self.voucher_on is not None

    def works_on(self, day: date) -> bool:
        """Tell whether it proves work on a day: by its 凭证, and not past the end of its contract."""
        begun = self.since is None or self.since <= day
        goes_on = self.contract_until is None or day <= self.contract_until
        return self.status in WORKING and self.has_voucher and begun and goes_on


@dataclass(frozen=True, slots=True)
class Graduate:
    """A person of a class as the rates see it: ``category`` on enrolment; ``history`` of follow-ups in any order."""

    trainee_id: bytes
    name: str
    category: str
    completed: bool
    history: tuple[FollowUp, ...] = ()

    def known_on(self, day: date) -> FollowUp | None:
        """Return the last follow-up up to a day."""
        return max(
            (one for one in self.history if one.followed_on <= day),
            key=lambda one: one.followed_on,
            default=None,
        )


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many; an empty base has no value and shows "—"."""

    count: int
    base: int

    @property
    def value(self) -> int | None:
        """Return 万分比, rounded down; None where the base is empty."""
        return None if self.base == 0 else self.count * FULL // self.base

    @property
    def text(self) -> str:
        """Return the percentage with its base, 79.96 never as 80.0: "79.9 % (4/5)"; "—" for an empty base."""
        if self.value is None:
            return "—"
        tenths = self.value // 10
        return f"{tenths // 10}.{tenths % 10}% ({self.count}/{self.base})"

    def __add__(self, other: Rate) -> Rate:
        """Return the rate of both groups together."""
        return Rate(self.count + other.count, self.base + other.base)


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates of some people on a day: 就业率, and 稳岗率 of the 在岗职工 apart."""

    counted_on: date
    employment: Rate
    retention: Rate
    students: int


def month_number(day: date) -> int:
    """Return the number of a month: January 2000 is 1."""
    return (day.year - FIRST_YEAR) * _MONTHS + day.month


def month_text(number: int) -> str:
    """Return a month as 2020-12."""
    year, month = divmod(number - 1, _MONTHS)
    return f"{FIRST_YEAR + year}-{month + 1:02d}"


def read_month(text: str) -> int:
    """Read 2020-12; AppError MONTH_INVALID."""
    try:
        return month_number(date.fromisoformat(f"{text.strip()}-01"))
    except ValueError as error:
        raise AppError("MONTH_INVALID", value=text[:20]) from error


def month_end(number: int) -> date:
    """Return the last day of a month."""
    return date.fromisoformat(f"{month_text(number + 1)}-01") - timedelta(days=1)


@rule("R36", empty=Rates(date.min, Rate(0, 0), Rate(0, 0), 0))
def rates(
    people: Iterable[Graduate], counted_on: date, *, study_counts: bool = False, army_counts: bool = False
) -> Rates:
    """Return 就业率 and 稳岗率 of people on a day; ``study_counts``, ``army_counts``: parameters of 升学 and 参军."""
    others = {Status.STUDY: study_counts, Status.ARMY: army_counts}
    working = base = kept = staff = students = 0
    for one in people:
        if not one.completed:
            continue
        if one.category == STUDENT:
            students += 1
            continue
        known = one.known_on(counted_on)
        counts = known is not None and (
            known.works_on(counted_on) or (others.get(known.status, False) and known.has_voucher)
        )
        if one.category == EMPLOYEE:
            staff, kept = staff + 1, kept + counts
        else:
            base, working = base + 1, working + counts
    return Rates(counted_on, Rate(working, base), Rate(kept, staff), students)


@rule("R36")
def check_follow_up(
    name: str, class_code: str, given: FollowUp, begun: date | None, today: date
) -> tuple[Finding, ...]:
    """A follow-up lies between the class's start and today, its 凭证 is no older than the training, its dates in order.

    Blocks with FOLLOW_UP_DATE, VOUCHER_TOO_OLD, VOUCHER_IN_FUTURE, CONTRACT_REVERSED, FOLLOW_UP_EMPLOYER; warns with
    VOUCHER_MISSING where work is named that nothing proves, EMPLOYER_CODE_WRONG.
    """
    told = {"name": name, "class_code": class_code}
    found: list[tuple[Severity, str, str, date | None, str]] = []
    if given.followed_on > today or (begun is not None and given.followed_on < begun):
        found.append((Severity.BLOCK, "FOLLOW_UP_DATE", "followed_on", given.followed_on, ""))
    if given.voucher_on is not None and given.voucher_on > today:
        found.append((Severity.BLOCK, "VOUCHER_IN_FUTURE", "voucher_on", given.voucher_on, ""))
    elif given.voucher_on is not None and begun is not None and given.voucher_on < begun:
        found.append((Severity.BLOCK, "VOUCHER_TOO_OLD", "voucher_on", given.voucher_on, begun.isoformat()))
    if given.contract_from and given.contract_until and given.contract_until < given.contract_from:
        found.append(
            (
                Severity.BLOCK,
                "CONTRACT_REVERSED",
                "contract_until",
                given.contract_until,
                given.contract_from.isoformat(),
            )
        )
    if given.status is Status.EMPLOYED and not given.employer.strip():
        found.append((Severity.BLOCK, "FOLLOW_UP_EMPLOYER", "employer", None, ""))
    if given.status in WORKING and not given.has_voucher:
        found.append((Severity.WARN, "VOUCHER_MISSING", "voucher_kind", None, ""))
    if given.credit_code and check_uscc(given.credit_code).problem is not None:
        found.append((Severity.WARN, "EMPLOYER_CODE_WRONG", "credit_code", None, given.credit_code))
    return tuple(
        Finding(
            "R36",
            severity,
            AppError(code, **told, date="" if day is None else day.isoformat(), value=value),
            field=field,
        )
        for severity, code, field, day, value in found
    )


@rule("R32")
def check_rate(kind: str, subject: str, rate: Rate, limit: PolicyParameter) -> tuple[Finding, ...]:
    """Warn of a pass or employment rate (``kind`` pass, employment) of a class or institution below its line (六.3).

    Never blocks: it is an early warning. Nothing is said of an empty base, nor while no line is fixed.
    """
    line = limit.number()
    if limit.value is None or rate.value is None or rate.count * FULL >= line * rate.base:
        return ()
    error = AppError(f"{kind.upper()}_RATE_LOW", subject=subject, rate=rate.text, limit=Rate(line, FULL).text)
    return (Finding("R32", Severity.WARN, error),)


def due_on(ended_on: date, history: Sequence[FollowUp], today: date) -> date | None:
    """Return the day since which a follow-up of 1, 3 or 6 months after the end is lacking; None: none is due."""
    for months in DUE_MONTHS:
        wanted = month_number(ended_on) + months
        day = min(
            date.fromisoformat(f"{month_text(wanted)}-01") + timedelta(days=ended_on.day - 1),
            month_end(wanted),
        )
        if day > today:
            return None
        if not any(one.followed_on >= day for one in history):
            return day
    return None
