"""Journal entries that a third party needs to see who wrote some records: opened where they stand, and their way to a
signed tip of their device.

Reads headers between the oldest such entry and the tips, no payload beside that of the entries themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from desktop_app.domain.entries import GroupWrite, Header, SealedEntry
from desktop_app.domain.records import DEVICE, MARK, USER, Entity
from desktop_app.store import signatures
from desktop_app.store.journal import JournalStore, decode_header, read_leaves
from desktop_app.store.record_tables import known_table
from desktop_app.store.signatures import TipSignature

_NAMED = {DEVICE.number: ("identity",), USER.number: ("login", "display"), MARK.number: ("mark",)}
Written = tuple[int, dict[int, GroupWrite]]


@dataclass(frozen=True, slots=True)
class JournalProof:
    """``entries``: with the places of the leaves to be shown; ``path``: headers on the way to ``tips``."""

    entries: tuple[tuple[SealedEntry, tuple[int, ...]], ...]
    path: tuple[bytes, ...]
    tips: tuple[TipSignature, ...]


def proof_of_marks(sql: Connection, class_id: bytes, people: Collection[bytes]) -> JournalProof:
    """Return what shows who wrote the marks of some people in a class, every write of them.

    An entry that no signed tip of its device covers yet comes without a way; ``sign_tips`` first.
    """
    rows = sql.exec_driver_sql(
        "SELECT m.session_id, m.trainee_id FROM mark m JOIN session s ON s.id = m.session_id"
        " WHERE s.class_id = ? AND m.gone = 0 AND s.gone = 0",
        (class_id,),
    )
    walk = _Walk(sql)
    walk.open(MARK, [row[0] + row[1] for row in rows if row[1] in people])
    walk.open(USER, {header.user for header in walk.headers.values()})
    devices: set[bytes] = set()
    while lacking := {header.device for header in walk.headers.values()} - devices:
        devices |= lacking
        walk.open(DEVICE, lacking)
    return walk.result()


class _Walk:
    """Collects the entries that wrote records, then the ways from them to signed tips."""

    def __init__(self, sql: Connection) -> None:
        self._sql = sql
        self._journal = JournalStore(sql)
        self._entries: dict[int, SealedEntry] = {}
        self._places: dict[int, set[int]] = {}
        self._writes: dict[int, dict[tuple[int, bytes], Written]] = {}
        self.headers: dict[int, Header] = {}

    def open(self, entity: Entity, keys: Iterable[bytes]) -> None:
        """Take every write of some records, followed from the newest to those that it had seen."""
        numbers = {entity.by_name[name].number for name in _NAMED[entity.number]}
        wanted = [key for key in keys if key]
        for key, record in known_table(entity).fetch_many(self._sql, wanted).items():
            groups = [entity.by_number[number] for number in numbers]
            todo = {seq for group in groups if (seq := record.head_seq(group)) is not None}
            todo |= self._other_heads(entity, key, numbers)
            done: set[int] = set()
            while todo:
                seq = todo.pop()
                done.add(seq)
                todo |= self._show(seq, entity, key, numbers) - done

    def _other_heads(self, entity: Entity, key: bytes, groups: Collection[int]) -> set[int]:
        rows = self._sql.exec_driver_sql(
            "SELECT grp, seq FROM head WHERE entity = ? AND key = ?", (entity.number, key)
        )
        return {seq for group, seq in rows if group in groups}

    def _show(self, seq: int, entity: Entity, key: bytes, groups: Collection[int]) -> set[int]:
        """Show the leaf in which an entry writes a record; return the entries whose values it had seen."""
        place, written = self._index(seq).get((entity.number, key), (None, {}))
        if place is None:
            return set()
        self._places[seq].add(place)
        stamps = (stamp for number, write in written.items() if number in groups for stamp in write.seen)
        return {one for stamp in stamps if (one := self._journal.seq_of(stamp)) is not None}

    def _index(self, seq: int) -> dict[tuple[int, bytes], Written]:
        """Return what an entry writes by (entity, key), each with the place of its leaf."""
        if seq not in self._writes:
            entry = self._journal.entry(seq)
            self._entries[seq], self._places[seq] = entry, set()
            self.headers[seq] = decode_header(entry.header)
            found = self._writes[seq] = {}
            for place, leaf in enumerate(entry.leaves):
                for change in () if leaf.body is None else read_leaves([leaf.body])[1]:
                    found[change.entity, change.key] = (place, change.groups)
        return self._writes[seq]

    def result(self) -> JournalProof:
        """Find the ways and return everything in the order of the journal."""
        ways = _Ways(self._sql, min(self._entries, default=0))
        for seq, header in sorted(self.headers.items()):
            ways.lead(seq, header.device)
        entries = tuple(
            (self._entries[seq], tuple(sorted(self._places[seq]))) for seq in sorted(self._entries)
        )
        path = tuple(ways.header(seq) for seq in sorted(ways.path - self._entries.keys()))
        return JournalProof(entries, path, tuple(ways.tips))


class _Ways:
    """Ways from entries to the next signed tip of their device, over headers from ``first`` on."""

    def __init__(self, sql: Connection, first: int) -> None:
        rows = sql.exec_driver_sql(
            "SELECT seq, id, header FROM journal_entry WHERE seq >= ? ORDER BY seq", (first,)
        )
        self._headers: dict[int, bytes] = {}
        self._numbers: dict[bytes, int] = {}
        for seq, name, header in rows:
            self._headers[seq], self._numbers[name] = header, seq
        self._signed: dict[bytes, list[tuple[int, TipSignature]]] = {}
        for tip in signatures.stored(sql):
            if tip.entry in self._numbers:
                self._signed.setdefault(tip.device, []).append((self._numbers[tip.entry], tip))
        for found in self._signed.values():
            found.sort(key=lambda one: one[0])
        self._next: dict[bytes, dict[int, int]] = {}
        self._walked: dict[bytes, int] = {}
        self._led: dict[bytes, set[int]] = {}
        self.path: set[int] = set()
        self.tips: list[TipSignature] = []

    def header(self, seq: int) -> bytes:
        """Return an entry's header."""
        return self._headers[seq]

    def lead(self, seq: int, device: bytes) -> None:
        """Add the way from an entry to the first signed tip of its device that covers it, if there is one."""
        following = self._next.setdefault(device, {})
        tips = self._signed.get(device, [])
        while seq not in following and self._walked.get(device, 0) < len(tips):
            place = self._walked.get(device, 0)
            self._walked[device] = place + 1
            self._walk_from(tips[place], following)
        led = self._led.setdefault(device, set())
        at: int | None = seq if seq in following else None
        while at is not None and at not in led:
            led.add(at)
            self.path.add(at)
            at = self._end(at, following, tips)

    def _walk_from(self, tip: tuple[int, TipSignature], following: dict[int, int]) -> None:
        """Note for every ancestor of a tip that an earlier one does not cover what follows it on the way there."""
        todo = [(tip[0], tip[0])]
        while todo:
            seq, child = todo.pop()
            if seq in following:
                continue
            following[seq] = child
            parents = (self._numbers.get(one) for one in decode_header(self._headers[seq]).parents)
            todo.extend((one, seq) for one in parents if one is not None)

    def _end(self, at: int, following: dict[int, int], tips: list[tuple[int, TipSignature]]) -> int | None:
        """Return what follows on the way; at its end note the tip."""
        if following[at] != at:
            return following[at]
        self.tips.extend(one for seq, one in tips if seq == at)
        return None
