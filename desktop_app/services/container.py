"""All services of one open profile, as the window and the command line get them.

A service is loaded and made when it is first asked for: a login and the first screen need a dozen of them, and to load
all takes half a second. A new one is named three times: imported for its type, as an attribute, and in ``_MADE``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop_app.services.accounts import AccountService
    from desktop_app.services.assessments import AssessmentService
    from desktop_app.services.attendance import AttendanceService
    from desktop_app.services.backup import BackupService
    from desktop_app.services.batches import BatchService
    from desktop_app.services.certificate_steps import CertificateStepService
    from desktop_app.services.certificates import CertificateService
    from desktop_app.services.claim_pack import ClaimPackService
    from desktop_app.services.claim_steps import ClaimStepService
    from desktop_app.services.claims import ClaimService
    from desktop_app.services.class_archive import ClassArchiveService
    from desktop_app.services.class_steps import ClassStepService
    from desktop_app.services.classes import ClassService
    from desktop_app.services.context import Context
    from desktop_app.services.credit_bank import CreditBankService
    from desktop_app.services.dashboard import DashboardService
    from desktop_app.services.devices import DeviceService, Membership
    from desktop_app.services.drafts import DraftService
    from desktop_app.services.employment import EmploymentService
    from desktop_app.services.enrolment import EnrolmentService
    from desktop_app.services.evidence import EvidenceService
    from desktop_app.services.evidence_import import EvidenceImportService
    from desktop_app.services.exam_steps import ExamService
    from desktop_app.services.exports import ExportService
    from desktop_app.services.figure_papers import FigurePaperService
    from desktop_app.services.figures import FigureService
    from desktop_app.services.follow_up_papers import FollowUpPaperService
    from desktop_app.services.foreign_forms import ForeignFormService
    from desktop_app.services.form_replies import FormReplyService
    from desktop_app.services.guidance import GuidanceService
    from desktop_app.services.history import HistoryService
    from desktop_app.services.identities import IdentityService
    from desktop_app.services.imports.service import ImportService
    from desktop_app.services.inspections import InspectionService
    from desktop_app.services.letterheads import LetterheadService
    from desktop_app.services.list_papers import ListPaperService
    from desktop_app.services.monday import MondayService
    from desktop_app.services.new_year import NewYearService
    from desktop_app.services.opening import OpeningService
    from desktop_app.services.papers import PaperService
    from desktop_app.services.performance import PerformanceService
    from desktop_app.services.personal_rights import PersonalRightsService
    from desktop_app.services.policies import PolicyService
    from desktop_app.services.ports import SyncRunner
    from desktop_app.services.profile import Profile
    from desktop_app.services.projects import ProjectService
    from desktop_app.services.qualification import QualificationService
    from desktop_app.services.record_log import RecordLogService
    from desktop_app.services.reporting import Reporting
    from desktop_app.services.result_files import ResultFileService
    from desktop_app.services.retention import RetentionService
    from desktop_app.services.reviews import ReviewService
    from desktop_app.services.risks import RiskService
    from desktop_app.services.session_changes import SessionChangeService
    from desktop_app.services.shared_files import SharedFilesService
    from desktop_app.services.sharing import Sharing, SharingService
    from desktop_app.services.sharing_plan import SharingPlanService
    from desktop_app.services.sites import SiteService
    from desktop_app.services.stamped_papers import StampedPaperService
    from desktop_app.services.supervision import SupervisionService
    from desktop_app.services.talent import TalentService
    from desktop_app.services.teachers import TeacherService
    from desktop_app.services.templates import TemplateService
    from desktop_app.services.timetable import TimetableService
    from desktop_app.services.trainees import TraineeService
    from desktop_app.services.willingness import WillingnessService
    from desktop_app.services.work_list import WorkListService

ReportingFactory = Callable[["BatchService"], "Reporting"]
LateFactories = Mapping[str, Callable[["Services"], object]]
"""What ``sync`` makes for the services, by the name of its attribute, once it is asked for."""
FIRST = ("accounts", "history", "drafts", "backup", "batches", "dashboard", "assessments")
"""What a login and the first screen ask for."""
_MADE = {
    "accounts": ("accounts", "profile"),
    "devices": ("devices", "context"),
    "sharing": ("sharing", "context"),
    "sharing_plan": ("sharing_plan", "context"),
    "shared_files": ("shared_files", "profile"),
    "sites": ("sites", "context"),
    "teachers": ("teachers", "context"),
    "projects": ("projects", "context"),
    "classes": ("classes", "context"),
    "opening": ("opening", "context"),
    "class_steps": ("class_steps", "context"),
    "timetable": ("timetable", "context"),
    "session_changes": ("session_changes", "context"),
    "inspections": ("inspections", "context"),
    "trainees": ("trainees", "context"),
    "enrolment": ("enrolment", "context"),
    "qualification": ("qualification", "context"),
    "willingness": ("willingness", "context"),
    "identities": ("identities", "context"),
    "attendance": ("attendance", "context"),
    "evidence": ("evidence", "profile"),
    "evidence_imports": ("evidence_import", "evidence"),
    "assessments": ("assessments", "context"),
    "exams": ("exam_steps", "context"),
    "result_files": ("result_files", "evidence"),
    "certificates": ("certificates", "context"),
    "certificate_steps": ("certificate_steps", "context"),
    "claims": ("claims", "context"),
    "claim_steps": ("claim_steps", "context"),
    "claim_pack": ("claim_pack", "evidence"),
    "guidance": ("guidance", "context"),
    "credit_bank": ("credit_bank", "context"),
    "talent": ("talent", "context"),
    "employment": ("employment", "context"),
    "follow_up_papers": ("follow_up_papers", "context"),
    "risks": ("risks", "context"),
    "supervision": ("supervision", "context"),
    "figures": ("figures", "context"),
    "performance": ("performance", "context"),
    "figure_papers": ("figure_papers", "context"),
    "list_papers": ("list_papers", "context"),
    "monday": ("monday", "context"),
    "new_year": ("new_year", "context"),
    "retention": ("retention", "profile"),
    "personal_rights": ("personal_rights", "context"),
    "batches": ("batches", "context"),
    "reviews": ("reviews", "context"),
    "backup": ("backup", "profile"),
    "papers": ("papers", "context", "evidence"),
    "class_archive": ("class_archive", "papers"),
    "stamped_papers": ("stamped_papers", "evidence"),
    "letterheads": ("letterheads", "evidence"),
    "exports": ("exports", "context"),
    "templates": ("templates", "context"),
    "policies": ("policies", "context"),
    "imports": ("imports.service", "evidence"),
    "foreign_forms": ("foreign_forms", "evidence"),
    "form_replies": ("form_replies", "evidence"),
    "history": ("history", "context"),
    "record_log": ("record_log", "context"),
    "work_list": ("work_list", "context"),
    "dashboard": ("dashboard", "context"),
    "drafts": ("drafts", "profile"),
}
"""Each service: its module here, and the attributes that it is made from."""


class Services:
    """One attribute per service; made once a profile is open."""

    profile: Profile
    context: Context
    accounts: AccountService
    devices: DeviceService
    sharing: SharingService
    sharing_plan: SharingPlanService
    shared_files: SharedFilesService
    exchange: Sharing
    membership: Membership
    schedule: SyncRunner
    sites: SiteService
    teachers: TeacherService
    projects: ProjectService
    classes: ClassService
    opening: OpeningService
    class_steps: ClassStepService
    timetable: TimetableService
    session_changes: SessionChangeService
    inspections: InspectionService
    trainees: TraineeService
    enrolment: EnrolmentService
    qualification: QualificationService
    willingness: WillingnessService
    identities: IdentityService
    attendance: AttendanceService
    evidence: EvidenceService
    evidence_imports: EvidenceImportService
    assessments: AssessmentService
    exams: ExamService
    result_files: ResultFileService
    certificates: CertificateService
    certificate_steps: CertificateStepService
    claims: ClaimService
    claim_steps: ClaimStepService
    claim_pack: ClaimPackService
    guidance: GuidanceService
    credit_bank: CreditBankService
    talent: TalentService
    employment: EmploymentService
    follow_up_papers: FollowUpPaperService
    risks: RiskService
    supervision: SupervisionService
    figures: FigureService
    performance: PerformanceService
    figure_papers: FigurePaperService
    list_papers: ListPaperService
    monday: MondayService
    new_year: NewYearService
    retention: RetentionService
    personal_rights: PersonalRightsService
    batches: BatchService
    reviews: ReviewService
    backup: BackupService
    papers: PaperService
    class_archive: ClassArchiveService
    stamped_papers: StampedPaperService
    letterheads: LetterheadService
    exports: ExportService
    templates: TemplateService
    policies: PolicyService
    imports: ImportService
    foreign_forms: ForeignFormService
    form_replies: FormReplyService
    history: HistoryService
    record_log: RecordLogService
    work_list: WorkListService
    dashboard: DashboardService
    drafts: DraftService
    reporting: Reporting | None

    def __init__(
        self,
        profile: Profile,
        make_reporting: ReportingFactory | None = None,
        make_late: LateFactories | None = None,
    ) -> None:
        assert profile.context is not None
        self._making = threading.RLock()
        self._make_late = make_late or {}
        self.profile = profile
        self.context = profile.context
        self.reporting = None if make_reporting is None else make_reporting(self.batches)

    if not TYPE_CHECKING:  # else no name would be unknown

        def __getattr__(self, name: str) -> object:
            """Make a service; what is there already never comes here."""
            late = self.__dict__.get("_make_late", {})
            if name not in _MADE and name not in late:
                raise AttributeError(name)
            with self._making:
                if name not in self.__dict__ and name in late:
                    self.__dict__[name] = late[name](self)
                elif name not in self.__dict__:
                    module, *parts = _MADE[name]
                    kind = type(self).__annotations__[name]
                    make = getattr(import_module(f"desktop_app.services.{module}"), kind)
                    self.__dict__[name] = make(*(getattr(self, part) for part in parts))
            return self.__dict__[name]


def build_services(
    profile: Profile,
    make_reporting: ReportingFactory | None = None,
    make_late: LateFactories | None = None,
) -> Services:
    """Return the services of a profile that is open; ``bootstrap`` hands in what ``sync`` does for them."""
    return Services(profile, make_reporting, make_late)


def load_services(names: Iterable[str] = _MADE) -> None:
    """Load services, so that nobody waits for them later; all of them unless some are named."""
    for name in names:
        import_module(f"desktop_app.services.{_MADE[name][0]}")
