"""The hybrid clock: every stamp is later than all that were seen, whatever the wall clock does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desktop_app.domain.errors import AppError
from desktop_app.domain.stamps import HybridClock, Stamp, new_opening
from tests.factories.workstations import START, SetClock

NOW = int(START.timestamp() * 1000)
OPENING = b"opening1"


def test_stamp_takes_the_wall_clock():
    assert HybridClock(SetClock(), OPENING).tick() == Stamp(NOW, 0, OPENING)


def test_counter_rises_within_a_millisecond():
    clock = HybridClock(SetClock(), OPENING)
    assert [clock.tick().counter for _ in range(3)] == [0, 1, 2]


def test_stamps_ascend_when_the_wall_clock_goes_back():
    wall = SetClock()
    clock = HybridClock(wall, OPENING)
    first = clock.tick()
    wall.moment -= timedelta(days=2)
    assert clock.tick() == Stamp(first.ms, 1, OPENING)


def test_full_counter_moves_to_the_next_millisecond():
    clock = HybridClock(SetClock(), OPENING, NOW, 0xFFFE)
    assert clock.tick() == Stamp(NOW, 0xFFFF, OPENING)
    assert clock.tick() == Stamp(NOW + 1, 0, OPENING)


def test_next_stamp_is_later_than_a_foreign_one_ahead_of_the_wall_clock():
    clock = HybridClock(SetClock(), OPENING)
    foreign = Stamp(NOW + 172_800_000, 7, b"\xff" * 8)
    clock.observe(foreign)
    assert clock.tick() > foreign


def test_foreign_stamp_of_the_past_changes_nothing():
    clock = HybridClock(SetClock(), OPENING)
    clock.observe(Stamp(NOW - 1, 9, OPENING))
    assert clock.tick() == Stamp(NOW, 0, OPENING)


def test_opening_goes_on_after_the_last_stored_stamp():
    assert HybridClock(SetClock(), OPENING, NOW + 5, 3).tick() == Stamp(NOW + 5, 4, OPENING)


@pytest.mark.parametrize(("ahead_ms", "too_far"), [(7 * 86_400_000, False), (7 * 86_400_000 + 1, True)])
def test_more_than_seven_days_ahead_is_too_far(ahead_ms, too_far):
    assert HybridClock(SetClock(), OPENING).is_too_far_ahead(Stamp(NOW + ahead_ms, 0, OPENING)) is too_far


def test_order_is_time_then_counter_then_opening():
    stamps = [Stamp(1, 0, b"b" * 8), Stamp(1, 1, b"a" * 8), Stamp(2, 0, b"a" * 8)]
    assert sorted([*reversed(stamps), Stamp(1, 0, b"a" * 8)]) == [Stamp(1, 0, b"a" * 8), *stamps]


def test_wire_form_comes_back():
    stamp = Stamp((1 << 48) - 1, 0xFFFF, OPENING)
    assert Stamp.from_wire(stamp.to_wire()) == stamp


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        [1, 2],
        [1, 2, b"short"],
        [-1, 0, OPENING],
        [1 << 48, 0, OPENING],
        [1, 0x10000, OPENING],
        [1, -1, OPENING],
    ],
)
def test_what_is_no_stamp_is_refused(value):
    with pytest.raises(AppError) as caught:
        Stamp.from_wire(value)
    assert caught.value.code == "STAMP_MALFORMED"


def test_openings_differ():
    assert len({new_opening() for _ in range(1000)}) == 1000
