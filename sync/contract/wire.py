"""Wire types: what travels between an institution and the platform, in msgpack.

Records, pages and stream items are arrays; manifest, receipt and stream page are maps, so a later contract can add
to them. Hashes and signatures are over the bytes as sent; nobody re-encodes what another has made, so fields that
this version does not know survive.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Raw, Struct

from desktop_app.domain.errors import AppError
from sync.contract.kinds import CONTRACT_VERSION, order_key
from sync.contract.records import RecordFields

T = TypeVar("T")

NIL = b"\xc0"
MAX_PAGE_RECORDS = 1000
MAX_PAGES = 65_535
MAX_EVIDENCE_BYTES = 100_000_000
PART_BYTES = 256 * 1024

Hash = Annotated[bytes, Meta(min_length=32, max_length=32)]
Base = Annotated[bytes, Meta(max_length=32)]
Id = Annotated[bytes, Meta(min_length=16, max_length=16)]
Key = Annotated[bytes, Meta(min_length=1, max_length=64)]
Count = Annotated[int, Meta(ge=0, le=10**9)]
Version = Annotated[int, Meta(ge=1, le=10**6)]
Subject = Annotated[str, Meta(pattern=r"^([0-9a-f]{32}|[0-9]{4}(-[0-9]{2})?)$")]
Uscc = Annotated[str, Meta(min_length=18, max_length=18)]


class Record(Struct, array_like=True, frozen=True):
    """``[kind, key, fields]``, or ``[kind, key, nil]`` when the record left the statement."""

    kind: str
    key: Key
    fields: Raw

    @property
    def body(self) -> bytes:
        """Return the fields' own bytes; NIL for a record that leaves."""
        return bytes(self.fields)

    @property
    def leaves(self) -> bool:
        """Tell whether the record left the statement."""
        return bytes(self.fields) == NIL


class Section(Struct, array_like=True, frozen=True):
    """Records of one report; ``report`` is its place in the manifest's list."""

    report: Annotated[int, Meta(ge=0)]
    records: list[Record]


class Page(Struct, array_like=True, frozen=True):
    """A page of a batch: its number from 0 and at most 1,000 records."""

    index: Annotated[int, Meta(ge=0, lt=MAX_PAGES)]
    sections: list[Section]


