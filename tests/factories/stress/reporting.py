"""The reference platform on loopback that the stress store's institution reports to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import resources
from desktop_app.domain.clock import Clock
from desktop_app.services.container import Services
from desktop_app.services.reporting import Reporting, Selection
from sync.platform.app import create_app
from sync.platform.database import open_database, writing
from sync.platform.institutions import new_device_code
from sync.platform.seeding import seed
from tests.sync.running_platform import OWN, served


@dataclass(slots=True)
class Reports:
    """What went up: batches, reports and records, and how many of the records were accepted."""

    batches: int = 0
    reports: int = 0
    records: int = 0
    accepted: int = 0


class Province:
    """A joined platform; the administrator is logged in whenever it is used."""

    def __init__(self, url: str, code: str) -> None:
        self.counts = Reports()
        self._url, self._code = url, code

    def join(self, services: Services) -> None:
        """Register the workstation and take over the catalogue."""
        self._of(services).join(self._url, self._code)
        self._of(services).pull()

    def report(self, services: Services, class_ids: Sequence[bytes]) -> None:
        """Seal and push everything there is to report of some classes."""
        reporting = self._of(services)
        sealed = reporting.seal(Selection(class_ids=frozenset(class_ids)))
        outcome = reporting.push(sealed.batch)
        self.counts.batches += 1
        self.counts.reports += len(sealed.reports)
        self.counts.records += outcome.sent
        self.counts.accepted += outcome.accepted

    @staticmethod
    def _of(services: Services) -> Reporting:
        assert services.reporting is not None
        return services.reporting


@contextmanager
def province(folder: Path, clock: Clock) -> Iterator[Province]:
    """Serve a platform seeded with the demo's institutions and catalogue while this lasts."""
    engine = open_database(f"sqlite:///{folder / 'platform.db'}")
    try:
        with writing(engine) as connection:
            seed(connection, clock, resources.path("demo", "platform.json"))
            code = new_device_code(connection, clock, OWN)
        with served(create_app(engine, clock, demo=True)) as url:
            yield Province(url, code)
    finally:
        engine.dispose()
