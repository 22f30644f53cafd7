"""What is personal of an erased person is gone on every workstation, whichever way and whenever it comes again."""

from __future__ import annotations

from desktop_app.domain import records as m
from desktop_app.services.erasures import put_dropped
from desktop_app.store import erasing
from tests.factories.workstations import CLERK, Machine, exchange
from tests.store.conftest import CLASS, SESSION, TRAINEE

WISH = b"willingness 0001"
SCAN = b"attachment 00001"
SECRETS = ("王小明", "13800001111", "珞喻路99号", "就业创业证001", "家中有事")


def fill(machine: Machine) -> None:
    """Give the person what is personal in several kinds of records."""
    machine.write(m.TRAINEE, TRAINEE, phone="13800001111", address="珞喻路99号")
    machine.write(m.ENROLMENT, CLASS + TRAINEE, evidence_kind="card", evidence_number="就业创业证001")
    with machine.workstation.unit_of_work("record_willingness", CLERK) as work:
        work.reason = "家中有事"
        work.put(m.WILLINGNESS, WISH, {"trainee_id": TRAINEE, "trade": "电工", "reason": "家中有事"})
    file = {
        "digest": b"\7" * 32,
        "media_type": "image/jpeg",
        "size": 9,
        "pages": 1,
        "file_name": "王小明.jpg",
    }
    machine.write(
        m.ATTACHMENT,
        SCAN,
        owner="enrolment",
        owner_key=CLASS + TRAINEE,
        kind="card",
        number="就业创业证001",
        **file,
    )


def erase(machine: Machine, who: bytes = TRAINEE) -> None:
    with machine.workstation.unit_of_work("confirm_deletion", CLERK) as work:
        found = erasing.find(work.sql, who)
        leaves = sorted({digest.hex() for digest in found.leaves})
        work.put(
            m.ERASURE,
            who,
            {
                "certificate": "删除〔2030〕1号",
                "leaves": leaves,
                "remains": found.remains,
                "records": len(found.records),
            },
        )


def personal(machine: Machine) -> list[object]:
    """Everything that the tables and the journal of a store still say, as text."""
    said: list[object] = []
    for entity in (m.TRAINEE, m.ENROLMENT, m.WILLINGNESS, m.ATTACHMENT, m.FLAG_DISPOSAL):
        said += machine.rows(f'SELECT * FROM "{entity.name}"')
    said += machine.rows("SELECT value FROM head")
    said += machine.rows("SELECT groups FROM parked_change")
    for entry in machine.entries():
        said += [leaf.body for leaf in entry.leaves]
    return said


def assert_gone(machine: Machine) -> None:
    text = repr(personal(machine)) + "".join(
        one.decode("utf-8", "ignore") for one in personal(machine) if isinstance(one, bytes)
    )
    assert not [secret for secret in SECRETS if secret in text]
    assert machine.verify().ok


def test_an_erasure_drops_values_leaves_and_reasons_but_keeps_the_rest(pair):
    left, _ = pair
    fill(left)
    erase(left)
    assert_gone(left)
    assert left.fields(m.TRAINEE, TRAINEE)["sex"] == "male"
    assert left.fields(m.ENROLMENT, CLASS + TRAINEE)["number"] == 1
    assert left.rows("SELECT owner, digest FROM attachment") == [("enrolment", None)]
    assert left.rows("SELECT records FROM erasure") == [(4,)]


def test_replicas_agree_whichever_came_first(pair):
    left, right = pair
    fill(left)
    left.send(right)
    right.write(m.TRAINEE, TRAINEE, phone="13900002222")
    erase(left)
    exchange(pair)
    for machine in pair:
        assert_gone(machine)
        assert machine.fields(m.TRAINEE, TRAINEE)["phone"] is None
        assert "13900002222" not in repr(personal(machine))
    assert left.state() == right.state()


def test_what_is_written_of_an_erased_person_does_not_stay(pair):
    left, _ = pair
    fill(left)
    erase(left)
    left.write(m.TRAINEE, TRAINEE, name="王小明", ethnicity="01")
    left.write(m.WILLINGNESS, b"willingness 0002", trainee_id=TRAINEE, trade="焊工", reason="家中有事")
    assert_gone(left)
    assert left.fields(m.TRAINEE, TRAINEE)["ethnicity"] is None
    assert left.rows("SELECT trade FROM willingness") == [("电工",)]


def test_a_workstation_that_joins_later_waits_for_nothing_that_was_erased(machine_of, pair):
    left, _ = pair
    left.write(m.MARK, SESSION + TRAINEE, status="present", lost_hours=0)
    fill(left)
    erase(left)
    third = machine_of(2)
    left.send(third)
    assert third.rows("SELECT status FROM mark") == [("present",)]
    assert third.rows("SELECT count(*) FROM parked_change") == [(0,)]
    assert_gone(third)
    assert third.rows("SELECT count(*) FROM journal_entry WHERE state <> 0") == [(0,)]
    assert third.state() == left.state()


