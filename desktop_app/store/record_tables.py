"""Rows of synced entities by key: the SQL for each entity is made once from its declaration in ``domain/records``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import groupby
from typing import Any

import msgspec
from sqlalchemy import Connection

from desktop_app.domain.records import BY_NAME, BY_NUMBER, DELETED, Entity, Group
from desktop_app.store.column_types import type_of
from desktop_app.store.database import driver_of

_MAX_KEYS = 200
_MANY = 8
_INTEGER = 1 << 63
_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(dict[int, int]).decode


@dataclass(slots=True)
class StoredRecord:
    """A row: when it was made, which groups were written later, and the values of all fields."""

    base: int
    later: dict[int, int]
    gone: bool
    fields: dict[str, object]

    def head_seq(self, group: Group) -> int | None:
        """Return the entry number of a group's value, None where the group was never written."""
        seq = self.later.get(group.number)
        if seq is None and group_value(group, self.fields) is not None:
            return self.base
        return seq


def group_value(group: Group, fields: Mapping[str, object]) -> object:
    """Return a group's value: bare for one field, else a list; None where every field is None."""
    if len(group.fields) == 1:
        return fields.get(group.fields[0])
    values = [fields.get(name) for name in group.fields]
    return None if values.count(None) == len(values) else values


def group_fields(group: Group, value: object) -> dict[str, object]:
    """Spread a group's value over its fields."""
    if len(group.fields) == 1:
        return {group.fields[0]: value}
    if value is None:
        return dict.fromkeys(group.fields)
    if not isinstance(value, list) or len(value) != len(group.fields):
        msg = f"value of group {group.name} has the wrong shape"
        raise ValueError(msg)
    return dict(zip(group.fields, value, strict=True))


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -_INTEGER <= value < _INTEGER


def _is_list(value: object) -> bool:
    return isinstance(value, list) and all(_is_listed(item) for item in value)


def _is_listed(value: object) -> bool:
    """Tell whether JSON gives an item of a list back as it is on the wire."""
    if isinstance(value, dict):
        return all(isinstance(name, str) and _is_listed(item) for name, item in value.items())
    return value is None or isinstance(value, str | bool) or _is_number(value) or _is_list(value)


def pack_later(later: Mapping[int, int]) -> bytes | None:
    """Return the stored form of the map of groups written later."""
    if len(later) > 1:
        later = dict(sorted(later.items()))
    return _pack(later) if later else None


