"""A joined office with one class whose four reports are complete, and what a test does to it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

import resources
from desktop_app import bootstrap
from desktop_app.domain.attendance import Mark, MarkStatus
from desktop_app.domain.claims.keys import claim_key
from desktop_app.domain.listings.reporting import ReportListItem
from desktop_app.domain.records import CLAIM, CLAIM_LINE, PROJECT, Entity
from desktop_app.domain.users import Role
from desktop_app.excel.column_names import WorkbookKind
from desktop_app.services.attendance import NewMark
from desktop_app.services.batches import BatchService
from desktop_app.services.container import Services
from desktop_app.services.imports.plan import ImportOptions
from desktop_app.services.profile import NewInstitution, Profile
from desktop_app.services.timetable import PlannedSession
from sync.contract.wire import ReportedState
from sync.platform.database import reading
from sync.platform.identity import load_identity
from sync.platform.institutions import institution_by_uscc
from sync.platform.statements import count_records, reported_reports
from sync.reporting.engine import ReportingEngine
from tests.factories.offices import CHEAP, PASSWORD, TestClock
from tests.sync.running_platform import OWN, Running

TODAY = date(2020, 12, 20)
MADE_ON = date(2020, 12, 19)
CODE = "电工01班"
TAKEN = resources.load_json("demo", "platform.json")["certificate_numbers"][0]["number"]
FREE = "S00004201300020420001"
PEOPLE = (
    ("范雨", "420506200103083428"),
    ("苏国", "42011119711122861X"),
    ("戚刚", "420112199612283612"),
)
DAYS = (date(2020, 12, 1), date(2020, 12, 2), date(2020, 12, 3))


def with_content(engine: ReportingEngine) -> list[ReportListItem]:
    """Return the reports that say something: the class has no 开班备案, no 结业 and no claim."""
    return [item for item in engine.list_reports() if item.state != "empty"]


@dataclass
class ReportingOffice:
    """An open profile, the administrator logged in, and the platform that it reports to."""

    profile: Profile
    platform: Running
    class_id: bytes
    people: list[bytes]
    sessions: list[bytes]
    assessment: bytes
    services: Services

    @property
    def engine(self) -> ReportingEngine:
        """The engine that ``bootstrap`` has put into the services."""
        assert isinstance(self.services.reporting, ReportingEngine)
        return self.services.reporting

    @property
    def batches(self) -> BatchService:
        return self.services.batches

    def as_role(self, role: Role | str) -> Services:
        """Let somebody else work here for a while."""
        self.profile.log_in(str(role), PASSWORD)
        return self.services

    def new_process(self) -> ReportingEngine:
        """Close the profile and open it again, as after a kill; the administrator logs in."""
        self.profile.close()
        self.profile = Profile(self.profile.files.folder, cost=CHEAP, clock=self.profile.clock)
        self.profile.log_in("admin", PASSWORD)
        self.services = bootstrap.services(self.profile)
        return self.engine

    def edit(self, person: int, fields: Mapping[str, str], reason: str = "与证件核对") -> None:
        """Let the training office correct a person."""
        self.as_role(Role.OFFICE).trainees.edit(self.people[person], fields, reason)
        self.profile.log_in("admin", PASSWORD)

    def number(self, person: int, number: str) -> None:
        """Let the training office correct a certificate's number."""
        certificates = self.as_role(Role.OFFICE).certificates
        certificates.correct_number(self.assessment, self.people[person], number, "与发证名单核对")
        self.profile.log_in("admin", PASSWORD)

    def write(self, entity: Entity, key: bytes, fields: Mapping[str, object]) -> None:
        """Write past the services, as an older version or a merge may have."""
        with self.services.context.unit_of_work("edit_class") as work:
            work.put(entity, key, fields)

    def claim_for_all(self, fen: int) -> bytes:
        """Submit a claim of all three people, ``fen`` each, and return its key."""
        key = claim_key(self.class_id, "skill_action", MADE_ON)
        claim = {
            "state": "submitted",
            "state_on": TODAY.isoformat(),
            "made_on": MADE_ON.isoformat(),
            "reviewed_by": b"h" * 16,
            "reviewed_on": MADE_ON.isoformat(),
            "publisher": "江城职院",
            "place": "公告栏",
            "notice_from": "2020-12-10",
            "notice_until": "2020-12-17",
            "phone": "027",
            "payee_kind": "institution",
            "holder": "江城职院",
            "bank": "工行",
            "account": "3202",
            "paper": "委1",
        }
        self.write(CLAIM, key, claim)
        for person in self.people:
            line = {
                "chosen_group": "employee",
                "fen": fen,
                "standard_fen": fen,
                "certified": 1,
                "document": None,
            }
            self.write(CLAIM_LINE, key + person, line)
        return key

    def report_all(self, reason: str | None = None):
        """Seal everything, push it and return the outcome."""
        return self.engine.push(self.engine.seal(reason=reason).batch)

    def reported(self) -> tuple[ReportedState, dict[str, int]]:
        """What the platform has accepted of this institution, and how many records of each kind."""
        with reading(self.platform.engine) as connection:
            number = institution_by_uscc(connection, OWN).id
            epoch = load_identity(self.platform.engine).epoch
            return reported_reports(connection, number, epoch), count_records(connection, number)

    def same_as_platform(self) -> bool:
        """Tell whether both sides hold the same accepted statements."""
        here, (there, counts) = self.engine.reported_digest(), self.reported()
        return (here.digest, here.records) == (there.digest.hex(), counts)

    def report(self, kind: str):
        """The list item of one report of the class."""
        items = self.engine.list_reports()
        return next(item for item in items if item.kind == kind and item.class_id == self.class_id)


