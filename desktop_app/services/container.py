"""All services of one open profile, as the window and the command line get them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from desktop_app.services.accounts import AccountService
from desktop_app.services.assessments import AssessmentService
from desktop_app.services.attendance import AttendanceService
from desktop_app.services.backup import BackupService
from desktop_app.services.batches import BatchService
from desktop_app.services.certificate_steps import CertificateStepService
from desktop_app.services.certificates import CertificateService
from desktop_app.services.class_steps import ClassStepService
from desktop_app.services.classes import ClassService
from desktop_app.services.context import Context
from desktop_app.services.credit_bank import CreditBankService
from desktop_app.services.dashboard import DashboardService
from desktop_app.services.drafts import DraftService
from desktop_app.services.employment import EmploymentService
from desktop_app.services.enrolment import EnrolmentService
from desktop_app.services.evidence import EvidenceService
from desktop_app.services.evidence_import import EvidenceImportService
from desktop_app.services.exam_steps import ExamService
from desktop_app.services.figure_papers import FigurePaperService
from desktop_app.services.figures import FigureService
from desktop_app.services.guidance import GuidanceService
from desktop_app.services.history import HistoryService
from desktop_app.services.identities import IdentityService
from desktop_app.services.imports.service import ImportService
from desktop_app.services.inspections import InspectionService
from desktop_app.services.monday import MondayService
from desktop_app.services.opening import OpeningService
from desktop_app.services.papers import PaperService
from desktop_app.services.performance import PerformanceService
from desktop_app.services.policies import PolicyService
from desktop_app.services.profile import Profile
from desktop_app.services.projects import ProjectService
from desktop_app.services.qualification import QualificationService
from desktop_app.services.reporting import Reporting
from desktop_app.services.result_files import ResultFileService
from desktop_app.services.reviews import ReviewService
from desktop_app.services.risks import RiskService
from desktop_app.services.session_changes import SessionChangeService
from desktop_app.services.sites import SiteService
from desktop_app.services.supervision import SupervisionService
from desktop_app.services.talent import TalentService
from desktop_app.services.teachers import TeacherService
from desktop_app.services.timetable import TimetableService
from desktop_app.services.trainees import TraineeService
from desktop_app.services.willingness import WillingnessService


@dataclass(frozen=True, slots=True)
class Services:
    """One attribute per service; made once a profile is open."""

    profile: Profile
    context: Context
    accounts: AccountService
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
    guidance: GuidanceService
    credit_bank: CreditBankService
    talent: TalentService
    employment: EmploymentService
    risks: RiskService
    supervision: SupervisionService
    figures: FigureService
    performance: PerformanceService
    figure_papers: FigurePaperService
    monday: MondayService
    batches: BatchService
    reviews: ReviewService
    backup: BackupService
    papers: PaperService
    policies: PolicyService
    imports: ImportService
    history: HistoryService
    dashboard: DashboardService
    drafts: DraftService
    reporting: Reporting | None = None


ReportingFactory = Callable[[BatchService], Reporting]


def build_services(profile: Profile, make_reporting: ReportingFactory | None = None) -> Services:
    """Build the services of a profile that is open; ``bootstrap`` hands in the engine of reporting."""
    context = profile.context
    assert context is not None
    batches = BatchService(context)
    evidence = EvidenceService(profile)
    return Services(
        profile=profile,
        context=context,
        accounts=AccountService(profile),
        sites=SiteService(context),
        teachers=TeacherService(context),
        projects=ProjectService(context),
        classes=ClassService(context),
        opening=OpeningService(context),
        class_steps=ClassStepService(context),
        timetable=TimetableService(context),
        session_changes=SessionChangeService(context),
        inspections=InspectionService(context),
        trainees=TraineeService(context),
        enrolment=EnrolmentService(context),
        qualification=QualificationService(context),
        willingness=WillingnessService(context),
        identities=IdentityService(context),
        attendance=AttendanceService(context),
        evidence=evidence,
        evidence_imports=EvidenceImportService(evidence),
        assessments=AssessmentService(context),
        exams=ExamService(context),
        result_files=ResultFileService(evidence),
        certificates=CertificateService(context),
        certificate_steps=CertificateStepService(context),
        guidance=GuidanceService(context),
        credit_bank=CreditBankService(context),
        talent=TalentService(context),
        employment=EmploymentService(context),
        risks=RiskService(context),
        supervision=SupervisionService(context),
        figures=FigureService(context),
        performance=PerformanceService(context),
        figure_papers=FigurePaperService(context),
        monday=MondayService(context),
        batches=batches,
        reviews=ReviewService(context),
        backup=BackupService(profile),
        papers=PaperService(context),
        policies=PolicyService(context),
        imports=ImportService(evidence),
        history=HistoryService(context),
        dashboard=DashboardService(context),
        drafts=DraftService(profile),
        reporting=None if make_reporting is None else make_reporting(batches),
    )