class ReportHead(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One report in a manifest.

    ``digest`` and ``records``: the whole statement as sealed; ``base``: digest of the accepted statement that the
    changes are made against (empty bytes: nothing accepted so far); ``changes``: records sent; ``reason``: of a 更正.
    """

    kind: str
    subject: Subject
    version: Version
    digest: Hash
    records: Count
    changes: Count
    base: Base = b""
    reason: Annotated[str, Meta(min_length=1, max_length=200)] | None = None


class Manifest(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a batch states of itself; signed by ``device``, ``heads`` are those of its journal at sealing.

    ``solo``: 一人办班, entered and reviewed by one person (left out where it is not so).
    """

    contract: int = CONTRACT_VERSION
    batch: Id
    uscc: Uscc
    device: Id
    sealed_at: datetime
    reports: Annotated[list[ReportHead], Meta(max_length=10_000)]
    heads: Annotated[list[Hash], Meta(max_length=1000)]
    pages: Annotated[list[Hash], Meta(max_length=MAX_PAGES)]
    counts: dict[str, Count]
    demo: bool = False
    solo: bool = False


class Rejected(Struct, array_like=True, frozen=True):
    """A record that is not accepted; ``text`` is the Chinese sentence, ``params`` what it was made of."""

    report: int
    kind: str
    key: Key
    code: str
    field: str | None
    text: str
    params: dict[str, Any]


class PageTally(Struct, array_like=True, frozen=True):
    """What became of one page: its hash as received, records in it, records accepted."""

    hash: Hash
    records: Count
    accepted: Count


class ReportTally(Struct, array_like=True, frozen=True):
    """The accepted statement of a report after this batch."""

    kind: str
    subject: str
    version: Version
    digest: Hash
    records: Count


class Receipt(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Receipt by exception; signed by the platform."""

    contract: int = CONTRACT_VERSION
    batch: Id
    uscc: Uscc
    epoch: Id
    manifest: Hash
    received_at: datetime
    records: Count
    accepted: Count
    pages: list[PageTally]
    reports: list[ReportTally]
    rejected: list[Rejected]


class StreamPage(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One version of a stream; ``uscc`` is empty in the province's. Signed by the platform."""

    contract: int = CONTRACT_VERSION
    epoch: Id
    stream: str
    uscc: str = ""
    version: Version
    issued_at: datetime
    items: list[Record]


class BatchStatus(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Answer to a manifest or a page: pages that are still lacking; the receipt's envelope once none is."""

    lacking: list[int]
    receipt: bytes | None = None


class ReportedState(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What the platform holds of an institution: its epoch and the accepted statement of every report."""

    epoch: Id
    digest: Hash
    reports: list[ReportTally]


class EvidenceFile(Struct, array_like=True, frozen=True):
    """A file of evidence: HMAC-SHA256 of its digest under the credit code, SHA-256 of its bytes, their number."""

    name: Hash
    digest: Hash
    size: Annotated[int, Meta(ge=1, le=MAX_EVIDENCE_BYTES)]


class EvidenceList(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """All files that belong to the claims of one class (``subject``), signed by a device; a later list replaces it."""

    uscc: Uscc
    subject: Subject
    files: Annotated[list[EvidenceFile], Meta(max_length=20_000)]


class LackingFile(Struct, array_like=True, frozen=True):
    """A file that has not arrived: its name, and how many bytes of it have."""

    name: Hash
    received: Count


class EvidenceStatus(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Answer to a list of evidence: what is lacking."""

    lacking: list[LackingFile]


class FileStatus(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Answer to a part of a file: bytes received; fewer than sent where the whole is not what the list says."""

    received: Count
    complete: bool


class Exchange(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A batch of one page (or none) and the pull in one request; ``cursors``: stream → last version stored."""

    manifest: bytes | None = None
    page: bytes | None = None
    cursors: dict[str, Count] = {}


class ExchangeAnswer(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Receipt's envelope and stream pages (envelopes) past the cursors; ``more``: ask again."""

    receipt: bytes | None = None
    pages: list[bytes] = []
    more: bool = False


class Registration(Struct, frozen=True, kw_only=True):
    """A workstation registers (JSON; bytes in base64); ``signature`` proves that it holds the private key."""

    code: Annotated[str, Meta(min_length=1, max_length=40)]
    device: Id
    name: Annotated[str, Meta(min_length=1, max_length=100)]
    public_key: Hash
    signature: Annotated[bytes, Meta(min_length=64, max_length=64)]
    contract: int = CONTRACT_VERSION
    demo: bool = False


class Registered(Struct, frozen=True, kw_only=True):
    """Answer to a registration (JSON): the institution, and the key by which the platform's signatures are checked."""

    uscc: str
    name: str
    region: str
    kind: str
    epoch: Id
    public_key: Hash


class ChallengeRequest(Struct, frozen=True, kw_only=True):
    """A device asks for a challenge (JSON)."""

    device: Id


class Challenge(Struct, frozen=True, kw_only=True):
    """What the device must sign (JSON), good once and until ``expires_at``."""

    challenge: Hash
    expires_at: datetime


class TokenRequest(Struct, frozen=True, kw_only=True):
    """A signed challenge (JSON)."""

    device: Id
    challenge: Hash
    signature: Annotated[bytes, Meta(min_length=64, max_length=64)]


class Token(Struct, frozen=True, kw_only=True):
    """A bearer token of 15 minutes (JSON)."""

    token: str
    expires_at: datetime


class About(Struct, frozen=True, kw_only=True):
    """What a platform is (JSON): contracts that it takes, its life, its keys, its clock, its limits.

    ``sealing_key``: X25519; batch files are encrypted to it (``sealed_files``). ``frames``: formats that it reads.
    """

    contracts: list[int]
    epoch: Id
    public_key: Hash
    sealing_key: Hash
    demo: bool
    now: datetime
    page_records: int
    frame_bytes: int
    frames: list[str] = msgspec.field(default_factory=lambda: ["zstd"])


class Refusal(Struct, frozen=True, kw_only=True):
    """Why a request was refused (JSON): code, Chinese sentence, what to do next, parameters of the sentence."""

    code: str
    message: str
    hint: str | None
    params: dict[str, Any]


_encoder = msgspec.msgpack.Encoder(order="deterministic")


def encode(value: object) -> bytes:
    """Return msgpack bytes; maps ascend by key, defaults are left out."""
    return _encoder.encode(value)


def decode(data: bytes, shape: type[T], code: str = "REQUEST_MALFORMED") -> T:
    """Read a wire type; AppError ``code`` (with ``detail``) where the bytes are something else."""
    try:
        return msgspec.msgpack.decode(data, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise AppError(code, detail=str(error)[:200]) from error


def decode_json(data: bytes, shape: type[T], code: str = "REQUEST_MALFORMED") -> T:
    """Read a wire type of the JSON endpoints; AppError ``code`` (with ``detail``)."""
    try:
        return msgspec.json.decode(data, type=shape)
    except msgspec.MsgspecError as error:
        raise AppError(code, detail=str(error)[:200]) from error


def encode_json(value: object) -> bytes:
    """Return JSON bytes; bytes become base64."""
    return msgspec.json.encode(value)


def put(kind: str, key: bytes, fields: RecordFields | dict[str, object]) -> Record:
    """Return a record that enters or changes a statement."""
    return Record(kind, key, Raw(encode(fields)))


def left(kind: str, key: bytes) -> Record:
    """Return a record that says: this one left the statement."""
    return Record(kind, key, Raw(NIL))


def in_order(records: list[Record]) -> list[Record]:
    """Return the changes of one report in the order in which they must be sent."""
    return sorted(records, key=lambda record: order_key(record.kind, record.key, leaves=record.leaves))
