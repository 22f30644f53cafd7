"""A store of honest institutions: hundreds of classes with what happens in real ones and looks odd at first sight.

Sessions are marked with 全班到课 on their day and a few corrections, or all at once after the end from signed sheets
whose scans are attached; leave is entered beforehand; people join late, leave, move to another class; families share a
phone; two classes hold sessions together under one teacher; a level is followed by a higher one.
"""

from __future__ import annotations

import hashlib
import random
from datetime import UTC, date, datetime, time, timedelta

from desktop_app.domain import ids
from desktop_app.domain import records as m
from desktop_app.domain.clock import SHANGHAI
from tests.factories.workstations import Machine

PEOPLE, SESSIONS = 12, 10
STATUSES = ("present",) * 16 + ("late", "early", "leave", "absent", "absent")


def key(*parts: object) -> bytes:
    """A key that its words name."""
    return hashlib.sha256(repr(parts).encode()).digest()[:16]


def fill(machine: Machine, classes: int, seed: int = 38) -> list[bytes]:
    """Fill a store with honest classes; return their keys."""
    rng = random.Random(seed)
    machine.clock.moment = datetime(2021, 1, 2, 1, tzinfo=UTC)
    teachers = [key("teacher", n) for n in range(classes)]
    with machine.workstation.unit_of_work("set_up") as work:
        work.put_many(m.TEACHER, [(one, {"name": f"教师{n}"}) for n, one in enumerate(teachers)])
        for level in ("skill5", "skill4"):
            project = {"code": f"P-{level}", "name": "电工", "trade": "电工", "level": level}
            work.put(m.PROJECT, key("project", level), project)
    made = []
    for n in range(classes):
        # One class of every ten holds each session together with the one before.
        joint = n % 10 == 1
        start = date(2021, 1, 4) + timedelta(days=14 * (n - joint))
        made.append(_class(machine, rng, n, start, teachers[n - joint]))
    return made


def _class(machine: Machine, rng: random.Random, n: int, start: date, teacher: bytes) -> bytes:
    class_id = key("class", n)
    # In small villages a family, not five people, has one phone.
    people = [(key("trainee", n, p), f"138{n:05d}{p // 2:03d}") for p in range(PEOPLE)]
    days = [start + timedelta(days=d) for d in range(SESSIONS)]
    sessions = [ids.session_id(class_id, day, time(8, 30)) for day in days]
    late, left = people[1][0], people[2][0]
    with machine.workstation.unit_of_work("enrol") as work:
        fields = {
            "code": f"诚信{n:03d}班",
            "start_on": days[0].isoformat(),
            "end_on": days[-1].isoformat(),
            "project_id": key("project", "skill5" if n % 2 else "skill4"),
        }
        work.put(m.TRAINING_CLASS, class_id, fields)
        rows = [(one, {"name": f"学员{n}-{p}", "phone": phone}) for p, (one, phone) in enumerate(people)]
        work.put_many(m.TRAINEE, rows)
        for p, (one, _) in enumerate(people):
            first, last = (days[3] if one == late else days[0]), (days[6] if one == left else None)
            periods = [[first.isoformat(), None if last is None else last.isoformat()]]
            state = "withdrawn" if one == left else "completed"
            work.put(m.ENROLMENT, class_id + one, {"number": p + 1, "periods": periods, "state": state})
        if (
            n and n % 2 == 0
        ):  # somebody of the class before goes on to the higher level, a month later at least
            again = key("trainee", n - 1, 5)
            periods = [[days[-1].isoformat(), None]]
            if days[-1] > start + timedelta(days=1) and n % 10 == 8:
                work.put(
                    m.ENROLMENT, class_id + again, {"number": 99, "periods": periods, "state": "applied"}
                )
        for number, (session, day) in enumerate(zip(sessions, days, strict=True), 1):
            fields = {
                "class_id": class_id,
                "planned_on": day.isoformat(),
                "planned_start": "08:30",
                "number": number,
                "held_on": day.isoformat(),
                "starts_at": "08:30",
                "ends_at": "11:50",
                "hours": 4,
                "teachers": [teacher.hex()],
            }
            work.put(m.SESSION, session, fields)
            if n % 10 == 1:
                work.put(m.SESSION_CLASS, session + key("class", n - 1), {"joined_on": day.isoformat()})
    by_sheets = n % 3 == 0 or n % 10 == 1
    for kind in ("scene_photo", "sign_in")[: 1 + by_sheets]:
        machine.clock.moment = _at(days[-1] + timedelta(days=2), 10) if by_sheets else machine.clock.moment
        with machine.workstation.unit_of_work("import_evidence") as work:
            for one in sessions:
                file = {"owner": "session", "owner_key": one, "kind": kind, "digest": key(kind, one) * 2}
                work.put(m.ATTACHMENT, key(kind, one), file)
    for session, day in zip(sessions, days, strict=True):
        members = [
            one for one, _ in people if (one != late or day >= days[3]) and (one != left or day <= days[6])
        ]
        if by_sheets:
            machine.clock.moment = _at(days[-1] + timedelta(days=3), 10)
            scan = {
                "owner": "session",
                "owner_key": session,
                "kind": "sign_in",
                "digest": key("scan", session) * 2,
            }
            machine.write(m.ATTACHMENT, key("scan", session), **scan)
        else:
            machine.clock.moment = _at(day, 9)
            _ask_leave(machine, rng, session, members[-1], day)
        machine.clock.forward(minutes=5)
        _mark(machine, rng, session, members, by_sheets=by_sheets)
    _examine(machine, rng, class_id, [one for one, _ in people])
    return class_id


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), SHANGHAI).astimezone(UTC)


