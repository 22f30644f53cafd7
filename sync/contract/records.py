"""Fields of every record kind, as msgspec structs: the one place that says type, length, range and code list.

On the wire a record's fields are a msgpack map; a field at its default is left out, an unknown field is kept and
travels on. Dates are ISO text, times ``HH:MM``, hours 课时, scores tenths of a point, money 分.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from sync.contract import field_types as t
from sync.contract.claim_records import CLAIM_FIELDS, ClaimRecordFields
from sync.contract.kinds import RecordKind


class ClassFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """班级. Key: class id."""

    code: t.Text50
    project_code: t.Text50
    start: date
    end: date
    planned_hours: t.Hours
    trade: t.Text50 | None = None
    level: t.Code | None = None
    region: t.Region | None = None
    planned_people: t.People | None = None
    organisation: t.Text100 | None = None


class OpeningFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """开班备案 (四.2, 五.三, 六.2). Key: class id. ``teachers``: name, 专职 or 兼职, what they are known for (R29).

    ``planned_people`` counts who is admitted when the class begins: leaving later changes nothing in it.
    """

    code: t.Text50
    project_code: t.Text50
    start: date
    end: date
    planned_hours: t.Hours
    planned_people: t.People
    place: t.Text100
    head: t.Text100
    contact: t.Text100
    phone: t.Text50
    teachers: Annotated[list[t.OpeningTeacher], Meta(min_length=1, max_length=50)]
    organisation: t.Text100
    channel: t.Code
    trade: t.Text50 | None = None
    level: t.Code | None = None
    region: t.Region | None = None
    enterprise: t.Text100 | None = None
    local_pool: bool = False


class TraineeFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """学员. Key: trainee id. ``ethnicity`` GB/T 3304, ``education`` GB/T 4658, ``sex`` GB/T 2261.1."""

    name: t.Text50
    document_type: t.Code
    document_number: Annotated[str, Meta(min_length=1, max_length=30)]
    sex: t.Sex | None = None
    birth: date | None = None
    ethnicity: Annotated[str, Meta(pattern=r"^[0-9]{2}$")] | None = None
    education: Annotated[str, Meta(pattern=r"^[0-9]{2}$")] | None = None
    studying: bool = False
    phone: t.Text20 | None = None
    household_region: t.Region | None = None


class EnrolmentFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """报名. Key: class id + trainee id. ``periods``: first and last day (null: still a member) of each membership.

    ``state``: in the class, 退训 or 转班 (the 结业 report says who completed). ``channel``: who pays, once the group is
    chosen. ``carried_hours``: 折抵课时 of a 转班.
    """

    number: t.Number
    enrolled_on: date
    category: t.Category
    periods: Annotated[list[t.Period], Meta(min_length=1, max_length=20)]
    key_group: t.Code | None = None
    evidence_kind: t.Code | None = None
    evidence_number: t.Text50 | None = None
    employer: t.Text100 | None = None
    student_number: t.Text50 | None = None
    major: t.Text100 | None = None
    employer_uscc: t.Uscc | None = None
    post: t.Text100 | None = None
    state: t.EnrolmentState = "attending"
    channel: t.Code | None = None
    carried_hours: t.AttendedHours = 0


class SessionFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """课次. Key: session id; ``class_id`` is the report's class. ``teachers``: names in order, 主讲 first.

    A 补课 names the session that it ``makes_up``; with ``makes_up_for`` it is for those trainees alone, credits that
    session and is not in the plan. An online session says its platform, its minutes and its identity checks (六.2).
    """

    class_id: t.Id
    number: t.Number
    date: date
    start: t.TimeOfDay
    end: t.TimeOfDay
    hours: t.SessionHours
    teachers: Annotated[list[t.Text50], Meta(min_length=1, max_length=10)]
    content: t.Text200 | None = None
    mode: t.SessionMode = "offline"
    place: t.Text100 | None = None
    makes_up: t.Id | None = None
    makes_up_for: Annotated[list[t.Id], Meta(min_length=1, max_length=500)] | None = None
    online_platform: t.Text100 | None = None
    online_minutes: Annotated[int, Meta(ge=1, le=1440)] | None = None
    identity_checks: Annotated[int, Meta(ge=0, le=99)] | None = None


class MarkFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """考勤. Key: session id + trainee id. ``lost_hours`` for late and early only."""

    status: t.MarkStatus
    lost_hours: t.LostHours = 0
    reason: t.LeaveReason | None = None


class AssessmentFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """考核. Key: assessment id. ``components``: code, full mark, pass mark (tenths), weight (percent)."""

    class_id: t.Id
    kind: t.AssessmentKind
    date: date
    components: Annotated[list[t.Scheme], Meta(min_length=1, max_length=4)]
    rule: t.AssessmentRule = "each"
    organisation: t.Text100 | None = None


class ScoreFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """成绩. Key: assessment id + trainee id. ``components``: code → state and tenths (null unless scored)."""

    components: dict[t.Component, t.ScoreEntry]
    conclusion: t.Conclusion
    ticket: t.Text50 | None = None


class CertificateFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """证书. Key: assessment id + trainee id + issue (2 bytes, from 1)."""

    number: t.Text50
    kind: t.CertificateKind
    issuer: t.Text100
    issued_on: date
    level: t.Code | None = None
    trade: t.Text50 | None = None


class CompletionFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """结业. Key: class id. Numbers of people: ``enrolled`` (参训) is the sum of the four outcomes."""

    completed_on: date
    enrolled: t.Count
    completed: t.Count
    not_completed: t.Count
    withdrawn: t.Count
    transferred: t.Count
    passed: t.Count
    certified: t.Count


class FinisherFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """结业人员. Key: class id + trainee id. ``conclusion`` over all sittings; 课时 with those carried over."""

    outcome: t.FinishOutcome
    planned_hours: t.AttendedHours
    attended_hours: t.AttendedHours
    conclusion: t.Conclusion
    certified: bool = False


class SubmissionFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """项目申报 as it was submitted (三.1, 三.2, 六.2). Key: project id. ``audience``: codes joined by commas.

    ``surveys`` and ``minutes`` count the files of the demand survey and of the plan's 纪要; money in 分.
    """

    code: t.Text50
    name: t.Text100
    version: t.Number
    submission: t.Number
    submitted_on: date
    wanted_level: t.DepartmentLevel
    affiliation: t.InstitutionAffiliation
    region: t.Region
    audience: t.Audiences
    institution: t.Text100
    content: Annotated[str, Meta(min_length=1, max_length=2000)]
    form: t.Text100
    hours: t.Hours
    schedule: t.Text200
    trade: t.Text50
    level: t.Code
    organisation: t.Text100
    fee_fen: t.Fen
    subsidy_fen: t.Fen
    enterprise: t.Text200
    planned_on: date
    surveys: t.Number
    minutes: t.FileCount = 0
    signed: bool = False


class AnswerFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """审核意见 of a department on a submission (institution stream).

    Key: derived from project, track, submission and level. ``area``: region code that a pass is good for.
    """

    project_id: t.Id
    track: t.ProjectTrack
    submission: t.Number
    level: t.DepartmentLevel
    area: t.Region
    answer: t.ProjectAnswer
    answered_on: date
    reason: t.Text200 | None = None
    document: t.Text100 | None = None


class SelectionFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """部门选用 of a published project (province stream, 三.3). Key: derived from project and department."""

    project_id: t.Id
    department: t.Code
    document: t.Text100
    fund: t.Text100
    selected_on: date


class ProjectFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """培训项目 in the published catalogue (province stream). ``area``: region code where it may be taught."""

    code: t.Text50
    name: t.Text100
    trade: t.Text50
    level: t.Code
    audience: t.Audiences
    hours: t.Hours
    organisation: t.Text100
    form: t.Text100
    area: t.Region
    version: t.Number
    published_on: date
    fee_fen: t.Fen = 0
    subsidy_fen: t.Fen = 0
    content: Annotated[str, Meta(min_length=1, max_length=2000)] | None = None
    schedule: t.Text200 | None = None
    institution: t.Text100 | None = None


class InstitutionFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """承训机构 as the platform knows it (institution stream). Key: its credit code in ASCII."""

    name: t.Text100
    uscc: t.Uscc
    region: t.Region
    kind: t.InstitutionKind


class DeviceFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """终端 as the platform knows it (institution stream). Key: device id."""

    name: t.Text100
    public_key: Annotated[bytes, Meta(min_length=32, max_length=32)]
    revoked: bool = False


class PolicyFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """政策参数 (province stream); ``value`` is JSON text. Key: derived from code, region, channel and since."""

    code: t.Text100
    value: Annotated[str, Meta(min_length=1, max_length=200_000)]
    since: date
    until: date | None = None
    document: t.Text100 | None = None
    region: t.Region | None = None
    channel: t.Code | None = None


class PilotFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """1+X 试点 (province stream). Key: derived from school, certificate, level, batch."""

    school: t.Text100
    certificate: t.Text100
    batch: t.Text100
    level: t.Code | None = None
    published_on: date | None = None
    document: t.Text100 | None = None


class FollowUpFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """就业跟踪 of a month. Key: class id + trainee id + month (2 bytes; January 2000 is 1)."""

    status: t.EmploymentStatus
    followed_on: date
    since: date | None = None
    employer: t.Text100 | None = None
    credit_code: t.Text20 | None = None
    post: t.Text100 | None = None
    contract_from: date | None = None
    contract_until: date | None = None
    insured: bool | None = None
    matched: bool | None = None
    voucher_kind: t.EmploymentVoucher | None = None
    voucher_number: t.Text100 | None = None
    voucher_on: date | None = None


class RectificationFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """整改回复. Key: order id. ``files`` counts its evidence."""

    document: t.Text100
    measures: t.Text500
    responsible: t.Text500
    replied_on: date
    files: t.FileCount = 0


class SupervisionFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """督导 act of a department (institution stream, 六.3). Key: derived from institution, kind, document and object."""

    kind: t.SupervisionKind
    department: t.Text100
    document: t.Text100
    issued_on: date
    requirement: t.Text500 | None = None
    deadline: date | None = None
    year: Annotated[int, Meta(ge=2000, le=2200)] | None = None
    quota_classes: Annotated[int, Meta(ge=0, le=100_000)] | None = None
    quota_people: Annotated[int, Meta(ge=0, le=10_000_000)] | None = None
    order_id: t.Id | None = None
    flag_id: t.Id | None = None


RecordFields = (
    ClassFields
    | TraineeFields
    | EnrolmentFields
    | SessionFields
    | MarkFields
    | AssessmentFields
    | ScoreFields
    | CertificateFields
    | CompletionFields
    | FinisherFields
    | OpeningFields
    | ProjectFields
    | InstitutionFields
    | DeviceFields
    | PolicyFields
    | PilotFields
    | SubmissionFields
    | AnswerFields
    | SelectionFields
    | FollowUpFields
    | RectificationFields
    | SupervisionFields
    | ClaimRecordFields
)

FIELDS: dict[RecordKind, type[RecordFields]] = {
    RecordKind.OPENING: OpeningFields,
    RecordKind.CLASS: ClassFields,
    RecordKind.TRAINEE: TraineeFields,
    RecordKind.ENROLMENT: EnrolmentFields,
    RecordKind.SESSION: SessionFields,
    RecordKind.MARK: MarkFields,
    RecordKind.ASSESSMENT: AssessmentFields,
    RecordKind.SCORE: ScoreFields,
    RecordKind.CERTIFICATE: CertificateFields,
    RecordKind.COMPLETION: CompletionFields,
    RecordKind.FINISHER: FinisherFields,
    RecordKind.PROJECT: ProjectFields,
    RecordKind.INSTITUTION: InstitutionFields,
    RecordKind.DEVICE: DeviceFields,
    RecordKind.POLICY: PolicyFields,
    RecordKind.PILOT: PilotFields,
    RecordKind.SUBMISSION: SubmissionFields,
    RecordKind.ANSWER: AnswerFields,
    RecordKind.SELECTION: SelectionFields,
    RecordKind.FOLLOW_UP: FollowUpFields,
    RecordKind.RECTIFICATION: RectificationFields,
    RecordKind.SUPERVISION: SupervisionFields,
    **CLAIM_FIELDS,
}
