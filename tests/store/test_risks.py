"""Risk flags: every planted fraud is found, honest classes raise nothing, and what a change touches is enough."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest

from desktop_app.domain import records as m
from desktop_app.domain.risk.kinds import BLOCKING, RiskKind
from desktop_app.store import risks
from desktop_app.store.queries import risks as queries
from tests.factories import honest_store, planted_frauds
from tests.factories.workstations import Machine

EACH = 4
LEFT_OUT = (RiskKind.PHONE_SHARED, RiskKind.SCORES_EQUAL)
TEN = [kind for kind in planted_frauds.PLANTINGS if kind not in LEFT_OUT]
CLASSES = 100


@pytest.fixture
def machine(tmp_path):
    made = Machine(tmp_path, 0)
    yield made
    made.close()


def flags(machine):
    with machine.workstation.read() as sql:
        return queries.flags(sql)


def snapshot(machine):
    return {
        table: set(machine.rows(f"SELECT * FROM {table}"))
        for table in ("risk_flag", "risk_subject", "risk_grid")
    }


def classes_of(machine, flag):
    """The classes that a flag speaks of, by its evidence."""
    found = {flag.class_id}
    for entity, key in flag.subjects:
        if entity == m.TRAINING_CLASS.number:
            found.add(key)
        elif entity == m.SESSION.number:
            found.update(row[0] for row in machine.rows("SELECT class_id FROM session WHERE id = ?", key))
        elif entity == m.TRAINEE.number:
            rows = machine.rows("SELECT class_id FROM enrolment WHERE trainee_id = ?", key)
            found.update(row[0] for row in rows)
    return found


def test_all_forty_planted_frauds_of_ten_kinds_are_found(machine):
    planted = planted_frauds.plant(machine, TEN, EACH)
    assert (len(planted), len(TEN)) == (40, 10)
    found = flags(machine)
    missed = [
        (kind, class_id)
        for kind, class_id in planted
        if not any(one.kind == kind and class_id in classes_of(machine, one) for one in found)
    ]
    assert missed == []
    blocking = Counter(one.kind for one in found if one.blocks)
    assert set(blocking) == {kind.value for kind in TEN if kind in BLOCKING}
    incremental = snapshot(machine)
    with machine.workstation.database.writer() as sql:
        risks.rebuild(sql)
    assert snapshot(machine) == incremental


def test_honest_classes_raise_no_blocking_flag_and_next_to_no_pattern(machine):
    made = honest_store.fill(machine, CLASSES)
    found = flags(machine)
    assert [one.facts for one in found if one.blocks] == []
    assert len(found) <= len(made) // 100
    with machine.workstation.database.writer() as sql:
        risks.rebuild(sql)
    assert flags(machine) == found


def evidence(flag, entity):
    """The first record of a kind that a flag names."""
    return next(key for number, key in flag.subjects if number == entity.number)


def _clear_mark(machine, flag, _class_id):
    key = evidence(flag, m.SESSION) + evidence(flag, m.TRAINEE)
    machine.write(m.MARK, key, status=None, lost_hours=None, reason=None)


def _unname_teacher(machine, flag, _class_id):
    machine.write(m.SESSION, evidence(flag, m.SESSION), teachers=[])


def _change_one_cell(machine, _flag, class_id):
    session = machine.rows("SELECT id FROM session WHERE class_id = ?", class_id)[0][0]
    person = machine.rows("SELECT trainee_id FROM enrolment WHERE class_id = ?", class_id)[0][0]
    machine.write(m.MARK, session + person, status="early", lost_hours=1)


def _attach_sheets(machine, _flag, class_id):
    for (session,) in machine.rows("SELECT id FROM session WHERE class_id = ?", class_id):
        scan = {"owner": "session", "owner_key": session, "kind": "sign_in", "digest": session * 2}
        machine.write(m.ATTACHMENT, honest_store.key("scan", session), **scan)


def _mark_again(machine, flag, _class_id):
    machine.clock.forward(days=1)
    for person in flag.people:
        machine.write(m.MARK, evidence(flag, m.SESSION) + person, status="late", lost_hours=1)


def _correct_score(machine, flag, _class_id):
    exam = evidence(flag, m.ASSESSMENT)
    person = machine.rows("SELECT trainee_id FROM score WHERE assessment_id = ?", exam)[0][0]
    machine.write(m.SCORE, exam + person, theory=845)


def _take_phones(machine, flag, _class_id):
    for person in flag.people[:2]:
        machine.write(m.TRAINEE, person, phone=None)


def _change_accounts(machine, flag, class_id):
    for place, person in enumerate(flag.people[1:]):
        machine.write(m.CLAIM_LINE, class_id + b"\0\2\2\1" + person, account=f"6222{place}")


CORRECTIONS = {
    RiskKind.CERTIFICATE_TWICE: lambda machine, flag, _: machine.delete(
        m.CERTIFICATE, evidence(flag, m.CERTIFICATE)
    ),
    RiskKind.PERSON_TWICE: _clear_mark,
    RiskKind.TEACHER_TWICE: _unname_teacher,
    RiskKind.MARK_OUTSIDE: _clear_mark,
    RiskKind.ACCOUNT_SHARED: _change_accounts,
    RiskKind.NO_ABSENCE: _attach_sheets,
    RiskKind.SAME_GRID: _change_one_cell,
    RiskKind.MARKED_BEFORE: _mark_again,
    RiskKind.KEYED_AFTER: _attach_sheets,
    RiskKind.PHOTO_TWICE: lambda machine, flag, _: machine.delete(m.ATTACHMENT, evidence(flag, m.ATTACHMENT)),
    RiskKind.SCORES_EQUAL: _correct_score,
    RiskKind.PHONE_SHARED: _take_phones,
}


@pytest.mark.parametrize("kind", planted_frauds.PLANTINGS)
def test_a_fraud_is_seen_at_once_and_no_more_once_it_is_corrected(machine, kind):
    ((_, class_id),) = planted_frauds.plant(machine, [kind], 1)
    found = [one for one in flags(machine) if one.kind == kind]
    assert found
    assert all(one.is_open and one.blocks == (kind in BLOCKING) for one in found)
    while found:
        CORRECTIONS[kind](machine, found[0], class_id)
        before, found = found, [one for one in flags(machine) if one.kind == kind]
        assert len(found) < len(before)


def test_whole_class_pressed_on_the_day_and_signed_sheets_raise_nothing(machine):
    pressed = planted_frauds.course(machine, 1)
    for day, session in zip(pressed.days, pressed.sessions, strict=True):
        machine.clock.moment = planted_frauds.moment(day, 14, 5)
        planted_frauds.put_marks(machine, session, pressed.people, ["present"] * 10, "mark_class")
    keyed = planted_frauds.course(machine, 2)
    machine.clock.moment = planted_frauds.moment(keyed.days[-1] + timedelta(days=5), 20)
    for session in keyed.sessions:
        scan = {"owner": "session", "owner_key": session, "kind": "sign_in", "digest": session * 2}
        machine.write(m.ATTACHMENT, honest_store.key("scan", session), **scan)
        planted_frauds.put_marks(machine, session, keyed.people, ["present"] * 10, "mark_from_sheet")
    assert flags(machine) == []


def test_a_class_rewritten_in_one_sitting_after_its_end_is_named_by_each_way_of_looking(machine):
    of = planted_frauds.course(machine, 1)
    for day, session in zip(of.days, of.sessions, strict=True):
        machine.clock.moment = planted_frauds.moment(day, 14, 5)
        planted_frauds.put_marks(machine, session, of.people, ["absent", *["present"] * 9])
    assert flags(machine) == []
    machine.clock.moment = planted_frauds.moment(of.days[-1] + timedelta(days=2), 20)
    for session in of.sessions:
        planted_frauds.put_marks(machine, session, of.people, ["present", "absent", *["late"] * 8])
    found = flags(machine)
    assert [one.kind for one in found] == [RiskKind.KEYED_AFTER]
    incremental = snapshot(machine)
    with machine.workstation.database.writer() as sql:
        risks.rebuild(sql)
    assert snapshot(machine) == incremental


def test_a_change_of_one_person_rewrites_nothing_that_a_flag_says_of_the_others(machine):
    planted_frauds.plant(machine, [RiskKind.PHONE_SHARED], 1)
    (flag,) = flags(machine)
    noted = []
    with machine.workstation.database.writer() as sql:
        raw = sql.connection.driver_connection
    raw.set_trace_callback(noted.append)
    machine.write(m.TRAINEE, flag.people[0], name="另一名")
    unchanged = [one for one in noted if "risk_subject" in one and not one.startswith("SELECT")]
    noted.clear()
    machine.write(m.TRAINEE, flag.people[0], phone="13811112222")
    raw.set_trace_callback(None)
    assert unchanged == []
    assert [one.split()[0] for one in noted if "risk_subject" in one and not one.startswith("SELECT")] == [
        "DELETE"
    ]
    assert flags(machine)[0].people == tuple(sorted(flag.people[1:]))


def test_two_workstations_find_the_same_whatever_the_order(machine, tmp_path):
    planted_frauds.plant(machine, [RiskKind.PERSON_TWICE, RiskKind.MARK_OUTSIDE, RiskKind.KEYED_AFTER], 1)
    other = Machine(tmp_path, 1)
    try:
        other.clock.moment = machine.clock.moment
        machine.send(other)
        assert snapshot(other) == snapshot(machine)
        assert len(flags(other)) >= 3
        assert machine.verify().ok
    finally:
        other.close()


def test_an_older_entry_that_comes_later_does_not_hide_a_class_keyed_after_its_end(machine, tmp_path):
    """Entries are numbered as they come: the one numbered last may be older than the end of the class."""
    of = planted_frauds.course(machine, 1)
    other = Machine(tmp_path, 1)
    try:
        other.clock.moment = planted_frauds.moment(of.days[0], 8)
        machine.send(other)
        other.write(m.SESSION, of.sessions[0], content="安全")
        machine.clock.moment = planted_frauds.moment(of.days[-1] + timedelta(days=2), 20)
        for session in of.sessions:
            planted_frauds.put_marks(machine, session, of.people, ["absent", *["present"] * 9])
        found = flags(machine)
        assert [one.kind for one in found] == [RiskKind.KEYED_AFTER]
        other.send(machine)
        assert flags(machine) == found
    finally:
        other.close()


def test_a_mark_of_somebody_who_is_not_enrolled_is_named_by_each_way_of_looking(machine):
    of = planted_frauds.course(machine, 1)
    stranger = planted_frauds.named("stranger")
    machine.write(m.TRAINEE, stranger, name="外来人")
    machine.write(m.MARK, of.sessions[0] + stranger, status="present", lost_hours=0)
    (found,) = [one for one in flags(machine) if one.kind == RiskKind.MARK_OUTSIDE]
    assert (found.people, found.blocks) == ((stranger,), True)
    incremental = snapshot(machine)
    with machine.workstation.database.writer() as sql:
        risks.rebuild(sql)
    assert snapshot(machine) == incremental


def test_verify_names_a_flag_that_was_taken_away_behind_the_products_back(machine):
    planted_frauds.plant(machine, [RiskKind.MARK_OUTSIDE], 1)
    machine.workstation.sign_tips()
    assert machine.verify().ok
    machine.execute("DELETE FROM risk_flag")
    assert {one.entity for one in machine.verify().findings} == {"risk_flag"}


def test_open_blocking_flags_are_those_of_the_person_and_of_the_class(machine):
    ((_, class_id),) = planted_frauds.plant(machine, [RiskKind.MARK_OUTSIDE], 1)
    found = next(one for one in flags(machine) if one.blocks)
    (person,) = found.people
    other = random.Random(1).choice(
        machine.rows(
            "SELECT trainee_id FROM enrolment WHERE class_id = ? AND trainee_id <> ?", class_id, person
        )
    )[0]
    with machine.workstation.read() as sql:
        assert queries.open_blocking_flags(sql, trainee_id=person) == [found]
        assert queries.open_blocking_flags(sql, class_id=class_id) == [found]
        assert queries.open_blocking_flags(sql, trainee_id=other) == []
    machine.write(m.FLAG_DISPOSAL, found.id, kind=found.kind, decision="confirmed", disposed_on="2020-12-01")
    with machine.workstation.read() as sql:
        assert [one.id for one in queries.open_blocking_flags(sql, trainee_id=person)] == [found.id]
    machine.write(m.FLAG_DISPOSAL, found.id, decision="cleared")
    with machine.workstation.read() as sql:
        assert queries.open_blocking_flags(sql, trainee_id=person) == []


def test_another_limit_lowers_and_raises_flags_at_once(machine):
    planted_frauds.plant(machine, [RiskKind.PHONE_SHARED], 1)
    found = flags(machine)
    assert [one.kind for one in found] == [RiskKind.PHONE_SHARED]
    value = b"limit-of-phones!"
    machine.write(m.POLICY_VALUE, value, parameter="risk_phone_people", since="2020-01-01", value=[7])
    assert flags(machine) == []
    machine.delete(m.POLICY_VALUE, value)
    assert flags(machine) == found
