"""What the papers around an exam and after it say: 准考证, 考场签到表, 结业名册, 技能人才统计表."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from desktop_app.domain.papers.contents import PaperHead


@dataclass(frozen=True, slots=True)
class ExamPerson:
    """A candidate; the document masked. ``components`` are those to be sat, as names."""

    number: int
    name: str
    document_number: str
    ticket: str = ""
    components: str = ""


@dataclass(frozen=True, slots=True)
class ExamSitting:
    """When and where it is sat: ``starts_at`` as HH:MM; ``resit`` where it is a 补考."""

    held_on: date | None
    starts_at: str = ""
    place: str = ""
    organisation: str = ""
    resit: bool = False


@dataclass(frozen=True, slots=True)
class AdmissionTickets:
    """准考证 of everybody who sits, to be cut apart."""

    kind: ClassVar[str] = "tickets"
    head: PaperHead
    sitting: ExamSitting
    people: tuple[ExamPerson, ...]


@dataclass(frozen=True, slots=True)
class ExamSignIn:
    """考场签到表 for signing by hand."""

    kind: ClassVar[str] = "exam-sign-in"
    head: PaperHead
    sitting: ExamSitting
    people: tuple[ExamPerson, ...]


@dataclass(frozen=True, slots=True)
class CompletionLine:
    """One person of the 结业名册: the document masked, hours in 课时, the rate in tenths of a percent, rounded down.

    ``outcome`` is one of ``listings.completion.Outcome``; ``conclusion`` passed, failed or "".
    """

    number: int
    name: str
    document_number: str
    outcome: str
    planned_hours: int
    attended_hours: int
    rate_permille: int | None = None
    conclusion: str = ""
    certificate_number: str = ""


@dataclass(frozen=True, slots=True)
class CompletionRegister:
    """结业名册; every number is 人数. ``completed_on`` None: the class is not completed, and there are no lines."""

    kind: ClassVar[str] = "completion"
    head: PaperHead
    completed_on: date | None
    lines: tuple[CompletionLine, ...]
    passed: int = 0
    certified: int = 0

    def count(self, outcome: str) -> int:
        """Count the people of one outcome."""
        return sum(line.outcome == outcome for line in self.lines)


@dataclass(frozen=True, slots=True)
class TalentLine:
    """Holders of one level, trade or region; ``group`` is the name of what they are grouped by."""

    group: str
    name: str
    people: int


@dataclass(frozen=True, slots=True)
class TalentTable:
    """技能人才统计表 by 发证日 up to ``until``: ``people`` count once; ``treated`` have 待遇兑现."""

    kind: ClassVar[str] = "talent"
    head: PaperHead
    until: date
    people: int
    certificates: int
    treated: int
    lines: tuple[TalentLine, ...]
