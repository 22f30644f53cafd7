"""Writes that had not seen each other stand side by side until somebody who has seen them answers."""

from __future__ import annotations

from datetime import timedelta

from desktop_app.domain import records as m
from desktop_app.store.journal import encode
from tests.factories.workstations import exchange, session_fields, session_key
from tests.store.conftest import CLASS, SESSION, TRAINEE


def test_writes_that_had_not_seen_each_other_are_heads_and_an_answer_settles_them(pair):
    left, right = pair
    left.write(m.TRAINEE, TRAINEE, name="左")
    right.clock.forward(seconds=5)
    right.write(m.TRAINEE, TRAINEE, name="右")
    exchange(pair)
    for machine in pair:
        assert machine.fields(m.TRAINEE, TRAINEE)["name"] == "右"
        assert machine.rows("SELECT grp, value FROM head") == [(1, encode("左"))]
    assert left.write(m.TRAINEE, TRAINEE, name="右")
    exchange(pair)
    for machine in pair:
        assert machine.rows("SELECT count(*) FROM head") == [(0,)]
        assert machine.verify().ok
    assert left.state() == right.state()


def test_different_groups_of_one_record_do_not_conflict(pair):
    left, right = pair
    left.write(m.TRAINEE, TRAINEE, name="左")
    right.write(m.TRAINEE, TRAINEE, phone="13800000000")
    exchange(pair)
    assert left.rows("SELECT count(*) FROM head") == [(0,)]
    assert left.fields(m.TRAINEE, TRAINEE)["name"] == "左"
    assert left.fields(m.TRAINEE, TRAINEE)["phone"] == "13800000000"


def test_the_same_mark_made_on_two_workstations_is_one_record(pair):
    left, right = pair
    left.write(m.MARK, SESSION + TRAINEE, status="present", lost_hours=0)
    right.write(m.MARK, SESSION + TRAINEE, status="late", lost_hours=1)
    exchange(pair)
    assert left.state() == right.state()
    assert left.state().records["mark"] == 1
    assert {row[0] for row in left.rows("SELECT grp FROM head")} == {0, 1}


def test_a_restored_workstation_takes_its_lost_entries_back_and_goes_on(pair):
    left, right = pair
    backup = left.back_up()
    left.write(m.TRAINEE, TRAINEE, name="丢失")
    left.send(right)
    left.restore(backup)
    left.clock.moment -= timedelta(days=1)
    left.write(m.TRAINEE, TRAINEE, phone="13800000000")
    assert len(left.rows("SELECT * FROM frontier")) == 1
    exchange(pair)
    assert left.fields(m.TRAINEE, TRAINEE)["name"] == "丢失"
    assert left.state() == right.state()
    assert len(left.rows("SELECT * FROM frontier")) == 2
    left.write(m.TRAINEE, TRAINEE, name="后来")
    assert len(left.rows("SELECT * FROM frontier")) == 1
    exchange(pair)
    assert left.rows("SELECT count(*) FROM head") == [(0,)]
    assert all(machine.verify().ok for machine in pair)


def test_a_session_made_on_two_workstations_is_one_record_with_its_values_side_by_side(pair):
    left, right = pair
    key = session_key(CLASS, 12)
    left.write(m.SESSION, key, **session_fields(CLASS, 12, number=2))
    right.write(m.SESSION, key, **session_fields(CLASS, 12, number=3))
    exchange(pair)
    assert left.state() == right.state()
    assert left.state().records["session"] == 2
