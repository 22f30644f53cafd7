"""The checks of an opening that look at the class alone: plan, money, people in charge, time and size."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from desktop_app.domain.calendar import (
    SHIPPED_ONLY,
    HolidayYears,
    has_holiday_table,
    holiday_name,
    working_days_between,
)
from desktop_app.domain.errors import AppError
from desktop_app.domain.policy_parameters import PolicyParameter
from desktop_app.domain.rules import Finding, Severity, rule, severity_of
from resources import Worded


class Duty(StrEnum):
    """What the 工作专班 answers for (六.1): 组织管理, 考核, 推荐就业."""

    ORGANISING = "organising"
    ASSESSING = "assessing"
    PLACING = "placing"


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A named person of the 工作专班; ``full_time`` for 专职."""

    name: str
    duty: Duty
    full_time: bool


@dataclass(frozen=True, slots=True)
class Standard:
    """What the certificate standard asks: least 课时, and the subjects that the plan must hold.

    ``severity``: a standard without 文号 warns.
    """

    hours: int
    subjects: tuple[str, ...] = ()
    severity: Severity = Severity.BLOCK


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """A session of the plan: number, day, 课时, content, and how many teachers it has."""

    number: int
    day: date
    hours: int
    content: str
    teachers: int


@dataclass(frozen=True, slots=True)
class Funding:
    """Where a class's money comes from: channel code, partner enterprise ("" = none), 本级统筹 where it is short."""

    channel: str
    enterprise: str = ""
    local_pool: bool = False


@rule("R13")
def check_plan(
    sessions: Sequence[PlannedSession], standard: Standard | None, training_class: str
) -> tuple[Finding, ...]:
    """Check the plan against the certificate standard: hours, subjects, a teacher for every session (四.2).

    Without a known standard that part warns; sessions without a teacher block.
    """
    found = [
        _block("R13", "SESSION_WITHOUT_TEACHER", training_class, number=session.number)
        for session in sessions
        if session.teachers == 0
    ]
    if not sessions:
        found.append(_block("R13", "PLAN_EMPTY", training_class))
    if standard is None:
        error = AppError("STANDARD_UNKNOWN", training_class=training_class)
        return (*found, Finding("R13", Severity.WARN, error, "training_class"))
    planned = sum(session.hours for session in sessions)
    if planned < standard.hours:
        error = AppError(
            "PLAN_HOURS_SHORT", training_class=training_class, hours=planned, needed=standard.hours
        )
        found.append(Finding("R13", standard.severity, error, "training_class"))
    taught = "".join("".join(session.content.split()) for session in sessions)
    found += [
        Finding(
            "R13",
            standard.severity,
            AppError("PLAN_SUBJECT_MISSING", training_class=training_class, subject=subject),
            "training_class",
        )
        for subject in standard.subjects
        if "".join(subject.split()) not in taught
    ]
    return tuple(found)


@rule("R25")
def check_funding(funding: Funding | None, training_class: str) -> tuple[Finding, ...]:
    """Check that the source of the money is recorded; where an enterprise pays or is trained for, which (五.三)."""
    if funding is None or not funding.channel:
        return (_block("R25", "FUNDING_MISSING", training_class, field="channel"),)
    if funding.channel == "enterprise" and not funding.enterprise.strip():
        return (_block("R25", "PARTNER_ENTERPRISE_MISSING", training_class, field="enterprise"),)
    return ()


@rule("R26")
def check_staff(staff: Iterable[StaffMember], training_class: str) -> tuple[Finding, ...]:
    """Check the 工作专班: a named person for each duty, at least one of them 专职 (六.1)."""
    named = [one for one in staff if one.name.strip()]
    found = [
        _block("R26", "STAFF_DUTY_MISSING", training_class, field="staff", duty=Worded(f"duty.{duty.value}"))
        for duty in Duty
        if all(one.duty is not duty for one in named)
    ]
    if named and not any(one.full_time for one in named):
        found.append(_block("R26", "STAFF_NO_FULL_TIME", training_class, field="staff"))
    return tuple(found)


