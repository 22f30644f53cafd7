"""What happens to entries that come too early, too late, in pieces, or make no sense here."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from desktop_app.domain import records as m
from desktop_app.domain.entries import Change, GroupWrite, Leaf, SealedEntry
from desktop_app.domain.errors import AppError
from desktop_app.store import waiting
from desktop_app.store.journal import encode
from tests.factories.workstations import CLERK, DEVICES
from tests.store.conftest import CLASS, SESSION, TRAINEE
from tests.store.forged_entries import edited, forge, made, stamp

C, S, T = m.TRAINING_CLASS.number, m.SESSION.number, m.TRAINEE.number
ORIGIN = [CLASS, "2020-11-09", "08:30"]
EXAM = b"exam 0000000001."


def root(machine):
    return machine.entries()[0].id


def pending(machine):
    with machine.workstation.read() as sql:
        return waiting.count_pending(sql)


def parked(machine):
    return machine.rows("SELECT entity, key, reason FROM parked_change ORDER BY seq, entity, key")


def receive(machine, *entries):
    return machine.workstation.receive(entries)


def all_orders_end_alike(machine_of, entries, check=lambda machine: None):
    """Feed entries in every order to fresh machines; return one of them."""
    states = set()
    for number, order in enumerate(itertools.permutations(entries)):
        machine = machine_of(number % 4)
        machine.restore(machine.path.with_suffix(".fresh")) if number >= 4 else machine.back_up().rename(
            machine.path.with_suffix(".fresh")
        )
        for entry in order:
            receive(machine, entry)
        states.add((machine.state().digest, tuple(parked(machine))))
        findings = [found for found in machine.verify().findings if found.code != "ENTRY_UNSIGNED"]
        assert not findings
        check(machine)
    assert len(states) == 1
    return machine


# ------------------------------------------------------------------------------------------------ waiting


def test_an_entry_waits_for_its_parent_and_follows_it(machine):
    first = forge(stamp(1), [root(machine)], [made(C, CLASS, g1="A")])
    second = forge(stamp(2), [first.id], [edited(C, CLASS, [stamp(1)], g1="B")])
    assert receive(machine, second).held == 1
    (count,) = pending(machine).waiting
    assert (count.reason, count.device, count.entries) == (waiting.PARENTS_MISSING, DEVICES[1], 1)
    assert machine.fields(m.TRAINING_CLASS, CLASS) is None
    assert receive(machine, first).entries == 2
    assert pending(machine).entries == 0
    assert machine.fields(m.TRAINING_CLASS, CLASS)["code"] == "B"


def test_a_long_chain_that_comes_backwards_is_applied_when_its_beginning_comes(machine_of):
    left, right = machine_of(0), machine_of(1)
    for n in range(60):
        left.write(m.TRAINING_CLASS, CLASS, code=f"{n}")
    for entry in reversed(left.entries()[1:]):
        receive(right, entry)
    assert left.state() == right.state()
    assert pending(right).entries == 0


def test_an_entry_that_came_before_changes_nothing(pair):
    left, right = pair
    before = right.state()
    left.send(right)
    left.send(right, left.entries()[::-1])
    assert right.state() == before
    assert right.rows("SELECT count(*) FROM journal_entry") == left.rows("SELECT count(*) FROM journal_entry")


def test_an_altered_entry_is_refused_with_its_whole_page(machine):
    good = forge(stamp(1), [root(machine)], [made(C, CLASS, g1="A")])
    leaf = good.leaves[0]
    bad = SealedEntry(good.header, (Leaf(leaf.digest, leaf.salt, b"other"),))
    other = forge(stamp(2), [root(machine)], [made(C, SESSION, g1="B")])
    with pytest.raises(AppError) as caught:
        receive(machine, other, bad)
    assert caught.value.code == "ENTRY_ALTERED"
    assert len(machine.entries()) == 1


@pytest.mark.parametrize(("days", "applied"), [(6.9, True), (7.1, False)])
def test_a_stamp_over_seven_days_ahead_waits_with_its_device_named(machine, days, applied):
    ahead = stamp(0, int(days * 86_400_000))
    early = forge(ahead, [root(machine)], [made(C, CLASS, g1="A")])
    after = forge(stamp(3), [early.id], [edited(C, CLASS, [ahead], g1="B")])
    receive(machine, early, after)
    assert (machine.fields(m.TRAINING_CLASS, CLASS) is not None) is applied
    if applied:
        return
    reasons = {count.reason: (count.device, count.entries) for count in pending(machine).waiting}
    assert reasons == {waiting.STAMP_AHEAD: (DEVICES[1], 1), waiting.PARENTS_MISSING: (DEVICES[1], 1)}
    machine.write(m.SITE, TRAINEE, name="x")
    assert machine.rows("SELECT max(ms) FROM journal_entry")[0][0] < ahead.ms - 86_400_000
    machine.reopen()
    machine.clock.moment += timedelta(days=1)
    receive(machine)
    assert machine.fields(m.TRAINING_CLASS, CLASS)["code"] == "B"
    assert pending(machine).entries == 0


def test_the_next_own_stamp_is_later_than_every_foreign_one(machine):
    ahead = stamp(0, 6 * 86_400_000)
    receive(machine, forge(ahead, [root(machine)], [made(C, CLASS, g1="A")]))
    machine.reopen()
    machine.write(m.TRAINING_CLASS, CLASS, code="B")
    newest = machine.rows("SELECT ms, counter FROM journal_entry ORDER BY seq DESC LIMIT 1")
    assert newest == [(ahead.ms, 1)]
    assert machine.rows("SELECT count(*) FROM head") == [(0,)]


def test_a_second_entry_with_the_stamp_of_another_is_kept_apart(machine):
    first = forge(stamp(1), [root(machine)], [made(C, CLASS, g1="A")])
    second = forge(stamp(1), [root(machine)], [made(C, CLASS, g1="B")])
    receive(machine, first, second)
    assert machine.fields(m.TRAINING_CLASS, CLASS)["code"] == "A"
    assert [count.reason for count in pending(machine).waiting] == [waiting.STAMP_TAKEN]


# ------------------------------------------------------------------------------------------------ parking


def test_a_child_before_its_parent_parks_alone_and_comes_when_the_parent_does(machine):
    base = root(machine)
    child = forge(stamp(1), [base], [made(C, b"class 000000009.", g1="Z"), made(S, SESSION, g1=ORIGIN)])
    receive(machine, child)
    assert parked(machine) == [(S, SESSION, "PARENT_MISSING")]
    assert machine.fields(m.TRAINING_CLASS, b"class 000000009.") is not None
    receive(machine, forge(stamp(2), [base], [made(C, CLASS, g1="A")]))
    assert parked(machine) == []
    assert machine.fields(m.SESSION, SESSION) is not None


def test_a_parent_made_here_frees_what_was_parked(machine):
    receive(machine, forge(stamp(1), [root(machine)], [made(S, SESSION, g1=ORIGIN)]))
    with machine.workstation.unit_of_work("create_class", CLERK) as work:
        work.put(m.TRAINING_CLASS, CLASS, {"code": "A"})
    assert work.changed == {"training_class", "session"}
    assert parked(machine) == []
    assert machine.fields(m.SESSION, SESSION) is not None
    assert {found.code for found in machine.verify().findings} == {"ENTRY_UNSIGNED"}


def test_an_edit_before_the_record_is_made_ends_alike_in_any_order(machine_of):
    base = root(machine_of(0))
    entries = [
        forge(stamp(1), [base], [edited(C, CLASS, g1="edited")]),
        forge(stamp(2), [base], [made(C, CLASS, g1="made")]),
        forge(stamp(3), [base], [edited(C, CLASS, [stamp(1)], g1="after the edit")]),
    ]
    machine = all_orders_end_alike(machine_of, entries)
    assert machine.fields(m.TRAINING_CLASS, CLASS)["code"] == "after the edit"
    assert [row[0] for row in machine.rows("SELECT value FROM head")] == [encode("made")]


def test_descendants_of_a_parked_change_go_on_and_it_is_no_head_when_it_comes(machine_of):
    base = root(machine_of(0))
    other = b"class 000000002."
    first = forge(stamp(1), [base], [made(C, CLASS, g1="A"), made(12, EXAM, g1=[CLASS, "completion"])])
    moved = forge(stamp(2), [first.id], [edited(12, EXAM, [stamp(1)], g1=[other, "completion"])])
    back = forge(stamp(3), [moved.id], [edited(12, EXAM, [stamp(2)], g1=[CLASS, "level"])])
    late = forge(stamp(4), [base], [made(C, other, g1="B")])

    def check(machine):
        assert machine.fields(m.ASSESSMENT, EXAM)["kind"] == "level"

    machine = all_orders_end_alike(machine_of, [first, moved, back, late], check)
    assert machine.rows("SELECT count(*) FROM head") == [(0,)]
    assert parked(machine) == []


def test_concurrent_edits_beside_a_parked_one_do_not_wait_for_it(machine_of):
    base = root(machine_of(0))
    first = forge(stamp(1), [base], [made(C, CLASS, g1="A"), made(12, EXAM, g1=[CLASS, "completion"])])
    lost = forge(stamp(2), [first.id], [edited(12, EXAM, [stamp(1)], g1=[b"class 000000009.", "level"])])
    fine = forge(stamp(3), [first.id], [edited(12, EXAM, [stamp(1)], g1=[CLASS, "level"])])
    machine = all_orders_end_alike(machine_of, [first, lost, fine])
    assert parked(machine) == [(12, EXAM, "PARENT_MISSING")]
    assert machine.fields(m.ASSESSMENT, EXAM)["kind"] == "level"


@pytest.mark.parametrize(
    "change",
    [
        made(C, b"short", g1="A"),
        made(C, CLASS, g1=7),
        made(C, CLASS, g1=1.5),
        made(C, CLASS, g1=True),
        made(C, CLASS, g2=[b"p" * 16]),
        made(C, CLASS, g2=[None, None]),
        made(C, CLASS, g2=[None, 1 << 63]),
        made(C, CLASS, g4=["x", b"raw"]),
        made(S, SESSION),
        made(S, SESSION, g1=None),
        made(S, SESSION, g1=[None, "2020-11-09", "08:30"]),
        Change(C, CLASS, {0: GroupWrite((), None, 0), -1: GroupWrite((), None, 1)}),
        Change(C, CLASS, {0: GroupWrite((), None, 0), 1 << 31: GroupWrite((), None, 1)}),
    ],
)
def test_what_makes_no_sense_parks_alone_and_the_rest_goes_on(machine, change):
    entry = forge(stamp(1), [root(machine)], [change, made(T, TRAINEE, g1="x")])
    receive(machine, entry)
    receive(machine, forge(stamp(2), [entry.id], [edited(T, TRAINEE, [stamp(1)], g1="y")]))
    assert [(row[0], row[2]) for row in parked(machine)] == [(change.entity, "INAPPLICABLE")]
    assert machine.fields(m.TRAINEE, TRAINEE)["name"] == "y"
    assert {found.code for found in machine.verify().findings} == {"ENTRY_UNSIGNED"}


def test_a_bug_in_folding_parks_only_the_change_that_meets_it(machine, monkeypatch):
    from desktop_app.store import folding

    group_fields = folding.group_fields

    def broken(group, value):
        if value == "bug":
            raise KeyError(value)
        return group_fields(group, value)

    monkeypatch.setattr(folding, "group_fields", broken)
    changes = [made(C, b"class %09d." % n, g1="bug" if n == 2 else "fine") for n in range(5)]
    receive(machine, forge(stamp(1), [root(machine)], changes))
    assert parked(machine) == [(C, b"class 000000002.", "INAPPLICABLE")]
    assert machine.state().records["training_class"] == 4
    monkeypatch.setattr(folding, "group_fields", group_fields)
    receive(machine)
    assert parked(machine) == []
    assert machine.fields(m.TRAINING_CLASS, b"class 000000002.")["code"] == "bug"


def test_a_leaf_that_cannot_be_read_parks_and_the_others_go_on(machine):
    entry = forge(stamp(1), [root(machine)], [made(C, CLASS, g1="A")], [encode(["what", "is", "this"])])
    receive(machine, entry)
    assert parked(machine) == [(0, (1).to_bytes(4, "big"), "LEAF_UNREADABLE")]
    assert machine.fields(m.TRAINING_CLASS, CLASS)["code"] == "A"
    receive(machine)
    assert pending(machine).parked == 1
    assert {found.code for found in machine.verify().findings} == {"ENTRY_UNSIGNED"}


# --------------------------------------------------------------------------------------- newer versions


def test_an_unknown_entity_is_kept_counted_and_travels_on(machine_of):
    left, right = machine_of(0), machine_of(1)
    first = forge(stamp(1), [root(left)], [made(999, b"k", g1={"new": [1, b"x"]})])
    left_write = forge(stamp(2), [first.id], [edited(999, b"k", [stamp(1)], g1="a")])
    right_write = forge(stamp(3), [first.id], [edited(999, b"k", [stamp(1)], g1="b")])
    receive(left, first, left_write, right_write)
    before = left.state()
    assert before.records["entity 999"] == 1
    left.send(right)
    assert right.state() == before
    receive(
        right,
        forge(stamp(4), [left_write.id, right_write.id], [edited(999, b"k", [stamp(2), stamp(3)], g1="c")]),
    )
    assert right.state().digest != before.digest
    assert [row[0] for row in right.rows("SELECT value FROM head WHERE grp = 1")] == [encode("c")]


def test_an_unknown_group_is_kept_counted_and_travels_on(pair):
    left, right = pair
    tip = left.entries()[-1].id
    before = left.state()
    receive(left, forge(stamp(9), [tip], [edited(T, TRAINEE, g77=["new", 1])]))
    assert left.state().digest != before.digest
    assert left.state().records == before.records
    assert left.values().digest == right.values().digest
    left.send(right)
    assert left.state() == right.state()
    left.delete(m.ENROLMENT, CLASS + TRAINEE)
    left.delete(m.TRAINEE, TRAINEE)
    assert left.fields(m.TRAINEE, TRAINEE) is None
    left.send(right)
    assert right.fields(m.TRAINEE, TRAINEE) is None


# ---------------------------------------------------------------------------------------- late leaves


def pieces(entry):
    """The entry as it comes in pages: each piece with one leaf."""
    gone = [Leaf(leaf.digest, None, None) for leaf in entry.leaves]
    return [
        SealedEntry(entry.header, (*gone[:n], leaf, *gone[n + 1 :])) for n, leaf in enumerate(entry.leaves)
    ]


def test_a_large_entry_is_applied_leaf_by_leaf_and_counts_as_waiting_until_its_last(machine):
    entry = forge(stamp(1), [root(machine)], [made(T, bytes([n]) * 16, g1=f"n{n}") for n in range(3)])
    for n, piece in enumerate(pieces(entry)):
        receive(machine, piece)
        assert pending(machine).partial == (n < 2)
        assert machine.state().records["trainee"] == n + 1
    assert machine.entries()[-1] == entry
    assert {found.code for found in machine.verify().findings} == {"ENTRY_UNSIGNED"}


def test_pieces_and_successors_end_alike_in_any_order(machine_of):
    base = root(machine_of(0))
    big = forge(stamp(1), [base], [made(C, CLASS, g1="A"), made(S, SESSION, g1=ORIGIN, g2=1)])
    later = forge(
        stamp(2), [big.id], [edited(S, SESSION, [stamp(1)], g2=2), edited(C, CLASS, [stamp(1)], g1="B")]
    )
    machine = all_orders_end_alike(machine_of, [*pieces(big), later])
    assert machine.fields(m.SESSION, SESSION)["number"] == 2
    assert machine.fields(m.TRAINING_CLASS, CLASS)["code"] == "B"
    assert machine.rows("SELECT count(*) FROM head") == [(0,)]


def test_a_begun_entry_is_a_parent_of_what_is_written_next(machine):
    entry = forge(stamp(1), [root(machine)], [made(T, bytes([n]) * 16, g1="x") for n in range(2)])
    receive(machine, pieces(entry)[0])
    machine.write(m.TRAINING_CLASS, CLASS, code="A")
    assert len(machine.rows("SELECT * FROM frontier")) == 1
    receive(machine, pieces(entry)[1])
    assert machine.state().records["trainee"] == 2
