"""Statements in the contract's bytes: what a report says now, what changed since it was accepted, and its digest.

Fields at the contract's defaults are left out and map keys ascend, so equal statements have equal bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from desktop_app.services.stored_reports import StoredReports
from desktop_app.store.queries.statements import ReportedClass
from sync.contract.digest import statement_digest
from sync.contract.kinds import NUMBER, RecordKind, ReportKind
from sync.contract.records import FIELDS
from sync.contract.wire import Record, encode, in_order, left

Key = tuple[str, bytes]
Statement = dict[Key, bytes]

_DEFAULTS: dict[str, dict[str, object]] = {
    kind.value: {
        spec.encode_name: spec.default for spec in msgspec.structs.fields(shape) if not spec.required
    }
    for kind, shape in FIELDS.items()
}


def encode_fields(kind: str, fields: Mapping[str, object]) -> bytes:
    """Return the canonical bytes of a record's fields."""
    defaults = _DEFAULTS[kind]
    return encode(
        {
            name: value
            for name, value in fields.items()
            if value is not None and not (name in defaults and defaults[name] == value)
        }
    )


def current_statement(view: StoredReports, report: ReportKind, of: ReportedClass) -> Statement:
    """Return what a report says of a class now; nothing where the class is no more."""
    if of.gone:
        return {}
    found: Statement = {}
    marks: dict[tuple[object, ...], bytes] = {}  # of thousands of marks a handful differs
    for one in view.statement(report.value, of.id):
        if one.kind == RecordKind.MARK:
            said = tuple(one.fields.items())
            body = marks.get(said)
            if body is None:
                body = marks[said] = encode_fields(one.kind, one.fields)
        else:
            body = encode_fields(one.kind, one.fields)
        found[one.kind, one.key] = body
    return found


def changes_between(former: Mapping[Key, bytes], current: Mapping[Key, bytes]) -> list[Record]:
    """Return the records that differ, in the order in which they must be sent."""
    records = [
        Record(kind, key, msgspec.Raw(body))
        for (kind, key), body in current.items()
        if former.get((kind, key)) != body
    ]
    records += [left(kind, key) for kind, key in former if (kind, key) not in current]
    return in_order(records)


def put_over(former: Mapping[Key, bytes], records: Iterable[Record]) -> Statement:
    """Return a statement with records put over it."""
    statement = dict(former)
    for record in records:
        if record.leaves:
            statement.pop((record.kind, record.key), None)
        else:
            statement[record.kind, record.key] = record.body
    return statement


def digest_of(statement: Mapping[Key, bytes]) -> bytes:
    """Return the contract's digest of a statement."""
    return statement_digest(
        (number, key, body)
        for number, key, body in sorted((NUMBER[kind], key, body) for (kind, key), body in statement.items())
    )


def count_kinds(kinds: Iterable[str]) -> dict[str, int]:
    """Return how many records there are of each kind, in the contract's order."""
    counts: dict[str, int] = {}
    for kind in kinds:
        counts[kind] = counts.get(kind, 0) + 1
    return {kind.value: counts[kind] for kind in RecordKind if kind in counts}
