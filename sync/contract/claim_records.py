"""Fields of 补贴申报: the claim and its people upwards, decisions, payments and trainings elsewhere
downwards (五.一, 六.3).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from sync.contract import field_types as t
from sync.contract.kinds import RecordKind

PayeeKind = Literal["institution", "employer", "person"]
ClaimAnswer = Literal["approved", "reduced", "refused"]
DuplicateCause = Literal["overlapping", "repeated"]
Paid = Annotated[int, Meta(ge=-(10**12), le=10**12)]
Account = Annotated[str, Meta(min_length=1, max_length=50)]


class ClaimFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """补贴申报. Key: class id + channel (2 bytes) + month (2 bytes). ``solo``: 经办、审核同一人."""

    channel: t.Code
    made_on: date
    submitted_on: date
    reviewed_on: date
    notice_from: date
    notice_until: date
    payee_kind: PayeeKind
    department: t.Text100 | None = None
    holder: t.Text100 | None = None
    bank: t.Text100 | None = None
    account: Account | None = None
    paper: t.Text100 | None = None
    solo: bool = False


class ClaimLineFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """补贴人员. Key: claim + trainee id. ``fen``: claimed, of ``standard_fen``; ``document``: of the standard."""

    group: t.Code
    fen: t.Fen
    standard_fen: t.Fen
    planned_hours: t.AttendedHours
    attended_hours: t.AttendedHours
    certified: bool = False
    document: t.Text100 | None = None
    holder: t.Text100 | None = None
    bank: t.Text100 | None = None
    account: Account | None = None
    paper: t.Text100 | None = None


class ClaimDecisionFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """核准 of a person: 全额, 核减, 不予 (institution stream). Key: claim + trainee id. ``fen``: what is granted."""

    decision: ClaimAnswer
    fen: t.Fen
    decided_on: date
    reason: t.Text200 | None = None
    document: t.Text100 | None = None


class ClaimPaymentFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """拨付 of an instalment, 追回 below zero (institution stream). Key: its own id; ``line``: claim + trainee id."""

    line: Annotated[bytes, Meta(min_length=36, max_length=36)]
    fen: Paid
    paid_on: date
    document: t.Text100 | None = None


class DuplicateTrainingFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A training elsewhere of one's own trainee (institution stream, R37). Key: one's own class id + trainee id.

    ``overlapping``: at one time with another; ``repeated``: no higher than another of the same trade. ``first``,
    ``last``, ``trade`` and ``level`` are of the latest one elsewhere; which institution's it is only the department
    says. The record leaves when it no longer holds.
    """

    cause: DuplicateCause
    first: date
    last: date
    institutions: Annotated[int, Meta(ge=1, le=100_000)]
    trade: t.Text50 | None = None
    level: t.Code | None = None


ClaimRecordFields = (
    ClaimFields | ClaimLineFields | ClaimDecisionFields | ClaimPaymentFields | DuplicateTrainingFields
)

CLAIM_FIELDS: dict[RecordKind, type[ClaimRecordFields]] = {
    RecordKind.CLAIM: ClaimFields,
    RecordKind.CLAIM_LINE: ClaimLineFields,
    RecordKind.CLAIM_DECISION: ClaimDecisionFields,
    RecordKind.CLAIM_PAYMENT: ClaimPaymentFields,
    RecordKind.DUPLICATE_TRAINING: DuplicateTrainingFields,
}
