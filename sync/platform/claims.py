"""The departments' acts on claims: 核准 per person, 拨付 in instalments, 追回; trainings known elsewhere (五.一, 六.3).

A training of a person (document, trade, level) is paid for once in the province: whoever claims it first holds it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from desktop_app.domain.claims import Decision
from desktop_app.domain.claims.keys import CLAIM_BYTES
from desktop_app.domain.clock import Clock
from desktop_app.domain.errors import AppError
from desktop_app.domain.ids import ID_BYTES
from sync.contract.claim_records import (
    ClaimDecisionFields,
    ClaimLineFields,
    ClaimPaymentFields,
)
from sync.contract.kinds import NUMBER, RecordKind, ReportKind
from sync.contract.records import ClassFields, RecordFields, TraineeFields
from sync.contract.shape import FieldProblem, read_body
from sync.contract.validation import Candidate
from sync.contract.wire import Record, decode, encode, put
from sync.platform.acts import record_act
from sync.platform.files import require_complete
from sync.platform.identity import read_identity
from sync.platform.institutions import institution_by_uscc
from sync.platform.schema import PROVINCE, claim_decision, claim_payment, claimed_training, record, report
from sync.platform.streams import INSTITUTION_STREAM, publish


@dataclass(frozen=True, slots=True)
class ClaimedLine:
    """A person of an accepted claim."""

    institution_id: int
    key: bytes
    fields: ClaimLineFields


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a department says of one person or of all of a claim; ``fen`` for 核减, ``on`` None: today."""

    decision: Decision
    fen: int | None = None
    reason: str = ""
    document: str = ""
    on: date | None = None


def decide(connection: Connection, clock: Clock, wanted: str, verdict: Verdict) -> int:
    """Decide on the undecided people that an id names: a claim's, or one person's (claim + trainee, hexadecimal).

    Returns how many. Raises AppError CLAIM_UNKNOWN, CLAIM_DECIDED where nobody is left to decide on,
    ANSWER_REASON_MISSING for 核减 and 不予 without a reason, CLAIM_AMOUNT_WRONG for a reduced amount out of range,
    and CLAIM_EVIDENCE_… where money would be granted before the evidence of the class has arrived.
    """
    lines = _lines(connection, wanted)
    decided = _decisions(connection, lines)
    waiting = [one for one in lines if one.key not in decided]
    if not waiting:
        raise AppError("CLAIM_DECIDED")
    if verdict.decision is not Decision.APPROVED and not verdict.reason.strip():
        raise AppError("ANSWER_REASON_MISSING")
    if verdict.decision is not Decision.REFUSED:
        require_complete(connection, _subject(wanted))
    items = []
    for one in waiting:
        fen = _granted(one, verdict)
        fields = ClaimDecisionFields(
            decision=verdict.decision.value,
            fen=fen,
            decided_on=verdict.on or clock.today(),
            reason=verdict.reason.strip() or None,
            document=verdict.document.strip() or None,
        )
        row = {"institution_id": one.institution_id, "line": one.key, "fields": encode(fields)}
        connection.execute(claim_decision.insert().values(**row))
        items.append(put(RecordKind.CLAIM_DECISION, one.key, fields))
        if verdict.decision is Decision.REFUSED:
            release_lines(connection, one.institution_id, [one.key])
    _tell(connection, clock, lines[0].institution_id, f"claim {verdict.decision}", items)
    return len(waiting)


def pay(
    connection: Connection, clock: Clock, wanted: str, fen: int | None, document: str, on: date | None = None
) -> int:
    """Pay what is granted and not paid yet, to each person that an id names; ``fen``: an instalment to one person.

    Returns the 分 paid. Raises AppError CLAIM_UNKNOWN, CLAIM_NOT_GRANTED, CLAIM_AMOUNT_WRONG over what is outstanding,
    CLAIM_EVIDENCE_… where evidence was added since that has not arrived.
    """
    lines = _lines(connection, wanted)
    decided, paid = _decisions(connection, lines), _paid(connection, lines)
    due = {one.key: decided[one.key].fen - paid.get(one.key, 0) for one in lines if one.key in decided}
    due = {key: amount for key, amount in due.items() if amount > 0}
    if not due:
        raise AppError("CLAIM_NOT_GRANTED")
    require_complete(connection, _subject(wanted))
    if fen is not None:
        if len(due) != 1 or not 0 < fen <= sum(due.values()):
            raise AppError("CLAIM_AMOUNT_WRONG")
        due = dict.fromkeys(due, fen)
    _pay_out(connection, clock, lines[0].institution_id, due, document, on)
    return sum(due.values())


def _subject(wanted: str) -> str:
    """Return the class that a claim's id begins with."""
    return bytes.fromhex(wanted)[:ID_BYTES].hex()


