"""Accepted statements in the database: what a judge reads, how accepted records are put over them, digests.

A batch's records are written at once, each beside what it replaces, and count only when the batch closes. Until then
the former values stay valid; a batch that never closes is taken back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    Compiled,
    Connection,
    Dialect,
    and_,
    bindparam,
    case,
    delete,
    func,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from sync.contract.digest import institution_digest, statement_digest
from sync.contract.kinds import BY_NUMBER, NUMBER, RecordKind, ReportKind
from sync.contract.statement import StoredRecord
from sync.contract.wire import Record, ReportedState, ReportTally
from sync.platform.schema import record, report

_LOOKUP = 400
_STORED = ("institution_id", "report", "kind", "key", "version", "fields")


@dataclass(frozen=True, slots=True)
class ReportRow:
    """Where a report stands: newest closed version, and the batch under way."""

    kind: str
    subject: str
    number: int
    version: int
    digest: bytes
    open_batch: bytes | None
    open_version: int | None
    open_received: int | None


_REPORT_COLUMNS = (
    report.c.kind,
    report.c.subject,
    report.c.number,
    report.c.version,
    report.c.digest,
    report.c.open_batch,
    report.c.open_version,
    report.c.open_received,
)


_REPORT = select(*_REPORT_COLUMNS).where(
    report.c.institution_id == bindparam("institution"),
    report.c.kind == bindparam("kind"),
    report.c.subject == bindparam("subject"),
)
_REPORTS = select(*_REPORT_COLUMNS).where(
    report.c.institution_id == bindparam("institution"),
    report.c.subject.in_(bindparam("subjects", expanding=True)),
    report.c.kind.in_(bindparam("kinds", expanding=True)),
)
_OPEN_REPORTS = select(*_REPORT_COLUMNS).where(
    report.c.institution_id == bindparam("institution"),
    report.c.open_batch == bindparam("batch"),
    report.c.subject.in_(bindparam("subjects", expanding=True)),
)
_RECORDS = select(record.c.kind, record.c.key, record.c.version, record.c.fields, record.c.former).where(
    record.c.institution_id == bindparam("institution"),
    record.c.report == bindparam("report"),
    record.c.kind.in_(bindparam("kinds", expanding=True)),
)
_OPEN_STATEMENT = (
    select(record.c.kind, record.c.key, record.c.fields)
    .where(
        record.c.institution_id == bindparam("institution"),
        record.c.report == bindparam("report"),
        record.c.fields.is_not(None),
    )
    .order_by(record.c.kind, record.c.key)
)
Place = tuple[str, str]


def find_reports(
    connection: Connection, institution_id: int, places: Collection[Place]
) -> dict[Place, ReportRow]:
    """Return the rows of those reports, (kind, subject), that there are."""
    wanted, found = sorted(places), {}
    for start in range(0, len(wanted), _LOOKUP):
        some = wanted[start : start + _LOOKUP]
        values = {
            "institution": institution_id,
            "kinds": list({kind for kind, _ in some}),
            "subjects": list({subject for _, subject in some}),
        }
        for row in connection.execute(_REPORTS, values):
            found[row[0], row[1]] = ReportRow(*row)
    return {place: found[place] for place in wanted if place in found}


class StoredStatements:
    """``AcceptedStatements`` of one institution as one batch may see them: closed, or its own.

    ``subjects``: those of the reports that the batch has under way and that are asked for.
    """

    def __init__(
        self, connection: Connection, institution_id: int, batch_id: bytes, subjects: Collection[str] = ()
    ) -> None:
        self._connection = connection
        self._institution_id = institution_id
        self._batch_id = batch_id
        values = {"institution": institution_id, "batch": batch_id, "subjects": sorted(subjects)}
        rows = connection.execute(_OPEN_REPORTS, values) if subjects else ()
        self._reports: dict[Place, ReportRow | None] = {(row[0], row[1]): ReportRow(*row) for row in rows}

    def open_report(self, kind: str, subject: str) -> ReportRow:
        """Return the row of a report that the batch has under way. Raises LookupError where it has not."""
        found = self._reports.get((kind, subject))
        if found is None or found.open_batch != self._batch_id:
            raise LookupError(kind)
        return found

    def _report(self, kind: str, subject: str) -> ReportRow | None:
        place = (kind, subject)
        if place not in self._reports:
            values = {"institution": self._institution_id, "kind": kind, "subject": subject}
            found = self._connection.execute(_REPORT, values).first()
            self._reports[place] = ReportRow(*found) if found else None
        return self._reports[place]

    def records(
        self, report: ReportKind, subject: str, kinds: tuple[RecordKind, ...]
    ) -> Iterable[StoredRecord]:
        """Return kind, key and fields' bytes of the accepted records of some kinds."""
        found = self._report(report, subject)
        if found is None:
            return
        values = {
            "institution": self._institution_id,
            "report": found.number,
            "kinds": [NUMBER[kind] for kind in kinds],
        }
        newest = self._newest(found)
        for number, key, version, fields, former in self._connection.execute(_RECORDS, values):
            body = fields if version <= newest else former
            if body is not None:
                yield BY_NUMBER[number], key, body

    def bodies(
        self, report: ReportKind, subject: str, keys: Iterable[tuple[str, bytes]]
    ) -> Mapping[bytes, bytes]:
        """Return the bytes accepted by closed versions of those (kind, key), by key."""
        found = self._report(report, subject)
        if found is None or found.version == 0:
            return {}
        wanted = [(NUMBER[kind], key) for kind, key in keys if kind in NUMBER]
        held: dict[bytes, bytes] = {}
        for start in range(0, len(wanted), _LOOKUP):
            rows = self._connection.execute(
                select(record.c.key, record.c.version, record.c.fields, record.c.former).where(
                    record.c.institution_id == self._institution_id,
                    record.c.report == found.number,
                    tuple_(record.c.kind, record.c.key).in_(wanted[start : start + _LOOKUP]),
                )
            )
            for key, version, fields, former in rows:
                body = fields if version <= found.version else former
                if body is not None:
                    held[key] = body
        return held

    def _newest(self, found: ReportRow) -> int:
        own = found.open_batch == self._batch_id and found.open_version is not None
        return found.open_version or found.version if own else found.version


