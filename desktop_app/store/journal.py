"""The journal: encoding of headers and leaves, storing and reading entries.

Header and leaves are msgpack arrays, map keys ascending, ids raw bytes, dates ISO text. They are stored, sent and
hashed as the bytes their author made.

- header: ``[parents, [ms, counter, opening], device, user, command, payload hash]``
- leaf: ``[entity, [[key, {group: [seen, old, new]}], …]]``
- note leaf, always the first: ``[0, {1: reason, 2: id of the entry that an undo or redo takes back}]``
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import zstandard
from sqlalchemy import Connection

from desktop_app.domain.entries import (
    HASH_BYTES,
    SALT_BYTES,
    Change,
    GroupWrite,
    Header,
    Leaf,
    SealedEntry,
    leaf_hash,
    payload_hash,
)
from desktop_app.domain.errors import AppError
from desktop_app.domain.records import BY_NUMBER
from desktop_app.domain.stamps import Stamp

APPLIED, PARTIAL, REFUSED = 0, 1, 2
NOTE_ENTITY = 0
REASON, TARGET = 1, 2
MAX_RECORDS_PER_LEAF = 1000
MAX_ENTITY = 1 << 31
_RAW, _ZSTD = b"\0", b"\1"
_WORTH_SQUEEZING = 80

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(strict=True)


@dataclass(frozen=True, slots=True)
class Note:
    """What an entry says beside its changes."""

    reason: str | None = None
    target: bytes | None = None


def encode(value: object) -> bytes:
    """Return msgpack bytes; canonical as long as the keys of every map are given in ascending order."""
    return _encoder.encode(value)


def decode(data: bytes) -> Any:  # noqa: ANN401 - whatever the author wrote; callers match on its shape
    """Decode msgpack; AppError JOURNAL_MALFORMED where it is none."""
    try:
        return _decoder.decode(data)
    except msgspec.DecodeError as error:
        raise AppError("JOURNAL_MALFORMED") from error


def encode_header(header: Header) -> bytes:
    """Return the bytes that an entry's id is the hash of."""
    return encode(
        [
            list(header.parents),
            header.stamp.to_wire(),
            header.device,
            header.user,
            header.command,
            header.payload_hash,
        ]
    )


def decode_header(data: bytes) -> Header:
    """Read a header; AppError JOURNAL_MALFORMED."""
    match decode(data):
        case [list(parents), stamp, bytes(device), bytes(user), str(command), bytes(digest)]:
            if all(isinstance(parent, bytes) and len(parent) == HASH_BYTES for parent in parents):
                return Header(tuple(parents), Stamp.from_wire(stamp), device, user, command, digest)
    raise AppError("JOURNAL_MALFORMED")


def make_leaf(body: bytes) -> Leaf:
    """Salt a leaf."""
    salt = secrets.token_bytes(SALT_BYTES)
    return Leaf(leaf_hash(salt, body), salt, body)


def make_leaves(note: Note, changes: Sequence[Change], stamp_of: StampLookup) -> list[Leaf]:
    """Pack changes into leaves: one record each where the entity has personal groups, else up to 1,000."""
    leaves: list[Leaf] = []
    remarks = {key: text for key, text in ((REASON, note.reason), (TARGET, note.target)) if text}
    if remarks:
        leaves.append(make_leaf(encode([NOTE_ENTITY, remarks])))
    run: list[object] = []
    run_entity = 0
    for change in changes:
        entity = BY_NUMBER.get(change.entity)
        alone = entity is None or entity.has_personal
        if run and (run_entity != change.entity or alone or len(run) >= MAX_RECORDS_PER_LEAF):
            leaves.append(make_leaf(encode([run_entity, run])))
            run = []
        run_entity = change.entity
        run.append([change.key, stamp_of.wire_groups(change.groups)])
    if run:
        leaves.append(make_leaf(encode([run_entity, run])))
    return leaves


