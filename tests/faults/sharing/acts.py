"""A workstation that dies before and after each step of sharing: local commit, page cut, sent, noted, applied, cursor.

It has a class's marks to send, many pages of them, and as many of a colleague's to take. The relay on loopback lives on
and counts what reaches it.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar
from unittest.mock import patch

from sqlalchemy import select

from desktop_app.domain import records as m
from desktop_app.services.sharing import Shared, SharingService
from desktop_app.store import shelf_cargo
from desktop_app.store.workstation import Workstation
from sync.contract.sharing import ReadPage, read_page
from sync.platform import relay
from sync.platform.database import open_database, reading
from sync.platform.schema import relay_page
from sync.sharing.http_transport import RelayTransport
from tests.factories.workstations import DATA_KEY, SetClock
from tests.faults.kill.child import Look, Teller
from tests.faults.kill.reporting_acts import Province
from tests.faults.reporting.workstation_kills import marked, stages
from tests.sync.sharing.desks import KEY, SESSION, Desk, assert_agree
from tests.sync.statements import ManualClock

PEOPLE, WAITING, NEW, PAGE_ENTRIES = 16, 9, 3, 2
RELAY = "relay.db"
STAGES = (
    *stages("commit", "page cut", "page sent", "answer stored", "page applied", "cursor moved"),
    "committing",
)
FEW_STAGES = (
    "after commit",
    "before page sent",
    "after page sent",
    "after page applied",
    "before cursor moved",
)


class SteadyTransport(RelayTransport):
    """The way to a relay that is the same one, whatever port its next process listens at."""

    @property
    def shelf(self) -> bytes:
        return b"one and the same"


class StandingDesk(Desk):
    """A workstation on a store that lies in a folder, as its last process left it."""

    def __init__(self, folder: Path, number: int) -> None:
        self._engine = None
        self.number, self.clock, self.path = number, SetClock(), folder / f"machine{number}.db"
        self.workstation = Workstation(self.path, DATA_KEY, self.clock)

    def share_by(self, url: str) -> Shared:
        """Share by a relay, asking once."""
        sharing = self.sharing
        clock = ManualClock()
        way = SteadyTransport(url, sharing.office(), sharing.device(), lambda: KEY, clock, attempts=1)
        try:
            return self.share(way)
        finally:
            way.close()


@contextmanager
def standing(folder: Path) -> Iterator[list[StandingDesk]]:
    """Open both workstations; pages hold few entries."""
    with patch.object(shelf_cargo, "PAGE_ENTRIES", PAGE_ENTRIES), ExitStack() as stack:
        desks = [StandingDesk(folder, n) for n in range(2)]
        for desk in desks:
            stack.callback(desk.close)
        yield desks


def lay_ground(folder: Path, there: Province) -> tuple[bytes, ...]:
    """Make two workstations and a relay, each with pages that the other lacks; return the people of their class."""
    folder.mkdir()
    there.answer_from(folder / RELAY)
    made = [Desk(folder, n) for n in range(2)]
    people = tuple(made[0].open_class(PEOPLE))
    for desk in made:
        desk.close()
    with standing(folder) as desks:
        for desk in desks:
            desk.share_by(there.url)
        for person in people[:WAITING]:
            desks[1].mark(person, "late")
        desks[1].share_by(there.url)
        for person in people[:WAITING]:
            desks[0].write(m.TRAINEE, person, "edit_trainee", name="改名")
    there.close()
    return people


def lay_out(template: Path, folder: Path) -> None:
    """Copy the stores and the relay's database."""
    folder.mkdir()
    for file in template.glob("*.db"):
        shutil.copyfile(file, folder / file.name)


def entries_on(database: Path) -> int:
    """Return how many entries the pages on a relay hold."""
    engine = open_database(f"sqlite:///{database}")
    with reading(engine) as sql:
        found = sum(read_page(body).head.entries for body in sql.scalars(select(relay_page.c.body)))
    engine.dispose()
    return found


