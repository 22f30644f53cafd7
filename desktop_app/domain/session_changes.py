"""Online sessions (六.2, R28), shares of teachers, 补课, and corrected marks (六.3, R34)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from desktop_app.domain.attendance import SIGNS, THERE, Mark
from desktop_app.domain.errors import AppError
from desktop_app.domain.rules import Finding, Severity, rule
from desktop_app.domain.timetable import SessionMode

MAX_MINUTES = 24 * 60
MAX_CHECKS = 99
MAX_PLATFORM = 100


@dataclass(frozen=True, slots=True)
class Online:
    """What an online session needs: the platform, its length in minutes, and how often identity is checked."""

    platform: str = ""
    minutes: int | None = None
    checks: int | None = None


def check_online_fields(online: Online) -> None:
    """Check the ranges; AppError ONLINE_MINUTES_RANGE, ONLINE_CHECKS_RANGE, ONLINE_PLATFORM_LONG."""
    if online.minutes is not None and not 0 < online.minutes <= MAX_MINUTES:
        raise AppError("ONLINE_MINUTES_RANGE", value=online.minutes, limit=MAX_MINUTES)
    if online.checks is not None and not 0 <= online.checks <= MAX_CHECKS:
        raise AppError("ONLINE_CHECKS_RANGE", value=online.checks, limit=MAX_CHECKS)
    if len(online.platform) > MAX_PLATFORM:
        raise AppError("ONLINE_PLATFORM_LONG", limit=MAX_PLATFORM)


@rule("R28")
def check_online(
    mode: str, online: Online, *, training_class: str, number: int, session: bytes = b""
) -> tuple[Finding, ...]:
    """Warn of what an online or mixed session lacks: platform, duration, identity checks."""
    if mode == SessionMode.OFFLINE:
        return ()
    lacking = {
        "online_platform": ("ONLINE_PLATFORM_MISSING", not online.platform.strip()),
        "online_minutes": ("ONLINE_MINUTES_MISSING", not online.minutes),
        "identity_checks": ("ONLINE_CHECKS_MISSING", not online.checks),
    }
    return tuple(
        Finding(
            "R28",
            Severity.WARN,
            AppError(code, training_class=training_class, number=number),
            "session",
            session,
            field,
        )
        for field, (code, missing) in lacking.items()
        if missing
    )


def check_shares(hours: int, teachers: Sequence[object], shares: Sequence[int]) -> None:
    """Check the split of 课时 between 主讲 and 助教; AppError SHARES_COUNT, SHARES_SUM. No split is none to check."""
    if not shares:
        return
    if len(shares) != len(teachers):
        raise AppError("SHARES_COUNT", teachers=len(teachers), shares=len(shares))
    if min(shares) < 0 or sum(shares) != hours:
        raise AppError("SHARES_SUM", hours=hours, total=sum(shares))


def is_missing(mark: Mark | None, *, member: bool) -> bool:
    """Tell whether somebody missed a session, or part of it, so that a 补课 can credit it.

    A 未入班 (插班) may make up what he was not there for; a blank says nothing yet and is marked first.
    """
    if not member:
        return True
    return mark is not None and (mark.status not in THERE or mark.lost_hours > 0)


@rule("R34")
def check_correction(
    former: Mark | None,
    new: Mark | None,
    held_on: date,
    today: date,
    reason: str,
    *,
    name: str,
    training_class: str,
    number: int,
) -> tuple[Finding, ...]:
    """Block a change of a mark that is there, after the session's day, without a reason; filling a blank needs none.

    The old value, the reason and who stay in the journal, whatever is written over it.
    """
    if former is None or former == new or held_on >= today or reason.strip():
        return ()
    error = AppError(
        "MARK_REASON_MISSING",
        name=name,
        training_class=training_class,
        number=number,
        before=sign_of(former),
        after=sign_of(new),
    )
    return (Finding("R34", Severity.BLOCK, error, "mark", field="reason"),)


def sign_of(mark: Mark | None) -> str:
    """Return a mark as the grid writes it, with lost 课时; — for none."""
    if mark is None:
        return "—"
    return SIGNS[mark.status] + (f"-{mark.lost_hours}" if mark.lost_hours else "")
