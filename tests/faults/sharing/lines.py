"""Workstations share over lines that fail, round after round, beside a plain model of what must be there.

A round: each writes into different groups, and into one that all write; then each shares until it comes through, and
all agree. In the end every entry is on the relay once, and every workstation has what the model says.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from sqlalchemy import select

from desktop_app.domain import records as m
from desktop_app.domain.errors import AppError
from desktop_app.store import shelf_cargo
from sync.contract.sharing import read_page
from sync.lines import calls
from sync.platform.app import create_app
from sync.platform.database import open_database, reading
from sync.platform.schema import relay_page
from sync.sharing.http_transport import RelayTransport
from tests.faults.reporting.proxy import PATIENCE, SHARING_STAGES, FaultyLine, faulty_line
from tests.sync.running_platform import served
from tests.sync.sharing.desks import KEY, SESSION, Desk, assert_agree
from tests.sync.statements import ManualClock

PEOPLE, PAGE_ENTRIES, TRIES, ROUNDS_A_LINE = 4, 2, 200, 3


@dataclass
class Outcome:
    """What a run did: rounds, tries, and the errors that the user would have seen, by code."""

    rounds: int = 0
    tries: int = 0
    entries: int = 0
    errors: Counter[str] = field(default_factory=Counter)


class FaultySharing:
    """Workstations on faulty lines to one relay, and the model beside them."""

    def __init__(self, desks: list[Desk], line: FaultyLine, seed: int) -> None:
        self.desks, self.line = desks, line
        self.outcome = Outcome()
        self._choose = random.Random(seed)
        self._clock = ManualClock()
        self._transports: list[RelayTransport | None] = [None] * len(desks)
        self._people = desks[0].open_class(PEOPLE)
        self._names: dict[bytes, str] = {}

    def run(self, faults: int) -> Outcome:
        """Go on until that many faults have struck."""
        try:
            while self.line.faults < faults:
                self._round()
        finally:
            self._hang_up()
        self.line.settle()
        self.line.share = 0.0
        self._agree()
        return self.outcome

    def _hang_up(self) -> None:
        for n, transport in enumerate(self._transports):
            if transport is not None:
                transport.close()
                self._transports[n] = None

    def _round(self) -> None:
        if self.outcome.rounds % ROUNDS_A_LINE == 0:
            self._hang_up()
        self._write()
        self._agree()
        self.outcome.rounds += 1

    def _write(self) -> None:
        """Each names a person of his own, and marks one whom the others mark too."""
        number = self.outcome.rounds
        if number == 0:
            return
        for n, desk in enumerate(self.desks):
            name = f"学员{number}之{n}"
            desk.write(m.TRAINEE, self._people[n], "edit_trainee", name=name)
            self._names[self._people[n]] = name
            for hours in range(self._choose.randint(1, 3)):
                key = SESSION + self._people[-1]
                desk.write(m.MARK, key, "mark_one", status="late", lost_hours=1 + (number + hours + n) % 9)

    def _agree(self) -> None:
        """Let all share until all have all, and see that they do."""
        for n in [*range(len(self.desks)), *range(len(self.desks) - 1)]:
            self._until_done(n)
        assert_agree(*self.desks)
        for desk in self.desks:
            for person, name in self._names.items():
                fields = desk.fields(m.TRAINEE, person)
                assert fields is not None
                assert fields["name"] == name

    def _until_done(self, n: int) -> None:
        for _ in range(TRIES):
            self.outcome.tries += 1
            try:
                shared = self.desks[n].share(self._way(n))
            except AppError as error:
                self.outcome.errors[error.code] += 1
            else:
                assert not shared.problems, shared.problems
                return
        raise AssertionError(f"not through after {TRIES} tries: {self.outcome.errors}")

    def _way(self, n: int) -> RelayTransport:
        found = self._transports[n]
        if found is None:
            sharing = self.desks[n].sharing
            found = RelayTransport(
                self.line.url,
                sharing.office(),
                sharing.device(),
                lambda: KEY,
                self._clock,
                attempts=2,
                sleep=lambda _: None,
            )
            self._transports[n] = found
        return found


@contextmanager
def faulty_sharing(folder: Path, seed: int, workstations: int = 3) -> Iterator[FaultySharing]:
    """Yield workstations on a faulty line to a relay of their own; afterwards every entry is on it once."""
    folder.mkdir(parents=True, exist_ok=True)
    engine = open_database(f"sqlite:///{folder / 'relay.db'}")
    desks = [Desk(folder, n) for n in range(workstations)]
    app = create_app(engine, ManualClock(), demo=True)
    try:
        with ExitStack() as stack:
            url = stack.enter_context(served(app))
            line = stack.enter_context(faulty_line(url, seed, SHARING_STAGES))
            stack.enter_context(patch.object(calls, "READ_SECONDS", PATIENCE))
            stack.enter_context(patch.object(shelf_cargo, "PAGE_ENTRIES", PAGE_ENTRIES))
            sharing = FaultySharing(desks, line, seed)
            yield sharing
            with reading(engine) as sql:
                heads = [read_page(body).head for body in sql.scalars(select(relay_page.c.body))]
        sharing.outcome.entries = len(desks[0].entries())
        assert sum(head.entries for head in heads) == sharing.outcome.entries, "an entry is there twice"
        assert len({head.page for head in heads}) == len(heads)
    finally:
        for desk in desks:
            desk.close()
        engine.dispose()
