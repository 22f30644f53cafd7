"""Whether records count as deleted: kept in the column ``gone``, worked out again after every write that matters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection

from desktop_app.domain.merge import counts_as_deleted
from desktop_app.domain.records import BY_NUMBER, DELETED, DELETED_VALUE
from desktop_app.domain.stamps import Stamp
from desktop_app.store.database import driver_of
from desktop_app.store.journal import JournalStore, decode, encode
from desktop_app.store.record_tables import known_table, other_groups

Record = tuple[int, bytes]
_FEW = 64
_AT_ONCE = 500
_NOTHING: frozenset[Stamp] = frozenset()


def record_sight(sql: Connection, entity: int, key: bytes, seq: int, seen: Iterable[Stamp]) -> None:
    """Keep the stamps that the author of a deletion had seen; the deletion's own must be among them."""
    wire = encode(sorted(seen))
    driver_of(sql).execute(
        "INSERT OR REPLACE INTO deletion_sight (entity, key, seq, seen) VALUES (?, ?, ?, ?)",
        (entity, key, seq, wire),
    )


def any_marked(sql: Connection) -> bool:
    """Tell whether anything was ever deleted in this store."""
    return driver_of(sql).execute("SELECT 1 FROM deletion_sight LIMIT 1").fetchone() is not None


def sight(sql: Connection, entity: int, key: bytes, seq: int) -> list[Stamp]:
    """Return the stamps that the author of a deletion had seen, ascending; empty where nothing is on record."""
    query = "SELECT seen FROM deletion_sight WHERE entity = ? AND key = ? AND seq = ?"
    row = driver_of(sql).execute(query, (entity, key, seq)).fetchone()
    return [] if row is None else [Stamp.from_wire(item) for item in decode(row[0])]


class _Marked:
    """Which records somebody deleted, whether or not that counts; read at once when many are asked for."""

    def __init__(self, sql: Connection) -> None:
        self._driver = driver_of(sql)
        self._asked = 0
        self._all: set[Record] | None = None

    def __contains__(self, record: Record) -> bool:
        self._asked += 1
        if self._all is None and self._asked > _FEW:
            self._all = set(self._driver.execute("SELECT entity, key FROM deletion_sight"))
        if self._all is not None:
            return record in self._all
        query = "SELECT 1 FROM deletion_sight WHERE entity = ? AND key = ? LIMIT 1"
        return self._driver.execute(query, record).fetchone() is not None


def settle(sql: Connection, journal: JournalStore, touched: set[Record]) -> None:
    """Work out ``gone`` for records, and for the parents of each whose answer may have changed.

    Children come first: an entity's number is higher than those of its parents. Records whose answer changed are
    added to ``touched``.
    """
    marked = _Marked(sql)
    waiting: dict[int, set[bytes]] = {}
    for name in sorted(touched, reverse=True):
        for number, key in [name] if name in marked else _marked_parents(sql, name, marked):
            waiting.setdefault(number, set()).add(key)
    while waiting:
        number = max(waiting)
        for key, changed, gone in _settle_all(sql, journal, number, sorted(waiting.pop(number))):
            if changed:
                touched.add((number, key))
            if changed or not gone:
                for parent, parent_key in _marked_parents(sql, (number, key), marked):
                    waiting.setdefault(parent, set()).add(parent_key)


def _marked_parents(sql: Connection, name: Record, marked: _Marked) -> list[Record]:
    """Return the parents of a record that somebody deleted."""
    number, key = name
    entity = BY_NUMBER.get(number)
    if entity is None or not entity.parents:
        return []
    table = known_table(entity)
    fields: dict[str, object] = {}
    if any(column in entity.group_of_field for column in entity.parents):
        record = table.fetch(sql, key)
        fields = {} if record is None else record.fields
    parents = [(parent.number, parent_key) for parent, parent_key in table.parent_keys(key, fields)]
    return [parent for parent in parents if parent in marked]


def _settle_all(
    sql: Connection, journal: JournalStore, number: int, keys: Sequence[bytes]
) -> Iterator[tuple[bytes, bool, bool]]:
    """Work out ``gone`` of records of one entity that somebody deleted; yield key, whether it changed, the answer."""
    entity = BY_NUMBER.get(number)
    records = {} if entity is None else known_table(entity).fetch_many(sql, keys)
    if entity is None or not records:
        yield from ((key, False, True) for key in keys)
        return
    table = known_table(entity)
    sights, side = _sights(sql, number, keys), _side_heads(sql, number, keys)
    found: list[tuple[bytes, bool, bool]] = []
    for key in keys:
        record = records.get(key)
        if record is None:
            found.append((key, False, True))
            continue
        beyond = side.get(key, {})
        first = record.head_seq(entity.by_number[DELETED])
        heads = [] if first is None else [(first, record.fields["deleted"])]
        heads += beyond.get(DELETED, [])
        others = [seq for group in other_groups(entity) if (seq := record.head_seq(group)) is not None]
        others += [seq for group, pairs in beyond.items() if group != DELETED for seq, _ in pairs]
        gone = counts_as_deleted(
            [
                (value, sights.get((key, seq), _NOTHING) if value == DELETED_VALUE else _NOTHING)
                for seq, value in heads
            ],
            (journal.stamp(seq) for seq in others),
            has_live_child=table.has_live_child(sql, key),
        )
        found.append((key, gone != record.gone, gone))
    table.set_gone(sql, [(key, gone) for key, changed, gone in found if changed])
    yield from found


def _sights(sql: Connection, number: int, keys: Sequence[bytes]) -> dict[tuple[bytes, int], frozenset[Stamp]]:
    """Return what the authors of deletions of some records had seen, by key and entry number."""
    known: dict[bytes, frozenset[Stamp]] = {}  # a command that deletes many has seen the same of most
    found: dict[tuple[bytes, int], frozenset[Stamp]] = {}
    for key, seq, seen in _of_keys(sql, "SELECT key, seq, seen FROM deletion_sight", number, keys):
        if seen not in known:
            known[seen] = frozenset(Stamp.from_wire(item) for item in decode(seen))
        found[key, seq] = known[seen]
    return found


def _side_heads(
    sql: Connection, number: int, keys: Sequence[bytes]
) -> dict[bytes, dict[int, list[tuple[int, object]]]]:
    """Return the heads beyond the first of some records, by key and group: entry number and value."""
    found: dict[bytes, dict[int, list[tuple[int, object]]]] = {}
    for key, group, seq, value in _of_keys(sql, "SELECT key, grp, seq, value FROM head", number, keys):
        found.setdefault(key, {}).setdefault(group, []).append((seq, decode(value)))
    return found


def _of_keys(sql: Connection, query: str, number: int, keys: Sequence[bytes]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(keys), _AT_ONCE):
        part = keys[start : start + _AT_ONCE]
        listed = f"{query} WHERE entity = ? AND key IN ({', '.join('?' * len(part))})"
        yield from driver_of(sql).execute(listed, (number, *part))
