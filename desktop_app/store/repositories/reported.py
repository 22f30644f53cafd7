"""What is derived from batches and receipts: accepted statements, report versions, rejected records, deliveries."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from desktop_app.domain.ids import platform_page_id
from desktop_app.store.database import driver_of

SEALED, SENDING, DELIVERED, RECEIPTED, DISSOLVED = "sealed", "sending", "delivered", "receipted", "dissolved"
WAITING = frozenset({SEALED, SENDING, DELIVERED})

_BATCHES = (
    "SELECT b.id, b.manifest, b.signature, coalesce(d.state, iif(b.dissolved, 'dissolved', 'sealed')) AS way,"
    " coalesce(d.changed_at, ''), d.problem"
    " FROM batch b LEFT JOIN delivery d ON d.batch_id = b.id WHERE b.gone = 0"
)


@dataclass(frozen=True, slots=True)
class StoredBatch:
    """A batch as sealed: manifest and signature as they are sent, and how far this workstation has brought it."""

    id: bytes
    manifest: bytes
    signature: bytes
    state: str
    changed_at: str
    problem: str | None


@dataclass(frozen=True, slots=True)
class ReportVersion:
    """The newest version of a report that the platform has received, and the digest of its accepted statement."""

    kind: str
    subject: str
    version: int
    digest: bytes
    batch: bytes
    received_at: str


@dataclass(frozen=True, slots=True)
class RejectedRecord:
    """A record that the platform did not accept; ``sent`` are the fields' bytes that it judged."""

    report: str
    subject: str
    kind: str
    key: bytes
    batch: bytes
    code: str
    field: str | None
    params: Mapping[str, object]
    sent: bytes


@dataclass(frozen=True, slots=True)
class PlatformChange:
    """A platform that is another one than before; ``lost``: versions of reports that it no longer holds (msgpack)."""

    id: bytes
    epoch: bytes
    public_key: bytes
    former_key: bytes
    lost: bytes


@dataclass(frozen=True, slots=True)
class ReportState:
    """What the pre-flight found of a class or project, and from what; see ``ReportStateRow``."""

    subject: bytes
    touched: int
    basis: bytes
    day: str
    steady: bool
    checks: bytes


def batches(sql: Connection, *, without_receipt: bool = False) -> list[StoredBatch]:
    """Return batches in the order in which they were sealed; a dissolved one has no receipt either."""
    query = f"{_BATCHES} AND way <> 'receipted'" if without_receipt else _BATCHES
    return [StoredBatch(*tuple(row)) for row in sql.exec_driver_sql(f"{query} ORDER BY b.id")]


def batch(sql: Connection, batch_id: bytes) -> StoredBatch | None:
    """Return one batch."""
    row = sql.exec_driver_sql(f"{_BATCHES} AND b.id = ?", (batch_id,)).first()
    return None if row is None else StoredBatch(*tuple(row))


def pages_of(sql: Connection, batch_id: bytes) -> list[bytes]:
    """Return the pages of a batch in order."""
    rows = sql.exec_driver_sql(
        "SELECT body FROM batch_page WHERE batch_id = ? AND gone = 0 ORDER BY page", (batch_id,)
    )
    return [bytes(row[0]) for row in rows]


def set_delivery(sql: Connection, batch_id: bytes, state: str, at: str, problem: str | None = None) -> None:
    """Note how far this workstation has brought a batch."""
    sql.exec_driver_sql(
        "INSERT OR REPLACE INTO delivery (batch_id, state, changed_at, problem) VALUES (?, ?, ?, ?)",
        (batch_id, state, at, problem),
    )


def platform_page(sql: Connection, stream: str, version: int) -> bytes | None:
    """Return a stored page of the platform."""
    row = sql.exec_driver_sql(
        "SELECT body FROM platform_page WHERE id = ? AND gone = 0", (platform_page_id(stream, version),)
    ).first()
    return None if row is None else bytes(row[0])


def platform_changes(sql: Connection) -> list[PlatformChange]:
    """Return the confirmed changes of the platform, oldest first."""
    rows = sql.exec_driver_sql(
        "SELECT id, epoch, public_key, former_key, lost FROM platform_change"
        " WHERE gone = 0 AND lost IS NOT NULL ORDER BY id"
    )
    return [PlatformChange(*tuple(row)) for row in rows]


def life_of_streams(sql: Connection) -> str:
    """Return what is added to the name of a stream whose pages are stored since the platform changed; "" before."""
    row = sql.exec_driver_sql("SELECT max(id) FROM platform_change WHERE gone = 0").one()
    return "" if row[0] is None else f"@{bytes(row[0]).hex()}"


def forget_report(sql: Connection, kind: str, subject: str) -> None:
    """Drop everything that was derived of a report, to be derived anew."""
    sql.exec_driver_sql("DELETE FROM accepted_record WHERE report = ? AND subject = ?", (kind, subject))
    sql.exec_driver_sql("DELETE FROM rejected_record WHERE report = ? AND subject = ?", (kind, subject))
    sql.exec_driver_sql("DELETE FROM report_version WHERE kind = ? AND subject = ?", (kind, subject))


def accepted(sql: Connection, report: str, subject: str) -> dict[tuple[str, bytes], bytes]:
    """Return the accepted statement of a report: fields' bytes by (kind, key)."""
    rows = sql.exec_driver_sql(
        "SELECT kind, key, fields FROM accepted_record WHERE report = ? AND subject = ?", (report, subject)
    )
    return {(row[0], row[1]): row[2] for row in rows}


