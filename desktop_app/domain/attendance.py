"""The one attendance arithmetic, for grid, papers and claims (requirements §4).

Unit 课时. A blank is 未登记, neither present nor absent. 补课 credits the session it names, once; 停课 counts
nowhere; late entry (插班) does not shrink the plan. Rates are compared as integers and rounded down when shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from unicodedata import normalize

import resources
from desktop_app.domain.enrolment import Period, is_member
from desktop_app.domain.errors import AppError

WHOLE = 10_000
DEFAULT_LIMIT = 8_000


class MarkStatus(StrEnum):
    """What a mark says; no mark at all is 未登记."""

    PRESENT = "present"
    LATE = "late"
    EARLY = "early"
    LEAVE = "leave"
    ABSENT = "absent"


class LeaveReason(StrEnum):
    """Why someone has leave: 病假, 事假, 公假, 其他."""

    SICK = "sick"
    PERSONAL = "personal"
    OFFICIAL = "official"
    OTHER = "other"


SIGNS: Mapping[MarkStatus, str] = {
    MarkStatus.PRESENT: "√",
    MarkStatus.LATE: "△",
    MarkStatus.EARLY: "▽",
    MarkStatus.LEAVE: "○",
    MarkStatus.ABSENT: "×",
}
THERE = frozenset({MarkStatus.PRESENT, MarkStatus.LATE, MarkStatus.EARLY})
_TARDY = frozenset({MarkStatus.LATE, MarkStatus.EARLY})


@dataclass(frozen=True, slots=True)
class Mark:
    """One person's mark for one session; ``lost_hours`` 课时 of a session attended in part."""

    status: MarkStatus
    lost_hours: int = 0
    reason: LeaveReason | None = None


@dataclass(frozen=True, slots=True)
class AttendanceRules:
    """Policy parameters of the arithmetic, off as shipped.

    ``official_leave_counts``: 公假 credits the whole session. ``lates_per_absence``: every n-th 迟到/早退 loses its
    whole session; 0 = off.
    """

    official_leave_counts: bool = False
    lates_per_absence: int = 0


AS_SHIPPED = AttendanceRules()


@dataclass(frozen=True, slots=True)
class CountedSession:
    """What the arithmetic needs of a session; ``held`` once its day has come, ``makes_up`` the session a 补课 names.

    ``personal``: a 补课 for some people alone, which credits what it names and is in nobody's plan.
    """

    id: bytes
    day: date
    hours: int
    held: bool = True
    cancelled: bool = False
    makes_up: bytes | None = None
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Ratio:
    """A rate as two integers."""

    part: int
    whole: int

    def tenths_of_percent(self) -> int | None:
        """Return the rate in tenths of a percent, rounded down; None on an empty base."""
        return self.part * 1000 // self.whole if self.whole else None

    def reaches(self, limit: int) -> bool:
        """Tell whether the rate is at least ``limit`` (万分比, 8000 = 80 %); an empty base reaches nothing."""
        return self.whole > 0 and self.part * WHOLE >= self.whole * limit

    def __str__(self) -> str:
        """Return 79.9%, 100%, or — on an empty base."""
        tenths = self.tenths_of_percent()
        if tenths is None:
            return "—"
        return f"{tenths // 10}%" if tenths in {0, 1000} else f"{tenths // 10}.{tenths % 10}%"


@dataclass(frozen=True, slots=True)
class AttendanceTally:
    """One person's count in one class.

    课时: ``planned``, ``attended`` (折抵 included), ``lost`` (can no longer be attended), ``held`` (during membership),
    ``attended_held`` (of those). 课次: ``expected`` 应到, ``present`` 实到, ``unmarked`` 未登记.
    """

    planned: int
    attended: int
    lost: int
    held: int
    attended_held: int
    expected: int
    present: int
    unmarked: int

    @property
    def subsidy_rate(self) -> Ratio:
        """补贴出勤率: attended ÷ planned."""
        return Ratio(self.attended, self.planned)

    @property
    def current_rate(self) -> Ratio:
        """当前出勤率: attended ÷ held during membership."""
        return Ratio(self.attended_held, self.held)

    @property
    def reachable_rate(self) -> Ratio:
        """可达出勤率: (planned − lost) ÷ planned; at the end it is the 补贴出勤率."""
        return Ratio(self.planned - self.lost, self.planned)

    def may_still_lose(self, limit: int = DEFAULT_LIMIT) -> int:
        """还可缺 in 课时: floor(plan × (1 − limit)) − lost; below 0 the limit is out of reach. ``limit`` in 万分比."""
        return self.planned * (WHOLE - limit) // WHOLE - self.lost


def session_credit(
    status: MarkStatus | None,
    lost_hours: int,
    hours: int,
    reason: LeaveReason | None = None,
    rules: AttendanceRules = AS_SHIPPED,
) -> int:
    """Return the 课时 that a mark credits for a session of ``hours`` 课时; nothing for a blank."""
    if status in THERE:
        return max(0, hours - lost_hours)
    if status == MarkStatus.LEAVE and reason == LeaveReason.OFFICIAL and rules.official_leave_counts:
        return hours
    return 0


