"""Checking a claim proof with public keys alone; the same code on the platform and anywhere else.

What is shown: the statements are the ones that the institution signed and the platform accepted, and every accepted
mark, enrolment, score and certificate of every person claimed for has its trail in the institution's journal
(``sync.contract.trails``, ``sync.contract.trail_acts``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec

from desktop_app.domain.claims.keys import CLAIM_BYTES
from desktop_app.domain.errors import AppError
from desktop_app.domain.ids import ID_BYTES
from sync.contract.claim_records import ClaimLineFields
from sync.contract.digest import statement_digest
from sync.contract.framing import frame_hash
from sync.contract.kinds import NUMBER, RecordKind, ReportKind
from sync.contract.proof import Basis, ClaimProof, KnownDevice, PaidPerson, ProvenStatement, Trail
from sync.contract.records import MarkFields, RecordFields
from sync.contract.shape import read_body
from sync.contract.signing import Envelope, Purpose, check, split
from sync.contract.trail_acts import Act, check_acts
from sync.contract.trails import Shown, Written, check_marks, show
from sync.contract.wire import Manifest, Receipt, Record, decode

_MALFORMED = "CLAIM_PROOF_MALFORMED"


@dataclass(frozen=True, slots=True)
class PersonShown:
    """A person of a checked claim: name, masked document, 分 claimed, granted and paid, and the writes of each mark.

    ``marks``: by session id; ``acts`` of enrolment, scores and certificates; both the latest last.
    """

    trainee: bytes
    name: str
    document: str
    fen: int
    granted_fen: int
    paid_fen: int
    marks: Mapping[bytes, tuple[Written, ...]]
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """What a claim proof shows once everything in it holds; ``platform_key`` is to be the published one."""

    claim: bytes
    uscc: str
    institution: str
    exported_at: datetime
    platform_key: bytes
    people: tuple[PersonShown, ...]
    entries: int
    marks: int
    records: int


def is_made_for(proof: ClaimProof, basis: list[Basis]) -> bool:
    """Tell whether a proof's trail was made for these accepted statements."""
    trail = decode(split(proof.trail, _MALFORMED).payload, Trail, _MALFORMED)
    return trail.basis == basis


def check_claim(data: bytes, platform_key: bytes | None = None) -> CheckedClaim:
    """Check a claim proof and return what it shows.

    ``platform_key``: the platform's published key (32 bytes); without it the one in the file is taken, and the caller
    must say which that was. Raises AppError CLAIM_PROOF_MALFORMED, CLAIM_PROOF_KEY (signed by another platform),
    CLAIM_PROOF_STATEMENT (a statement that is not the one signed and accepted), and what ``show``,
    ``check_marks`` and ``check_acts`` raise.
    """
    signed = split(data, _MALFORMED)
    proof = decode(signed.payload, ClaimProof, _MALFORMED)
    if platform_key is not None and platform_key != proof.public_key:
        raise AppError("CLAIM_PROOF_KEY")
    _hold(proof.public_key, Purpose.PROOF, signed)
    devices = {one.device: one for one in proof.devices}
    held = {one.kind: _check_statement(proof, one, devices) for one in proof.statements}
    lines = {
        record.key: _fields(record)
        for record in held.get(ReportKind.CLAIM, [])
        if record.kind == RecordKind.CLAIM_LINE
    }
    shown = _check_trail(proof, devices)
    people = {one.line[CLAIM_BYTES:] for one in proof.people}
    accepted = {
        record.key: fields
        for record in held.get(ReportKind.ATTENDANCE, [])
        if isinstance(fields := _fields(record), MarkFields)
    }
    marks = check_marks(shown, accepted, people)
    told = tuple(_person(proof.claim, one, lines, shown, accepted) for one in proof.people)
    results = {
        (record.kind, record.key): _fields(record)
        for kind in (ReportKind.ASSESSMENT, ReportKind.CERTIFICATE)
        for record in held.get(kind, [])
        if record.kind in {RecordKind.SCORE, RecordKind.CERTIFICATE}
    }
    records = check_acts(shown.acts, results, proof.enrolments, people)
    return CheckedClaim(
        claim=proof.claim,
        uscc=proof.uscc,
        institution=proof.institution,
        exported_at=proof.exported_at,
        platform_key=proof.public_key,
        people=told,
        entries=shown.entries,
        marks=marks,
        records=records,
    )