def versions(sql: Connection, kind: str | None = None) -> dict[tuple[str, str], ReportVersion]:
    """Return the newest received version of each report, or of those of one kind, by (kind, subject)."""
    of_kind, values = ("", ()) if kind is None else (" WHERE kind = ?", (kind,))
    rows = driver_of(sql).execute(
        f"SELECT kind, subject, version, digest, batch_id, received_at FROM report_version{of_kind}", values
    )
    return {(row[0], row[1]): ReportVersion(*row) for row in rows}


def received(sql: Connection) -> frozenset[tuple[str, str]]:
    """Return (kind, subject) of every report that was received; years of them, asked for by the first screen."""
    rows = driver_of(sql).execute("SELECT kind, json_group_array(subject) FROM report_version GROUP BY kind")
    return frozenset((kind, subject) for kind, subjects in rows for subject in json.loads(subjects))


def version_of(sql: Connection, kind: str, subject: str) -> int:
    """Return the newest received version of one report, 0 for none."""
    row = sql.exec_driver_sql(
        "SELECT version FROM report_version WHERE kind = ? AND subject = ?", (kind, subject)
    ).first()
    return 0 if row is None else int(row[0])


def rejected(sql: Connection) -> list[RejectedRecord]:
    """Return the records that the platform has rejected and not been sent again since."""
    rows = sql.exec_driver_sql(
        "SELECT report, subject, kind, key, batch_id, code, field, params, sent_fields FROM rejected_record"
        " ORDER BY report, subject, kind, key"
    )
    return [
        RejectedRecord(
            report=row[0],
            subject=row[1],
            kind=row[2],
            key=row[3],
            batch=row[4],
            code=row[5],
            field=row[6],
            params=json.loads(row[7]),
            sent=row[8],
        )
        for row in rows
    ]


def replace_accepted(
    sql: Connection,
    report: str,
    subject: str,
    put: Mapping[tuple[str, bytes], bytes],
    left: Collection[tuple[str, bytes]],
) -> None:
    """Put accepted records over the accepted statement of a report, and take out those that left it."""
    if put:
        sql.exec_driver_sql(
            "INSERT OR REPLACE INTO accepted_record (report, subject, kind, key, fields) VALUES (?, ?, ?, ?, ?)",
            [(report, subject, kind, key, fields) for (kind, key), fields in put.items()],
        )
    if left:
        sql.exec_driver_sql(
            "DELETE FROM accepted_record WHERE report = ? AND subject = ? AND kind = ? AND key = ?",
            [(report, subject, kind, key) for kind, key in left],
        )


def replace_rejected(
    sql: Connection, answered: Iterable[tuple[str, str, str, bytes]], rejected: Iterable[RejectedRecord]
) -> None:
    """Drop the former rejections of records that were answered anew, and note the new ones."""
    keys = list(answered)
    if keys and sql.exec_driver_sql("SELECT 1 FROM rejected_record LIMIT 1").first():
        sql.exec_driver_sql(
            "DELETE FROM rejected_record WHERE report = ? AND subject = ? AND kind = ? AND key = ?", keys
        )
    rows = [
        (
            item.report,
            item.subject,
            item.kind,
            item.key,
            item.batch,
            item.code,
            item.field,
            json.dumps(dict(item.params), ensure_ascii=False, default=str),
            item.sent,
        )
        for item in rejected
    ]
    if rows:
        sql.exec_driver_sql(
            "INSERT OR REPLACE INTO rejected_record"
            " (report, subject, kind, key, batch_id, code, field, params, sent_fields)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )


def set_version(sql: Connection, version: ReportVersion) -> None:
    """Note the newest received version of a report."""
    sql.exec_driver_sql(
        "INSERT OR REPLACE INTO report_version (kind, subject, version, digest, batch_id, received_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (version.kind, version.subject, version.version, version.digest, version.batch, version.received_at),
    )


def gone_subjects(sql: Connection) -> set[str]:
    """Return the subjects of classes and projects that are no more, of which something is still accepted."""
    # A version is noted with every accepted record, and there are far fewer of them.
    rows = sql.exec_driver_sql(
        "SELECT DISTINCT v.subject FROM report_version v WHERE v.subject IN"
        " (SELECT lower(hex(id)) FROM training_class WHERE gone"
        " UNION ALL SELECT lower(hex(id)) FROM project WHERE gone)"
        " AND EXISTS (SELECT 1 FROM accepted_record a WHERE a.report = v.kind AND a.subject = v.subject)"
    )
    return {row[0] for row in rows}


def accepted_everywhere(sql: Connection) -> list[tuple[str, str, str, bytes, bytes]]:
    """Return report, subject, kind, key and fields' bytes of every accepted record."""
    rows = sql.exec_driver_sql(
        "SELECT report, subject, kind, key, fields FROM accepted_record ORDER BY report, subject"
    )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]


def report_touches(sql: Connection) -> dict[bytes, int]:
    """Return how often each class and project was changed, by id; b"" for all of them at once."""
    return dict(sql.exec_driver_sql("SELECT subject, touched FROM report_touch").all())


def report_states(sql: Connection) -> dict[bytes, ReportState]:
    """Return what was found of classes and projects, by id."""
    rows = driver_of(sql).execute("SELECT subject, touched, basis, day, steady, checks FROM report_state")
    return {row[0]: ReportState(row[0], row[1], row[2], row[3], bool(row[4]), row[5]) for row in rows}


def keep_report_states(sql: Connection, states: Iterable[ReportState]) -> None:
    """Keep what was found; what was found from an older state is known by its number."""
    sql.exec_driver_sql(
        "INSERT OR REPLACE INTO report_state (subject, touched, basis, day, steady, checks)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [(one.subject, one.touched, one.basis, one.day, int(one.steady), one.checks) for one in states],
    )
