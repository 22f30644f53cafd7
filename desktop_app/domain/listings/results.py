"""List items of assessments, scores and certificates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ComponentItem:
    """A component of an assessment; marks in tenths of a point, weight in per cent."""

    code: str
    full: int
    pass_mark: int
    weight: int


@dataclass(frozen=True, slots=True)
class AssessmentItem:
    """An assessment of a class: ``kind`` level, completion or process."""

    id: bytes
    class_id: bytes
    class_code: str
    kind: str
    held_on: date | None
    organisation: str | None
    components: tuple[ComponentItem, ...]
    rule: str
    locked: bool
    locked_by: str | None
    file_name: str | None
    scored: int
    people: int


@dataclass(frozen=True, slots=True)
class ScoreCell:
    """State (scored, absent, deferred, violation; None = not entered) and score in tenths."""

    state: str | None
    tenths: int | None
    conflict: bool = False


@dataclass(frozen=True, slots=True)
class ScoreRowItem:
    """One person's results in an assessment; ``conclusion`` passed, failed or none, computed or as locked."""

    trainee_id: bytes
    number: int | None
    name: str
    ticket: str | None
    cells: dict[str, ScoreCell]
    total: int | None
    conclusion: str


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """Everything the score grid of one assessment needs."""

    assessment: AssessmentItem
    rows: tuple[ScoreRowItem, ...]
    editable: bool
    closed_reason: str | None


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