def name_dropped(machine: Machine) -> None:
    """What the schedule does before entries are handed to others."""
    with machine.workstation.unit_of_work("replay_erasures") as work:
        put_dropped(work)


def assert_waits_for_nothing(machine: Machine) -> None:
    assert machine.rows("SELECT count(*) FROM journal_entry WHERE state <> 0") == [(0,)]
    assert machine.rows("SELECT count(*) FROM waiting_entry") == [(0,)]
    assert machine.verify().ok


def test_who_joins_later_waits_for_nothing_that_was_written_beside_an_erasure(machine_of, pair):
    """What a colleague wrote without knowing of it is named by whoever drops it."""
    left, right = pair
    fill(left)
    left.send(right)
    right.write(m.TRAINEE, TRAINEE, phone="13900002222")
    erase(left)
    exchange(pair)
    for machine in pair:
        name_dropped(machine)
    exchange(pair)
    third = machine_of(2)
    left.send(third)
    assert_waits_for_nothing(third)
    assert_gone(third)
    assert third.state() == left.state() == right.state()


def test_nobody_waits_for_what_is_written_of_an_erased_person_and_dropped_at_once(pair):
    left, right = pair
    fill(left)
    erase(left)
    left.write(m.TRAINEE, TRAINEE, name="王小明", ethnicity="01")
    left.send(right)
    assert right.rows("SELECT count(*) FROM journal_entry WHERE state <> 0") == [(1,)]
    name_dropped(left)
    left.send(right)
    assert_waits_for_nothing(right)
    count = len(left.entries())
    name_dropped(left)
    assert len(left.entries()) == count
    assert left.state() == right.state()


def test_two_that_name_at_once_name_again_until_all_is_named(machine_of, pair):
    left, right = pair
    fill(left)
    left.send(right)
    erase(left)
    exchange(pair)
    for machine, name in ((left, "王小明"), (right, "王小朋")):
        machine.write(m.TRAINEE, TRAINEE, name=name)
        name_dropped(machine)
    for _ in range(2):
        exchange(pair)
        for machine in pair:
            name_dropped(machine)
    exchange(pair)
    third = machine_of(2)
    right.send(third)
    for machine in (left, right, third):
        assert_waits_for_nothing(machine)
    assert third.state() == left.state()


def test_what_was_decided_on_a_flag_stays_without_the_names_in_it(pair):
    left, right = pair
    fill(left)
    flag = b"flag 00000000001"
    facts = {"facts": [["name", "王小明"]], "people": [TRAINEE.hex()], "reason": "家中有事"}
    left.write(m.FLAG_DISPOSAL, flag, kind="mark_outside", decision="cleared", authority="head", **facts)
    left.send(right)
    erase(left)
    exchange(pair)
    for machine in pair:
        assert_gone(machine)
        found = machine.fields(m.FLAG_DISPOSAL, flag)
        assert [found[name] for name in ("decision", "facts", "people", "reason")] == [
            "cleared",
            None,
            None,
            None,
        ]
    right.write(m.FLAG_DISPOSAL, flag, facts=[["name", "王小明"]], people=[TRAINEE.hex()])
    assert_gone(right)


def test_a_file_of_results_goes_with_the_last_whom_it_names(pair):
    left, right = pair
    exam, file, other = b"assessment 00001", b"attachment 00002", b"trainee 0000002."
    left.write(m.TRAINEE, other, name="李大为")
    left.write(m.ASSESSMENT, exam, class_id=CLASS, kind="level")
    for person in (TRAINEE, other):
        left.write(m.SCORE, exam + person, theory=800)
    kept = {
        "digest": b"\7" * 32,
        "media_type": "text/csv",
        "size": 9,
        "pages": 1,
        "file_name": "王小明等.csv",
    }
    left.write(m.ATTACHMENT, file, owner="assessment", owner_key=exam, kind="result_file", **kept)
    left.send(right)
    erase(left)
    assert left.fields(m.ATTACHMENT, file)["file_name"] == "王小明等.csv"
    with left.workstation.read() as sql:
        assert erasing.find(sql, other).files == {b"\7" * 32}
    erase(left, other)
    exchange(pair)
    for machine in pair:
        assert_gone(machine)
        assert machine.fields(m.ATTACHMENT, file)["digest"] is None
    assert left.state() == right.state()


def test_others_in_the_class_keep_everything(pair):
    left, _ = pair
    other = b"trainee 0000002."
    left.write(m.TRAINEE, other, name="李大为", phone="13700003333")
    fill(left)
    erase(left)
    assert left.fields(m.TRAINEE, other)["name"] == "李大为"
    assert left.fields(m.TRAINEE, other)["phone"] == "13700003333"
    assert left.verify().ok
