"""Papers that each trainee of a class signs: 培训协议, 学员承诺书 (requirements §5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import resources
from desktop_app.domain.papers.contents import PaperHead

AGREEMENT, COMMITMENT = "agreement", "commitment"
CLAUSES = {AGREEMENT: 6, COMMITMENT: 5}
"""How many clauses each paper has; their texts are ``papers.agreement.1`` and so on."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A trainee who signs: document and phone as they may be shown."""

    number: int
    name: str
    document_number: str
    phone: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class SignedSheets:
    """One page for each trainee; ``hours`` planned 课时, ``fee`` what the trainee pays, in words."""

    kind: ClassVar[str] = ""
    head: PaperHead
    people: tuple[Signer, ...]
    hours: int = 0
    place: str = ""
    organisation: str = ""
    fee: str = ""


@dataclass(frozen=True, slots=True)
class Agreements(SignedSheets):
    """培训协议."""

    kind: ClassVar[str] = AGREEMENT


@dataclass(frozen=True, slots=True)
class Commitments(SignedSheets):
    """学员承诺书."""

    kind: ClassVar[str] = COMMITMENT


def signed_rows(content: SignedSheets, person: Signer) -> tuple[tuple[str, str], ...]:
    """Return the lines of one page: who, which training, then the clauses."""
    head = content.head
    dates = "—".join(day.isoformat() for day in (head.starts_on, head.ends_on) if day)
    said = {
        "name": person.name,
        "document": person.document_number,
        "phone": person.phone,
        "category": person.category,
        "institution": head.institution,
        "class": head.class_code,
        "project": head.project,
        "occupation": " ".join(part for part in (head.occupation, head.level) if part),
        "dates": dates,
        "hours": str(content.hours or ""),
        "place": content.place,
    }
    if content.kind == AGREEMENT:
        said |= {"organisation": content.organisation, "fee": content.fee}
    facts = [(resources.text(f"papers.signed.{name}"), value) for name, value in said.items()]
    clauses = [
        (
            resources.text("papers.signed.clause", number=number),
            resources.text(f"papers.{content.kind}.{number}", institution=head.institution),
        )
        for number in range(1, CLAUSES[content.kind] + 1)
    ]
    return (*facts, *clauses)
