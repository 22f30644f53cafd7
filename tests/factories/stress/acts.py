"""The acts of the office in one class, each by the services' own bulk paths, as a named command of a user."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from desktop_app.domain import ids
from desktop_app.domain.assessments import (
    THEORY_AND_PRACTICE,
    AssessmentKind,
    ComponentCode,
    Conclusion,
    PassRule,
    Score,
    ScoreState,
    conclude,
)
from desktop_app.domain.attendance import LeaveReason, Mark, MarkStatus
from desktop_app.domain.records import ASSESSMENT, ENROLMENT, TRAINEE
from desktop_app.domain.trainees import check_trainee
from desktop_app.services.assessments import (
    NewScore,
    assessment_fields,
    one_assessment,
    write_conclusions,
    write_scores,
)
from desktop_app.services.attendance import NewMark, write_marks
from desktop_app.services.certificates import NewCertificate, write_certificates
from desktop_app.services.container import Services
from desktop_app.services.timetable import PlannedSession, write_sessions
from desktop_app.services.trainees import trainee_columns
from tests.factories.stress.pen import GroupingContext
from tests.factories.stress.people import People, Person
from tests.factories.stress.plan import (
    CORRECTED_SHARE,
    HALF_DAYS,
    HOURS,
    SINGLE_SHARE,
    Act,
    Audience,
    PlannedClass,
    Step,
)

PROJECTS = {
    Audience.STUDENT: "HB2020-X-0017",
    Audience.KEY_GROUP: "HB2020-S-0042",
    Audience.EMPLOYEE: "HB2020-S-0058",
}
# Classes that run at once, some forty, have teachers and rooms of their own: nobody is in two places.
_AT_ONCE = 60
_TEACHERS = tuple(
    surname + given
    for given in ("志强", "敏", "国栋", "海燕", "文斌", "秀兰", "建华", "晓春")
    for surname in "陈周李张刘赵孙吴郑王冯蒋沈韩杨"
)
_ROOMS = tuple(
    f"实训楼{wing}{floor}{room:02d}" for wing in "ABC" for floor in range(1, 5) for room in range(1, 6)
)
_CONTENTS = (
    "安全与防护",
    "工具与仪表",
    "基础理论",
    "线路安装",
    "故障检修",
    "综合实训",
    "案例分析",
    "模拟考核",
    "复习",
)
_ORGANISATION = "湖北楚才职业技能评价中心"
# Of 100 marks made singly: absent, late, on leave, left early.
_SINGLE = (
    [Mark(MarkStatus.ABSENT)] * 40
    + [Mark(MarkStatus.LATE, 1)] * 30
    + [Mark(MarkStatus.LEAVE, 0, LeaveReason.SICK)] * 12
    + [Mark(MarkStatus.LEAVE, 0, LeaveReason.PERSONAL)] * 8
    + [Mark(MarkStatus.EARLY, 1)] * 10
)
_CORRECTION = "与签到表核对后更正"


@dataclass(slots=True)
class Counts:
    """What was written, in records; ``singly`` and ``corrected`` are among the marks."""

    classes: int = 0
    trainees: int = 0
    sessions: int = 0
    marks: int = 0
    singly: int = 0
    corrected: int = 0
    scores: int = 0
    certificates: int = 0


@dataclass(slots=True)
class _Running:
    """A class that has begun: its keys, and which of its people were marked singly on which session."""

    id: bytes
    people: list[bytes]
    sessions: list[bytes]
    single: dict[int, dict[bytes, Mark]] = field(default_factory=dict)
    assessment: bytes = b""
    passed: list[bytes] = field(default_factory=list)


class Office:
    """Everything that people of the training office do with classes; the account is the one logged in."""

    def __init__(self, services: Services, context: GroupingContext, seed: int) -> None:
        self.counts = Counts()
        self._services = services
        self._context = context
        self._seed = seed
        self._people = People(seed)
        self._running: dict[int, _Running] = {}
        self._acts: dict[Act, Callable[[PlannedClass, Step], None]] = {
            Act.OPEN: self._open,
            Act.CORRECT: self._correct,
            Act.MORNING: self._mark,
            Act.AFTERNOON: self._mark,
            Act.SCORES: self._score,
            Act.CERTIFICATES: self._certify,
        }

    def do(self, one: PlannedClass, step: Step) -> None:
        """Do one act of the plan."""
        self._acts[step.act](one, step)

    def sessions_of(self, place: int) -> list[bytes]:
        """Return the sessions of a class that has been opened, in the order they are held."""
        return self._running[place].sessions

    def class_id(self, place: int) -> bytes:
        """Return the key of a class that has come to its end, which is forgotten then."""
        return self._running.pop(place).id

    def _draw(self, step: Step) -> random.Random:
        return random.Random(f"{self._seed} {step.place} {step.act} {step.session}")

    def _open(self, one: PlannedClass, step: Step) -> None:
        """Create the class; import its roster and its timetable."""
        draw, days = self._draw(step), one.days
        slot = one.place % _AT_ONCE
        room, pair = _ROOMS[slot], _TEACHERS[2 * slot : 2 * slot + 2]
        class_id = self._services.classes.create_class(
            one.code,
            project_code=PROJECTS[one.audience],
            start_on=days[0],
            end_on=days[-1],
            place=room,
            adviser="adviser" if draw.random() < 0.02 else None,
        )
        people = [self._people.next(one.audience, step.day) for _ in range(one.people)]
        keys = self._import_roster(class_id, one, people)
        planned = [
            PlannedSession(day, *HALF_DAYS[half], HOURS, _CONTENTS[place], "offline", room, (pair[half],))
            for place, day in enumerate(days)
            for half in (0, 1)
        ]
        with self._context.unit_of_work("import_timetable") as work:
            work.reason = f"课程表-{one.code}.xlsx"
            write_sessions(self._context, work, class_id, planned)
        sessions = [ids.session_id(class_id, item.held_on, item.starts_at) for item in planned]
        self._running[one.place] = _Running(class_id, keys, sessions)
        self.counts.classes += 1
        self.counts.trainees += len(keys)
        self.counts.sessions += len(sessions)

    def _import_roster(self, class_id: bytes, one: PlannedClass, people: list[Person]) -> list[bytes]:
        today = self._context.today()
        rows = []
        for person in people:
            check = check_trainee(person.fields(), today)
            assert check.is_valid, check.problems
            rows.append((self._context.new_id(), trainee_columns(check.values)))
        group = "unemployed" if one.audience is Audience.KEY_GROUP else None
        enrolments = [
            (
                class_id + key,
                {
                    "category": one.audience.value,
                    "key_group": group,
                    "enrolled_on": today.isoformat(),
                    "employer": "武汉江城机械制造有限公司" if one.audience is Audience.EMPLOYEE else None,
                    "student_number": f"{one.days[0].year}{number:07}"
                    if one.audience is Audience.STUDENT
                    else None,
                    "major": "新能源汽车技术" if one.audience is Audience.STUDENT else None,
                    "number": number,
                    "state": "enrolled",
                    "periods": [[one.days[0].isoformat(), None]],
                },
            )
            for number, (key, _) in enumerate(rows, 1)
        ]
        with self._context.unit_of_work("import_roster") as work:
            work.reason = f"花名册-{one.code}.xlsx"
            work.put_many(TRAINEE, rows)
            work.put_many(ENROLMENT, enrolments)
        return [key for key, _ in rows]

    def _mark(self, one: PlannedClass, step: Step) -> None:
        """Mark who is late, absent or on leave one by one, then everybody else at once."""
        draw, running = self._draw(step), self._running[one.place]
        session = running.sessions[step.session - 1]
        single = {
            key: draw.choice(_SINGLE)
            for key in draw.sample(running.people, rounded(len(running.people) * SINGLE_SHARE, draw))
        }
        for key, mark in single.items():
            with self._context.unit_of_work("mark_one") as work:
                write_marks(work, session, [NewMark(key, mark)])
        present = [NewMark(key, Mark(MarkStatus.PRESENT)) for key in running.people if key not in single]
        if present:
            with self._context.unit_of_work("mark_class") as work:
                write_marks(work, session, present)
        running.single[step.session] = single
        self.counts.marks += len(running.people)
        self.counts.singly += len(single)

    def _correct(self, one: PlannedClass, step: Step) -> None:
        """Correct marks of a session on the day after it, in one command with a reason."""
        draw, running = self._draw(step), self._running[one.place]
        former = running.single.pop(step.session)
        chosen = draw.sample(running.people, rounded(len(running.people) * CORRECTED_SHARE, draw))
        if not chosen:
            return
        excused = Mark(MarkStatus.LEAVE, 0, LeaveReason.OTHER)
        marks = [
            NewMark(key, Mark(MarkStatus.ABSENT) if former.get(key) != Mark(MarkStatus.ABSENT) else excused)
            for key in chosen
        ]
        with self._context.unit_of_work("mark_one") as work:
            work.reason = _CORRECTION
            changed = write_marks(work, running.sessions[step.session - 1], marks)
        assert changed == len(chosen)
        self.counts.corrected += changed

    def _score(self, one: PlannedClass, step: Step) -> None:
        """Import the file of the 评价组织: two days after the last session, conclusions written."""
        draw, running = self._draw(step), self._running[one.place]
        held_on = one.days[-1] + timedelta(days=2)
        fields = assessment_fields(
            running.id, AssessmentKind.LEVEL, held_on, THEORY_AND_PRACTICE, PassRule.EACH
        )
        running.assessment = self._context.new_id()
        with self._context.unit_of_work("import_scores") as work:
            work.reason = f"成绩-{one.code}.xlsx"
            work.put(ASSESSMENT, running.assessment, {**fields, "organisation": _ORGANISATION})
            assessment = one_assessment(work.sql, running.assessment)
            scores = [
                NewScore(key, _results(draw), ticket=f"42{one.place + 1:05}{number:03}")
                for number, key in enumerate(running.people, 1)
            ]
            write_scores(work, assessment, scores)
            write_conclusions(work, assessment)
        self.counts.scores += len(scores)
        running.passed = [new.trainee_id for new in scores if _passed(new)]

    def _certify(self, one: PlannedClass, _step: Step) -> None:
        """Import the certificates of those who passed."""
        running = self._running[one.place]
        new = [
            NewCertificate(key, f"S000042013{one.place + 1:06}{number:06}", self._context.today())
            for number, key in enumerate(running.passed, 1)
        ]
        if not new:
            return
        with self._context.unit_of_work("import_certificates") as work:
            work.reason = f"证书-{one.code}.xlsx"
            self.counts.certificates += write_certificates(work, running.assessment, new)


def _results(draw: random.Random) -> dict[ComponentCode, Score | None]:
    """Return results of one person in tenths: most pass, one in fifty is absent."""
    if draw.random() < 0.02:
        return dict.fromkeys((ComponentCode.THEORY, ComponentCode.PRACTICE), Score(ScoreState.ABSENT))
    return {
        code: Score(ScoreState.SCORED, 10 * max(35, min(100, round(draw.gauss(76, 9)))))
        for code in (ComponentCode.THEORY, ComponentCode.PRACTICE)
    }


def _passed(new: NewScore) -> bool:
    return conclude(THEORY_AND_PRACTICE, PassRule.EACH, new.scores).conclusion is Conclusion.PASSED


def rounded(number: float, draw: random.Random) -> int:
    """Round up or down by chance, so that shares hold over many."""
    whole = int(number)
    return whole + (draw.random() < number - whole)
