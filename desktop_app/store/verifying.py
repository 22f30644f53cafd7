"""Proof that journal and rows belong together: ``verify`` names what is altered, missing, unsigned or out of step."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import msgspec
import sqlcipher3.dbapi2 as driver
from sqlalchemy import Connection, create_engine
from sqlalchemy.dialects import sqlite
from sqlalchemy.pool import StaticPool
from sqlalchemy.schema import CreateIndex, CreateTable

from desktop_app.domain.entries import HASH_BYTES, Header, entry_id, leaf_hash, payload_hash
from desktop_app.domain.errors import AppError
from desktop_app.domain.records import BY_NUMBER, ENTITIES
from desktop_app.domain.stamps import Stamp
from desktop_app.store import rederiving, signatures
from desktop_app.store.applying import Applied, Applier
from desktop_app.store.folding import Record
from desktop_app.store.journal import JournalStore, decode, decode_header, unpack_entry
from desktop_app.store.platform_pages import PlatformReader
from desktop_app.store.record_tables import group_value, known_table
from desktop_app.store.rederiving import Derivation
from desktop_app.store.state_hash import walk_state

ENTRY_ALTERED, ENTRY_MISSING, ENTRY_UNSIGNED = "ENTRY_ALTERED", "ENTRY_MISSING", "ENTRY_UNSIGNED"
SIGNATURE_WRONG, PARKED_DIFFERS = "SIGNATURE_WRONG", "PARKED_DIFFERS"
ROW_ALTERED, ROW_UNPROVED, LIST_DIFFERS = "ROW_ALTERED", "ROW_UNPROVED", "LIST_DIFFERS"

# What is not in the rows yet: changes that wait for a record, and writes that were seen before they came.
_PARKED = "SELECT entity, key, seq, groups FROM parked_change"
_SEEN_EARLY = "SELECT entity, key, grp, stamp FROM early_sight"
# Which entries were refused, and what each had seen of accounts: by that others are judged.
_JUDGED = {
    "refused_entry": "SELECT seq, reason, whole FROM refused_entry",
    "account_entry": "SELECT seq, facts FROM account_entry",
    "account_view": "SELECT seq, coalesce(members, x'90') FROM account_view LEFT JOIN account_set ON number = view",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not hold: a code and the entry, or the entity and key, it is about."""

    code: str
    entry: str = ""
    entity: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """How many entries were read, what was found, and how many leaves were erased and prove nothing any more."""

    entries: int
    findings: tuple[Finding, ...]
    erased_leaves: int = 0

    @property
    def ok(self) -> bool:
        """Tell whether everything holds."""
        return not self.findings


def verify(
    sql: Connection,
    own_device: bytes,
    derivations: Collection[Derivation] = (),
    reader: PlatformReader | None = None,
) -> Verification:
    """Check hashes, graph and signatures of the whole journal, then judge and fold it anew and compare with the rows.

    Where those agree, what is derived from them is compared too: the store's lists, and ``derivations``.
    """
    headers: dict[bytes, Header] = {}
    findings = list(_check_entries(sql, headers))
    findings += _check_leaves(sql)
    findings += _check_graph(sql, headers)
    findings += _check_waiting(sql)
    if not findings:
        findings += _check_signatures(sql, headers, own_device)
        findings += _check_undo_steps(sql, headers)
        findings += _check_rows(sql, own_device, derivations, reader)
    erased = sql.exec_driver_sql(
        "SELECT count(*) FROM journal_leaf JOIN journal_entry USING (seq) WHERE body IS NULL AND state <> 1"
    ).scalar_one()
    return Verification(len(headers), tuple(findings), int(erased))