def _fields(record: Record) -> RecordFields:
    try:
        return read_body(record.kind, record.body)
    except (msgspec.MsgspecError, KeyError) as error:
        raise AppError(_MALFORMED) from error


def _hold(key: bytes, purpose: Purpose, signed: Envelope) -> None:
    """Check a signature; AppError CLAIM_PROOF_SIGNATURE."""
    try:
        check(key, purpose, signed.payload, signed.signature)
    except AppError as error:
        raise AppError("CLAIM_PROOF_SIGNATURE") from error


def _check_statement(
    proof: ClaimProof, one: ProvenStatement, devices: Mapping[bytes, KnownDevice]
) -> list[Record]:
    """Check that a statement is what the platform's receipt says of a manifest that the institution signed."""
    answer, sealed = split(one.receipt, _MALFORMED), split(one.manifest, _MALFORMED)
    _hold(proof.public_key, Purpose.RECEIPT, answer)
    receipt, manifest = (
        decode(answer.payload, Receipt, _MALFORMED),
        decode(sealed.payload, Manifest, _MALFORMED),
    )
    if manifest.device not in devices:
        raise AppError("CLAIM_PROOF_SIGNATURE")
    _hold(devices[manifest.device].public_key, Purpose.MANIFEST, sealed)
    subject = proof.claim[:ID_BYTES].hex()
    if not all(record.kind in NUMBER for record in one.records):
        raise AppError(_MALFORMED)
    digest = statement_digest((NUMBER[record.kind], record.key, record.body) for record in one.records)
    tallies = [(tally.kind, tally.subject, tally.digest, tally.records) for tally in receipt.reports]
    if (
        receipt.manifest != frame_hash(one.manifest)
        or (receipt.uscc, manifest.uscc) != (proof.uscc, proof.uscc)
        or (one.kind, subject, digest, len(one.records)) not in tallies
    ):
        raise AppError("CLAIM_PROOF_STATEMENT", kind=one.kind)
    return one.records


def _check_trail(proof: ClaimProof, devices: Mapping[bytes, KnownDevice]) -> Shown:
    """Check who signed the trail, and everything in it."""
    signed = split(proof.trail, _MALFORMED)
    for known in devices.values():
        try:
            check(known.public_key, Purpose.TRAIL, signed.payload, signed.signature)
            break
        except AppError:
            continue
    else:
        raise AppError("CLAIM_PROOF_SIGNATURE")
    trail = decode(signed.payload, Trail, _MALFORMED)
    made_for = {one.kind for one in trail.basis} - {ReportKind.ROSTER.value}
    if (trail.uscc, trail.subject) != (proof.uscc, proof.claim[:ID_BYTES].hex()) or made_for != {
        one.kind for one in proof.statements
    }:
        raise AppError("CLAIM_PROOF_STATEMENT", kind=ReportKind.CLAIM.value)
    return show(trail, {known.device: (known.name, known.public_key) for known in devices.values()})


def _person(
    claim: bytes,
    one: PaidPerson,
    lines: Mapping[bytes, object],
    shown: Shown,
    accepted: Collection[bytes],
) -> PersonShown:
    """Return a person of the claim; AppError CLAIM_PROOF_STATEMENT where the accepted claim knows nobody such."""
    line = lines.get(one.line)
    if not isinstance(line, ClaimLineFields) or not one.line.startswith(claim):
        raise AppError("CLAIM_PROOF_STATEMENT", kind=ReportKind.CLAIM.value)
    trainee = one.line[CLAIM_BYTES:]
    marks = {key[:ID_BYTES]: shown.marks[key] for key in sorted(accepted) if key[ID_BYTES:] == trainee}
    acts = tuple(act for act in shown.acts if act.trainee == trainee)
    return PersonShown(trainee, one.name, one.document, line.fen, one.granted_fen, one.paid_fen, marks, acts)