class RecordTable:
    """Reads and writes the rows of one entity; values are as on the wire, lists unpacked."""

    def __init__(self, entity: Entity) -> None:
        self.entity = entity
        self._packed = frozenset(name for group in entity.groups for name in group.packed)
        self._fields = [name for group in entity.groups for name in group.fields]
        self._keys = [part.name for part in entity.key]
        self.others = tuple(group for group in entity.groups if group.number != DELETED)
        self._name = f'"{entity.name}"'
        self._quoted_keys = [f'"{name}"' for name in self._keys]
        self._match = " AND ".join(f'"{name}" = ?' for name in self._keys)
        columns = [*self._keys, "base", "later", "gone", *self._fields]
        self._select = "SELECT " + ", ".join(f'"{name}"' for name in columns) + f" FROM {self._name}"
        marks = ", ".join("?" * len(columns))
        listed = ", ".join(f'"{name}"' for name in columns)
        self._insert = f"INSERT INTO {self._name} ({listed}) VALUES ({marks})"
        self.key_parents = [
            (BY_NAME[parent].number, *entity.key_slices[column][:2])
            for column, parent in entity.parents.items()
            if column in entity.key_slices
        ]
        self.field_parents = [
            (BY_NAME[parent].number, entity.group_of_field[column], column)
            for column, parent in entity.parents.items()
            if column in entity.group_of_field
        ]
        self._children = [
            (child, column)
            for child in BY_NAME.values()
            for column, parent in child.parents.items()
            if parent == entity.name
        ]

    @cached_property
    def _tests(self) -> dict[str, Callable[[object], bool]]:
        return {name: self._test_of(name) for name in self._fields}

    @cached_property
    def _group_tests(self) -> dict[int, list[Callable[[object], bool]]]:
        return {group.number: [self._tests[name] for name in group.fields] for group in self.entity.groups}

    def _test_of(self, name: str) -> Callable[[object], bool]:
        """Return what tells whether a column can hold a value."""
        if name in self._packed:
            return _is_list
        kind = type_of(self.entity.name, name)
        if kind is int:
            return _is_number
        return lambda value: isinstance(value, kind)

    def can_hold(self, group: Group, value: object) -> bool:
        """Tell whether a group's value has the shape and types of its columns, so that it comes back as it is."""
        if value is None:
            return True
        tests = self._group_tests[group.number]
        if len(tests) == 1:
            return tests[0](value)
        if not isinstance(value, list) or len(value) != len(tests):
            return False
        some = False
        for test, item in zip(tests, value, strict=True):
            if item is not None:
                some = True
                if not test(item):
                    return False
        return some

    def fetch(self, sql: Connection, key: bytes) -> StoredRecord | None:
        """Return one record, None where there is none."""
        query = f"{self._select} WHERE {self._match}"
        row = driver_of(sql).execute(query, self.entity.split_key(key)).fetchone()
        return None if row is None else self._record(row)

    def fetch_many(self, sql: Connection, keys: Sequence[bytes]) -> dict[bytes, StoredRecord]:
        """Return the records that exist under some keys."""
        if len(keys) == 1:
            record = self.fetch(sql, keys[0])
            return {} if record is None else {keys[0]: record}
        found: dict[bytes, StoredRecord] = {}
        execute, size = driver_of(sql).execute, len(self._keys)
        for part in self._near_keys(sorted(keys)):
            wanted = set(part)
            for row in self._rows(execute, part):
                key = self.entity.join_key(row[:size])
                if key in wanted:
                    found[key] = self._record(row)
        return found

    def _near_keys(self, ordered: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
        """Cut ascending keys into parts that lie near each other: with many marks of a session, session by session."""
        first = self.entity.key[0].size
        owners = [list(part) for _, part in groupby(ordered, key=lambda key: key[:first])]
        for part in owners if len(ordered) >= _MANY * len(owners) else [ordered]:
            for start in range(0, len(part), _MAX_KEYS):
                yield part[start : start + _MAX_KEYS]

    def _rows(self, execute: Callable[..., Any], keys: Sequence[bytes]) -> Iterable[Sequence[Any]]:
        """Return the rows that exist under some keys, given in ascending order, and perhaps some that lie between.

        Where no more rows than keys lie between the first and the last, as with what is new or belongs together,
        they are found in one step.
        """
        columns = f"({', '.join(self._quoted_keys)})"
        one = f"({', '.join('?' * len(self._keys))})"
        ends = (*self.entity.split_key(keys[0]), *self.entity.split_key(keys[-1]))
        between = f" WHERE {columns} BETWEEN {one} AND {one}"
        count = f"SELECT count(*) FROM (SELECT 1 FROM {self._name}{between} LIMIT {_MAX_KEYS + 1})"
        lying = execute(count, ends).fetchone()[0]
        if lying == 0:
            return ()
        if lying <= len(keys):
            return execute(self._select + between, ends)  # type: ignore[no-any-return]
        listed = f" WHERE {columns} IN (VALUES {', '.join([one] * len(keys))})"
        values = [value for key in keys for value in self.entity.split_key(key)]
        return execute(self._select + listed, values)  # type: ignore[no-any-return]

    def walk(self, sql: Connection) -> Iterable[tuple[bytes, StoredRecord]]:
        """Yield every record, keys ascending."""
        order = ", ".join(f'"{name}"' for name in self._keys)
        for row in driver_of(sql).execute(f"{self._select} ORDER BY {order}"):
            yield self.entity.join_key(row[: len(self._keys)]), self._record(row)

    @staticmethod
    def read_later(later: bytes | None) -> dict[int, int]:
        """Read the map of groups written later: group number to entry number."""
        return _unpack(later) if later is not None else {}

    def _record(self, row: Sequence[object]) -> StoredRecord:
        start = len(self._keys)
        base, later, gone = row[start : start + 3]
        fields = dict(zip(self._fields, row[start + 3 :], strict=True))
        for name in self._packed:
            text = fields[name]
            fields[name] = None if text is None else json.loads(str(text))
        assert isinstance(base, int)
        return StoredRecord(
            base, self.read_later(later if isinstance(later, bytes) else None), bool(gone), fields
        )

    def insert(self, sql: Connection, rows: Sequence[tuple[bytes, StoredRecord]]) -> None:
        """Insert records."""
        if rows:
            driver_of(sql).executemany(self._insert, [self._values(key, record) for key, record in rows])

    def _values(self, key: bytes, record: StoredRecord) -> tuple[object, ...]:
        state = (record.base, pack_later(record.later), int(record.gone))
        return (*self.entity.split_key(key), *state, *self._columns(record, self._fields))

    def _columns(self, record: StoredRecord, names: Sequence[str]) -> Iterable[object]:
        """Return some fields as the columns hold them."""
        values = map(record.fields.get, names)
        return map(self._to_column, names, values) if self._packed else values

    def _to_column(self, name: str, value: object) -> object:
        if name in self._packed and value is not None:
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return value

    def update(self, sql: Connection, key: bytes, record: StoredRecord, names: Iterable[str]) -> None:
        """Write some fields of a record and its map of later groups."""
        self.update_many(sql, [(key, record)], tuple(names))

    def update_many(
        self, sql: Connection, rows: Sequence[tuple[bytes, StoredRecord]], names: Sequence[str]
    ) -> None:
        """Write the same fields of many records, and their maps of later groups."""
        if not rows:
            return
        sets = ", ".join(f'"{name}" = ?' for name in ("later", *names))
        driver_of(sql).executemany(
            f"UPDATE {self._name} SET {sets} WHERE {self._match}",
            [
                (pack_later(record.later), *self._columns(record, names), *self.entity.split_key(key))
                for key, record in rows
            ],
        )

    def set_gone(self, sql: Connection, answers: Sequence[tuple[bytes, bool]]) -> None:
        """Hide records, or show them."""
        if answers:
            driver_of(sql).executemany(
                f"UPDATE {self._name} SET gone = ? WHERE {self._match}",
                [(int(gone), *self.entity.split_key(key)) for key, gone in answers],
            )

    def exists(self, sql: Connection, key: bytes) -> bool:
        """Tell whether a record is stored, hidden or not."""
        query = f"SELECT 1 FROM {self._name} WHERE {self._match}"
        return driver_of(sql).execute(query, self.entity.split_key(key)).fetchone() is not None

    def existing(self, sql: Connection, keys: Sequence[bytes]) -> set[bytes]:
        """Return those of some keys of one column whose record is stored, hidden or not."""
        found: set[bytes] = set()
        for start in range(0, len(keys), _MAX_KEYS):
            part = keys[start : start + _MAX_KEYS]
            marks = ", ".join("?" * len(part))
            rows = driver_of(sql).execute(
                f'SELECT "{self._keys[0]}" FROM {self._name} WHERE "{self._keys[0]}" IN ({marks})', part
            )
            found.update(row[0] for row in rows)
        return found

    def has_live_child(self, sql: Connection, key: bytes) -> bool:
        """Tell whether a record that is not hidden hangs from this one."""
        execute = driver_of(sql).execute
        return any(
            execute(
                f'SELECT 1 FROM "{child.name}" WHERE "{column}" = ? AND gone = 0 LIMIT 1', (key,)
            ).fetchone()
            for child, column in self._children
        )

    def live_children(self, sql: Connection, keys: Sequence[bytes]) -> set[tuple[int, bytes]]:
        """Return entity number and key of every record that is not hidden and hangs from one of these."""
        execute = driver_of(sql).execute
        found: set[tuple[int, bytes]] = set()
        for child, column in self._children:
            columns = ", ".join(f'"{part.name}"' for part in child.key)
            for start in range(0, len(keys), _MAX_KEYS):
                part_of_keys = keys[start : start + _MAX_KEYS]
                marks = ", ".join("?" * len(part_of_keys))
                query = f'SELECT {columns} FROM "{child.name}" WHERE "{column}" IN ({marks}) AND gone = 0'
                found.update((child.number, child.join_key(row)) for row in execute(query, part_of_keys))
        return found

    def former_parents(self, number: int, record: StoredRecord) -> list[tuple[int, bytes]]:
        """Return the parents that a record may leave when one of its groups is written."""
        return [
            (parent, former)
            for parent, group, column in self.field_parents
            if group.number == number and isinstance(former := record.fields.get(column), bytes)
        ]

    def parent_keys(self, key: bytes, fields: Mapping[str, object]) -> list[tuple[Entity, bytes]]:
        """Return the records that must exist before this one."""
        named: dict[str, object] = dict(zip(self._keys, self.entity.split_key(key), strict=True))
        named.update(fields)
        found = []
        for column, parent in self.entity.parents.items():
            value = named.get(column)
            if isinstance(value, bytes):
                found.append((BY_NAME[parent], value))
        return found


@cache
def table_of(number: int) -> RecordTable | None:
    """Return the table of an entity, None for an entity that this version does not know."""
    entity = BY_NUMBER.get(number)
    return None if entity is None else RecordTable(entity)


def known_table(entity: Entity) -> RecordTable:
    """Return the table of a declared entity."""
    table = table_of(entity.number)
    assert table is not None
    return table


def other_groups(entity: Entity) -> tuple[Group, ...]:
    """Return all groups but the one that says whether the record is deleted."""
    return known_table(entity).others
