"""One command = one transaction = business rows and exactly one journal entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection

from desktop_app.domain.entries import Change, GroupWrite, Header, payload_hash
from desktop_app.domain.errors import AppError
from desktop_app.domain.judging import ACCOUNTS
from desktop_app.domain.records import ALIVE_VALUE, BY_NUMBER, DELETED, DELETED_VALUE, Entity, Group
from desktop_app.domain.stamps import HybridClock
from desktop_app.store import deletions, erasing
from desktop_app.store.applying import Applied, Applier
from desktop_app.store.database import driver_of
from desktop_app.store.garbage import collector_paused
from desktop_app.store.journal import JournalStore, Note, make_leaves, seal
from desktop_app.store.judging import Judge
from desktop_app.store.record_tables import (
    RecordTable,
    StoredRecord,
    group_fields,
    group_value,
    known_table,
)


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes: device and user ids; ``user`` is empty where the schedule acts."""

    device: bytes
    user: bytes = b""


_MADE = GroupWrite((), None, ALIVE_VALUE)  # of group 0: what creates a record
# The newest entry's number, and whether the tables that are nearly always empty hold anything.
_START = """
SELECT coalesce((SELECT max(seq) FROM journal_entry), 0), EXISTS (SELECT 1 FROM head),
       EXISTS (SELECT 1 FROM parked_change), EXISTS (SELECT 1 FROM deletion_sight)
"""


@dataclass(slots=True)
class _Pending:
    """The writes of this command in one record, and the record as it then is."""

    record: StoredRecord
    groups: dict[int, GroupWrite] = field(default_factory=dict)
    remarked: bool = False


@dataclass(frozen=True, slots=True)
class _Mould:
    """What new records of some fields consist of; imports make thousands that are alike."""

    table: RecordTable
    fields: Mapping[str, object]
    held: dict[str, object]
    groups: dict[int, GroupWrite]


