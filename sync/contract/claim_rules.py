"""What 补贴申报 must fulfil beside its shape (五.一, 六.3), judged from the statements of its class."""

from __future__ import annotations

from collections.abc import Iterator

from desktop_app.domain.claims.keys import CLAIM_BYTES, channel_code
from sync.contract.claim_records import ClaimFields, ClaimLineFields
from sync.contract.kinds import TRAINEE_BYTES, RecordKind
from sync.contract.shape import FieldProblem
from sync.contract.statement import Statement

Problems = Iterator[FieldProblem]
_CHANNEL = slice(TRAINEE_BYTES, TRAINEE_BYTES + 2)


def claim_problems(key: bytes, fields: ClaimFields, statement: Statement) -> Problems:
    """补贴申报: of the report's own class; reviewed and on notice before it is submitted; the payee is named."""
    if key[:TRAINEE_BYTES] != statement.class_id:
        yield FieldProblem("CLASS_NOT_OF_REPORT")
    elif statement.training_class() is None:
        yield _parent(statement, RecordKind.CLASS, statement.class_id)
    if channel_code(int.from_bytes(key[_CHANNEL])) != fields.channel:
        yield FieldProblem("CLAIM_CHANNEL_DIFFERS", "channel")
    if fields.submitted_on > statement.today:
        yield FieldProblem("CLAIM_IN_FUTURE", "submitted_on")
    if not fields.notice_from <= fields.notice_until < fields.submitted_on:
        yield FieldProblem("CLAIM_NOTICE_NOT_OVER", "notice_until")
    named = fields.holder and fields.bank and fields.account
    if fields.payee_kind != "person" and not named:
        yield FieldProblem("CLAIM_ACCOUNT_MISSING", "account")


def claim_line_problems(key: bytes, fields: ClaimLineFields, statement: Statement) -> Problems:
    """补贴人员: enrolled in the class, passed and certified as accepted, within the standard."""
    claim, trainee = key[:CLAIM_BYTES], key[CLAIM_BYTES:]
    if key[:TRAINEE_BYTES] != statement.class_id:
        yield FieldProblem("CLASS_NOT_OF_REPORT")
    found = statement.held.get(RecordKind.CLAIM, {}).get(claim)
    if found is None:
        yield _parent(statement, RecordKind.CLAIM, claim)
    enrolment = statement.enrolment(trainee)
    if enrolment is None:
        yield _parent(statement, RecordKind.ENROLMENT, statement.class_id + trainee)
    elif enrolment.state in {"withdrawn", "transferred", "not_completed"}:
        yield FieldProblem("CLAIM_PERSON_LEFT")
    if not statement.has_passed(trainee):
        yield FieldProblem("CLAIM_WITHOUT_PASS")
    if fields.certified and not statement.is_certified(trainee):
        yield FieldProblem("CLAIM_WITHOUT_CERTIFICATE", "certified")
    if fields.fen > fields.standard_fen or fields.fen == 0:
        yield FieldProblem("CLAIM_OVER_STANDARD", "fen", {"standard": fields.standard_fen})
    if fields.attended_hours > fields.planned_hours:
        yield FieldProblem("HOURS_OVER_PLAN", "attended_hours", {"hours": fields.planned_hours})
    if isinstance(found, ClaimFields) and found.payee_kind == "person" and not fields.account:
        yield FieldProblem("CLAIM_ACCOUNT_MISSING", "account")


def _parent(statement: Statement, kind: RecordKind, key: bytes) -> FieldProblem:
    refused = (kind, key) in statement.refused
    return FieldProblem("PARENT_REJECTED" if refused else "PARENT_MISSING", None, {"kind": kind.value})