def shared_hours(
    teachers: Sequence[bytes], hours: int | None, shares: Sequence[int]
) -> dict[bytes, int | None]:
    """Return the 课时 of each teacher of a session: the split of 主讲 and 助教, else each the whole session.

    ``hours`` None: the session counts for nobody (停课). A split that does not fit the list of teachers is none.
    """
    if hours is None or len(shares) != len(teachers):
        return dict.fromkeys(teachers, hours)
    return dict(zip(teachers, shares, strict=True))


def check_mark(mark: Mark, hours: int) -> None:
    """Check a mark before it is written.

    Raises AppError LOST_HOURS_RANGE (outside 0 … the session's 课时), LOST_HOURS_STATUS (for leave or absence,
    which lose the whole session) or LEAVE_REASON_STATUS (a reason without leave).
    """
    if not 0 <= mark.lost_hours <= hours:
        raise AppError("LOST_HOURS_RANGE", hours=hours, value=mark.lost_hours)
    if mark.lost_hours and mark.status not in THERE:
        raise AppError("LOST_HOURS_STATUS")
    if mark.reason is not None and mark.status != MarkStatus.LEAVE:
        raise AppError("LEAVE_REASON_STATUS")


def tally(
    sessions: Sequence[CountedSession],
    marks: Mapping[bytes, Mark],
    periods: Sequence[Period],
    *,
    carried_hours: int = 0,
    rules: AttendanceRules = AS_SHIPPED,
) -> AttendanceTally:
    """Count one person's attendance.

    ``marks`` by session id (a missing key is 未登记); ``carried_hours`` are 折抵课时 from a former class (转班).
    A mark outside membership is not counted: it is a flag's matter (R38).
    """
    by_id = {session.id: session for session in sessions}
    own = [s for s in sessions if not s.cancelled and not _is_make_up(s, by_id)]
    credited = _credits(sessions, marks, periods, rules)
    made_up = _made_up(sessions, by_id, credited)
    planned = sum(session.hours for session in own)
    attended = lost = held = attended_held = expected = present = unmarked = 0
    for session in own:
        mark = marks.get(session.id)
        member = is_member(periods, session.day)
        got = min(session.hours, credited.get(session.id, 0) + made_up.get(session.id, 0))
        attended += got
        if not member or (session.held and mark is not None):
            lost += session.hours - got
        if not member or not session.held:
            continue
        held += session.hours
        attended_held += got
        expected += 1
        present += mark is not None and mark.status in THERE
        unmarked += mark is None
    carried = min(carried_hours, lost)
    return AttendanceTally(
        planned, attended + carried, lost - carried, held, attended_held, expected, present, unmarked
    )


def _is_make_up(session: CountedSession, by_id: Mapping[bytes, CountedSession]) -> bool:
    """Tell whether a session only credits another; a 补课 for a 停课 stands in the plan in its place."""
    if session.personal:
        return True
    target = by_id.get(session.makes_up) if session.makes_up else None
    return target is not None and not target.cancelled


def _credits(
    sessions: Sequence[CountedSession],
    marks: Mapping[bytes, Mark],
    periods: Sequence[Period],
    rules: AttendanceRules,
) -> dict[bytes, int]:
    """Return the 课时 that each session's own mark credits, with every n-th 迟到/早退 taken as an absence."""
    found: dict[bytes, int] = {}
    tardy = 0
    for session in sorted(sessions, key=lambda s: (s.day, s.id)):
        mark = marks.get(session.id)
        if mark is None or session.cancelled or not is_member(periods, session.day):
            continue
        credit = session_credit(mark.status, mark.lost_hours, session.hours, mark.reason, rules)
        if rules.lates_per_absence and mark.status in _TARDY:
            tardy += 1
            credit = 0 if tardy % rules.lates_per_absence == 0 else credit
        found[session.id] = credit
    return found


def _made_up(
    sessions: Sequence[CountedSession], by_id: Mapping[bytes, CountedSession], credited: Mapping[bytes, int]
) -> dict[bytes, int]:
    """Return the 课时 that make-up sessions give the session they name: the best one, once."""
    found: dict[bytes, int] = {}
    for session in sessions:
        if session.makes_up and _is_make_up(session, by_id):
            found[session.makes_up] = max(found.get(session.makes_up, 0), credited.get(session.id, 0))
    return found


@cache
def _words() -> dict[str, tuple[MarkStatus, LeaveReason | None]]:
    rows = resources.load_json("codes", "mark_symbols.json")["rows"]
    return {
        word: (MarkStatus(row["status"]), LeaveReason(row["reason"]) if row["reason"] else None)
        for row in rows
        for word in row["words"]
    }


def parse_mark(text: str) -> Mark | None:
    """Return the mark that a cell's sign or word means (√ ✓ V 1 出 …), None for a blank cell.

    Raises AppError MARK_UNKNOWN.
    """
    cell = "".join(normalize("NFKC", text).split()).removesuffix(".0")
    if not cell:
        return None
    known = _words().get(cell)
    if known is None:
        raise AppError("MARK_UNKNOWN", value=text.strip()[:20])
    return Mark(known[0], reason=known[1])
