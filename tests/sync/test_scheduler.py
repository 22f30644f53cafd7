"""The schedule: when what is due, what it does after a failure, and that it gives way and stops at once."""

from __future__ import annotations

import datetime as dt
import threading
import time

import pytest

from desktop_app.domain.errors import AppError
from desktop_app.services.ports import NEVER, no_progress, stop_if_cancelled
from sync.scheduler import (
    FIRST_SECONDS,
    LONGEST_WORK_SECONDS,
    QUIET_SECONDS,
    Part,
    Plan,
    Scheduler,
    Timetable,
)

NOW = dt.datetime(2020, 11, 26, 2, 0, tzinfo=dt.UTC)
PATIENCE = 10.0


def timetable():
    return Timetable(0.0, lambda: 1.0)


def test_exchanges_come_by_the_clock():
    times = timetable()
    assert times.due_at("relay", 5) == FIRST_SECONDS
    times.done("relay", 5, 10.0)
    assert times.due_at("relay", 5) == 310.0


def test_what_was_written_goes_out_after_a_quiet_moment_and_at_the_latest_after_a_while():
    times = timetable()
    times.due_at("relay", 5)
    times.done("relay", 5, 10.0)
    times.note_work(20.0)
    times.note_work(21.0)
    assert times.due_at("relay", 5) == 21.0 + QUIET_SECONDS
    for second in range(22, 200):
        times.note_work(float(second))
    assert times.due_at("relay", 5) == 20.0 + LONGEST_WORK_SECONDS
    times.begin()
    assert times.due_at("relay", 5) == 310.0


def test_a_failure_is_tried_again_each_time_later_and_at_once_when_the_network_is_back():
    times = timetable()
    times.due_at("relay", 5)
    due = []
    for _ in range(8):
        times.failed("relay", "SHELF_UNREACHABLE", 100.0)
        due.append(times.due_at("relay", 5) - 100.0)
    assert due == [15.0, 30.0, 60.0, 120.0, 300.0, 300.0, 300.0, 300.0]
    times.note_work(101.0)
    assert times.due_at("relay", 5) == 400.0  # to write something does not make the line better
    assert times.problem(["platform", "relay"]) == "SHELF_UNREACHABLE"
    times.hurry(130.0)
    assert times.due_at("relay", 5) <= 130.0
    times.done("relay", 5, 131.0)
    assert times.problem(["relay"]) is None


def test_by_hand_only_means_that_nothing_begins_by_itself():
    times = timetable()
    times.note_work(1.0)
    assert times.due_at("relay", 0) is None


class Line:
    """A part whose exchanges are counted; it lasts until it is told to go on, or is cancelled."""

    def __init__(self, name="relay", error=None):
        self.name, self.error = name, error
        self.begun, self.go_on = threading.Semaphore(0), threading.Event()
        self.go_on.set()
        self.runs, self.cancelled, self.together = 0, 0, 0
        self._inside = threading.Lock()

    def run(self, progress, cancel):
        assert self._inside.acquire(blocking=False), "two exchanges at a time"
        try:
            self.runs += 1
            self.begun.release()
            while not self.go_on.wait(0.005):
                if cancel.is_cancelled():
                    self.cancelled += 1
                stop_if_cancelled(cancel)
            if self.error is not None:
                raise self.error
        finally:
            self._inside.release()

    def wait(self):
        assert self.begun.acquire(timeout=PATIENCE)


@pytest.fixture
def schedule():
    made = []

    def make(*lines, minutes=5):
        parts = [Part(line.name, line.run) for line in lines]
        made.append(Scheduler(lambda: Plan(minutes, parts), lambda: NOW, network=lambda: ""))
        return made[-1]

    yield make
    for one in made:
        one.stop()


def until(true):
    give_up = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < give_up
        time.sleep(0.002)


def woken(scheduler):
    """Begin at once: everything is due."""
    scheduler._times.started -= FIRST_SECONDS
    scheduler.start()
    return scheduler


def test_it_exchanges_with_every_part_and_says_how_it_went(schedule):
    relay, platform = Line("relay", AppError("SHELF_UNREACHABLE", detail="x")), Line("platform")
    scheduler = woken(schedule(relay, platform))
    platform.wait()
    until(lambda: not scheduler.standing().running and scheduler.standing().last)
    standing = scheduler.standing()
    assert (relay.runs, platform.runs) == (1, 1)  # one that is away does not hold up the other
    assert (standing.offered, standing.last, standing.problem) == (True, NOW, "SHELF_UNREACHABLE")


def test_to_stop_breaks_off_what_is_under_way(schedule):
    line = Line()
    line.go_on.clear()
    scheduler = woken(schedule(line))
    line.wait()
    scheduler.stop()
    assert (line.cancelled, scheduler.standing().running) == (1, False)
    scheduler.start()
    assert line.runs == 1


def test_who_exchanges_by_hand_goes_first_and_the_schedule_goes_on_afterwards(schedule):
    line = Line()
    line.go_on.clear()
    scheduler = woken(schedule(line))
    line.wait()
    with scheduler.aside():
        assert line.cancelled == 1
        line.go_on.set()
    scheduler.wake()
    line.wait()
    assert line.runs == 2


def test_an_exchange_by_hand_runs_all_and_tells_the_first_error_at_the_end(schedule):
    relay, platform = Line("relay", AppError("SHARE_DEVICE_REVOKED")), Line("platform")
    scheduler = schedule(relay, platform, minutes=0)
    with pytest.raises(AppError) as refused:
        scheduler.run_now(no_progress, NEVER)
    assert (refused.value.code, platform.runs) == ("SHARE_DEVICE_REVOKED", 1)


def test_what_an_exchange_brings_is_no_reason_for_another(schedule):
    line, scheduler = Line(), None

    def run(progress, cancel):
        line.run(progress, cancel)
        scheduler.note_changes(frozenset({"mark"}))

    scheduler = Scheduler(lambda: Plan(5, [Part("relay", run)]), lambda: NOW, network=lambda: "")
    scheduler.run_now(no_progress, NEVER)
    assert scheduler._times._last_work is None
    scheduler.note_changes(frozenset({"mark"}))
    assert scheduler._times._last_work is not None


def test_a_bug_is_told_once_and_ends_nothing(schedule):
    broken, good = Line("relay", ValueError("a bug")), Line("platform")
    scheduler, told = schedule(broken, good), []
    scheduler.listen(lambda bug: told.append(bug) if bug is not None else None)
    woken(scheduler)
    broken.wait()
    until(lambda: told)
    scheduler.wake()
    broken.wait()
    until(lambda: not scheduler.standing().running)
    assert [str(bug) for bug in told] == ["a bug"]


def test_when_another_network_is_there_it_exchanges_at_once():
    line, network = Line(), iter(["10.0.0.5", "10.0.0.5", "192.168.1.7"])
    last = ["10.0.0.5"]

    def address():
        last[0] = next(network, last[0])
        return last[0]

    scheduler = Scheduler(lambda: Plan(5, [Part("relay", line.run)]), lambda: NOW, network=address)
    woken(scheduler)
    try:
        line.wait()
        with scheduler._changed:
            scheduler._changed.notify_all()
        line.wait()
    finally:
        scheduler.stop()
    assert line.runs == 2
