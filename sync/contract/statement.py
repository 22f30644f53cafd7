"""The records of one class or project as a judge sees them: accepted before, and accepted in the batch at hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from sync.contract.kinds import RecordKind, ReportKind
from sync.contract.records import (
    AssessmentFields,
    CertificateFields,
    ClassFields,
    CompletionFields,
    EnrolmentFields,
    RecordFields,
    ScoreFields,
    SessionFields,
    TraineeFields,
)
from sync.contract.shape import read_body

StoredRecord = tuple[RecordKind, bytes, bytes]


class AcceptedStatements(Protocol):
    """Where a judge reads accepted statements; on the platform the database, on a client its own copy."""

    def records(
        self, report: ReportKind, subject: str, kinds: tuple[RecordKind, ...]
    ) -> Iterable[StoredRecord]:
        """Return kind, key and fields' bytes of the accepted records of some kinds in one statement."""

    def bodies(
        self, report: ReportKind, subject: str, keys: Iterable[tuple[str, bytes]]
    ) -> Mapping[bytes, bytes]:
        """Return the fields' bytes of those (kind, key) that are accepted in one statement, by key."""


@dataclass(slots=True)
class Statement:
    """What is accepted of one class, typed, by kind and key; ``refused`` holds keys rejected in this batch."""

    subject: str
    today: date
    held: dict[str, dict[bytes, RecordFields]] = field(default_factory=dict)
    refused: set[tuple[str, bytes]] = field(default_factory=set)
    documents: dict[tuple[str, str], bytes] = field(default_factory=dict)
    numbers: dict[tuple[str, str], bytes] = field(default_factory=dict)

    @property
    def subject_id(self) -> bytes:
        """Return the class or the project that the report is about."""
        return bytes.fromhex(self.subject)

    @property
    def class_id(self) -> bytes:
        """Return the class that the report is about."""
        return bytes.fromhex(self.subject)

    def load(self, records: Iterable[StoredRecord]) -> None:
        """Take over accepted records."""
        for kind, key, body in records:
            self.accept(kind, key, read_body(kind, body))

    def accept(self, kind: str, key: bytes, fields: RecordFields | None) -> None:
        """Put a record over what is there; None: it leaves."""
        table = self.held.setdefault(kind, {})
        former = table.pop(key, None)
        if isinstance(former, TraineeFields):
            self.documents.pop((former.document_type, former.document_number), None)
        elif isinstance(former, CertificateFields):
            self.numbers.pop((former.kind, former.number), None)
        if fields is None:
            return
        table[key] = fields
        if isinstance(fields, TraineeFields):
            self.documents[fields.document_type, fields.document_number] = key
        elif isinstance(fields, CertificateFields):
            self.numbers[fields.kind, fields.number] = key

    def training_class(self) -> ClassFields | None:
        """Return the accepted class of the report."""
        found = self.held.get(RecordKind.CLASS, {}).get(self.class_id)
        return found if isinstance(found, ClassFields) else None

    def trainee(self, key: bytes) -> TraineeFields | None:
        """Return an accepted trainee."""
        found = self.held.get(RecordKind.TRAINEE, {}).get(key)
        return found if isinstance(found, TraineeFields) else None

    def enrolment(self, trainee: bytes) -> EnrolmentFields | None:
        """Return the accepted enrolment of a trainee in the report's class."""
        found = self.held.get(RecordKind.ENROLMENT, {}).get(self.class_id + trainee)
        return found if isinstance(found, EnrolmentFields) else None

    def session(self, key: bytes) -> SessionFields | None:
        """Return an accepted session."""
        found = self.held.get(RecordKind.SESSION, {}).get(key)
        return found if isinstance(found, SessionFields) else None

    def assessment(self, key: bytes) -> AssessmentFields | None:
        """Return an accepted assessment."""
        found = self.held.get(RecordKind.ASSESSMENT, {}).get(key)
        return found if isinstance(found, AssessmentFields) else None

    def score(self, key: bytes) -> ScoreFields | None:
        """Return an accepted score by assessment id + trainee id."""
        found = self.held.get(RecordKind.SCORE, {}).get(key)
        return found if isinstance(found, ScoreFields) else None

    def completion(self) -> CompletionFields | None:
        """Return the accepted 结业 of the report's class."""
        found = self.held.get(RecordKind.COMPLETION, {}).get(self.class_id)
        return found if isinstance(found, CompletionFields) else None

    def has_passed(self, trainee: bytes) -> bool:
        """Tell whether an accepted score of 职业技能等级考核 or 结业考核 is a pass of somebody."""
        for key, assessment in self.held.get(RecordKind.ASSESSMENT, {}).items():
            score = self.score(key + trainee)
            if (
                isinstance(assessment, AssessmentFields)
                and assessment.kind != "process"
                and score is not None
                and score.conclusion == "passed"
            ):
                return True
        return False

    def is_certified(self, trainee: bytes) -> bool:
        """Tell whether a certificate of somebody is accepted."""
        size = len(trainee)
        return any(key[size : 2 * size] == trainee for key in self.held.get(RecordKind.CERTIFICATE, {}))
