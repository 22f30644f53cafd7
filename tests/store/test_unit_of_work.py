"""One command, one entry: what put, delete and undo write, and that rows are always the fold of the journal."""

from __future__ import annotations

import pytest

from desktop_app.domain import records as m
from desktop_app.domain.errors import AppError
from tests.factories.workstations import CLERK, session_fields
from tests.store.conftest import CLASS, SESSION, TRAINEE


def entry_count(machine):
    return machine.rows("SELECT count(*) FROM journal_entry")[0][0]


def changes_of(machine, entry):
    with machine.workstation.unit_of_work("look") as work:
        seq = work.journal.seq_of_id(entry)
        return work.journal.changes(seq)[2]


def test_a_command_makes_one_entry_for_all_its_records(machine):
    before = entry_count(machine)
    with machine.workstation.unit_of_work("import_roster", CLERK) as work:
        work.put(m.TRAINING_CLASS, CLASS, {"code": "A"})
        work.put_many(m.TRAINEE, [(bytes([n]) * 16, {"name": "x"}) for n in range(5)])
    assert entry_count(machine) == before + 1
    assert work.changed == {"training_class", "trainee"}
    assert len(changes_of(machine, work.entry)) == 6
    assert machine.verify().ok


def test_a_command_that_changes_nothing_makes_no_entry(machine):
    machine.write(m.TRAINING_CLASS, CLASS, code="A", start_on="2020-11-09")
    before = entry_count(machine)
    assert machine.write(m.TRAINING_CLASS, CLASS, code="A") is None
    assert machine.write(m.TRAINING_CLASS, CLASS) is None
    assert machine.write(m.TRAINING_CLASS, CLASS, state=None) is None
    assert entry_count(machine) == before


def test_an_exception_leaves_nothing(machine):
    machine.write(m.TRAINING_CLASS, CLASS, code="A")
    before = machine.state(), machine.rows("SELECT * FROM frontier"), entry_count(machine)

    def fail_midway():
        with machine.workstation.unit_of_work("edit", CLERK) as work:
            work.put(m.TRAINING_CLASS, CLASS, {"code": "B"})
            work.put(m.TRAINEE, TRAINEE, {"name": "x"})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_midway()
    assert (machine.state(), machine.rows("SELECT * FROM frontier"), entry_count(machine)) == before
    assert machine.write(m.TRAINING_CLASS, CLASS, code="C")
    assert machine.verify().ok


def test_an_edit_writes_only_the_group_that_changed_and_what_its_author_saw(pair):
    left, _ = pair
    made = left.entries()[-1].id
    edited = left.write(m.TRAINEE, TRAINEE, name="王晓明", sex="male")
    (change,) = changes_of(left, edited)
    assert set(change.groups) == {1}
    write = change.groups[1]
    assert (write.old, write.new) == ("王小明", "王晓明")
    assert len(write.seen) == 1
    assert changes_of(left, made)
    assert left.verify().ok


def test_fields_of_a_group_that_are_not_named_keep_their_value(machine):
    machine.write(m.TRAINING_CLASS, CLASS, start_on="2020-11-09", end_on="2020-12-01")
    machine.write(m.TRAINING_CLASS, CLASS, end_on="2020-12-02")
    fields = machine.fields(m.TRAINING_CLASS, CLASS)
    assert (fields["start_on"], fields["end_on"]) == ("2020-11-09", "2020-12-02")


def test_two_writes_of_a_group_in_one_command_are_one(pair):
    left, _ = pair
    with left.workstation.unit_of_work("edit", CLERK) as work:
        work.put(m.TRAINEE, TRAINEE, {"name": "甲"})
        work.put(m.TRAINEE, TRAINEE, {"name": "乙"})
    (change,) = changes_of(left, work.entry)
    assert (change.groups[1].old, change.groups[1].new) == ("王小明", "乙")
    assert left.verify().ok


def test_a_record_made_and_written_again_in_one_command(machine):
    with machine.workstation.unit_of_work("create", CLERK) as work:
        rows = [(CLASS, {"code": "A", "state": "x"}), (CLASS, {"code": "B"}), (CLASS, {"state": None})]
        assert work.put_many(m.TRAINING_CLASS, rows) == 3
        assert work.put(m.TRAINING_CLASS, CLASS, {"code": "C"})
    assert machine.fields(m.TRAINING_CLASS, CLASS)["code"] == "C"
    assert machine.fields(m.TRAINING_CLASS, CLASS)["state"] is None
    assert machine.verify().ok


def test_a_cleared_value_is_a_write_like_any_other(pair):
    left, right = pair
    left.write(m.TRAINEE, TRAINEE, name=None)
    left.send(right)
    assert right.fields(m.TRAINEE, TRAINEE)["name"] is None
    assert left.state() == right.state()
    assert left.verify().ok
    assert right.verify().ok


def test_true_and_false_go_as_one_and_zero(machine):
    machine.write(m.USER, TRAINEE, login="w", disabled=True)
    assert machine.fields(m.USER, TRAINEE)["disabled"] == 1
    assert machine.write(m.USER, TRAINEE, disabled=1) is None
    assert machine.verify().ok


@pytest.mark.parametrize(
    ("entity", "fields", "error"),
    [
        (m.TRAINING_CLASS, {"colour": "red"}, KeyError),
        (m.TRAINING_CLASS, {"code": 7}, TypeError),
        (m.TRAINING_CLASS, {"catalogue_version": "7"}, TypeError),
        (m.TRAINING_CLASS, {"catalogue_version": 1 << 63}, TypeError),
        (m.TRAINING_CLASS, {"catalogue_version": 1.5}, TypeError),
        (m.TRAINING_CLASS, {"project_id": "text"}, TypeError),
        (m.TRAINING_CLASS, {"advisers": "[]"}, TypeError),
        (m.TRAINING_CLASS, {"advisers": [b"raw"]}, TypeError),
        (m.TRAINING_CLASS, {"advisers": [{1: 2}]}, TypeError),
    ],
)
def test_what_no_workstation_could_fold_is_refused_at_once(machine, entity, fields, error):
    with pytest.raises(error):
        machine.write(entity, CLASS, **fields)
    machine.write(entity, CLASS, code="A")
    with pytest.raises(error):
        machine.write(entity, CLASS, **fields)
    assert machine.verify().ok


