"""Long run: ``python -m tests.faults.tampering`` alters stores behind the product's back; ``verify`` must name each.

Half of the tamperings change one thing, half rewrite history with all later hashes (and in part the rows) made to fit.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from desktop_app import bootstrap
from desktop_app.domain import records as m
from desktop_app.services.container import Services
from desktop_app.store import verifying
from tests.factories.offices import PASSWORD
from tests.factories.workstations import CLERK, Machine, exchange, session_fields, session_key
from tests.faults.alterations import ALTERATIONS
from tests.faults.kill.desks import Desk, make_desk
from tests.faults.kill.reporting_acts import joined_desk, province
from tests.faults.list_alterations import LIST_ALTERATIONS
from tests.faults.rewriting import REWRITES, rewrite
from tests.store.conftest import CLASS
from tests.sync.reporting.offices import TAKEN

PEOPLE = [b"trainee %07d." % number for number in range(6)]
Table = Counter[tuple[str, str]]


def busy_store(folder: Path) -> Path:
    """A signed store with the entries of two devices, conflicts and deletions; copies of it are altered."""
    left, right = Machine(folder, 0), Machine(folder, 1)
    with left.workstation.unit_of_work("import_roster", CLERK) as work:
        work.put(m.TRAINING_CLASS, CLASS, {"code": "A"})
        for day in (9, 10):
            work.put(m.SESSION, session_key(CLASS, day), session_fields(CLASS, day, number=1))
        work.put_many(m.TRAINEE, [(key, {"name": "学员" * 10, "sex": "male"}) for key in PEOPLE])
        work.put_many(m.ENROLMENT, [(CLASS + key, {"number": 1}) for key in PEOPLE])
    exchange([left, right])
    for number in range(8):
        for machine in (left, right):
            machine.clock.forward(minutes=1)
            session, place = session_key(CLASS, 9 + number % 2), machine.number
            machine.write(m.MARK, session + PEOPLE[number % 6], status=f"s{place}{number}", lost_hours=number)
            machine.write(m.TRAINEE, PEOPLE[(number + place) % 6], name=f"n{place}{number}")
        if number % 3 == 2:
            exchange([left, right])
    left.delete(m.ENROLMENT, CLASS + PEOPLE[0])
    right.delete(m.ENROLMENT, CLASS + PEOPLE[1])
    exchange([left, right])
    assert left.verify().ok
    assert left.rows("SELECT count(*) > 3 FROM head") == [(1,)]
    path = left.back_up()
    left.close()
    right.close()
    return path


@contextmanager
def busy_copy(template: Path, folder: Path) -> Iterator[Machine]:
    """A copy of the busy store, closed without a signature at the end."""
    folder.mkdir()
    machine = Machine(folder, 0, template=template)
    try:
        yield machine
    finally:
        machine.workstation.database.close()
        shutil.rmtree(folder)


def reported_office(folder: Path) -> Desk:
    """An office whose batch has come back with a rejected record; copies of it are altered."""
    with province(folder) as there:
        desk = joined_desk(make_desk(folder / "office"), folder / "joined", there)
        there.answer_from(desk.template / "platform.db")
        with desk.at_work(desk.template) as services:
            assessment = services.assessments.list_assessments(desk.class_id)[0].id
            services.certificates.correct_number(assessment, desk.people[1], TAKEN, "与发证名单核对")
            services.history.undo()
            services.history.redo()
            services.classes.create_class("撤销")
            services.history.undo()
            services.profile.log_in("admin", PASSWORD)
            assert services.reporting is not None
            services.reporting.seal()
            outcome = services.reporting.push()
            assert outcome.accepted > outcome.rejected > 0
            assert services.history.verify().ok
    return desk


@dataclass
class OpenOffice:
    """An open copy of the reported office."""

    services: Services

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Read with plain SQL."""
        with self.services.context.read() as sql:
            return [tuple(row) for row in sql.exec_driver_sql(statement, values)]

    def execute(self, statement: str, *values: object) -> int:
        """Write with plain SQL behind the product's back; return how many rows that met."""
        with self.services.context.workstation.database.writer() as sql:
            return sql.exec_driver_sql(statement, values).rowcount

    def verify(self) -> verifying.Verification:
        """Check as the window does."""
        return self.services.history.verify()


@contextmanager
def office_copy(desk: Desk, folder: Path) -> Iterator[OpenOffice]:
    """A copy of the reported office, opened by the administrator."""
    desk.copy(folder)
    profile = desk.profile(folder)
    try:
        profile.log_in("admin", PASSWORD)
        yield OpenOffice(bootstrap.services(profile))
    finally:
        if profile.context is not None:
            profile.context.workstation.database.close()
            profile.context = None
        profile.close()
        shutil.rmtree(folder)


@dataclass
class Tampering:
    """Alters copies and lets ``verify`` look; ``named`` counts alterations and the findings that named them."""

    scratch: Path
    named: Table = field(default_factory=Counter)

    def __post_init__(self) -> None:
        for name in ("busy", "reported"):
            (self.scratch / name).mkdir()
        self.busy = busy_store(self.scratch / "busy")
        self._desk = reported_office(self.scratch / "reported")

    def alter(self, number: int) -> None:
        """Make one alteration of the list, chosen in turn; AssertionError where nothing names it."""
        known = [*ALTERATIONS, *LIST_ALTERATIONS]
        act = known[number % len(known)]
        wanted = (ALTERATIONS | LIST_ALTERATIONS)[act]
        choose, folder = random.Random(number), self.scratch / "copy"
        copy: Any = busy_copy(self.busy, folder) if act in ALTERATIONS else office_copy(self._desk, folder)
        with copy as victim:
            assert act(victim, choose) > 0, act.__name__
            found = {finding.code for finding in victim.verify().findings}
        assert found & wanted, (act.__name__, number, found)
        self._count(act.__name__, found & wanted)

    def rewrite(self, number: int) -> None:
        """Rewrite history, chosen in turn, every second time with the rows; AssertionError where nothing names it."""
        how, rows = REWRITES[number % len(REWRITES)], number // len(REWRITES) % 2 == 1
        name = f"{how.__name__}{', rows follow' if rows else ''}"
        with busy_copy(self.busy, self.scratch / "copy") as machine:
            assert rewrite(machine, how, random.Random(10_000 + number), rows=rows) > 0
            found = {finding.code for finding in machine.verify().findings}
        assert found, (name, number)
        self._count(name, found)

    def _count(self, name: str, found: set[str]) -> None:
        self.named[name, "all"] += 1
        self.named.update((name, code) for code in found)

    def table(self) -> str:
        """Return how often each was tried, and what named it."""
        lines = []
        for name, count in sorted((name, n) for (name, code), n in self.named.items() if code == "all"):
            codes = {code: n for (other, code), n in self.named.items() if other == name and code != "all"}
            lines.append(
                f"{name:28}{count:>5}  " + ", ".join(f"{code} {n}" for code, n in sorted(codes.items()))
            )
        return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Alter and rewrite; an alteration that nothing names ends the run with its seed."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.tampering")
    parser.add_argument("--count", type=int, default=600)
    options = parser.parse_args(arguments)
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="tampering-", dir=memory if memory.is_dir() else None) as folder:
        run = Tampering(Path(folder))
        for number in range(options.count // 2):
            run.alter(number)
            run.rewrite(number)
    print(run.table())
    total = sum(count for (_, code), count in run.named.items() if code == "all")
    print(f"{total} tamperings, every one named")
    return 0 if total >= options.count else 1


if __name__ == "__main__":
    sys.exit(main())
