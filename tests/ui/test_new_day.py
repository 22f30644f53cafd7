"""The window over midnight."""

from __future__ import annotations

from datetime import date

from ui.new_day import DayWatch


def test_pages_read_again_once_the_day_is_another(changes, qtbot):
    days = [date(2020, 11, 5)]
    watch = DayWatch(changes, lambda: days[-1])
    told = []
    changes.watch(changes, {"session"}, lambda: told.append(days[-1]))
    watch.look()
    assert told == []
    days.append(date(2020, 11, 6))
    watch.look()
    watch.look()
    assert told == [date(2020, 11, 6)]
