"""Reporting that is killed: sealing, pushing, pulling. The platform on loopback lives on, as the province does."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import Engine
from starlette.types import ASGIApp, Receive, Scope, Send

import resources
from desktop_app.services.container import Services
from sync.contract.records import ProjectFields
from sync.platform.app import create_app
from sync.platform.database import open_database, reading, writing
from sync.platform.identity import load_identity
from sync.platform.institutions import institution_by_uscc, new_device_code
from sync.platform.seeding import seed
from sync.platform.statements import count_records, reported_reports
from sync.platform.streams import publish_projects
from sync.reporting import sealing
from tests.faults.kill.child import BUSY, Look, Teller
from tests.faults.kill.desks import HOLIDAY, Desk, check_sound, count, entries, rows
from tests.sync.reporting.offices import OWN
from tests.sync.running_platform import served
from tests.sync.statements import ManualClock

RECORDS = 26
PAGE = 2
SEALS = 8
VERSIONS = 200
_STAGES = (BUSY, "writing", "committing")


@dataclass
class Province:
    """One address, behind which the platform of each attempt answers from a database of its own."""

    scratch: Path
    url: str = ""
    clock: ManualClock = field(default_factory=ManualClock)
    _engine: Engine | None = None
    _app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self._app is not None
        await self._app(scope, receive, send)

    def __reduce__(self) -> tuple[Any, ...]:
        """A child needs the address only."""
        return (Province, (self.scratch, self.url))

    @property
    def engine(self) -> Engine:
        assert self._engine is not None
        return self._engine

    def answer_from(self, database: Path) -> None:
        """Let the platform be the one of a database, made where it is not there."""
        self.close()
        self._engine = open_database(f"sqlite:///{database}")
        self._app = create_app(self._engine, self.clock, demo=True)

    def close(self) -> None:
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    def records(self) -> dict[str, int]:
        """Return how many records the platform has accepted, by kind."""
        with reading(self.engine) as connection:
            return count_records(connection, institution_by_uscc(connection, OWN).id)

    def check_same(self, services: Services) -> None:
        """Both sides hold the same accepted statements: everything, once, and every report in its first version."""
        with reading(self.engine) as connection:
            number = institution_by_uscc(connection, OWN).id
            state = reported_reports(connection, number, load_identity(self.engine).epoch)
        assert services.reporting is not None
        here = services.reporting.reported_digest()
        assert (here.digest, here.records) == (state.digest.hex(), self.records())
        assert sum(here.records.values()) == RECORDS
        assert {report.version for report in state.reports} == {1}
        assert len(state.reports) == 4


@contextmanager
def province(scratch: Path) -> Iterator[Province]:
    """Serve a province on loopback while this lasts."""
    made = Province(scratch)
    with served(made) as url:
        made.url = url
        try:
            yield made
        finally:
            made.close()


def joined_desk(desk: Desk, template: Path, there: Province) -> Desk:
    """A copy of an office that has joined the platform and pulled; the platform's database lies beside it."""
    desk.copy(template)
    there.answer_from(template / "platform.db")
    with writing(there.engine) as connection:
        seed(connection, there.clock, resources.path("demo", "platform.json"))
        code = new_device_code(connection, there.clock, OWN)
    with desk.at_work(template, "admin") as services:
        assert services.reporting is not None
        services.reporting.join(there.url, code)
        services.reporting.pull()
        moment = services.context.now()
    there.close()
    return replace(desk, template=template, moment=moment)


def sealed_desk(desk: Desk, template: Path) -> Desk:
    """A copy of a joined office with one sealed batch of many small pages."""
    desk.copy(template)
    cut = sealing.cut_pages
    sealing.cut_pages = lambda placed, *_: cut(placed, PAGE)
    try:
        with desk.at_work(template, "admin") as services:
            assert services.reporting is not None
            services.reporting.seal()
            moment = services.context.now()
    finally:
        sealing.cut_pages = cut
    return replace(desk, template=template, moment=moment)


def published_desk(desk: Desk, template: Path, there: Province, versions: int = VERSIONS) -> Desk:
    """A copy of a joined office whose platform has published that many versions since."""
    desk.copy(template)
    there.answer_from(template / "platform.db")
    item = resources.load_json("demo", "platform.json")["projects"][0]
    fields = {name: value for name, value in item.items() if name != "id"}
    with writing(there.engine) as connection:
        for number in range(versions):
            published = there.clock.today() - timedelta(days=number)
            made = ProjectFields(**(fields | {"code": f"HB-{number}", "published_on": published}))
            publish_projects(connection, there.clock, [(number.to_bytes(16, "big"), made)])
    there.close()
    return replace(desk, template=template)


@dataclass(frozen=True)
class ReportingAct:
    """What the three have in common."""

    desk: Desk
    there: Province

    def lay_out(self, folder: Path) -> None:
        """Copy the office, and let the province answer from its own copy of the platform."""
        self.desk.copy(folder)
        self.there.close()
        shutil.copyfile(folder / "platform.db", folder / "province.db")
        self.there.answer_from(folder / "province.db")


