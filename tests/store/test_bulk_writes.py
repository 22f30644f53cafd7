"""Many records at once: the same outcome as one by one, and no statement for each."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from desktop_app.domain import records as m
from desktop_app.store import folding
from desktop_app.store.record_tables import known_table
from tests.factories.workstations import CLERK, Machine
from tests.store.conftest import SESSION, TRAINEE
from tests.store.forged_entries import forge, made, stamp


@contextmanager
def counted(machine: Machine):
    """Count the statements of the writing connection."""
    noted: list[str] = []
    with machine.workstation.database.writer() as connection:
        raw = connection.connection.driver_connection
    raw.set_trace_callback(noted.append)
    try:
        yield noted
    finally:
        raw.set_trace_callback(None)


def reads(noted: list[str]) -> int:
    return sum(statement.lstrip().startswith("SELECT") for statement in noted)


def enrol(machine: Machine, count: int) -> list[bytes]:
    people = [b"person %08d." % n for n in range(count)]
    with machine.workstation.unit_of_work("import_roster", CLERK) as work:
        work.put_many(m.TRAINEE, [(person, {"name": f"学员{n}"}) for n, person in enumerate(people)])
    return people


def mark_all(machine: Machine, people: list[bytes], lost: int) -> bytes | None:
    with machine.workstation.unit_of_work("import_attendance", CLERK) as work:
        rows = [(SESSION + person, {"status": "late", "lost_hours": lost}) for person in people]
        assert work.put_many(m.MARK, rows) == len(people)
    return work.entry


def test_many_corrections_and_their_undo_read_in_bunches(pair):
    machine, _ = pair
    people = enrol(machine, 150)
    mark_all(machine, people, 1)
    with counted(machine) as noted:
        entry = mark_all(machine, people, 2)
    assert 0 < reads(noted) < len(people) / 2
    assert entry is not None
    with counted(machine) as noted:
        machine.undo(entry)
    assert 0 < reads(noted) < len(people) / 2
    values = machine.rows("SELECT DISTINCT lost_hours FROM mark WHERE trainee_id <> ?", TRAINEE)
    assert values == [(1,)]
    assert machine.verify().ok


def test_a_page_of_small_entries_reads_its_records_in_bunches(pair):
    author, reader = pair
    people = enrol(author, 150)
    for person in people:
        mark_all(author, [person], 1)
    author.send(reader, author.entries()[:-150])
    page = author.entries()[-150:]
    with counted(reader) as noted:
        author.send(reader, page)
    of_records = [statement for statement in noted if 'FROM "' in statement]
    assert 0 < len(of_records) < len(page) / 10
    assert author.state() == reader.state()
    assert reader.rows("SELECT count(*) FROM mark") == [(150,)]


def test_a_bug_in_one_entry_of_a_page_parks_that_alone(machine, monkeypatch):
    whole = folding.group_fields

    def fail(group, value):
        if value == "bug":
            raise ValueError
        return whole(group, value)

    monkeypatch.setattr(folding, "group_fields", fail)
    last = machine.entries()[0].id
    page = []
    for n in range(20):
        change = made(m.TRAINING_CLASS.number, b"class %09d." % n, g1="bug" if n == 7 else "fine")
        page.append(forge(stamp(n), [last], [change]))
        last = page[-1].id
    assert machine.workstation.receive(page).entries == 20
    assert machine.rows("SELECT count(*) FROM training_class WHERE code = 'fine'") == [(19,)]
    parked = machine.rows("SELECT key, reason FROM parked_change")
    assert parked == [(b"class %09d." % 7, "INAPPLICABLE")]
    monkeypatch.undo()
    machine.workstation.receive([])
    assert machine.rows("SELECT count(*) FROM training_class") == [(20,)]
    assert machine.rows("SELECT count(*) FROM parked_change") == [(0,)]


@pytest.mark.parametrize("damage", ["id || x'00'", "substr(id, 1, 15)"])
def test_a_key_of_another_length_is_no_key_of_that_record(pair, damage):
    machine, _ = pair
    with machine.workstation.database.writer() as sql:
        sql.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        sql.exec_driver_sql("DELETE FROM enrolment")
        sql.exec_driver_sql(f"UPDATE trainee SET id = CAST({damage} AS BLOB)")
    names = {finding.entity for finding in machine.verify().findings}
    assert {"trainee", "enrolment"} <= names


@pytest.mark.parametrize("step", [1, 7, 150])
def test_what_is_read_at_once_is_what_is_read_one_by_one_however_scattered(pair, step):
    machine, _ = pair
    people = enrol(machine, 1200)
    mark_all(machine, people[::3], 1)
    table = known_table(m.MARK)
    wanted = [SESSION + person for person in people[::-step]]
    with machine.workstation.read() as sql:
        found = table.fetch_many(sql, wanted)
        alone = {key: record for key in wanted if (record := table.fetch(sql, key)) is not None}
    assert found == alone
    assert found.keys() == {SESSION + person for person in people[::-step] if people.index(person) % 3 == 0}


def test_new_records_are_found_new_without_a_look_at_each(pair):
    machine, _ = pair
    people = enrol(machine, 1000)
    with counted(machine) as noted:
        mark_all(machine, people, 1)
    assert [one for one in noted if 'FROM "mark"' in one and "IN (VALUES" in one] == []
    assert machine.rows("SELECT count(*) FROM mark") == [(1000,)]


def test_records_made_alike_are_told_apart_when_one_of_them_changes(machine):
    first, second, third = (b"person %08d." % n for n in range(3))
    fields = {"name": "王小明", "studying": True}
    with machine.workstation.unit_of_work("import_roster", CLERK) as work:
        work.put_many(m.TRAINEE, [(first, fields), (second, dict(fields)), (third, {**fields, "phone": "1"})])
        work.put(m.TRAINEE, first, {"name": "王大明"})
    rows = machine.rows("SELECT name, studying, phone FROM trainee ORDER BY id")
    assert rows == [("王大明", 1, None), ("王小明", 1, None), ("王小明", 1, "1")]
    assert machine.verify().ok