def test_largest_and_smallest_numbers_fit(machine):
    for value in ((1 << 63) - 1, -(1 << 63)):
        machine.write(m.TRAINING_CLASS, CLASS, catalogue_version=value)
        assert machine.fields(m.TRAINING_CLASS, CLASS)["catalogue_version"] == value
    assert machine.verify().ok


def test_lists_come_back_as_they_were(machine):
    advisers = [["ab", "2020-11-09", None], [1, True, {"名": ["x"]}]]
    machine.write(m.TRAINING_CLASS, CLASS, advisers=advisers)
    assert machine.fields(m.TRAINING_CLASS, CLASS)["advisers"] == advisers
    assert machine.verify().ok


def test_deleting_hides_and_putting_brings_back(pair):
    left, _ = pair
    left.delete(m.ENROLMENT, CLASS + TRAINEE)
    assert left.fields(m.ENROLMENT, CLASS + TRAINEE) is None
    left.write(m.ENROLMENT, CLASS + TRAINEE, number=1)
    assert left.fields(m.ENROLMENT, CLASS + TRAINEE)["number"] == 1
    assert left.verify().ok


def test_deleting_what_is_not_there_is_refused_and_what_is_hidden_changes_nothing(pair):
    left, _ = pair
    with pytest.raises(AppError) as caught:
        left.delete(m.TRAINEE, b"nobody 00000001.")
    assert caught.value.code == "RECORD_MISSING"
    assert left.delete(m.ENROLMENT, CLASS + TRAINEE)
    assert left.delete(m.ENROLMENT, CLASS + TRAINEE) is None


@pytest.mark.parametrize("steps", ["pd", "dp", "dpd", "pdp", "dpdp", "cd", "cdp", "cdpd"])
def test_any_sequence_of_put_and_delete_in_one_command_folds_alike_elsewhere(pair, steps):
    left, right = pair
    key = b"trainee 0000002." if steps[0] == "c" else TRAINEE
    entity = m.TRAINEE
    left.delete(m.ENROLMENT, CLASS + TRAINEE)
    with left.workstation.unit_of_work("several", CLERK) as work:
        for n, step in enumerate(steps):
            if step == "d":
                work.delete(entity, key)
                assert work.fields(entity, key) is None
            else:
                work.put(entity, key, {"name": f"n{n}"})
                assert work.fields(entity, key)["name"] == f"n{n}"
    assert (left.fields(entity, key) is None) == (steps[-1] == "d")
    left.send(right)
    assert left.state() == right.state()
    assert left.verify().ok
    assert right.verify().ok


def test_undo_gives_back_what_users_saw_and_redo_what_they_saw_then(pair):
    left, right = pair
    before = left.values()
    with left.workstation.unit_of_work("several", CLERK) as work:
        work.put(m.TRAINEE, TRAINEE, {"name": "改", "phone": "13800000000"})
        work.put(m.TRAINEE, b"trainee 0000002.", {"name": "新"})
        work.put(m.MARK, SESSION + b"trainee 0000002.", {"status": "late", "lost_hours": 1})
        work.delete(m.ENROLMENT, CLASS + TRAINEE)
    after = left.values()
    undone = left.undo(work.entry)
    assert left.values() == before
    redone = left.undo(undone)
    assert left.values() == after
    left.undo(redone)
    assert left.values() == before
    assert before != after
    left.send(right)
    assert left.state() == right.state()
    assert left.verify().ok


def test_undoing_a_deletion_that_did_not_count_shows_the_record(pair):
    left, _ = pair
    left.write(m.MARK, SESSION + TRAINEE, status="present")
    left.delete(m.SESSION, SESSION)
    assert left.fields(m.SESSION, SESSION) is not None
    again = left.delete(m.SESSION, SESSION)
    left.undo(again)
    left.delete(m.MARK, SESSION + TRAINEE)
    assert left.fields(m.SESSION, SESSION) is not None
    assert left.verify().ok


def test_a_missing_parent_is_refused_and_nothing_is_written(machine):
    before = machine.state()
    with pytest.raises(Exception, match="FOREIGN KEY"):
        machine.write(m.SESSION, SESSION, **session_fields(CLASS))
    assert machine.state() == before


def test_fifty_marks_of_a_class_take_little_of_the_journal(machine):
    people = [machine.workstation.ids.new() for _ in range(50)]
    with machine.workstation.unit_of_work("import_roster", CLERK) as work:
        work.put(m.TRAINING_CLASS, CLASS, {"code": "A"})
        work.put(m.SESSION, SESSION, session_fields(CLASS, number=1))
        work.put_many(m.TRAINEE, [(key, {"name": "x"}) for key in people])
    with machine.workstation.unit_of_work("mark_class", b"user 0000000001.") as work:
        work.put_many(m.MARK, [(SESSION + key, {"status": "present", "lost_hours": 0}) for key in people])
    ((header, hashes),) = machine.rows(
        "SELECT length(header), length(leaf_hashes) FROM journal_entry WHERE id = ?", work.entry
    )
    leaves = machine.rows("SELECT length(body) FROM journal_leaf WHERE seq = ?", work.seq)
    assert len(leaves) == 1
    assert header + hashes + leaves[0][0] <= 1200