class UnitOfWork:
    """Collects the writes of one command; rows are written at once, the entry at the end.

    ``reason`` becomes the entry's first leaf, ``changed`` are the names of the entities written, ``touched``, once it
    is finished, entity number and key of every record that it wrote, hid or showed.
    """

    def __init__(self, connection: Connection, clock: HybridClock, author: Author, command: str) -> None:
        self.sql = connection
        self.journal = JournalStore(connection)
        self.command = command
        self.reason: str | None = None
        self.target: bytes | None = None
        self.undoable = True
        self.changed: set[str] = set()
        self.touched: set[tuple[int, bytes]] = set()
        self.entry: bytes | None = None
        self.after_entry: list[Callable[[UnitOfWork], None]] = []
        self._clock = clock
        self._author = author
        self._pending: dict[tuple[int, bytes], _Pending] = {}
        self._mould: _Mould | None = None
        self._driver = driver_of(connection)
        last, self._has_side_heads, self._has_parked, self._has_marked = self._driver.execute(
            _START
        ).fetchone()
        self.seq = last + 1
        self._deleted: list[tuple[int, bytes]] = []

    def put(self, entity: Entity, key: bytes, fields: Mapping[str, object]) -> bool:
        """Create a record or write some of its fields; return whether anything changed."""
        return self.put_many(entity, [(key, fields)]) > 0

    def put_many(self, entity: Entity, rows: Sequence[tuple[bytes, Mapping[str, object]]]) -> int:
        """Write many records of one entity; return how many were created or changed.

        Fields that are not named keep their value; a value equal to the present one is not written again unless
        it settles a conflict. A record that counts as deleted comes back.
        """
        with collector_paused():
            return self._put_all(entity, rows)

    def _put_all(self, entity: Entity, rows: Sequence[tuple[bytes, Mapping[str, object]]]) -> int:
        table = known_table(entity)
        existing = self._load(table, [key for key, _ in rows])
        created: list[tuple[bytes, StoredRecord]] = []
        updated: dict[tuple[str, ...], list[tuple[bytes, StoredRecord]]] = {}
        fresh: dict[bytes, StoredRecord] = {}
        count = 0
        for key, fields in rows:
            record = existing.get(key) or fresh.get(key)
            if record is None:
                record = self._create(table, key, fields)
                fresh[key] = record
                created.append((key, record))
                count += 1
                continue
            names = self._write(entity, key, record, fields)
            if not names:
                continue
            count += 1
            if key not in fresh:
                updated.setdefault(tuple(names), []).append((key, record))
        table.insert(self.sql, created)
        for columns, changed in updated.items():
            table.update_many(self.sql, changed, columns)
        if count:
            self.changed.add(entity.name)
        return count

    def delete(self, entity: Entity, key: bytes) -> None:
        """Mark a record as deleted; its author has seen every head it has. AppError RECORD_MISSING."""
        table = known_table(entity)
        record = self._load(table, [key]).get(key)
        if record is None:
            raise AppError("RECORD_MISSING", entity=entity.name)
        if not record.gone:
            table.update(self.sql, key, record, self._mark_deleted(entity, key, record))
            self.changed.add(entity.name)

    def _mark_deleted(self, entity: Entity, key: bytes, record: StoredRecord) -> list[str]:
        """Write a deletion that has seen every head of the record; return the columns that change."""
        seen = self._all_heads(entity, key, record)
        self._note(entity, key, record, DELETED, seen, DELETED_VALUE)
        self._drop_side_heads(entity, key, DELETED)
        record.fields["deleted"] = DELETED_VALUE
        self._point(record, DELETED, DELETED_VALUE)
        record.gone = True
        self._deleted.append((entity.number, key))
        return ["deleted"]

    def fields(self, entity: Entity, key: bytes) -> dict[str, object] | None:
        """Return the present fields of a record that does not count as deleted."""
        record = self._load(known_table(entity), [key]).get(key)
        return None if record is None or record.gone else dict(record.fields)

    def remark(self, entity: Entity, key: bytes) -> None:
        """Let the entry name a record without writing it (an act that changes nothing, such as revealing)."""
        record = self._load(known_table(entity), [key]).get(key)
        if record is None:
            raise AppError("RECORD_MISSING", entity=entity.name)
        self._pending.setdefault((entity.number, key), _Pending(record)).remarked = True

    def keys_of(self, entity: Entity) -> list[bytes]:
        """Return the keys of the records of one entity that this command has written so far."""
        return [key for number, key in self._pending if number == entity.number]

    def _load(self, table: RecordTable, keys: Sequence[bytes]) -> dict[bytes, StoredRecord]:
        number = table.entity.number
        known: dict[bytes, StoredRecord] = {}
        if self._pending:
            known = {key: found.record for key in keys if (found := self._pending.get((number, key)))}
        missing = [key for key in dict.fromkeys(keys) if key not in known]
        if missing:
            known.update(table.fetch_many(self.sql, missing))
        return known

    def _create(self, table: RecordTable, key: bytes, fields: Mapping[str, object]) -> StoredRecord:
        mould = self._mould
        if mould is None or mould.table is not table or mould.fields != fields:
            mould = self._mould = _mould(table, fields)
        record = StoredRecord(self.seq, {}, False, mould.held.copy())
        self._pending[table.entity.number, key] = _Pending(record, mould.groups.copy())
        return record

    def _write(
        self, entity: Entity, key: bytes, record: StoredRecord, fields: Mapping[str, object]
    ) -> list[str]:
        """Write into a record that exists; return the columns that change."""
        fields = _plain(entity, fields)
        names: list[str] = []
        touched = {entity.group_of_field[name].number for name in fields}
        if record.gone:
            record.gone = False
            names += self._set(entity, key, record, DELETED, ALIVE_VALUE)
            self._deleted.append((entity.number, key))
        for number in sorted(touched):
            group = entity.by_number[number]
            wanted = {name: fields.get(name, record.fields.get(name)) for name in group.fields}
            names += self._set(entity, key, record, number, group_value(group, wanted))
        return names

    def _set(self, entity: Entity, key: bytes, record: StoredRecord, number: int, value: object) -> list[str]:
        group = entity.by_number[number]
        heads = self._heads(entity, key, record, number)
        if group_value(group, record.fields) == value and len(heads) <= 1:
            return []
        table = known_table(entity)
        _check_value(table, group, value)
        self._deleted += table.former_parents(number, record)
        self._note(entity, key, record, number, heads, value)
        self._drop_side_heads(entity, key, number)
        record.fields.update(group_fields(group, value))
        self._point(record, number, value)
        return list(group.fields)

    def _note(
        self,
        entity: Entity,
        key: bytes,
        record: StoredRecord,
        number: int,
        heads: Sequence[int],
        value: object,
    ) -> None:
        """Put a write into the entry; a second write of the same group keeps what the first had seen."""
        pending = self._pending.setdefault((entity.number, key), _Pending(record))
        former = pending.groups.get(number)
        seen = tuple(sorted(self.journal.stamp(seq) for seq in heads if seq != self.seq))
        if former is not None:
            seen = tuple(sorted({*former.seen, *seen}))
            pending.groups[number] = GroupWrite(seen, former.old, value)
            return
        old = group_value(entity.by_number[number], record.fields)
        pending.groups[number] = GroupWrite(seen, old, value)

    def _point(self, record: StoredRecord, number: int, value: object) -> None:
        """Let a group's stamp be this entry's; the base says so already for what this entry made."""
        if record.base != self.seq or value is None:
            record.later[number] = self.seq
        else:
            record.later.pop(number, None)

    def _heads(self, entity: Entity, key: bytes, record: StoredRecord, number: int) -> list[int]:
        first = record.head_seq(entity.by_number[number])
        return [*([] if first is None else [first]), *self._side(entity, key, number)]

    def _all_heads(self, entity: Entity, key: bytes, record: StoredRecord) -> list[int]:
        numbers = {group.number for group in entity.groups}
        heads = {seq for number in numbers for seq in self._heads(entity, key, record, number)}
        if self._has_side_heads:
            rows = self._driver.execute(
                "SELECT seq FROM head WHERE entity = ? AND key = ?", (entity.number, key)
            )
            heads |= {row[0] for row in rows}
        return sorted(heads)

    def _side(self, entity: Entity, key: bytes, number: int) -> list[int]:
        if not self._has_side_heads:
            return []
        rows = self._driver.execute(
            "SELECT seq FROM head WHERE entity = ? AND key = ? AND grp = ?", (entity.number, key, number)
        )
        return [row[0] for row in rows]

    def _drop_side_heads(self, entity: Entity, key: bytes, number: int) -> None:
        if self._has_side_heads:
            self._driver.execute(
                "DELETE FROM head WHERE entity = ? AND key = ? AND grp = ?", (entity.number, key, number)
            )

    def finish(self) -> bytes | None:
        """Write the entry; return its id, None where nothing changed."""
        with collector_paused():
            changes = [
                Change(entity, key, pending.groups)
                for (entity, key), pending in sorted(self._pending.items(), key=lambda item: item[0][0])
                if pending.groups or pending.remarked
            ]
            if changes:
                self._write_entry(changes)
        return self.entry

    def _write_entry(self, changes: Sequence[Change]) -> None:
        stamp = self._clock.tick()
        leaves = make_leaves(Note(self.reason, self.target), changes)
        parents = tuple(self.journal.frontier())
        digest = payload_hash([leaf.digest for leaf in leaves])
        header = Header(parents, stamp, self._author.device, self._author.user, self.command, digest)
        self.entry = self.journal.queue(self.seq, seal(header, leaves), header)
        self.journal.write()
        if len(parents) != 1 or any(change.entity in ACCOUNTS for change in changes):
            Judge(self.sql, self.journal).follow_own(self.seq, header, leaves)
        self._settle(changes)
        for step in self.after_entry:
            step(self)

    def _settle(self, changes: Sequence[Change]) -> None:
        """Fold what was parked for want of a record made here, and work out which records count as deleted."""
        for change in changes:
            deletion = change.groups.get(DELETED)
            if deletion is not None and deletion.new == DELETED_VALUE:
                seen = {*deletion.seen, self.journal.stamp(self.seq)}
                deletions.record_sight(self.sql, change.entity, change.key, self.seq, seen)
                self._has_marked = True
        outcome = Applied()
        outcome.touched.update(self._deleted, self._pending)
        if self._has_parked:
            Applier(self.sql, None).settle(outcome)
            self.changed |= {BY_NUMBER[number].name for number, _ in outcome.touched if number in BY_NUMBER}
        else:
            if self._has_marked:
                deletions.settle(self.sql, self.journal, outcome.touched)
            erasing.settle(self.sql, self.journal, outcome.touched)
        self.touched = outcome.touched

    def restore(self, changes: Sequence[Change]) -> None:
        """Take back changes of a former entry in this order; used by undo, which has checked that nothing came after.

        Records that the entry made are deleted; any other group gets its former value back. AppError RECORD_MISSING.
        """
        with collector_paused():
            self._restore_all(changes)

    def _restore_all(self, changes: Sequence[Change]) -> None:
        for number, run in groupby(changes, key=itemgetter(0)):
            entity, listed = BY_NUMBER[number], list(run)
            table = known_table(entity)
            records = self._load(table, [change.key for change in listed])
            updated: dict[tuple[str, ...], list[tuple[bytes, StoredRecord]]] = {}
            for change in listed:
                record = records.get(change.key)
                if record is None:
                    raise AppError("RECORD_MISSING", entity=entity.name)
                names = self._take_back(entity, change, record)
                if names:
                    updated.setdefault(tuple(names), []).append((change.key, record))
            for columns, rows in updated.items():
                table.update_many(self.sql, rows, columns)
            self.changed.add(entity.name)

    def _take_back(self, entity: Entity, change: Change, record: StoredRecord) -> list[str]:
        """Take back one change; return the columns that change."""
        creation = change.groups.get(DELETED)
        if creation is not None and not creation.seen:
            return [] if record.gone else self._mark_deleted(entity, change.key, record)
        names: list[str] = []
        for number, write in sorted(change.groups.items()):
            if number == DELETED and write.new != DELETED_VALUE:
                names += self._mark_deleted(entity, change.key, record)
            elif number == DELETED:
                names += self._set(entity, change.key, record, number, ALIVE_VALUE)
                self._deleted.append((entity.number, change.key))
            else:
                names += self._set(entity, change.key, record, number, write.old)
        return names


