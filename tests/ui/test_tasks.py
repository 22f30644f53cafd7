"""The task runner: one contract for the real one and the fake, and what only the real one does."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QObject
from shiboken6 import delete

from desktop_app.domain.errors import AppError
from tests.fakes.task_runner import SynchronousTasks
from ui.tasks import Lane, Tasks, changed_kinds


@dataclass(frozen=True)
class Outcome:
    value: object
    changed: frozenset[str]


@pytest.fixture(params=[Tasks, SynchronousTasks], ids=["real", "fake"])
def runner(request, changes, doors, qtbot):
    made = request.param(changes, doors)
    yield made
    made.close()


@pytest.fixture
def owner():
    return QObject()


@pytest.fixture
def told(changes):
    kinds = []
    changes.changed.connect(kinds.append)
    return kinds


def test_a_query_hands_its_value_back_on_the_windows_thread(runner, owner, qtbot):
    got = []
    runner.query(owner, lambda: 7, lambda value: got.append((value, threading.current_thread())))
    qtbot.waitUntil(lambda: bool(got))
    assert got == [(7, threading.main_thread())]


def test_a_command_tells_its_kinds_once_after_its_owner_was_called(runner, owner, qtbot, changes):
    order = []
    changes.changed.connect(order.append)
    runner.command(
        owner, lambda: Outcome(1, frozenset({"trainee"})), lambda result: order.append(result.value)
    )
    qtbot.waitUntil(lambda: len(order) == 2)
    assert order == [1, frozenset({"trainee"})]


def test_a_command_may_return_the_kinds_themselves(runner, owner, qtbot, told):
    runner.command(owner, lambda: frozenset({"mark", "session"}))
    qtbot.waitUntil(lambda: bool(told))
    assert told == [frozenset({"mark", "session"})]


def test_a_query_tells_no_kinds(runner, owner, qtbot, told):
    got = []
    runner.query(owner, lambda: frozenset({"mark"}), got.append)
    qtbot.waitUntil(lambda: bool(got))
    assert told == []


def test_commands_run_in_the_order_they_came(runner, owner, qtbot):
    order, done = [], []
    for number in range(20):
        runner.command(owner, lambda number=number: order.append(number), lambda _none: done.append(1))
    qtbot.waitUntil(lambda: len(done) == 20)
    assert order == list(range(20))


def test_a_result_for_a_dead_owner_is_dropped_but_its_change_is_told(runner, changes, qtbot, told):
    owner, got, gate = QObject(), [], threading.Event()

    def change():
        delete(owner) if isinstance(runner, SynchronousTasks) else gate.wait(5)
        return frozenset({"trainee"})

    runner.command(owner, change, got.append)
    if isinstance(runner, Tasks):
        delete(owner)
        gate.set()
    qtbot.waitUntil(lambda: bool(told))
    assert got == []
    assert told == [frozenset({"trainee"})]


def test_a_known_error_goes_to_the_page_that_asked_for_it(runner, owner, qtbot, doors):
    def fail():
        raise AppError("SAMPLE_WRONG", row=3)

    got = []
    runner.query(owner, fail, got.append, lambda error: got.append(error.code))
    qtbot.waitUntil(lambda: bool(got))
    assert got == ["SAMPLE_WRONG"]
    assert doors.reported == []


def test_a_known_error_that_nobody_takes_goes_through_the_doors(runner, owner, qtbot, doors):
    def fail():
        raise AppError("SAMPLE_WRONG", row=3)

    runner.command(owner, fail)
    qtbot.waitUntil(lambda: bool(doors.reported))
    assert [error.code for error in doors.reported] == ["SAMPLE_WRONG"]


def test_a_bug_goes_through_the_doors_even_past_a_page_that_takes_errors(runner, owner, qtbot, doors):
    got = []
    runner.command(owner, lambda: 1 // 0, got.append, got.append)
    qtbot.waitUntil(lambda: bool(doors.reported))
    assert isinstance(doors.reported[0], ZeroDivisionError)
    assert got == []


def test_a_page_takes_back_what_it_showed_before_a_bug_is_told(runner, owner, qtbot, doors):
    order = []
    runner.command(owner, lambda: 1 // 0, lost=lambda: order.append(len(doors.reported)))
    qtbot.waitUntil(lambda: bool(doors.reported))
    assert order == [0]


def test_a_known_error_or_a_success_takes_nothing_back(runner, owner, qtbot, doors):
    def fail():
        raise AppError("SAMPLE_WRONG", row=3)

    lost, got = [], []
    runner.command(owner, fail, lost=lambda: lost.append(1))
    runner.command(owner, lambda: 5, got.append, lost=lambda: lost.append(2))
    qtbot.waitUntil(lambda: bool(got))
    assert len(doors.reported) == 1
    assert lost == []


def test_progress_comes_to_the_owner(runner, owner, qtbot):
    seen, got = [], []

    def work(progress, cancel):
        progress(5, 10)
        progress(10, 10, "app.name")
        return cancel.is_cancelled()

    runner.work(owner, work, got.append, None, lambda *step: seen.append(step))
    qtbot.waitUntil(lambda: bool(got))
    assert got == [False]
    assert seen[-1] == (10, 10, "app.name")


def test_work_that_was_stopped_tells_only_who_asked(runner, owner, qtbot, doors):
    def stopped(progress, cancel):
        raise AppError("CANCELLED")

    got = []
    runner.work(owner, stopped, None, lambda error: got.append(error.code))
    runner.work(owner, stopped, got.append)
    runner.work(owner, lambda progress, cancel: "last", got.append)
    qtbot.waitUntil(lambda: "last" in got)
    assert got == ["CANCELLED", "last"]
    assert doors.reported == []


def test_a_closed_runner_takes_no_more_work(runner, owner):
    runner.close()
    got = []
    assert runner.query(owner, lambda: 1, got.append).is_cancelled()
    assert got == []


def test_only_the_newest_search_is_answered(changes, doors, owner, qtbot):
    tasks, gate, got = Tasks(changes, doors), threading.Event(), []
    tasks.query(owner, lambda: gate.wait(5) and "old", got.append, latest="search")
    tasks.query(owner, lambda: "new", got.append, latest="search")
    qtbot.waitUntil(lambda: bool(got))
    gate.set()
    tasks.close()
    qtbot.wait(20)
    assert got == ["new"]


def test_two_reads_run_beside_each_other_and_beside_a_write(changes, doors, owner, qtbot):
    tasks, together, got = Tasks(changes, doors), threading.Barrier(3), []
    for start in (tasks.query, tasks.query, tasks.command):
        start(owner, lambda: together.wait(5), got.append)
    qtbot.waitUntil(lambda: len(got) == 3)
    tasks.close()


def test_cancel_reaches_work_under_way(changes, doors, owner, qtbot):
    tasks, got = Tasks(changes, doors), []

    def work(progress, cancel):
        while not cancel.is_cancelled():
            progress(1, 0)
        return "stopped half way"

    ticket = tasks.work(owner, work, got.append)
    ticket.cancel()
    qtbot.waitUntil(lambda: bool(got))
    assert got == ["stopped half way"]
    tasks.close()


def test_saving_counts_commands_down_to_none(changes, doors, owner, qtbot):
    tasks, counts = Tasks(changes, doors), []
    tasks.saving.connect(counts.append)
    for _number in range(3):
        tasks.command(owner, frozenset)
    qtbot.waitUntil(lambda: counts[-1:] == [0])
    assert max(counts) == 3
    tasks.close()


def test_closing_finishes_commands_and_leaves_no_thread(changes, doors, owner, qtbot):
    before, written = set(threading.enumerate()), []
    tasks = Tasks(changes, doors)
    for number in range(10):
        tasks.command(owner, lambda number=number: written.append(number))
    tasks.work(owner, lambda progress, cancel: [None for _round in iter(cancel.is_cancelled, True)])
    tasks.query(owner, lambda: 1, lambda _value: None)
    tasks.close()
    assert written == list(range(10))
    assert set(threading.enumerate()) == before


def test_a_draft_waits_neither_for_an_import_nor_for_a_push_nor_for_a_backup(changes, doors, owner, qtbot):
    tasks, gate, got = Tasks(changes, doors), threading.Event(), []
    tasks.command(owner, lambda: gate.wait(5))
    for lane in (Lane.OUTSIDE, Lane.BACKGROUND):
        tasks.work(owner, lambda _progress, _cancel: gate.wait(5), lane=lane)
    tasks.work(owner, lambda _progress, _cancel: "kept", got.append, lane=Lane.DRAFTS)
    qtbot.waitUntil(lambda: bool(got))
    assert got == ["kept"]
    assert not gate.is_set()
    gate.set()
    tasks.close()


def test_what_is_done_behind_a_screen_is_left_out_of_waiting_where_that_is_asked(
    changes, doors, owner, qtbot
):
    tasks, gate, got = Tasks(changes, doors), threading.Event(), []
    tasks.work(owner, lambda _progress, _cancel: gate.wait(5), got.append, lane=Lane.BACKGROUND)
    assert (tasks.is_idle(), tasks.is_idle(but=Lane.BACKGROUND), tasks.is_idle(but=Lane.STORE)) == (
        False,
        True,
        False,
    )
    tasks.query(owner, lambda: gate.wait(5), got.append)
    assert not tasks.is_idle(but=Lane.BACKGROUND)
    gate.set()
    qtbot.waitUntil(tasks.is_idle)
    assert got == [True, True]
    tasks.close()


def test_closing_brings_every_draft_to_the_disk(changes, doors, owner):
    tasks, kept = Tasks(changes, doors), []
    for number in range(5):
        tasks.work(owner, lambda _progress, _cancel, number=number: kept.append(number), lane=Lane.DRAFTS)
    tasks.close()
    assert kept == list(range(5))


@pytest.mark.parametrize(
    ("value", "kinds"),
    [
        (frozenset({"a"}), {"a"}),
        ({"a"}, {"a"}),
        (Outcome(None, frozenset({"b"})), {"b"}),
        (None, set()),
        (3, set()),
    ],
)
def test_kinds_are_read_from_what_a_command_returns(value, kinds):
    assert changed_kinds(value) == kinds