def _ask_leave(machine: Machine, rng: random.Random, session: bytes, person: bytes, day: date) -> None:
    if rng.random() < 0.1:
        now, machine.clock.moment = machine.clock.moment, _at(day, 7)
        machine.write(m.MARK, session + person, "mark_one", status="leave", reason="personal")
        machine.clock.moment = now


def _mark(
    machine: Machine, rng: random.Random, session: bytes, members: list[bytes], *, by_sheets: bool
) -> None:
    found = {one: rng.choice(STATUSES) for one in members}
    command = "mark_from_sheet" if by_sheets else "mark_class"
    with machine.workstation.unit_of_work(command) as work:
        there = [one for one in members if by_sheets or work.fields(m.MARK, session + one) is None]
        rows = [
            (session + one, {"status": found[one] if by_sheets else "present", "lost_hours": 0})
            for one in there
        ]
        work.put_many(m.MARK, rows)
    if not by_sheets:
        with machine.workstation.unit_of_work("mark_one") as work:
            for one in members[:-1]:
                if found[one] != "present":
                    work.put(m.MARK, session + one, {"status": found[one]})


def _examine(machine: Machine, rng: random.Random, class_id: bytes, people: list[bytes]) -> None:
    exam = key("exam", class_id)
    with machine.workstation.unit_of_work("import_scores") as work:
        work.put(m.ASSESSMENT, exam, {"class_id": class_id, "kind": "level"})
        for n, one in enumerate(people):
            marks = {"theory_state": "scored", "theory": rng.randrange(500, 990)}
            marks |= {"practice_state": "scored", "practice": rng.randrange(500, 990)}
            work.put(m.SCORE, exam + one, marks)
            certificate = {
                "number": f"S{class_id.hex()[:12]}{n:03d}",
                "kind": "level",
                "issuer": "湖北省电力行业协会",
            }
            work.put(m.CERTIFICATE, exam + one + b"\0\1", certificate)
            # 补发: a further issue of the same holding bears the same number.
            if n == 0:
                work.put(m.CERTIFICATE, exam + one + b"\0\2", certificate)