def recover(
    connection: Connection, clock: Clock, wanted: str, fen: int, document: str, on: date | None = None
) -> int:
    """Take money back from one person (追回), no more than was paid; AppError as ``pay``, CLAIM_PERSON_WANTED."""
    lines = _lines(connection, wanted)
    if len(lines) != 1:
        raise AppError("CLAIM_PERSON_WANTED")
    if not 0 < fen <= _paid(connection, lines).get(lines[0].key, 0):
        raise AppError("CLAIM_AMOUNT_WRONG")
    _pay_out(connection, clock, lines[0].institution_id, {lines[0].key: -fen}, document, on)
    return fen


def register_training(
    connection: Connection, clock: Clock, uscc: str, document: tuple[str, str], trade: str, level: str
) -> None:
    """Enter a training that the department knows of; AppError INSTITUTION_UNKNOWN, CLAIM_TRAINED_ELSEWHERE."""
    owner = institution_by_uscc(connection, uscc).id
    person = person_hash(read_identity(connection).person_secret, *document)
    row = {
        "institution_id": PROVINCE,
        "person": person,
        "trade": trade,
        "level": level,
        "owner": owner,
        "line": b"",
        "batch_id": None,
    }
    _claim_trainings(connection, [row])
    if _holders(connection, [(person, trade, level)])[person, trade, level] != owner:
        raise AppError("CLAIM_TRAINED_ELSEWHERE")
    record_act(connection, clock, "cli", "claim register", owner, trade=trade, level=level)


class ClaimChecks:
    """Finds people whose training another institution has claimed, within the transaction that stores the page."""

    def __init__(self, connection: Connection, institution_id: int, batch_id: bytes) -> None:
        self._connection = connection
        self._institution_id = institution_id
        self._batch_id = batch_id
        self._secret = read_identity(connection).person_secret

    def problems(self, candidates: Sequence[Candidate]) -> Mapping[bytes, FieldProblem]:
        """Return CLAIM_TRAINED_ELSEWHERE by key; what nobody has claimed is held for this institution."""
        wanted: dict[bytes, tuple[bytes, str, str]] = {}
        for candidate in candidates:
            if isinstance(candidate.fields, ClaimLineFields):
                training = self._training(candidate.record.key)
                if training is not None:
                    wanted[candidate.record.key] = training
        rows = [
            {
                "institution_id": PROVINCE,
                "person": person,
                "trade": trade,
                "level": level,
                "owner": self._institution_id,
                "line": key,
                "batch_id": self._batch_id,
            }
            for key, (person, trade, level) in sorted(wanted.items())
        ]
        _claim_trainings(self._connection, rows)
        holders = _holders(self._connection, list(wanted.values()))
        return {
            key: FieldProblem("CLAIM_TRAINED_ELSEWHERE")
            for key, training in wanted.items()
            if holders[training] != self._institution_id
        }

    def _training(self, key: bytes) -> tuple[bytes, str, str] | None:
        """Return person, trade and level of a line; None where its class names neither."""
        class_id, trainee = key[:ID_BYTES], key[CLAIM_BYTES:]
        training_class = self._accepted(RecordKind.CLASS, class_id.hex(), class_id)
        person = self._accepted(RecordKind.TRAINEE, class_id.hex(), trainee)
        if not isinstance(training_class, ClassFields) or not isinstance(person, TraineeFields):
            return None
        if training_class.trade is None or training_class.level is None:
            return None
        hashed = person_hash(self._secret, person.document_type, person.document_number)
        return hashed, training_class.trade, training_class.level

    def _accepted(self, kind: RecordKind, subject: str, key: bytes) -> RecordFields | None:
        body = self._connection.scalar(
            select(record.c.fields)
            .join(
                report,
                (report.c.institution_id == record.c.institution_id) & (report.c.number == record.c.report),
            )
            .where(
                report.c.institution_id == self._institution_id,
                report.c.kind == ReportKind.ROSTER.value,
                report.c.subject == subject,
                record.c.kind == NUMBER[kind],
                record.c.key == key,
            )
        )
        return None if body is None else read_body(kind, body)


def person_hash(secret: bytes, document_type: str, number: str) -> bytes:
    """Return under what a person is known here: HMAC, keyed by the platform, of the SHA-256 of type and number."""
    plain = hashlib.sha256(f"{document_type}\0{number}".encode()).digest()
    return hmac.digest(secret, plain, "sha256")


def release_trainings(connection: Connection, institution_id: int, batch_id: bytes) -> None:
    """Give back the trainings that a batch which will never close has claimed."""
    table = claimed_training
    where = (
        table.c.institution_id == PROVINCE,
        table.c.owner == institution_id,
        table.c.batch_id == batch_id,
    )
    connection.execute(delete(table).where(*where))


