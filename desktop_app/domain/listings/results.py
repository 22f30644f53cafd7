"""List items of assessments, scores and certificates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop_app.domain.assessments import Component, ComponentCode, Conclusion, PassRule, Score
from desktop_app.domain.errors import AppError


@dataclass(frozen=True, slots=True)
class AssessmentItem:
    """An assessment of a class: ``kind`` level, completion or process."""

    id: bytes
    class_id: bytes
    class_code: str
    kind: str
    held_on: date | None
    organisation: str | None
    components: tuple[Component, ...]
    rule: PassRule
    locked: bool
    locked_by: str | None
    file_name: str | None
    scored: int
    people: int


@dataclass(frozen=True, slots=True)
class ScoreRowItem:
    """One person's results in an assessment; ``conclusion`` as locked, else as computed; ``total`` in tenths."""

    trainee_id: bytes
    number: int | None
    name: str
    ticket: str | None
    scores: dict[ComponentCode, Score]
    total: int | None
    conclusion: Conclusion
    conflicts: frozenset[ComponentCode] = frozenset()


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """Everything the score grid of one assessment needs; ``closed_reason`` says why nothing can be typed."""

    assessment: AssessmentItem
    rows: tuple[ScoreRowItem, ...]
    editable: bool
    closed_reason: AppError | None


@dataclass(frozen=True, slots=True)
class CertificateListItem:
    """A certificate; ``state`` to_issue 待发, issued 已发, collected 领取, void 作废."""

    assessment_id: bytes
    trainee_id: bytes
    issue: int
    class_code: str
    person_number: int | None
    name: str
    document_number: str
    number: str | None
    kind: str | None
    issued_on: date | None
    issuer: str | None
    state: str
    trade: str | None
    level: str | None
