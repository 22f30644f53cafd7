"""Proofs of claims: the trail that an institution delivers after its claim, and the file that a third party checks.

The platform checks a trail with the very code that anybody else checks the file with, before it keeps it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from msgspec import Raw
from sqlalchemy import Connection, delete, select

from desktop_app.domain.claims.keys import CLAIM_BYTES
from desktop_app.domain.clock import Clock
from desktop_app.domain.errors import AppError
from desktop_app.domain.ids import ID_BYTES
from desktop_app.domain.masking import mask_document
from sync.contract import checking, trail_acts, trails
from sync.contract.claim_records import ClaimDecisionFields
from sync.contract.kinds import FACTS, PROVES, RecordKind, ReportKind
from sync.contract.proof import (
    Basis,
    ClaimProof,
    KnownDevice,
    PaidPerson,
    ProvenEnrolment,
    ProvenStatement,
    Trail,
    TrailTaken,
)
from sync.contract.records import EnrolmentFields, MarkFields, RecordFields, TraineeFields
from sync.contract.shape import read_body
from sync.contract.signing import Purpose, disclose, enclose
from sync.contract.wire import Record, decode, encode, in_order
from sync.platform.acts import record_act
from sync.platform.identity import PlatformIdentity
from sync.platform.institutions import Caller, device_key
from sync.platform.schema import (
    PROVINCE,
    claim_decision,
    claim_payment,
    claim_trail,
    device,
    institution,
    report,
)
from sync.platform.schema import batch as batch_table
from sync.platform.statements import StoredStatements

_OUT = frozenset({ReportKind.ROSTER})
"""Accepted statements that stay out of the file."""
_NO_BATCH = b""


def take_trail(
    connection: Connection, clock: Clock, caller: Caller, subject: str, envelope: bytes
) -> TrailTaken:
    """Check a class's trail against what is accepted of it and keep it in place of a former one.

    Raises AppError SIGNATURE_INVALID, INSTITUTION_FOREIGN, CLAIM_PROOF_STALE where something else is accepted by now,
    and what ``trails.show``, ``trails.check_marks`` and ``trail_acts.check_acts`` raise.
    """
    payload = disclose(
        device_key(connection, caller.institution_id, caller.device_id), Purpose.TRAIL, envelope
    )
    trail = decode(payload, Trail, "CLAIM_PROOF_MALFORMED")
    if trail.uscc != caller.uscc or trail.subject != subject:
        raise AppError("INSTITUTION_FOREIGN")
    if trail.basis != _basis(connection, caller.institution_id, subject):
        raise AppError("CLAIM_PROOF_STALE")
    devices = {one.device: (one.name, one.public_key) for one in _devices(connection, caller.institution_id)}
    shown = trails.show(trail, devices)
    people = _claimed(connection, caller.institution_id, subject)
    marks = trails.check_marks(shown, _marks(connection, caller.institution_id, subject), people)
    enrolments = _enrolments(connection, caller.institution_id, subject, people)
    trail_acts.check_acts(
        shown.acts, _results(connection, caller.institution_id, subject), enrolments, people
    )
    place = (claim_trail.c.institution_id == caller.institution_id, claim_trail.c.subject == subject)
    connection.execute(delete(claim_trail).where(*place))
    row = {
        "institution_id": caller.institution_id,
        "subject": subject,
        "device_id": caller.device_id,
        "taken_at": clock.now().isoformat(timespec="seconds"),
        "body": envelope,
    }
    connection.execute(claim_trail.insert().values(**row))
    return TrailTaken(people=len(people), marks=marks, entries=shown.entries)


def export_claim(connection: Connection, clock: Clock, platform: PlatformIdentity, wanted: str) -> bytes:
    """Return the proof of a claim (its id in hexadecimal) as bytes of a file, signed by the platform.

    Raises AppError CLAIM_UNKNOWN, CLAIM_PROOF_MISSING where the institution has delivered no trail for what is
    accepted now.
    """
    claim = _claim_key(wanted)
    subject = claim[:ID_BYTES].hex()
    owner = connection.scalar(
        select(report.c.institution_id).where(
            report.c.kind == ReportKind.CLAIM.value, report.c.subject == subject, report.c.version > 0
        )
    )
    people = [] if owner is None else _people(connection, owner, claim)
    if owner is None or not people:
        raise AppError("CLAIM_UNKNOWN")
    place = (claim_trail.c.institution_id == owner, claim_trail.c.subject == subject)
    trail = connection.scalar(select(claim_trail.c.body).where(*place))
    held = connection.execute(
        select(institution.c.uscc, institution.c.name).where(
            institution.c.institution_id == PROVINCE, institution.c.id == owner
        )
    ).one()
    proof = ClaimProof(
        epoch=platform.epoch,
        public_key=platform.public_key,
        uscc=held.uscc,
        institution=held.name,
        claim=claim,
        exported_at=clock.now().replace(microsecond=0),
        devices=_devices(connection, owner),
        statements=[
            _statement(connection, owner, kind, subject)
            for kind in PROVES
            if kind not in _OUT and kind.value in {one.kind for one in _basis(connection, owner, subject)}
        ],
        people=people,
        trail=trail or b"",
        enrolments=_enrolments(connection, owner, subject, {one.line[CLAIM_BYTES:] for one in people}),
    )
    if trail is None or not checking.is_made_for(proof, _basis(connection, owner, subject)):
        raise AppError("CLAIM_PROOF_MISSING")
    record_act(connection, clock, "cli", "claim export", owner, people=len(people))
    return enclose(platform.private_key, Purpose.PROOF, encode(proof))


def _claim_key(wanted: str) -> bytes:
    try:
        claim = bytes.fromhex(wanted)
    except ValueError:
        claim = b""
    if len(claim) != CLAIM_BYTES:
        raise AppError("CLAIM_UNKNOWN")
    return claim


def _basis(connection: Connection, owner: int, subject: str) -> list[Basis]:
    rows = connection.execute(
        select(report.c.kind, report.c.version, report.c.digest).where(
            report.c.institution_id == owner, report.c.subject == subject, report.c.version > 0
        )
    ).all()
    found = {row.kind: Basis(row.kind, row.version, row.digest) for row in rows}
    return [found[kind.value] for kind in PROVES if kind.value in found]


def _devices(connection: Connection, owner: int) -> list[KnownDevice]:
    rows = connection.execute(
        select(device.c.id, device.c.name, device.c.public_key, device.c.revoked)
        .where(device.c.institution_id == PROVINCE, device.c.owner == owner)
        .order_by(device.c.id)
    )
    return [KnownDevice(row.id, row.name, row.public_key, bool(row.revoked)) for row in rows]


def _accepted(
    connection: Connection, owner: int, kind: ReportKind, subject: str, kinds: Iterable[RecordKind]
) -> list[tuple[RecordKind, bytes, bytes]]:
    return list(StoredStatements(connection, owner, _NO_BATCH).records(kind, subject, tuple(kinds)))


def _claimed(connection: Connection, owner: int, subject: str) -> set[bytes]:
    lines = _accepted(connection, owner, ReportKind.CLAIM, subject, [RecordKind.CLAIM_LINE])
    return {key[CLAIM_BYTES:] for _, key, _ in lines}


def _marks(connection: Connection, owner: int, subject: str) -> dict[bytes, MarkFields]:
    held = _accepted(connection, owner, ReportKind.ATTENDANCE, subject, [RecordKind.MARK])
    read = ((key, read_body(kind, body)) for kind, key, body in held)
    return {key: fields for key, fields in read if isinstance(fields, MarkFields)}


def _results(connection: Connection, owner: int, subject: str) -> dict[tuple[str, bytes], RecordFields]:
    """Return the accepted scores and certificates of a class by (kind, key)."""
    held = [
        *_accepted(connection, owner, ReportKind.ASSESSMENT, subject, [RecordKind.SCORE]),
        *_accepted(connection, owner, ReportKind.CERTIFICATE, subject, [RecordKind.CERTIFICATE]),
    ]
    return {(kind.value, key): read_body(kind, body) for kind, key, body in held}


def _enrolments(
    connection: Connection, owner: int, subject: str, people: Collection[bytes]
) -> list[ProvenEnrolment]:
    """Return what is accepted of the enrolments of some people, in the order of their keys."""
    held = _accepted(connection, owner, ReportKind.ROSTER, subject, [RecordKind.ENROLMENT])
    read = ((key, read_body(kind, body)) for kind, key, body in held if key[ID_BYTES:] in people)
    return [
        ProvenEnrolment(key, fields.number, fields.enrolled_on, fields.category, fields.key_group)
        for key, fields in read
        if isinstance(fields, EnrolmentFields)
    ]


def _statement(connection: Connection, owner: int, kind: ReportKind, subject: str) -> ProvenStatement:
    """Return an accepted statement with the batch that closed it."""
    held = _accepted(
        connection, owner, kind, subject, [one for one, facts in FACTS.items() if facts.report is kind]
    )
    closed = select(report.c.closed_batch).where(
        report.c.institution_id == owner, report.c.kind == kind.value, report.c.subject == subject
    )
    found = connection.execute(
        select(batch_table.c.manifest, batch_table.c.receipt).where(
            batch_table.c.institution_id == owner, batch_table.c.batch_id == closed.scalar_subquery()
        )
    ).one()
    records = in_order([Record(one, key, Raw(body)) for one, key, body in held])
    return ProvenStatement(kind.value, records, found.manifest, found.receipt)


def _people(connection: Connection, owner: int, claim: bytes) -> list[PaidPerson]:
    """Return the people of one claim in the order of their keys."""
    subject = claim[:ID_BYTES].hex()
    lines = _accepted(connection, owner, ReportKind.CLAIM, subject, [RecordKind.CLAIM_LINE])
    keys = [key for _, key, _ in lines if key.startswith(claim)]
    trainees = {
        key: fields
        for kind, key, body in _accepted(connection, owner, ReportKind.ROSTER, subject, [RecordKind.TRAINEE])
        if isinstance(fields := read_body(kind, body), TraineeFields)
    }
    decisions = {
        row.line: decode(row.fields, ClaimDecisionFields)
        for row in connection.execute(
            select(claim_decision.c.line, claim_decision.c.fields).where(
                claim_decision.c.institution_id == owner, claim_decision.c.line.in_(keys)
            )
        )
    }
    paid: dict[bytes, int] = {}
    for row in connection.execute(
        select(claim_payment.c.line, claim_payment.c.fen).where(
            claim_payment.c.institution_id == owner, claim_payment.c.line.in_(keys)
        )
    ):
        paid[row.line] = paid.get(row.line, 0) + row.fen
    found = []
    for key in keys:
        person, decision = trainees.get(key[CLAIM_BYTES:]), decisions.get(key)
        found.append(
            PaidPerson(
                key,
                "—" if person is None else person.name,
                "—" if person is None else mask_document(person.document_number),
                None if decision is None else decision.decision,
                0 if decision is None else decision.fen,
                paid.get(key, 0),
            )
        )
    return found
