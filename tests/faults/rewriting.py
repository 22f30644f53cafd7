"""Rewritten history: an entry changed, taken out, put in or moved, and every later hash, parent and row made to fit.

Whoever holds the profile also holds the key of its device, so signatures of that device are made anew too. What
nobody here can make is the signature of another workstation.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from sqlalchemy import Connection

from desktop_app.domain.entries import Header, Leaf, SealedEntry, leaf_hash, payload_hash
from desktop_app.domain.records import ENTITIES
from desktop_app.store import projections, settings, signatures, verifying
from desktop_app.store.journal import (
    JournalStore,
    compress_leaf,
    decode,
    decode_header,
    encode,
    encode_header,
)
from tests.factories.workstations import DEVICES, Machine

Entries = list[SealedEntry]
Rewrite = Callable[[Entries, int, random.Random], Entries]


def change(entries: Entries, place: int, choose: random.Random) -> Entries:
    """Let an entry say something else."""
    leaves = entries[place].leaves
    n = choose.randrange(len(leaves))
    altered = SealedEntry(entries[place].header, (*leaves[:n], _other(choose, leaves[n]), *leaves[n + 1 :]))
    return [*entries[:place], altered, *entries[place + 1 :]]


def take_out(entries: Entries, place: int, choose: random.Random) -> Entries:
    """Let an entry never have been."""
    return [*entries[:place], *entries[place + 1 :]]


def put_in(entries: Entries, place: int, choose: random.Random) -> Entries:
    """Let an entry have been there that nobody made: one as its neighbour, a moment later."""
    header = decode_header(entries[place].header)
    stamp = type(header.stamp)(header.stamp.ms, header.stamp.counter + 1000, header.stamp.opening)
    made = Header((entries[place].id,), stamp, DEVICES[0], header.user, header.command, header.payload_hash)
    leaves = tuple(_other(choose, leaf) for leaf in entries[place].leaves)
    invented = SealedEntry(encode_header(made), leaves)
    later = [_built_on(entry, entries[place].id, invented.id) for entry in entries[place + 1 :]]
    return entries if later == entries[place + 1 :] else [*entries[: place + 1], invented, *later]


def _built_on(entry: SealedEntry, former: bytes, parent: bytes) -> SealedEntry:
    """An entry that has another parent in place of a former one."""
    header = decode_header(entry.header)
    parents = tuple(parent if name == former else name for name in header.parents)
    header = Header(parents, header.stamp, header.device, header.user, header.command, header.payload_hash)
    return SealedEntry(encode_header(header), entry.leaves)


def move(entries: Entries, place: int, choose: random.Random) -> Entries:
    """Let two entries have been made the other way round."""
    return [*entries[:place], entries[place + 1], entries[place], *entries[place + 2 :]]


REWRITES: tuple[Rewrite, ...] = (change, take_out, put_in, move)


def _other(choose: random.Random, leaf: Leaf) -> Leaf:
    """A leaf with the same shape in which one written value is another."""
    assert leaf.salt is not None
    entity, records = decode(leaf.body)
    groups = choose.choice(records)[1]
    number = choose.choice(sorted(groups))
    groups[number][2] = 1 - groups[number][2] if number == 0 else "其他"
    body = encode([entity, records])
    return Leaf(leaf_hash(leaf.salt, body), leaf.salt, body)


def rewrite(machine: Machine, how: Rewrite, choose: random.Random, *, rows: bool) -> int:
    """Rewrite the journal from a chosen entry on, and the rows too where asked; return how many entries changed.

    Where the rows follow, the entry is one on which a colleague's workstation has built and signed: what only this
    one has seen it could have written so in the first place.
    """
    with machine.workstation.database.writer() as sql:
        journal = JournalStore(sql)
        entries = [journal.entry(seq) for seq in journal.sequence()]
        places = _vouched(sql, entries) if rows else list(range(1, len(entries) - 1))
        choose.shuffle(places)
        tried = (_relinked(how(entries, place, choose)) for place in places)
        fresh = next(found for found in tried if _names(found) != _names(entries))
        _store(sql, entries, fresh)
        if rows:
            _fold(sql)
        _sign(sql)
    return len(_names(fresh) ^ _names(entries))


def _names(entries: Entries) -> set[bytes]:
    return {entry.id for entry in entries}


def _vouched(sql: Connection, entries: Entries) -> list[int]:
    """Return the places, but the first, of the entries that something signed by a colleague's workstation builds on."""
    parents = {entry.id: decode_header(entry.header).parents for entry in entries}
    names = [
        parent for tip in signatures.stored(sql) if tip.device != DEVICES[0] for parent in parents[tip.entry]
    ]
    found: set[bytes] = set()
    while names:
        name = names.pop()
        if name not in found:
            found.add(name)
            names.extend(parents[name])
    return [place for place, entry in enumerate(entries) if place > 0 and entry.id in found]


