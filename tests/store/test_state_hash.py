"""Digests change with every value, stamp and head, count what went in, and say nothing else."""

from __future__ import annotations

import pytest

from desktop_app.domain import records as m
from tests.factories.workstations import exchange
from tests.store.conftest import CLASS, SESSION, TRAINEE


@pytest.fixture
def met(pair):
    """Two machines in conflict over a name, with a mark, and a deleted enrolment."""
    left, right = pair
    left.write(m.MARK, SESSION + TRAINEE, status="present", lost_hours=0)
    left.write(m.TRAINEE, TRAINEE, name="左")
    right.write(m.TRAINEE, TRAINEE, name="右")
    right.delete(m.ENROLMENT, CLASS + TRAINEE)
    exchange(pair)
    return pair


def test_counts_say_what_went_in(met):
    left, right = met
    assert left.state() == right.state()
    assert left.state().records == {
        "institution": 1,
        "device": 4,
        "user": 1,
        "training_class": 1,
        "session": 1,
        "trainee": 1,
        "enrolment": 1,
        "mark": 1,
    }
    assert left.values().records == {
        name: n for name, n in left.state().records.items() if name != "enrolment"
    }


@pytest.mark.parametrize(
    ("statement", "seen_by_users"),
    [
        ("UPDATE trainee SET name = 'x'", True),
        ("UPDATE trainee SET sex = 'female'", True),
        ("UPDATE trainee SET sex = NULL", True),
        ("UPDATE mark SET lost_hours = 1", True),
        ("UPDATE mark SET status = 'late'", True),
        ("UPDATE training_class SET code = '2020-02'", True),
        ("UPDATE session SET number = 2", True),
        ("UPDATE enrolment SET gone = 0", True),
        ("UPDATE mark SET base = base - 1", False),
        ("UPDATE mark SET later = x'810101'", False),
        ("UPDATE head SET value = x'a178'", False),
        ("UPDATE head SET seq = seq - 1", False),
        ("DELETE FROM head", False),
        ("UPDATE deletion_sight SET seen = x'90'", False),
        ("UPDATE enrolment SET deleted = 0", False),
        ("UPDATE journal_entry SET ms = ms + 1 WHERE seq = 2", False),
        ("UPDATE journal_entry SET counter = counter + 40 WHERE seq = 2", False),
        ("UPDATE opening SET value = x'0102030405060708' WHERE number = 1", False),
        ("DELETE FROM mark", True),
    ],
)
def test_one_field_stamp_or_head_changes_the_digest(met, statement, seen_by_users):
    left, _ = met
    state, values = left.state().digest, left.values().digest
    assert left.execute(statement) > 0
    assert left.state().digest != state
    assert (left.values().digest != values) is seen_by_users


def test_local_numbers_do_not_matter(met):
    left, right = met
    orders = [machine.rows("SELECT id FROM journal_entry ORDER BY seq") for machine in met]
    assert orders[0] != orders[1]
    assert sorted(orders[0]) == sorted(orders[1])
    assert left.state().digest == right.state().digest


def test_a_group_never_written_is_not_in_it_and_one_that_was_cleared_is(pair):
    left, _ = pair
    before = left.state().digest
    assert left.write(m.TRAINEE, TRAINEE, phone=None) is None
    assert left.state().digest == before
    values = left.values().digest
    left.write(m.TRAINEE, TRAINEE, phone="13800000000")
    left.write(m.TRAINEE, TRAINEE, phone=None)
    assert left.state().digest != before
    assert left.values().digest == values


def test_two_stores_with_the_same_values_but_other_entries_show_the_same_and_are_not_alike(pair):
    left, right = pair
    left.write(m.TRAINEE, TRAINEE, sex="female")
    right.write(m.TRAINEE, TRAINEE, sex="female")
    assert left.values() == right.values()
    assert left.state().digest != right.state().digest