def _check_entries(sql: Connection, headers: dict[bytes, Header]) -> Iterator[Finding]:
    """Check each entry against its own hashes; fill ``headers`` by id."""
    journal = JournalStore(sql)
    rows = sql.exec_driver_sql(
        "SELECT seq, id, header, leaf_hashes, ms, counter, opening.value FROM journal_entry"
        " LEFT JOIN opening ON number = opening ORDER BY seq"
    ).all()
    expected = 1
    for seq, stored_id, header_bytes, hashes, ms, counter, opening in rows:
        name = bytes(stored_id).hex()
        if seq != expected:
            yield Finding(ENTRY_MISSING, entry=str(expected))
        expected = seq + 1
        try:
            header = decode_header(header_bytes)
            entry = journal.entry(seq)
        except AppError:
            yield Finding(ENTRY_ALTERED, entry=name)
            continue
        digests = [hashes[start : start + HASH_BYTES] for start in range(0, len(hashes), HASH_BYTES)]
        stamp = header.stamp
        whole = (
            entry_id(header_bytes) == stored_id
            and payload_hash(digests) == header.payload_hash
            and (stamp.ms, stamp.counter, stamp.opening) == (ms, counter, opening)
            and all(
                leaf_hash(leaf.salt, leaf.body) == leaf.digest
                for leaf in entry.leaves
                if leaf.salt is not None and leaf.body is not None
            )
        )
        if not whole:
            yield Finding(ENTRY_ALTERED, entry=name)
        if any(parent not in headers for parent in header.parents) or (headers and not header.parents):
            yield Finding(ENTRY_MISSING, entry=name)
        headers[stored_id] = header


def _check_graph(sql: Connection, headers: dict[bytes, Header]) -> Iterator[Finding]:
    """Check that the frontier is what nothing follows; an entry cut from the end leaves a gap here."""
    frontier = {
        row[0]: row[1]
        for row in sql.exec_driver_sql(
            "SELECT frontier.seq, id FROM frontier LEFT JOIN journal_entry USING (seq)"
        )
    }
    for seq in sorted(seq for seq, name in frontier.items() if name is None):
        yield Finding(ENTRY_MISSING, entry=str(seq))
    parents = {parent for header in headers.values() for parent in header.parents}
    ends = {name for name in frontier.values() if name is not None}
    for name in sorted(ends ^ (set(headers) - parents)):
        yield Finding(ENTRY_MISSING, entry=bytes(name).hex())


def _check_waiting(sql: Connection) -> Iterator[Finding]:
    """Check the entries that wait against their names and hashes."""
    for name, body in sql.exec_driver_sql("SELECT id, body FROM waiting_entry ORDER BY id").all():
        try:
            intact = unpack_entry(body).id == name
        except AppError:
            intact = False
        if not intact:
            yield Finding(ENTRY_ALTERED, entry=bytes(name).hex())


def _check_leaves(sql: Connection) -> Iterator[Finding]:
    """Name entries whose leaves are more or fewer than their hashes, or that only pretend to lack some."""
    whole = f"length(leaf_hashes) / {HASH_BYTES}"
    rows = sql.exec_driver_sql(
        "SELECT hex(id) FROM journal_entry LEFT JOIN journal_leaf USING (seq)"
        f" GROUP BY journal_entry.seq HAVING iif(state <> 1, count(n) <> {whole}, count(body) >= {whole})"
        " UNION SELECT seq FROM journal_leaf WHERE seq NOT IN (SELECT seq FROM journal_entry)"
        " UNION SELECT hex(id) FROM journal_entry LEFT JOIN (SELECT seq, whole FROM refused_entry) USING (seq)"
        " WHERE state NOT IN (0, 1, 2) OR (state <> 1 AND (state = 2) <> ifnull(whole, 0))"
    ).all()
    for (name,) in rows:
        yield Finding(ENTRY_ALTERED, entry=str(name).lower())


def _check_signatures(sql: Connection, headers: dict[bytes, Header], own_device: bytes) -> Iterator[Finding]:
    """Check every signature; entries of another device must be covered by a signature of another device.

    This device's own signature proves nothing about them here, where its key lies beside the journal; its own
    newest entries need none yet.
    """
    keys = {row[0]: row[1] for row in sql.exec_driver_sql("SELECT id, public_key FROM device")}
    waiting = {row[0] for row in sql.exec_driver_sql("SELECT id FROM waiting_entry")}
    covered: set[bytes] = set()
    for tip in signatures.stored(sql):
        if tip.entry not in headers:
            if tip.entry not in waiting:
                yield Finding(ENTRY_MISSING, entry=tip.entry.hex())
            continue
        if not signatures.is_genuine(tip.entry, tip.signature, keys.get(tip.device) or b""):
            yield Finding(SIGNATURE_WRONG, entry=tip.entry.hex())
            continue
        names = [tip.entry] if tip.device != own_device else []
        while names:
            name = names.pop()
            if name not in covered:
                covered.add(name)
                names.extend(headers[name].parents)
    for name, header in headers.items():
        if name not in covered and header.device != own_device:
            yield Finding(ENTRY_UNSIGNED, entry=name.hex())


