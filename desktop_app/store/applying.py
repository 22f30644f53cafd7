"""Applying foreign entries: storing them as they are and folding their changes into the rows.

Entries are stored once their parents are; others wait. A change whose record or parent record is missing parks
alone and is tried again later. What its author was not permitted is stored, not applied (``judging``). Applying never
fails for a business reason and makes no entry of its own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import sqlcipher3.dbapi2 as driver
from sqlalchemy import Connection

from desktop_app.domain.entries import Change, Header, Leaf, SealedEntry
from desktop_app.domain.errors import AppError
from desktop_app.domain.judging import WHOLE
from desktop_app.domain.stamps import HybridClock
from desktop_app.store import deletions, erasing
from desktop_app.store.database import driver_of
from desktop_app.store.folding import INAPPLICABLE, Record, RecordFolder, Refusal
from desktop_app.store.garbage import collector_paused
from desktop_app.store.journal import (
    APPLIED,
    NOTE_ENTITY,
    PARTIAL,
    REFUSED,
    JournalStore,
    ascending,
    check_payload,
    decode,
    decode_header,
    encode,
    read_leaves,
)
from desktop_app.store.judging import Judge
from desktop_app.store.platform_pages import PlatformReader
from desktop_app.store.waiting import (
    LEAVES_MISSING,
    PARENTS_MISSING,
    STAMP_AHEAD,
    STAMP_TAKEN,
    WaitingEntries,
)

LEAF_UNREADABLE = "LEAF_UNREADABLE"
_BUGS = (ArithmeticError, LookupError, TypeError, ValueError, AssertionError)
_REFUSED_BY_SQL = (driver.IntegrityError, driver.InterfaceError, driver.ProgrammingError)
_AT_ONCE = 2000  # changes that are folded together; more would only cost memory

NumberedLeaves = tuple[int, Header, Iterable[tuple[int, Leaf]]]


@dataclass(slots=True)
class Applied:
    """What a page of entries did: how many were stored, or stored but refused, how many wait, which records changed."""

    entries: int = 0
    refused: int = 0
    held: int = 0
    touched: set[Record] = field(default_factory=set)


class Applier:
    """Folds entries into the rows over one connection inside the caller's transaction."""

    def __init__(
        self, connection: Connection, clock: HybridClock | None, reader: PlatformReader | None = None
    ) -> None:
        self._sql = connection
        self._driver = driver_of(connection)
        self._clock = clock
        self.journal = JournalStore(connection)
        self._folder = RecordFolder(connection, self.journal)
        self._reader = reader
        self._judge: Judge | None = None
        self._next = self.journal.next_seq()
        self._parked = self._parked_seqs()
        self._partial = {
            row[0] for row in self._driver.execute("SELECT seq FROM journal_entry WHERE state = 1")
        }
        self._folder.unsettled = self._parked | self._partial

    @property
    def judge(self) -> Judge:
        """Return what judges entries; made when the first one asks for it."""
        if self._judge is None:
            self._judge = Judge(self._sql, self.journal, self._reader)
        return self._judge

    def receive(self, entries: Iterable[SealedEntry]) -> Applied:
        """Store and apply what is ready, let the rest wait; entries already here change nothing.

        Raises AppError ENTRY_ALTERED or JOURNAL_MALFORMED for bytes that do not hold together.
        """
        with collector_paused():
            return self._receive_all(entries)

    def _receive_all(self, entries: Iterable[SealedEntry]) -> Applied:
        outcome = Applied()
        waiting = WaitingEntries(self._sql, self._is_stored)
        ready: list[NumberedLeaves] = []
        for name in waiting.without_lack():
            entry = waiting.entry(name)
            self._take(entry, decode_header(entry.header), waiting, outcome, ready)
        checked = [(entry, check_payload(entry)) for entry in entries]
        if len(checked) > 1:
            self.journal.look_up([entry.id for entry, _ in checked], [header.stamp for _, header in checked])
        for entry, header in checked:
            seq = self.journal.seq_of_id(entry.id)
            if seq is None:
                self._take(entry, header, waiting, outcome, ready)
            elif seq in self._partial:
                self.journal.write()
                ready.append((seq, header, self._complete(seq, entry)))
        self.journal.write()
        self.fold(ready, outcome)
        self.settle(outcome)
        return outcome

    def settle(self, outcome: Applied) -> None:
        """Try what is parked again and work out which records count as deleted."""
        erasing.settle(self._sql, self.journal, outcome.touched)  # may bring back what others are parked for
        if self._parked:
            self._retry_parked(outcome)
            erasing.settle(self._sql, self.journal, outcome.touched)
        if deletions.any_marked(self._sql):
            deletions.settle(self._sql, self.journal, outcome.touched)

    def _is_stored(self, entry: bytes) -> bool:
        return self.journal.seq_of_id(entry) is not None

    def _take(
        self,
        entry: SealedEntry,
        header: Header,
        waiting: WaitingEntries,
        outcome: Applied,
        ready: list[NumberedLeaves],
    ) -> None:
        """Number an entry and then those that waited for it, or let it wait."""
        queue = deque([(entry, header)])
        while queue:
            entry, header = queue.popleft()
            if not waiting.is_empty:
                entry = waiting.joined(entry)
            reason = self._why_wait(entry, header)
            if reason is not None:
                waiting.hold(entry, header, reason)
                outcome.held += 1
                continue
            name = self._number(entry, header, outcome, ready)
            outcome.entries += 1
            if waiting.is_empty:
                continue
            waiting.release(name)
            freed = [waiting.entry(other) for other in waiting.freed_by(name)]
            queue.extend((other, decode_header(other.header)) for other in freed)

    def _why_wait(self, entry: SealedEntry, header: Header) -> str | None:
        """Tell why an entry cannot be stored yet, None where it can."""
        if not all(self._is_stored(parent) for parent in header.parents):
            return PARENTS_MISSING
        if self._clock is not None and self._clock.is_too_far_ahead(header.stamp):
            return STAMP_AHEAD
        if self.journal.seq_of(header.stamp) is not None:
            return STAMP_TAKEN
        return LEAVES_MISSING if header.command in WHOLE and not entry.is_complete else None

    def _number(
        self, entry: SealedEntry, header: Header, outcome: Applied, ready: list[NumberedLeaves]
    ) -> bytes:
        """Give an entry its number, judge it and queue it for storing and folding; return its id."""
        seq, self._next = self._next, self._next + 1
        state = APPLIED
        if self.judge.judge(seq, header, entry.leaves) is not None:
            outcome.refused += 1
            state = REFUSED
        if not entry.is_complete:
            self._partial.add(seq)
            self._folder.unsettled.add(seq)
            state = PARTIAL
        if self._clock is not None:
            self._clock.observe(header.stamp)
        ready.append((seq, header, enumerate(entry.leaves)))
        return self.journal.queue(seq, entry, header, state)

    def _complete(self, seq: int, entry: SealedEntry) -> list[tuple[int, Leaf]]:
        """Store leaves that come late to an entry that was begun; return them."""
        late = self.journal.add_leaves(seq, entry)
        if self.journal.entry(seq).is_complete:
            self.journal.set_state(seq, REFUSED if self.judge.is_refused(seq) else APPLIED)
            self._partial.discard(seq)
        return late

    def fold(self, ready: Iterable[NumberedLeaves], outcome: Applied) -> None:
        """Fold numbered leaves of stored entries, as far as they are here and permitted; park what cannot be."""
        batch: list[tuple[int, list[Change]]] = []
        size = 0
        for seq, header, leaves in ready:
            if self.judge.is_refused(seq):
                continue
            changes: list[Change] = []
            for n, leaf in leaves:
                found = _read_leaf(leaf)
                if found is None:
                    self._park(seq, Change(NOTE_ENTITY, n.to_bytes(4, "big"), {}), LEAF_UNREADABLE)
                else:
                    changes += self.judge.permitted(seq, header, found)
            batch.append((seq, changes))
            size += len(changes)
            if size >= _AT_ONCE:
                self._fold_batch(batch, outcome)
                batch, size = [], 0
        self._fold_batch(batch, outcome)

    def _fold_batch(self, batch: Sequence[tuple[int, list[Change]]], outcome: Applied) -> None:
        """Fold the changes of entries together; where that fails by a bug, entry by entry."""
        if any(changes for _, changes in batch) and self._attempt(batch, outcome) is None:
            for seq, changes in batch:
                self._fold_changes(seq, changes, outcome)

    def _fold_changes(self, seq: int, changes: Sequence[Change], outcome: Applied) -> list[Refusal]:
        """Fold changes of one entry together; where that fails by a bug, one by one, so that only the culprit parks.

        Park what cannot be folded; return it.
        """
        refused = self._attempt([(seq, changes)], outcome) if changes else []
        if refused is not None:
            return refused
        refused = []
        for change in changes:
            alone = self._attempt([(seq, [change])], outcome)
            if alone is None:
                self._park(seq, change, INAPPLICABLE)
            refused += [(change, INAPPLICABLE)] if alone is None else alone
        return refused

    def _attempt(
        self, batch: Sequence[tuple[int, Sequence[Change]]], outcome: Applied
    ) -> list[Refusal] | None:
        """Fold the changes of entries and park what cannot be, or, returning None, do nothing at all."""
        touched: set[Record] = set()
        refused: list[Refusal] = []
        unsettled = set(self._folder.unsettled)
        self._driver.execute("SAVEPOINT folding")
        try:
            self._folder.load(change for _, changes in batch for change in changes)
            for seq, changes in batch:
                for change, reason in self._folder.fold(seq, changes, touched):
                    self._park(seq, change, reason)
                    refused.append((change, reason))
            self._folder.write()
        except (*_BUGS, *_REFUSED_BY_SQL):
            self._driver.execute("ROLLBACK TO folding")
            self._driver.execute("RELEASE folding")
            self._folder.forget()
            self._folder.unsettled = unsettled
            return None
        self._driver.execute("RELEASE folding")
        outcome.touched |= touched
        return refused

    def _park(self, seq: int, change: Change, reason: str) -> None:
        self._driver.execute(
            "INSERT OR REPLACE INTO parked_change (seq, entity, key, groups, reason) VALUES (?, ?, ?, ?, ?)",
            (seq, change.entity, change.key, encode(ascending(change.groups)), reason),
        )
        self._parked.add(seq)
        self._folder.unsettled.add(seq)

    def _parked_seqs(self) -> set[int]:
        return {row[0] for row in self._driver.execute("SELECT DISTINCT seq FROM parked_change")}

    def _retry_parked(self, outcome: Applied) -> None:
        """Try parked changes again, oldest first, as long as one of them can be folded."""
        progress = True
        while progress:
            progress = False
            rows = self._driver.execute(
                "SELECT seq, entity, key, groups FROM parked_change ORDER BY seq, entity, key"
            ).fetchall()
            for seq, part in groupby(rows, key=lambda row: int(row[0])):
                parked = [(int(row[1]), bytes(row[2]), bytes(row[3])) for row in part]
                progress |= self._retry_entry(seq, parked, outcome)
        self._parked = self._parked_seqs()
        self._folder.unsettled = self._parked | self._partial

    def _retry_entry(self, seq: int, parked: list[tuple[int, bytes, bytes]], outcome: Applied) -> bool:
        """Try the parked changes of one entry; return whether one of them could be folded."""
        changes: list[Change] = []
        readable: list[tuple[int, int, bytes]] = []
        for entity, key, groups in parked:
            if entity != NOTE_ENTITY:
                changes += read_leaves([encode([entity, [[key, decode(groups)]]])])[1]
                continue
            leaf = self.journal.entry(seq).leaves[int.from_bytes(key, "big")]
            found = _read_leaf(leaf)
            if leaf.body is not None and found is not None:
                readable.append((seq, entity, key))
                changes += self.judge.permitted(seq, self.journal.header_of(seq)[1], found)
        refused = self._fold_changes(seq, changes, outcome)
        names = {(change.entity, change.key) for change, _ in refused}
        done = {
            (seq, change.entity, change.key) for change in changes if (change.entity, change.key) not in names
        }
        for row in [*readable, *sorted(done)]:
            self._driver.execute("DELETE FROM parked_change WHERE seq = ? AND entity = ? AND key = ?", row)
        return bool(done)


def _read_leaf(leaf: Leaf) -> list[Change] | None:
    """Return the changes of a leaf, none where it is not here; None where this version cannot read it."""
    if leaf.body is None:
        return []
    try:
        return read_leaves([leaf.body])[1]
    except AppError:
        return None
