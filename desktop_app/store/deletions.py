"""Whether records count as deleted: kept in the column ``gone``, worked out again after every write that matters."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from desktop_app.domain.merge import counts_as_deleted
from desktop_app.domain.records import BY_NUMBER, DELETED, DELETED_VALUE
from desktop_app.domain.stamps import Stamp
from desktop_app.store.database import driver_of
from desktop_app.store.journal import JournalStore, decode, encode
from desktop_app.store.record_tables import known_table, other_groups

Record = tuple[int, bytes]
_FEW = 64


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
        for key in sorted(waiting.pop(number)):
            changed, gone = _settle_one(sql, journal, (number, key))
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


def _settle_one(sql: Connection, journal: JournalStore, name: Record) -> tuple[bool, bool]:
    """Work out ``gone`` of a record that somebody deleted; return whether that changed it, and the answer."""
    number, key = name
    entity = BY_NUMBER.get(number)
    record = None if entity is None else known_table(entity).fetch(sql, key)
    if entity is None or record is None:
        return False, True
    table = known_table(entity)
    side: dict[int, list[tuple[int, object]]] = {}
    for grp, seq, value in driver_of(sql).execute(
        "SELECT grp, seq, value FROM head WHERE entity = ? AND key = ?", (number, key)
    ):
        side.setdefault(grp, []).append((seq, decode(value)))
    first = record.head_seq(entity.by_number[DELETED])
    heads = [*([] if first is None else [(first, record.fields["deleted"])]), *side.pop(DELETED, [])]
    others = [seq for group in other_groups(entity) if (seq := record.head_seq(group)) is not None]
    others += [seq for pairs in side.values() for seq, _ in pairs]
    gone = counts_as_deleted(
        [
            (value, frozenset(sight(sql, number, key, seq) if value == DELETED_VALUE else ()))
            for seq, value in heads
        ],
        (journal.stamp(seq) for seq in others),
        has_live_child=table.has_live_child(sql, key),
    )
    if gone != record.gone:
        table.set_gone(sql, key, gone=gone)
    return gone != record.gone, gone
