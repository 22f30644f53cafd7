"""In-process workstations on real SQLCipher stores: one migrated, founded file is made per process and copied."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path

from desktop_app.domain import ids
from desktop_app.domain import records as m
from desktop_app.domain.clock import SHANGHAI
from desktop_app.domain.entries import SealedEntry
from desktop_app.domain.users import Role
from desktop_app.store import signatures, state_hash, verifying
from desktop_app.store.journal import JournalStore, pack_entry, unpack_entry
from desktop_app.store.workstation import Workstation

DATA_KEY = bytes(range(32))
START = datetime(2020, 11, 2, 0, 0, tzinfo=UTC)
WORKSTATIONS = 4
PRIVATE_KEYS = [bytes([n + 1]) * 32 for n in range(WORKSTATIONS)]
DEVICES = [b"device %08d." % n for n in range(WORKSTATIONS)]
CLERK = b"user of all role"
"""Who writes on all machines: an account with every role."""


class SetClock:
    """A clock that stands where a test has put it."""

    def __init__(self, moment: datetime = START) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def today(self) -> date:
        return self.moment.astimezone(SHANGHAI).date()

    def forward(self, **delta: float) -> None:
        self.moment += timedelta(**delta)


@cache
def _folder() -> Path:
    """A folder of this process; in memory where the system offers it, for stores wait for the disk at each commit."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="stores-", dir=memory if memory.is_dir() else None))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def migrated_file() -> Path:
    """A store with this version's schema and nothing in it."""
    path = _folder() / "migrated.db"
    _close(Workstation(path, DATA_KEY, SetClock()))
    return path


@cache
def founded_file() -> Path:
    """A store whose first entry names the institution and admits all devices, made and signed by the first."""
    path = _folder() / "founded.db"
    shutil.copyfile(migrated_file(), path)
    workstation = Workstation(path, DATA_KEY, SetClock())
    workstation.register_device(DEVICES[0], PRIVATE_KEYS[0])
    with workstation.unit_of_work("init_institution") as work:
        work.put(m.INSTITUTION, b"institution 0001", {"name": "示例培训学校", "kind": "private-vocational"})
        for n, device in enumerate(DEVICES):
            key = signatures.public_key(PRIVATE_KEYS[n])
            work.put(m.DEVICE, device, {"name": f"PC{n}", "public_key": key})
        roles = [role.value for role in Role]
        work.put(m.USER, CLERK, {"login": "clerk", "display": "办事员", "roles": roles, "disabled": 0})
    _close(workstation)
    return path


def _close(workstation: Workstation) -> None:
    """Close a store; the last connection brings everything into its main file, so that it can be copied."""
    workstation.close()
    path = workstation.database.path
    assert not path.with_name(f"{path.name}-wal").exists()


