"""Erasing a person (requirements §9): what is personal goes for good, whichever way it comes again.

A record ``erasure`` names the person and holds what remains: the person's records without their personal groups. After
every command and every page of foreign entries the records of an erased person are set to that, whatever was written
and with whatever stamp; their heads and parked copies go, and the leaves that wrote them lose their bytes here. So
replicas agree in whichever order things came, and one that gets the journal afterwards, without those bytes, too.
Leaves that lose their bytes after the erasure named its own are kept in a setting until an entry of the schedule names
them as well (``unnamed``): else a workstation that joins would wait for them for ever. Marks and scores stay as they
are: they name nobody by themselves.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection

from desktop_app.domain.errors import AppError
from desktop_app.domain.records import (
    ALIVE_VALUE,
    ASSESSMENT,
    ATTACHMENT,
    BY_NUMBER,
    DELETED,
    ENROLMENT,
    ENTITIES,
    ERASURE,
    FLAG_DISPOSAL,
    TRAINEE,
    Entity,
)
from desktop_app.store import settings
from desktop_app.store.database import driver_of
from desktop_app.store.folding import Record
from desktop_app.store.journal import APPLIED, PARTIAL, JournalStore, decode, encode
from desktop_app.store.leaf_storage import expand_leaf
from desktop_app.store.record_tables import StoredRecord, known_table

_SUBJECT = "trainee_id"
_LEAVES = """
SELECT l.seq, l.n, l.body, e.leaf_hashes FROM journal_leaf l JOIN journal_entry e USING (seq)
WHERE l.body IS NOT NULL ORDER BY l.seq, l.n
"""
_HASH = 32
_NOTE = 0
_DROPPED = (
    "erasure.dropped"  # by person: hashes of the leaves that lost their bytes here and were not named then
)


@dataclass(slots=True)
class Erased:
    """What an erasure concerns: the person's records, the SHA-256 of their files, the hashes of the leaves that wrote
    them, and, packed, what remains.
    """

    records: set[Record] = field(default_factory=set)
    files: set[bytes] = field(default_factory=set)
    leaves: list[bytes] = field(default_factory=list)
    remains: bytes = b""


def any_erased(sql: Connection) -> bool:
    """Tell whether anybody was erased."""
    return driver_of(sql).execute("SELECT 1 FROM erasure LIMIT 1").fetchone() is not None


def subjects_of(sql: Connection, number: int, key: bytes) -> set[bytes]:
    """Return whose personal data a record holds: people by key, nobody where it holds none of a trainee."""
    entity = BY_NUMBER.get(number)
    if entity is None or not entity.has_personal:
        return set()
    if entity is TRAINEE:
        return {key}
    if _SUBJECT in entity.key_slices:
        start, stop, _ = entity.key_slices[_SUBJECT]
        return {key[start:stop]}
    record = known_table(entity).fetch(sql, key)
    if record is None:
        return set()
    if entity is ATTACHMENT:
        return _people_of_file(sql, record.fields["owner"], record.fields["owner_key"])
    if entity is FLAG_DISPOSAL:
        return _people_of(record.fields["people"])
    found = record.fields.get(_SUBJECT)
    return {found} if isinstance(found, bytes) else set()


def _people_of_file(sql: Connection, owner: object, owner_key: object) -> set[bytes]:
    """Return whom a file is about; one of results names all who sat: it is theirs once all of them are erased."""
    if not isinstance(owner_key, bytes):
        return set()
    if owner == ASSESSMENT.name:
        return set() if _is_still_kept(sql, owner_key) else _candidates(sql, owner_key)
    return {TRAINEE.name: {owner_key}, ENROLMENT.name: {owner_key[16:]}}.get(str(owner), set())


def _people_of(stored: object) -> set[bytes]:
    """Read the people of a disposed flag: a list of keys as hex, packed or as JSON."""
    listed = json.loads(stored) if isinstance(stored, str) else stored
    return {bytes.fromhex(one) for one in listed} if isinstance(listed, list) else set()


def _candidates(sql: Connection, assessment: bytes) -> set[bytes]:
    rows = driver_of(sql).execute("SELECT trainee_id FROM score WHERE assessment_id = ?", (assessment,))
    return {row[0] for row in rows}


def _is_still_kept(sql: Connection, assessment: bytes, leaving: bytes = b"") -> bool:
    """Tell whether somebody who sat an assessment is not erased, ``leaving`` left out."""
    query = """
