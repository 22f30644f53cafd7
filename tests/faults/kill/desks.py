"""The profile in which children work, and how it is opened again after their death."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from desktop_app import bootstrap
from desktop_app.services.container import Services
from desktop_app.services.profile import Profile
from desktop_app.store import verifying
from tests.factories.offices import CHEAP, PASSWORD, TestClock
from tests.sync.reporting import offices

HOLIDAY = timedelta(hours=1)


@dataclass(frozen=True)
class Desk:
    """A joined or unjoined office on disk, to be copied, and the keys of what is in it."""

    template: Path
    moment: datetime
    class_id: bytes
    people: tuple[bytes, ...]
    sessions: tuple[bytes, ...]

    def copy(self, folder: Path) -> None:
        """Put a copy into a folder that is not there yet."""
        shutil.copytree(self.template, folder)

    def profile(self, folder: Path, later: timedelta = timedelta()) -> Profile:
        """Open and lock a copy, nobody logged in; the clock stands that much later than when it was made."""
        clock = TestClock()
        clock.moment = self.moment + later
        return Profile(folder, cost=CHEAP, clock=clock)

    @contextmanager
    def at_work(
        self, folder: Path, login: str = "office", later: timedelta = timedelta()
    ) -> Iterator[Services]:
        """Open a copy as a user does, without any ceremony, and let that user work."""
        profile = self.profile(folder, later)
        try:
            profile.log_in(login, PASSWORD)
            yield bootstrap.services(profile)
        finally:
            profile.close()


def make_desk(template: Path) -> Desk:
    """Set up the office of the reporting tests in a folder."""
    clock = TestClock(offices.TODAY)
    class_id, people, sessions, _ = offices.found(template, clock)
    return Desk(template, clock.moment, class_id, tuple(people), tuple(sessions))


def rows(services: Services, statement: str, *values: object) -> list[tuple[Any, ...]]:
    """Read with plain SQL."""
    with services.context.read() as sql:
        return [tuple(row) for row in sql.exec_driver_sql(statement, values)]


def count(services: Services, table: str) -> int:
    """Return how many rows a table has."""
    return int(rows(services, f"SELECT count(*) FROM {table}")[0][0])


def entries(services: Services, command: str) -> int:
    """Return how many entries of a command the journal holds."""
    return sum(item.command == command for item in all_entries(services))


def all_entries(services: Services) -> list[Any]:
    """Return the journal, whoever is logged in."""
    from desktop_app.store.queries.journal import journal_items

    with services.context.read() as sql:
        return journal_items(sql, 100_000)


def check_sound(services: Services) -> None:
    """Work goes on: one more command, and everything holds."""
    services.classes.create_class("照常工作")
    device = services.context.workstation.device
    assert device is not None
    with services.context.read() as sql:
        found = verifying.verify(sql, device)
    assert found.ok, found.findings