class Machine:
    """A machine with one store: it can be closed, copied away, put back and opened again."""

    def __init__(
        self, folder: Path, number: int, clock: SetClock | None = None, template: Path | None = None
    ) -> None:
        self.number = number
        self.clock = clock or SetClock()
        self.path = folder / f"machine{number}.db"
        shutil.copyfile(template or founded_file(), self.path)
        self.workstation = Workstation(self.path, DATA_KEY, self.clock)
        if self.workstation.device != DEVICES[number]:
            self.workstation.register_device(DEVICES[number], PRIVATE_KEYS[number])

    def reopen(self) -> None:
        """Close and open: stamps of a new opening."""
        _close(self.workstation)
        self.workstation = Workstation(self.path, DATA_KEY, self.clock)

    def back_up(self) -> Path:
        """Copy the store away; return the copy."""
        _close(self.workstation)
        copies = len(list(self.path.parent.glob(f"{self.path.stem}.backup*")))
        backup = self.path.with_suffix(f".backup{copies}")
        shutil.copyfile(self.path, backup)
        self.workstation = Workstation(self.path, DATA_KEY, self.clock)
        return backup

    def restore(self, backup: Path) -> None:
        """Put a copy back in place of the store."""
        _close(self.workstation)
        shutil.copyfile(backup, self.path)
        self.workstation = Workstation(self.path, DATA_KEY, self.clock)

    def close(self) -> None:
        self.workstation.close()

    def write(self, entity: m.Entity, key: bytes, command: str = "edit", **fields: object) -> bytes | None:
        """Run a command that writes one record; return its entry's id."""
        with self.workstation.unit_of_work(command, CLERK) as work:
            work.put(entity, key, fields)
        return work.entry

    def delete(self, entity: m.Entity, key: bytes) -> bytes | None:
        """Run a command that deletes one record; return its entry's id."""
        with self.workstation.unit_of_work("delete", CLERK) as work:
            work.delete(entity, key)
        return work.entry

    def undo(self, entry: bytes) -> bytes | None:
        """Take an entry back; return the id of the entry that does."""
        with self.workstation.unit_of_work("undo", CLERK) as work:
            seq = work.journal.seq_of_id(entry)
            assert seq is not None
            work.restore(work.journal.changes(seq)[2][::-1])
        return work.entry

    def fields(self, entity: m.Entity, key: bytes) -> dict[str, object] | None:
        """What a user sees of a record."""
        with self.workstation.unit_of_work("look") as work:
            return work.fields(entity, key)

    def entries(self) -> list[SealedEntry]:
        """All stored entries, parents first."""
        with self.workstation.read() as sql:
            journal = JournalStore(sql)
            return [journal.entry(seq) for seq in journal.sequence()]

    def send(self, other: Machine, entries: Iterable[SealedEntry] | None = None) -> None:
        """Hand entries, all by default, and all signatures to another machine as wire bytes."""
        self.workstation.sign_tips()
        chosen = self.entries() if entries is None else entries
        with self.workstation.read() as sql:
            tips = signatures.stored(sql)
        other.workstation.receive([unpack_entry(pack_entry(entry)) for entry in chosen], tips)

    def state(self) -> state_hash.StateDigest:
        with self.workstation.read() as sql:
            return state_hash.state_hash(sql)

    def values(self) -> state_hash.StateDigest:
        with self.workstation.read() as sql:
            return state_hash.value_hash(sql)

    def verify(self) -> verifying.Verification:
        with self.workstation.read() as sql:
            return verifying.verify(sql, DEVICES[self.number])

    def rows(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Read with plain SQL."""
        with self.workstation.read() as sql:
            return [tuple(row) for row in sql.exec_driver_sql(statement, values)]

    def execute(self, statement: str, *values: object) -> int:
        """Write with plain SQL behind the product's back; return how many rows that met."""
        with self.workstation.database.writer() as sql:
            return sql.exec_driver_sql(statement, values).rowcount


def exchange(machines: Iterable[Machine]) -> None:
    """Let every machine have every entry and signature of the others."""
    machines = list(machines)
    for _ in range(2):
        for sender in machines:
            for receiver in machines:
                if sender is not receiver:
                    sender.send(receiver)


def session_key(class_id: bytes, day: int = 9, hour: int = 8) -> bytes:
    """Key of a session in November 2020."""
    return ids.session_id(class_id, date(2020, 11, day), time(hour, 30))


def session_fields(class_id: bytes, day: int = 9, hour: int = 8, **fields: object) -> dict[str, object]:
    """Fields of a session in November 2020."""
    return {
        "class_id": class_id,
        "planned_on": f"2020-11-{day:02}",
        "planned_start": f"{hour:02}:30",
        **fields,
    }


def become_another(workstation: Workstation, name: str = "二号机") -> bytes:
    """Let the open copy of a store be a workstation of its own, invited and admitted; return its device."""
    with workstation.read() as sql:
        query = "SELECT id FROM user WHERE instr(roles, 'admin') ORDER BY id LIMIT 1"
        (admin,) = sql.exec_driver_sql(query).one()
    secret, key = signatures.new_private_key(), signatures.new_private_key()
    invitation, device = workstation.ids.new(), workstation.ids.new()
    end = int(workstation.clock.now().timestamp() * 1000) + 86_400_000
    with workstation.unit_of_work("invite_device", admin) as work:
        terms = {"public_key": signatures.public_key(secret), "expires_ms": end, "user_id": admin}
        work.put(m.INVITATION, invitation, terms)
    workstation.register_device(device, key)
    proof = signatures.sign_admission(secret, device, signatures.public_key(key))
    with workstation.unit_of_work("admit_device", admin) as work:
        fields = {"name": name, "public_key": signatures.public_key(key), "revoked": 0}
        work.put(m.DEVICE, device, {**fields, "admitted_by": invitation, "proof": proof})
    return device
