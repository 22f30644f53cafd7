"""The one attendance arithmetic, at both edges of every rule."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.attendance import (
    SIGNS,
    AttendanceRules,
    AttendanceTally,
    CountedSession,
    LeaveReason,
    Mark,
    MarkStatus,
    Ratio,
    check_mark,
    parse_mark,
    session_credit,
    tally,
)
from desktop_app.domain.enrolment import Period, is_member
from desktop_app.domain.errors import AppError

START = date(2020, 11, 9)
WHOLE_CLASS = (Period(START),)
PRESENT = Mark(MarkStatus.PRESENT)
ABSENT = Mark(MarkStatus.ABSENT)


def session(number: int, hours: int = 4, **more: object) -> CountedSession:
    return CountedSession(bytes([number]), START + timedelta(days=number), hours, **more)  # type: ignore[arg-type]


def course(count: int = 15, hours: int = 4) -> list[CountedSession]:
    return [session(number, hours) for number in range(count)]


def marked(sessions: list[CountedSession], **others: Mark) -> dict[bytes, Mark]:
    marks = {one.id: PRESENT for one in sessions}
    return marks | {bytes([int(key[1:])]): mark for key, mark in others.items()}


def test_one_absence_of_4_in_60_hours_leaves_8() -> None:
    sessions = course()
    count = tally(sessions, marked(sessions, s3=ABSENT), WHOLE_CLASS)
    assert count.planned == 60
    assert count.attended == 56
    assert count.may_still_lose(8000) == 8
    assert str(count.subsidy_rate) == "93.3%"


def test_the_limit_is_reached_at_exactly_80_percent() -> None:
    sessions = course()
    three = tally(sessions, marked(sessions, s0=ABSENT, s1=ABSENT, s2=ABSENT), WHOLE_CLASS)
    assert three.subsidy_rate.reaches(8000)
    assert three.may_still_lose(8000) == 0
    four = tally(sessions, marked(sessions, s0=ABSENT, s1=ABSENT, s2=ABSENT, s3=ABSENT), WHOLE_CLASS)
    assert not four.subsidy_rate.reaches(8000)
    assert four.may_still_lose(8000) == -4


def test_percentages_round_down() -> None:
    assert str(Ratio(7996, 10_000)) == "79.9%"
    assert not Ratio(7999, 10_000).reaches(8000)
    assert str(Ratio(4, 5)) == "80.0%"
    assert str(Ratio(9999, 10_000)) == "99.9%"
    assert str(Ratio(5, 5)) == "100%"
    assert str(Ratio(0, 5)) == "0%"


def test_an_empty_base_shows_a_dash_and_reaches_nothing() -> None:
    assert str(Ratio(0, 0)) == "—"
    assert not Ratio(0, 0).reaches(0)
    nothing = tally([], {}, WHOLE_CLASS)
    assert nothing == AttendanceTally(0, 0, 0, 0, 0, 0, 0, 0)


@pytest.mark.parametrize("status", ["present", "late", "early"])
def test_who_was_there_has_the_hours_less_the_lost_ones(status: str) -> None:
    assert session_credit(MarkStatus(status), 0, 4) == 4
    assert session_credit(MarkStatus(status), 1, 4) == 3
    assert session_credit(MarkStatus(status), 4, 4) == 0


@pytest.mark.parametrize("status", ["leave", "absent"])
def test_leave_and_absence_have_none(status: str) -> None:
    assert session_credit(MarkStatus(status), 0, 4) == 0


def test_a_blank_is_neither_present_nor_absent() -> None:
    sessions = course(3)
    count = tally(sessions, {sessions[0].id: PRESENT}, WHOLE_CLASS)
    assert count.unmarked == 2
    assert (count.expected, count.present) == (3, 1)
    assert count.lost == 0
    assert str(count.reachable_rate) == "100%"


def test_official_leave_counts_only_where_the_parameter_says_so() -> None:
    sessions = course(2)
    marks = marked(sessions, s1=Mark(MarkStatus.LEAVE, reason=LeaveReason.OFFICIAL))
    assert tally(sessions, marks, WHOLE_CLASS).attended == 4
    counting = AttendanceRules(official_leave_counts=True)
    assert tally(sessions, marks, WHOLE_CLASS, rules=counting).attended == 8
    sick = marked(sessions, s1=Mark(MarkStatus.LEAVE, reason=LeaveReason.SICK))
    assert tally(sessions, sick, WHOLE_CLASS, rules=counting).attended == 4


def test_every_third_lateness_is_an_absence_only_where_the_parameter_says_so() -> None:
    sessions = course(6)
    late = Mark(MarkStatus.LATE)
    two = marked(sessions, s0=late, s1=Mark(MarkStatus.EARLY))
    three = two | {sessions[2].id: late}
    folding = AttendanceRules(lates_per_absence=3)
    assert tally(sessions, three, WHOLE_CLASS).attended == 24
    assert tally(sessions, two, WHOLE_CLASS, rules=folding).attended == 24
    folded = tally(sessions, three, WHOLE_CLASS, rules=folding)
    assert folded.attended == 20
    assert folded.present == 6


def test_a_cancelled_session_counts_nowhere() -> None:
    sessions = [*course(3), session(3, cancelled=True)]
    count = tally(sessions, marked(sessions), WHOLE_CLASS)
    assert (count.planned, count.expected, count.present, count.attended) == (12, 3, 3, 12)


def test_a_make_up_session_credits_the_one_it_names_once() -> None:
    missed = course(3)
    make_up = session(5, makes_up=missed[1].id)
    again = session(6, makes_up=missed[1].id)
    sessions = [*missed, make_up, again]
    marks = marked(sessions, s1=ABSENT)
    count = tally(sessions, marks, WHOLE_CLASS)
    assert (count.planned, count.attended, count.lost) == (12, 12, 0)
    assert (count.expected, count.present) == (3, 2)


def test_a_shorter_make_up_session_credits_its_own_hours_only() -> None:
    sessions = [*course(2), session(5, hours=2, makes_up=bytes([1]))]
    assert tally(sessions, marked(sessions, s1=ABSENT), WHOLE_CLASS).attended == 6
    sessions = [*course(2), session(5, hours=4, makes_up=bytes([1]))]
    half_there = marked(sessions, s1=Mark(MarkStatus.LATE, lost_hours=2))
    assert tally(sessions, half_there, WHOLE_CLASS).attended == 8


def test_a_make_up_session_without_a_mark_is_nobodys_blank() -> None:
    sessions = [*course(2), session(5, makes_up=bytes([1]))]
    marks = marked(course(2), s1=ABSENT)
    count = tally(sessions, marks, WHOLE_CLASS)
    assert (count.unmarked, count.planned, count.lost) == (0, 8, 4)


def test_a_make_up_for_a_cancelled_session_stands_in_its_place() -> None:
    sessions = [session(0), session(1, cancelled=True), session(5, makes_up=bytes([1]))]
    count = tally(sessions, marked(sessions), WHOLE_CLASS)
    assert (count.planned, count.attended, count.expected) == (8, 8, 2)


def test_a_late_entry_does_not_shrink_the_plan_and_is_no_absence() -> None:
    sessions = course(5)
    joined = (Period(sessions[1].day),)
    count = tally(sessions, marked(sessions[1:]), joined)
    assert (count.planned, count.attended, count.held) == (20, 16, 16)
    assert (count.expected, count.present, count.unmarked) == (4, 4, 0)
    assert str(count.current_rate) == "100%"
    assert str(count.subsidy_rate) == "80.0%"
    assert count.lost == 4


def test_hours_carried_from_a_former_class_are_counted_once_and_never_over_the_plan() -> None:
    sessions = course(5)
    joined = (Period(sessions[1].day),)
    assert tally(sessions, marked(sessions[1:]), joined, carried_hours=4).attended == 20
    assert tally(sessions, marked(sessions[1:]), joined, carried_hours=400).attended == 20


def test_sessions_after_leaving_are_out_of_the_expected_ones() -> None:
    sessions = course(5)
    left = (Period(START, sessions[2].day),)
    count = tally(sessions, marked(sessions), left)
    assert (count.expected, count.present) == (3, 3)
    assert count.attended == 12
    assert count.lost == 8


def test_a_return_reopens_membership() -> None:
    periods = (Period(START, START + timedelta(days=1)), Period(START + timedelta(days=4)))
    assert is_member(periods, START)
    assert is_member(periods, START + timedelta(days=1))
    assert not is_member(periods, START + timedelta(days=2))
    assert is_member(periods, START + timedelta(days=4))
    assert not is_member(periods, START - timedelta(days=1))
    assert not is_member((), START)


def test_sessions_to_come_are_planned_but_not_held() -> None:
    sessions = [*course(3), session(3, held=False)]
    count = tally(sessions, marked(sessions[:3], s0=ABSENT), WHOLE_CLASS)
    assert (count.planned, count.held, count.attended_held, count.expected) == (16, 12, 8, 3)
    assert (str(count.current_rate), str(count.reachable_rate)) == ("66.6%", "75.0%")


@pytest.mark.parametrize("lost", [0, 4])
def test_lost_hours_lie_within_the_session(lost: int) -> None:
    check_mark(Mark(MarkStatus.LATE, lost_hours=lost), 4)


@pytest.mark.parametrize(
    ("mark", "code"),
    [
        (Mark(MarkStatus.LATE, lost_hours=5), "LOST_HOURS_RANGE"),
        (Mark(MarkStatus.LATE, lost_hours=-1), "LOST_HOURS_RANGE"),
        (Mark(MarkStatus.ABSENT, lost_hours=1), "LOST_HOURS_STATUS"),
        (Mark(MarkStatus.PRESENT, reason=LeaveReason.SICK), "LEAVE_REASON_STATUS"),
    ],
)
def test_contradictory_marks_are_refused(mark: Mark, code: str) -> None:
    with pytest.raises(AppError) as error:
        check_mark(mark, 4)
    assert error.value.code == code


def test_a_leave_may_have_a_reason() -> None:
    check_mark(Mark(MarkStatus.LEAVE, reason=LeaveReason.PERSONAL), 4)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("√", "present"),
        ("✓", "present"),
        ("V", "present"),
        ("v", "present"),
        ("1", "present"),
        ("１", "present"),
        ("1.0", "present"),
        (" 出 ", "present"),
        ("△", "late"),
        ("迟到", "late"),
        ("▽", "early"),
        ("早 退", "early"),
        ("○", "leave"),
        ("〇", "leave"),
        ("×", "absent"),
        ("X", "absent"),
        ("0", "absent"),
        ("旷课", "absent"),
    ],
)
def test_signs_and_words_of_offices_are_read(text: str, status: str) -> None:
    mark = parse_mark(text)
    assert mark is not None
    assert mark.status == status


def test_a_leave_word_brings_its_reason() -> None:
    assert parse_mark("病假") == Mark(MarkStatus.LEAVE, reason=LeaveReason.SICK)
    assert parse_mark("请假") == Mark(MarkStatus.LEAVE)


def test_a_blank_cell_is_no_mark_and_an_unknown_sign_is_refused() -> None:
    assert parse_mark("") is None
    assert parse_mark(" \u3000") is None
    with pytest.raises(AppError) as error:
        parse_mark("？？")
    assert error.value.code == "MARK_UNKNOWN"


@pytest.mark.parametrize("status", list(MarkStatus))
def test_our_own_signs_read_back(status: MarkStatus) -> None:
    mark = parse_mark(SIGNS[status])
    assert mark is not None
    assert mark.status == status


MARKS = st.builds(Mark, st.sampled_from(MarkStatus))


@given(st.lists(st.tuples(st.integers(1, 8), st.none() | MARKS), max_size=20), st.integers(0, 20))
def test_attended_lost_and_open_hours_make_up_the_plan(
    rows: list[tuple[int, Mark | None]], joined: int
) -> None:
    sessions = [session(number, hours) for number, (hours, _) in enumerate(rows)]
    marks = {bytes([number]): mark for number, (_, mark) in enumerate(rows) if mark is not None}
    count = tally(sessions, marks, [Period(START + timedelta(days=joined))])
    blank = sum(hours for number, (hours, mark) in enumerate(rows) if mark is None and number >= joined)
    assert count.attended + count.lost + blank == count.planned
    assert 0 <= count.attended_held <= count.held <= count.planned
    assert count.present + count.unmarked <= count.expected
    if not count.unmarked:
        assert count.reachable_rate == count.subsidy_rate


@given(st.integers(0, 10_000), st.integers(1, 10_000), st.integers(0, 10_000))
def test_what_is_shown_never_reaches_a_limit_that_is_missed(part: int, whole: int, limit: int) -> None:
    part = min(part, whole)
    rate = Ratio(part, whole)
    tenths = rate.tenths_of_percent()
    assert tenths is not None
    if not rate.reaches(limit):
        assert tenths * 10 < limit or limit % 10
    if tenths * 10 >= limit:
        assert rate.reaches(limit)
