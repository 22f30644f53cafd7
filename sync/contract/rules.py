"""What a record must fulfil beside its shape, judged from the statements of its class alone.

Each check yields problems; the first argument is the record's key, the second its fields, the third what is
accepted of the class so far.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from desktop_app.domain import codes, employment, opening, projects
from desktop_app.domain.assessments import (
    Component,
    ComponentCode,
    Conclusion,
    PassRule,
    Score,
    ScoreState,
    conclude,
)
from desktop_app.domain.certificates import check_number
from desktop_app.domain.errors import AppError
from desktop_app.domain.identity import check_document, compare_entered
from sync.contract.claim_rules import claim_line_problems, claim_problems
from sync.contract.kinds import TRAINEE_BYTES, RecordKind
from sync.contract.records import (
    AssessmentFields,
    CertificateFields,
    ClassFields,
    CompletionFields,
    EnrolmentFields,
    FinisherFields,
    FollowUpFields,
    MarkFields,
    OpeningFields,
    RectificationFields,
    ScoreFields,
    SessionFields,
    SubmissionFields,
    TraineeFields,
)
from sync.contract.shape import FieldProblem, Severity
from sync.contract.statement import Statement

Problems = Iterator[FieldProblem]


def _in_table(field: str, table: str, code: str | None) -> Problems:
    if code is not None and code not in codes.table(table).by_code:
        yield FieldProblem("FIELD_NOT_IN_LIST", field, {"allowed": table})


def _parent(statement: Statement, kind: RecordKind, key: bytes) -> Problems:
    refused = (kind, key) in statement.refused
    yield FieldProblem("PARENT_REJECTED" if refused else "PARENT_MISSING", None, {"kind": kind.value})


def class_problems(key: bytes, fields: ClassFields, statement: Statement) -> Problems:
    """班级: it is the report's own, its dates are in order."""
    if key != statement.class_id:
        yield FieldProblem("CLASS_NOT_OF_REPORT")
    if fields.end < fields.start:
        yield FieldProblem("CLASS_DATES_REVERSED", "end")
    yield from _in_table("level", "levels", fields.level)


def opening_problems(key: bytes, fields: OpeningFields, statement: Statement) -> Problems:
    """开班备案: the report's own class, its dates in order; what is paid by an enterprise names it (R25)."""
    if key != statement.class_id:
        yield FieldProblem("CLASS_NOT_OF_REPORT")
    if fields.end < fields.start:
        yield FieldProblem("CLASS_DATES_REVERSED", "end")
    yield from _in_table("level", "levels", fields.level)
    yield from _in_table("channel", "channels", fields.channel)
    if opening.check_funding(opening.Funding(fields.channel, fields.enterprise or ""), fields.code):
        yield FieldProblem("OPENING_WITHOUT_ENTERPRISE", "enterprise")


def trainee_problems(key: bytes, fields: TraineeFields, statement: Statement) -> Problems:
    """学员: the document holds (GB 11643), agrees with sex and birth date, and is nobody else's in this class."""
    yield from _in_table("ethnicity", "ethnic_groups", fields.ethnicity)
    yield from _in_table("education", "education", fields.education)
    yield from _in_table("document_type", "document_types", fields.document_type)
    document = check_document(fields.document_type, fields.document_number, statement.today)
    for problem in document.problems:
        yield FieldProblem(problem.code, "document_number", dict(problem.params))
    if not document.problems and document.normalised != fields.document_number:
        yield FieldProblem("DOCUMENT_NOT_NORMALISED", "document_number")
    sex = fields.sex if fields.sex in {"1", "2"} else None
    for contradiction in compare_entered(document, sex, fields.birth):
        field = "sex" if contradiction.code == "SEX_DIFFERS" else "birth"
        yield FieldProblem(contradiction.code, field, dict(contradiction.params))
    if statement.documents.get((fields.document_type, fields.document_number), key) != key:
        yield FieldProblem("DOCUMENT_TWICE", "document_number")


