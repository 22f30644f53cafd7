"""List items of evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop_app.domain.evidence import EvidenceState, Missing, Need, Proof


@dataclass(frozen=True, slots=True)
class EvidenceListItem:
    """One file of evidence; ``owner`` the name of an entity and ``owner_key`` its key; ``size`` in bytes."""

    id: bytes
    owner: str
    owner_key: bytes
    kind: str
    number: str | None
    issuer: str | None
    valid_until: date | None
    digest: bytes
    media_type: str
    size: int
    pages: int
    file_name: str
    state: EvidenceState
    review_reason: str | None

    @property
    def proof(self) -> Proof:
        """Return the file as far as it counts towards a need."""
        return Proof(self.kind, self.number, self.valid_until, self.state)


@dataclass(frozen=True, slots=True)
class PersonEvidence:
    """A member of a class with the files there are, what is needed, and what of that is missing."""

    trainee_id: bytes
    number: int | None
    name: str
    document_number: str
    needs: tuple[Need, ...]
    items: tuple[EvidenceListItem, ...]
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class EvidenceSheet:
    """The evidence of a class: each person, and the files of the class and its sessions; documents masked."""

    class_id: bytes
    class_code: str
    people: tuple[PersonEvidence, ...]
    of_class: tuple[EvidenceListItem, ...]

    @property
    def complete(self) -> int:
        """Return how many people lack nothing."""
        return sum(1 for person in self.people if not person.missing)


@dataclass(frozen=True, slots=True)
class EvidenceContent:
    """A file of evidence in the clear."""

    item: EvidenceListItem
    content: bytes
    pages: tuple[bytes, ...]
    """Pictures of its pages, to be shown."""
