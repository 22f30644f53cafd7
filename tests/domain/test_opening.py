"""What a class must have before it opens, at both edges."""

from __future__ import annotations

from datetime import date, time

import pytest

from desktop_app.domain import opening
from desktop_app.domain.opening import Duty, Funding, PlannedSession, StaffMember, Standard
from desktop_app.domain.policy_parameters import PolicyParameter
from desktop_app.domain.rules import Severity
from desktop_app.domain.timetable import Booking, SessionMode

CLASS = "电工2020-02班"
DAY = date(2020, 11, 2)


def codes(findings):
    return [one.error.code for one in findings]


def parameter(value, document=None):
    return PolicyParameter("any", value, document=document)


def session(number=1, day=DAY, hours=4, content="安全用电", teachers=1):
    return PlannedSession(number, day, hours, content, teachers)


@pytest.mark.parametrize(
    ("sessions", "standard", "expected"),
    [
        ([session(hours=60)], Standard(60), []),
        ([session(hours=59)], Standard(60), ["PLAN_HOURS_SHORT"]),
        ([session(teachers=0)], Standard(4), ["SESSION_WITHOUT_TEACHER"]),
        ([session()], Standard(4, ("安全 用电",)), []),
        ([session()], Standard(4, ("电机",)), ["PLAN_SUBJECT_MISSING"]),
        ([], Standard(0), ["PLAN_EMPTY"]),
        ([session()], None, ["STANDARD_UNKNOWN"]),
    ],
)
def test_the_plan_meets_the_certificate_standard(sessions, standard, expected):
    assert codes(opening.check_plan(sessions, standard, CLASS)) == expected


def test_an_unknown_standard_only_warns():
    assert [one.severity for one in opening.check_plan([session()], None, CLASS)] == [Severity.WARN]


@pytest.mark.parametrize(
    ("funding", "expected"),
    [
        (None, ["FUNDING_MISSING"]),
        (Funding(""), ["FUNDING_MISSING"]),
        (Funding("skill_action"), []),
        (Funding("enterprise"), ["PARTNER_ENTERPRISE_MISSING"]),
        (Funding("enterprise", "武汉光谷电气有限公司"), []),
    ],
)
def test_the_source_of_the_money_is_recorded(funding, expected):
    assert codes(opening.check_funding(funding, CLASS)) == expected


def staff(*full_time):
    return [StaffMember(f"某{duty}", duty, full) for duty, full in zip(Duty, full_time, strict=False)]


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        (staff(True, False, False), []),
        (staff(False, False, False), ["STAFF_NO_FULL_TIME"]),
        (staff(True, True), ["STAFF_DUTY_MISSING"]),
        ([], ["STAFF_DUTY_MISSING"] * 3),
        ([*staff(True, True), StaffMember(" ", Duty.PLACING, True)], ["STAFF_DUTY_MISSING"]),
    ],
)
def test_the_working_group_has_a_name_for_each_duty_and_one_full_time(people, expected):
    assert codes(opening.check_staff(people, CLASS)) == expected


@pytest.mark.parametrize(
    ("filed", "opens", "expected"),
    [
        (date(2020, 11, 2), date(2020, 11, 9), []),
        (date(2020, 11, 3), date(2020, 11, 9), ["FILED_LATE"]),
        (date(2020, 11, 9), date(2020, 11, 9), ["FILED_LATE"]),
        (date(2020, 11, 10), date(2020, 11, 9), ["FILED_AFTER_OPENING"]),
        (date(2020, 9, 27), date(2020, 10, 10), []),
        (date(2020, 9, 29), date(2020, 10, 10), ["FILED_LATE"]),
        (date(2034, 1, 2), date(2034, 1, 16), ["HOLIDAYS_UNKNOWN"]),
    ],
)
def test_a_class_is_filed_five_working_days_ahead(filed, opens, expected):
    assert codes(opening.check_filing(filed, opens, parameter(5), CLASS)) == expected


@pytest.mark.parametrize(
    ("document", "severity"), [(None, Severity.WARN), ("鄂人社〔2020〕1号", Severity.BLOCK)]
)
def test_a_threshold_blocks_once_it_has_a_document(document, severity):
    found = opening.check_class_size(51, parameter(50, document), CLASS)
    assert [(one.error.code, one.severity) for one in found] == [("CLASS_TOO_LARGE", severity)]
    assert opening.check_class_size(50, parameter(50, document), CLASS) == ()
    assert opening.check_class_size(500, parameter(None, document), CLASS) == ()


