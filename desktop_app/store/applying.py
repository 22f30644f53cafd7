"""Applying foreign entries: storing them as they are and folding their changes into the rows.

Entries are applied once their parents are stored; others wait. A change whose record or parent record is missing
parks alone and is tried again later. Applying never fails for a business reason and makes no entry of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from desktop_app.domain.entries import Change, GroupWrite, Header, SealedEntry
from desktop_app.domain.merge import DELETED, DELETED_VALUE, Head, merge_heads
from desktop_app.domain.stamps import HybridClock
from desktop_app.store import deletions
from desktop_app.store.journal import (
    APPLIED,
    PARTIAL,
    JournalStore,
    StampLookup,
    check_payload,
    decode,
    decode_header,
    encode,
    pack_entry,
    read_leaves,
    unpack_entry,
)
from desktop_app.store.record_tables import StoredRecord, group_fields, group_value, known_table, table_of

RECORD_MISSING, PARENT_MISSING, INAPPLICABLE = "RECORD_MISSING", "PARENT_MISSING", "INAPPLICABLE"


@dataclass(slots=True)
class Applied:
    """What a page of entries did: how many were new, which records changed."""

    entries: int = 0
    touched: set[tuple[int, bytes]] = field(default_factory=set)


class Applier:
    """Folds entries into the rows over one connection inside the caller's transaction."""

    def __init__(self, connection: Connection, clock: HybridClock | None) -> None:
        self._sql = connection
        self._clock = clock
        self.journal = JournalStore(connection)

    def receive(self, entries: Iterable[SealedEntry]) -> Applied:
        """Store and apply what is ready, let the rest wait; entries already here change nothing.

        Raises AppError ENTRY_ALTERED or JOURNAL_MALFORMED for bytes that do not hold together.
        """
        outcome = Applied()
        for entry in entries:
            check_payload(entry)
            if self.journal.seq_of_id(entry.id) is not None:
                continue
            header = decode_header(entry.header)
            if all(self.journal.seq_of_id(parent) is not None for parent in header.parents):
                self._store(entry, header, outcome)
            else:
                self._sql.exec_driver_sql(
                    "INSERT OR IGNORE INTO waiting_entry (id, body) VALUES (?, ?)",
                    (entry.id, pack_entry(entry)),
                )
        self._wake(outcome)
        self.settle(outcome)
        return outcome

    def settle(self, outcome: Applied) -> None:
        """Try what is parked again and work out which records count as deleted."""
        self._retry_parked(outcome)
        if deletions.any_marked(self._sql):
            deletions.settle(self._sql, self.journal, outcome.touched)

    def _wake(self, outcome: Applied) -> None:
        """Apply waiting entries whose parents have come, until none is left that can be."""
        progress = True
        while progress:
            progress = False
            for row in self._sql.exec_driver_sql("SELECT id, body FROM waiting_entry ORDER BY id").all():
                entry = unpack_entry(row[1])
                header = decode_header(entry.header)
                if self.journal.seq_of_id(entry.id) is None:
                    if any(self.journal.seq_of_id(parent) is None for parent in header.parents):
                        continue
                    self._store(entry, header, outcome)
                self._sql.exec_driver_sql("DELETE FROM waiting_entry WHERE id = ?", (row[0],))
                progress = True

    def _store(self, entry: SealedEntry, header: Header, outcome: Applied) -> None:
        seq = self.journal.next_seq()
        complete = all(leaf.body is not None for leaf in entry.leaves)
        self.journal.append(seq, entry, header, APPLIED if complete else PARTIAL)
        if self._clock is not None:
            self._clock.observe(header.stamp)
        _, changes = read_leaves(leaf.body for leaf in entry.leaves if leaf.body is not None)
        for change in changes:
            self.fold(seq, change, outcome)
        outcome.entries += 1

    def fold(self, seq: int, change: Change, outcome: Applied) -> None:
        """Apply one change, or park it with its reason."""
        reason = self._has_parked(change) or self._attempt(seq, change)
        if reason is None:
            outcome.touched.add((change.entity, change.key))
        else:
            self._park(seq, change, reason)

    def _attempt(self, seq: int, change: Change) -> str | None:
        """Apply a change whole or not at all; return why it cannot be applied."""
        self._sql.exec_driver_sql("SAVEPOINT one_change")
        try:
            reason = self._apply(seq, change)
        except (ValueError, TypeError, KeyError, DBAPIError):
            reason = INAPPLICABLE
        if reason is not None:
            self._sql.exec_driver_sql("ROLLBACK TO one_change")
        self._sql.exec_driver_sql("RELEASE one_change")
        return reason

    def _has_parked(self, change: Change) -> str | None:
        row = self._sql.exec_driver_sql(
            "SELECT reason FROM parked_change WHERE entity = ? AND key = ? LIMIT 1", (change.entity, change.key)
        ).first()
        return None if row is None else str(row[0])

    def _park(self, seq: int, change: Change, reason: str) -> None:
        self._sql.exec_driver_sql(
            "INSERT OR REPLACE INTO parked_change (seq, entity, key, groups, reason) VALUES (?, ?, ?, ?, ?)",
            (seq, change.entity, change.key, encode(StampLookup().wire_groups(change.groups)), reason),
        )

    def _retry_parked(self, outcome: Applied) -> None:
        """Try parked changes again, oldest first, as long as one of them can be applied."""
        progress = True
        while progress:
            progress = False
            stuck: set[tuple[int, bytes]] = set()
            rows = self._sql.exec_driver_sql(
                "SELECT seq, entity, key, groups FROM parked_change ORDER BY seq, entity, key"
            ).all()
            for seq, entity, key, groups in rows:
                if (entity, key) in stuck:
                    continue
                _, (change,) = read_leaves([encode([entity, [[key, decode(groups)]]])])
                if self._attempt(seq, change) is not None:
                    stuck.add((entity, key))
                    continue
                self._sql.exec_driver_sql(
                    "DELETE FROM parked_change WHERE seq = ? AND entity = ? AND key = ?", (seq, entity, key)
                )
                outcome.touched.add((entity, key))
                progress = True

    def _apply(self, seq: int, change: Change) -> str | None:
        """Fold a change into its record; return why it cannot be, None when done."""
        table = table_of(change.entity)
        if table is None:
            for number, write in change.groups.items():
                self._merge_side(seq, change, number, write)
            return None
        record = table.fetch(self._sql, change.key)
        if record is None:
            reason = self._create(seq, change)
            if reason is not None:
                return reason
        else:
            names: list[str] = []
            for number, write in sorted(change.groups.items()):
                names += self._merge_group(seq, change, number, write, record)
            table.update(self._sql, change.key, record, names)
        deletion = change.groups.get(DELETED)
        if deletion is not None and deletion.new == DELETED_VALUE:
            seen = [number for stamp in deletion.seen if (number := self.journal.seq_of(stamp)) is not None]
            deletions.record_sight(self._sql, change.entity, change.key, seq, seen)
        return None

    def _create(self, seq: int, change: Change) -> str | None:
        creation = change.groups.get(DELETED)
        if creation is None or creation.seen:
            return RECORD_MISSING
        table = table_of(change.entity)
        assert table is not None
        entity = table.entity
        record = StoredRecord(seq, {}, gone=False, fields={})
        for number, write in change.groups.items():
            group = entity.by_number.get(number)
            if group is None:
                self._merge_side(seq, change, number, write)
                continue
            record.fields.update(group_fields(group, write.new))
            if write.new is None:
                record.later[number] = seq
        for parent, parent_key in table.parent_keys(change.key, record.fields):
            if not known_table(parent).exists(self._sql, parent_key):
                return PARENT_MISSING
        table.insert(self._sql, [(change.key, record)])
        return None

    def _merge_group(
        self, seq: int, change: Change, number: int, write: GroupWrite, record: StoredRecord
    ) -> list[str]:
        """Merge one group into a record's row and the side table; return the fields whose column changes."""
        table = table_of(change.entity)
        assert table is not None
        group = table.entity.by_number.get(number)
        if group is None:
            self._merge_side(seq, change, number, write)
            return []
        stored = dict(self._side_heads(change, number))
        current = record.head_seq(group)
        if current is not None:
            stored[current] = group_value(group, record.fields)
        winner, rest = self._merged(seq, stored, write)
        self._rewrite_side(change, number, rest)
        record.fields.update(group_fields(group, winner[1]))
        if winner[0] != record.base or winner[1] is None:
            record.later[number] = winner[0]
        else:
            record.later.pop(number, None)
        return list(group.fields)

    def _merge_side(self, seq: int, change: Change, number: int, write: GroupWrite) -> None:
        """Merge a group that this version does not know: all its heads live in the side table."""
        winner, rest = self._merged(seq, dict(self._side_heads(change, number)), write)
        self._rewrite_side(change, number, [winner, *rest])

    def _merged(
        self, seq: int, stored: dict[int, object], write: GroupWrite
    ) -> tuple[tuple[int, object], list[tuple[int, object]]]:
        heads = [Head(self.journal.stamp(number), value) for number, value in stored.items()]
        merged = merge_heads(heads, write.seen, Head(self.journal.stamp(seq), write.new))
        pairs = [(self.journal.seq_of(head.stamp) or seq, head.value) for head in merged]
        return pairs[0], pairs[1:]

    def _side_heads(self, change: Change, number: int) -> list[tuple[int, object]]:
        rows = self._sql.exec_driver_sql(
            "SELECT seq, value FROM head WHERE entity = ? AND key = ? AND grp = ?",
            (change.entity, change.key, number),
        )
        return [(row[0], decode(row[1])) for row in rows]

    def _rewrite_side(self, change: Change, number: int, heads: list[tuple[int, object]]) -> None:
        self._sql.exec_driver_sql(
            "DELETE FROM head WHERE entity = ? AND key = ? AND grp = ?", (change.entity, change.key, number)
        )
        if heads:
            self._sql.exec_driver_sql(
                "INSERT INTO head (entity, key, grp, seq, value) VALUES (?, ?, ?, ?, ?)",
                [(change.entity, change.key, number, seq, encode(value)) for seq, value in heads],
            )

