"""Proof that journal and rows belong together: ``verify`` names what is altered, missing, unsigned or out of step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

import sqlcipher3.dbapi2 as driver
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import StaticPool

from desktop_app.domain.entries import HASH_BYTES, Header, entry_id, leaf_hash, payload_hash
from desktop_app.domain.errors import AppError
from desktop_app.store import signatures
from desktop_app.store.applying import Applied, Applier
from desktop_app.store.journal import JournalStore, decode_header
from desktop_app.store.models import Base
from desktop_app.store.state_hash import walk_state

ENTRY_ALTERED, ENTRY_MISSING, ENTRY_UNSIGNED = "ENTRY_ALTERED", "ENTRY_MISSING", "ENTRY_UNSIGNED"
SIGNATURE_WRONG, ROW_ALTERED, PARKED_DIFFERS = "SIGNATURE_WRONG", "ROW_ALTERED", "PARKED_DIFFERS"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not hold: a code and the entry, or the entity and key, it is about."""

    code: str
    entry: str = ""
    entity: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """How many entries were read and what was found."""

    entries: int
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Tell whether everything holds."""
        return not self.findings


def verify(sql: Connection, own_device: bytes) -> Verification:
    """Check hashes, graph and signatures of the whole journal, then fold it anew and compare with the rows."""
    headers: dict[bytes, Header] = {}
    findings = list(_check_entries(sql, headers))
    if not findings:
        findings += _check_signatures(sql, headers, own_device)
        findings += _check_rows(sql)
    return Verification(len(headers), tuple(findings))


def _check_entries(sql: Connection, headers: dict[bytes, Header]) -> Iterator[Finding]:
    """Check each entry against its own hashes and its place in the graph; fill ``headers`` by id."""
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
    yield from _check_leaves(sql)
    frontier = {row[0] for row in sql.exec_driver_sql("SELECT id FROM frontier JOIN journal_entry USING (seq)")}
    parents = {parent for header in headers.values() for parent in header.parents}
    for name in sorted(frontier ^ (set(headers) - parents)):
        yield Finding(ENTRY_MISSING, entry=name.hex())


def _check_leaves(sql: Connection) -> Iterator[Finding]:
    """Name entries whose leaves are more or fewer than their hashes."""
    rows = sql.exec_driver_sql(
        "SELECT hex(id) FROM journal_entry LEFT JOIN journal_leaf USING (seq) WHERE state = 0"
        f" GROUP BY journal_entry.seq HAVING count(n) <> length(leaf_hashes) / {HASH_BYTES}"
        " UNION SELECT seq FROM journal_leaf WHERE seq NOT IN (SELECT seq FROM journal_entry)"
    ).all()
    for (name,) in rows:
        yield Finding(ENTRY_ALTERED, entry=str(name).lower())


def _check_signatures(sql: Connection, headers: dict[bytes, Header], own_device: bytes) -> Iterator[Finding]:
    """Check every signature; entries that none covers may only be this workstation's own newest."""
    keys = dict(sql.exec_driver_sql("SELECT id, public_key FROM device").tuples().all())
    covered: set[bytes] = set()
    for entry, device, signature in sql.exec_driver_sql("SELECT entry_id, device, signature FROM signature").all():
        if entry not in headers:
            yield Finding(ENTRY_MISSING, entry=entry.hex())
            continue
        if not signatures.is_genuine(entry, signature, keys.get(device) or b""):
            yield Finding(SIGNATURE_WRONG, entry=entry.hex())
            continue
        waiting = [entry]
        while waiting:
            name = waiting.pop()
            if name not in covered:
                covered.add(name)
                waiting.extend(headers[name].parents)
    signed_own = [name for name in covered if headers[name].device == own_device]
    for name, header in headers.items():
        if name in covered:
            continue
        if header.device != own_device or (signed_own and not _follows(header, headers)):
            yield Finding(ENTRY_UNSIGNED, entry=name.hex())


def _follows(header: Header, headers: dict[bytes, Header]) -> bool:
    return all(parent in headers for parent in header.parents) and bool(header.parents)


def _check_rows(sql: Connection) -> Iterator[Finding]:
    """Fold the whole journal into an empty store in memory and compare it with the rows, record by record."""
    engine = create_engine(
        "sqlite://", creator=lambda: driver.connect(":memory:"), module=driver, poolclass=StaticPool
    )
    with engine.begin() as fresh:
        Base.metadata.create_all(fresh)
        _refold(sql, fresh)
        yield from _compare(sql, fresh)
    engine.dispose()


def _refold(sql: Connection, fresh: Connection) -> None:
    for table in ("opening", "journal_entry"):
        rows = sql.exec_driver_sql(f"SELECT * FROM {table}").all()
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            fresh.exec_driver_sql(f"INSERT INTO {table} VALUES ({marks})", [tuple(row) for row in rows])
    journal, applier, outcome = JournalStore(sql), Applier(fresh, None), Applied()
    applier.journal.load_stamps()
    for seq in journal.sequence():
        _, _, changes = journal.changes(seq)
        for change in changes:
            applier.fold(seq, change, outcome)
    applier.settle(outcome)


def _compare(sql: Connection, fresh: Connection) -> Iterator[Finding]:
    stored = {(entity, key): canonical for entity, key, canonical in walk_state(sql)}
    folded = {(entity, key): canonical for entity, key, canonical in walk_state(fresh)}
    for entity, key in sorted(stored.keys() | folded.keys()):
        if stored.get((entity, key)) != folded.get((entity, key)):
            yield Finding(ROW_ALTERED, entity=entity, key=key.hex())
    query = "SELECT seq, entity, key, groups FROM parked_change ORDER BY seq, entity, key"
    pairs = zip_longest(sql.exec_driver_sql(query).all(), fresh.exec_driver_sql(query).all())
    for ours, theirs in pairs:
        if ours is None or theirs is None or tuple(ours) != tuple(theirs):
            row = ours or theirs
            assert row is not None
            yield Finding(PARKED_DIFFERS, entity=str(row[1]), key=bytes(row[2]).hex())
