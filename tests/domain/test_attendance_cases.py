"""The arithmetic, counted by hand: one class of ten 课次 of 4 课时, plan 40, limit 80 % (a person may lose 8)."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.attendance import (
    AS_SHIPPED,
    AttendanceRules,
    CountedSession,
    LeaveReason,
    Mark,
    MarkStatus,
    tally,
)
from desktop_app.domain.enrolment import Period, leave

START = date(2020, 11, 9)
PRESENT, ABSENT = Mark(MarkStatus.PRESENT), Mark(MarkStatus.ABSENT)
LATE, EARLY = Mark(MarkStatus.LATE), Mark(MarkStatus.EARLY)
WHOLE = (Period(START),)


def day(number: int) -> date:
    return START + timedelta(days=number - 1)


def course(count: int = 10, **others: CountedSession) -> list[CountedSession]:
    """Sessions 1 … count, all held, 4 课时 each; ``s4=…`` puts another in the place of the fourth."""
    planned = [CountedSession(bytes([number]), day(number), 4) for number in range(1, count + 1)]
    return [others.get(f"s{one.id[0]}", one) for one in planned]


def one(number: int, hours: int = 4, on: int | None = None, **more: object) -> CountedSession:
    return CountedSession(bytes([number]), day(on or number), hours, **more)  # type: ignore[arg-type]


def marks(*numbers: int, **others: Mark) -> dict[bytes, Mark]:
    """到 in the sessions of these numbers; ``s3=…`` says otherwise."""
    return {bytes([number]): PRESENT for number in numbers} | {
        bytes([int(name[1:])]): mark for name, mark in others.items()
    }


@dataclass(frozen=True)
class Case:
    """What is counted: planned, attended, lost 课时; 应到, 实到, 未登记; 补贴, 当前, 可达出勤率; 还可缺."""

    sessions: list[CountedSession]
    marks: dict[bytes, Mark]
    expected: tuple[int, int, int, int, int, int, str, str, str, int]
    periods: tuple[Period, ...] = WHOLE
    carried: int = 0
    rules: AttendanceRules = AS_SHIPPED


ALL = range(1, 11)
CASES = {
    # Left after the sixth: marks to that day stay, four sessions of 4 are closed, 16 课时 can no longer be attended.
    "退训": Case(
        course(), marks(1, 2, 3, 4, 5, 6), (40, 24, 16, 6, 6, 0, "60.0%", "100%", "60.0%", -8), leave(WHOLE, day(6))
    ),
    # Came from another class at the fifth, where 12 of 16 课时 were attended: those are counted here, once.
    "转班": Case(
        course(), marks(5, 6, 7, 8, 9, 10), (40, 36, 4, 6, 6, 0, "90.0%", "100%", "90.0%", 4), (Period(day(5)),), 12
    ),
    # More 课时 carried than were missed here credit no more than the plan.
    "转班折抵过多": Case(
        course(), marks(5, 6, 7, 8, 9, 10), (40, 40, 0, 6, 6, 0, "100%", "100%", "100%", 8), (Period(day(5)),), 30
    ),
    # In from the third: the plan stays 40, the first two sessions are 未入班, no absence, and lost all the same.
    "插班": Case(
        course(), marks(*range(3, 11)), (40, 32, 8, 8, 8, 0, "80.0%", "100%", "80.0%", 0), (Period(day(3)),)
    ),
    # The class stops after the fourth: what is to come is planned and lost to nobody.
    "停训": Case(
        [*course(4), *(one(number, held=False) for number in range(5, 11))],
        marks(1, 2, 3, s4=ABSENT),
        (40, 12, 4, 4, 3, 0, "30.0%", "75.0%", "90.0%", 4),
    ),
    # The last two sessions move by a month and have not come: planned, not held.
    "延期": Case(
        [*course(8), one(9, on=40, held=False), one(10, on=41, held=False)],
        marks(*range(1, 9)),
        (40, 32, 0, 8, 8, 0, "80.0%", "100%", "100%", 8),
    ),
    # The class that takes both in has ten sessions, six to come; 16 课时 of the four before are carried.
    "合班": Case(
        course(), marks(5, 6, 7, 8, 9, s10=ABSENT),
        (40, 36, 4, 6, 5, 0, "90.0%", "83.3%", "90.0%", 4), (Period(day(5)),), 16,
    ),
    # Of the class that was split the person leaves after the fourth; the other class carries its 课时.
    "拆班": Case(
        course(), marks(1, 2, 3, s4=ABSENT), (40, 12, 28, 4, 3, 0, "30.0%", "75.0%", "30.0%", -20),
        leave(WHOLE, day(4)),
    ),
    # The third is held on another day, before the person was away: key and mark are the same.
    "调课": Case(course(s3=one(3, on=12)), marks(*ALL), (40, 40, 0, 10, 10, 0, "100%", "100%", "100%", 8)),
    # Who left before the day to which a session moved is not expected in it.
    "调课到退训之后": Case(
        course(s3=one(3, on=12)), marks(1, 2, *range(4, 11)),
        (40, 36, 4, 9, 9, 0, "90.0%", "100%", "90.0%", 4), leave(WHOLE, day(10)),
    ),
    # A substitute changes who marks, not what is counted.
    "代课": Case(course(), marks(*ALL), (40, 40, 0, 10, 10, 0, "100%", "100%", "100%", 8)),
    # The second is called off: plan 36, one tenth of nothing; a mark that is there counts nowhere.
    "停课": Case(
        course(s2=one(2, cancelled=True)), marks(*ALL), (36, 36, 0, 9, 9, 0, "100%", "100%", "100%", 7)
    ),
    # Called off and made up for the class by an eleventh: it stands in the plan in the other's place.
    "补课（全班）": Case(
        [*course(s2=one(2, cancelled=True)), one(11, makes_up=bytes([2]))],
        marks(1, *range(3, 11), s11=ABSENT),
        (40, 36, 4, 10, 9, 0, "90.0%", "90.0%", "90.0%", 4),
    ),
    # Missed the fifth, made it up alone, twice: credited once; the 课次 itself stays an absence.
    "补课（个人）": Case(
        [*course(), one(11, makes_up=bytes([5]), personal=True), one(12, makes_up=bytes([5]), personal=True)],
        marks(*range(1, 5), *range(6, 11), 11, 12, s5=ABSENT),
        (40, 40, 0, 10, 9, 0, "100%", "100%", "100%", 8),
    ),
    # Two 课时 lost by lateness, made up in a session of 4: no more than the session's own 4.
    "补课（迟到所缺）": Case(
        [*course(), one(11, makes_up=bytes([5]), personal=True)],
        marks(*range(1, 5), *range(6, 12), s5=Mark(MarkStatus.LATE, 2)),
        (40, 40, 0, 10, 10, 0, "100%", "100%", "100%", 8),
    ),
    # 插班 from the third who makes up the first: credited to the plan, not to what was held in membership.
    "补课（插班）": Case(
        [*course(), one(11, makes_up=bytes([1]), personal=True)],
        marks(*range(3, 12)),
        (40, 36, 4, 8, 8, 0, "90.0%", "100%", "90.0%", 4),
        (Period(day(3)),),
    ),
    # A 补课 for somebody else is in nobody else's plan, and no blank.
    "补课（他人）": Case(
        [*course(), one(11, makes_up=bytes([5]), personal=True)], marks(*ALL),
        (40, 40, 0, 10, 10, 0, "100%", "100%", "100%", 8),
    ),
    # 公假 while the parameter is off is an absence in 课时 …
    "公假": Case(
        course(), marks(*range(2, 11), s1=Mark(MarkStatus.LEAVE, reason=LeaveReason.OFFICIAL)),
        (40, 36, 4, 10, 9, 0, "90.0%", "90.0%", "90.0%", 4),
    ),
    # … and with it credits the session, though the person was not there.
    "公假（计出勤）": Case(
        course(), marks(*range(2, 11), s1=Mark(MarkStatus.LEAVE, reason=LeaveReason.OFFICIAL)),
        (40, 40, 0, 10, 9, 0, "100%", "100%", "100%", 8), rules=AttendanceRules(official_leave_counts=True),
    ),
    # Four 迟到/早退, three to an absence: the third in time loses its session, the fourth begins anew.
    "迟到折缺勤": Case(
        course(), marks(1, 2, 3, 4, 5, 6, s7=LATE, s8=EARLY, s9=LATE, s10=LATE),
        (40, 36, 4, 10, 10, 0, "90.0%", "90.0%", "90.0%", 4), rules=AttendanceRules(lates_per_absence=3),
    ),
    # Lost 课时 as entered: 40 − 1 − 3.
    "迟到早退": Case(
        course(), marks(*range(3, 11), s1=Mark(MarkStatus.LATE, 1), s2=Mark(MarkStatus.EARLY, 3)),
        (40, 36, 4, 10, 10, 0, "90.0%", "90.0%", "90.0%", 4),
    ),
    # Two blanks are neither: 8 of 10 课次 marked, nothing lost yet.
    "未登记": Case(course(), marks(*range(1, 9)), (40, 32, 0, 10, 8, 2, "80.0%", "80.0%", "100%", 8)),
    # Left after the third, back from the eighth: one record, two periods, four sessions between them closed.
    "退训后返回": Case(
        course(), marks(1, 2, 3, 8, 9, 10), (40, 24, 16, 6, 6, 0, "60.0%", "100%", "60.0%", -8),
        (Period(day(1), day(3)), Period(day(8))),
    ),
}  # fmt: skip


def counted(case: Case, sessions: list[CountedSession]) -> tuple[object, ...]:
    count = tally(sessions, case.marks, case.periods, carried_hours=case.carried, rules=case.rules)
    return (
        count.planned, count.attended, count.lost, count.expected, count.present, count.unmarked,
        str(count.subsidy_rate), str(count.current_rate), str(count.reachable_rate), count.may_still_lose(8000),
    )  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_case_counts_as_reckoned_by_hand(case: Case) -> None:
    assert counted(case, case.sessions) == case.expected


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_order_of_the_sessions_says_nothing(case: Case) -> None:
    shuffled = list(case.sessions)
    random.Random(len(case.marks)).shuffle(shuffled)
    assert counted(case, shuffled) == case.expected


MARKS = st.builds(Mark, st.sampled_from(MarkStatus), st.just(0), st.sampled_from([None, *LeaveReason]))
SESSIONS = st.lists(
    st.tuples(
        st.integers(1, 8),
        st.booleans(),
        st.booleans(),
        st.none() | st.integers(0, 11),
        st.booleans(),
        st.none() | MARKS,
    ),
    max_size=12,
)


@given(
    SESSIONS,
    st.integers(0, 12),
    st.none() | st.integers(0, 12),
    st.integers(0, 60),
    st.integers(0, 4),
    st.booleans(),
)
def test_counts_are_integers_within_bounds_whatever_happened(
    rows, joined, left, carried, lates, official
) -> None:
    """Any mixture of 停课, 补课 for the class and for people, membership, 折抵 and parameters."""
    sessions, found = [], {}
    for number, (hours, held, cancelled, target, personal, mark) in enumerate(rows):
        makes_up = bytes([target]) if target is not None and target < number else None
        sessions.append(
            CountedSession(
                bytes([number]),
                day(number + 1),
                hours,
                held,
                cancelled,
                makes_up,
                personal and makes_up is not None,
            )
        )
        if mark is not None:
            found[bytes([number])] = mark
    last = None if left is None else day(left + 1)
    rules = AttendanceRules(official_leave_counts=official, lates_per_absence=lates)
    periods = (Period(day(joined + 1), last),)
    count = tally(sessions, found, periods, carried_hours=carried, rules=rules)
    numbers = (
        count.planned, count.attended, count.lost, count.held, count.attended_held, count.expected, count.present,
        count.unmarked,
    )  # fmt: skip
    assert all(type(number) is int and number >= 0 for number in numbers)
    assert count.attended + count.lost <= count.planned
    assert count.attended_held <= count.held <= count.planned
    assert count.present + count.unmarked <= count.expected
    backwards = tally(sessions[::-1], found, periods, carried_hours=carried, rules=rules)
    assert backwards == count
    later = [replace(session, held=True) for session in sessions]
    more = tally(later, found, periods, carried_hours=carried, rules=rules)
    assert more.planned == count.planned
    assert more.attended >= count.attended
