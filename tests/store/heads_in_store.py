"""Heads of every record as they lie in a store, read with plain SQL: the product's own reading is not trusted here."""

from __future__ import annotations

import json

import msgspec

from desktop_app.domain import records as m
from tests.factories.workstations import Machine

Stamp = tuple[int, int, bytes]
Heads = dict[str, list[tuple[Stamp, object]]]


def read_heads(machine: Machine) -> dict[tuple[str, bytes], tuple[bool, Heads]]:
    """Return by entity and key whether the record is hidden and, by group name, stamp and value of each head."""
    stamps: dict[int, Stamp] = {
        int(str(row[0])): (row[1], row[2], row[3])  # type: ignore[misc]
        for row in machine.rows(
            "SELECT seq, ms, counter, value FROM journal_entry JOIN opening ON opening.number = journal_entry.opening"
        )
    }
    found: dict[tuple[str, bytes], tuple[bool, Heads]] = {}
    for entity in m.ENTITIES:
        columns = [name for group in entity.groups for name in group.fields]
        names = [*(part.name for part in entity.key), "base", "later", "gone", *columns]
        listed = ", ".join(f'"{name}"' for name in names)
        for row in machine.rows(f'SELECT {listed} FROM "{entity.name}"'):
            cells = dict(zip(names, row, strict=True))
            key = b"".join(_key_bytes(cells[part.name], part.size) for part in entity.key)
            later = msgspec.msgpack.decode(cells["later"]) if cells["later"] else {}
            groups: Heads = {}
            for group in entity.groups:
                value = _value(group, cells)
                seq = later.get(group.number, cells["base"] if value is not None else None)
                if seq is not None:
                    groups[group.name] = [(stamps[seq], value)]
            found[entity.name, key] = (bool(cells["gone"]), groups)
    for number, key, group_number, seq, value in machine.rows(
        "SELECT entity, key, grp, seq, value FROM head"
    ):
        entity = m.BY_NUMBER[int(str(number))]
        group = entity.by_number[int(str(group_number))]
        assert isinstance(key, bytes)
        assert isinstance(value, bytes)
        heads = found[entity.name, key][1].setdefault(group.name, [])
        heads.append((stamps[int(str(seq))], msgspec.msgpack.decode(value)))
    for _, groups in found.values():
        for heads in groups.values():
            assert heads == sorted(heads, key=lambda head: head[0], reverse=True) or len(heads) > 1
            heads[1:] = sorted(heads[1:], key=lambda head: head[0], reverse=True)
    return found


def _key_bytes(value: object, size: int) -> bytes:
    return value if isinstance(value, bytes) else int(str(value)).to_bytes(size, "big")


def _value(group: m.Group, cells: dict[str, object]) -> object:
    values = [
        json.loads(str(cells[name])) if name in group.packed and cells[name] is not None else cells[name]
        for name in group.fields
    ]
    if len(values) == 1:
        return values[0]
    return None if all(value is None for value in values) else values
