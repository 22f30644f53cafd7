"""Single alterations of a store behind the product's back, each with the findings of which one must name it."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, Protocol

from tests.factories.workstations import DEVICES

Row = tuple[Any, ...]


class Victim(Protocol):
    """A store that is altered."""

    def rows(self, statement: str, *values: object) -> list[Row]: ...

    def execute(self, statement: str, *values: object) -> int: ...


Alteration = Callable[[Victim, random.Random], int]


def flip(choose: random.Random, data: bytes) -> bytes:
    """Return bytes in which one bit is another."""
    place = choose.randrange(len(data))
    return data[:place] + bytes([data[place] ^ (1 << choose.randrange(8))]) + data[place + 1 :]


def some(victim: Victim, choose: random.Random, query: str) -> Row:
    """Return one of the rows that a query finds."""
    return choose.choice(victim.rows(query))


def alter_header(victim: Victim, choose: random.Random) -> int:
    seq, header = some(victim, choose, "SELECT seq, header FROM journal_entry")
    return victim.execute("UPDATE journal_entry SET header = ? WHERE seq = ?", flip(choose, header), seq)


def alter_leaf(victim: Victim, choose: random.Random) -> int:
    seq, n, body = some(victim, choose, "SELECT seq, n, body FROM journal_leaf")
    statement = "UPDATE journal_leaf SET body = ? WHERE seq = ? AND n = ?"
    return victim.execute(statement, flip(choose, body), seq, n)


def alter_leaf_hashes(victim: Victim, choose: random.Random) -> int:
    seq, hashes = some(victim, choose, "SELECT seq, leaf_hashes FROM journal_entry")
    return victim.execute("UPDATE journal_entry SET leaf_hashes = ? WHERE seq = ?", flip(choose, hashes), seq)


def swap_leaves(victim: Victim, choose: random.Random) -> int:
    first, second = choose.sample(victim.rows("SELECT seq, n, body FROM journal_leaf"), 2)
    statement = "UPDATE journal_leaf SET body = ? WHERE seq = ? AND n = ?"
    return victim.execute(statement, second[2], *first[:2]) + victim.execute(statement, first[2], *second[:2])


def lose_leaf(victim: Victim, choose: random.Random) -> int:
    seq, n = some(victim, choose, "SELECT seq, n FROM journal_leaf")
    return victim.execute("DELETE FROM journal_leaf WHERE seq = ? AND n = ?", seq, n)


def invent_leaf(victim: Victim, choose: random.Random) -> int:
    seq, n, body = some(victim, choose, "SELECT seq, max(n), body FROM journal_leaf GROUP BY seq")
    return victim.execute("INSERT INTO journal_leaf (seq, n, body) VALUES (?, ?, ?)", seq, n + 1, body)


def lose_entry(victim: Victim, choose: random.Random) -> int:
    (seq,) = some(victim, choose, "SELECT seq FROM journal_entry")
    victim.execute("DELETE FROM journal_leaf WHERE seq = ?", seq)
    return victim.execute("DELETE FROM journal_entry WHERE seq = ?", seq)


def cut_the_end(victim: Victim, choose: random.Random) -> int:
    last = victim.rows("SELECT max(seq) FROM journal_entry")[0][0]
    victim.execute("DELETE FROM journal_leaf WHERE seq > ?", last - 1 - choose.randrange(5))
    return victim.execute("DELETE FROM journal_entry WHERE seq NOT IN (SELECT seq FROM journal_leaf)")


def reorder(victim: Victim, choose: random.Random) -> int:
    """Let two entries that stand one after the other change places, with all that belongs to them."""
    last = victim.rows("SELECT max(seq) FROM journal_entry")[0][0]
    first = choose.randrange(1, last)
    changed = 0
    for table in ("journal_entry", "journal_leaf"):
        for former, place in ((first, -1), (first + 1, first), (-1, first + 1)):
            changed += victim.execute(f"UPDATE {table} SET seq = ? WHERE seq = ?", place, former)
    return changed


def alter_stamp(victim: Victim, choose: random.Random) -> int:
    (seq,) = some(victim, choose, "SELECT seq FROM journal_entry")
    column = choose.choice(["ms = ms + 1", "counter = counter + 9", "opening = opening + 77"])
    return victim.execute(f"UPDATE journal_entry SET {column} WHERE seq = ?", seq)


def alter_opening(victim: Victim, choose: random.Random) -> int:
    number, value = some(victim, choose, "SELECT number, value FROM opening")
    return victim.execute("UPDATE opening SET value = ? WHERE number = ?", flip(choose, value), number)


def alter_state(victim: Victim, choose: random.Random) -> int:
    (seq,) = some(victim, choose, "SELECT seq FROM journal_entry WHERE state = 0")
    state = choose.choice([1, 2])
    return victim.execute("UPDATE journal_entry SET state = ? WHERE seq = ?", state, seq)


def alter_signature(victim: Victim, choose: random.Random) -> int:
    entry, device, signature = some(victim, choose, "SELECT entry_id, device, signature FROM signature")
    statement = "UPDATE signature SET signature = ? WHERE entry_id = ? AND device = ?"
    return victim.execute(statement, flip(choose, signature), entry, device)


def move_signature(victim: Victim, choose: random.Random) -> int:
    """Let a device's signature stand at another entry."""
    entry, device = some(victim, choose, "SELECT entry_id, device FROM signature")
    (other,) = some(
        victim,
        choose,
        "SELECT id FROM journal_entry WHERE id NOT IN (SELECT entry_id FROM signature)",
    )
    statement = "UPDATE signature SET entry_id = ? WHERE entry_id = ? AND device = ?"
    return victim.execute(statement, other, entry, device)


