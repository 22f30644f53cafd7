"""职业指导、岗位推荐、创业服务 (四.4, R16) and hires by partners of the evaluation organisation (六.2, R30)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from desktop_app.domain.credit_codes import check_uscc
from desktop_app.domain.errors import AppError
from desktop_app.domain.rules import Finding, Severity, rule


class GuidanceKind(StrEnum):
    """职业指导, 岗位推荐, 创业服务."""

    CAREER = "career"
    REFERRAL = "referral"
    STARTUP = "startup"


class Provider(StrEnum):
    """Who gives it: 承训机构 or 培训评价组织."""

    INSTITUTION = "institution"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Guidance:
    """One service to one person; ``note`` says what was advised or which post was offered."""

    kind: GuidanceKind
    held_on: date
    provider: Provider = Provider.INSTITUTION
    note: str = ""


@dataclass(frozen=True, slots=True)
class Hire:
    """A person hired by ``employer``, a partner of ``partner_of``; ``credit_code`` 统一社会信用代码, may be empty."""

    employer: str
    hired_on: date
    partner_of: str
    post: str = ""
    credit_code: str = ""


@dataclass(frozen=True, slots=True)
class Graduate:
    """A person of a class as R16 sees it: ``employed`` at completion, ``services`` received."""

    trainee_id: bytes
    name: str
    employed: bool
    services: int


NOT_UNEMPLOYED = frozenset({"employee", "student"})
"""Categories that are not 未就业 by themselves: 在岗职工 work, 在校学生 study."""


@rule("R16")
def lacking(graduates: Iterable[Graduate]) -> tuple[Graduate, ...]:
    """Return who is 未就业 and has no service yet."""
    return tuple(one for one in graduates if not one.employed and not one.services)


@rule("R16")
def check_served(class_code: str, graduates: Iterable[Graduate]) -> tuple[Finding, ...]:
    """Warn of each person who ends a class 未就业 and without any service (四.4)."""
    return tuple(
        Finding(
            "R16",
            Severity.WARN,
            AppError("GUIDANCE_LACKING", name=one.name, class_code=class_code),
            "trainee",
            one.trainee_id,
        )
        for one in lacking(graduates)
    )


@rule("R16")
def check_guidance(
    name: str, class_code: str, given: Guidance, begun: date | None, today: date, organisation: str | None
) -> tuple[Finding, ...]:
    """A service lies between the class's start and today; the evaluation organisation gives none unnamed.

    Blocks with GUIDANCE_DATE, GUIDANCE_NOBODY.
    """
    found = []
    if given.held_on > today or (begun is not None and given.held_on < begun):
        error = AppError("GUIDANCE_DATE", name=name, class_code=class_code, date=given.held_on.isoformat())
        found.append(Finding("R16", Severity.BLOCK, error, field="held_on"))
    if given.provider is Provider.ORGANISATION and not organisation:
        error = AppError("GUIDANCE_NOBODY", name=name, class_code=class_code)
        found.append(Finding("R16", Severity.BLOCK, error, field="provider"))
    return tuple(found)


@rule("R30")
def check_hire(
    name: str, class_code: str, hire: Hire, organisation: str | None, today: date
) -> tuple[Finding, ...]:
    """A hire is by a partner of the class's evaluation organisation (六.2), on a day that has come.

    Blocks with HIRE_DATE, HIRE_EMPLOYER, HIRE_OTHER_ORGANISATION (expected, given); warns with HIRE_CREDIT_CODE.
    """
    causes: list[tuple[Severity, AppError, str]] = []
    if not hire.employer.strip():
        causes.append(
            (Severity.BLOCK, AppError("HIRE_EMPLOYER", name=name, class_code=class_code), "employer")
        )
    if hire.hired_on > today:
        error = AppError("HIRE_DATE", name=name, class_code=class_code, date=hire.hired_on.isoformat())
        causes.append((Severity.BLOCK, error, "hired_on"))
    if not organisation or hire.partner_of.strip() != organisation:
        error = AppError(
            "HIRE_OTHER_ORGANISATION",
            name=name,
            class_code=class_code,
            value=hire.partner_of,
            expected=organisation or "—",
        )
        causes.append((Severity.BLOCK, error, "partner_of"))
    if hire.credit_code and check_uscc(hire.credit_code).problem is not None:
        error = AppError("HIRE_CREDIT_CODE", name=name, class_code=class_code, value=hire.credit_code)
        causes.append((Severity.WARN, error, "credit_code"))
    return tuple(Finding("R30", severity, error, field=field) for severity, error, field in causes)