SELECT 1 FROM score s WHERE s.assessment_id = ? AND s.trainee_id <> ?
AND NOT EXISTS (SELECT 1 FROM erasure e WHERE e.trainee_id = s.trainee_id) LIMIT 1
"""
    return driver_of(sql).execute(query, (assessment, leaving)).fetchone() is not None


def records_of(sql: Connection, trainee_id: bytes) -> set[Record]:
    """Return every record that holds personal data of a person."""
    execute = driver_of(sql).execute
    found: set[Record] = {(TRAINEE.number, trainee_id)}
    for entity in ENTITIES:
        if not entity.has_personal or entity in (TRAINEE, ATTACHMENT):
            continue
        if _SUBJECT in entity.key_slices or _SUBJECT in entity.group_of_field:
            columns = ", ".join(f'"{part.name}"' for part in entity.key)
            rows = execute(f'SELECT {columns} FROM "{entity.name}" WHERE {_SUBJECT} = ?', (trainee_id,))
            found |= {(entity.number, entity.join_key(row)) for row in rows}
    rows = execute(
        "SELECT id FROM attachment WHERE (owner = ? AND owner_key = ?) OR (owner = ? AND substr(owner_key, 17) = ?)",
        (TRAINEE.name, trainee_id, ENROLMENT.name, trainee_id),
    )
    found |= {(ATTACHMENT.number, row[0]) for row in rows}
    disposed = "SELECT d.id FROM flag_disposal d, json_each(d.people) p WHERE p.value = ?"
    found |= {(FLAG_DISPOSAL.number, row[0]) for row in execute(disposed, (trainee_id.hex(),))}
    return found | {(ATTACHMENT.number, key) for key in _files_of_results(sql, trainee_id)}


def _files_of_results(sql: Connection, trainee_id: bytes) -> set[bytes]:
    """Return the files of results of assessments that a person sat and of which nobody else is kept any more."""
    execute = driver_of(sql).execute
    query = """
SELECT x.id, x.owner_key FROM score s JOIN attachment x ON x.owner_key = s.assessment_id AND x.owner = ?
WHERE s.trainee_id = ?
"""
    rows = execute(query, (ASSESSMENT.name, trainee_id)).fetchall()
    return {key for key, assessment in rows if not _is_still_kept(sql, assessment, trainee_id)}


def find(sql: Connection, trainee_id: bytes) -> Erased:
    """Return what erasing a person would concern; changes nothing."""
    erased = Erased(records_of(sql, trainee_id))
    erased.leaves = [digest for _, _, digest in _leaves_of(sql, erased.records)]
    erased.files = _files_of(sql, erased.records)
    erased.remains = _packed(sql, erased.records)
    return erased


def settle(sql: Connection, journal: JournalStore, touched: set[Record]) -> None:
    """Drop again what a command or a page wrote of people who are erased; add to ``touched`` what changed.

    Cheap while nobody is erased: one look into an empty table.
    """
    if not any_erased(sql):
        return
    erased = {row[0] for row in driver_of(sql).execute("SELECT trainee_id FROM erasure")}
    concerned = {key for number, key in touched if number == ERASURE.number}
    for number, key in touched:
        concerned |= subjects_of(sql, number, key) & erased
    if concerned:
        for trainee_id in sorted(concerned):
            touched |= _erase(sql, trainee_id)
    _settle_partial(sql, journal)


def _erase(sql: Connection, trainee_id: bytes) -> set[Record]:
    """Set a person's records to what remains, drop everything else of them; return the records."""
    erasure = known_table(ERASURE).fetch(sql, trainee_id)
    group = ERASURE.by_name["remains"]
    seq = None if erasure is None else erasure.head_seq(group)
    if erasure is None or seq is None:
        return set()
    remains = _unpacked(erasure.fields["remains"])
    records = records_of(sql, trainee_id) | remains.keys()
    execute = driver_of(sql).execute
    leaves = list(_leaves_of(sql, records))
    for leaf_seq, n, _digest in leaves:
        execute("UPDATE journal_leaf SET body = NULL WHERE seq = ? AND n = ?", (leaf_seq, n))
    _note_dropped(sql, trainee_id, {digest for *_, digest in leaves} - _named(erasure.fields["leaves"]))
    for number, key in sorted(records, reverse=True):
        for table in ("head", "early_sight", "deletion_sight", "parked_change"):
            execute(f"DELETE FROM {table} WHERE entity = ? AND key = ?", (number, key))
        if (number, key) not in remains:
            match = " AND ".join(f'"{part.name}" = ?' for part in BY_NUMBER[number].key)
            values = BY_NUMBER[number].split_key(key)
            execute(f'DELETE FROM "{BY_NUMBER[number].name}" WHERE {match}', values)
    for (number, key), fields in sorted(remains.items(), key=lambda item: item[0]):
        _set(sql, BY_NUMBER[number], key, seq, fields)
    return records


def unnamed(sql: Connection) -> dict[bytes, list[str]]:
    """Return for each person of whom leaves were dropped here without being named all leaves to name, as hex.

    What was dropped stays noted: of two that name at the same time one is overruled, and names again.
    """
    found = {}
    for trainee_id, dropped in _dropped(sql).items():
        erasure = known_table(ERASURE).fetch(sql, trainee_id)
        named = set() if erasure is None else _named(erasure.fields["leaves"])
        if erasure is not None and not dropped <= named:
            found[trainee_id] = sorted(digest.hex() for digest in dropped | named)
    return found


def _dropped(sql: Connection) -> dict[bytes, set[bytes]]:
    stored = settings.read(sql, _DROPPED)
    return {} if stored is None else {key: set(hashes) for key, hashes in decode(stored)}


