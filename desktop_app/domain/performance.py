"""绩效 (五.二): 收支台账 and 绩效总量 of 公办职业院校, allocation with the front-line share, annual report.

Money is integer 分. What a ratio yields is rounded down to whole 分, so that no pool ever exceeds its ratio.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from desktop_app.domain.errors import AppError
from desktop_app.domain.money import format_fen
from desktop_app.domain.policy_parameters import PolicyParameter
from desktop_app.domain.records import ALLOCATION, PERFORMANCE_POOL
from desktop_app.domain.rules import Finding, Severity, rule, severity_of

PUBLIC_VOCATIONAL = "public-vocational"
WHOLE = 10_000
"""万分比 of everything."""


class IncomeKind(StrEnum):
    """财政性补贴, 培训收费, 企业支付, 其他."""

    SUBSIDY = "subsidy"
    FEE = "fee"
    ENTERPRISE = "enterprise"
    OTHER = "other"


class CostKind(StrEnum):
    """必要成本: 课酬, 耗材, 考证, 场地设备, 教材, 其他 (五.二.2)."""

    TEACHING = "teaching"
    MATERIALS = "materials"
    EXAMINATION = "examination"
    FACILITIES = "facilities"
    TEXTBOOKS = "textbooks"
    OTHER = "other"


class Recipient(StrEnum):
    """Who an allocation is for: a teacher, or another colleague by account."""

    TEACHER = "teacher"
    USER = "user"


@dataclass(frozen=True, slots=True)
class Money:
    """A line of the ledger as it is entered: ``fen`` > 0, the day the money moved, the voucher's number."""

    kind: str
    fen: int
    on: date
    document: str = ""


@dataclass(frozen=True, slots=True)
class ClassLedger:
    """收支台账 of one class in a year: 分 that came and 分 that it cost."""

    class_id: bytes
    class_code: str
    income: int
    cost: int

    @property
    def balance(self) -> int:
        """Return 结余, negative for a loss."""
        return self.income - self.cost


@dataclass(frozen=True, slots=True)
class Share:
    """An allocation: who, how many 分, and whether that person taught in the year (一线)."""

    person: bytes
    name: str
    fen: int
    front_line: bool


@dataclass(frozen=True, slots=True)
class AnnualReport:
    """年度绩效报告 (五.二.1) up to a day: 人次 by each figure's own basis, and distinct 人数 of those trained."""

    year: int
    until: date
    classes: int = 0
    trained: int = 0
    people: int = 0
    hours: int = 0
    examined: int = 0
    passed: int = 0
    certified: int = 0
    employed: int = 0
    employment_base: int = 0


@dataclass(frozen=True, slots=True)
class Volume:
    """What a year's figures come to, counted by whoever reads them: see ``AnnualReport``."""

    classes: int = 0
    trained: int = 0
    people: int = 0
    hours: int = 0
    examined: int = 0
    passed: int = 0
    certified: int = 0


def rate(part: int, base: int) -> int | None:
    """Return a share in 万分比, rounded down; None for an empty base, which is shown as "—"."""
    return None if base <= 0 else part * WHOLE // base


def year_of(year: int) -> tuple[date, date]:
    """Return the first and the last day of a year; AppError YEAR_RANGE."""
    if not 2000 <= year <= 2100:  # noqa: PLR2004 - years that a training of this notice can have
        raise AppError("YEAR_RANGE", year=year)
    return date(year, 1, 1), date(year, 12, 31)


@rule("R22", empty=AnnualReport(0, date.min))
def annual_report(year: int, until: date, volume: Volume, employed: int, base: int) -> AnnualReport:
    """Return the annual report of an institution from its volume and 就业率's count and base (R36's function)."""
    return AnnualReport(
        year,
        until,
        volume.classes,
        volume.trained,
        volume.people,
        volume.hours,
        volume.examined,
        volume.passed,
        volume.certified,
        employed,
        base,
    )


@rule("R22")
def check_sending(year: int, today: date) -> tuple[Finding, ...]:
    """A report of a year that is not over says so (五.二.1): warns with YEAR_NOT_OVER."""
    if today > year_of(year)[1]:
        return ()
    return (Finding("R22", Severity.WARN, AppError("YEAR_NOT_OVER", year=year, until=today.isoformat())),)


