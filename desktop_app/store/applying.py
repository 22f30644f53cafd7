"""Applying foreign entries: storing them as they are and folding their changes into the rows.

Entries are stored once their parents are; others wait. A change whose record or parent record is missing parks
alone and is tried again later. Applying never fails for a business reason and makes no entry of its own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, InterfaceError, ProgrammingError

from desktop_app.domain.entries import Change, Header, Leaf, SealedEntry
from desktop_app.domain.errors import AppError
from desktop_app.domain.stamps import HybridClock
from desktop_app.store import deletions
from desktop_app.store.folding import INAPPLICABLE, Record, RecordFolder, Refusal
from desktop_app.store.journal import (
    APPLIED,
    NOTE_ENTITY,
    PARTIAL,
    JournalStore,
    StampLookup,
    check_payload,
    decode,
    decode_header,
    encode,
    read_leaves,
)
from desktop_app.store.waiting import PARENTS_MISSING, STAMP_AHEAD, STAMP_TAKEN, WaitingEntries

LEAF_UNREADABLE = "LEAF_UNREADABLE"
_BUGS = (ArithmeticError, LookupError, TypeError, ValueError, AssertionError)
_REFUSED_BY_SQL = (IntegrityError, InterfaceError, ProgrammingError)


@dataclass(slots=True)
class Applied:
    """What a page of entries did: how many were stored, how many wait, which records changed."""

    entries: int = 0
    held: int = 0
    touched: set[Record] = field(default_factory=set)


class Applier:
    """Folds entries into the rows over one connection inside the caller's transaction."""

    def __init__(self, connection: Connection, clock: HybridClock | None) -> None:
        self._sql = connection
        self._clock = clock
        self.journal = JournalStore(connection)
        self._folder = RecordFolder(connection, self.journal)
        self._next = self.journal.next_seq()
        self._parked = self._parked_seqs()
        self._partial = {
            row[0] for row in connection.exec_driver_sql("SELECT seq FROM journal_entry WHERE state = 1")
        }
        self._folder.unsettled = self._parked | self._partial

    def receive(self, entries: Iterable[SealedEntry]) -> Applied:
        """Store and apply what is ready, let the rest wait; entries already here change nothing.

        Raises AppError ENTRY_ALTERED or JOURNAL_MALFORMED for bytes that do not hold together.
        """
        outcome = Applied()
        waiting = WaitingEntries(self._sql, self._is_stored)
        for name in waiting.without_lack():
            self._take(waiting.entry(name), waiting, outcome)
        for entry in entries:
            check_payload(entry)
            seq = self.journal.seq_of_id(entry.id)
            if seq is None:
                self._take(entry, waiting, outcome)
            elif seq in self._partial:
                self._complete(seq, entry, outcome)
        self.settle(outcome)
        return outcome

    def settle(self, outcome: Applied) -> None:
        """Try what is parked again and work out which records count as deleted."""
        if self._parked:
            self._retry_parked(outcome)
        if deletions.any_marked(self._sql):
            deletions.settle(self._sql, self.journal, outcome.touched)

    def _is_stored(self, entry: bytes) -> bool:
        return self.journal.seq_of_id(entry) is not None

    def _take(self, entry: SealedEntry, waiting: WaitingEntries, outcome: Applied) -> None:
        """Store an entry and then those that waited for it, or let it wait."""
        queue = deque([entry])
        while queue:
            entry = queue.popleft()
            header = decode_header(entry.header)
            reason = self._why_wait(header)
            if reason is not None:
                waiting.hold(entry, header, reason)
                outcome.held += 1
                continue
            waiting.release(entry.id)
            self._store(entry, header, outcome)
            queue.extend(waiting.entry(name) for name in waiting.freed_by(entry.id))

    def _why_wait(self, header: Header) -> str | None:
        """Tell why an entry cannot be stored yet, None where it can."""
        if not all(self._is_stored(parent) for parent in header.parents):
            return PARENTS_MISSING
        if self._clock is not None and self._clock.is_too_far_ahead(header.stamp):
            return STAMP_AHEAD
        return STAMP_TAKEN if self.journal.seq_of(header.stamp) is not None else None

    def _store(self, entry: SealedEntry, header: Header, outcome: Applied) -> None:
        seq, self._next = self._next, self._next + 1
        self.journal.append(seq, entry, header, APPLIED if entry.is_complete else PARTIAL)
        if not entry.is_complete:
            self._partial.add(seq)
            self._folder.unsettled.add(seq)
        if self._clock is not None:
            self._clock.observe(header.stamp)
        self.fold(seq, enumerate(entry.leaves), outcome)
        outcome.entries += 1

    def _complete(self, seq: int, entry: SealedEntry, outcome: Applied) -> None:
        """Apply leaves that come late to an entry that was begun."""
        late = self.journal.add_leaves(seq, entry)
        if self.journal.entry(seq).is_complete:
            self.journal.set_state(seq, APPLIED)
            self._partial.discard(seq)
        self.fold(seq, late, outcome)

    def fold(self, seq: int, leaves: Iterable[tuple[int, Leaf]], outcome: Applied) -> None:
        """Fold the numbered leaves of a stored entry that are here; park what cannot be."""
        changes: list[Change] = []
        for n, leaf in leaves:
            found = _read_leaf(leaf)
            if found is None:
                self._park(seq, Change(NOTE_ENTITY, n.to_bytes(4, "big"), {}), LEAF_UNREADABLE)
            else:
                changes += found
        for change, reason in self._fold_changes(seq, changes, outcome):
            self._park(seq, change, reason)

    def _fold_changes(self, seq: int, changes: Sequence[Change], outcome: Applied) -> list[Refusal]:
        """Fold changes together; where that fails by a bug, one by one, so that only the culprit parks."""
        if not changes:
            return []
        refused = self._attempt(seq, changes, outcome)
        if refused is not None:
            return refused
        refused = []
        for change in changes:
            alone = self._attempt(seq, [change], outcome)
            refused += [(change, INAPPLICABLE)] if alone is None else alone
        return refused

    def _attempt(self, seq: int, changes: Sequence[Change], outcome: Applied) -> list[Refusal] | None:
        """Fold changes whole or, returning None, not at all."""
        touched: set[Record] = set()
        self._sql.exec_driver_sql("SAVEPOINT folding")
        try:
            refused = self._folder.fold(seq, changes, touched)
        except (*_BUGS, *_REFUSED_BY_SQL):
            self._sql.exec_driver_sql("ROLLBACK TO folding")
            self._sql.exec_driver_sql("RELEASE folding")
            self._folder.forget()
            return None
        self._sql.exec_driver_sql("RELEASE folding")
        outcome.touched |= touched
        return refused

    def _park(self, seq: int, change: Change, reason: str) -> None:
        self._sql.exec_driver_sql(
            "INSERT OR REPLACE INTO parked_change (seq, entity, key, groups, reason) VALUES (?, ?, ?, ?, ?)",
            (seq, change.entity, change.key, encode(StampLookup().wire_groups(change.groups)), reason),
        )
        self._parked.add(seq)
        self._folder.unsettled.add(seq)

    def _parked_seqs(self) -> set[int]:
        return {row[0] for row in self._sql.exec_driver_sql("SELECT DISTINCT seq FROM parked_change")}

    def _retry_parked(self, outcome: Applied) -> None:
        """Try parked changes again, oldest first, as long as one of them can be folded."""
        progress = True
        while progress:
            progress = False
            rows = self._sql.exec_driver_sql(
                "SELECT seq, entity, key, groups FROM parked_change ORDER BY seq, entity, key"
            ).all()
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
                changes += found
        refused = self._fold_changes(seq, changes, outcome)
        names = {(change.entity, change.key) for change, _ in refused}
        done = {
            (seq, change.entity, change.key) for change in changes if (change.entity, change.key) not in names
        }
        for row in [*readable, *sorted(done)]:
            self._sql.exec_driver_sql(
                "DELETE FROM parked_change WHERE seq = ? AND entity = ? AND key = ?", row
            )
        if readable:
            for change, reason in refused:
                self._park(seq, change, reason)
        return bool(done)


def _read_leaf(leaf: Leaf) -> list[Change] | None:
    """Return the changes of a leaf, none where it is not here; None where this version cannot read it."""
    if leaf.body is None:
        return []
    try:
        return read_leaves([leaf.body])[1]
    except AppError:
        return None