def enrolment_problems(key: bytes, fields: EnrolmentFields, statement: Statement) -> Problems:
    """报名: class and trainee are there, the periods are in order, a key group is named where it is one."""
    if key[:-TRAINEE_BYTES] != statement.class_id:
        yield FieldProblem("CLASS_NOT_OF_REPORT")
    elif statement.training_class() is None:
        yield from _parent(statement, RecordKind.CLASS, statement.class_id)
    if statement.trainee(key[-TRAINEE_BYTES:]) is None:
        yield from _parent(statement, RecordKind.TRAINEE, key[-TRAINEE_BYTES:])
    if fields.category == "key_group" and fields.key_group is None:
        yield FieldProblem("ENROLMENT_GROUP_MISSING", "key_group")
    yield from _in_table("key_group", "key_groups", fields.key_group)
    yield from _in_table("evidence_kind", "evidence_kinds", fields.evidence_kind)
    yield from _in_table("channel", "channels", fields.channel)
    if any(last is not None and last < first for first, last in fields.periods):
        yield FieldProblem("PERIOD_REVERSED", "periods")
    elif any(
        last is None or following[0] <= last
        for (_, last), following in zip(fields.periods, fields.periods[1:], strict=False)
    ):
        yield FieldProblem("PERIODS_OVERLAP", "periods")


def session_problems(_key: bytes, fields: SessionFields, statement: Statement) -> Problems:
    """课次: of the report's class, which is there; it ends after it begins."""
    if fields.class_id != statement.class_id:
        yield FieldProblem("CLASS_NOT_OF_REPORT", "class_id")
    elif statement.training_class() is None:
        yield from _parent(statement, RecordKind.CLASS, statement.class_id)
    if fields.end <= fields.start:
        yield FieldProblem("SESSION_TIMES_REVERSED", "end")


def mark_problems(key: bytes, fields: MarkFields, statement: Statement) -> Problems:
    """考勤: of a member, on a session that has begun, losing no more hours than the session has."""
    session = statement.session(key[:-TRAINEE_BYTES])
    enrolment = statement.enrolment(key[-TRAINEE_BYTES:])
    if session is None:
        yield from _parent(statement, RecordKind.SESSION, key[:-TRAINEE_BYTES])
    if enrolment is None:
        yield from _parent(statement, RecordKind.ENROLMENT, statement.class_id + key[-TRAINEE_BYTES:])
    if session is None:
        return
    if session.date > statement.today:
        yield FieldProblem("MARK_BEFORE_SESSION")
    if fields.lost_hours > session.hours:
        yield FieldProblem("LOST_HOURS_TOO_MANY", "lost_hours", {"hours": session.hours})
    if enrolment is not None and not any(
        first <= session.date and (last is None or session.date <= last) for first, last in enrolment.periods
    ):
        yield FieldProblem("MARK_OUTSIDE_MEMBERSHIP")


def assessment_problems(_key: bytes, fields: AssessmentFields, statement: Statement) -> Problems:
    """考核: of the report's class, which is there; pass marks within the full marks."""
    if fields.class_id != statement.class_id:
        yield FieldProblem("CLASS_NOT_OF_REPORT", "class_id")
    elif statement.training_class() is None:
        yield from _parent(statement, RecordKind.CLASS, statement.class_id)
    if any(needed > full for _, full, needed, _ in fields.components):
        yield FieldProblem("PASS_MARK_TOO_HIGH", "components")
    if len({component for component, *_ in fields.components}) < len(fields.components):
        yield FieldProblem("COMPONENT_TWICE", "components")


def score_problems(key: bytes, fields: ScoreFields, statement: Statement) -> Problems:
    """成绩: of a member in an assessment that was held; within the full marks; the conclusion follows from it."""
    assessment = statement.assessment(key[:-TRAINEE_BYTES])
    if assessment is None:
        yield from _parent(statement, RecordKind.ASSESSMENT, key[:-TRAINEE_BYTES])
    if statement.enrolment(key[-TRAINEE_BYTES:]) is None:
        yield from _parent(statement, RecordKind.ENROLMENT, statement.class_id + key[-TRAINEE_BYTES:])
    if assessment is None:
        return
    if assessment.date > statement.today:
        yield FieldProblem("SCORE_IN_FUTURE")
    full = {component: mark for component, mark, _, _ in assessment.components}
    for component, (state, tenths) in fields.components.items():
        if component not in full:
            yield FieldProblem("COMPONENT_NOT_IN_SCHEME", f"components.{component}")
        elif (state == "scored") != (tenths is not None):
            yield FieldProblem("SCORE_WITHOUT_VALUE", f"components.{component}")
        elif tenths is not None and tenths > full[component]:
            yield FieldProblem(
                "SCORE_OUT_OF_RANGE", f"components.{component}", {"full": full[component] / 10}
            )
    if assessment.kind != "process" and (fields.conclusion == "passed") != has_passed(assessment, fields):
        yield FieldProblem("CONCLUSION_NOT_BY_RULE", "conclusion")