def release_lines(connection: Connection, institution_id: int, keys: Iterable[bytes]) -> None:
    """Give back the trainings of lines that left their claim (撤回)."""
    table = claimed_training
    for key in keys:
        where = (
            table.c.institution_id == PROVINCE,
            table.c.owner == institution_id,
            table.c.line == key,
        )
        connection.execute(delete(table).where(*where))


def _claim_trainings(connection: Connection, rows: list[dict[str, Any]]) -> None:
    if rows:
        insert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        connection.execute(insert(claimed_training).on_conflict_do_nothing(), rows)


def _holders(
    connection: Connection, trainings: Iterable[tuple[bytes, str, str]]
) -> dict[tuple[bytes, str, str], int]:
    """Return which institution holds each training."""
    table, found = claimed_training, {}
    for person, trade, level in trainings:
        where = (
            table.c.institution_id == PROVINCE,
            table.c.person == person,
            table.c.trade == trade,
            table.c.level == level,
        )
        found[person, trade, level] = connection.execute(select(table.c.owner).where(*where)).scalar_one()
    return found


def _lines(connection: Connection, wanted: str) -> list[ClaimedLine]:
    """Return the people that a claim's id, or a claim's with a person's behind it, names in closed versions."""
    try:
        prefix = bytes.fromhex(wanted)
    except ValueError:
        prefix = b""
    if len(prefix) not in {CLAIM_BYTES, CLAIM_BYTES + ID_BYTES}:
        raise AppError("CLAIM_UNKNOWN")
    columns = (record.c.institution_id, record.c.key, record.c.version, record.c.fields, record.c.former)
    statement = (
        select(*columns, report.c.version.label("closed"))
        .join(
            report,
            (report.c.institution_id == record.c.institution_id) & (report.c.number == record.c.report),
        )
        .where(
            report.c.kind == ReportKind.CLAIM.value,
            report.c.subject == prefix[:ID_BYTES].hex(),
            record.c.kind == NUMBER[RecordKind.CLAIM_LINE],
        )
    )
    found = []
    for row in connection.execute(statement).all():
        body = row.fields if row.version <= row.closed else row.former
        if body is not None and row.key.startswith(prefix):
            fields = read_body(RecordKind.CLAIM_LINE, body)
            assert isinstance(fields, ClaimLineFields)
            found.append(ClaimedLine(row.institution_id, row.key, fields))
    if not found:
        raise AppError("CLAIM_UNKNOWN")
    return sorted(found, key=lambda one: one.key)


def _decisions(connection: Connection, lines: list[ClaimedLine]) -> dict[bytes, ClaimDecisionFields]:
    table, keys = claim_decision, {one.key for one in lines}
    rows = connection.execute(
        select(table.c.line, table.c.fields).where(table.c.institution_id == lines[0].institution_id)
    )
    return {row[0]: decode(row[1], ClaimDecisionFields) for row in rows if row[0] in keys}


def _paid(connection: Connection, lines: list[ClaimedLine]) -> dict[bytes, int]:
    table, keys = claim_payment, {one.key for one in lines}
    rows = connection.execute(
        select(table.c.line, table.c.fen).where(table.c.institution_id == lines[0].institution_id)
    )
    sums: dict[bytes, int] = {}
    for line, fen in rows:
        if line in keys:
            sums[line] = sums.get(line, 0) + fen
    return sums


def _granted(one: ClaimedLine, verdict: Verdict) -> int:
    if verdict.decision is Decision.APPROVED:
        return one.fields.fen
    if verdict.decision is Decision.REFUSED:
        return 0
    if verdict.fen is None or not 0 < verdict.fen < one.fields.fen:
        raise AppError("CLAIM_AMOUNT_WRONG")
    return verdict.fen


def _pay_out(
    connection: Connection,
    clock: Clock,
    institution_id: int,
    amounts: Mapping[bytes, int],
    document: str,
    on: date | None,
) -> None:
    items = []
    for line, fen in sorted(amounts.items()):
        key, day = secrets.token_bytes(ID_BYTES), on or clock.today()
        fields = ClaimPaymentFields(line=line, fen=fen, paid_on=day, document=document.strip() or None)
        row = {"institution_id": institution_id, "id": key, "line": line, "fen": fen}
        connection.execute(claim_payment.insert().values(**row))
        items.append(put(RecordKind.CLAIM_PAYMENT, key, fields))
    _tell(connection, clock, institution_id, "claim pay", items)


def _tell(connection: Connection, clock: Clock, institution_id: int, act: str, items: list[Record]) -> None:
    publish(connection, clock, INSTITUTION_STREAM, institution_id, items)
    record_act(connection, clock, "cli", act, institution_id, people=len(items))
