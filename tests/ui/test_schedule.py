"""The schedule in the window: it begins once, what it says comes to the window's thread, and it is stopped."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QCoreApplication

from sync.scheduler import Part, Plan, Scheduler
from ui.changes import Changes
from ui.messages import Messages
from ui.schedule import KIND, Schedule


@pytest.fixture
def changes(qapp):
    made = Changes()
    yield made
    made.deleteLater()
    QCoreApplication.processEvents()


def broken(_progress, _cancel):
    raise ValueError("a bug")


def test_its_news_and_bugs_come_to_the_window(changes, qtbot, monkeypatch):
    told, bugs = [], []
    messages = Messages("test")
    monkeypatch.setattr(messages, "report", lambda _owner, error: bugs.append(error))
    runner = Scheduler(lambda: Plan(5, [Part("relay", broken)]), lambda: None, network=lambda: "")
    runner._times.started -= 60
    schedule = Schedule(SimpleNamespace(schedule=runner), messages, changes)
    changes.changed.connect(told.append)
    schedule.start()
    schedule.start()
    qtbot.waitUntil(lambda: bool(bugs))
    schedule.stop()
    assert {KIND} in [set(kinds) for kinds in told]
    assert [str(bug) for bug in bugs] == ["a bug"]


def test_a_program_without_one_goes_without(changes):
    schedule = Schedule(SimpleNamespace(), Messages("test"), changes)
    schedule.start()
    schedule.stop()
    assert schedule.children() == []
