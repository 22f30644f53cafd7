"""A store with planted frauds: so many of each kind, each in a class of its own, among plain classes."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import blake2b

from desktop_app.domain import records as m
from desktop_app.domain.clock import SHANGHAI
from desktop_app.domain.risk.kinds import RiskKind
from tests.factories.workstations import CLERK, Machine

PEOPLE, SESSIONS = 10, 10


@dataclass
class Course:
    """A class as a fraud finds it: nobody is marked yet."""

    id: bytes
    number: int
    days: list[date]
    sessions: list[bytes]
    people: list[bytes]


Planting = Callable[[Machine, random.Random, Course], None]


def named(*words: object) -> bytes:
    """A key of 16 bytes."""
    return blake2b("|".join(map(str, words)).encode(), digest_size=16).digest()


def course(machine: Machine, number: int, start: date | None = None) -> Course:
    """Write a class with its people and its sessions, in the afternoon."""
    first = start or date(2021, 2, 1) + timedelta(days=14 * number)
    days = [first + timedelta(days=n) for n in range(SESSIONS)]
    found = Course(
        named("course", number),
        number,
        days,
        [named("session", number, n) for n in range(SESSIONS)],
        [named("person", number, n) for n in range(PEOPLE)],
    )
    teacher = named("teacher", number)
    machine.clock.moment = moment(days[0] - timedelta(days=3), 9)
    with machine.workstation.unit_of_work("set_up", CLERK) as work:
        work.put(m.TEACHER, teacher, {"name": f"教师{number}"})
        dates = {"start_on": days[0].isoformat(), "end_on": days[-1].isoformat()}
        work.put(m.TRAINING_CLASS, found.id, {"code": f"案例{number:03d}班", **dates})
        for n, one in enumerate(found.people):
            work.put(m.TRAINEE, one, {"name": f"案例{number}-{n}", "phone": f"139{number:05d}{n:03d}"})
            periods = [[days[0].isoformat(), None]]
            work.put(m.ENROLMENT, found.id + one, {"number": n + 1, "periods": periods, "state": "attending"})
        for n, (one, day) in enumerate(zip(found.sessions, days, strict=True)):
            times = {"held_on": day.isoformat(), "starts_at": "14:00", "ends_at": "17:20", "hours": 4}
            plan = {"class_id": found.id, "planned_on": day.isoformat(), "planned_start": "14:00"}
            work.put(m.SESSION, one, {"number": n + 1, "teachers": [teacher.hex()], **plan, **times})
    return found


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """An instant by the clock on the wall."""
    return datetime.combine(day, time(hour, minute), SHANGHAI).astimezone(UTC)


def attend(machine: Machine, rng: random.Random, of: Course, *, skip: int = 0) -> None:
    """Mark a class honestly on each day, somebody away each time."""
    for day, session in list(zip(of.days, of.sessions, strict=True))[skip:]:
        machine.clock.moment = moment(day, 14, 10)
        away = rng.sample(range(PEOPLE), rng.choice((1, 2, 3)))
        status = {n: rng.choice(("absent", "leave", "late")) for n in away}
        put_marks(machine, session, of.people, [status.get(n, "present") for n in range(PEOPLE)])


def put_marks(
    machine: Machine, session: bytes, people: list[bytes], statuses: list[str], by: str = "mark_one"
) -> None:
    rows = [
        (session + one, {"status": status, "lost_hours": 0})
        for one, status in zip(people, statuses, strict=True)
    ]
    with machine.workstation.unit_of_work(by, CLERK) as work:
        work.put_many(m.MARK, rows)


def _certificate(machine: Machine, rng: random.Random, of: Course) -> None:
    attend(machine, rng, of)
    exam = named("exam", of.number)
    with machine.workstation.unit_of_work("import_certificates", CLERK) as work:
        work.put(m.ASSESSMENT, exam, {"class_id": of.id, "kind": "level"})
        for one in of.people[:2]:
            number = {"number": f"S0000420130002042{of.number:05d}", "kind": "level", "issuer": "评价组织甲"}
            work.put(m.CERTIFICATE, exam + one + b"\0\1", number)


def _person(machine: Machine, rng: random.Random, of: Course) -> None:
    attend(machine, rng, of)
    extra = named("extra", of.number)
    times = {"held_on": of.days[0].isoformat(), "starts_at": "16:00", "ends_at": "18:00", "hours": 2}
    plan = {"class_id": of.id, "planned_on": of.days[0].isoformat(), "planned_start": "16:00"}
    machine.write(m.SESSION, extra, number=11, **plan, **times)
    machine.clock.moment = moment(of.days[0], 17)
    there = next(
        one
        for one in of.people
        if (machine.fields(m.MARK, of.sessions[0] + one) or {}).get("status") == "present"
    )
    machine.write(m.MARK, extra + there, "mark_one", status="present")


def _teacher(machine: Machine, rng: random.Random, of: Course) -> None:
    attend(machine, rng, of)
    other = course(machine, of.number + 500, of.days[0])
    teacher = [named("teacher", of.number).hex()]
    machine.write(m.SESSION, other.sessions[2], teachers=teacher)
    attend(machine, rng, other)


def _outside(machine: Machine, rng: random.Random, of: Course) -> None:
    attend(machine, rng, of)
    left = [[of.days[0].isoformat(), of.days[8].isoformat()]]
    machine.write(m.ENROLMENT, of.id + of.people[4], "withdraw_trainee", periods=left)


def _no_absence(machine: Machine, _rng: random.Random, of: Course) -> None:
    for day, session in zip(of.days, of.sessions, strict=True):
        machine.clock.moment = moment(day, 14, 10)
        put_marks(machine, session, of.people, ["present"] * PEOPLE)


def _grids(machine: Machine, rng: random.Random, of: Course) -> None:
    other = course(machine, of.number + 500, of.days[0])
    for day, *pair in zip(of.days, of.sessions, other.sessions, strict=True):
        statuses = ["absent" if rng.random() < 0.2 else "present" for _ in range(PEOPLE)]
        for session, people in zip(pair, (of.people, other.people), strict=True):
            machine.clock.moment = moment(day, 14, 10)
            put_marks(machine, session, people, statuses)


def _before(machine: Machine, rng: random.Random, of: Course) -> None:
    machine.clock.moment = moment(of.days[0], 8)
    put_marks(machine, of.sessions[0], of.people, ["present"] * (PEOPLE - 1) + ["absent"])
    attend(machine, rng, of, skip=1)


def _keyed_after(machine: Machine, rng: random.Random, of: Course) -> None:
    machine.clock.moment = moment(of.days[-1] + timedelta(days=2), 20)
    for session in of.sessions:
        machine.clock.forward(minutes=6)
        put_marks(
            machine, session, of.people, ["absent" if rng.random() < 0.1 else "present" for _ in of.people]
        )


def _photo(machine: Machine, rng: random.Random, of: Course) -> None:
    attend(machine, rng, of)
    for session in of.sessions[:2]:
        digest = named("photo", of.number) * 2
        picture = {"owner": "session", "owner_key": session, "kind": "scene_photo", "digest": digest}
        machine.write(m.ATTACHMENT, named("picture", session.hex()), **picture)


def _scores(machine: Machine, rng: random.Random, of: Course) -> None:
    attend(machine, rng, of)
    exam = named("exam", of.number)
    with machine.workstation.unit_of_work("enter_scores", CLERK) as work:
        work.put(m.ASSESSMENT, exam, {"class_id": of.id, "kind": "completion"})
        for one in of.people:
            work.put(m.SCORE, exam + one, {"theory_state": "scored", "theory": 850})


def _phone(machine: Machine, rng: random.Random, of: Course) -> None:
    attend(machine, rng, of)
    with machine.workstation.unit_of_work("edit_trainee", CLERK) as work:
        for one in of.people[:6]:
            work.put(m.TRAINEE, one, {"phone": f"13700{of.number:06d}"})


def _account(machine: Machine, rng: random.Random, of: Course) -> None:
    attend(machine, rng, of)
    claim = of.id + b"\0\2\2\1"
    with machine.workstation.unit_of_work("draft_claim", CLERK) as work:
        work.put(m.CLAIM, claim, {"state": "draft", "payee_kind": "individual"})
        for n, one in enumerate(of.people[:3]):
            payee = {"holder": f"收款人{n}", "account": f"62220000{of.number:08d}"}
            work.put(m.CLAIM_LINE, claim + one, {"fen": 120_000, **payee})


PLANTINGS: dict[RiskKind, Planting] = {
    RiskKind.CERTIFICATE_TWICE: _certificate,
    RiskKind.PERSON_TWICE: _person,
    RiskKind.TEACHER_TWICE: _teacher,
    RiskKind.MARK_OUTSIDE: _outside,
    RiskKind.ACCOUNT_SHARED: _account,
    RiskKind.NO_ABSENCE: _no_absence,
    RiskKind.SAME_GRID: _grids,
    RiskKind.MARKED_BEFORE: _before,
    RiskKind.KEYED_AFTER: _keyed_after,
    RiskKind.PHOTO_TWICE: _photo,
    RiskKind.SCORES_EQUAL: _scores,
    RiskKind.PHONE_SHARED: _phone,
}


def plant(machine: Machine, kinds: list[RiskKind], each: int, seed: int = 6) -> list[tuple[RiskKind, bytes]]:
    """Plant so many frauds of each kind among as many plain classes; return each with its class."""
    rng = random.Random(seed)
    planned = [kind for kind in kinds for _ in range(each)]
    rng.shuffle(planned)
    planted = []
    for n, kind in enumerate(planned):
        found = course(machine, 2 * n)
        PLANTINGS[kind](machine, rng, found)
        planted.append((kind, found.id))
        attend(machine, rng, course(machine, 2 * n + 1))
    return planted