def has_passed(assessment: AssessmentFields, score: ScoreFields) -> bool:
    """Tell whether a score passes by the rule of its assessment (``domain.assessments.conclude``)."""
    components = [Component(ComponentCode(code), *marks) for code, *marks in assessment.components]
    results: dict[ComponentCode, Score | None] = {
        ComponentCode(code): Score(ScoreState(state), tenths)
        for code, (state, tenths) in score.components.items()
        if state != "scored" or tenths is not None
    }
    return conclude(components, PassRule(assessment.rule), results).conclusion is Conclusion.PASSED


def certificate_problems(key: bytes, fields: CertificateFields, statement: Statement) -> Problems:
    """证书: for a pass, not before the assessment (R15); its number once in the statement."""
    assessment = statement.assessment(key[:TRAINEE_BYTES])
    score = statement.score(key[: 2 * TRAINEE_BYTES])
    if score is None:
        yield from _parent(statement, RecordKind.SCORE, key[: 2 * TRAINEE_BYTES])
    elif score.conclusion != "passed":
        yield FieldProblem("NOT_PASSED")
    if assessment is not None and fields.issued_on < assessment.date:
        yield FieldProblem("CERTIFICATE_TOO_EARLY", "issued_on")
    if fields.issued_on > statement.today:
        yield FieldProblem("CERTIFICATE_IN_FUTURE", "issued_on")
    number = check_number(fields.number, fields.kind)
    if number.normalised != fields.number:
        yield FieldProblem("CERTIFICATE_NOT_NORMALISED", "number")
    for told, severity in ((number.problem, Severity.ERROR), (number.warning, Severity.WARNING)):
        if told is not None:
            yield FieldProblem(told.code, "number", dict(told.params), severity)
    holder = statement.numbers.get((fields.kind, fields.number), key)
    if holder[: 2 * TRAINEE_BYTES] != key[: 2 * TRAINEE_BYTES]:
        yield FieldProblem("CERTIFICATE_NUMBER_USED", "number")
    yield from _in_table("level", "levels", fields.level)


def completion_problems(key: bytes, fields: CompletionFields, statement: Statement) -> Problems:
    """结业: the report's own class, which is there, once it has begun; the four outcomes add up to 参训."""
    training_class = statement.training_class()
    if key != statement.class_id:
        yield FieldProblem("CLASS_NOT_OF_REPORT")
    elif training_class is None:
        yield from _parent(statement, RecordKind.CLASS, statement.class_id)
    elif fields.completed_on < training_class.start:
        yield FieldProblem("COMPLETION_TOO_EARLY", "completed_on")
    if fields.completed_on > statement.today:
        yield FieldProblem("COMPLETION_IN_FUTURE", "completed_on")
    parts = fields.completed + fields.not_completed + fields.withdrawn + fields.transferred
    if parts != fields.enrolled or not fields.certified <= fields.passed <= fields.enrolled:
        yield FieldProblem("COMPLETION_NUMBERS_DIFFER", "enrolled")


def finisher_problems(key: bytes, fields: FinisherFields, statement: Statement) -> Problems:
    """结业人员: enrolled, within the plan; a pass and a certificate stand on what is accepted (四.3)."""
    trainee = key[-TRAINEE_BYTES:]
    if key[:-TRAINEE_BYTES] != statement.class_id:
        yield FieldProblem("CLASS_NOT_OF_REPORT")
    elif statement.completion() is None:
        yield from _parent(statement, RecordKind.COMPLETION, statement.class_id)
    if statement.enrolment(trainee) is None:
        yield from _parent(statement, RecordKind.ENROLMENT, statement.class_id + trainee)
    if fields.attended_hours > fields.planned_hours:
        yield FieldProblem("HOURS_OVER_PLAN", "attended_hours", {"hours": fields.planned_hours})
    if fields.conclusion == "passed" and not statement.has_passed(trainee):
        yield FieldProblem("FINISHER_NOT_PASSED", "conclusion")
    if fields.certified and not statement.is_certified(trainee):
        yield FieldProblem("FINISHER_NOT_CERTIFIED", "certified")


