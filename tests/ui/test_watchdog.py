"""The watchdog sees what keeps the window's thread, and nothing else."""

from __future__ import annotations

import time

from PySide6.QtCore import QTimer

from ui.watchdog import TICK_MS, Watchdog


def test_a_slot_that_takes_long_is_measured_and_told(qtbot):
    told = []
    with Watchdog(told=told.append, limit_ms=100) as dog:
        QTimer.singleShot(0, lambda: time.sleep(0.2))
        qtbot.wait(30)
    assert dog.longest_ms >= 190
    assert told == dog.blocks
    assert dog.longest_ms in told


def test_a_block_that_still_lasts_at_the_end_counts(qtbot):
    with Watchdog() as dog:
        qtbot.wait(20)
        time.sleep(0.1)
    assert dog.longest_ms >= 90


def test_an_idle_loop_is_seen_to_turn_and_after_the_end_nothing_is_measured(qtbot):
    with Watchdog() as dog:
        qtbot.waitUntil(lambda: dog.ticks >= 3)
    before = dog.ticks
    time.sleep(0.03)
    qtbot.wait(4 * TICK_MS)
    assert dog.ticks == before


def test_what_was_before_a_reset_does_not_count():
    with Watchdog(limit_ms=100) as dog:
        time.sleep(0.15)
        dog.reset()
        assert (dog.longest_ms, dog.blocks) == (0.0, [])
