"""What is inside a page: journal entries by columns, so that what repeats lies side by side and shrinks.

Nothing travels that follows from the rest: hashes of leaves that are there, the payload's hash, the id of a parent
that is in the page. The bytes that an author made come back exactly; a header that would not is sent as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import Annotated

import msgspec
import zstandard
from msgspec import Meta, Struct

from desktop_app.domain.entries import (
    HASH_BYTES,
    SALT_BYTES,
    Leaf,
    SealedEntry,
    entry_id,
    leaf_hash,
    payload_hash,
)
from desktop_app.domain.errors import AppError
from sync.contract.sharing import MAX_PLAIN_BYTES

_LEVEL = 3
_encode = msgspec.msgpack.Encoder().encode
_Stamp = tuple[int, int, bytes]
_read_header = msgspec.msgpack.Decoder(tuple[list[bytes], _Stamp, bytes, bytes, str, bytes]).decode

Count = Annotated[int, Meta(ge=0)]
Digest = Annotated[bytes, Meta(min_length=HASH_BYTES, max_length=HASH_BYTES)]


class LateLeaves(Struct, array_like=True, frozen=True):
    """Further leaves of an entry that an earlier page began: ``[entry, first, [[salt, body] or nil, …]]``."""

    entry: Digest
    first: Count
    leaves: list[tuple[bytes, bytes] | None]


class Tip(Struct, array_like=True, frozen=True):
    """A device's signature over a tip of its journal: ``[entry, device, signature]``."""

    entry: Digest
    device: bytes
    signature: bytes


class _Columns(Struct, array_like=True, frozen=True):
    """Entries by columns.

    ``authors``: opening, device, user, command, each combination once; ``ms``: difference to the entry before;
    ``parents``: 0 for the entry before alone, else one more than their number, and then for each in ``links`` how
    many entries back it is, or 0 for the next of ``outside``; ``headers``: by place, those that are sent as they are;
    ``lengths``: of the bodies, -1 for a leaf that is not here, whose hash is the next in ``digests``.
    """

    authors: list[tuple[bytes, bytes, bytes, str]]
    author: list[Count]
    ms: list[int]
    counter: list[Count]
    parents: list[Count]
    links: list[Count]
    outside: list[Digest]
    headers: dict[int, bytes]
    leaves: list[Count]
    lengths: list[Annotated[int, Meta(ge=-1)]]
    digests: bytes
    late: list[LateLeaves]
    tips: list[Tip]
    salts: bytes
    bodies: bytes


@dataclass(frozen=True, slots=True)
class Cargo:
    """What a page carries."""

    entries: Sequence[SealedEntry] = ()
    late: Sequence[LateLeaves] = ()
    tips: Sequence[Tip] = ()


@dataclass(slots=True)
class Packed:
    """A page's plain bytes, their length before compression, and what its head says of the entries."""

    plain: bytes
    tips: list[bytes]
    after: list[bytes]
    devices: set[bytes] = field(default_factory=set)


class _Packer:
    """Fills the columns, entry by entry."""

    def __init__(self) -> None:
        self.places: dict[bytes, int] = {}
        self.ids: list[bytes] = []
        self.authors: dict[tuple[bytes, bytes, bytes, str], int] = {}
        self.author: list[int] = []
        self.ms: list[int] = []
        self.counter: list[int] = []
        self.parents: list[int] = []
        self.links: list[int] = []
        self.outside: list[bytes] = []
        self.headers: dict[int, bytes] = {}
        self.followed: set[bytes] = set()
        self._last_ms = 0

    def add(self, header: bytes) -> None:
        """Take one entry's header apart."""
        place = len(self.ids)
        parents, (ms, counter, opening), device, user, command, digest = _read_header(header)
        written = (opening, device, user, command)
        self.author.append(self.authors.setdefault(written, len(self.authors)))
        self.ms.append(ms - self._last_ms)
        self._last_ms = ms
        self.counter.append(counter)
        if place and parents == [self.ids[-1]]:
            self.parents.append(0)
        else:
            self.parents.append(len(parents) + 1)
            for parent in parents:
                at = self.places.get(parent)
                self.links.append(0 if at is None else place - at)
                if at is None:
                    self.outside.append(parent)
        self.followed.update(parents)
        if _encode((parents, (ms, counter, opening), device, user, command, digest)) != header:
            self.headers[place] = header
        name = entry_id(header)
        self.places[name] = place
        self.ids.append(name)