def _check_undo_steps(sql: Connection, headers: dict[bytes, Header]) -> Iterator[Finding]:
    """Check that what users can take back are commands of their own, and what was taken back was."""
    query = (
        "SELECT step.seq, step.user, step.command, made.id, step.undone, taken.id FROM undo_step step"
        " LEFT JOIN journal_entry made ON made.seq = step.seq"
        " LEFT JOIN journal_entry taken ON taken.seq = step.undone ORDER BY step.seq"
    )
    for seq, user, command, entry, undone, by in sql.exec_driver_sql(query):
        made, taken = headers.get(entry), headers.get(by)
        holds = made is not None and made.user == user and made.command in {command, "redo"}
        if undone is not None:
            holds = holds and taken is not None and (taken.user, taken.command) == (user, "undo")
        if not holds:
            yield Finding(LIST_DIFFERS, entity="undo_step", key=str(seq))


def _check_rows(
    sql: Connection, own_device: bytes, derivations: Collection[Derivation], reader: PlatformReader | None
) -> Iterator[Finding]:
    """Fold the whole journal into an empty store in memory and compare it with the rows, record by record."""
    unreadable = list(_unreadable(sql))
    if unreadable:
        yield from unreadable
        return
    with folded(sql, own_device, reader) as (fresh, unproved):
        findings = [*_compare(sql, fresh, unproved), *_compare_judged(sql, fresh)]
        yield from findings
        if not findings:
            for name, key in rederiving.differences(sql, fresh, unproved, derivations):
                yield Finding(LIST_DIFFERS, entity=name, key=key)


@contextmanager
def folded(
    sql: Connection, own_device: bytes | None = None, reader: PlatformReader | None = None
) -> Iterator[tuple[Connection, set[Record]]]:
    """Yield a store in memory into which the whole journal has been folded, and the records with erased leaves."""
    engine = create_engine(
        "sqlite://", creator=lambda: driver.connect(":memory:"), module=driver, poolclass=StaticPool
    )
    try:
        with engine.begin() as fresh:
            for statement in _schema():
                fresh.exec_driver_sql(statement)
            yield fresh, _refold(sql, fresh, own_device, reader)
    finally:
        engine.dispose()


def _unreadable(sql: Connection) -> Iterator[Finding]:
    """Name rows that only tampering makes: without the shape of their entity, or written by an entry not here."""
    entries = {row[0] for row in sql.exec_driver_sql("SELECT seq FROM journal_entry")}
    for entity in ENTITIES:
        try:
            for key, record in known_table(entity).walk(sql):
                if not entries.issuperset((record.base, *record.later.values())):
                    yield Finding(ROW_ALTERED, entity=entity.name, key=key.hex())
        except (TypeError, ValueError, AttributeError, msgspec.MsgspecError):
            yield Finding(ROW_ALTERED, entity=entity.name)
    for number, key, seq in sql.exec_driver_sql(
        "SELECT entity, key, seq FROM head UNION SELECT entity, key, seq FROM deletion_sight"
    ):
        if seq not in entries:
            name = BY_NUMBER[number].name if number in BY_NUMBER else str(number)
            yield Finding(ROW_ALTERED, entity=name, key=bytes(key).hex())


@cache
def _schema() -> tuple[str, ...]:
    """Return what creates the tables and indexes of this version."""
    from desktop_app.store.models import Base  # noqa: PLC0415 - loaded only when there is work for it

    dialect = sqlite.dialect()
    statements = [str(CreateTable(table).compile(dialect=dialect)) for table in Base.metadata.sorted_tables]
    indexes = [index for table in Base.metadata.sorted_tables for index in table.indexes]
    return (*statements, *(str(CreateIndex(index).compile(dialect=dialect)) for index in indexes))


