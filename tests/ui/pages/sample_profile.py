"""A profile with people from the sample workbooks, made through the services; copied for each test."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from desktop_app.domain import codes
from desktop_app.domain.users import Role
from desktop_app.excel.roster import RosterRow, read_roster
from desktop_app.excel.timetable import read_timetable
from desktop_app.services.container import Services, build_services
from desktop_app.services.profile import NewInstitution, Profile
from desktop_app.services.timetable import PlannedSession
from desktop_app.store.keys import Argon2Cost

WORKBOOKS = Path(__file__).resolve().parents[2] / "data" / "workbooks"
CHEAP = Argon2Cost(memory_kib=8, passes=1)
PASSWORD = "Jiangcheng-2020"
INSTITUTION = NewInstitution(
    "江城职业技术学院", "12420000MB1A2B3C4R", "420111", "public-vocational", demo=True
)
CLASSES = (
    ("新能源2020-01班", "在校学生-新能源汽车", "student"),
    ("电工2020-02班", "社会重点群体-电工", "key_group"),
    ("焊工2020-03班", "企业职工-焊工", "employee"),
)


def make_profile(folder: Path, *, people: int = 60, classes: int = 3) -> None:
    """Fill a new profile: admin 李敏, office 张兰 and auditor 孙立, classes with people and timetables."""
    profile = Profile(folder, cost=CHEAP)
    profile.set_up(INSTITUTION, "limin", "李敏", PASSWORD)
    services = build_services(profile)
    services.accounts.add_user("zhanglan", "张兰", [Role.OFFICE, Role.ADVISER], PASSWORD)
    services.accounts.add_user("sunli", "孙立", [Role.AUDITOR], PASSWORD)
    profile.log_in("zhanglan", PASSWORD)
    for code, part, category in CLASSES[:classes]:
        _fill_class(services, code, part, category, people)
    profile.close()


def open_profile(folder: Path, login: str = "zhanglan") -> Services:
    """Open a made profile as one of its users."""
    profile = Profile(folder, cost=CHEAP)
    profile.log_in(login, PASSWORD)
    return build_services(profile)


def _fill_class(services: Services, code: str, part: str, category: str, people: int) -> None:
    rows = read_timetable(WORKBOOKS / f"课程表-{part}.xlsx").rows
    dates = sorted(row.date for row in rows if row.date)
    class_id = services.classes.create_class(
        code, place="实训楼 A301", adviser="zhanglan", start_on=dates[0], end_on=dates[-1]
    )
    for row in read_roster(WORKBOOKS / f"花名册-{part}.xlsx").rows[:people]:
        trainee_id = services.trainees.create(_fields(row))
        services.trainees.enrol(class_id, [trainee_id], category)
        facts = {
            "key_group": codes.parse_group(row.key_group) if row.key_group else None,
            "evidence_number": row.evidence_number or None,
            "employer": row.employer or None,
        }
        services.trainees.edit_enrolment(class_id, trainee_id, facts)
    for session in rows:
        assert session.date
        assert session.start
        assert session.end
        services.timetable.add_session(
            class_id,
            PlannedSession(session.date, session.start, session.end, session.hours or 4, session.content,
                           session.mode or "offline", session.place, session.teachers, session.number),
        )  # fmt: skip


def _fields(row: RosterRow) -> dict[str, str]:
    return {
        "name": row.name,
        "document_type": row.document_type,
        "document_number": row.document_number,
        "sex": row.sex,
        "ethnicity": row.ethnicity,
        "education": row.education,
        "phone": row.phone,
        "birth": "" if row.birth_date is None else row.birth_date.isoformat(),
        "address": row.address,
    }


DEMO_DAY = dt.date(2020, 11, 26)
