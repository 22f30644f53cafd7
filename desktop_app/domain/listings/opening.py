"""The 开班 tab of a class: its money, people in charge, 备案, and each thing that is asked before it opens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from desktop_app.domain.opening import FieldCompleteness, Funding, StaffMember
from desktop_app.domain.rules import Finding, Severity


class Topic(StrEnum):
    """What is looked at before a class opens, in the order of the check list."""

    PLAN = "plan"
    PLACE = "place"
    TEACHERS = "teachers"
    CLASHES = "clashes"
    FUNDING = "funding"
    STAFF = "staff"
    SIZE = "size"
    FILING = "filing"
    BASICS = "basics"


@dataclass(frozen=True, slots=True)
class OpeningItem:
    """One topic with what was found; nothing found = in order."""

    topic: Topic
    findings: tuple[Finding, ...]

    @property
    def severity(self) -> Severity | None:
        """Return the hardest of the findings, None where there are none."""
        hard = {one.severity for one in self.findings}
        return Severity.BLOCK if Severity.BLOCK in hard else Severity.WARN if hard else None


@dataclass(frozen=True, slots=True)
class OpeningFacts:
    """What is recorded of an opening; ``head``, ``contact``, ``phone``: 负责人, 联系人, 电话 of the 开班申请表."""

    funding: Funding | None = None
    staff: tuple[StaffMember, ...] = ()
    filed_on: date | None = None
    receipt: str = ""
    head: str = ""
    contact: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class OpeningTeacher:
    """A teacher of the plan: ``employment`` full_time or part_time, ``qualities`` as in ``opening.PROOF_NEEDED``."""

    name: str
    employment: str | None
    qualities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClassOpening:
    """What is applied for with a 开班备案; ``hours`` of the plan in 课时, ``people`` admitted when the class begins."""

    class_id: bytes
    code: str
    project_code: str
    project_name: str
    trade: str | None
    level: str | None
    start_on: date | None
    end_on: date | None
    region: str | None
    hours: int
    people: int
    place: str
    organisation: str
    teachers: tuple[OpeningTeacher, ...]
    facts: OpeningFacts

    @property
    def channel(self) -> str | None:
        """Return the code of the funding channel."""
        return None if self.facts.funding is None else self.facts.funding.channel

    @property
    def enterprise(self) -> str:
        """Return the partner enterprise, "" where there is none."""
        return "" if self.facts.funding is None else self.facts.funding.enterprise

    @property
    def local_pool(self) -> bool:
        """Tell whether 本级统筹 steps in where the channel runs short."""
        return self.facts.funding is not None and self.facts.funding.local_pool


@dataclass(frozen=True, slots=True)
class OpeningSheet:
    """An opening as it stands today. ``verbs`` are the steps that the class can take now (life_cycles.TRAINING_CLASS),
    ``joint`` names the sessions held together with other classes.
    """

    class_id: bytes
    class_code: str
    state: str
    state_on: date | None
    verbs: tuple[str, ...]
    facts: OpeningFacts
    items: tuple[OpeningItem, ...]
    joint: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NextStep:
    """The step that takes a class on, a verb of ``life_cycles.TRAINING_CLASS`` or None at an end, and its findings."""

    verb: str | None
    findings: tuple[Finding, ...] = ()

    @property
    def blocks(self) -> tuple[Finding, ...]:
        """Return what stands in the way."""
        return tuple(one for one in self.findings if one.severity is Severity.BLOCK)


@dataclass(frozen=True, slots=True)
class ClassCompleteness:
    """基本信息 of a class by field (六.3); ``names`` of those who lack something."""

    class_code: str
    people: int
    fields: tuple[FieldCompleteness, ...]
    names: dict[bytes, str]
