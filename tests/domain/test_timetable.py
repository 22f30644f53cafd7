"""Times, year-less dates and two things at once (R29)."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.errors import AppError
from desktop_app.domain.timetable import (
    Booking,
    ClashKind,
    SessionMode,
    SessionTimes,
    check_times,
    find_clashes,
    parse_time,
    parse_time_range,
)

DAY = date(2020, 11, 23)
TEACHER = frozenset({b"t"})


def booking(key: int, start: str, end: str, **more: object) -> Booking:
    fields: dict[str, object] = {
        "session": bytes([key]),
        "day": DAY,
        "start": time.fromisoformat(start),
        "end": time.fromisoformat(end),
        "mode": SessionMode.OFFLINE,
        "place": "焊接车间2",
        "teachers": TEACHER,
    }
    return Booking(**(fields | more))  # type: ignore[arg-type]


def kinds(*bookings: Booking, shareable: tuple[str, ...] = ()) -> list[str]:
    return [clash.kind.value for clash in find_clashes(bookings, shareable)]


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("18:30", time(18, 30)),
        ("18：30", time(18, 30)),
        ("8.30", time(8, 30)),
        ("8时30分", time(8, 30)),
        ("8点", time(8)),
        ("0830", time(8, 30)),
        ("18:30:00", time(18, 30)),
        ("下午2:00", time(14)),
        ("上午8:30", time(8, 30)),
        ("中午12:00", time(12)),
        ("晚上7点", time(19)),
        (time(18, 30, 15), time(18, 30)),
        (datetime(2020, 11, 23, 18, 30), time(18, 30)),  # noqa: DTZ001
        (18.5 / 24, time(18, 30)),
        (0.0, time(0)),
        (44158.5, time(12)),
    ],
)
def test_times_as_offices_write_them(cell: object, moment: time) -> None:
    assert parse_time(cell) == moment


@pytest.mark.parametrize(
    "cell", ["", "24:00", "18:60", "18", "2460", "早上", None, 18, 8.3, 0.99999, "8.3", -0.5]
)
def test_other_cells_are_no_times(cell: object) -> None:
    with pytest.raises(AppError) as error:
        parse_time(cell)
    assert error.value.code == "TIME_INVALID"


@pytest.mark.parametrize(
    "text", ["18:30-21:50", "18：30—21：50", "18:30 ~ 21:50", "18:30至21:50", "18:30--21:50"]
)
def test_ranges_of_time(text: str) -> None:
    assert parse_time_range(text) == (time(18, 30), time(21, 50))


@pytest.mark.parametrize("text", ["18:30", "21:50-18:30", "18:30-18:30", "8:00-9:00-10:00", ""])
def test_other_texts_are_no_ranges(text: str) -> None:
    with pytest.raises(AppError) as error:
        parse_time_range(text)
    assert error.value.code == "TIME_RANGE_INVALID"


def test_a_session_needs_an_end_after_its_start_and_enough_minutes() -> None:
    def codes(start: str, end: str, hours: int) -> list[str]:
        times = SessionTimes(DAY, time.fromisoformat(start), time.fromisoformat(end), hours)
        return [error.code for error in check_times(times)]

    assert codes("18:30", "21:50", 4) == []
    assert codes("18:30", "21:30", 4) == []
    assert codes("18:30", "21:29", 4) == ["SESSION_TOO_SHORT"]
    assert codes("18:30", "18:30", 4) == ["SESSION_END"]
    assert codes("18:30", "18:31", 0) == ["SESSION_HOURS"]


def test_teacher_and_room_in_two_sessions_at_once() -> None:
    assert kinds(booking(1, "08:30", "11:50"), booking(2, "11:49", "12:00")) == ["teacher", "room"]


def test_one_session_may_begin_when_another_ends() -> None:
    assert kinds(booking(1, "08:30", "11:50"), booking(2, "11:50", "12:00")) == []


def test_another_day_is_no_clash() -> None:
    assert kinds(booking(1, "08:30", "11:50"), booking(2, "08:30", "11:50", day=date(2020, 11, 24))) == []


def test_places_marked_shareable_and_online_ones_are_exempt_but_the_teacher_is_not() -> None:
    first, second = booking(1, "08:30", "11:50"), booking(2, "08:30", "11:50")
    assert kinds(first, second, shareable=("焊接车间2",)) == ["teacher"]
    online = booking(3, "08:30", "11:50", mode=SessionMode.ONLINE)
    assert kinds(first, online) == ["teacher"]
    assert kinds(booking(4, "08:30", "11:50", place="", teachers=frozenset()), first) == []


def test_a_joint_session_of_several_classes_does_not_clash_with_itself() -> None:
    assert kinds(booking(1, "08:30", "11:50"), booking(1, "08:30", "11:50")) == []


def test_a_trainee_in_two_sessions_at_once() -> None:
    one = booking(1, "08:30", "11:50", teachers=frozenset(), trainees=frozenset({b"a", b"b"}))
    other = booking(2, "09:00", "10:00", teachers=frozenset(), place="B203", trainees=frozenset({b"b"}))
    clashes = find_clashes([one, other])
    assert [(clash.kind, clash.what, clash.first, clash.second) for clash in clashes] == [
        (ClashKind.TRAINEE, b"b", b"\x01", b"\x02")
    ]


@given(st.times())
def test_a_time_reads_back(moment: time) -> None:
    whole = moment.replace(second=0, microsecond=0, tzinfo=None)
    assert parse_time(f"{whole:%H:%M}") == whole


@given(st.text(max_size=15))
def test_any_text_is_a_time_or_refused(text: str) -> None:
    try:
        moment = parse_time(text)
    except AppError:
        return
    assert moment.second == 0