def check_all_is_there(desks: list[StandingDesk], database: Path, people: tuple[bytes, ...]) -> None:
    """Both have all, nothing of it is on the relay twice, and nothing is left over."""
    assert_agree(*desks)
    for desk in desks:
        assert desk.rows("SELECT count(*) FROM outgoing_page") == [(0,)]
        assert desk.rows("SELECT count(*) FROM troubled_page") == [(0,)]
        for person in people[:WAITING]:
            fields = desk.fields(m.TRAINEE, person)
            assert fields is not None
            assert fields["name"] == "改名"
        late = desk.rows("SELECT count(*) FROM mark WHERE status = 'late' AND session_id = ?", SESSION)
        assert late == [(WAITING,)]
    assert entries_on(database) == len(desks[0].entries())


def _sends(_way: object, request: Any, *_: object) -> str | None:
    return "page sent" if request.pages else None


@contextmanager
def watched(tell: Teller) -> Iterator[None]:
    """Mark the steps of sharing in this process, which ends soon."""
    steps: list[tuple[type, str, Callable[..., str | None]]] = [
        (Desk, "mark", lambda *_: "commit"),
        (SharingService, "outgoing", lambda *_, **__: "page cut"),
        (RelayTransport, "exchange", _sends),
        (SharingService, "sent", lambda *_, **__: "answer stored"),
        (SharingService, "_take_slice", lambda *_: "page applied"),
        (SharingService, "_finish", lambda *_: "cursor moved"),
    ]
    with ExitStack() as stack:
        for owner, method, name in steps:
            stack.enter_context(patch.object(owner, method, marked(tell, name, getattr(owner, method))))
        yield


@dataclass(frozen=True)
class SharingAct:
    """Some marks are made, then everything is shared, page by page."""

    template: Path
    people: tuple[bytes, ...]
    there: Province
    again: Counter[int] = field(default_factory=Counter)
    stages: tuple[str, ...] = STAGES
    name: ClassVar[str] = "share"
    look: ClassVar[Look] = Look()
    _arrived: list[bytes] = field(default_factory=list)

    def __reduce__(self) -> tuple[Any, ...]:
        """A child needs the address only."""
        return (SharingAct, (self.template, self.people, self.there))

    def lay_out(self, folder: Path) -> None:
        lay_out(self.template, folder)
        self._arrived.clear()
        self.there.answer_from(folder / RELAY)

    def work(self, folder: Path, tell: Teller) -> None:
        with standing(folder) as (desk, _), watched(tell):
            for person in self.people[WAITING : WAITING + NEW]:
                tell.begin()
                desk.mark(person)
                tell.acknowledge("marked")
            tell.begin()
            desk.share_by(self.there.url)
            tell.acknowledge("shared")
            tell.done()

    def judge(self, folder: Path, begun: int, acknowledged: list[Any]) -> None:
        """What was acknowledged is there, all go on where they were, and one page at most is sent again."""
        with standing(folder) as desks:
            left, right = desks
            marks = left.rows("SELECT count(*) FROM mark WHERE status = 'present'")[0][0]
            assert isinstance(marks, int)
            assert acknowledged.count("marked") <= marks <= begun
            for desk in (left, right):
                desk.share_by(self.there.url)
            check_all_is_there(desks, folder / RELAY, self.people)
            assert right.rows("SELECT count(*) FROM mark WHERE status = 'present'") == [(marks,)]
            again = len(self._arrived) - len(set(self._arrived))
            assert again <= 1, f"{again} pages were sent again"
            self.again[again] += 1
            left.mark(self.people[-1], "absent")
            assert (left.share_by(self.there.url).sent, right.share_by(self.there.url).received) == (1, 1)

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count the pages that reach the relay."""
        own_page = relay._own_page

        def counting(call: Any, body: bytes) -> ReadPage:
            page = own_page(call, body)
            self._arrived.append(page.head.page)
            return page

        with patch.object(relay, "_own_page", counting):
            yield