class StampLookup:
    """Encodes group writes; stamps repeat within an entry, so their wire form is made once."""

    def __init__(self) -> None:
        self._wire: dict[Stamp, list[object]] = {}

    def wire_groups(self, groups: dict[int, GroupWrite]) -> dict[int, list[object]]:
        """Return ``{group: [seen, old, new]}``, groups ascending."""
        return {
            number: [[self._stamp(stamp) for stamp in write.seen], write.old, write.new]
            for number, write in sorted(groups.items())
        }

    def _stamp(self, stamp: Stamp) -> list[object]:
        wire = self._wire.get(stamp)
        if wire is None:
            wire = self._wire[stamp] = stamp.to_wire()
        return wire


def read_leaves(bodies: Iterable[bytes]) -> tuple[Note, list[Change]]:
    """Decode leaf bodies of one entry; AppError JOURNAL_MALFORMED."""
    note = Note()
    changes: list[Change] = []
    for body in bodies:
        match decode(body):
            case [0, dict(remarks)]:
                note = _read_note(remarks)
            case [int(entity), list(records)] if 0 < entity < MAX_ENTITY:
                changes.extend(_read_change(entity, record) for record in records)
            case _:
                raise AppError("JOURNAL_MALFORMED")
    return note, changes


def _read_note(remarks: dict[object, object]) -> Note:
    reason, target = remarks.get(REASON), remarks.get(TARGET)
    if (reason is None or isinstance(reason, str)) and (target is None or isinstance(target, bytes)):
        return Note(reason, target)
    raise AppError("JOURNAL_MALFORMED")


def _read_change(entity: int, record: object) -> Change:
    match record:
        case [bytes(key), dict(groups)] if all(isinstance(number, int) for number in groups):
            return Change(entity, key, {number: _read_write(write) for number, write in groups.items()})
    raise AppError("JOURNAL_MALFORMED")


def _read_write(write: object) -> GroupWrite:
    match write:
        case [list(seen), old, new]:
            return GroupWrite(tuple(Stamp.from_wire(stamp) for stamp in seen), old, new)
    raise AppError("JOURNAL_MALFORMED")


def seal(header: Header, leaves: Sequence[Leaf]) -> SealedEntry:
    """Encode an entry."""
    return SealedEntry(encode_header(header), tuple(leaves))


def pack_entry(entry: SealedEntry) -> bytes:
    """Return an entry as one blob: header, leaf hashes, and the leaves that are there."""
    return encode([entry.header, [[leaf.digest, leaf.salt, leaf.body] for leaf in entry.leaves]])


def unpack_entry(data: bytes) -> SealedEntry:
    """Read a blob and check its hashes; AppError JOURNAL_MALFORMED or ENTRY_ALTERED."""
    match decode(data):
        case [bytes(header), list(items)]:
            leaves = tuple(_unpack_leaf(item) for item in items)
            entry = SealedEntry(header, leaves)
            check_payload(entry)
            return entry
    raise AppError("JOURNAL_MALFORMED")


def _unpack_leaf(item: object) -> Leaf:
    match item:
        case [bytes(digest), bytes(salt), bytes(body)] if len(digest) == HASH_BYTES:
            return Leaf(digest, salt, body)
        case [bytes(digest), None, None] if len(digest) == HASH_BYTES:
            return Leaf(digest, None, None)
    raise AppError("JOURNAL_MALFORMED")


def check_payload(entry: SealedEntry) -> None:
    """Check that every leaf has its hash and the hashes are those of the header; AppError ENTRY_ALTERED."""
    header = decode_header(entry.header)
    if payload_hash([leaf.digest for leaf in entry.leaves]) != header.payload_hash:
        raise AppError("ENTRY_ALTERED", entry=entry.id.hex()[:12])
    for leaf in entry.leaves:
        if leaf.salt is not None and leaf.body is not None and leaf_hash(leaf.salt, leaf.body) != leaf.digest:
            raise AppError("ENTRY_ALTERED", entry=entry.id.hex()[:12])


