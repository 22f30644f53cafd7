"""A window that stays open over midnight: what says today, to come or overdue is read anew on the next day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QObject, QTimer

from desktop_app.domain.records import ENTITIES
from ui.changes import Changes

LOOKS_EVERY = 60_000
"""Milliseconds between two looks at the calendar."""


class DayWatch(QObject):
    """Tells every page to read again once the date is another one."""

    def __init__(self, changes: Changes, today: Callable[[], date]) -> None:
        super().__init__(changes)
        self._changes, self._today = changes, today
        self._day = today()
        timer = QTimer(self)
        timer.timeout.connect(self.look)
        timer.start(LOOKS_EVERY)

    def look(self) -> None:
        """Compare the date with the one before."""
        day = self._today()
        if day != self._day:
            self._day = day
            self._changes.announce(entity.name for entity in ENTITIES)
