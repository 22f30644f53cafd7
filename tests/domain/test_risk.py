"""Detectors at both edges (R38), duplicates (R37), 处置 (R38)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from desktop_app.domain.enrolment import Period
from desktop_app.domain.policy_parameters import PolicyBook, PolicyParameter
from desktop_app.domain.risk import disposal, duplicates, facts, patterns
from desktop_app.domain.risk.duplicates import Training
from desktop_app.domain.risk.facts import IssuedNumber, Meeting, PlacedMark, Sitting
from desktop_app.domain.risk.patterns import EarlyMarks, Grid, HeldClass, HeldSession, PhoneOwner, ScoreSheet

DAY = date(2020, 11, 9)
MOMENT = datetime(2020, 11, 9, 6, tzinfo=UTC)
FIRST = Sitting(b"s1" * 8, b"c1" * 8, "电工01班", 1, DAY, "08:30", "11:50")
NUMBER = IssuedNumber(b"a" * 16 + b"p" * 16 + b"\0\1", b"p" * 16, b"c" * 16, "level", "评价组织", "S1")
LIMITS = patterns.limits_on(PolicyBook(), date(2020, 11, 1))


def key(number: int) -> bytes:
    return number.to_bytes(16, "big")


@pytest.mark.parametrize(
    ("other", "flags"),
    [
        ({"key": b"a" * 16 + b"q" * 16 + b"\0\1", "trainee_id": b"q" * 16}, 1),
        ({"key": b"a" * 16 + b"p" * 16 + b"\0\2"}, 0),
        ({"key": b"a" * 16 + b"q" * 16 + b"\0\1", "number": "S2"}, 0),
        ({"key": b"a" * 16 + b"q" * 16 + b"\0\1", "issuer": "另一家"}, 0),
        ({"key": b"a" * 16 + b"q" * 16 + b"\0\1", "kind": "one_x"}, 0),
    ],
)
def test_a_number_is_unique_per_kind_and_issuer_but_for_further_issues(other, flags):
    assert len(facts.certificates_twice([NUMBER, replace(NUMBER, **other)])) == flags


@pytest.mark.parametrize(
    ("start", "end", "day", "flags"),
    [("11:49", "14:00", DAY, 1), ("11:50", "14:00", DAY, 0), ("08:30", "11:50", DAY + timedelta(days=1), 0)],
)
def test_two_places_at_once_are_those_that_overlap(start, end, day, flags):
    second = replace(FIRST, session_id=b"s2" * 8, start=start, end=end, day=day)
    meeting = Meeting(b"p" * 16, "范雨", FIRST, second)
    assert len(facts.persons_twice([meeting])) == len(facts.teachers_twice([meeting])) == flags


@pytest.mark.parametrize(
    ("periods", "flags"),
    [
        ((Period(DAY),), 0),
        ((Period(DAY, DAY),), 0),
        ((Period(DAY + timedelta(days=1)),), 1),
        ((Period(DAY - timedelta(days=9), DAY - timedelta(days=1)),), 1),
        ((), 1),
    ],
)
def test_a_mark_lies_within_membership(periods, flags):
    assert len(facts.marks_outside([PlacedMark(FIRST, b"p" * 16, "范雨", periods)])) == flags


def held(count=10, **changes):
    session = HeldSession(b"s" * 16, "1", MOMENT, MOMENT + timedelta(hours=3), 5, 0, whole=True, backed=False)
    return HeldClass(b"c" * 16, "电工01班", tuple(replace(session, **changes) for _ in range(count)))


@pytest.mark.parametrize(
    ("found", "flags"),
    [
        (held(), 1),
        (held(9), 0),
        (held(backed=True), 0),
        (held(absences=1), 0),
        (held(whole=False), 0),
        (held(members=4), 0),
    ],
)
def test_full_attendance_over_ten_sessions_is_odd_unless_a_sheet_says_so(found, flags):
    assert len(patterns.no_absence([found], LIMITS)) == flags


@pytest.mark.parametrize(
    ("after", "step", "flags"),
    [(1, 0, 1), (1, 24, 1), (1, 60, 0), (-1, 0, 0)],
    ids=["at once", "4 h", "10 h", "before"],
)
def test_a_class_keyed_in_one_sitting_after_its_end_is_odd(after, step, flags):
    end = MOMENT + timedelta(hours=3)
    sessions = [
        replace(one, made=(end + timedelta(hours=after, minutes=step * place),))
        for place, one in enumerate(held().sessions)
    ]
    assert len(patterns.keyed_after_end([HeldClass(b"c" * 16, "电工01班", tuple(sessions))], LIMITS)) == flags


def test_marks_before_the_session_are_odd_from_the_first_minute():
    early = EarlyMarks(b"s" * 16, b"c" * 16, "1", MOMENT, MOMENT - timedelta(minutes=1), (b"p" * 16,))
    assert len(patterns.marked_before([early])) == 1
    assert patterns.marked_before([replace(early, first_made=MOMENT)]) == ()
    assert patterns.marked_before([replace(early, people=())]) == ()


@pytest.mark.parametrize(("people", "sessions", "flags"), [(5, 5, 1), (4, 5, 0), (5, 4, 0)])
def test_equal_grids_of_some_size_are_odd(people, sessions, flags):
    grids = [Grid(key(n), f"{n}班", b"same", people, sessions) for n in range(2)]
    assert len(patterns.same_grids(grids, LIMITS)) == flags
    assert patterns.same_grids([grids[0], replace(grids[1], digest=b"other")], LIMITS) == ()


@pytest.mark.parametrize(("scored", "results", "flags"), [(5, 1, 1), (4, 1, 0), (5, 2, 0)])
def test_equal_scores_of_five_are_odd(scored, results, flags):
    assert (
        len(patterns.scores_equal([ScoreSheet(b"a" * 16, b"c" * 16, "班", scored, results)], LIMITS)) == flags
    )


@pytest.mark.parametrize(("count", "flags"), [(4, 0), (5, 1)])
def test_one_phone_of_five_people_is_odd_and_shows_four_digits(count, flags):
    found = patterns.phones_shared((PhoneOwner(key(n), "范雨", "13800001111") for n in range(count)), LIMITS)
    assert len(found) == flags
    assert all(("phone", "*1111") in one.facts for one in found)


TRAINING = Training(
    b"p" * 16, "范雨", b"c1" * 8, "电工01班", DAY, DAY + timedelta(days=9), "电工", "skill4", completed=True
)


@pytest.mark.parametrize(
    ("first", "codes"),
    [
        (DAY + timedelta(days=10), set()),
        (DAY + timedelta(days=9), set()),
        (DAY + timedelta(days=8), {"CLASSES_OVERLAP"}),
    ],
)
def test_two_classes_at_once_are_said_when_somebody_joins(first, codes):
    joined = replace(TRAINING, class_id=b"c2" * 8, first=first, last=None, level="skill3", completed=False)
    assert {one.error.code for one in duplicates.check_enrolment(joined, [TRAINING, joined])} == codes
    assert len(duplicates.classes_overlap([TRAINING, joined])) == len(codes)


@pytest.mark.parametrize(
    ("changes", "flags"),
    [
        ({"level": "skill4"}, 1),
        ({"level": "skill5"}, 1),
        ({"level": "skill3"}, 0),
        ({"level": "x1"}, 0),
        ({"trade": "焊工"}, 0),
    ],
)
def test_the_same_or_a_lower_level_of_one_system_brings_nothing_new(changes, flags):
    later = replace(
        TRAINING, class_id=b"c2" * 8, first=DAY + timedelta(days=99), last=None, completed=False, **changes
    )
    assert len(duplicates.trained_twice([TRAINING, later])) == flags
    assert duplicates.trained_twice([replace(TRAINING, completed=False), later]) == ()


def test_one_training_has_one_channel_and_a_year_its_limit():
    def codes(former, limit):
        parameter = PolicyParameter("yearly_subsidies", limit, document="鄂人社〔2020〕2号")
        found = duplicates.check_claims("范雨", "电工01班", "skill_action", former, 2021, parameter)
        return {one.error.code for one in found}

    assert codes([("电工01班", "education_special", 2020)], None) == {"CHANNEL_TWICE"}
    assert codes([("焊工01班", "skill_action", 2021)], 2) == set()
    assert codes([("焊工01班", "skill_action", 2021)] * 2, 2) == {"YEARLY_LIMIT"}
    assert codes([("焊工01班", "skill_action", 2020)] * 2, 2) == set()


@pytest.mark.parametrize(
    ("blocks", "solo", "author", "severity"),
    [
        (True, False, True, "block"),
        (False, False, True, "warn"),
        (True, True, True, ""),
        (True, False, False, ""),
    ],
)
def test_who_entered_it_does_not_dispose_of_it(blocks, solo, author, severity):
    authors = {b"u" * 16} if author else set()
    found = disposal.check_disposal("person_twice", b"u" * 16, authors, blocks=blocks, solo=solo)
    assert [one.severity.value for one in found] == ([severity] if severity else [])
