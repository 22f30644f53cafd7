"""List items of 意愿登记, of a person's groups, and of former identities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from desktop_app.domain.qualification import Match
from desktop_app.domain.rules import Finding
from desktop_app.domain.willingness import UNMET, Wish


@dataclass(frozen=True, slots=True)
class WishListItem:
    """A wish to train; document and phone masked. ``enrolment_state`` in the class that it was matched to."""

    id: bytes
    trainee_id: bytes
    name: str
    document_number: str
    phone: str
    trade: str
    level: str | None
    noted_on: date | None
    consented_on: date | None
    sensitive_on: date | None
    consent_version: str | None
    state: Wish
    reason: str
    class_id: bytes | None
    class_code: str | None
    enrolment_state: str | None

    @property
    def is_unmet(self) -> bool:
        """Tell whether it is 愿训未训."""
        return self.state in UNMET


@dataclass(frozen=True, slots=True)
class FormerIdentity:
    """曾用名 or 旧证件, valid up to the day before ``changed_on``; ``kind`` rename or document."""

    id: bytes
    trainee_id: bytes
    name: str | None
    document_type: str | None
    document_number: str | None
    changed_on: date | None
    kind: str | None
    attachment_id: bytes | None


@dataclass(frozen=True, slots=True)
class QualificationSheet:
    """What the screen of an enrolment's groups shows.

    ``known`` are the circumstances as typed; ``advice`` what the rules say of the chosen group now; ``stated`` is the
    group that the roster names.
    """

    class_id: bytes
    trainee_id: bytes
    on: date
    known: Mapping[str, str]
    matches: tuple[Match, ...]
    chosen: str | None
    chosen_on: date | None
    choice_reason: str
    channel: str | None
    organisers: tuple[str, ...]
    organised_by: str
    ground: str | None
    consent_version: str | None
    consented_on: date | None
    sensitive_on: date | None
    advice: tuple[Finding, ...]
    stated: str | None = None


@dataclass(frozen=True, slots=True)
class IdentityChange:
    """What came of 更名 or 证件更正: what is to be done again (codes of text with their parameters)."""

    redo: tuple[tuple[str, str], ...]
