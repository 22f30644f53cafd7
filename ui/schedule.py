"""The schedule of sharing and reporting, for as long as the store is open."""

from __future__ import annotations

from typing import Any

import shiboken6
from PySide6.QtCore import QObject, Signal

from ui.changes import Changes
from ui.messages import Messages

KIND = "sharing"
"""The kind that is told as changed when it stands otherwise: strip and sync centre look again."""


class Schedule(QObject):
    """``start`` after the first login, ``stop`` before the profile is closed; to lock the window changes nothing."""

    _heard = Signal(object)

    def __init__(self, services: Any, messages: Messages, changes: Changes) -> None:  # noqa: ANN401 - the container
        super().__init__(changes)
        self._services, self._messages, self._changes = services, messages, changes
        self._runner: Any = None
        self._heard.connect(self._on_heard)

    def start(self) -> None:
        """Begin; a second call changes nothing, and a program without ``sync`` has none."""
        runner = getattr(self._services, "schedule", None)
        if self._runner is None and runner is not None:
            self._runner = runner
            runner.listen(self._hear)
            runner.start()

    def stop(self) -> None:
        """Stop what is under way and wait until nothing runs."""
        if self._runner is not None:
            self._runner.stop()

    def _hear(self, bug: BaseException | None) -> None:
        """Runs on the schedule's thread: carry it over to the window's."""
        if shiboken6.isValid(self):
            self._heard.emit(bug)

    def _on_heard(self, bug: BaseException | None) -> None:
        self._changes.announce({KIND})
        if bug is not None:
            self._messages.report(None, bug)
