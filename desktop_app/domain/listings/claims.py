"""List items of 补贴: claims, their people with what still stands in the way, 异议, students' charges and costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop_app.domain.claims import ClaimMoney, Decided, Notice, Payee
from desktop_app.domain.rules import Finding


@dataclass(frozen=True, slots=True)
class ClaimItem:
    """A claim; ``state`` is one of ``life_cycles.CLAIM``, ``stored`` the one that its own steps have reached.

    ``solo``: 经办、审核同一人. The payee's account is whole: the service masks it for who need not see it.
    """

    key: bytes
    class_id: bytes
    class_code: str
    channel: str
    period: int
    state: str
    stored: str
    state_on: date | None
    made_on: date
    department: str
    project: str
    trade: str
    level: str
    people: int
    money: ClaimMoney
    payee: Payee
    notice: Notice | None = None
    reviewed_by: bytes = b""
    reviewer: str = ""
    reviewed_on: date | None = None
    solo: bool = False


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """What stands in the claim for a person, in 分; ``certified``: with a certificate."""

    trainee_id: bytes
    chosen_group: str
    fen: int
    standard_fen: int
    document: str
    certified: bool
    payee: Payee


@dataclass(frozen=True, slots=True)
class ObjectionItem:
    """异议 against a person of a claim; ``upheld`` None while it is open."""

    id: bytes
    trainee_id: bytes
    name: str
    raised_on: date
    raised_by: str
    content: str
    answered_on: date | None
    upheld: bool | None
    answer: str


@dataclass(frozen=True, slots=True)
class Instalment:
    """What was paid for a person on a day, in 分; 追回 is below zero."""

    trainee_id: bytes
    fen: int
    paid_on: date
    document: str


@dataclass(frozen=True, slots=True)
class ClaimPerson:
    """A person of the class with what the claim says and what became of it; ``line`` None: not in the claim.

    ``causes`` are what keeps the person out, warnings included; ``paid`` less ``recovered`` in 分. ``not_taken`` is the
    code with which the platform refused the line, "" where it did not; ``objections`` are those against the person.
    """

    trainee_id: bytes
    number: int | None
    name: str
    document_number: str
    group: str
    attended: int
    planned: int
    certificate: str
    line: ClaimLine | None
    decided: Decided | None
    paid: int
    recovered: int
    causes: tuple[Finding, ...]
    not_taken: str = ""
    objections: tuple[ObjectionItem, ...] = ()
    instalments: tuple[Instalment, ...] = ()

    @property
    def refused_code(self) -> str:
        """Return the code for which the platform refused the person, "" once a department has decided."""
        return self.not_taken if self.decided is None else ""


@dataclass(frozen=True, slots=True)
class ClaimSheet:
    """A claim with everything its page shows; ``causes`` are those of the claim as a whole."""

    item: ClaimItem
    people: tuple[ClaimPerson, ...]
    causes: tuple[Finding, ...]
    objections: tuple[ObjectionItem, ...]


@dataclass(frozen=True, slots=True)
class ClassClaims:
    """The claims of a class, one of them with its people; ``channel`` is that of most members, "" for none."""

    items: tuple[ClaimItem, ...]
    sheet: ClaimSheet | None
    channel: str


@dataclass(frozen=True, slots=True)
class ClaimWaiting:
    """A claim that waits for a step: ``kind`` check, publish, submit or not_taken; ``since`` a day, ``fen`` its sum.

    ``due``: nobody has begun it or it is no further; ``since`` is its last day, ``people`` whom it is for, without key.
    """

    kind: str
    key: bytes
    class_id: bytes
    class_code: str
    since: date
    fen: int
    people: int = 0


@dataclass(frozen=True, slots=True)
class StudentMoney:
    """A charge to a student, or a cost that the institution bears for one (R17); ``source`` of a cost alone."""

    id: bytes
    trainee_id: bytes
    name: str
    is_charge: bool
    kind: str
    fen: int
    on: date
    document: str
    source: str
