"""Workstations that share: real stores, the real engine, over a shelf."""

from __future__ import annotations

from pathlib import Path

from desktop_app.domain import records as m
from desktop_app.services.context import Context
from desktop_app.services.sharing import Shared, SharingService
from desktop_app.store.sharing_keys import InstitutionKey
from sync.contract.sharing import key_id
from sync.sharing.engine import SharingEngine
from sync.sharing.folder import FolderTransport
from sync.sharing.transports import Transport
from tests.factories.workstations import CLERK, Machine, session_fields, session_key

KEY = bytes(range(1, 33))
CLASS = b"class 0000000001"
SESSION = session_key(CLASS)


class Desk(Machine):
    """A machine of an office whose workstations hold one institution key."""

    def __init__(self, folder: Path, number: int, template: Path | None = None) -> None:
        self._engine: SharingEngine | None = None
        super().__init__(folder, number, template=template)
        self.sharing.add_key(InstitutionKey(key_id(KEY), 1, KEY))

    @property
    def engine(self) -> SharingEngine:
        """The engine of this opening of the store."""
        if self._engine is None or self._engine.sharing.context.workstation is not self.workstation:
            self._engine = SharingEngine(SharingService(Context(self.workstation)))
        return self._engine

    @property
    def sharing(self) -> SharingService:
        return self.engine.sharing

    def share(self, transport: Transport) -> Shared:
        return self.engine.share(transport)

    def by_folder(self, folder: Path) -> FolderTransport:
        return FolderTransport(folder, self.sharing.office(), self.sharing.known_pages)

    def open_class(self, people: int = 3) -> list[bytes]:
        """Write a class with people and a session; return the keys of the people."""
        trainees = [b"trainee %08d" % n for n in range(people)]
        self.write(m.TRAINING_CLASS, CLASS, "create_class", code="电工01")
        with self.workstation.unit_of_work("import_roster", CLERK) as work:
            work.put_many(m.TRAINEE, [(key, {"name": f"学员{n}"}) for n, key in enumerate(trainees)])
        self.write(m.SESSION, SESSION, "add_session", **session_fields(CLASS))
        return trainees

    def mark(self, trainee: bytes, status: str = "present") -> bytes | None:
        return self.write(m.MARK, SESSION + trainee, "mark_one", status=status, lost_hours=0)


def assert_agree(*desks: Desk) -> None:
    """All have the same state, not an empty one, and each can prove its own."""
    states = [desk.state() for desk in desks]
    for desk in desks:
        assert desk.sharing.counts()[0] == 0, "nothing waits"
    assert all(state == states[0] for state in states)
    assert sum(states[0].records.values()) > 5
    for desk in desks:
        found = desk.verify()
        assert found.ok, found.findings
