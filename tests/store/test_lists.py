"""The counts and lists kept beside the records: right after every command, undo, deletion and foreign entry."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta

import pytest

from desktop_app.domain import records as m
from desktop_app.domain.attendance import MarkStatus
from desktop_app.store import projections
from tests.factories.workstations import Machine, exchange, session_fields, session_key
from tests.store import list_oracle
from tests.store.conftest import CLASS, SESSION, TRAINEE

CLASSES = [b"class 00000000%d." % n for n in range(1, 4)]
PEOPLE = [b"trainee 000000%d." % n for n in range(1, 6)]
TEACHERS = [b"teacher 000000%d." % n for n in range(1, 3)]
ASSESSMENTS = [b"assessment 0001%d" % n for n in range(2)]
DAYS = range(9, 14)
STEPS = 60
EXAMPLES = 6

STATES = ("attending", "enrolled", "refused", "applied", "withdrawn", None)


def _write(machine: Machine, rng: random.Random, done: list[bytes]) -> str:
    """Do one thing to a random record; return what it was."""
    class_id, person, day = rng.choice(CLASSES), rng.choice(PEOPLE), rng.choice(DAYS)
    session, assessment = session_key(class_id, day), rng.choice(ASSESSMENTS)
    entity, key, fields = rng.choice(_WRITES)(rng, class_id, person, day, session, assessment)
    act = rng.choice(("write", "write", "write", "write", "delete", "undo"))
    if act == "undo" and done:
        machine.undo(done.pop())
    elif act == "delete" and machine.fields(entity, key) is not None:
        done.append(machine.delete(entity, key))
    elif all(
        machine.fields(parent, parent_key) is not None
        for parent, parent_key in _parents(entity, key, class_id)
    ):
        entry = machine.write(entity, key, **fields)
        act = entity.name
        if entry is not None:
            done.append(entry)
    return act


def _parents(entity, key, class_id):
    if entity in (m.SESSION, m.ASSESSMENT):
        return [(m.TRAINING_CLASS, class_id)]
    if entity is m.ENROLMENT:
        return [(m.TRAINING_CLASS, key[:16]), (m.TRAINEE, key[16:])]
    if entity in (m.MARK, m.SCORE):
        return [(m.SESSION if entity is m.MARK else m.ASSESSMENT, key[:16]), (m.TRAINEE, key[16:])]
    return []


def _periods(rng):
    first = date(2020, 11, rng.choice(DAYS)) - timedelta(days=rng.choice((0, 30)))
    last = None if rng.random() < 0.6 else (first + timedelta(days=rng.randrange(35))).isoformat()
    return [[first.isoformat(), last]]


def _teachers(rng):
    return [key.hex() for key in rng.sample(TEACHERS, rng.randrange(3))]


_WRITES = (
    lambda rng, c, p, d, s, a: (m.TRAINING_CLASS, c, {"code": f"班{rng.randrange(9)}"}),
    lambda rng, c, p, d, s, a: (
        m.TRAINEE,
        p,
        {"name": rng.choice("王李") + rng.choice("伟芳"), "phone": f"1380000000{rng.randrange(9)}"},
    ),
    lambda rng, c, p, d, s, a: (
        m.SESSION,
        s,
        session_fields(c, d, held_on=f"2020-11-{d:02}", hours=rng.choice((2, 4)), teachers=_teachers(rng),
                       shares=[3, 1] if d % 2 else None,
                       makes_up_for=None if d % 3 else [p.hex()],
                       state=rng.choice(("planned", "planned", "cancelled"))),
    ),
    lambda rng, c, p, d, s, a: (
        m.ENROLMENT,
        c + p,
        {"number": 1, "periods": _periods(rng), "state": rng.choice(STATES),
         "category": rng.choice(("student", "employee")), "enrolled_on": "2020-11-09"},
    ),
    lambda rng, c, p, d, s, a: (
        m.MARK, s + p, {"status": rng.choice([*MarkStatus, None]), "lost_hours": 0}
    ),
    lambda rng, c, p, d, s, a: (
        m.MARK, s + p, {"status": rng.choice([*MarkStatus, None]), "lost_hours": 0}
    ),
    lambda rng, c, p, d, s, a: (
        m.ASSESSMENT,
        a,
        {"class_id": CLASSES[ASSESSMENTS.index(a)], "kind": rng.choice(("level", "completion")),
         "locked": rng.randrange(2), "teachers": _teachers(rng)},
    ),
    lambda rng, c, p, d, s, a: (
        m.SCORE, a + p, {"theory_state": rng.choice(("scored", None)), "theory": 800}
    ),
)  # fmt: skip


@pytest.mark.parametrize("seed", range(EXAMPLES))
def test_lists_say_what_the_records_say(machine_of, seed):
    """Two workstations write, delete and undo unseen by each other, and meet now and then."""
    rng = random.Random(seed)
    machines = [machine_of(0), machine_of(1)]
    done: list[list[bytes]] = [[], []]
    acts: Counter[str] = Counter()
    for machine in machines:
        for class_id in CLASSES:
            machine.write(m.TRAINING_CLASS, class_id, code="班")
        for person in PEOPLE:
            machine.write(m.TRAINEE, person, name="王伟")
    for step in range(STEPS):
        place = rng.randrange(2)
        machines[place].clock.forward(seconds=1)
        acts[_write(machines[place], rng, done[place])] += 1
        if step % 12 == 11:
            exchange(machines)
            done = [[], []]
        assert list_oracle.differences(machines[place]) == []
    exchange(machines)
    for machine in machines:
        assert list_oracle.differences(machine) == []
    assert machines[0].rows("SELECT count(*) FROM session_tally")[0][0] > 0
    assert acts["delete"] + acts["undo"] > 0
    before = _kept(machines[0])
    with machines[0].workstation.database.writer() as sql:
        projections.rebuild(sql)
    assert _kept(machines[0]) == before


def _kept(machine: Machine) -> list[list[tuple[object, ...]]]:
    return [sorted(machine.rows(query), key=repr) for query in list_oracle.KEPT]


def test_the_oracle_sees_a_wrong_count(pair):
    """Else the property would hold whatever is kept."""
    left, _ = pair
    left.write(m.SESSION, SESSION, held_on="2020-11-09")
    left.write(m.MARK, SESSION + TRAINEE, status="present", lost_hours=0)
    assert list_oracle.differences(left) == []
    left.execute("UPDATE session_tally SET marked = marked + 1")
    assert [found[:2] for found in list_oracle.differences(left)] == [
        ("sessions", "kept"),
        ("sessions", "lacking"),
    ]


def test_a_parent_shown_again_by_a_foreign_child_is_listed(pair):
    """One deletes a trainee, the other enrols the same trainee: the deletion does not count."""
    left, right = pair
    left.delete(m.ENROLMENT, CLASS + TRAINEE)
    left.delete(m.TRAINEE, TRAINEE)
    assert left.rows("SELECT count(*) FROM trainee_list") == [(0,)]
    right.write(m.ENROLMENT, CLASS + TRAINEE, category="student", enrolled_on="2020-11-09")
    exchange(pair)
    for machine in pair:
        assert machine.rows("SELECT name, category FROM trainee_list") == [("王小明", "student")]
        assert list_oracle.differences(machine) == []


def test_what_is_equal_is_not_written_again(machine):
    """An enrolment changes nothing that the search compares: its index stays untouched."""
    machine.write(m.TRAINING_CLASS, CLASS, code="2020-01")
    machine.write(m.TRAINEE, TRAINEE, name="王小明")
    before = machine.rows("SELECT id, block FROM trainee_term_data")
    machine.write(m.ENROLMENT, CLASS + TRAINEE, number=1)
    assert machine.rows("SELECT id, block FROM trainee_term_data") == before
    machine.write(m.TRAINEE, TRAINEE, name="王晓明")
    assert machine.rows("SELECT id, block FROM trainee_term_data") != before
