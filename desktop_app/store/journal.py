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
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec
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
from desktop_app.store import entry_numbers
from desktop_app.store.database import driver_of
from desktop_app.store.leaf_storage import compress_leaf, expand_leaf

APPLIED, PARTIAL, REFUSED = 0, 1, 2
NOTE_ENTITY = 0
REASON, TARGET = 1, 2
MAX_RECORDS_PER_LEAF = 1000
MAX_ENTITY = 1 << 31

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(strict=True)
_WireStamp = tuple[int, int, bytes]
_header_decoder = msgspec.msgpack.Decoder(tuple[list[bytes], _WireStamp, bytes, bytes, str, bytes])
_leaf_decoder = msgspec.msgpack.Decoder(tuple[int, list[tuple[bytes, dict[int, GroupWrite]]]])


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
    return encode(header)


def decode_header(data: bytes) -> Header:
    """Read a header; AppError JOURNAL_MALFORMED, STAMP_MALFORMED."""
    try:
        parents, stamp, device, user, command, digest = _header_decoder.decode(data)
    except msgspec.DecodeError as error:
        raise AppError("JOURNAL_MALFORMED") from error
    if any(len(parent) != HASH_BYTES for parent in parents):
        raise AppError("JOURNAL_MALFORMED")
    return Header(tuple(parents), Stamp.checked(*stamp), device, user, command, digest)


def make_leaf(body: bytes) -> Leaf:
    """Salt a leaf."""
    salt = secrets.token_bytes(SALT_BYTES)
    return Leaf(leaf_hash(salt, body), salt, body)


def make_leaves(note: Note, changes: Sequence[Change]) -> list[Leaf]:
    """Pack changes into leaves: one record each where the entity has personal groups, else up to 1,000."""
    leaves: list[Leaf] = []
    remarks = {key: text for key, text in ((REASON, note.reason), (TARGET, note.target)) if text}
    if remarks:
        leaves.append(make_leaf(encode([NOTE_ENTITY, remarks])))
    for number, run in groupby(changes, key=itemgetter(0)):
        records = [(key, ascending(groups)) for _, key, groups in run]
        entity = BY_NUMBER.get(number)
        size = 1 if entity is None or entity.has_personal else MAX_RECORDS_PER_LEAF
        parts = (records[start : start + size] for start in range(0, len(records), size))
        leaves.extend(make_leaf(encode([number, part])) for part in parts)
    return leaves


def ascending(groups: dict[int, GroupWrite]) -> dict[int, GroupWrite]:
    """Return writes by ascending group number, as they go on the wire."""
    return dict(sorted(groups.items())) if len(groups) > 1 else groups


def read_leaves(bodies: Iterable[bytes]) -> tuple[Note, list[Change]]:
    """Decode leaf bodies of one entry; AppError JOURNAL_MALFORMED, STAMP_MALFORMED."""
    note = Note()
    changes: list[Change] = []
    checked: set[Stamp] = set()
    for body in bodies:
        try:
            entity, records = _leaf_decoder.decode(body)
        except msgspec.DecodeError:
            note = _read_note(body)
            continue
        if not 0 < entity < MAX_ENTITY:
            raise AppError("JOURNAL_MALFORMED")
        for key, groups in records:
            for write in groups.values():
                if write.seen and not checked.issuperset(write.seen):
                    checked.update(Stamp.checked(*stamp) for stamp in write.seen)
            changes.append(Change(entity, key, groups))
    return note, changes


def _read_note(body: bytes) -> Note:
    match decode(body):
        case [0, dict(remarks)]:
            reason, target = remarks.get(REASON), remarks.get(TARGET)
            if (reason is None or isinstance(reason, str)) and (target is None or isinstance(target, bytes)):
                return Note(reason, target)
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


def check_payload(entry: SealedEntry) -> Header:
    """Check that every leaf has its hash and the hashes are those of the header, which is returned.

    Raises AppError ENTRY_ALTERED, or JOURNAL_MALFORMED where the header cannot be read.
    """
    header = decode_header(entry.header)
    if payload_hash([leaf.digest for leaf in entry.leaves]) != header.payload_hash:
        raise AppError("ENTRY_ALTERED", entry=entry.id.hex()[:12])
    for leaf in entry.leaves:
        if leaf.salt is not None and leaf.body is not None and leaf_hash(leaf.salt, leaf.body) != leaf.digest:
            raise AppError("ENTRY_ALTERED", entry=entry.id.hex()[:12])
    return header