def pack(cargo: Cargo) -> Packed:
    """Return the plain bytes of a page, compressed."""
    packer = _Packer()
    lengths: list[int] = []
    digests: list[bytes] = []
    salts: list[bytes] = []
    bodies: list[bytes] = []
    for entry in cargo.entries:
        packer.add(entry.header)
        for leaf in entry.leaves:
            if leaf.salt is None or leaf.body is None:
                lengths.append(-1)
                digests.append(leaf.digest)
            else:
                lengths.append(len(leaf.body))
                salts.append(leaf.salt)
                bodies.append(leaf.body)
    columns = _Columns(
        list(packer.authors),
        packer.author,
        packer.ms,
        packer.counter,
        packer.parents,
        packer.links,
        packer.outside,
        packer.headers,
        [len(entry.leaves) for entry in cargo.entries],
        lengths,
        b"".join(digests),
        list(cargo.late),
        list(cargo.tips),
        b"".join(salts),
        b"".join(bodies),
    )
    plain = zstandard.ZstdCompressor(level=_LEVEL).compress(_encode(columns))
    tips = [name for name in packer.ids if name not in packer.followed] or [late.entry for late in cargo.late]
    return Packed(plain, tips, sorted(set(packer.outside)), {author[1] for author in packer.authors})


def unpack(plain: bytes) -> Cargo:
    """Return what a page carries, every hash worked out from what came; AppError SHARE_PAGE_MALFORMED."""
    try:
        size = zstandard.frame_content_size(plain)
        if not 0 < size <= MAX_PLAIN_BYTES:
            raise AppError("SHARE_PAGE_MALFORMED")
        columns = msgspec.msgpack.decode(zstandard.ZstdDecompressor().decompress(plain), type=_Columns)
        return Cargo(_entries(columns), columns.late, columns.tips)
    except (msgspec.MsgspecError, zstandard.ZstdError, LookupError, StopIteration, ValueError) as error:
        raise AppError("SHARE_PAGE_MALFORMED") from error


def _entries(columns: _Columns) -> list[SealedEntry]:
    """Put the entries together again; LookupError, StopIteration or ValueError where the columns do not fit."""
    leaves = _leaves(columns)
    starts = [0, *accumulate(columns.leaves)]
    if starts[-1] != len(leaves):
        raise ValueError
    links, outside = iter(columns.links), iter(columns.outside)
    ids: list[bytes] = []
    entries: list[SealedEntry] = []
    ms = 0
    rows = zip(columns.author, columns.ms, columns.counter, columns.parents, pairwise(starts), strict=True)
    for place, (author, delta, counter, parents, (start, end)) in enumerate(rows):
        ms += delta
        own = tuple(leaves[start:end])
        header = columns.headers.get(place)
        before = (
            [ids[-1]] if parents == 0 else [_parent(next(links), ids, outside) for _ in range(parents - 1)]
        )
        if header is None:
            opening, device, user, command = columns.authors[author]
            digest = payload_hash([leaf.digest for leaf in own])
            header = _encode((before, (ms, counter, opening), device, user, command, digest))
        ids.append(entry_id(header))
        entries.append(SealedEntry(header, own))
    return entries


def _parent(link: int, ids: list[bytes], outside: Iterable[bytes]) -> bytes:
    """Return a parent: so many entries back, or the next that is not in the page."""
    if link == 0:
        return next(iter(outside))
    if link > len(ids):
        raise ValueError
    return ids[-link]


def _leaves(columns: _Columns) -> list[Leaf]:
    """Return all leaves one after the other."""
    leaves: list[Leaf] = []
    salt_at = body_at = digest_at = 0
    salts, bodies, digests = columns.salts, columns.bodies, columns.digests
    for length in columns.lengths:
        if length < 0:
            leaves.append(Leaf(digests[digest_at : digest_at + HASH_BYTES], None, None))
            digest_at += HASH_BYTES
            continue
        salt, body = salts[salt_at : salt_at + SALT_BYTES], bodies[body_at : body_at + length]
        leaves.append(Leaf(leaf_hash(salt, body), salt, body))
        salt_at, body_at = salt_at + SALT_BYTES, body_at + length
    if (salt_at, body_at, digest_at) != (len(salts), len(bodies), len(digests)):
        raise ValueError
    return leaves