def lose_signatures(victim: Victim, choose: random.Random) -> int:
    """Take every signature away that a colleague's workstation has made."""
    return victim.execute("DELETE FROM signature WHERE device = ?", DEVICES[1])


def alter_row(victim: Victim, choose: random.Random) -> int:
    table, key_column, change = choose.choice(
        [
            ("mark", "trainee_id", "status = 'x'"),
            ("mark", "trainee_id", "lost_hours = 19"),
            ("trainee", "id", "name = 'x'"),
            ("trainee", "id", "base = base + 1"),
            ("trainee", "id", "later = NULL"),
            ("session", "id", "number = 99"),
            ("training_class", "id", "code = 'Z'"),
            ("device", "id", "name = 'x'"),
            ("enrolment", "trainee_id", "gone = 1 - gone"),
            ("enrolment", "trainee_id", "number = 7"),
        ]
    )
    (key,) = some(victim, choose, f"SELECT {key_column} FROM {table}")
    return victim.execute(f"UPDATE {table} SET {change} WHERE {key_column} = ?", key)


def lose_row(victim: Victim, choose: random.Random) -> int:
    table = choose.choice(["mark", "enrolment"])
    (key,) = some(victim, choose, f"SELECT trainee_id FROM {table}")
    return victim.execute(f"DELETE FROM {table} WHERE trainee_id = ?", key)


def invent_row(victim: Victim, choose: random.Random) -> int:
    (base,) = some(victim, choose, "SELECT seq FROM journal_entry")
    statement = "INSERT INTO trainee (id, base, gone, name) VALUES (?, ?, 0, '不存在')"
    return victim.execute(statement, choose.randbytes(16), base)


def alter_head(victim: Victim, choose: random.Random) -> int:
    head = some(victim, choose, "SELECT entity, key, grp, seq FROM head")
    verb = choose.choice(["DELETE FROM head", "UPDATE head SET value = x'a178'"])
    return victim.execute(f"{verb} WHERE entity = ? AND key = ? AND grp = ? AND seq = ?", *head)


def invent_head(victim: Victim, choose: random.Random) -> int:
    entity, key, group, seq = some(victim, choose, "SELECT entity, key, grp, seq FROM head")
    (other,) = some(victim, choose, f"SELECT seq FROM journal_entry WHERE seq <> {seq}")
    statement = "INSERT OR REPLACE INTO head (entity, key, grp, seq, value) VALUES (?, ?, ?, ?, x'a178')"
    return victim.execute(statement, entity, key, group, other)


def invent_parked(victim: Victim, choose: random.Random) -> int:
    seq = choose.randrange(1, 9)
    return victim.execute("INSERT INTO parked_change VALUES (?, 9, x'00', x'80', 'RECORD_MISSING')", seq)


def invent_early_sight(victim: Victim, choose: random.Random) -> int:
    """A write that will come is said to be known already."""
    entity, key, group, _ = some(victim, choose, "SELECT entity, key, grp, seq FROM head")
    statement = "INSERT INTO early_sight (entity, key, grp, stamp) VALUES (?, ?, ?, ?)"
    return victim.execute(statement, entity, key, group, choose.randbytes(20))


def alter_frontier(victim: Victim, choose: random.Random) -> int:
    (seq,) = some(victim, choose, "SELECT seq FROM journal_entry WHERE seq NOT IN (SELECT seq FROM frontier)")
    return victim.execute("UPDATE frontier SET seq = ? WHERE seq = (SELECT max(seq) FROM frontier)", seq)


def alter_sight(victim: Victim, choose: random.Random) -> int:
    entity, key, seq = some(victim, choose, "SELECT entity, key, seq FROM deletion_sight")
    where = "WHERE entity = ? AND key = ? AND seq = ?"
    verb = choose.choice(["UPDATE deletion_sight SET seen = x'90'", "DELETE FROM deletion_sight"])
    return victim.execute(f"{verb} {where}", entity, key, seq)


ALTERATIONS: dict[Alteration, set[str]] = {
    alter_header: {"ENTRY_ALTERED", "ENTRY_MISSING"},
    alter_leaf: {"ENTRY_ALTERED"},
    alter_leaf_hashes: {"ENTRY_ALTERED"},
    swap_leaves: {"ENTRY_ALTERED"},
    lose_leaf: {"ENTRY_ALTERED"},
    invent_leaf: {"ENTRY_ALTERED"},
    lose_entry: {"ENTRY_MISSING"},
    cut_the_end: {"ENTRY_MISSING"},
    reorder: {"ENTRY_MISSING", "ROW_ALTERED"},
    alter_stamp: {"ENTRY_ALTERED"},
    alter_opening: {"ENTRY_ALTERED"},
    alter_state: {"ENTRY_ALTERED"},
    alter_signature: {"SIGNATURE_WRONG"},
    move_signature: {"SIGNATURE_WRONG"},
    lose_signatures: {"ENTRY_UNSIGNED"},
    alter_row: {"ROW_ALTERED"},
    lose_row: {"ROW_ALTERED"},
    invent_row: {"ROW_ALTERED"},
    alter_head: {"ROW_ALTERED"},
    invent_head: {"ROW_ALTERED"},
    invent_parked: {"PARKED_DIFFERS"},
    invent_early_sight: {"PARKED_DIFFERS"},
    alter_frontier: {"ENTRY_MISSING"},
    alter_sight: {"ROW_ALTERED"},
}
