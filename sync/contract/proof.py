"""Proof of a claim: what a third party checks with public keys alone (六.3, R34, R38).

Two documents. The *trail* comes from the institution after its claim is accepted: the journal entries that wrote the
marks, enrolments, scores and certificates of the people claimed for, opened where those stand, the headers from each
of them to a signed tip of its device, and the entries that name users and devices. A *claim proof* is what the
platform hands out: the accepted statements behind the claim with the manifests that the institution signed and the
receipts that the platform signed, what was decided and paid, and the trail. How both are checked is
``sync.contract.checking``.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from desktop_app.domain.errors import AppError
from desktop_app.domain.stamps import Stamp
from sync.contract.field_types import Category, Code, Number, Text100
from sync.contract.kinds import CONTRACT_VERSION
from sync.contract.wire import Count, Hash, Id, Record, Uscc, Version

Signature = Annotated[bytes, Meta(min_length=64, max_length=64)]
Salt = Annotated[bytes, Meta(min_length=16, max_length=16)]
ClassSubject = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$")]
ClaimKey = Annotated[bytes, Meta(min_length=20, max_length=20)]
LineKey = Annotated[bytes, Meta(min_length=36, max_length=36)]
EnrolmentKey = Annotated[bytes, Meta(min_length=32, max_length=32)]
HeaderBytes = Annotated[bytes, Meta(min_length=1, max_length=65_536)]


class OpenLeaf(Struct, array_like=True, frozen=True):
    """A leaf that is shown: its place in the entry's list of hashes, its salt, its bytes."""

    place: Count
    salt: Salt
    body: bytes


class ProvenEntry(Struct, array_like=True, frozen=True):
    """A journal entry: the header's own bytes, the hashes of all its leaves, and the leaves that are shown."""

    header: HeaderBytes
    hashes: list[Hash]
    leaves: list[OpenLeaf]


class Tip(Struct, array_like=True, frozen=True):
    """A device's signature over a tip of its journal; it covers all ancestors of that entry."""

    entry: Hash
    device: Id
    signature: Signature


class Basis(Struct, array_like=True, frozen=True):
    """An accepted statement that a trail was made for: report kind, version, digest."""

    kind: str
    version: Version
    digest: Hash


class Trail(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Journal entries behind the claims of one class; signed by the device that sends it.

    ``basis``: the accepted statements that it was made for; ``path``: headers on the way to a signed tip.
    """

    contract: int = CONTRACT_VERSION
    uscc: Uscc
    subject: ClassSubject
    basis: Annotated[list[Basis], Meta(max_length=10)]
    entries: Annotated[list[ProvenEntry], Meta(max_length=100_000)]
    path: Annotated[list[HeaderBytes], Meta(max_length=1_000_000)]
    tips: Annotated[list[Tip], Meta(max_length=100_000)]


class TrailTaken(Struct, frozen=True, kw_only=True):
    """Answer to a trail: people it speaks of, marks shown, entries behind them."""

    people: Count
    marks: Count
    entries: Count


class KnownDevice(Struct, array_like=True, frozen=True):
    """A workstation that the platform has registered: its id, name, public key, and whether it was revoked."""

    device: Id
    name: Text100
    public_key: Hash
    revoked: bool


class ProvenStatement(Struct, array_like=True, frozen=True):
    """An accepted statement: report, its records in order, the manifest (envelope) and receipt (envelope)."""

    kind: str
    records: list[Record]
    manifest: bytes
    receipt: bytes


class ProvenEnrolment(Struct, array_like=True, frozen=True):
    """What the platform has accepted of an enrolment: class + trainee id, number, day, category, key group."""

    key: EnrolmentKey
    number: Number
    enrolled_on: date
    category: Category
    key_group: Code | None


class PaidPerson(Struct, array_like=True, frozen=True):
    """A person of the claim: claim + trainee id, name, masked document, decision, and 分 granted and paid."""

    line: LineKey
    name: Text100
    document: Text100
    decision: str | None
    granted_fen: int
    paid_fen: int


class ClaimProof(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What ``export-claim`` writes; signed by the platform. Whole documents, phones and addresses stay out of it.

    The accepted roster would bring them: in its place stand the ``enrolments`` as the platform has accepted them.
    """

    contract: int = CONTRACT_VERSION
    epoch: Id
    public_key: Hash
    uscc: Uscc
    institution: Text100
    claim: ClaimKey
    exported_at: datetime
    devices: list[KnownDevice]
    statements: list[ProvenStatement]
    people: list[PaidPerson]
    trail: bytes
    enrolments: list[ProvenEnrolment] = []


class EntryHeader(Struct, array_like=True, frozen=True):
    """A journal entry's header as its author wrote it: ids, stamp, device, user, command, payload hash."""

    parents: list[Hash]
    stamp: tuple[int, int, bytes]
    device: bytes
    user: bytes
    command: str
    payload_hash: Hash


Write = tuple[list[Any], Any, Any]
Leaf = tuple[int, list[tuple[bytes, dict[int, Write]]]]
_headers = msgspec.msgpack.Decoder(EntryHeader)
_leaves = msgspec.msgpack.Decoder(Leaf)


def read_header(data: bytes) -> EntryHeader:
    """Read the header of a journal entry; AppError CLAIM_PROOF_MALFORMED."""
    try:
        header = _headers.decode(data)
        Stamp.checked(*header.stamp)
    except (msgspec.MsgspecError, UnicodeDecodeError, AppError) as error:
        raise AppError("CLAIM_PROOF_MALFORMED") from error
    return header


def read_leaf(body: bytes) -> Leaf:
    """Read a leaf: entity and [key, {group: [seen, old, new]}]; AppError CLAIM_PROOF_MALFORMED."""
    try:
        leaf: Leaf = _leaves.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise AppError("CLAIM_PROOF_MALFORMED") from error
    return leaf
