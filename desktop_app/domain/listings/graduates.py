"""List items of what follows a training: 职业指导, hires, credit banks, talent statistics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class GuidanceItem:
    """One service to one person; ``kind`` and ``provider`` as in ``domain/guidance``."""

    id: bytes
    class_id: bytes
    trainee_id: bytes
    name: str
    kind: str
    held_on: date
    provider: str
    note: str


@dataclass(frozen=True, slots=True)
class HireItem:
    """A person hired by a partner of the evaluation organisation."""

    id: bytes
    class_id: bytes
    trainee_id: bytes
    name: str
    employer: str
    post: str
    hired_on: date
    partner_of: str


@dataclass(frozen=True, slots=True)
class GraduateItem:
    """A person of a class with the services and hires so far; ``lacking`` where R16 misses a service."""

    class_id: bytes
    trainee_id: bytes
    number: int | None
    name: str
    category: str | None
    services: tuple[GuidanceItem, ...]
    hire: HireItem | None
    lacking: bool


@dataclass(frozen=True, slots=True)
class DepositItem:
    """A certificate in a credit bank; ``account`` masked unless it is exported."""

    assessment_id: bytes
    trainee_id: bytes
    bank: str
    class_code: str
    name: str
    document_number: str
    account: str
    consent_on: date | None
    exported_on: date | None
    number: str | None
    trade: str | None
    level: str | None
    issued_on: date | None


@dataclass(frozen=True, slots=True)
class ConversionItem:
    """学分转换 with the course it replaces; ``tenths`` of a credit."""

    id: bytes
    trainee_id: bytes
    name: str
    course: str
    school: str
    granted_on: date
    tenths: int


@dataclass(frozen=True, slots=True)
class TreatmentItem:
    """待遇兑现 of one person."""

    id: bytes
    trainee_id: bytes
    name: str
    employer: str
    measure: str
    since: date
    document: str


@dataclass(frozen=True, slots=True)
class HolderItem:
    """A certificate that somebody holds; ``banks`` it went to, ``treated`` where an employer gave something for it."""

    assessment_id: bytes
    class_id: bytes
    trainee_id: bytes
    class_code: str
    name: str
    document_number: str
    trade: str
    level: str
    region: str
    number: str
    issued_on: date | None
    banks: tuple[str, ...]
    treated: bool