def _relinked(entries: Entries) -> Entries:
    """Give every entry the payload hash of its leaves and parents that are there, in an order that holds."""
    fresh: Entries = []
    renamed: dict[bytes, bytes] = {}
    names = _names(entries)
    for entry in entries:
        header = decode_header(entry.header)
        parents = [renamed[parent] for parent in header.parents if parent in renamed]
        lost = [parent for parent in header.parents if parent not in names or parent not in renamed]
        if lost and fresh and fresh[-1].id not in parents:
            parents.append(fresh[-1].id)
        digest = payload_hash([leaf.digest for leaf in entry.leaves])
        made = Header(tuple(parents), header.stamp, header.device, header.user, header.command, digest)
        fresh.append(SealedEntry(encode_header(made), entry.leaves))
        renamed[entry.id] = fresh[-1].id
    return fresh


def _store(sql: Connection, former: Entries, fresh: Entries) -> None:
    """Put the journal in place of the former one: leaves, stamps and frontier too."""
    openings = dict(sql.exec_driver_sql("SELECT value, number FROM opening").all())
    sql.exec_driver_sql("DELETE FROM journal_leaf")
    sql.exec_driver_sql("DELETE FROM journal_entry")
    for seq, entry in enumerate(fresh, 1):
        stamp = decode_header(entry.header).stamp
        hashes = b"".join(leaf.digest for leaf in entry.leaves)
        row = (seq, entry.id, entry.header, hashes, stamp.ms, stamp.counter, openings[stamp.opening], 0)
        columns = "seq, id, header, leaf_hashes, ms, counter, opening, state"
        sql.exec_driver_sql(f"INSERT INTO journal_entry ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        leaves = [(seq, n, compress_leaf(leaf)) for n, leaf in enumerate(entry.leaves)]
        sql.exec_driver_sql("INSERT INTO journal_leaf (seq, n, body) VALUES (?, ?, ?)", leaves)
    parents = {parent for entry in fresh for parent in decode_header(entry.header).parents}
    ends = [(seq,) for seq, entry in enumerate(fresh, 1) if entry.id not in parents]
    sql.exec_driver_sql("DELETE FROM frontier")
    sql.exec_driver_sql("INSERT INTO frontier (seq) VALUES (?)", ends)


def _fold(sql: Connection) -> None:
    """Let all rows say what the journal now says."""
    tables = [*(f'"{entity.name}"' for entity in ENTITIES), "head", "deletion_sight", "early_sight"]
    with verifying.folded(sql) as (fresh, _):
        sql.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for table in (*tables, "parked_change"):
            sql.exec_driver_sql(f"DELETE FROM {table}")
            found = fresh.exec_driver_sql(f"SELECT * FROM {table}")
            columns = ", ".join(f'"{name}"' for name in found.keys())  # noqa: SIM118 - a result, no mapping
            rows = [tuple(row) for row in found]
            if rows:
                marks = ", ".join("?" * len(rows[0]))
                sql.exec_driver_sql(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
    projections.rebuild(sql)


def _sign(sql: Connection) -> None:
    """Drop the signatures over what is gone, and sign what this device can."""
    sql.exec_driver_sql("DELETE FROM signature WHERE entry_id NOT IN (SELECT id FROM journal_entry)")
    settings.write(sql, settings.SIGNED_UP_TO, b"")
    key = settings.read(sql, settings.DEVICE_KEY)
    assert key is not None
    signatures.sign_tips(sql, DEVICES[0], key)
