"""Record keys: order, uniqueness, and the natural keys that two workstations derive alike."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from desktop_app.domain import ids
from desktop_app.domain.errors import AppError
from tests.factories.workstations import START, SetClock

CLASS = bytes(range(16))


def test_ids_of_one_process_ascend_and_differ():
    clock = SetClock()
    source = ids.IdSource(clock)
    made = []
    for n in range(5000):
        if n % 100 == 0:
            clock.forward(milliseconds=1)
        made.append(source.new())
    assert made == sorted(set(made))


def test_ids_ascend_while_the_clock_goes_back():
    clock = SetClock()
    source = ids.IdSource(clock)
    first = source.new()
    clock.moment -= timedelta(days=2)
    assert source.new() > first


def test_id_is_a_uuid_of_version_7_that_begins_with_the_millisecond():
    made = ids.IdSource(SetClock()).new()
    assert len(made) == 16
    assert int.from_bytes(made[:6], "big") == int(START.timestamp() * 1000)
    assert made[6] >> 4 == 7
    assert made[8] >> 6 == 0b10


def test_two_sources_at_one_instant_make_different_ids():
    clock = SetClock()
    left, right = ids.IdSource(clock), ids.IdSource(clock)
    assert not {left.new() for _ in range(1000)} & {right.new() for _ in range(1000)}


def test_session_key_is_the_same_on_every_workstation_and_never_changes():
    key = ids.session_id(CLASS, date(2020, 11, 9), time(8, 30))
    assert key.hex() == "0175aa68db408d22912dac4b0b827851"
    assert int.from_bytes(key[:6], "big") == 1604881800000  # 2020-11-09 08:30 +08:00


@pytest.mark.parametrize(
    ("class_id", "day", "start"),
    [
        (bytes(16), date(2020, 11, 9), time(8, 30)),
        (CLASS, date(2020, 11, 10), time(8, 30)),
        (CLASS, date(2020, 11, 9), time(14, 0)),
    ],
)
def test_another_class_day_or_start_is_another_session(class_id, day, start):
    assert ids.session_id(class_id, day, start) != ids.session_id(CLASS, date(2020, 11, 9), time(8, 30))


def test_sessions_sort_by_time():
    days = [ids.session_id(CLASS, date(2020, 11, day), time(hour)) for day in (9, 10) for hour in (8, 14)]
    assert days == sorted(days)


def test_keys_join():
    assert ids.pair(CLASS, bytes(16)) == CLASS + bytes(16)
    assert ids.numbered(CLASS, 258) == CLASS + b"\x01\x02"
    assert ids.platform_page_id("catalogue", 1) != ids.platform_page_id("catalogue", 2)
    assert len(ids.platform_page_id("catalogue", 1)) == 16


def test_text_form_comes_back():
    assert ids.from_text(ids.to_text(CLASS)) == CLASS


@pytest.mark.parametrize("text", ["", "zz", "00" * 15, "00" * 17])
def test_what_is_no_key_is_refused(text):
    with pytest.raises(AppError) as caught:
        ids.from_text(text)
    assert caught.value.code == "ID_INVALID"
