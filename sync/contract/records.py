"""Fields of every record kind, as msgspec structs: the one place that says type, length, range and code list.

On the wire a record's fields are a msgpack map; a field at its default is left out, an unknown field is kept and
travels on. Dates are ISO text, times ``HH:MM``, hours 课时, scores tenths of a point, money 分.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from sync.contract.kinds import RecordKind

Code = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_:.-]{0,39}$")]
Text20 = Annotated[str, Meta(min_length=1, max_length=20)]
Text50 = Annotated[str, Meta(min_length=1, max_length=50)]
Text100 = Annotated[str, Meta(min_length=1, max_length=100)]
Text200 = Annotated[str, Meta(min_length=1, max_length=200)]
Region = Annotated[str, Meta(pattern=r"^[0-9]{6}$")]
TimeOfDay = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Hours = Annotated[int, Meta(ge=1, le=2000)]
SessionHours = Annotated[int, Meta(ge=1, le=24)]
LostHours = Annotated[int, Meta(ge=0, le=24)]
People = Annotated[int, Meta(ge=1, le=10_000)]
Count = Annotated[int, Meta(ge=0, le=10_000)]
AttendedHours = Annotated[int, Meta(ge=0, le=2000)]
FileCount = Annotated[int, Meta(ge=0, le=1000)]
Number = Annotated[int, Meta(ge=1, le=100_000)]
Tenths = Annotated[int, Meta(ge=0, le=10_000)]
FullMark = Annotated[int, Meta(ge=1, le=10_000)]
Weight = Annotated[int, Meta(ge=0, le=100)]
Fen = Annotated[int, Meta(ge=0, le=10**12)]
Id = Annotated[bytes, Meta(min_length=16, max_length=16)]
Audiences = Annotated[
    str, Meta(pattern=r"^(student|key_group|employee|other)(,(student|key_group|employee|other))*$")
]
Uscc = Annotated[str, Meta(pattern=r"^[0-9A-HJ-NP-RTUWXY]{18}$")]

Sex = Literal["0", "1", "2", "9"]
Category = Literal["student", "key_group", "employee", "other"]
SessionMode = Literal["offline", "online", "mixed"]
MarkStatus = Literal["present", "late", "early", "leave", "absent"]
LeaveReason = Literal["sick", "personal", "official", "other"]
AssessmentKind = Literal["level", "completion", "process"]
AssessmentRule = Literal["each", "weighted", "both"]
Component = Literal["theory", "practice", "review", "process"]
ScoreState = Literal["scored", "absent", "deferred", "violation"]
Conclusion = Literal["passed", "failed", "none"]
Quality = Literal["dual", "model_worker", "craftsman", "enterprise", "high_skill"]
Employment = Literal["full_time", "part_time"]
FinishOutcome = Literal["completed", "not_completed", "withdrawn", "transferred"]
CertificateKind = Literal["level", "one_x", "qualification", "completion", "special_operation"]
ProjectTrack = Literal["education", "labour"]
DepartmentLevel = Literal["county", "city", "province"]
InstitutionAffiliation = Literal["county", "city", "province", "ministry"]
ProjectAnswer = Literal["passed", "return", "refuse", "forward"]
InstitutionKind = Literal[
    "public-vocational", "private-vocational", "technician", "training-centre", "enterprise"
]

Period = tuple[date, date | None]
Scheme = tuple[Component, FullMark, Tenths, Weight]
OpeningTeacher = tuple[Text50, Employment | None, Annotated[list[Quality], Meta(max_length=5)]]
ScoreEntry = tuple[ScoreState, Tenths | None]


class ClassFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """班级. Key: class id."""

    code: Text50
    project_code: Text50
    start: date
    end: date
    planned_hours: Hours
    trade: Text50 | None = None
    level: Code | None = None
    region: Region | None = None
    planned_people: People | None = None
    organisation: Text100 | None = None


class OpeningFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """开班备案 (四.2, 五.三, 六.2). Key: class id. ``teachers``: name, 专职 or 兼职, what they are known for (R29).

    ``planned_people`` counts who is admitted when the class begins: leaving later changes nothing in it.
    """

    code: Text50
    project_code: Text50
    start: date
    end: date
    planned_hours: Hours
    planned_people: People
    place: Text100
    head: Text100
    contact: Text100
    phone: Text50
    teachers: Annotated[list[OpeningTeacher], Meta(min_length=1, max_length=50)]
    organisation: Text100
    channel: Code
    trade: Text50 | None = None
    level: Code | None = None
    region: Region | None = None
    enterprise: Text100 | None = None
    local_pool: bool = False


class TraineeFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """学员. Key: trainee id. ``ethnicity`` GB/T 3304, ``education`` GB/T 4658, ``sex`` GB/T 2261.1."""

    name: Text50
    document_type: Code
    document_number: Annotated[str, Meta(min_length=1, max_length=30)]
    sex: Sex | None = None
    birth: date | None = None
    ethnicity: Annotated[str, Meta(pattern=r"^[0-9]{2}$")] | None = None
    education: Annotated[str, Meta(pattern=r"^[0-9]{2}$")] | None = None
    studying: bool = False
    phone: Text20 | None = None


class EnrolmentFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """报名. Key: class id + trainee id. ``periods``: first and last day (null: still a member) of each membership."""

    number: Number
    enrolled_on: date
    category: Category
    periods: Annotated[list[Period], Meta(min_length=1, max_length=20)]
    key_group: Code | None = None
    evidence_kind: Code | None = None
    evidence_number: Text50 | None = None
    employer: Text100 | None = None
    student_number: Text50 | None = None
    major: Text100 | None = None


class SessionFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """课次. Key: session id; ``class_id`` is the report's class. ``teachers``: names in order, 主讲 first.

    A 补课 names the session that it ``makes_up``; with ``makes_up_for`` it is for those trainees alone, credits that
    session and is not in the plan. An online session says its platform, its minutes and its identity checks (六.2).
    """

    class_id: Id
    number: Number
    date: date
    start: TimeOfDay
    end: TimeOfDay
    hours: SessionHours
    teachers: Annotated[list[Text50], Meta(min_length=1, max_length=10)]
    content: Text200 | None = None
    mode: SessionMode = "offline"
    place: Text100 | None = None
    makes_up: Id | None = None
    makes_up_for: Annotated[list[Id], Meta(min_length=1, max_length=500)] | None = None
    online_platform: Text100 | None = None
    online_minutes: Annotated[int, Meta(ge=1, le=1440)] | None = None
    identity_checks: Annotated[int, Meta(ge=0, le=99)] | None = None


class MarkFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """考勤. Key: session id + trainee id. ``lost_hours`` for late and early only."""

    status: MarkStatus
    lost_hours: LostHours = 0
    reason: LeaveReason | None = None


class AssessmentFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """考核. Key: assessment id. ``components``: code, full mark, pass mark (tenths), weight (percent)."""

    class_id: Id
    kind: AssessmentKind
    date: date
    components: Annotated[list[Scheme], Meta(min_length=1, max_length=4)]
    rule: AssessmentRule = "each"
    organisation: Text100 | None = None


class ScoreFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """成绩. Key: assessment id + trainee id. ``components``: code → state and tenths (null unless scored)."""

    components: dict[Component, ScoreEntry]
    conclusion: Conclusion
    ticket: Text50 | None = None


class CertificateFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """证书. Key: assessment id + trainee id + issue (2 bytes, from 1)."""

    number: Text50
    kind: CertificateKind
    issuer: Text100
    issued_on: date
    level: Code | None = None
    trade: Text50 | None = None


class CompletionFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """结业. Key: class id. Numbers of people: ``enrolled`` (参训) is the sum of the four outcomes."""

    completed_on: date
    enrolled: Count
    completed: Count
    not_completed: Count
    withdrawn: Count
    transferred: Count
    passed: Count
    certified: Count


class FinisherFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """结业人员. Key: class id + trainee id. ``conclusion`` over all sittings; 课时 with those carried over."""

    outcome: FinishOutcome
    planned_hours: AttendedHours
    attended_hours: AttendedHours
    conclusion: Conclusion
    certified: bool = False


class SubmissionFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """项目申报 as it was submitted (三.1, 三.2, 六.2). Key: project id. ``audience``: codes joined by commas.

    ``surveys`` and ``minutes`` count the files of the demand survey and of the plan's 纪要; money in 分.
    """

    code: Text50
    name: Text100
    version: Number
    submission: Number
    submitted_on: date
    wanted_level: DepartmentLevel
    affiliation: InstitutionAffiliation
    region: Region
    audience: Audiences
    institution: Text100
    content: Annotated[str, Meta(min_length=1, max_length=2000)]
    form: Text100
    hours: Hours
    schedule: Text200
    trade: Text50
    level: Code
    organisation: Text100
    fee_fen: Fen
    subsidy_fen: Fen
    enterprise: Text200
    planned_on: date
    surveys: Number
    minutes: FileCount = 0
    signed: bool = False


class AnswerFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """审核意见 of a department on a submission (institution stream).

    Key: derived from project, track, submission and level. ``area``: region code that a pass is good for.
    """

    project_id: Id
    track: ProjectTrack
    submission: Number
    level: DepartmentLevel
    area: Region
    answer: ProjectAnswer
    answered_on: date
    reason: Text200 | None = None
    document: Text100 | None = None


class SelectionFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """部门选用 of a published project (province stream, 三.3). Key: derived from project and department."""

    project_id: Id
    department: Code
    document: Text100
    fund: Text100
    selected_on: date


class ProjectFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """培训项目 in the published catalogue (province stream). ``area``: region code where it may be taught."""

    code: Text50
    name: Text100
    trade: Text50
    level: Code
    audience: Audiences
    hours: Hours
    organisation: Text100
    form: Text100
    area: Region
    version: Number
    published_on: date
    fee_fen: Fen = 0
    subsidy_fen: Fen = 0
    content: Annotated[str, Meta(min_length=1, max_length=2000)] | None = None
    schedule: Text200 | None = None
    institution: Text100 | None = None


class InstitutionFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """承训机构 as the platform knows it (institution stream). Key: its credit code in ASCII."""

    name: Text100
    uscc: Uscc
    region: Region
    kind: InstitutionKind


class DeviceFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """终端 as the platform knows it (institution stream). Key: device id."""

    name: Text100
    public_key: Annotated[bytes, Meta(min_length=32, max_length=32)]
    revoked: bool = False


class PolicyFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """政策参数 (province stream); ``value`` is JSON text. Key: derived from code, region, channel and since."""

    code: Text100
    value: Annotated[str, Meta(min_length=1, max_length=200_000)]
    since: date
    until: date | None = None
    document: Text100 | None = None
    region: Region | None = None
    channel: Code | None = None


class PilotFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """1+X 试点 (province stream). Key: derived from school, certificate, level, batch."""

    school: Text100
    certificate: Text100
    batch: Text100
    level: Code | None = None
    published_on: date | None = None
    document: Text100 | None = None


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
}