@dataclass(frozen=True)
class Sealing(ReportingAct):
    """Everything is sealed, dissolved, sealed again."""

    name: ClassVar[str] = "seal"
    stages: ClassVar[tuple[str, ...]] = _STAGES
    look: ClassVar[Look] = Look()

    def work(self, folder: Path, tell: Teller) -> None:
        with self.desk.at_work(folder, "admin") as services:
            assert services.reporting is not None
            for _ in range(SEALS):
                tell.begin()
                batch = services.reporting.seal().batch
                tell.acknowledge(batch)
                tell.begin()
                services.reporting.dissolve(batch)
                tell.acknowledge(None)
            tell.done()

    def judge(self, folder: Path, begun: int, acknowledged: list[Any]) -> None:
        with self.desk.at_work(folder, "admin", HOLIDAY) as services:
            reporting = services.reporting
            assert reporting is not None
            sealed, dissolved = entries(services, "seal_batch"), entries(services, "dissolve_batch")
            assert len(acknowledged) <= sealed + dissolved <= begun
            assert sealed - dissolved in {0, 1}
            listed = reporting.list_batches()
            assert {batch for batch in acknowledged if batch} <= {one.id for one in listed}
            states = sorted(one.state for one in listed)
            assert states == ["dissolved"] * dissolved + ["sealed"] * (sealed - dissolved)
            assert count(services, "batch") == sealed == count(services, "batch_page")
            if sealed == dissolved:
                reporting.seal()
            outcome = reporting.push()
            assert (outcome.sent, outcome.accepted) == (RECORDS, RECORDS)
            there = {report.version for report in _reports(self.there)}
            assert there == {len(listed) + (sealed == dissolved)}
            here = reporting.reported_digest()
            assert here.records == self.there.records()
            assert sum(here.records.values()) == RECORDS
            check_sound_as_office(self.desk, services)


def _reports(there: Province) -> list[Any]:
    with reading(there.engine) as connection:
        number = institution_by_uscc(connection, OWN).id
        return list(reported_reports(connection, number, load_identity(there.engine).epoch).reports)


def check_sound_as_office(desk: Desk, services: Services) -> None:
    """The office works on in the same process."""
    from tests.factories.offices import PASSWORD

    services.profile.log_in("office", PASSWORD)
    check_sound(services)


@dataclass(frozen=True)
class Pushing(ReportingAct):
    """A batch of many pages goes out."""

    name: ClassVar[str] = "push"
    stages: ClassVar[tuple[str, ...]] = ("sending", "writing", "committing")
    look: ClassVar[Look] = Look({"http.client.send": "sending"})

    def work(self, folder: Path, tell: Teller) -> None:
        with self.desk.at_work(folder, "admin") as services:
            assert services.reporting is not None
            tell.begin()
            outcome = services.reporting.push()
            tell.acknowledge((outcome.sent, outcome.accepted))
            tell.done()

    def judge(self, folder: Path, begun: int, acknowledged: list[Any]) -> None:
        with self.desk.at_work(folder, "admin", HOLIDAY) as services:
            reporting = services.reporting
            assert reporting is not None
            (batch,) = reporting.list_batches()
            assert not acknowledged or batch.state == "receipted"
            if batch.state == "receipted":
                self.there.check_same(services)
            outcome = reporting.push(batch.id)
            assert (outcome.sent, outcome.accepted, outcome.rejected) == (RECORDS, RECORDS, 0)
            self.there.check_same(services)
            assert [(one.state, one.accepted) for one in reporting.list_batches()] == [("receipted", RECORDS)]
            assert reporting.sync().pushed == ()
            assert rows(services, "SELECT count(*) FROM platform_page WHERE stream LIKE 'receipt:%'") == [
                (1,)
            ]
            check_sound_as_office(self.desk, services)


@dataclass(frozen=True)
class Pulling(ReportingAct):
    """Many published versions come in."""

    name: ClassVar[str] = "pull"
    stages: ClassVar[tuple[str, ...]] = ("asking", "writing", "committing")
    look: ClassVar[Look] = Look({"http.client.send": "asking"})

    def work(self, folder: Path, tell: Teller) -> None:
        with self.desk.at_work(folder, "admin") as services:
            assert services.reporting is not None
            tell.begin()
            tell.acknowledge(services.reporting.pull())
            tell.done()

    def judge(self, folder: Path, begun: int, acknowledged: list[Any]) -> None:
        with self.desk.at_work(folder, "admin", HOLIDAY) as services:
            assert services.reporting is not None
            taken = self._taken(services)
            assert acknowledged in ([], [VERSIONS])
            assert not acknowledged or taken == VERSIONS
            assert services.reporting.pull() == VERSIONS - taken
            assert self._taken(services) == VERSIONS
            assert services.reporting.pull() == 0
            check_sound_as_office(self.desk, services)

    def _taken(self, services: Services) -> int:
        """Return how many of the new versions are here: without a gap, each with its project, none twice."""
        found = rows(services, "SELECT version FROM platform_page WHERE stream = 'province' ORDER BY version")
        assert [row[0] for row in found] == list(range(1, len(found) + 1))
        projects = rows(services, "SELECT count(*) FROM project WHERE code LIKE 'HB-%'")
        assert projects == [(len(found) - 1,)]
        return len(found) - 1
