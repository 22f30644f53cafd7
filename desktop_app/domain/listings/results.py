"""List items of assessments, scores and certificates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop_app.domain.assessments import Component, ComponentCode, Conclusion, PassRule, Score
from desktop_app.domain.errors import AppError


@dataclass(frozen=True, slots=True)
class AssessmentItem:
    """An assessment of a class: ``kind`` level, completion or process.

    ``resit_of`` is the assessment that a 补考 names; ``files`` the SHA-256 of every file of results so far.
    """

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
    resit_of: bytes | None = None
    starts_at: str | None = None
    place: str | None = None
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoreRowItem:
    """One person's results in an assessment; ``conclusion`` as locked, else as computed; ``total`` in tenths.

    ``candidate`` is a state of ``life_cycles.CANDIDATE``; ``to_repeat`` are the components that a 补考 repeats.
    """

    trainee_id: bytes
    number: int | None
    name: str
    ticket: str | None
    scores: dict[ComponentCode, Score]
    total: int | None
    conclusion: Conclusion
    conflicts: frozenset[ComponentCode] = frozenset()
    candidate: str = "registered"
    to_repeat: tuple[ComponentCode, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """Everything the score grid of one assessment needs; ``closed_reason`` says why nothing can be typed."""

    assessment: AssessmentItem
    rows: tuple[ScoreRowItem, ...]
    editable: bool
    closed_reason: AppError | None


@dataclass(frozen=True, slots=True)
class CertificateListItem:
    """A certificate; ``state`` is one of ``life_cycles.CERTIFICATE``, ``cause`` correct or reissue for a further issue.

    ``handed_to`` names who took it for its holder (代领), None where the holder did.
    """

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
    handed_on: date | None = None
    handed_to: str | None = None
    cause: str | None = None
    class_id: bytes = b""