def _refold(
    sql: Connection, fresh: Connection, own_device: bytes | None, reader: PlatformReader | None
) -> set[Record]:
    """Judge and fold all entries anew; return the records whose leaves were erased, taken over as they are.

    What was made here (everything, for ``own_device`` None) is not judged, unless it was as it came back.
    """
    for table in ("opening", "journal_entry"):
        rows = sql.exec_driver_sql(f"SELECT * FROM {table}").all()
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            fresh.exec_driver_sql(f"INSERT INTO {table} VALUES ({marks})", [tuple(row) for row in rows])
    journal, applier, outcome = JournalStore(sql), Applier(fresh, None, reader), Applied()
    applier.journal.load_stamps()
    unproved: set[Record] = set()
    partial = {row[0] for row in sql.exec_driver_sql("SELECT seq FROM journal_entry WHERE state = 1")}
    refused = {row[0] for row in sql.exec_driver_sql("SELECT seq FROM refused_entry")}
    for seq in journal.sequence():
        entry = journal.entry(seq)
        header = decode_header(entry.header)
        if own_device is None or (header.device == own_device and seq not in refused):
            applier.judge.follow_own(seq, header, entry.leaves)
        else:
            applier.judge.judge(seq, header, entry.leaves)
        applier.fold([(seq, header, enumerate(entry.leaves))], outcome)
        if not entry.is_complete and seq not in partial:
            unproved |= _take_over(sql, fresh, seq)
    applier.settle(outcome)
    return unproved


def _take_over(sql: Connection, fresh: Connection, seq: int) -> set[Record]:
    """Copy the records that an erased leaf made, so that what hangs from them can be folded; return all it wrote."""
    found: set[Record] = set()
    for entity in ENTITIES:
        table = known_table(entity)
        for key, record in table.walk(sql) if entity.has_personal else ():
            if record.base != seq and seq not in record.later.values():
                continue
            folded = table.fetch(fresh, key)
            if folded is None:
                table.insert(fresh, [(key, record)])
            elif folded.base == seq or seq in folded.later.values():
                continue
            found.add((entity.number, key))
    return found


def _compare(sql: Connection, fresh: Connection, unproved: set[Record]) -> Iterator[Finding]:
    stored = {(entity, key): canonical for entity, key, canonical in walk_state(sql)}
    folded = {(entity, key): canonical for entity, key, canonical in walk_state(fresh)}
    excused = {
        (BY_NUMBER[number].name, key) for number, key in unproved if not _keeps_personal(sql, number, key)
    }
    for entity, key in sorted((stored.keys() | folded.keys()) - excused):
        if stored.get((entity, key)) != folded.get((entity, key)):
            yield Finding(ROW_ALTERED, entity=entity, key=key.hex())
    for number, key in sorted(unproved):
        if (BY_NUMBER[number].name, key) not in excused:
            yield Finding(ROW_UNPROVED, entity=BY_NUMBER[number].name, key=key.hex())
    for query in (_PARKED, _SEEN_EARLY):
        stored_rows, folded_rows = (
            {tuple(row) for row in side.exec_driver_sql(query)} for side in (sql, fresh)
        )
        for row in sorted(stored_rows ^ folded_rows):
            if query is _PARKED or not _has_come(sql, row[-1]):
                yield Finding(PARKED_DIFFERS, entity=str(row[0]), key=bytes(row[1]).hex())


def _compare_judged(sql: Connection, fresh: Connection) -> Iterator[Finding]:
    for table, query in _JUDGED.items():
        stored, judged = ({tuple(row) for row in side.exec_driver_sql(query)} for side in (sql, fresh))
        for seq in sorted({row[0] for row in stored ^ judged}):
            yield Finding(LIST_DIFFERS, entity=table, key=str(seq))


def _has_come(sql: Connection, stamp: bytes) -> bool:
    """Tell whether a write that was seen early is here by now: then noting it depended on when changes were retried."""
    try:
        return JournalStore(sql).seq_of(Stamp.from_wire(decode(stamp))) is not None
    except AppError:
        return False


def _keeps_personal(sql: Connection, number: int, key: bytes) -> bool:
    """Tell whether a record still has what an erasure takes away: then its leaf was cut, not erased."""
    entity = BY_NUMBER[number]
    record = known_table(entity).fetch(sql, key)
    return record is not None and any(
        group_value(group, record.fields) is not None for group in entity.groups if group.personal
    )
