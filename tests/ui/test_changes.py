"""Change kinds reach those who show them, while they live."""

from __future__ import annotations

from PySide6.QtCore import QObject
from shiboken6 import delete

from ui.changes import Changes


def test_only_watched_kinds_call_and_several_at_once_call_once():
    changes, owner, calls = Changes(), QObject(), []
    changes.watch(owner, {"trainee", "enrolment"}, lambda: calls.append(1))
    changes.announce({"mark"})
    assert calls == []
    changes.announce({"trainee", "enrolment", "mark"})
    assert calls == [1]


def test_nothing_changed_is_not_told():
    changes, told = Changes(), []
    changes.changed.connect(told.append)
    changes.announce(())
    assert told == []


def test_a_dead_owner_is_not_called():
    changes, owner, calls = Changes(), QObject(), []
    changes.watch(owner, {"trainee"}, lambda: calls.append(1))
    delete(owner)
    changes.announce({"trainee"})
    assert calls == []