@cache
def _upsert(dialect: Dialect) -> Compiled:
    """Return the statement that puts a record over a statement, compiled once: it runs a thousand times a page."""
    insert: Any = sqlite.insert if dialect.name == "sqlite" else postgresql.insert
    statement = insert(record).values({name: bindparam(name) for name in _STORED})
    new = statement.excluded
    replaces = record.c.version < new.version
    statement = statement.on_conflict_do_update(
        index_elements=[record.c.institution_id, record.c.report, record.c.kind, record.c.key],
        set_={
            "former": case((replaces, record.c.fields), else_=record.c.former),
            "former_version": case((replaces, record.c.version), else_=record.c.former_version),
            "fields": new.fields,
            "version": new.version,
        },
    )
    return cast("Compiled", statement.compile(dialect=dialect))


def store_records(
    connection: Connection, institution_id: int, report_number: int, version: int, records: list[Record]
) -> None:
    """Put accepted records over a statement, each beside the value that it replaces."""
    if not records:
        return
    compiled = _upsert(connection.dialect)
    rows = [
        (institution_id, report_number, NUMBER[one.kind], one.key, version, None if one.leaves else one.body)
        for one in records
    ]
    order = getattr(compiled, "positiontup", None)
    if order:
        places = [_STORED.index(name) for name in order]
        connection.exec_driver_sql(str(compiled), [tuple(row[place] for place in places) for row in rows])
    else:
        connection.exec_driver_sql(str(compiled), [dict(zip(_STORED, row, strict=True)) for row in rows])


def digest_open(connection: Connection, institution_id: int, report_number: int) -> tuple[bytes, int]:
    """Return digest and number of records of a statement with the batch under way put over it."""
    values = {"institution": institution_id, "report": report_number}
    rows = connection.execute(_OPEN_STATEMENT, values).all()
    return statement_digest((number, key, body) for number, key, body in rows), len(rows)


def take_back(connection: Connection, institution_id: int, batch_id: bytes) -> None:
    """Undo what a batch that will never close has written."""
    where = (report.c.institution_id == institution_id, report.c.open_batch == batch_id)
    for number, version in connection.execute(
        select(report.c.number, report.c.open_version).where(*where)
    ).all():
        written = (
            record.c.institution_id == institution_id,
            record.c.report == number,
            record.c.version == version,
        )
        connection.execute(delete(record).where(*written, record.c.former_version.is_(None)))
        restored = {
            "fields": record.c.former,
            "version": record.c.former_version,
            "former": None,
            "former_version": None,
        }
        connection.execute(update(record).where(*written).values(restored))
    connection.execute(update(report).where(*where).values(_closed_values()))


def _closed_values() -> dict[str, None]:
    names = ("open_batch", "open_version", "open_received", "open_digest", "open_records")
    return dict.fromkeys(names)


def close_reports(connection: Connection, institution_id: int, batch_id: bytes) -> None:
    """Make the versions of a batch valid."""
    connection.execute(
        update(report)
        .where(report.c.institution_id == institution_id, report.c.open_batch == batch_id)
        .values(
            {
                "version": report.c.open_version,
                "digest": report.c.open_digest,
                "records": report.c.open_records,
                "closed_batch": report.c.open_batch,
                **_closed_values(),
            }
        )
    )


def reported_reports(connection: Connection, institution_id: int, epoch: bytes) -> ReportedState:
    """Return the accepted statement of every report: version, digest, number of records."""
    rows = connection.execute(
        select(report.c.kind, report.c.subject, report.c.version, report.c.digest, report.c.records)
        .where(report.c.institution_id == institution_id, report.c.version > 0)
        .order_by(report.c.kind, report.c.subject)
    ).all()
    reports = [ReportTally(row.kind, row.subject, row.version, row.digest, row.records) for row in rows]
    digest = institution_digest((one.kind, one.subject, one.digest) for one in reports)
    return ReportedState(epoch=epoch, digest=digest, reports=reports)


def count_records(connection: Connection, institution_id: int) -> dict[str, int]:
    """Return how many records of each kind the accepted statements hold."""
    closed = record.c.version <= report.c.version
    body = case((closed, record.c.fields), else_=record.c.former)
    rows = connection.execute(
        select(record.c.kind, func.count())
        .join(
            report,
            and_(report.c.institution_id == record.c.institution_id, report.c.number == record.c.report),
        )
        .where(record.c.institution_id == institution_id, body.is_not(None))
        .group_by(record.c.kind)
        .order_by(record.c.kind)
    )
    return {BY_NUMBER[number].value: count for number, count in rows}
