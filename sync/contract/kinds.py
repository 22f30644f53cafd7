"""Kinds of reports (报送事项) and of the records in them: wire names, numbers, order, parents.

Numbers and names are wire names: never reused, never given another meaning. The number is also the rank: in a
statement parents come before children.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

CONTRACT_VERSION = 1
TRAINEE_BYTES = 16


class ReportKind(StrEnum):
    """Reports of this contract version; ``subject`` is the id, in hexadecimal, of the class, project or order."""

    PROJECT = "project"
    OPENING = "opening"
    ROSTER = "roster"
    ATTENDANCE = "attendance"
    ASSESSMENT = "assessment"
    CERTIFICATE = "certificate"
    COMPLETION = "completion"
    CLAIM = "claim"
    EMPLOYMENT = "employment"
    RECTIFICATION = "rectification"


class RecordKind(StrEnum):
    """Kinds of records; ``project`` and those below it come from the platform only."""

    SUBMISSION = "submission"
    OPENING = "opening"
    CLASS = "class"
    TRAINEE = "trainee"
    ENROLMENT = "enrolment"
    SESSION = "session"
    MARK = "mark"
    ASSESSMENT = "assessment"
    SCORE = "score"
    CERTIFICATE = "certificate"
    COMPLETION = "completion"
    FINISHER = "finisher"
    CLAIM = "claim"
    CLAIM_LINE = "claim_line"
    FOLLOW_UP = "follow_up"
    RECTIFICATION = "rectification"
    PROJECT = "project"
    INSTITUTION = "institution"
    DEVICE = "device"
    POLICY = "policy"
    PILOT = "pilot"
    ANSWER = "answer"
    SELECTION = "selection"
    SUPERVISION = "supervision"
    CLAIM_DECISION = "claim_decision"
    CLAIM_PAYMENT = "claim_payment"
    DUPLICATE_TRAINING = "duplicate_training"


@dataclass(frozen=True, slots=True)
class KindFacts:
    """Number and rank of a record kind, length of its key in bytes, and the report that carries it."""

    number: int
    key_size: int
    report: ReportKind | None


FACTS: dict[RecordKind, KindFacts] = {
    RecordKind.SUBMISSION: KindFacts(41, 16, ReportKind.PROJECT),
    RecordKind.OPENING: KindFacts(45, 16, ReportKind.OPENING),
    RecordKind.CLASS: KindFacts(1, 16, ReportKind.ROSTER),
    RecordKind.TRAINEE: KindFacts(2, 16, ReportKind.ROSTER),
    RecordKind.ENROLMENT: KindFacts(3, 32, ReportKind.ROSTER),
    RecordKind.SESSION: KindFacts(11, 16, ReportKind.ATTENDANCE),
    RecordKind.MARK: KindFacts(12, 32, ReportKind.ATTENDANCE),
    RecordKind.ASSESSMENT: KindFacts(21, 16, ReportKind.ASSESSMENT),
    RecordKind.SCORE: KindFacts(22, 32, ReportKind.ASSESSMENT),
    RecordKind.CERTIFICATE: KindFacts(31, 34, ReportKind.CERTIFICATE),
    RecordKind.COMPLETION: KindFacts(51, 16, ReportKind.COMPLETION),
    RecordKind.FINISHER: KindFacts(52, 32, ReportKind.COMPLETION),
    RecordKind.CLAIM: KindFacts(55, 20, ReportKind.CLAIM),
    RecordKind.CLAIM_LINE: KindFacts(56, 36, ReportKind.CLAIM),
    RecordKind.FOLLOW_UP: KindFacts(61, 34, ReportKind.EMPLOYMENT),
    RecordKind.RECTIFICATION: KindFacts(71, 16, ReportKind.RECTIFICATION),
    RecordKind.PROJECT: KindFacts(101, 16, None),
    RecordKind.INSTITUTION: KindFacts(102, 18, None),
    RecordKind.DEVICE: KindFacts(103, 16, None),
    RecordKind.POLICY: KindFacts(104, 16, None),
    RecordKind.PILOT: KindFacts(105, 16, None),
    RecordKind.ANSWER: KindFacts(106, 16, None),
    RecordKind.SELECTION: KindFacts(107, 16, None),
    RecordKind.SUPERVISION: KindFacts(108, 16, None),
    RecordKind.CLAIM_DECISION: KindFacts(109, 36, None),
    RecordKind.CLAIM_PAYMENT: KindFacts(110, 16, None),
    RecordKind.DUPLICATE_TRAINING: KindFacts(111, 32, None),
}
BY_NUMBER: dict[int, RecordKind] = {facts.number: kind for kind, facts in FACTS.items()}
NUMBER: dict[str, int] = {kind.value: facts.number for kind, facts in FACTS.items()}
PROJECT_REPORTS = (ReportKind.PROJECT,)
ORDER_REPORTS = (ReportKind.RECTIFICATION,)
CLASS_REPORTS = tuple(kind for kind in ReportKind if kind not in (*PROJECT_REPORTS, *ORDER_REPORTS))
REPORT_ORDER: dict[str, int] = {kind.value: rank for rank, kind in enumerate(ReportKind)}

# What a report's records are judged against besides themselves: (report, record kinds) of the same subject.
NEEDS: dict[ReportKind, dict[ReportKind, tuple[RecordKind, ...]]] = {
    ReportKind.PROJECT: {},
    ReportKind.OPENING: {},
    ReportKind.ROSTER: {ReportKind.ROSTER: (RecordKind.CLASS, RecordKind.TRAINEE)},
    ReportKind.ATTENDANCE: {
        ReportKind.ROSTER: (RecordKind.CLASS, RecordKind.ENROLMENT),
        ReportKind.ATTENDANCE: (RecordKind.SESSION,),
    },
    ReportKind.ASSESSMENT: {
        ReportKind.ROSTER: (RecordKind.CLASS, RecordKind.ENROLMENT),
        ReportKind.ASSESSMENT: (RecordKind.ASSESSMENT,),
    },
    ReportKind.CERTIFICATE: {
        ReportKind.ASSESSMENT: (RecordKind.ASSESSMENT, RecordKind.SCORE),
        ReportKind.CERTIFICATE: (RecordKind.CERTIFICATE,),
    },
    ReportKind.COMPLETION: {
        ReportKind.ROSTER: (RecordKind.CLASS, RecordKind.ENROLMENT),
        ReportKind.ASSESSMENT: (RecordKind.ASSESSMENT, RecordKind.SCORE),
        ReportKind.CERTIFICATE: (RecordKind.CERTIFICATE,),
        ReportKind.COMPLETION: (RecordKind.COMPLETION,),
    },
    ReportKind.CLAIM: {
        ReportKind.ROSTER: (RecordKind.CLASS, RecordKind.TRAINEE, RecordKind.ENROLMENT),
        ReportKind.ASSESSMENT: (RecordKind.ASSESSMENT, RecordKind.SCORE),
        ReportKind.CERTIFICATE: (RecordKind.CERTIFICATE,),
        ReportKind.CLAIM: (RecordKind.CLAIM,),
    },
    ReportKind.EMPLOYMENT: {
        ReportKind.ROSTER: (RecordKind.CLASS, RecordKind.ENROLMENT),
        ReportKind.EMPLOYMENT: (RecordKind.FOLLOW_UP,),
    },
    ReportKind.RECTIFICATION: {},
}

# What the trail of a class's claims is made for, and so what a claim's proof rests on.
PROVES = (
    ReportKind.CLAIM,
    ReportKind.ROSTER,
    ReportKind.ATTENDANCE,
    ReportKind.ASSESSMENT,
    ReportKind.CERTIFICATE,
)


def order_key(kind: str, key: bytes, *, leaves: bool) -> tuple[bool, int, bytes]:
    """Return the place of a record within its report: what is put, parents first; then what leaves, children first.

    Raises KeyError for an unknown kind.
    """
    number = NUMBER[kind]
    return leaves, -number if leaves else number, key