def test_a_day_has_no_more_hours_than_the_limit():
    two = [session(1, hours=4), session(2, hours=4)]
    assert opening.check_day_hours(two, parameter(8), CLASS) == ()
    assert codes(opening.check_day_hours([*two, session(3, hours=1)], parameter(8), CLASS)) == [
        "DAY_HOURS_OVER"
    ]
    spread = [*two, session(3, date(2020, 11, 3))]
    assert opening.check_day_hours(spread, parameter(8), CLASS) == ()


def test_sessions_on_a_holiday_and_in_an_unknown_year_warn():
    found = opening.check_holidays([session(1, date(2020, 10, 1)), session(2, date(2034, 3, 1))], CLASS)
    assert codes(found) == ["SESSION_ON_HOLIDAY", "HOLIDAYS_UNKNOWN"]
    assert {one.severity for one in found} == {Severity.WARN}
    assert opening.check_holidays([session()], CLASS) == ()


def booking(key, start, end, **changes):
    facts = {"mode": SessionMode.OFFLINE, "place": "实训楼101", "teachers": frozenset({b"t"})} | changes
    return Booking(key, DAY, time(start), time(end), **facts)


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (booking(b"2", 10, 12), []),
        (booking(b"2", 9, 11, teachers=frozenset()), ["ROOM_TWICE"]),
        (booking(b"2", 9, 11, place="实训楼102"), ["TEACHER_TWICE"]),
        (booking(b"2", 9, 11, place="体育馆", teachers=frozenset()), []),
        (booking(b"2", 9, 11, mode=SessionMode.ONLINE, teachers=frozenset()), []),
        (booking(b"1", 8, 10), []),
    ],
)
def test_nobody_and_no_room_is_in_two_sessions_at_once(second, expected):
    first = booking(b"1", 8, 10)
    found = opening.check_clashes([first, second], {b"1"}, {"体育馆"}, str, lambda key: key.decode())
    assert codes(found) == expected


def test_the_trainees_of_two_classes_meet():
    people = frozenset({b"p"})
    bookings = [
        booking(b"1", 8, 10, teachers=frozenset(), trainees=people),
        booking(b"2", 9, 11, place="", teachers=frozenset(), trainees=people),
        booking(b"3", 9, 11, place="别处", teachers=frozenset()),
    ]
    found = opening.check_clashes(bookings, {b"2"}, (), str, lambda key: key.decode())
    assert [(one.error.code, one.key) for one in found] == [("TRAINEE_TWICE", b"2")]
    assert opening.check_clashes(bookings, {b"3"}, (), str, lambda key: key.decode()) == ()


def test_each_kind_of_a_teacher_has_its_proof():
    kinds = ("dual", "model_worker")
    found = opening.check_teacher("张文斌", "full_time", kinds, {"dual"})
    assert [(one.error.code, one.error.params["kind"]) for one in found] == [
        ("TEACHER_PROOF_MISSING", "quality.model_worker")
    ]
    assert opening.check_teacher("张文斌", "part_time", (), ()) == ()
    assert codes(opening.check_teacher("张文斌", None, (), ())) == ["TEACHER_EMPLOYMENT_MISSING"]


FULL = {
    "name": "王建国",
    "sex": "male",
    "birth": "1990-01-01",
    "document_number": "x",
    "ethnicity": "01",
    "education": "70",
    "phone": "13900000000",
    "address": "湖北省武汉市",
}


def test_completeness_counts_each_field_among_those_who_need_it():
    people = [
        (b"1", FULL | {"category": "employee", "employer": "光谷电气", "employer_uscc": "", "post": "电工"}),
        (b"2", FULL | {"phone": None}),
    ]
    found = {one.field: one for one in opening.completeness(people)}
    assert (found["phone"].filled, found["phone"].needed, found["phone"].lacking) == (1, 2, (b"2",))
    assert (found["employer_uscc"].filled, found["employer_uscc"].needed) == (0, 1)
    assert found["name"].lacking == ()
    assert "student_number" not in found
    assert opening.completeness([]) == ()


def test_a_session_on_the_first_and_last_day_of_its_class_is_within() -> None:
    first, last = date(2020, 11, 9), date(2020, 12, 4)
    for day, found in (
        (first, []),
        (last, []),
        (date(2020, 11, 8), ["SESSION_OUTSIDE_CLASS"]),
        (date(2020, 12, 5), ["SESSION_OUTSIDE_CLASS"]),
    ):
        assert codes(opening.check_within(day, first, last, "电工01班")) == found
    assert codes(opening.check_within(date(2034, 1, 1), first, None, "电工01班")) == []
    assert codes(opening.check_within(date(2034, 1, 1), None, None, "电工01班")) == []
