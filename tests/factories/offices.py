"""A training office at work: one institution, an account of every role, one class with people, sessions and scores."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from desktop_app.domain.assessments import AssessmentKind, ComponentCode, Score, ScoreState
from desktop_app.domain.attendance import Mark, MarkStatus
from desktop_app.domain.clock import SHANGHAI
from desktop_app.domain.credit_codes import uscc_check_character
from desktop_app.domain.users import Role
from desktop_app.excel.column_names import WorkbookKind
from desktop_app.services.assessments import NewScore
from desktop_app.services.attendance import NewMark
from desktop_app.services.container import Services, build_services
from desktop_app.services.imports.plan import ImportOptions
from desktop_app.services.profile import NewInstitution, Profile
from desktop_app.services.timetable import PlannedSession
from desktop_app.store.keys import Argon2Cost

CHEAP = Argon2Cost(8, 1)
PASSWORD = "Xuexiao-2020"
TODAY = date(2020, 11, 10)
_USCC = "12420000420000001"
PEOPLE = (
    ("范雨", "420506200103083428"),
    ("苏国", "42011119711122861X"),
    ("戚刚", "420112199612283612"),
)


class TestClock:
    """A clock that stands at an instant until it is moved."""

    __test__ = False

    def __init__(self, day: date = TODAY) -> None:
        self.moment = datetime.combine(day, time(9), SHANGHAI).astimezone(UTC)

    def now(self) -> datetime:
        """Return the instant, a millisecond later each time."""
        self.moment += timedelta(milliseconds=1)
        return self.moment

    def today(self) -> date:
        """Return the date in Asia/Shanghai."""
        return self.moment.astimezone(SHANGHAI).date()


@dataclass
class Office:
    """An open profile and the keys of what is in it; the first session lacks the last person's mark."""

    profile: Profile
    class_id: bytes
    other_class_id: bytes
    sessions: list[bytes]
    people: list[bytes]
    teacher_id: bytes
    assessment_id: bytes
    site_id: bytes

    def as_role(self, role: Role | str) -> Services:
        """Return the services as the account of a role sees them."""
        self.profile.log_in(str(role), PASSWORD)
        return build_services(self.profile)


def found_office(folder: Path, clock: TestClock) -> Office:
    """Set up an office: class 电工01班 (adviser: ``adviser``; first session taught by ``teacher``), 3 people."""
    profile = Profile(folder, cost=CHEAP, clock=clock)
    institution = NewInstitution(
        "江城职业学院", _USCC + uscc_check_character(_USCC), "420111", "public-vocational"
    )
    profile.set_up(institution, "admin", "王主任", PASSWORD)
    services = build_services(profile)
    for role in (Role.OFFICE, Role.ADVISER, Role.TEACHER, Role.HEAD, Role.AUDITOR):
        services.accounts.add_user(role.value, f"{role.value} 账号", [role], PASSWORD)
    user_ids = {user.login: user.id for user in services.accounts.list_users()}
    profile.log_in("office", PASSWORD)
    services = build_services(profile)
    site_id = services.sites.add_site("本部", "420111", "珞喻路1号")
    class_id = services.classes.create_class("电工01班", start_on=date(2020, 11, 9), adviser="adviser")
    other = services.classes.create_class("焊工01班", start_on=date(2020, 11, 9))
    teacher_id = services.teachers.add_teacher("陈志强")
    sessions = [
        services.timetable.add_session(
            class_id,
            PlannedSession(day, time(14), time(17, 20), 4, "直流电路", "offline", "实训楼B203", (name,)),
        )
        for day, name in ((date(2020, 11, 9), "陈志强"), (TODAY, "周敏"), (date(2020, 11, 11), "陈志强"))
    ]
    people = [
        services.trainees.create({"name": name, "document_number": number, "phone": "13800001111"})
        for name, number in PEOPLE
    ]
    services.trainees.enrol(class_id, people, "key_group")
    services.attendance.mark(
        sessions[0], [NewMark(person, Mark(MarkStatus.PRESENT)) for person in people[:2]]
    )
    _import_results(services, folder)
    assessment = services.assessments.create(class_id, AssessmentKind.COMPLETION, teacher_ids=[teacher_id])
    profile.log_in("admin", PASSWORD)
    build_services(profile).teachers.link(teacher_id, user_ids["teacher"])
    profile.log_in("teacher", PASSWORD)
    services = build_services(profile)
    full = Score(ScoreState.SCORED, 800)
    scores = {ComponentCode.THEORY: full, ComponentCode.PRACTICE: full}
    services.assessments.enter(assessment, [NewScore(person, scores) for person in people])
    profile.log_in("office", PASSWORD)
    build_services(profile).classes.edit_class(other, {"place": "二号楼"})
    return Office(profile, class_id, other, sessions, people, teacher_id, assessment, site_id)


def _import_results(services: Services, folder: Path) -> None:
    """Results of the level assessment, for certificates."""
    file = folder / "results.csv"
    rows = [f"{place},{name},42010{place},80,75" for place, (name, _) in enumerate(PEOPLE, 1)]
    file.write_text("\n".join(["序号,姓名,准考证号,理论,实操", *rows]), encoding="utf-8-sig")
    options = ImportOptions(held_on=date(2020, 11, 12))
    services.imports.apply(services.imports.plan(WorkbookKind.SCORES, file, "电工01班", options))


class OfficeTemplate:
    """An office set up once and copied for each test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._clock = TestClock()
        office = found_office(folder, self._clock)
        office.profile.close()
        self._office = office

    def copy(self, folder: Path) -> Office:
        """Return a copy of the office in an empty folder, nobody logged in."""
        shutil.copytree(self._folder, folder, dirs_exist_ok=True)
        clock = TestClock()
        clock.moment = self._clock.moment
        kept = self._office
        profile = Profile(folder, cost=CHEAP, clock=clock)
        return Office(
            profile,
            kept.class_id,
            kept.other_class_id,
            kept.sessions,
            kept.people,
            kept.teacher_id,
            kept.assessment_id,
            kept.site_id,
        )