def found(folder: Path, clock: TestClock) -> tuple[bytes, list[bytes], list[bytes], bytes]:
    """Set up the office; return class, people, sessions and assessment."""
    profile = Profile(folder, cost=CHEAP, clock=clock)
    institution = NewInstitution("湖北江城职业技术学院", OWN, "420111", "public-vocational", demo=True)
    profile.set_up(institution, "admin", "王主任", PASSWORD)
    services = bootstrap.services(profile)
    for role in (Role.OFFICE, Role.HEAD, Role.TEACHER):
        services.accounts.add_user(role.value, f"{role.value} 账号", [role], PASSWORD)
    catalogue = []
    for item in resources.load_json("demo", "platform.json")["projects"]:
        fields = {name: value for name, value in item.items() if name != "id"}
        catalogue.append((PROJECT, bytes.fromhex(item["id"]), fields | {"origin": "platform"}))
    services.batches.take_pages([], catalogue)
    profile.log_in("office", PASSWORD)
    class_id = services.classes.create_class(
        CODE, project_code="HB2020-S-0042", start_on=DAYS[0], end_on=DAYS[-1]
    )
    sessions = [
        services.timetable.add_session(
            class_id,
            PlannedSession(day, time(8), time(17), 20, "直流电路", "offline", "实训楼B203", ("陈志强",)),
        )
        for day in DAYS
    ]
    people = [
        services.trainees.create({"name": name, "document_number": number, "phone": "13800001111"})
        for name, number in PEOPLE
    ]
    services.trainees.enrol(class_id, people, "employee")
    for session in sessions:
        services.attendance.mark(session, [NewMark(person, Mark(MarkStatus.PRESENT)) for person in people])
    assessment = _take_results(services, folder, class_id)
    profile.close()
    return class_id, people, sessions, assessment


def _take_results(services: Services, folder: Path, class_id: bytes) -> bytes:
    scores, certificates = folder / "scores.csv", folder / "certificates.csv"
    rows = [f"{place},{name},42010{place},80,75" for place, (name, _) in enumerate(PEOPLE, 1)]
    scores.write_text("\n".join(["序号,姓名,准考证号,理论,实操", *rows]), encoding="utf-8-sig")
    options = ImportOptions(held_on=date(2020, 12, 5))
    services.imports.apply(services.imports.plan(WorkbookKind.SCORES, scores, CODE, options))
    rows = [
        f"{place},{name},42010{place},{FREE}{place},2020-12-18" for place, (name, _) in enumerate(PEOPLE, 1)
    ]
    head = "序号,姓名,准考证号,证书编号,发证日期"
    certificates.write_text("\n".join([head, *rows]), encoding="utf-8-sig")
    services.imports.apply(services.imports.plan(WorkbookKind.CERTIFICATES, certificates, CODE))
    return services.assessments.list_assessments(class_id)[0].id


class ReportingTemplate:
    """The office set up once and copied for each test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._clock = TestClock(TODAY)
        self._facts = found(folder, self._clock)

    def copy(self, folder: Path, platform: Running) -> ReportingOffice:
        """Return a copy, not joined, the administrator logged in."""
        shutil.copytree(self._folder, folder, dirs_exist_ok=True)
        clock = TestClock(TODAY)
        clock.moment = self._clock.moment
        profile = Profile(folder, cost=CHEAP, clock=clock)
        profile.log_in("admin", PASSWORD)
        class_id, people, sessions, assessment = self._facts
        services = bootstrap.services(profile)
        return ReportingOffice(profile, platform, class_id, people, sessions, assessment, services)
