"""Folding changes into rows: the values, stamps and heads of records after foreign writes.

Whether a change can be folded depends on nothing but the change itself and on which records exist, and records
never cease to exist; what a write replaces is settled by stamps. So the outcome does not depend on the order in
which changes come, not even where one was parked or late and its successors were not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from sqlalchemy import Connection

from desktop_app.domain import merge
from desktop_app.domain.entries import Change, GroupWrite
from desktop_app.domain.merge import Head
from desktop_app.domain.records import BY_NUMBER, DELETED, DELETED_VALUE, Group
from desktop_app.domain.stamps import Stamp
from desktop_app.store import deletions
from desktop_app.store.database import driver_of
from desktop_app.store.journal import JournalStore, decode, encode
from desktop_app.store.record_tables import (
    RecordTable,
    StoredRecord,
    group_fields,
    group_value,
    known_table,
    table_of,
)

RECORD_MISSING, PARENT_MISSING, INAPPLICABLE = "RECORD_MISSING", "PARENT_MISSING", "INAPPLICABLE"
MAX_GROUP = 1 << 31

Record = tuple[int, bytes]
Touched = Mapping[int, Collection[bytes]]
"""Keys of records that were written, hidden or shown, by entity number."""
Refusal = tuple[Change, str]


class RecordFolder:
    """Folds the changes of entries over one connection; keeps in memory what it has found to exist.

    ``load`` reads what some changes will need, ``fold`` works in memory (but for the tables of heads, sights and
    early sights, which are nearly always empty), ``write`` brings the rows up to it.
    """

    def __init__(self, sql: Connection, journal: JournalStore) -> None:
        self._sql = sql
        self._driver = driver_of(sql)
        self._journal = journal
        self.unsettled: set[int] = set()
        self.forget()

    def forget(self) -> None:
        """Drop what is kept in memory, after a rollback."""
        self._existing: dict[int, set[bytes]] = {}
        self._with_side: dict[int, set[bytes]] = {}
        self._has_early = self._driver.execute("SELECT 1 FROM early_sight LIMIT 1").fetchone() is not None
        self._clear()

    def _clear(self) -> None:
        self._records: dict[int, dict[bytes, StoredRecord]] = {}
        self._made: dict[int, dict[bytes, StoredRecord]] = {}
        self._altered: dict[int, dict[bytes, dict[str, None]]] = {}
        self._malformed: set[int] = set()  # identities of loaded changes, which live until they are written

    def load(self, changes: Iterable[Change]) -> None:
        """Read in one go the records that changes write, and which of their parents exist."""
        wanted: dict[int, dict[bytes, None]] = {}
        parents: dict[int, set[bytes]] = {}
        listed: list[tuple[RecordTable, Change]] = []
        for change in changes:
            table = table_of(change.entity)
            if table is None:
                continue
            if not is_well_formed(table, change):
                self._malformed.add(id(change))
                continue
            wanted.setdefault(change.entity, {})[change.key] = None
            listed.append((table, change))
        for number, keys in wanted.items():
            known = self._records.setdefault(number, {})
            known |= known_table(BY_NUMBER[number]).fetch_many(self._sql, list(keys))
        for table, change in listed:
            is_new = change.key not in self._records[change.entity]
            if is_new and not table.field_parents:
                for parent, start, stop in table.key_parents:
                    parents.setdefault(parent, set()).add(change.key[start:stop])
            elif table.field_parents:
                for parent, key in _named_parents(table, change, is_new=is_new):
                    if key is not None:
                        parents.setdefault(parent, set()).add(key)
        for number, named in parents.items():
            existing = self._existing.setdefault(number, set())
            lacking = sorted(named - existing)
            if lacking:
                existing |= known_table(BY_NUMBER[number]).existing(self._sql, lacking)

    def fold(self, seq: int, changes: Iterable[Change], touched: set[Record]) -> list[Refusal]:
        """Fold loaded changes of one entry; return those that cannot be, each with its reason."""
        refused: list[Refusal] = []
        for change in changes:
            table = table_of(change.entity)
            reason = (
                self._fold_unknown(seq, change)
                if table is None
                else self._fold_one(seq, change, table, touched)
            )
            if reason is None:
                touched.add((change.entity, change.key))
            else:
                refused.append((change, reason))
        return refused

    def _fold_unknown(self, seq: int, change: Change) -> str | None:
        """Fold a change of an entity that this version does not know; return why it cannot be, None where it was."""
        if max(change.groups, default=0) >= MAX_GROUP or min(change.groups, default=0) < 0:
            return INAPPLICABLE
        for number, write in change.groups.items():
            self._merge_side(seq, change, number, write)
        return None

    def _fold_one(self, seq: int, change: Change, table: RecordTable, touched: set[Record]) -> str | None:
        """Fold a change of a known entity; return why it cannot be, None where it was."""
        if id(change) in self._malformed:
            return INAPPLICABLE
        number, key, groups = change
        loaded = self._records[number]
        record = loaded.get(key)
        reason = self._obstacle(table, change, is_new=record is None)
        if reason is not None:
            return reason
        if record is None:
            record = loaded[key] = StoredRecord(seq, {}, gone=False, fields={})
            self._made.setdefault(number, {})[key] = record
            self._existing.setdefault(number, set()).add(key)
            if not self._has_early and _create(seq, change, record, table):
                return None
        elif table.field_parents:
            for group in groups:
                touched.update(table.former_parents(group, record))
        names = self._merge_record(seq, change, record, table)
        if key not in self._made.get(number, ()):
            self._altered.setdefault(number, {}).setdefault(key, {}).update(dict.fromkeys(names))
        return None

    def write(self) -> None:
        """Write the records that were made and altered, parents before children; drop them from memory."""
        for number, made in sorted(self._made.items()):
            known_table(BY_NUMBER[number]).insert(self._sql, list(made.items()))
        for number, altered in self._altered.items():
            alike: dict[tuple[str, ...], list[tuple[bytes, StoredRecord]]] = {}
            for key, names in altered.items():
                alike.setdefault(tuple(sorted(names)), []).append((key, self._records[number][key]))
            for columns, rows in alike.items():
                known_table(BY_NUMBER[number]).update_many(self._sql, rows, columns)
        self._clear()

    def _obstacle(self, table: RecordTable, change: Change, *, is_new: bool) -> str | None:
        """Tell why a well-formed change cannot be folded now, None where it can."""
        creation = change.groups.get(DELETED)
        if is_new and (creation is None or creation.seen):
            return RECORD_MISSING
        if not table.field_parents:
            if is_new:
                for parent, start, stop in table.key_parents:
                    if change.key[start:stop] not in self._existing[parent]:
                        return PARENT_MISSING
            return None
        for parent, key in _named_parents(table, change, is_new=is_new):
            if key is None:
                return INAPPLICABLE
            if key not in self._existing[parent]:
                return PARENT_MISSING
        return None

    def _merge_record(self, seq: int, change: Change, record: StoredRecord, table: RecordTable) -> list[str]:
        """Merge a change into a record in memory and its heads in the side table; return the columns written."""
        names: list[str] = []
        for number, write in sorted(change.groups.items()):
            group = table.entity.by_number.get(number)
            if group is None:
                self._merge_side(seq, change, number, write)
                continue
            self._merge_group(seq, change, write, record, group)
            names += group.fields
        deletion = change.groups.get(DELETED)
        if deletion is not None and deletion.new == DELETED_VALUE:
            stamps = {*deletion.seen, self._journal.stamp(seq)}
            deletions.record_sight(self._sql, change.entity, change.key, seq, stamps)
        return names

    def _merge_group(
        self, seq: int, change: Change, write: GroupWrite, record: StoredRecord, group: Group
    ) -> None:
        current = record.head_seq(group)
        if self._replaces(change, write, current):
            record.fields.update(group_fields(group, write.new))
            _point(record, group.number, seq, write.new)
            return
        heads: list[Head] = []
        if current is not None:
            heads.append(Head(self._journal.stamp(current), group_value(group, record.fields)))
        side = self._side_heads(change, group.number)
        merged = self._merged(seq, change, group.number, write, [*heads, *side])
        if not merged:
            return
        if side or len(merged) > 1:
            self._rewrite_side(change, group.number, merged[1:])
        winner = merged[0]
        winner_seq = self._journal.seq_of(winner.stamp)
        assert winner_seq is not None
        record.fields.update(group_fields(group, winner.value))
        _point(record, group.number, winner_seq, winner.value)

    def _replaces(self, change: Change, write: GroupWrite, current: int | None) -> bool:
        """Tell whether a write has seen the one value there is and nothing else is known of it, the usual case."""
        if current is None or len(write.seen) != 1 or self._has_early:
            return False
        return self._journal.stamp(current) == write.seen[0] and change.key not in self._keys_with_side(
            change.entity
        )

    def _merge_side(self, seq: int, change: Change, number: int, write: GroupWrite) -> None:
        """Merge a group that this version does not know: all its heads live in the side table."""
        heads = self._side_heads(change, number)
        self._rewrite_side(change, number, self._merged(seq, change, number, write, heads))

    def _merged(
        self, seq: int, change: Change, number: int, write: GroupWrite, heads: Sequence[Head]
    ) -> tuple[Head, ...]:
        """Return the heads of a group after a write, the value first."""
        stamp = self._journal.stamp(seq)
        present = {head.stamp for head in heads}
        for seen in write.seen:
            if seen not in present and self._may_come(seq, seen):
                self._driver.execute(
                    "INSERT OR IGNORE INTO early_sight (entity, key, grp, stamp) VALUES (?, ?, ?, ?)",
                    (change.entity, change.key, number, encode(seen)),
                )
                self._has_early = True
        merged = merge.merge_heads(heads, write.seen, Head(stamp, write.new))
        if self._has_early and self._was_seen(change, number, stamp):
            return tuple(head for head in merged if head.stamp != stamp)
        return merged

    def _may_come(self, seq: int, seen: Stamp) -> bool:
        """Tell whether a write that is not among the heads may be late or parked, rather than replaced already."""
        number = self._journal.seq_of(seen)
        return number is None or number > seq or number in self.unsettled

    def _was_seen(self, change: Change, number: int, stamp: Stamp) -> bool:
        row = self._driver.execute(
            "SELECT 1 FROM early_sight WHERE entity = ? AND key = ? AND grp = ? AND stamp = ?",
            (change.entity, change.key, number, encode(stamp)),
        ).fetchone()
        return row is not None

    def _side_heads(self, change: Change, number: int) -> list[Head]:
        if change.key not in self._keys_with_side(change.entity):
            return []
        rows = self._driver.execute(
            "SELECT seq, value FROM head WHERE entity = ? AND key = ? AND grp = ?",
            (change.entity, change.key, number),
        )
        return [Head(self._journal.stamp(row[0]), decode(row[1])) for row in rows]

    def _keys_with_side(self, entity: int) -> set[bytes]:
        keys = self._with_side.get(entity)
        if keys is None:
            rows = self._driver.execute("SELECT DISTINCT key FROM head WHERE entity = ?", (entity,))
            keys = self._with_side[entity] = {row[0] for row in rows}
        return keys

    def _rewrite_side(self, change: Change, number: int, heads: Sequence[Head]) -> None:
        self._driver.execute(
            "DELETE FROM head WHERE entity = ? AND key = ? AND grp = ?", (change.entity, change.key, number)
        )
        if heads:
            self._with_side.setdefault(change.entity, set()).add(change.key)
            self._driver.executemany(
                "INSERT INTO head (entity, key, grp, seq, value) VALUES (?, ?, ?, ?, ?)",
                [
                    (change.entity, change.key, number, self._journal.seq_of(head.stamp), encode(head.value))
                    for head in heads
                ],
            )


def _point(record: StoredRecord, number: int, seq: int, value: object) -> None:
    """Let an entry be that of a group's value; ``base`` says so already for what the record's maker wrote."""
    if seq != record.base or value is None:
        record.later[number] = seq
    else:
        record.later.pop(number, None)


def _create(seq: int, change: Change, record: StoredRecord, table: RecordTable) -> bool:
    """Fill a new record from writes that had seen nothing, the usual case; return whether it is one."""
    known = table.entity.by_number
    for number, (seen, _, new) in change.groups.items():
        if seen or number not in known or (number == DELETED and new == DELETED_VALUE):
            return False
    for number, (_, _, new) in change.groups.items():
        record.fields.update(group_fields(known[number], new))
        if new is None:
            record.later[number] = seq
    return True


def is_well_formed(table: RecordTable, change: Change) -> bool:
    """Tell whether key and values have the shape that this version's columns can hold."""
    entity = table.entity
    if len(change.key) != entity.key_size:
        return False
    for number, write in change.groups.items():
        group = entity.by_number.get(number)
        if group is None:
            if not 0 <= number < MAX_GROUP:
                return False
        elif not table.can_hold(group, write.new):
            return False
    return True


def _named_parents(table: RecordTable, change: Change, *, is_new: bool) -> Iterator[tuple[int, bytes | None]]:
    """Yield the parent records that a change names: those of its key where it is new, and those it writes."""
    if is_new:
        for parent, start, stop in table.key_parents:
            yield parent, change.key[start:stop]
    for parent, group, column in table.field_parents:
        write = change.groups.get(group.number)
        if write is not None:
            value = group_fields(group, write.new).get(column)
            yield parent, value if isinstance(value, bytes) else None
        elif is_new:
            yield parent, None