def submission_problems(key: bytes, fields: SubmissionFields, statement: Statement) -> Problems:
    """项目申报: the report's own; the way that it asks for exists (R06); its plan bears 纪要 or signatures (R27)."""
    if key != statement.subject_id:
        yield FieldProblem("PROJECT_NOT_OF_REPORT")
    yield from _in_table("level", "levels", fields.level)
    try:
        projects.tracks_of(fields.audience.split(","))
    except AppError as error:
        yield FieldProblem(error.code, "audience", dict(error.params))
    try:
        wanted = projects.Level[fields.wanted_level.upper()]
        projects.approval_path(projects.Affiliation(fields.affiliation), fields.region, wanted)
    except AppError as error:
        yield FieldProblem(error.code, "wanted_level", dict(error.params))
    if not fields.minutes and not fields.signed:
        yield FieldProblem(
            "PROJECT_GROUNDING_MISSING", "minutes", {"project": fields.code, "part": "minutes"}
        )
    if fields.submitted_on > statement.today:
        yield FieldProblem("SUBMISSION_IN_FUTURE", "submitted_on")


def follow_up_problems(key: bytes, fields: FollowUpFields, statement: Statement) -> Problems:
    """就业跟踪: of a member of the class, in the month of its key, by 凭证 no older than the training (R36)."""
    trainee = key[TRAINEE_BYTES : 2 * TRAINEE_BYTES]
    if key[:TRAINEE_BYTES] != statement.class_id:
        yield FieldProblem("CLASS_NOT_OF_REPORT")
    elif statement.enrolment(trainee) is None:
        yield from _parent(statement, RecordKind.ENROLMENT, statement.class_id + trainee)
    if int.from_bytes(key[2 * TRAINEE_BYTES :], "big") != employment.month_number(fields.followed_on):
        yield FieldProblem("FOLLOW_UP_NOT_OF_MONTH", "followed_on")
    if fields.followed_on > statement.today:
        yield FieldProblem("FOLLOW_UP_IN_FUTURE", "followed_on")
    training_class = statement.training_class()
    if (
        training_class is not None
        and fields.voucher_on is not None
        and fields.voucher_on < training_class.start
    ):
        yield FieldProblem("VOUCHER_BEFORE_TRAINING", "voucher_on")
    if fields.contract_from and fields.contract_until and fields.contract_until < fields.contract_from:
        yield FieldProblem("CONTRACT_DATES_REVERSED", "contract_until")


def rectification_problems(key: bytes, fields: RectificationFields, statement: Statement) -> Problems:
    """整改回复: to the report's own order, on a day that has come (R31)."""
    if key != statement.subject_id:
        yield FieldProblem("RECTIFICATION_NOT_OF_REPORT")
    if fields.replied_on > statement.today:
        yield FieldProblem("RECTIFICATION_IN_FUTURE", "replied_on")


RULES: dict[str, Callable[[bytes, Any, Statement], Problems]] = {
    RecordKind.OPENING: opening_problems,
    RecordKind.CLASS: class_problems,
    RecordKind.TRAINEE: trainee_problems,
    RecordKind.ENROLMENT: enrolment_problems,
    RecordKind.SESSION: session_problems,
    RecordKind.MARK: mark_problems,
    RecordKind.ASSESSMENT: assessment_problems,
    RecordKind.SCORE: score_problems,
    RecordKind.CERTIFICATE: certificate_problems,
    RecordKind.COMPLETION: completion_problems,
    RecordKind.FINISHER: finisher_problems,
    RecordKind.CLAIM: claim_problems,
    RecordKind.CLAIM_LINE: claim_line_problems,
    RecordKind.FOLLOW_UP: follow_up_problems,
    RecordKind.RECTIFICATION: rectification_problems,
    RecordKind.SUBMISSION: submission_problems,
}
