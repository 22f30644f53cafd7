"""Digests of a workstation's state, over canonical wire bytes, computed in Python.

``state_hash``: values, stamps, heads and deletions of every group ever written; equal on replicas with the same
entries. ``value_hash``: what a user sees; without stamps, heads beyond the first and records that count as deleted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from desktop_app.domain.records import BY_NUMBER, DELETED, DELETED_VALUE, ENTITIES, Entity
from desktop_app.store import deletions
from desktop_app.store.journal import JournalStore, decode, encode
from desktop_app.store.record_tables import StoredRecord, group_value, known_table, other_groups

Heads = dict[tuple[int, bytes], dict[int, list[tuple[int, object]]]]


@dataclass(frozen=True, slots=True)
class StateDigest:
    """A digest and how many records of each entity went into it."""

    digest: str
    records: dict[str, int]


def state_hash(sql: Connection) -> StateDigest:
    """Return the digest over all synced groups with their stamps and heads."""
    total = hashlib.sha256()
    counts: dict[str, int] = {}
    for entity, _, canonical in walk_state(sql):
        total.update(canonical)
        counts[entity] = counts.get(entity, 0) + 1
    return StateDigest(total.hexdigest(), counts)


def value_hash(sql: Connection) -> StateDigest:
    """Return the digest of what a user sees."""
    total = hashlib.sha256()
    counts: dict[str, int] = {}
    for entity in ENTITIES:
        for key, record in known_table(entity).walk(sql):
            if record.gone:
                continue
            values = {
                group.number: value
                for group in other_groups(entity)
                if (value := group_value(group, record.fields)) is not None
            }
            total.update(encode([entity.number, key, sorted(values.items())]))
            counts[entity.name] = counts.get(entity.name, 0) + 1
    return StateDigest(total.hexdigest(), counts)


def walk_state(sql: Connection) -> Iterator[tuple[str, bytes, bytes]]:
    """Yield entity name, key and canonical bytes of every record, in one order for all replicas."""
    journal = JournalStore(sql)
    journal.load_stamps()
    side = _side_heads(sql)
    for entity in ENTITIES:
        for key, record in known_table(entity).walk(sql):
            heads = side.pop((entity.number, key), {})
            yield entity.name, key, _canonical(sql, journal, entity, key, record, heads)
    for (number, key), groups in sorted(side.items(), key=lambda item: item[0]):
        listed = [[grp, _wire(journal, heads)] for grp, heads in sorted(groups.items())]
        name = BY_NUMBER[number].name if number in BY_NUMBER else f"entity {number}"
        yield name, key, encode([number, key, listed])


def _side_heads(sql: Connection) -> Heads:
    found: Heads = {}
    for entity, key, grp, seq, value in sql.exec_driver_sql("SELECT entity, key, grp, seq, value FROM head"):
        found.setdefault((entity, key), {}).setdefault(grp, []).append((seq, decode(value)))
    return found


def _canonical(
    sql: Connection,
    journal: JournalStore,
    entity: Entity,
    key: bytes,
    record: StoredRecord,
    side: dict[int, list[tuple[int, object]]],
) -> bytes:
    groups: dict[int, list[tuple[int, object]]] = {number: list(heads) for number, heads in side.items()}
    for group in entity.groups:
        seq = record.head_seq(group)
        if seq is not None:
            groups.setdefault(group.number, []).append((seq, group_value(group, record.fields)))
    listed: list[object] = []
    for number, heads in sorted(groups.items()):
        wire = _wire(journal, heads)
        if number == DELETED:
            sights = [
                [stamp.to_wire() for stamp in deletions.sight(sql, entity.number, key, seq)]
                for seq, value in sorted(heads, key=lambda head: journal.stamp(head[0]))
                if value == DELETED_VALUE
            ]
            listed.append([number, wire, sights, int(record.gone)])
        else:
            listed.append([number, wire])
    return encode([entity.number, key, listed])


def _wire(journal: JournalStore, heads: list[tuple[int, object]]) -> list[object]:
    ordered = sorted(heads, key=lambda head: journal.stamp(head[0]), reverse=True)
    return [[journal.stamp(seq).to_wire(), value] for seq, value in ordered]