def _mould(table: RecordTable, fields: Mapping[str, object]) -> _Mould:
    """Work out what a new record of some fields consists of; KeyError, TypeError for what cannot be held."""
    held = _plain(table.entity, fields)
    held["deleted"] = ALIVE_VALUE
    groups = {DELETED: _MADE}
    for group in table.others:
        value = group_value(group, held)
        if value is not None:
            _check_value(table, group, value)
            groups[group.number] = GroupWrite((), None, value)
    return _Mould(table, dict(fields), held, groups)


def _plain(entity: Entity, fields: Mapping[str, object]) -> dict[str, object]:
    """Return fields as they go on the wire: true and false are 1 and 0. KeyError for a name that is no field."""
    if not fields.keys() <= entity.group_of_field.keys():
        name = min(fields.keys() - entity.group_of_field.keys())
        msg = f"{entity.name} has no field {name}"
        raise KeyError(msg)
    plain = dict(fields)
    if bool in map(type, plain.values()):
        plain.update({name: int(value) for name, value in plain.items() if isinstance(value, bool)})
    return plain


def _check_value(table: RecordTable, group: Group, value: object) -> None:
    """TypeError for a value that no workstation could fold: better here than parked everywhere."""
    if not table.can_hold(group, value):
        msg = f"{table.entity.name}.{group.name} cannot hold a value of this shape"
        raise TypeError(msg)
