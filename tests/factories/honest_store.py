"""A store of honest institutions: hundreds of classes with what happens in real ones and looks odd at first sight.

Sessions are marked with 全班到课 on their day and a few corrections, or all at once after the end from signed sheets
whose scans are attached; leave is entered beforehand; people join late, leave, move to another class; families share a
phone; two classes hold sessions together under one teacher; a level is followed by a higher one.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from desktop_app.domain import ids
from desktop_app.domain import records as m
from desktop_app.domain.clock import SHANGHAI
from desktop_app.store.unit_of_work import UnitOfWork
from tests.factories.workstations import CLERK, Machine

PEOPLE, SESSIONS = 8, 10
LATE, LEFT = 1, 2
GOES_ON = 8
STATUSES = ("present",) * 16 + ("late", "early", "leave", "absent", "absent")


def key(*parts: object) -> bytes:
    """A key that its words name."""
    return hashlib.sha256(repr(parts).encode()).digest()[:16]


def fill(machine: Machine, classes: int, seed: int = 38) -> list[bytes]:
    """Fill a store with honest classes; return their keys."""
    rng = random.Random(seed)
    machine.clock.moment = datetime(2021, 1, 2, 1, tzinfo=UTC)
    teachers = [key("teacher", n) for n in range(classes)]
    with machine.workstation.unit_of_work("set_up", CLERK) as work:
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


@dataclass
class Course:
    """A class with its days and people; ``late`` joined on the fourth day, ``left`` went after the seventh."""

    number: int
    id: bytes
    days: list[date]

    @property
    def sessions(self) -> list[bytes]:
        return [ids.session_id(self.id, day, time(8, 30)) for day in self.days]

    @property
    def people(self) -> list[bytes]:
        return [key("trainee", self.number, n) for n in range(PEOPLE)]

    @property
    def by_sheets(self) -> bool:
        """Whether its marks are keyed from scanned sheets after the end."""
        return self.number % 3 == 0 or self.number % 10 == 1

    def members(self, day: date) -> list[bytes]:
        """Who belongs to it on a day."""
        return [
            one
            for place, one in enumerate(self.people)
            if (place != LATE or day >= self.days[3]) and (place != LEFT or day <= self.days[6])
        ]


def _class(machine: Machine, rng: random.Random, n: int, start: date, teacher: bytes) -> bytes:
    course = Course(n, key("class", n), [start + timedelta(days=d) for d in range(SESSIONS)])
    with machine.workstation.unit_of_work("enrol", CLERK) as work:
        _enrol(work, course)
        _plan(work, course, teacher)
    _attach(machine, course)
    for session, day in zip(course.sessions, course.days, strict=True):
        machine.clock.moment = (
            _at(course.days[-1] + timedelta(days=3), 10) if course.by_sheets else _at(day, 9)
        )
        members = course.members(day)
        if not course.by_sheets:
            _ask_leave(machine, rng, session, members[-1], day)
        machine.clock.forward(minutes=5)
        _mark(machine, rng, session, members, by_sheets=course.by_sheets)
    _examine(machine, rng, course.id, course.people)
    return course.id


def _enrol(work: UnitOfWork, course: Course) -> None:
    days, n = course.days, course.number
    fields = {
        "code": f"诚信{n:03d}班",
        "start_on": days[0].isoformat(),
        "end_on": days[-1].isoformat(),
        "project_id": key("project", "skill5" if n % 2 else "skill4"),
    }
    work.put(m.TRAINING_CLASS, course.id, fields)
    for place, one in enumerate(course.people):
        # In small villages a family, not five people, has one phone.
        work.put(m.TRAINEE, one, {"name": f"学员{n}-{place}", "phone": f"138{n:05d}{place // 2:03d}"})
        first, last = days[3 if place == LATE else 0], days[6] if place == LEFT else None
        periods = [[first.isoformat(), None if last is None else last.isoformat()]]
        state = "withdrawn" if place == LEFT else "completed"
        work.put(m.ENROLMENT, course.id + one, {"number": place + 1, "periods": periods, "state": state})
    if n % 10 == GOES_ON:  # somebody of a class that has ended goes on to the higher level
        again = {"number": 99, "periods": [[days[0].isoformat(), None]], "state": "attending"}
        work.put(m.ENROLMENT, course.id + key("trainee", n - 1, 5), again)


def _plan(work: UnitOfWork, course: Course, teacher: bytes) -> None:
    for number, (session, day) in enumerate(zip(course.sessions, course.days, strict=True), 1):
        plan = {
            "class_id": course.id,
            "planned_on": day.isoformat(),
            "planned_start": "08:30",
            "number": number,
        }
        times = {"held_on": day.isoformat(), "starts_at": "08:30", "ends_at": "11:50", "hours": 4}
        work.put(m.SESSION, session, {**plan, **times, "teachers": [teacher.hex()]})
        if course.number % 10 == 1:
            before = key("class", course.number - 1)
            work.put(m.SESSION_CLASS, session + before, {"joined_on": day.isoformat()})


def _attach(machine: Machine, course: Course) -> None:
    """A photo of each session, and the signed sheets where marks are keyed from them."""
    if course.by_sheets:
        machine.clock.moment = _at(course.days[-1] + timedelta(days=2), 10)
    with machine.workstation.unit_of_work("import_evidence", CLERK) as work:
        for kind in ("scene_photo", "sign_in")[: 1 + course.by_sheets]:
            for one in course.sessions:
                file = {"owner": "session", "owner_key": one, "kind": kind, "digest": key(kind, one) * 2}
                work.put(m.ATTACHMENT, key(kind, one), file)


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
    with machine.workstation.unit_of_work(command, CLERK) as work:
        there = [one for one in members if by_sheets or work.fields(m.MARK, session + one) is None]
        rows = [
            (session + one, {"status": found[one] if by_sheets else "present", "lost_hours": 0})
            for one in there
        ]
        work.put_many(m.MARK, rows)
    if not by_sheets:
        with machine.workstation.unit_of_work("mark_one", CLERK) as work:
            for one in members[:-1]:
                if found[one] != "present":
                    work.put(m.MARK, session + one, {"status": found[one]})


def _examine(machine: Machine, rng: random.Random, class_id: bytes, people: list[bytes]) -> None:
    exam = key("exam", class_id)
    with machine.workstation.unit_of_work("import_scores", CLERK) as work:
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
