"""An institution reports over a line that fails, round after round, beside a plain model of what must be there.

A round: marks change, a batch is sealed (many small pages, or one), the department publishes something; push and pull
are repeated until they come through. Then both sides must hold the same, each record once, as the model has it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from sqlalchemy import select

import resources
from desktop_app.domain.attendance import Mark, MarkStatus
from desktop_app.domain.clock import Clock
from desktop_app.domain.errors import AppError
from desktop_app.services.attendance import NewMark
from desktop_app.services.ports import CancelToken
from sync.contract.kinds import NUMBER, RecordKind
from sync.contract.records import MarkFields, ProjectFields
from sync.contract.signing import split
from sync.contract.wire import Receipt, decode
from sync.lines import calls
from sync.lines.http_line import HttpLine
from sync.platform import schema
from sync.platform.app import create_app
from sync.platform.database import open_database, reading, writing
from sync.platform.seeding import seed as sow
from sync.platform.streams import publish_projects
from sync.reporting import sealing
from sync.reporting.engine import ReportingEngine
from sync.reporting.http_adapter import KeySigner, PlatformApi
from tests.faults.reporting.proxy import PATIENCE, FaultyLine, faulty_line
from tests.sync.reporting.offices import ReportingOffice, ReportingTemplate
from tests.sync.running_platform import Running, served
from tests.sync.statements import ManualClock

ROUNDS_A_LINE = 3
TRIES = 200
SMALL_PAGE = 2


@dataclass
class Outcome:
    """What a run did: rounds, tries of push and pull, and the errors that the user would have seen, by code."""

    rounds: int = 0
    records: int = 0
    tries: int = 0
    errors: dict[str, int] = field(default_factory=dict)


class FaultyReporting:
    """One office on a faulty line, and the model beside it."""

    def __init__(self, office: ReportingOffice, line: FaultyLine, seed: int) -> None:
        self.office = office
        self.line = line
        self.outcome = Outcome()
        self._choose = random.Random(seed)
        self._http: HttpLine | None = None
        self._published = 0
        self._sent = 0
        self._marks = {
            session + person: Mark(MarkStatus.PRESENT)
            for session in office.sessions
            for person in office.people
        }
        office.engine.join(office.platform.url, office.platform.code())
        office.engine.pull()
        office.batches.set_settings({"url": line.url.encode()})

    def _connect(
        self, url: str, device: tuple[bytes, bytes], clock: Clock, cancel: CancelToken
    ) -> PlatformApi:
        if self._http is None:
            self._http = HttpLine(url)
        signer = KeySigner(*device)
        return PlatformApi(url, signer, clock, cancel, line=self._http, attempts=3, sleep=lambda _: None)

    def run(self, faults: int) -> Outcome:
        """Go on until that many faults have struck."""
        try:
            while self.line.faults < faults:
                self._round()
        finally:
            self._hang_up()
        self.line.settle()
        self._check()
        return self.outcome

    def _hang_up(self) -> None:
        if self._http is not None:
            self._http.close()
            self._http = None

    def _round(self) -> None:
        number = self.outcome.rounds
        if number % ROUNDS_A_LINE == 0:
            self._hang_up()
        if number:
            self._change_marks()
        small = number % 2 == 0
        cut = sealing.cut_pages
        with patch.object(
            sealing, "cut_pages", lambda placed, *_: cut(placed, SMALL_PAGE) if small else cut(placed)
        ):
            sealed = self.office.engine.seal(reason="与签到表核对" if number else None)
        self._sent += sealed.records
        self._publish(number)
        engine = ReportingEngine(self.office.batches, self._connect)
        self._until_done(lambda: engine.push(sealed.batch))
        self._until_done(engine.pull)
        self.outcome.rounds += 1
        self._check()

    def _until_done(self, act) -> None:
        for _ in range(TRIES):
            self.outcome.tries += 1
            try:
                act()
            except AppError as error:
                self.outcome.errors[error.code] = self.outcome.errors.get(error.code, 0) + 1
            else:
                return
        raise AssertionError(f"not through after {TRIES} tries: {self.outcome.errors}")

    def _change_marks(self) -> None:
        """Change some marks of each session, so that a version holds several records."""
        office = self.office
        attendance = office.as_role("office").attendance
        for session in office.sessions:
            some = self._choose.sample(office.people, self._choose.randint(1, len(office.people)))
            marks = []
            for person in some:
                former = self._marks[session + person]
                made = former
                while made == former:
                    made = Mark(
                        self._choose.choice([MarkStatus.LATE, MarkStatus.EARLY]), self._choose.randint(1, 9)
                    )
                self._marks[session + person] = made
                marks.append(NewMark(person, made))
            attendance.mark(session, marks, "与签到表核对")
        office.profile.log_in("admin", "Xuexiao-2020")

    def _publish(self, number: int) -> None:
        item = resources.load_json("demo", "platform.json")["projects"][0]
        fields = {name: value for name, value in item.items() if name != "id"} | {"code": f"HB-{number}"}
        with writing(self.office.platform.engine) as connection:
            made = [(number.to_bytes(16, "big"), ProjectFields(**fields))]
            publish_projects(connection, self.office.platform.clock, made)
        self._published += 1

    def _check(self) -> None:
        """Both sides hold the same, and what the model holds; nothing was counted twice."""
        office = self.office
        assert office.same_as_platform()
        listed = office.engine.list_batches()
        assert {one.state for one in listed} == {"receipted"}
        assert sum(one.accepted for one in listed) == self._sent
        self._check_marks()
        with reading(office.platform.engine) as connection:
            rows = connection.execute(
                select(schema.batch.c.batch_id, schema.batch.c.state, schema.batch.c.receipt)
            ).all()
        assert {row.batch_id for row in rows} == {one.id for one in listed}
        assert {row.state for row in rows} == {"closed"}
        receipts = [decode(split(row.receipt).payload, Receipt) for row in rows]
        assert sum(receipt.accepted for receipt in receipts) == sum(r.records for r in receipts) == self._sent
        self.outcome.records = self._sent
        with office.services.context.read() as sql:
            pages = sql.exec_driver_sql(
                "SELECT count(*), max(version) FROM platform_page WHERE stream = 'province'"
            )
            assert tuple(pages.one()) == (1 + self._published, 1 + self._published)
            projects = sql.exec_driver_sql("SELECT count(*) FROM project WHERE code LIKE 'HB-%'").scalar_one()
        assert projects == self._published

    def _check_marks(self) -> None:
        found = {}
        with reading(self.office.platform.engine) as connection:
            columns = (schema.record.c.key, schema.record.c.fields)
            wanted = select(*columns).where(schema.record.c.kind == NUMBER[RecordKind.MARK])
            for key, body in connection.execute(wanted):
                fields = decode(body, MarkFields)
                found[bytes(key)] = Mark(MarkStatus(fields.status), fields.lost_hours)
        assert found == self._marks


@contextmanager
def faulty_reporting(folder: Path, seed: int) -> Iterator[FaultyReporting]:
    """Yield an office on a faulty line to a platform of its own, everything on loopback."""
    template = ReportingTemplate(folder / "template")
    engine = open_database(f"sqlite:///{folder / 'platform.db'}")
    clock = ManualClock()
    with writing(engine) as connection:
        sow(connection, clock, resources.path("demo", "platform.json"))
    try:
        with served(create_app(engine, clock, demo=True)) as url, faulty_line(url, seed) as line:
            office = template.copy(folder / "profile", Running(url, engine, clock))
            try:
                with patch.object(calls, "READ_SECONDS", PATIENCE):
                    yield FaultyReporting(office, line, seed)
            finally:
                office.profile.close()
    finally:
        engine.dispose()
