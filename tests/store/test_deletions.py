"""When a deletion counts: never against an edit its author had not seen, nor while something hangs from the record."""

from __future__ import annotations

import pytest

from desktop_app.domain import records as m
from tests.factories.workstations import CLERK, exchange
from tests.store.conftest import CLASS, SESSION, TRAINEE

ENROLMENT = CLASS + TRAINEE
MARK = SESSION + TRAINEE


def end_alike(*machines):
    exchange(machines)
    assert len({machine.state().digest for machine in machines}) == 1
    for machine in machines:
        assert machine.verify().ok


def test_a_deletion_travels(pair):
    left, right = pair
    left.delete(m.ENROLMENT, ENROLMENT)
    end_alike(left, right)
    assert right.fields(m.ENROLMENT, ENROLMENT) is None
    assert right.values().records["trainee"] == 1
    assert "enrolment" not in right.values().records
    assert right.state().records["enrolment"] == 1


@pytest.mark.parametrize("deleter_has_the_later_clock", [True, False])
def test_an_edit_that_the_deleter_had_not_seen_keeps_the_record_whatever_the_clocks(
    pair, deleter_has_the_later_clock
):
    left, right = pair
    (left if deleter_has_the_later_clock else right).clock.forward(hours=20)
    left.delete(m.ENROLMENT, ENROLMENT)
    right.write(m.ENROLMENT, ENROLMENT, number=2)
    end_alike(left, right)
    for machine in pair:
        assert machine.fields(m.ENROLMENT, ENROLMENT)["number"] == 2
        assert machine.fields(m.ENROLMENT, ENROLMENT)["deleted"] == 1


def test_deleting_again_after_having_seen_the_edit_counts(pair):
    left, right = pair
    left.delete(m.ENROLMENT, ENROLMENT)
    right.write(m.ENROLMENT, ENROLMENT, number=2)
    end_alike(left, right)
    right.delete(m.ENROLMENT, ENROLMENT)
    end_alike(left, right)
    assert left.fields(m.ENROLMENT, ENROLMENT) is None


def test_an_edit_that_the_deleter_had_seen_goes_with_the_record(pair):
    left, right = pair
    right.write(m.ENROLMENT, ENROLMENT, number=2)
    exchange(pair)
    left.delete(m.ENROLMENT, ENROLMENT)
    end_alike(left, right)
    assert right.fields(m.ENROLMENT, ENROLMENT) is None


def test_a_live_child_keeps_its_parent(pair):
    left, right = pair
    left.delete(m.SESSION, SESSION)
    right.write(m.MARK, MARK, status="present", lost_hours=0)
    end_alike(left, right)
    assert left.fields(m.SESSION, SESSION) is not None
    left.delete(m.MARK, MARK)
    end_alike(left, right)
    assert right.fields(m.SESSION, SESSION) is None


def test_parents_of_parents_follow(pair):
    left, right = pair
    with left.workstation.unit_of_work("delete", CLERK) as work:
        work.delete(m.ENROLMENT, ENROLMENT)
        work.delete(m.SESSION, SESSION)
        work.delete(m.TRAINING_CLASS, CLASS)
        work.delete(m.TRAINEE, TRAINEE)
    assert left.fields(m.TRAINING_CLASS, CLASS) is None
    right.write(m.MARK, MARK, status="present", lost_hours=0)
    end_alike(left, right)
    for entity, key in ((m.SESSION, SESSION), (m.TRAINING_CLASS, CLASS), (m.TRAINEE, TRAINEE)):
        assert left.fields(entity, key) is not None
    assert left.fields(m.ENROLMENT, ENROLMENT) is None
    right.delete(m.MARK, MARK)
    end_alike(left, right)
    assert left.fields(m.TRAINING_CLASS, CLASS) is None


def test_a_hidden_record_brought_back_on_one_side_and_deleted_again_on_the_other_is_shown(pair):
    left, right = pair
    left.delete(m.ENROLMENT, ENROLMENT)
    exchange(pair)
    left.write(m.ENROLMENT, ENROLMENT, number=7)
    end_alike(left, right)
    assert right.fields(m.ENROLMENT, ENROLMENT)["number"] == 7


def test_two_deletions_at_once_count_together(pair):
    left, right = pair
    left.delete(m.ENROLMENT, ENROLMENT)
    right.delete(m.ENROLMENT, ENROLMENT)
    end_alike(left, right)
    assert left.fields(m.ENROLMENT, ENROLMENT) is None
    left.write(m.ENROLMENT, ENROLMENT, number=1)
    end_alike(left, right)
    assert right.fields(m.ENROLMENT, ENROLMENT) is not None


def test_many_deletions_in_one_command(pair):
    left, right = pair
    people = [b"many %010d." % n for n in range(100)]
    with left.workstation.unit_of_work("import", CLERK) as work:
        work.put_many(m.TRAINEE, [(key, {"name": "x"}) for key in people])
        work.put_many(m.ENROLMENT, [(CLASS + key, {"number": 1}) for key in people])
    left.undo(work.entry)
    end_alike(left, right)
    assert right.values().records["trainee"] == 1
    assert right.state().records["trainee"] == 101


def test_an_assessment_that_moves_away_leaves_its_deleted_class_hidden(pair):
    left, right = pair
    other, exam = b"class 000000002.", b"exam 0000000001."
    left.write(m.TRAINING_CLASS, other, code="B")
    left.write(m.ASSESSMENT, exam, class_id=other, kind="completion")
    left.delete(m.TRAINING_CLASS, other)
    assert left.fields(m.TRAINING_CLASS, other) is not None
    left.write(m.ASSESSMENT, exam, class_id=CLASS)
    assert left.fields(m.TRAINING_CLASS, other) is None
    end_alike(left, right)
    assert right.fields(m.TRAINING_CLASS, other) is None