@rule("R23", empty=0)
def pool(ratio: int, income: int, cost: int) -> int:
    """Return 绩效总量 in 分: ratio (万分比) × max(0, income − cost), rounded down; a loss gives 0."""
    return max(0, income - cost) * ratio // WHOLE


@rule("R23")
def check_institution(kind: str) -> tuple[Finding, ...]:
    """绩效总量 is for 公办职业院校 only: blocks with PERFORMANCE_NOT_PUBLIC."""
    if kind == PUBLIC_VOCATIONAL:
        return ()
    return (Finding("R23", Severity.BLOCK, AppError("PERFORMANCE_NOT_PUBLIC"), PERFORMANCE_POOL.name),)


@rule("R23")
def check_ratio(ratio: int, limit: PolicyParameter) -> tuple[Finding, ...]:
    """A ratio is at most the notice's 40 %: PERFORMANCE_RATIO (blocks, the number has a 文号)."""
    highest = limit.number(WHOLE)
    if 0 <= ratio <= highest:
        return ()
    error = AppError("PERFORMANCE_RATIO", ratio=percent_text(ratio), limit=percent_text(highest))
    return (Finding("R23", severity_of(limit), error, PERFORMANCE_POOL.name, field="ratio"),)


@rule("R23")
def check_approval(year: int, approved: int, computed: int) -> tuple[Finding, ...]:
    """What 人社财政 fixed is at most what the ledger yields: blocks with APPROVAL_OVER_POOL."""
    if 0 <= approved <= computed:
        return ()
    error = AppError(
        "APPROVAL_OVER_POOL", year=year, approved=format_fen(approved), limit=format_fen(computed)
    )
    return (Finding("R23", Severity.BLOCK, error, PERFORMANCE_POOL.name, field="approved_fen"),)


@rule("R24")
def check_allocations(year: int, shares: Iterable[Share], available: int) -> tuple[Finding, ...]:
    """Allocations sum to at most the pool: blocks with ALLOCATION_OVER_POOL, naming sum, pool and the excess."""
    total = sum(share.fen for share in shares)
    if total <= available:
        return ()
    error = AppError(
        "ALLOCATION_OVER_POOL",
        year=year,
        total=format_fen(total),
        limit=format_fen(available),
        excess=format_fen(total - available),
    )
    return (Finding("R24", Severity.BLOCK, error, ALLOCATION.name, field="fen"),)


@rule("R24")
def check_front_line(year: int, shares: Iterable[Share], level: PolicyParameter) -> tuple[Finding, ...]:
    """Warn with FRONT_LINE_SHARE where front-line teachers get less than the warning level; empty = no level."""
    share = front_line_share(shares)
    if level.value is None or share is None or share >= level.number():
        return ()
    error = AppError(
        "FRONT_LINE_SHARE", year=year, share=percent_text(share), level=percent_text(level.number())
    )
    return (Finding("R24", severity_of(level), error, ALLOCATION.name),)


def front_line_share(shares: Iterable[Share]) -> int | None:
    """Return the front-line teachers' share of what is allocated, in 万分比 rounded down; None for nothing."""
    listed = tuple(shares)
    return rate(sum(one.fen for one in listed if one.front_line), sum(one.fen for one in listed))


def percent_text(share: int | None) -> str:
    """Return 万分比 as 40% or 66.66%; "—" for None."""
    if share is None:
        return "—"
    whole, rest = divmod(abs(share), 100)
    text = f"{whole}.{rest:02d}".rstrip("0").rstrip(".") if rest else str(whole)
    return f"{'-' if share < 0 else ''}{text}%"


def check_money(money: Money, kinds: Iterable[str], today: date) -> None:
    """Check a line of the ledger: AppError LEDGER_KIND, LEDGER_AMOUNT (≤ 0), LEDGER_FUTURE, LEDGER_TEXT_LONG."""
    if money.kind not in set(kinds):
        raise AppError("LEDGER_KIND", kind=money.kind[:40])
    if money.fen <= 0:
        raise AppError("LEDGER_AMOUNT", amount=format_fen(money.fen))
    if money.on > today:
        raise AppError("LEDGER_FUTURE", date=money.on.isoformat())
    if len(money.document) > MAX_TEXT:
        raise AppError("LEDGER_TEXT_LONG", limit=MAX_TEXT)


MAX_TEXT = 100