def compress_leaf(leaf: Leaf) -> bytes | None:
    """Return the stored form of a leaf: format byte, salt, bytes; None where erased."""
    if leaf.salt is None or leaf.body is None:
        return None
    if len(leaf.body) >= _WORTH_SQUEEZING:
        squeezed = zstandard.ZstdCompressor(level=3, write_checksum=False).compress(leaf.body)
        if len(squeezed) < len(leaf.body):
            return _ZSTD + leaf.salt + squeezed
    return _RAW + leaf.salt + leaf.body


def expand_leaf(digest: bytes, stored: bytes | None) -> Leaf:
    """Read the stored form of a leaf; AppError JOURNAL_MALFORMED where it cannot be read."""
    if stored is None:
        return Leaf(digest, None, None)
    salt, body = stored[1 : 1 + SALT_BYTES], stored[1 + SALT_BYTES :]
    if stored[:1] == _ZSTD:
        try:
            body = zstandard.ZstdDecompressor().decompress(body)
        except zstandard.ZstdError as error:
            raise AppError("JOURNAL_MALFORMED") from error
    return Leaf(digest, salt, body)


class JournalStore:
    """Entries in the open store; one instance per connection in use, caches only what never changes."""

    def __init__(self, connection: Connection) -> None:
        self._sql = connection
        self._stamps: dict[int, Stamp] = {}
        self._numbers: dict[Stamp, int] = {}
        self._openings: dict[bytes, int] = {}

    def next_seq(self) -> int:
        """Return the number that the next entry gets here."""
        row = self._sql.exec_driver_sql("SELECT max(seq) FROM journal_entry").one()
        return int(row[0] or 0) + 1

    def stamp(self, seq: int) -> Stamp:
        """Return the stamp that an entry number stands for."""
        known = self._stamps.get(seq)
        if known is None:
            row = self._sql.exec_driver_sql(
                "SELECT ms, counter, opening.value FROM journal_entry JOIN opening ON number = opening WHERE seq = ?",
                (seq,),
            ).one()
            known = self.remember(seq, Stamp(row[0], row[1], row[2]))
        return known

    def remember(self, seq: int, stamp: Stamp) -> Stamp:
        """Keep a stamp and its number in memory."""
        self._stamps[seq] = stamp
        self._numbers[stamp] = seq
        return stamp

    def seq_of(self, stamp: Stamp) -> int | None:
        """Return the entry number that a stamp has here, None where its entry is not stored."""
        known = self._numbers.get(stamp)
        if known is None:
            row = self._sql.exec_driver_sql(
                "SELECT seq FROM journal_entry JOIN opening ON number = opening"
                " WHERE ms = ? AND counter = ? AND opening.value = ?",
                (stamp.ms, stamp.counter, stamp.opening),
            ).first()
            if row is None:
                return None
            known = int(row[0])
            self.remember(known, stamp)
        return known

    def load_stamps(self) -> None:
        """Read all stamps at once, for a walk over the whole store."""
        rows = self._sql.exec_driver_sql(
            "SELECT seq, ms, counter, opening.value FROM journal_entry JOIN opening ON number = opening"
        )
        for seq, ms, counter, opening in rows:
            self.remember(seq, Stamp(ms, counter, opening))

    def seq_of_id(self, entry: bytes) -> int | None:
        """Return the number of an entry, None where it is not stored."""
        row = self._sql.exec_driver_sql("SELECT seq FROM journal_entry WHERE id = ?", (entry,)).first()
        return None if row is None else int(row[0])

    def frontier(self) -> list[bytes]:
        """Return the ids of the entries that nothing stored follows: parents of the next entry, ascending."""
        # CROSS: else the whole journal is walked, in its index of ids, to find the one or two that are in the frontier.
        rows = self._sql.exec_driver_sql("SELECT id FROM frontier CROSS JOIN journal_entry USING (seq)")
        return sorted(row[0] for row in rows)

    def append(self, seq: int, entry: SealedEntry, header: Header, state: int = APPLIED) -> None:
        """Store an entry under a number; its parents must be stored."""
        opening = self._intern(header.stamp.opening)
        self._sql.exec_driver_sql(
            "INSERT INTO journal_entry (seq, id, header, leaf_hashes, ms, counter, opening, state)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                seq,
                entry.id,
                entry.header,
                b"".join(leaf.digest for leaf in entry.leaves),
                header.stamp.ms,
                header.stamp.counter,
                opening,
                state,
            ),
        )
        rows = [(seq, n, compress_leaf(leaf)) for n, leaf in enumerate(entry.leaves)]
        if rows:
            self._sql.exec_driver_sql("INSERT INTO journal_leaf (seq, n, body) VALUES (?, ?, ?)", rows)
        if header.parents:
            self._sql.exec_driver_sql(
                "DELETE FROM frontier WHERE seq = (SELECT seq FROM journal_entry WHERE id = ?)",
                [(parent,) for parent in header.parents],
            )
        self._sql.exec_driver_sql("INSERT INTO frontier (seq) VALUES (?)", (seq,))
        self.remember(seq, header.stamp)

    def add_leaves(self, seq: int, entry: SealedEntry) -> list[tuple[int, Leaf]]:
        """Store the leaves of another copy of an entry that are lacking here; return them with their numbers."""
        here = self.entry(seq)
        late = [
            (n, leaf)
            for n, leaf in enumerate(entry.leaves)
            if here.leaves[n].body is None and leaf.body is not None
        ]
        for n, leaf in late:
            self._sql.exec_driver_sql(
                "INSERT OR REPLACE INTO journal_leaf (seq, n, body) VALUES (?, ?, ?)",
                (seq, n, compress_leaf(leaf)),
            )
        return late

    def set_state(self, seq: int, state: int) -> None:
        """Say that an entry is applied, partial or refused."""
        self._sql.exec_driver_sql("UPDATE journal_entry SET state = ? WHERE seq = ?", (state, seq))

    def _intern(self, opening: bytes) -> int:
        known = self._openings.get(opening)
        if known is None:
            row = self._sql.exec_driver_sql("SELECT number FROM opening WHERE value = ?", (opening,)).first()
            if row is None:
                row = self._sql.exec_driver_sql(
                    "INSERT INTO opening (value) VALUES (?) RETURNING number", (opening,)
                ).one()
            known = self._openings[opening] = int(row[0])
        return known

    def entry(self, seq: int) -> SealedEntry:
        """Return a stored entry with its leaves."""
        header, hashes = self._sql.exec_driver_sql(
            "SELECT header, leaf_hashes FROM journal_entry WHERE seq = ?", (seq,)
        ).one()
        rows = self._sql.exec_driver_sql("SELECT n, body FROM journal_leaf WHERE seq = ? ORDER BY n", (seq,))
        stored: dict[int, bytes | None] = {row[0]: row[1] for row in rows}
        digests = [hashes[start : start + HASH_BYTES] for start in range(0, len(hashes), HASH_BYTES)]
        return SealedEntry(
            header, tuple(expand_leaf(digest, stored.get(n)) for n, digest in enumerate(digests))
        )

    def changes(self, seq: int) -> tuple[Header, Note, list[Change]]:
        """Return header, note and changes of a stored entry; erased leaves are left out."""
        entry = self.entry(seq)
        note, changes = read_leaves(leaf.body for leaf in entry.leaves if leaf.body is not None)
        return decode_header(entry.header), note, changes

    def sequence(self) -> Iterator[int]:
        """Yield the numbers of all entries, parents before children."""
        for row in self._sql.exec_driver_sql("SELECT seq FROM journal_entry ORDER BY seq").all():
            yield int(row[0])
