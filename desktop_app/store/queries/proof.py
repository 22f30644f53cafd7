"""Journal entries that a third party needs to see who wrote some records: opened where they stand, and their way to a
signed tip of their device.

Reads headers between such entries and the next tips, no payload beside that of the entries themselves.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from desktop_app.domain.entries import GroupWrite, Header, SealedEntry
from desktop_app.domain.proven_groups import PROVEN
from desktop_app.domain.records import CERTIFICATE, DEVICE, ENROLMENT, MARK, SCORE, USER, Entity
from desktop_app.store.journal import JournalStore, decode_header, read_leaves
from desktop_app.store.record_tables import known_table
from desktop_app.store.signatures import TipSignature

_OF_ASSESSMENTS = (
    (SCORE, "SELECT x.assessment_id, x.trainee_id FROM score x"),
    (CERTIFICATE, "SELECT x.assessment_id, x.trainee_id, x.issue FROM certificate x"),
)
Written = tuple[int, dict[int, GroupWrite]]


@dataclass(frozen=True, slots=True)
class JournalProof:
    """``entries``: with the places of the leaves to be shown; ``path``: headers on the way to ``tips``."""

    entries: tuple[tuple[SealedEntry, tuple[int, ...]], ...]
    path: tuple[bytes, ...]
    tips: tuple[TipSignature, ...]


def proof_of_people(sql: Connection, class_id: bytes, people: Collection[bytes]) -> JournalProof:
    """Return what shows who wrote marks, enrolments, scores and certificates of some people in a class.

    Every write of them; of an enrolment what ``domain/proven_groups.py`` names, and what its entry wrote beside it.

    An entry that no signed tip of its device covers yet comes without a way; ``sign_tips`` first.
    """
    rows = sql.exec_driver_sql(
        "SELECT m.session_id, m.trainee_id FROM mark m JOIN session s ON s.id = m.session_id"
        " WHERE s.class_id = ? AND m.gone = 0 AND s.gone = 0",
        (class_id,),
    )
    walk = _Walk(sql)
    walk.open(MARK, [row[0] + row[1] for row in rows if row[1] in people])
    walk.open(ENROLMENT, [class_id + one for one in people])
    for entity, query in _OF_ASSESSMENTS:
        rows = sql.exec_driver_sql(
            query + " JOIN assessment a ON a.id = x.assessment_id WHERE a.class_id = ? AND a.gone = 0",
            (class_id,),
        )
        walk.open(entity, [entity.join_key(tuple(row)) for row in rows if row[1] in people])
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
        numbers = {entity.by_name[name].number for name in PROVEN[entity.number]}
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
        ways = _Ways(self._sql)
        for (device, tip), seqs in ways.by_tip(
            {seq: one.device for seq, one in self.headers.items()}
        ).items():
            ways.lead(device, tip, seqs)
        entries = tuple(
            (self._entries[seq], tuple(sorted(self._places[seq]))) for seq in sorted(self._entries)
        )
        path = tuple(header for seq, header in sorted(ways.path.items()) if seq not in self._entries)
        return JournalProof(entries, path, tuple(ways.tips))


class _Ways:
    """Ways from entries to the next signed tip of their device.

    An entry is an ancestor of every later one of its device, so the first tip from it on covers it; only headers
    between the two are read, which are few: a device signs whenever it shares, seals or closes.
    """

    def __init__(self, sql: Connection) -> None:
        self._sql = sql
        rows = sql.exec_driver_sql(
            "SELECT s.device, j.seq, s.entry_id, s.signature FROM signature s"
            " JOIN journal_entry j ON j.id = s.entry_id ORDER BY s.device, j.seq"
        )
        self._signed: dict[bytes, dict[int, TipSignature]] = {}
        for device, seq, entry, signature in rows:
            self._signed.setdefault(device, {})[seq] = TipSignature(entry, device, signature)
        self.path: dict[int, bytes] = {}
        self.tips: list[TipSignature] = []

    def by_tip(self, devices: Mapping[int, bytes]) -> dict[tuple[bytes, int], list[int]]:
        """Return entries (number to device) by the tip that covers them; those that none covers are left out."""
        found: dict[tuple[bytes, int], list[int]] = {}
        for seq, device in sorted(devices.items()):
            tips = list(self._signed.get(device, ()))
            place = bisect_left(tips, seq)
            if place < len(tips):
                found.setdefault((device, tips[place]), []).append(seq)
        return found

    def lead(self, device: bytes, tip: int, seqs: Sequence[int]) -> None:
        """Add the ways from some entries to a tip."""
        self.tips.append(self._signed[device][tip])
        rows = self._sql.exec_driver_sql(
            "SELECT seq, id, header FROM journal_entry WHERE seq BETWEEN ? AND ?", (min(seqs), tip)
        ).all()
        headers = {seq: header for seq, _, header in rows}
        numbers = {name: seq for seq, name, _ in rows}
        following: dict[int, int] = {}
        todo = [(tip, tip)]
        while todo:
            seq, child = todo.pop()
            if seq not in following:
                following[seq] = child
                parents = (numbers.get(one) for one in decode_header(headers[seq]).parents)
                todo.extend((one, seq) for one in parents if one is not None)
        led: set[int] = set()
        for start in seqs:
            at = start
            while at in following and at not in led:
                led.add(at)
                self.path[at] = headers[at]
                at = following[at]
