"""The open store of one workstation: commands in, foreign entries in, consistent reads out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from desktop_app.domain.clock import Clock
from desktop_app.domain.entries import SealedEntry
from desktop_app.domain.ids import IdSource
from desktop_app.domain.judging import ACCOUNTS
from desktop_app.domain.stamps import HybridClock, new_opening
from desktop_app.store import projections, schema, settings, signatures
from desktop_app.store.applying import Applied, Applier
from desktop_app.store.database import Database
from desktop_app.store.folding import Record
from desktop_app.store.platform_pages import PlatformReader
from desktop_app.store.rederiving import Derivation
from desktop_app.store.signatures import TipSignature
from desktop_app.store.unit_of_work import Author, UnitOfWork

Projection = Callable[[UnitOfWork], None]
ReceivedProjection = Callable[[Connection, Collection[Record]], None]


class Workstation:
    """An open, migrated store with its clock, its device and the journal's pen."""

    def __init__(
        self,
        path: Path,
        data_key: bytes,
        clock: Clock,
        before_migration: Callable[[Database], None] | None = None,
    ) -> None:
        self.database = Database(path, data_key)
        self.clock = clock
        self.ids = IdSource(clock)
        self.before_commit: list[Projection] = []
        self.after_receiving: list[ReceivedProjection] = []
        self.platform_reader: PlatformReader | None = None
        self.account_changes = 0  # how often entries of others have changed who may do what
        self.derivations: list[Derivation] = []  # what ``before_commit`` keeps up, for verifying
        try:
            self.database.probe()
            told = None if before_migration is None else partial(before_migration, self.database)
            schema.prepare(self.database, told)
            with self.database.reader() as connection:
                last = connection.exec_driver_sql(
                    "SELECT ms, counter FROM journal_entry ORDER BY ms DESC, counter DESC LIMIT 1"
                ).first()
                self.device = settings.read(connection, settings.DEVICE_ID)
        except BaseException:
            self.database.close()
            raise
        ms, counter = (0, 0) if last is None else (last[0], last[1])
        self.last_ms = ms  # of the newest stamp when the store was opened
        self.stamps = HybridClock(clock, new_opening(), ms, counter)

    def register_device(self, device: bytes, private_key: bytes) -> None:
        """Make this store a workstation of its own; done once, with the first command or on joining."""
        with self.database.writer() as connection:
            settings.write(connection, settings.DEVICE_ID, device)
            settings.write(connection, settings.DEVICE_KEY, private_key)
        self.device = device

    @contextmanager
    def unit_of_work(self, command: str, user: bytes = b"") -> Iterator[UnitOfWork]:
        """Run one command: everything it writes and its entry commit together, or nothing does."""
        with self.database.writer() as connection, self.work_on(connection, command, user) as work:
            yield work

    @contextmanager
    def work_on(self, connection: Connection, command: str, user: bytes = b"") -> Iterator[UnitOfWork]:
        """Run one command, and what is derived from it, in a transaction that the caller commits."""
        assert self.device is not None
        work = UnitOfWork(connection, self.stamps, Author(self.device, user), command)
        yield work
        for projection in self.before_commit:
            projection(work)
        work.finish()
        projections.follow(connection, work.touched)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a reading connection."""
        with self.database.reader() as connection:
            yield connection

    def receive(self, entries: Iterable[SealedEntry], tips: Iterable[TipSignature] = ()) -> Applied:
        """Apply foreign entries and keep the signatures that came with them, in one transaction.

        Raises AppError ENTRY_ALTERED, JOURNAL_MALFORMED or SIGNATURE_WRONG; then nothing of it is taken.
        """
        with self.database.writer() as connection:
            applied = self.receive_in(connection, entries)
            signatures.keep(connection, tips)
            return applied

    def receive_in(self, connection: Connection, entries: Iterable[SealedEntry]) -> Applied:
        """Apply foreign entries, and what is derived from them, in a transaction that the caller commits."""
        applied = Applier(connection, self.stamps, self.platform_reader).receive(entries)
        if any(number in ACCOUNTS for number, _ in applied.touched):
            self.account_changes += 1
        projections.follow(connection, applied.touched)
        for follow in self.after_receiving:
            follow(connection, applied.touched)
        return applied

    def sign_tips(self) -> int:
        """Sign the newest entries; done when a page is cut, a batch is sealed and the store is closed."""
        with self.database.writer() as connection:
            return self.sign_tips_in(connection)

    def sign_tips_in(self, connection: Connection) -> int:
        """Sign the newest entries in a transaction that the caller commits."""
        key = settings.read(connection, settings.DEVICE_KEY)
        if self.device is None or key is None:
            return 0
        return signatures.sign_tips(connection, self.device, key)

    def close(self) -> None:
        """Sign the tips and close the file."""
        try:
            self.sign_tips()
        finally:
            self.database.close()