class JournalStore:
    """Entries in the open store; one instance per connection in use, caches only what never changes.

    ``queue`` gives an entry its number and lets it be found, ``write`` stores what was queued.
    """

    def __init__(self, connection: Connection) -> None:
        self._sql = driver_of(connection)
        self._stamps: dict[int, Stamp] = {}
        self._numbers: dict[Stamp, int] = {}
        self._ids: dict[bytes, int] = {}
        self._openings: dict[bytes, int] = {}
        self._absent: set[bytes | Stamp] = set()  # looked up, and not stored or queued since
        self._queued: list[tuple[int, bytes, SealedEntry, Header, int]] = []

    def next_seq(self) -> int:
        """Return the number that the next entry gets here."""
        row = self._sql.execute("SELECT max(seq) FROM journal_entry").fetchone()
        return int(row[0] or 0) + 1

    def stamp(self, seq: int) -> Stamp:
        """Return the stamp that an entry number stands for."""
        known = self._stamps.get(seq)
        if known is None:
            row = self._sql.execute(
                "SELECT ms, counter, opening.value FROM journal_entry JOIN opening ON number = opening WHERE seq = ?",
                (seq,),
            ).fetchone()
            known = self.remember(seq, Stamp(*row))
        return known

    def remember(self, seq: int, stamp: Stamp) -> Stamp:
        """Keep a stamp and its number in memory."""
        self._stamps[seq] = stamp
        self._numbers[stamp] = seq
        return stamp

    def seq_of(self, stamp: Stamp) -> int | None:
        """Return the entry number that a stamp has here, None where its entry is not stored."""
        known = self._numbers.get(stamp)
        if known is None and stamp not in self._absent:
            opening = self._opening(stamp.opening)
            if opening is None:
                return None
            row = self._sql.execute(
                "SELECT seq FROM journal_entry WHERE ms = ? AND counter = ? AND opening = ?",
                (stamp.ms, stamp.counter, opening),
            ).fetchone()
            if row is None:
                return None
            known = int(row[0])
            self.remember(known, stamp)
        return known

    def load_stamps(self) -> None:
        """Read all stamps at once, for a walk over the whole store."""
        rows = self._sql.execute(
            "SELECT seq, ms, counter, opening.value FROM journal_entry JOIN opening ON number = opening"
        )
        for seq, ms, counter, opening in rows:
            self.remember(seq, Stamp(ms, counter, opening))

    def seq_of_id(self, entry: bytes) -> int | None:
        """Return the number of an entry, None where it is not stored."""
        known = self._ids.get(entry)
        if known is None and entry not in self._absent:
            self._ids.update(entry_numbers.by_ids(self._sql, [entry]))
            known = self._ids.get(entry)
        return known

    def look_up(self, names: Sequence[bytes], stamps: Sequence[Stamp]) -> None:
        """Learn at once which of some entries, by id and by stamp, are stored, for the transaction under way."""
        self._ids.update(entry_numbers.by_ids(self._sql, names))
        wanted = {(one.ms, one.counter, self._opening(one.opening) or 0): one for one in stamps}
        for found, seq in entry_numbers.by_stamps(self._sql, list(wanted)):
            self.remember(seq, wanted[found])
        self._absent.update(name for name in names if name not in self._ids)
        self._absent.update(stamp for stamp in stamps if stamp not in self._numbers)

    def frontier(self) -> list[bytes]:
        """Return the ids of the entries that nothing stored follows: parents of the next entry, ascending."""
        # CROSS: else the whole journal is walked, in its index of ids, to find the one or two that are in the frontier.
        rows = self._sql.execute(
            "SELECT id, seq FROM frontier CROSS JOIN journal_entry USING (seq)"
        ).fetchall()
        self._ids.update(rows)
        return sorted(row[0] for row in rows)

    def queue(self, seq: int, entry: SealedEntry, header: Header, state: int = APPLIED) -> bytes:
        """Give an entry its number; its parents must be stored or queued before it. Return its id."""
        name = entry.id
        self._queued.append((seq, name, entry, header, state))
        self._absent.discard(name)
        self._absent.discard(header.stamp)
        self._ids[name] = seq
        self.remember(seq, header.stamp)
        return name

    def write(self) -> None:
        """Store all entries that were queued."""
        queued, self._queued = self._queued, []
        if not queued:
            return
        self._sql.executemany(
            "INSERT INTO journal_entry (seq, id, header, leaf_hashes, ms, counter, opening, state)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    seq,
                    name,
                    entry.header,
                    b"".join([leaf.digest for leaf in entry.leaves]),
                    header.stamp.ms,
                    header.stamp.counter,
                    self._interned(header.stamp.opening),
                    state,
                )
                for seq, name, entry, header, state in queued
            ],
        )
        self._sql.executemany(
            "INSERT INTO journal_leaf (seq, n, body) VALUES (?, ?, ?)",
            [
                (seq, n, compress_leaf(leaf))
                for seq, _, entry, _, _ in queued
                for n, leaf in enumerate(entry.leaves)
            ],
        )
        self._move_frontier([(seq, header.parents) for seq, _, _, header, _ in queued])

    def _move_frontier(self, queued: Sequence[tuple[int, tuple[bytes, ...]]]) -> None:
        """Let new entries be the frontier, but those that another new one follows; their parents are so no more."""
        followed = {self.seq_of_id(parent) for _, parents in queued for parent in parents}
        ends = {seq for seq, _ in queued}
        left, come = followed - ends, sorted(ends - followed)
        if len(left) == len(come) == 1:  # a command: one statement less
            moved = self._sql.execute("UPDATE frontier SET seq = ? WHERE seq = ?", (*come, *left))
            if moved.rowcount:  # else what it follows had another follower already
                return
        self._sql.executemany("DELETE FROM frontier WHERE seq = ?", [(seq,) for seq in left])
        self._sql.executemany("INSERT INTO frontier (seq) VALUES (?)", [(seq,) for seq in come])

    def add_leaves(self, seq: int, entry: SealedEntry) -> list[tuple[int, Leaf]]:
        """Store the leaves of another copy of an entry that are lacking here; return them with their numbers."""
        here = self.entry(seq)
        late = [
            (n, leaf)
            for n, leaf in enumerate(entry.leaves)
            if here.leaves[n].body is None and leaf.body is not None
        ]
        self._sql.executemany(
            "INSERT OR REPLACE INTO journal_leaf (seq, n, body) VALUES (?, ?, ?)",
            [(seq, n, compress_leaf(leaf)) for n, leaf in late],
        )
        return late

    def header_of(self, seq: int) -> tuple[bytes, Header]:
        """Return id and header of an entry that is stored or queued."""
        if self._queued and seq >= self._queued[0][0]:
            _, name, _, header, _ = self._queued[seq - self._queued[0][0]]
            return name, header
        name, raw = self._sql.execute("SELECT id, header FROM journal_entry WHERE seq = ?", (seq,)).fetchone()
        return name, decode_header(raw)

    def set_state(self, seq: int, state: int) -> None:
        """Say that an entry is applied, partial or refused."""
        self._sql.execute("UPDATE journal_entry SET state = ? WHERE seq = ?", (state, seq))

    def _opening(self, value: bytes) -> int | None:
        """Return the number of an opening, None where no stored entry has it."""
        known = self._openings.get(value)
        if known is None:
            row = self._sql.execute("SELECT number FROM opening WHERE value = ?", (value,)).fetchone()
            if row is None:
                return None
            known = self._openings[value] = int(row[0])
        return known

    def _interned(self, opening: bytes) -> int:
        """Return the number of an opening; a new one gets the next."""
        known = self._opening(opening)
        if known is None:
            self._sql.execute("INSERT INTO opening (value) VALUES (?)", (opening,))
            known = self._opening(opening)
            assert known is not None
        return known

    def entry(self, seq: int) -> SealedEntry:
        """Return a stored entry with its leaves."""
        header, hashes = self._sql.execute(
            "SELECT header, leaf_hashes FROM journal_entry WHERE seq = ?", (seq,)
        ).fetchone()
        rows = self._sql.execute("SELECT n, body FROM journal_leaf WHERE seq = ?", (seq,)).fetchall()
        stored: dict[int, bytes | None] = dict(rows)
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
        for row in self._sql.execute("SELECT seq FROM journal_entry ORDER BY seq").fetchall():
            yield int(row[0])
