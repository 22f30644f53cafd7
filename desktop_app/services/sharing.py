"""What ``sync.sharing`` keeps in the store: keys of the institution, progress with each shelf, entries out and in.

The only door between sharing and the store. What a shelf and a page are: ``sync/contract/sharing.py``; here pages are
opaque. Nothing in here is a command: no entry is made, and no logged-in role is needed.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from desktop_app.domain.entries import SealedEntry
from desktop_app.domain.errors import AppError
from desktop_app.domain.records import BY_NUMBER
from desktop_app.services import erasures
from desktop_app.services.context import Context, Service
from desktop_app.services.ports import NEVER, CancelToken, Progress, no_progress, stop_if_cancelled
from desktop_app.services.shared_files import FileSharing
from desktop_app.store import receiving, settings, sharing_keys, shelf_cargo, shelves
from desktop_app.store.database import Connection
from desktop_app.store.queries.conflicts import conflict_items
from desktop_app.store.receiving import LateLeaves
from desktop_app.store.repositories import accounts
from desktop_app.store.sharing_keys import InstitutionKey
from desktop_app.store.shelf_cargo import OutgoingCargo, OutgoingPage
from desktop_app.store.shelves import Shelf
from desktop_app.store.signatures import TipSignature
from desktop_app.store.waiting import count_pending

OFFICE = "sharing.office"
QUIET_SECONDS = 5.0
"""So long after a command somebody counts as being at work."""
_WORK_SLICE, _QUIET_SLICE = 0.006, 0.04
"""Seconds that a slice of a page may take with its commit: while somebody works, and while nobody does."""
MAX_TRIES = 20

_OFFICE_NAME = b"training-sharing office\0"
_FIRST_SLICE = {_WORK_SLICE: 4_096, _QUIET_SLICE: 65_536}  # bytes
_LEAST_SLICE = {_WORK_SLICE: 1_024, _QUIET_SLICE: 32_768}
_MOST_SLICE = 1 << 20

_Finish = Callable[[Connection], None]


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A workstation of the institution: its public key (Ed25519), and whether it was revoked."""

    public_key: bytes
    revoked: bool