def _note_dropped(sql: Connection, trainee_id: bytes, leaves: set[bytes]) -> None:
    if leaves:
        dropped = _dropped(sql)
        dropped[trainee_id] = dropped.get(trainee_id, set()) | leaves
        settings.write(sql, _DROPPED, encode([[key, sorted(one)] for key, one in sorted(dropped.items())]))


def _named(stored: object) -> set[bytes]:
    """Read the leaves that an erasure names: a list of hashes as hex, packed or as JSON."""
    listed = json.loads(stored) if isinstance(stored, str) else stored
    return {bytes.fromhex(one) for one in listed} if isinstance(listed, list) else set()


def _set(sql: Connection, entity: Entity, key: bytes, seq: int, fields: dict[str, object]) -> None:
    """Let a record consist of some fields, written by the entry of the erasure."""
    table = known_table(entity)
    names = [name for group in entity.groups for name in group.fields]
    record = StoredRecord(seq, {}, gone=False, fields=dict.fromkeys(names) | fields)
    if table.fetch(sql, key) is None:
        table.insert(sql, [(key, record)])
        return
    table.update(sql, key, record, names)
    match = " AND ".join(f'"{part.name}" = ?' for part in entity.key)
    driver_of(sql).execute(
        f'UPDATE "{entity.name}" SET base = ?, gone = 0 WHERE {match}', (seq, *entity.split_key(key))
    )


def _packed(sql: Connection, records: Iterable[Record]) -> bytes:
    """Pack what remains of some records: those that count as deleted are left out, but for the person."""
    kept = []
    for number, key in sorted(records):
        entity = BY_NUMBER[number]
        record = known_table(entity).fetch(sql, key)
        if record is None or (record.gone and entity is not TRAINEE):
            continue
        fields = {
            name: record.fields[name]
            for group in entity.groups
            if not group.personal and group.number != DELETED
            for name in sorted(group.fields)
            if record.fields[name] is not None
        }
        kept.append([number, key, dict(sorted(fields.items()))])
    return encode(kept)


def _unpacked(data: object) -> dict[Record, dict[str, object]]:
    """Read what remains; fields that this version does not know are left out."""
    if not isinstance(data, bytes):
        return {}
    found: dict[Record, dict[str, object]] = {}
    for number, key, fields in decode(data):
        entity = BY_NUMBER.get(number)
        if entity is not None:
            known = {name: value for name, value in fields.items() if name in entity.group_of_field}
            found[number, key] = {"deleted": ALIVE_VALUE, **known}
    return found


def _leaves_of(sql: Connection, records: Collection[Record]) -> Iterator[tuple[int, int, bytes]]:
    """Yield entry number, place and hash of the leaves that hold such records, and of the notes of those entries.

    Each leaf of an entity with personal groups holds one record. The bytes are searched before they are read.
    """
    needles = {key for _number, key in records}
    notes: dict[int, tuple[int, bytes]] = {}
    told: set[int] = set()
    for seq, n, stored, hashes in driver_of(sql).execute(_LEAVES):
        digest = hashes[n * _HASH : (n + 1) * _HASH]
        body = expand_leaf(digest, stored).body
        if body is None:
            continue
        if n == 0 and _entity_of(body) == _NOTE:
            notes[seq] = (n, digest)
            continue
        if not any(needle in body for needle in needles) or not _holds(body, records):
            continue
        yield seq, n, digest
        if seq in notes and seq not in told:
            told.add(seq)
            yield seq, *notes[seq]


def _entity_of(body: bytes) -> int | None:
    match _read(body):
        case [int(number), *_]:
            return number
    return None


def _holds(body: bytes, records: Collection[Record]) -> bool:
    """Tell whether a leaf of an entity with personal groups writes one of some records."""
    match _read(body):
        case [int(number), list(written)] if number in BY_NUMBER and BY_NUMBER[number].has_personal:
            return any(isinstance(one, list) and one and (number, one[0]) in records for one in written)
    return False


def _read(body: bytes) -> object:
    try:
        return decode(body)
    except AppError:
        return None


def _files_of(sql: Connection, records: Iterable[Record]) -> set[bytes]:
    """Return the hashes of the files that attachments among some records name."""
    found: set[bytes] = set()
    for number, key in records:
        record = known_table(ATTACHMENT).fetch(sql, key) if number == ATTACHMENT.number else None
        digest = None if record is None else record.fields["digest"]
        if isinstance(digest, bytes):
            found.add(digest)
        elif isinstance(digest, str):
            found.add(bytes.fromhex(digest))
    return found


def _settle_partial(sql: Connection, journal: JournalStore) -> None:
    """Count entries as applied whose missing leaves were all erased where they came from."""
    execute = driver_of(sql).execute
    partial = [row[0] for row in execute("SELECT seq FROM journal_entry WHERE state = ?", (PARTIAL,))]
    if not partial:
        return
    known = {
        bytes.fromhex(digest)
        for (text,) in execute("SELECT value FROM erasure, json_each(erasure.leaves)")
        for digest in (text,)
    }
    for seq in partial:
        lacking = {leaf.digest for leaf in journal.entry(seq).leaves if leaf.body is None}
        if lacking <= known:
            journal.set_state(seq, APPLIED)
