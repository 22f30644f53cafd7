"""What verify names, and what it leaves alone: erased leaves, late signatures, entries that wait."""

from __future__ import annotations

import pytest

from desktop_app.domain import records as m
from desktop_app.domain.errors import AppError
from desktop_app.store import projections, signatures, verifying
from desktop_app.store.signatures import TipSignature
from tests.factories.workstations import CLERK, DEVICES, PRIVATE_KEYS, exchange
from tests.store.conftest import CLASS, SESSION, TRAINEE
from tests.store.forged_entries import edited, forge, made, stamp


def codes(machine):
    return sorted({found.code for found in machine.verify().findings})


def test_an_honest_store_holds_and_counts_its_entries(pair):
    left, right = pair
    assert left.verify() == verifying.Verification(2, ())
    assert right.verify() == verifying.Verification(2, ())


def test_own_newest_entries_need_no_signature_yet_foreign_ones_do(pair):
    left, right = pair
    left.write(m.TRAINEE, TRAINEE, name="改")
    assert left.verify().ok
    right.workstation.receive(left.entries())
    (finding,) = right.verify().findings
    assert (finding.code, finding.entry) == (verifying.ENTRY_UNSIGNED, left.entries()[-1].id.hex())
    left.send(right)
    assert right.verify().ok


def test_one_signature_covers_all_ancestors(pair):
    left, right = pair
    right.workstation.sign_tips()
    for n in range(5):
        left.write(m.TRAINEE, TRAINEE, name=f"n{n}")
    assert left.workstation.sign_tips() == 1
    assert left.workstation.sign_tips() == 0
    left.send(right)
    assert right.verify().ok


def test_an_own_entry_that_others_have_built_on_is_still_signed_by_its_author(pair):
    left, right = pair
    left.write(m.TRAINEE, TRAINEE, name="左")
    right.workstation.receive(left.entries())
    right.write(m.TRAINEE, TRAINEE, name="右")
    left.workstation.receive(right.entries())
    assert left.workstation.sign_tips() == 1
    exchange(pair)
    assert left.verify().ok
    assert right.verify().ok


def test_a_device_does_not_vouch_for_others_in_its_own_store(pair):
    left, right = pair
    left.write(m.TRAINEE, TRAINEE, name="左")
    right.workstation.receive(left.entries())
    right.write(m.TRAINEE, TRAINEE, name="右")
    assert right.workstation.sign_tips() == 1
    assert codes(right) == [verifying.ENTRY_UNSIGNED]


def test_a_signature_that_does_not_fit_is_refused_on_receipt(pair):
    left, right = pair
    tip = left.entries()[-1].id
    wrong = TipSignature(tip, DEVICES[0], b"\0" * 64)
    right.execute("DELETE FROM signature")
    with pytest.raises(AppError) as caught:
        right.workstation.receive([], [wrong])
    assert caught.value.code == "SIGNATURE_WRONG"


def test_a_signature_of_an_unknown_device_is_kept_and_named(pair):
    left, _ = pair
    left.workstation.receive([], [TipSignature(left.entries()[-1].id, b"stranger 000001.", b"\0" * 64)])
    assert codes(left) == [verifying.SIGNATURE_WRONG]


def test_a_signature_over_an_entry_that_waits_is_no_finding(machine):
    first = forge(stamp(1), [machine.entries()[0].id], [made(7, CLASS, g1="A")])
    second = forge(stamp(2), [first.id], [edited(7, CLASS, [stamp(1)], g1="B")])
    key = signatures.Ed25519PrivateKey.from_private_bytes(PRIVATE_KEYS[1])
    tip = TipSignature(second.id, DEVICES[1], key.sign(b"training-client journal tip\0" + second.id))
    machine.workstation.receive([second], [tip])
    assert machine.verify().ok
    machine.workstation.receive([first])
    assert machine.verify().ok
    assert machine.verify().entries == 3


def test_keys_of_devices():
    assert signatures.public_key(PRIVATE_KEYS[0]) != signatures.public_key(PRIVATE_KEYS[1])
    assert len(signatures.new_private_key()) == 32
    assert not signatures.is_genuine(b"entry", b"short", b"no key")


