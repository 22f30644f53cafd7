"""Over a hundred random alterations of a store behind the product's back, half with all later hashes made to fit."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from desktop_app.domain import records as m
from desktop_app.domain.entries import HASH_BYTES, Leaf, SealedEntry, entry_id, leaf_hash, payload_hash
from desktop_app.store.journal import (
    JournalStore,
    compress_leaf,
    decode,
    decode_header,
    encode,
    encode_header,
)
from tests.factories.workstations import Machine, exchange, session_fields, session_key
from tests.store.conftest import CLASS


@pytest.fixture(scope="module")
def busy(tmp_path_factory):
    """A signed store with the entries of two devices, conflicts and deletions; tests work on copies."""
    folder = tmp_path_factory.mktemp("busy")
    left, right = Machine(folder, 0), Machine(folder, 1)
    people = [b"trainee %07d." % n for n in range(6)]
    with left.workstation.unit_of_work("import_roster") as work:
        work.put(m.TRAINING_CLASS, CLASS, {"code": "A"})
        for day in (9, 10):
            work.put(m.SESSION, session_key(CLASS, day), session_fields(CLASS, day, number=1))
        work.put_many(m.TRAINEE, [(key, {"name": "学员" * 10, "sex": "male"}) for key in people])
        work.put_many(m.ENROLMENT, [(CLASS + key, {"number": 1}) for key in people])
    exchange([left, right])
    for n in range(8):
        for machine in (left, right):
            machine.clock.forward(minutes=1)
            session = session_key(CLASS, 9 + n % 2)
            machine.write(m.MARK, session + people[n % 6], status=f"s{machine.number}{n}", lost_hours=n)
            machine.write(m.TRAINEE, people[(n + machine.number) % 6], name=f"n{machine.number}{n}")
        if n % 3 == 2:
            exchange([left, right])
    left.delete(m.ENROLMENT, CLASS + people[0])
    right.delete(m.ENROLMENT, CLASS + people[1])
    exchange([left, right])
    assert left.verify().ok
    assert left.rows("SELECT count(*) > 3 FROM head") == [(1,)]
    path = left.back_up()
    left.close()
    right.close()
    return path


def flip(choose, data):
    place = choose.randrange(len(data))
    return data[:place] + bytes([data[place] ^ (1 << choose.randrange(8))]) + data[place + 1 :]


def some(machine, choose, query):
    return choose.choice(machine.rows(query))


def alter_header(machine, choose):
    seq, header = some(machine, choose, "SELECT seq, header FROM journal_entry")
    return machine.execute("UPDATE journal_entry SET header = ? WHERE seq = ?", flip(choose, header), seq)


def alter_leaf(machine, choose):
    seq, n, body = some(machine, choose, "SELECT seq, n, body FROM journal_leaf")
    statement = "UPDATE journal_leaf SET body = ? WHERE seq = ? AND n = ?"
    return machine.execute(statement, flip(choose, body), seq, n)


def lose_leaf(machine, choose):
    seq, n = some(machine, choose, "SELECT seq, n FROM journal_leaf")
    return machine.execute("DELETE FROM journal_leaf WHERE seq = ? AND n = ?", seq, n)


def lose_entry(machine, choose):
    (seq,) = some(machine, choose, "SELECT seq FROM journal_entry")
    machine.execute("DELETE FROM journal_leaf WHERE seq = ?", seq)
    return machine.execute("DELETE FROM journal_entry WHERE seq = ?", seq)


def cut_the_end(machine, choose):
    last = machine.rows("SELECT max(seq) FROM journal_entry")[0][0]
    machine.execute("DELETE FROM journal_leaf WHERE seq > ?", last - 1 - choose.randrange(5))
    return machine.execute("DELETE FROM journal_entry WHERE seq NOT IN (SELECT seq FROM journal_leaf)")


def alter_stamp(machine, choose):
    (seq,) = some(machine, choose, "SELECT seq FROM journal_entry")
    column = choose.choice(["ms = ms + 1", "counter = counter + 9", "opening = opening + 77"])
    return machine.execute(f"UPDATE journal_entry SET {column} WHERE seq = ?", seq)


def alter_row(machine, choose):
    table, key_column, change = choose.choice(
        [
            ("mark", "trainee_id", "status = 'x'"),
            ("trainee", "id", "name = 'x'"),
            ("trainee", "id", "base = base + 1"),
            ("trainee", "id", "later = NULL"),
            ("enrolment", "trainee_id", "gone = 1 - gone"),
            ("enrolment", "trainee_id", "number = 7"),
        ]
    )
    (key,) = some(machine, choose, f"SELECT {key_column} FROM {table}")
    return machine.execute(f"UPDATE {table} SET {change} WHERE {key_column} = ?", key)


def lose_row(machine, choose):
    table = choose.choice(["mark", "enrolment"])
    (key,) = some(machine, choose, f"SELECT trainee_id FROM {table}")
    return machine.execute(f"DELETE FROM {table} WHERE trainee_id = ?", key)


def alter_head(machine, choose):
    head = some(machine, choose, "SELECT entity, key, grp, seq FROM head")
    verb = choose.choice(["DELETE FROM head", "UPDATE head SET value = x'a178'"])
    return machine.execute(f"{verb} WHERE entity = ? AND key = ? AND grp = ? AND seq = ?", *head)


def invent_parked(machine, choose):
    return machine.execute("INSERT INTO parked_change VALUES (2, 9, x'00', x'80', 'RECORD_MISSING')")


def alter_frontier(machine, choose):
    (seq,) = some(
        machine, choose, "SELECT seq FROM journal_entry WHERE seq NOT IN (SELECT seq FROM frontier)"
    )
    return machine.execute("UPDATE frontier SET seq = ? WHERE seq = (SELECT max(seq) FROM frontier)", seq)


def alter_sight(machine, choose):
    return machine.execute("UPDATE deletion_sight SET seen = x'90'")


# Each alteration and the findings of which at least one must name it.
ALTERATIONS = {
    alter_header: {"ENTRY_ALTERED", "ENTRY_MISSING"},
    alter_leaf: {"ENTRY_ALTERED"},
    lose_leaf: {"ENTRY_ALTERED"},
    lose_entry: {"ENTRY_MISSING"},
    cut_the_end: {"ENTRY_MISSING"},
    alter_stamp: {"ENTRY_ALTERED"},
    alter_row: {"ROW_ALTERED"},
    lose_row: {"ROW_ALTERED"},
    alter_head: {"ROW_ALTERED"},
    invent_parked: {"PARKED_DIFFERS"},
    alter_frontier: {"ENTRY_MISSING"},
    alter_sight: {"ROW_ALTERED"},
}
SEEDS = range(5 * len(ALTERATIONS))


def rewrite(machine, choose):
    """Change what an entry says and make all hashes fit from there on: rows, parents, frontier, everything."""
    with machine.workstation.database.writer() as sql:
        journal = JournalStore(sql)
        order = list(journal.sequence())
        victim = choose.choice(order[1:])
        renamed: dict[bytes, bytes] = {}
        for seq in order[order.index(victim) :]:
            entry = journal.entry(seq)
            header = decode_header(entry.header)
            leaves = entry.leaves
            if seq == victim:
                n = choose.randrange(len(leaves))
                leaves = (*leaves[:n], _other(choose, leaves[n]), *leaves[n + 1 :])
            parents = tuple(renamed.get(parent, parent) for parent in header.parents)
            digest = payload_hash([leaf.digest for leaf in leaves])
            fresh = SealedEntry(
                encode_header(
                    type(header)(parents, header.stamp, header.device, header.user, header.command, digest)
                ),
                leaves,
            )
            if fresh.id == entry.id:
                continue
            renamed[entry.id] = fresh.id
            assert entry_id(fresh.header) == fresh.id
            sql.exec_driver_sql(
                "UPDATE journal_entry SET id = ?, header = ?, leaf_hashes = ? WHERE seq = ?",
                (fresh.id, fresh.header, b"".join(leaf.digest for leaf in leaves), seq),
            )
            for n, leaf in enumerate(leaves):
                sql.exec_driver_sql(
                    "UPDATE journal_leaf SET body = ? WHERE seq = ? AND n = ?", (compress_leaf(leaf), seq, n)
                )
        assert all(len(name) == HASH_BYTES for name in renamed.values())
        return renamed


def _other(choose, leaf):
    """A leaf with the same shape in which one written value is another."""
    assert leaf.salt is not None
    entity, records = decode(leaf.body)
    groups = choose.choice(records)[1]
    number = choose.choice(sorted(groups))
    groups[number][2] = 1 - groups[number][2] if number == 0 else "其他"
    body = encode([entity, records])
    return Leaf(leaf_hash(leaf.salt, body), leaf.salt, body)


@pytest.fixture
def copy(busy, tmp_path):
    machine = Machine(tmp_path, 0, template=busy)
    yield machine
    machine.workstation.database.close()


@pytest.mark.parametrize("seed", SEEDS)
def test_an_alteration_is_named(copy, seed):
    alter = list(ALTERATIONS)[seed % len(ALTERATIONS)]
    assert alter(copy, random.Random(seed)) > 0
    found = {finding.code for finding in copy.verify().findings}
    assert found & ALTERATIONS[alter], (alter.__name__, found)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_alteration_with_all_later_hashes_made_to_fit_is_named(copy, seed):
    choose = random.Random(1000 + seed)
    renamed = rewrite(copy, choose)
    assert renamed
    codes = Counter(found.code for found in copy.verify().findings)
    assert codes["ENTRY_MISSING"] > 0, codes  # the signatures name entries that are no longer there
    copy.execute("DELETE FROM signature WHERE entry_id NOT IN (SELECT id FROM journal_entry)")
    codes = Counter(found.code for found in copy.verify().findings)
    assert codes["ENTRY_UNSIGNED"] + codes["ROW_ALTERED"] > 0, codes


def test_a_waiting_entry_that_was_altered_is_named(copy):
    from tests.store.forged_entries import forge, made, stamp

    lost = forge(stamp(1), [copy.entries()[0].id], [made(7, b"class 000000009.", g1="A")])
    copy.workstation.receive([forge(stamp(2), [lost.id], [made(7, b"class 000000008.", g1="A")])])
    assert copy.verify().ok
    copy.execute("UPDATE waiting_entry SET body = CAST(substr(body, 1, length(body) - 1) || x'00' AS BLOB)")
    assert [found.code for found in copy.verify().findings] == ["ENTRY_ALTERED"]