@dataclass(frozen=True, slots=True)
class IncomingPage:
    """What a page brought, and where it lies: name on its shelf (None: it came in a file) and number (if it counts).

    ``late``: further leaves of entries that pages before it began, each with the number of the first.
    """

    page: bytes | None
    number: int | None
    entries: Sequence[SealedEntry]
    late: Sequence[LateLeaves]
    tips: Sequence[tuple[bytes, bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Shared:
    """One exchange: entries sent, entries that were new here, their bytes as sent, entries that wait, conflicts.

    ``problems``: how many pages could not be taken, by code; ``files_…``: evidence files that went behind them.
    """

    sent: int
    received: int
    bytes_sent: int
    bytes_received: int
    waiting: int
    conflicts: int
    problems: Mapping[str, int]
    files_sent: int = 0
    files_left: int = 0


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file for a colleague's workstation: its name without the folder, entries and bytes."""

    file: str
    entries: int
    bytes: int


class Sharing(FileSharing, Protocol):
    """协同: exchanges entries with the other workstations; ``sync.sharing`` implements it, ``bootstrap`` hands it over.

    No login is needed. All calls take long: progress counts entries, the token is asked between slices and requests.
    """

    def share(
        self, folder: Path | None = None, progress: Progress = no_progress, cancel: CancelToken = NEVER
    ) -> Shared:
        """Exchange entries by a folder, else by the relay of the office.

        Raises AppError SHARING_WAY_MISSING, SHARING_BUSY, SHELF_UNREACHABLE, SHELF_FULL, CANCELLED, and what the relay
        refuses with.
        """

    def set_relay(self, url: str) -> None:
        """Keep another address of the relay, for administrators; AppError NOT_PERMITTED, RELAY_URL."""

    def export_file(
        self,
        file: Path,
        device: bytes | None = None,
        cancel: CancelToken = NEVER,
        *,
        with_files: bool = False,
    ) -> WrittenFile:
        """Write what a workstation is not known to have, or everything; AppError SHARING_BUSY, SHELF_…, CANCELLED."""

    def import_file(
        self, file: Path, progress: Progress = no_progress, cancel: CancelToken = NEVER
    ) -> Shared:
        """Take a colleague's file; AppError SHARE_…, SHARING_BUSY, SHELF_UNREACHABLE, CANCELLED."""


class SharingService(Service):
    """Keys, shelves and entries, for the engine of sharing."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._running = threading.Lock()
        self._slices = dict(_FIRST_SLICE)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Let one exchange of this profile run at a time; AppError SHARING_BUSY."""
        if not self._running.acquire(blocking=False):
            raise AppError("SHARING_BUSY")
        try:
            yield
        finally:
            self._running.release()

    # Who shares

    def office(self) -> bytes:
        """Return the name of the office (16 bytes), which says nothing of it; AppError PROFILE_NOT_SET_UP.

        It follows from the institution's record, so copies of one profile agree; a joining workstation has it told.
        """
        with self.context.read() as sql:
            told = settings.read(sql, OFFICE)
            if told is not None:
                return told
            return hashlib.sha256(_OFFICE_NAME + accounts.institution(sql).id).digest()[:16]

    def join_office(self, office: bytes) -> None:
        """Keep the office's name that an invitation has brought, before there is a record of the institution here."""
        with self._write() as sql:
            settings.write(sql, OFFICE, office)

    def device(self) -> tuple[bytes, bytes]:
        """Return id and private key (Ed25519) of this workstation."""
        device = self.context.workstation.device
        with self.context.read() as sql:
            key = settings.read(sql, settings.DEVICE_KEY)
        assert device is not None
        assert key is not None
        return device, key

    def devices(self) -> dict[bytes, KnownDevice]:
        """Return the workstations whose records are here."""
        with self.context.read() as sql:
            rows = sql.exec_driver_sql(
                "SELECT id, public_key, coalesce(revoked, 0) FROM device WHERE gone = 0"
            )
            return {row[0]: KnownDevice(row[1], bool(row[2])) for row in rows if row[1] is not None}

    def keys(self) -> dict[bytes, InstitutionKey]:
        """Return the institution's keys by their names."""
        with self.context.read() as sql:
            return sharing_keys.institution_keys(sql)

    def current_key(self) -> InstitutionKey | None:
        """Return the key that seals new pages, None where sharing was never begun."""
        with self.context.read() as sql:
            return sharing_keys.current_key(sql)

    def first_key(self, made: InstitutionKey) -> InstitutionKey:
        """Return the key that seals new pages; ``made`` becomes it where there is none."""
        with self._write() as sql:
            if sharing_keys.current_key(sql) is None:
                sharing_keys.add_key(sql, made)
            return sharing_keys.current_key(sql) or made

    def add_key(self, key: InstitutionKey) -> None:
        """Keep a key that an invitation or a rotation has brought; pages that lacked it are tried again."""
        with self._write() as sql:
            sharing_keys.add_key(sql, key)

    # Progress with a shelf

    def shelf(self, shelf: bytes) -> Shelf:
        """Return how far this workstation is with a shelf."""
        with self.context.read() as sql:
            return shelves.read(sql, shelf)

    def begin(self, shelf: bytes, epoch: bytes, number: int, heads: Sequence[bytes] | None) -> None:
        """Start anew with a shelf that is new, emptied or restored; ``heads``: what none on it follows, if it knows.

        Where all of them are here, all that is on it is here: nothing need be fetched, and only the rest be sent.
        """
        with self._write() as sql:
            there = None if heads is None else receiving.ancestors(sql, heads)
            shelves.begin(sql, shelf, epoch, 0 if there is None else number, self._instant())
            receiving.note_on_shelf(sql, shelf, there or ())

    def note_contact(self, shelf: bytes, problem: str | None = None) -> None:
        """Keep that a shelf was reached now, or the code of what went wrong."""
        with self._write() as sql:
            shelves.note_contact(sql, shelf, self._instant() if problem is None else None, problem)

    def known_pages(self, shelf: bytes) -> set[bytes]:
        """Return the pages that were dealt with, of a shelf that does not count them."""
        with self.context.read() as sql:
            return shelves.known_pages(sql, shelf)

    def troubled(self, shelf: bytes) -> dict[bytes, str]:
        """Return the pages of a shelf that could not be taken so far, and the codes of why."""
        with self.context.read() as sql:
            return dict(shelves.troubled(sql, shelf, MAX_TRIES))

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        """Yield the writing connection once no command waits for it."""
        database = self.context.workstation.database
        with database.between_commands(), database.writer() as sql:
            yield sql

    def _own(self) -> bytes:
        device = self.context.workstation.device
        assert device is not None
        return device

    def _instant(self) -> str:
        return self.context.now().isoformat(timespec="seconds")

    # Out

    def outgoing(self, shelf: bytes, *, own_only: bool = False) -> tuple[OutgoingPage, OutgoingCargo] | None:
        """Return the next page of what a shelf lacks, cutting it where none is cut; None where it lacks nothing.

        When a page is cut the newest entries are signed; it is on disk before it is sent, and keeps its name.
        ``own_only``: cut none that holds entries of other workstations, which the shelf may have from them.
        """
        erasures.name_dropped(self.context)
        with self.context.read() as sql:
            found = shelf_cargo.next_page(sql, shelf)
            if found is None and not shelf_cargo.is_lacking(sql, shelf, own_only=own_only, own=self._own()):
                return None
        if found is None:
            with self._write() as sql:
                self.context.workstation.sign_tips_in(sql)
                shelf_cargo.cut(sql, shelf, self.context.new_id)
        with self.context.read() as sql:
            found = shelf_cargo.next_page(sql, shelf)
            return None if found is None else (found, shelf_cargo.read_cargo(sql, found))

    def sent(self, shelf: bytes, outgoing: OutgoingPage, *, counts: bool) -> None:
        """Say that a page is on the shelf; ``counts``: the shelf numbers its pages."""
        with self._write() as sql:
            shelf_cargo.sent(sql, shelf, outgoing, counts=counts)

    # In

    def trouble(self, shelf: bytes, page: bytes, number: int | None, code: str) -> None:
        """Keep that a page cannot be taken now, and go on behind it; it is asked for again."""
        with self._write() as sql:
            shelves.trouble(sql, shelf, page, code)
            self._move(sql, shelf, page, number)

    def settle(self, shelf: bytes, page: bytes, number: int | None) -> None:
        """Say that a page without entries has been dealt with."""
        with self._write() as sql:
            shelves.settle_page(sql, shelf, page)
            self._move(sql, shelf, page, number)

    def move_cursor(self, shelf: bytes, number: int) -> None:
        """Say that all pages up to a number have been dealt with."""
        with self._write() as sql:
            shelves.move_cursor(sql, shelf, number)

    def lacked(self) -> set[bytes]:
        """Return the entries that others wait for and that are not here."""
        with self.context.read() as sql:
            return receiving.lacked(sql)

    def take(self, shelf: bytes, page: IncomingPage, progress: Progress, cancel: CancelToken) -> int:
        """Apply a page, slice by slice, commands first; return how many entries were new here.

        Its last slice, the signatures and the cursor are one transaction, so no entry is here without what proves it:
        where it was cut off it is fetched again, and what is here changes nothing. AppError CANCELLED between slices;
        JOURNAL_MALFORMED, STAMP_MALFORMED and SHARE_PAGE_EARLY (a page that begins its entry has not come) leave the
        cursor before it.
        """
        with self.context.read() as sql:
            entries = [*page.entries, *receiving.completed(sql, page.late)]
        finish = partial(self._finish, shelf, page, [entry.id for entry in entries])
        changed: set[str] = set()
        new = done = 0
        try:
            for part, ended in receiving.slices(entries, lambda: self._slices[self._aim()]):
                stop_if_cancelled(cancel)
                done += ended
                end = finish if done == len(entries) else None
                new += self._take_slice(shelf, part, changed, end)
                progress(done, len(entries), "progress.sharing")
            if not entries:
                with self._write() as sql:
                    finish(sql)
        finally:
            self.context.tell(frozenset(changed))
        return new

    def _aim(self) -> float:
        """Return how many seconds a slice may take now: whoever marks a class must not notice it."""
        quiet = self.context.workstation.database.seconds_since_command() > QUIET_SECONDS
        return _QUIET_SLICE if quiet else _WORK_SLICE

    def _take_slice(
        self, shelf: bytes, part: Sequence[SealedEntry], changed: set[str], finish: _Finish | None
    ) -> int:
        """Apply some entries in one transaction of bounded time, after all commands that wait."""
        aim = self._aim()
        with self._write() as sql:
            started = time.perf_counter()
            applied = self.context.workstation.receive_in(sql, part)
            receiving.note_on_shelf(sql, shelf, receiving.numbers_of(sql, [entry.id for entry in part]))
            if finish is not None:
                finish(sql)
        taken = time.perf_counter() - started
        factor = min(2.0, max(0.25, aim / taken))
        self._slices[aim] = int(min(_MOST_SLICE, max(_LEAST_SLICE[aim], self._slices[aim] * factor)))
        changed.update(BY_NUMBER[number].name for number, _ in applied.touched if number in BY_NUMBER)
        return applied.entries

    def _finish(self, shelf: bytes, page: IncomingPage, names: Sequence[bytes], sql: Connection) -> None:
        """Keep the signatures and move on; a page with entries that wait, or a false signature, is kept in mind."""
        genuine = receiving.keep_tips(sql, (TipSignature(*tip) for tip in page.tips))
        if page.page is None:
            return
        if not genuine:
            shelves.trouble(sql, shelf, page.page, "SIGNATURE_WRONG")
        elif len(receiving.numbers_of(sql, names)) < len(set(names)):
            shelves.trouble(sql, shelf, page.page, "SHARE_PAGE_WAITS")
        else:
            shelves.settle_page(sql, shelf, page.page)
        self._move(sql, shelf, page.page, page.number)

    @staticmethod
    def _move(sql: Connection, shelf: bytes, page: bytes, number: int | None) -> None:
        if number is None:
            shelves.know_page(sql, shelf, page)
        else:
            shelves.move_cursor(sql, shelf, number)

    def counts(self) -> tuple[int, int]:
        """Return how many entries wait and how many conflicts there are."""
        with self.context.read() as sql:
            return count_pending(sql).entries, len(conflict_items(sql))

    # By file, from one workstation to another

    def lacking_of(self, shelf: bytes) -> Iterator[OutgoingCargo]:
        """Yield what another workstation is not known to have, page by page; nothing is noted of it."""
        erasures.name_dropped(self.context)
        with self._write() as sql:
            self.context.workstation.sign_tips_in(sql)
        with self.context.read() as sql:
            for outgoing in shelf_cargo.pages_of_all(sql, shelf, self.context.new_id):
                yield shelf_cargo.read_cargo(sql, outgoing)

    def note_had(self, shelf: bytes, tips: Sequence[bytes]) -> None:
        """Say that another workstation has some entries, and so all that they follow; unknown ones say nothing."""
        with self._write() as sql:
            if not shelves.read(sql, shelf).epoch:
                shelves.begin(sql, shelf, shelf, 0, self._instant())
            receiving.note_on_shelf(sql, shelf, receiving.ancestors(sql, tips) or ())