# ------------------------------------------------------------------------------------------------ erasing


def leaf_of(machine, text):
    """Where a text stands in the journal: entry number and leaf number."""
    with machine.workstation.read() as sql:
        from desktop_app.store.journal import JournalStore

        journal = JournalStore(sql)
        for seq in journal.sequence():
            for n, leaf in enumerate(journal.entry(seq).leaves):
                if leaf.body is not None and text.encode() in leaf.body:
                    yield seq, n


def erase(machine, text):
    found = list(leaf_of(machine, text))
    for seq, n in found:
        machine.execute("UPDATE journal_leaf SET body = NULL WHERE seq = ? AND n = ?", seq, n)
    return len(found)


def test_a_reason_can_be_erased_alone(pair):
    left, right = pair
    with left.workstation.unit_of_work("edit", CLERK) as work:
        work.reason = "家庭情况"
        work.put(m.TRAINEE, TRAINEE, {"sex": "female"})
    assert left.verify().ok
    assert erase(left, "家庭情况") == 1
    assert left.verify() == verifying.Verification(3, (), erased_leaves=1)
    left.send(right)
    assert right.verify().ok
    assert right.fields(m.TRAINEE, TRAINEE)["sex"] == "female"


def test_one_person_can_be_erased_alone_and_the_graph_still_verifies(pair):
    left, _ = pair
    left.write(m.MARK, SESSION + TRAINEE, status="present", lost_hours=0)
    left.write(m.TRAINEE, TRAINEE, name="王晓明", phone="13800000000")
    with left.workstation.unit_of_work("add", CLERK) as work:
        work.put(m.TRAINEE, b"trainee 0000002.", {"name": "李华"})
        work.put(m.TRAINEE, b"trainee 0000003.", {"name": "赵敏"})
    assert erase(left, "王小明") == 1 + 1  # where it was made, and as the old value of the edit
    assert erase(left, "李华") == 1
    left.execute("UPDATE trainee SET name = NULL, phone = NULL, later = NULL WHERE id = ?", TRAINEE)
    left.execute("UPDATE trainee SET name = NULL WHERE id = ?", b"trainee 0000002.")
    assert codes(left) == [verifying.LIST_DIFFERS]  # the lists and the search still tell them
    with left.workstation.database.writer() as sql:
        projections.rebuild(sql)
    verification = left.verify()
    assert verification.ok, verification.findings
    assert verification.erased_leaves == 3
    left.execute("UPDATE trainee SET name = '赵敏敏' WHERE id = ?", b"trainee 0000003.")
    assert codes(left) == [verifying.ROW_ALTERED]


def test_a_leaf_cut_while_the_person_is_still_there_is_named(pair):
    left, _ = pair
    erase(left, "王小明")
    assert codes(left) == [verifying.ROW_UNPROVED]


def test_a_cut_leaf_without_persons_is_named_by_its_rows(pair):
    left, _ = pair
    left.write(m.MARK, SESSION + TRAINEE, status="present", lost_hours=0)
    assert erase(left, "present") == 1
    assert codes(left) == [verifying.ROW_ALTERED]


def test_verify_after_conflicts_deletions_and_restores(pair):
    left, right = pair
    backup = right.back_up()
    left.delete(m.ENROLMENT, CLASS + TRAINEE)
    right.write(m.ENROLMENT, CLASS + TRAINEE, number=9)
    exchange(pair)
    right.restore(backup)
    exchange(pair)
    assert left.verify().ok
    assert right.verify().ok


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE trainee SET later = 'text where bytes belong'",
        "UPDATE session SET teachers = 'no list'",
        "UPDATE trainee SET id = 'text where a key belongs'",
    ],
)
def test_a_row_that_cannot_even_be_read_is_named(pair, damage):
    left, _ = pair
    left.write(m.TRAINEE, TRAINEE, name="左")
    with left.workstation.database.writer() as sql:
        sql.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        sql.exec_driver_sql("DELETE FROM mark")
        sql.exec_driver_sql("DELETE FROM enrolment")
        sql.exec_driver_sql(damage)
    found = left.verify().findings
    assert (verifying.ROW_ALTERED, damage.split()[1]) in {(one.code, one.entity) for one in found}
