"""How a record came to say what it says: its writes in the journal, followed from one to those that it had seen.

Only the entries that wrote the record are opened, so that the history of a mark costs what its corrections are.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from desktop_app.domain.attendance import LeaveReason, Mark, MarkStatus
from desktop_app.domain.entries import GroupWrite
from desktop_app.domain.listings.journal import RecordChange
from desktop_app.domain.listings.training import MarkChange, MarkSource, SessionChange
from desktop_app.domain.records import BY_NAME, MARK, SESSION, Entity
from desktop_app.store.journal import JournalStore
from desktop_app.store.record_tables import group_fields, known_table

_USER = "SELECT coalesce(display, login) FROM user WHERE id = ?"
_CHANGED = ("place", "state", "make_up", "online", "substitute", "shares", "site_id", "content")
"""Groups of a session that 课表变更单 speaks of."""


@dataclass(frozen=True, slots=True)
class RecordWrite:
    """One entry as far as it wrote a record: where it came from, and the groups by name."""

    seq: int
    device: bytes
    source: MarkSource
    groups: dict[str, GroupWrite]


def record_writes(sql: Connection, entity: Entity, key: bytes, groups: Collection[str]) -> list[RecordWrite]:
    """Return the writes of some groups of a record, the latest first; [] for one that is not there."""
    journal = JournalStore(sql)
    record = known_table(entity).fetch_many(sql, [key]).get(key)
    if record is None:
        return []
    wanted = {entity.by_name[name].number: name for name in groups}
    open_seqs = {seq for number in wanted if (seq := record.head_seq(entity.by_number[number])) is not None}
    rows = sql.exec_driver_sql(
        "SELECT grp, seq FROM head WHERE entity = ? AND key = ?", (entity.number, key)
    ).all()
    open_seqs |= {seq for group, seq in rows if group in wanted}
    found: dict[int, RecordWrite] = {}
    while open_seqs:
        seq = open_seqs.pop()
        header, note, changes = journal.changes(seq)
        written: dict[str, GroupWrite] = {}
        for change in changes:
            if (change.entity, change.key) == (entity.number, key):
                written = {wanted[number]: one for number, one in change.groups.items() if number in wanted}
        row = sql.exec_driver_sql(_USER, (header.user,)).first()
        at = datetime.fromtimestamp(header.stamp.ms / 1000, UTC)
        source = MarkSource(header.command, "" if row is None else row[0], at, note.reason)
        found[seq] = RecordWrite(seq, header.device, source, written)
        seen = {journal.seq_of(stamp) for one in written.values() for stamp in one.seen}
        open_seqs |= {one for one in seen if one is not None and one not in found}
    return sorted(found.values(), key=lambda one: (journal.stamp(one.seq), one.seq), reverse=True)


def record_changes(sql: Connection, records: Collection[tuple[str, bytes]]) -> list[RecordChange]:
    """Return every entry that wrote one of some records (entity and key), the latest first, each once."""
    writes: dict[int, RecordWrite] = {}
    for name, key in records:
        entity = BY_NAME[name]
        writes |= {one.seq: one for one in record_writes(sql, entity, key, entity.by_name)}
    names: dict[bytes, str] = dict(sql.exec_driver_sql("SELECT id, name FROM device").all())
    journal = JournalStore(sql)
    ordered = sorted(writes.values(), key=lambda one: (journal.stamp(one.seq), one.seq), reverse=True)
    return [
        RecordChange(
            one.source.at,
            one.source.user,
            names.get(one.device) or one.device.hex()[:8],
            one.source.command,
            one.source.reason,
        )
        for one in ordered
    ]


def mark_history(sql: Connection, session_id: bytes, trainee_id: bytes) -> list[MarkChange]:
    """Return every write of one cell, the latest first (R34)."""
    return [
        MarkChange(_mark(write.old), _mark(write.new), one.source)
        for one in record_writes(sql, MARK, session_id + trainee_id, ("mark",))
        if (write := one.groups.get("mark")) is not None
    ]


def _mark(value: object) -> Mark | None:
    if not isinstance(value, list) or value[0] is None:
        return None
    status, lost, reason = value
    return Mark(MarkStatus(status), lost or 0, None if reason is None else LeaveReason(reason))


def session_changes(sql: Connection, class_id: bytes) -> list[SessionChange]:
    """Return what was changed in a class's timetable since each session was first planned, the earliest first.

    A 补课 is a change by itself: its first write is listed too.
    """
    found: list[tuple[int, SessionChange]] = []
    rows = sql.exec_driver_sql(
        "SELECT id, number, base, makes_up FROM session WHERE class_id = ? AND gone = 0 ORDER BY held_on, id",
        (class_id,),
    ).all()
    for key, number, base, makes_up in rows:
        for one in record_writes(sql, SESSION, key, _CHANGED):
            if one.seq == base and makes_up is None:
                continue
            changes = tuple(
                (name, before, after)
                for group, write in one.groups.items()
                for name, before, after in _fields(group, write)
                if before != after
            )
            if changes:
                found.append((one.seq, SessionChange(key, number or 0, changes, one.source)))
    found.sort(key=lambda item: (item[1].source.at, item[0]))
    return [change for _, change in found]


def _fields(group: str, write: GroupWrite) -> list[tuple[str, object, object]]:
    declared = SESSION.by_name[group]
    before, after = group_fields(declared, write.old), group_fields(declared, write.new)
    return [(name, before.get(name), after.get(name)) for name in declared.fields]
