"""Commands of many users in one database transaction: the services' own units of work without a commit for each."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta

from desktop_app.domain.clock import SHANGHAI
from desktop_app.services.context import Context
from desktop_app.store import projections, undo_steps
from desktop_app.store.database import Connection
from desktop_app.store.folding import Record
from desktop_app.store.unit_of_work import Author, UnitOfWork


class StepClock:
    """A clock that stands where the story puts it; it goes on by three milliseconds with each look."""

    def __init__(self, day: date) -> None:
        self.moment = datetime.combine(day, time(8), SHANGHAI).astimezone(UTC)

    def now(self) -> datetime:
        """Return the instant (UTC)."""
        self.moment += timedelta(milliseconds=3)
        return self.moment

    def today(self) -> date:
        """Return the date in Asia/Shanghai."""
        return self.moment.astimezone(SHANGHAI).date()

    def set(self, day: date, hour: int) -> None:
        """Go on to an hour of a day; never back."""
        moment = datetime.combine(day, time(hour), SHANGHAI).astimezone(UTC)
        self.moment = max(self.moment, moment)


class GroupingContext(Context):
    """A context whose commands share one transaction while ``together`` lasts; else they commit one by one.

    Each command is still a unit of work with its own entry and its own step of undo; what lists and the search are
    derived from follows once at the end of the group, as it does after a page of foreign entries.
    """

    _group: Connection | None = None
    _touched: set[Record]

    @contextmanager
    def together(self) -> Iterator[None]:
        """Let the commands that follow commit together."""
        self._touched = set()
        with self.workstation.database.writer() as connection:
            self._group = connection
            try:
                yield
                projections.follow(connection, self._touched)
            finally:
                self._group = None

    @contextmanager
    def unit_of_work(self, code: str) -> Iterator[UnitOfWork]:
        """Run a command as the acting user, within the group where there is one."""
        if self._group is None:
            with super().unit_of_work(code) as work:
                yield work
            return
        user, station = self.require_actor().user.id, self.workstation
        assert station.device is not None
        work = UnitOfWork(self._group, station.stamps, Author(station.device, user), code)
        yield work
        if work.undoable:
            work.after_entry.append(functools.partial(undo_steps.push, user=user))
        for projection in station.before_commit:
            projection(work)
        work.finish()
        self._touched.update(work.touched)