def check_filing(
    filed_on: date,
    opens_on: date,
    parameter: PolicyParameter,
    training_class: str,
    holidays: HolidayYears = SHIPPED_ONLY,
) -> tuple[Finding, ...]:
    """Check that a class is filed enough working days before it opens (参考值 5); an unknown year warns."""
    if filed_on > opens_on:
        error = AppError(
            "FILED_AFTER_OPENING",
            training_class=training_class,
            filed=filed_on.isoformat(),
            opens=opens_on.isoformat(),
        )
        return (Finding("R13", severity_of(parameter), error, "training_class", field="start_on"),)
    found = []
    counted = working_days_between(filed_on, opens_on, holidays)
    needed = parameter.number()
    if counted.days < needed:
        error = AppError("FILED_LATE", training_class=training_class, days=counted.days, needed=needed)
        found.append(Finding("R13", severity_of(parameter), error, "training_class", field="start_on"))
    if not counted.certain:
        years = {day.year for day in (filed_on, opens_on) if not has_holiday_table(day.year, holidays)}
        error = AppError("HOLIDAYS_UNKNOWN", year=min(years, default=opens_on.year))
        found.append(Finding("R13", Severity.WARN, error, "training_class", field="start_on"))
    return tuple(found)


def check_filed(filed_on: date | None, training_class: str) -> tuple[Finding, ...]:
    """Warn of a class that opens without 开班备案."""
    if filed_on is not None:
        return ()
    error = AppError("OPENED_UNFILED", training_class=training_class)
    return (Finding("R13", Severity.WARN, error, "training_class"),)


def check_class_size(people: int, parameter: PolicyParameter, training_class: str) -> tuple[Finding, ...]:
    """Check a class against the 班额 (参考值 50)."""
    limit = parameter.number()
    if not limit or people <= limit:
        return ()
    error = AppError("CLASS_TOO_LARGE", training_class=training_class, people=people, limit=limit)
    return (Finding("R13", severity_of(parameter), error, "training_class"),)


def check_day_hours(
    sessions: Iterable[PlannedSession], parameter: PolicyParameter, training_class: str
) -> tuple[Finding, ...]:
    """Check the 课时 of each day of a class (参考值 8)."""
    limit = parameter.number()
    hours: dict[date, int] = {}
    for session in sessions:
        hours[session.day] = hours.get(session.day, 0) + session.hours
    return tuple(
        Finding(
            "R13",
            severity_of(parameter),
            AppError(
                "DAY_HOURS_OVER", training_class=training_class, day=day.isoformat(), hours=total, limit=limit
            ),
            "training_class",
        )
        for day, total in sorted(hours.items())
        if limit and total > limit
    )


def check_holidays(
    sessions: Iterable[PlannedSession], training_class: str, holidays: HolidayYears = SHIPPED_ONLY
) -> tuple[Finding, ...]:
    """Warn of sessions on a public holiday, and of years whose holidays are not known."""
    found = []
    years: set[int] = set()
    for session in sessions:
        name = holiday_name(session.day, holidays)
        if name is not None:
            error = AppError(
                "SESSION_ON_HOLIDAY",
                training_class=training_class,
                number=session.number,
                day=session.day.isoformat(),
                holiday=name,
            )
            found.append(Finding("R13", Severity.WARN, error, "training_class"))
        if not has_holiday_table(session.day.year, holidays):
            years.add(session.day.year)
    unknown = (AppError("HOLIDAYS_UNKNOWN", year=year) for year in sorted(years))
    return (*found, *(Finding("R13", Severity.WARN, error, "training_class") for error in unknown))


def check_within(
    day: date, first: date | None, last: date | None, training_class: str, session: bytes = b""
) -> tuple[Finding, ...]:
    """Warn of a session outside the dates of its class, where they are known; it counts in the plan all the same."""
    if (first is None or first <= day) and (last is None or day <= last):
        return ()
    error = AppError(
        "SESSION_OUTSIDE_CLASS",
        date=day.isoformat(),
        training_class=training_class,
        first="—" if first is None else first.isoformat(),
        last="—" if last is None else last.isoformat(),
    )
    return (Finding("R13", Severity.WARN, error, "session", session, "held_on"),)


def _block(
    rule_code: str, error: str, training_class: str, /, *, field: str = "", **params: object
) -> Finding:
    told = AppError(error, training_class=training_class, **params)
    return Finding(rule_code, Severity.BLOCK, told, "training_class", field=field)
