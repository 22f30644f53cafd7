"""Whether records count as deleted: kept in the column ``gone``, worked out again after every write that matters."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from sqlalchemy import Connection

from desktop_app.domain.merge import BY_NUMBER, DELETED, DELETED_VALUE, counts_as_deleted
from desktop_app.domain.stamps import Stamp
from desktop_app.store.journal import JournalStore, decode
from desktop_app.store.record_tables import known_table, other_groups

_pack = msgspec.msgpack.encode
_unpack = msgspec.msgpack.Decoder(list[int]).decode


def record_sight(sql: Connection, entity: int, key: bytes, seq: int, seen: Iterable[int]) -> None:
    """Keep what the author of a deletion had seen, as entry numbers; its own entry is always among them."""
    sql.exec_driver_sql(
        "INSERT OR REPLACE INTO deletion_sight (entity, key, seq, seen) VALUES (?, ?, ?, ?)",
        (entity, key, seq, _pack(sorted({*seen, seq}))),
    )


def any_marked(sql: Connection) -> bool:
    """Tell whether anything was ever deleted in this store."""
    return sql.exec_driver_sql("SELECT 1 FROM deletion_sight LIMIT 1").first() is not None


def sight(sql: Connection, entity: int, key: bytes, seq: int) -> list[int]:
    """Return what the author of a deletion had seen, empty where there is nothing on record."""
    row = sql.exec_driver_sql(
        "SELECT seen FROM deletion_sight WHERE entity = ? AND key = ? AND seq = ?", (entity, key, seq)
    ).first()
    return [] if row is None else _unpack(row[0])


def settle(sql: Connection, journal: JournalStore, touched: Iterable[tuple[int, bytes]]) -> None:
    """Work out ``gone`` for records, and for the parents of each whose answer changed; children first."""
    waiting = sorted(set(touched), reverse=True)
    while waiting:
        entity_number, key = waiting.pop(0)
        entity = BY_NUMBER.get(entity_number)
        if entity is None:
            continue
        table = known_table(entity)
        record = table.fetch(sql, key)
        if record is None:
            continue
        gone = _is_gone(sql, journal, entity_number, key)
        parents = [(parent.number, parent_key) for parent, parent_key in table.parent_keys(key, record.fields)]
        if gone != record.gone:
            table.set_gone(sql, key, gone=gone)
        if gone != record.gone or not gone:
            waiting.extend(pair for pair in parents if pair not in waiting and _is_marked(sql, *pair))


def _is_marked(sql: Connection, entity: int, key: bytes) -> bool:
    """Tell whether somebody deleted this record, whether or not that counts."""
    row = sql.exec_driver_sql(
        "SELECT 1 FROM deletion_sight WHERE entity = ? AND key = ? LIMIT 1", (entity, key)
    ).first()
    return row is not None


def _is_gone(sql: Connection, journal: JournalStore, entity_number: int, key: bytes) -> bool:
    if not _is_marked(sql, entity_number, key):
        return False
    entity = BY_NUMBER[entity_number]
    table = known_table(entity)
    record = table.fetch(sql, key)
    if record is None:
        return False
    side: dict[int, list[tuple[int, object]]] = {}
    for grp, seq, value in sql.exec_driver_sql(
        "SELECT grp, seq, value FROM head WHERE entity = ? AND key = ?", (entity_number, key)
    ):
        side.setdefault(grp, []).append((seq, decode(value)))
    deleted_group = entity.by_number[DELETED]
    first = record.head_seq(deleted_group)
    heads = [*([] if first is None else [(first, record.fields["deleted"])]), *side.pop(DELETED, [])]
    deletions: list[tuple[object, frozenset[Stamp]]] = [
        (
            value,
            frozenset(
                journal.stamp(seen) for seen in (sight(sql, entity_number, key, seq) if value == DELETED_VALUE else [])
            ),
        )
        for seq, value in heads
    ]
    others = [seq for group in other_groups(entity) if (seq := record.head_seq(group)) is not None]
    others += [seq for pairs in side.values() for seq, _ in pairs]
    return counts_as_deleted(
        deletions,
        (journal.stamp(seq) for seq in others),
        has_live_child=table.has_live_child(sql, key),
    )
