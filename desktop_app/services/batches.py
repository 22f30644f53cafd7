"""Batches, the platform's pages and what follows from them, as the store keeps them.

What the bytes mean is the contract's matter (``sync.contract``); here they are opaque. A batch and its pages are
journal entries, so every workstation has them; what the platform answers is stored as its signed pages in an entry
of command ``platform``. The accepted statements, report versions and rejected records are derived from both by the
projection that ``bootstrap`` hands in.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from desktop_app.domain.errors import AppError
from desktop_app.domain.ids import numbered, platform_page_id
from desktop_app.domain.merge import BATCH, BATCH_PAGE, PLATFORM_PAGE, PROJECT
from desktop_app.services.context import Service, command
from desktop_app.store import settings, signatures
from desktop_app.store.database import Connection
from desktop_app.store.queries import statements
from desktop_app.store.queries.statements import StatementRecord
from desktop_app.store.unit_of_work import UnitOfWork

SEALED, SENDING, DELIVERED, RECEIPTED, DISSOLVED = "sealed", "sending", "delivered", "receipted", "dissolved"


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
class PlatformPage:
    """A signed page of the platform: stream, version and the envelope's bytes."""

    stream: str
    version: int
    body: bytes


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


class BatchService(Service):
    """What ``sync.reporting`` keeps in the store."""

    def statement(self, report: str, class_id: bytes) -> list[StatementRecord]:
        """Return what a report says of a class now; unmasked, for the province only."""
        with self.context.read() as sql:
            return list(statements.REPORTS[report](sql, class_id))

    def class_codes(self) -> dict[bytes, str]:
        """Return the classes by id, in the order of their codes."""
        with self.context.read() as sql:
            rows = sql.exec_driver_sql("SELECT id, code FROM training_class WHERE gone = 0 ORDER BY code, id")
            return {row[0]: row[1] for row in rows}

    @command("seal_batch", undoable=False)
    def seal(
        self,
        work: UnitOfWork,
        batch: bytes,
        manifest: bytes,
        signature: bytes,
        pages: Sequence[bytes],
        reason: str | None,
    ) -> None:
        """Store a sealed batch with its pages in one entry."""
        work.reason = reason
        work.put(BATCH, batch, {"manifest": manifest, "signature": signature, "dissolved": 0})
        work.put_many(BATCH_PAGE, [(numbered(batch, n), {"body": body}) for n, body in enumerate(pages)])
        self._deliver(work.sql, batch, SEALED, None)

    @command("dissolve_batch", undoable=False)
    def dissolve(self, work: UnitOfWork, batch: bytes) -> None:
        """Dissolve a batch that has no receipt; AppError BATCH_UNKNOWN, BATCH_HAS_RECEIPT."""
        if work.fields(BATCH, batch) is None:
            raise AppError("BATCH_UNKNOWN")
        if _state(work.sql, batch) == RECEIPTED:
            raise AppError("BATCH_HAS_RECEIPT")
        work.put(BATCH, batch, {"dissolved": 1})
        self._deliver(work.sql, batch, DISSOLVED, None)

    def batches(self) -> list[StoredBatch]:
        """Return batches, oldest first."""
        with self.context.read() as sql:
            rows = sql.exec_driver_sql(
                "SELECT b.id, b.manifest, b.signature, coalesce(d.state, iif(b.dissolved, 'dissolved', 'sealed')),"
                " coalesce(d.changed_at, ''), d.problem"
                " FROM batch b LEFT JOIN delivery d ON d.batch_id = b.id WHERE b.gone = 0 ORDER BY b.id"
            )
            return [StoredBatch(*tuple(row)) for row in rows]

    def pages(self, batch: bytes) -> list[bytes]:
        """Return the pages of a batch in order."""
        with self.context.read() as sql:
            return pages_of(sql, batch)

    def set_state(self, batch: bytes, state: str, problem: str | None = None) -> None:
        """Note how far this workstation has brought a batch; on disk before the next step begins."""
        with self.context.workstation.database.writer() as sql:
            self._deliver(sql, batch, state, problem)
        self.context.tell(frozenset({"batch"}))

    def _deliver(self, sql: Connection, batch: bytes, state: str, problem: str | None) -> None:
        sql.exec_driver_sql(
            "INSERT OR REPLACE INTO delivery (batch_id, state, changed_at, problem) VALUES (?, ?, ?, ?)",
            (batch, state, self.context.now().isoformat(), problem),
        )

    def take_pages(
        self, pages: Iterable[PlatformPage], projects: Iterable[tuple[bytes, Mapping[str, object]]] = ()
    ) -> int:
        """Store pages of the platform and the catalogue they publish in one entry; return how many were new.

        The entry is the device's, whoever is logged in. The same page twice changes nothing.
        """
        with self.context.device_work("platform") as work:
            new = [
                page
                for page in pages
                if work.fields(PLATFORM_PAGE, platform_page_id(page.stream, page.version)) is None
            ]
            rows = [
                (
                    platform_page_id(page.stream, page.version),
                    {"stream": page.stream, "version": page.version, "body": page.body},
                )
                for page in new
            ]
            work.put_many(PLATFORM_PAGE, rows)
            work.put_many(PROJECT, list(projects))
        return len(new)

    def cursor(self, stream: str) -> int:
        """Return the last version of a stream that is stored here, 0 for none."""
        with self.context.read() as sql:
            row = sql.exec_driver_sql(
                "SELECT max(version) FROM platform_page WHERE stream = ? AND gone = 0", (stream,)
            ).one()
        return int(row[0] or 0)

    def page(self, stream: str, version: int) -> bytes | None:
        """Return a stored page of the platform."""
        with self.context.read() as sql:
            row = sql.exec_driver_sql(
                "SELECT body FROM platform_page WHERE stream = ? AND version = ? AND gone = 0",
                (stream, version),
            ).first()
        return None if row is None else bytes(row[0])

    def versions(self) -> dict[tuple[str, str], ReportVersion]:
        """Return the newest received version of each report by (kind, subject)."""
        with self.context.read() as sql:
            rows = sql.exec_driver_sql(
                "SELECT kind, subject, version, digest, batch_id, received_at FROM report_version"
            )
            return {(row[0], row[1]): ReportVersion(*tuple(row)) for row in rows}

    def accepted(self, report: str, subject: str) -> dict[tuple[str, bytes], bytes]:
        """Return the accepted statement of a report: fields' bytes by (kind, key)."""
        with self.context.read() as sql:
            rows = sql.exec_driver_sql(
                "SELECT kind, key, fields FROM accepted_record WHERE report = ? AND subject = ?",
                (report, subject),
            )
            return {(row[0], row[1]): row[2] for row in rows}

    def rejected(self) -> list[RejectedRecord]:
        """Return the records that wait for a correction."""
        with self.context.read() as sql:
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

    def device(self) -> tuple[bytes, bytes]:
        """Return id and private key (Ed25519) of this workstation."""
        device = self.context.workstation.device
        with self.context.read() as sql:
            key = settings.read(sql, settings.DEVICE_KEY)
        assert device is not None
        assert key is not None
        return device, key

    def public_key(self) -> bytes:
        """Return this workstation's public key."""
        return signatures.public_key(self.device()[1])

    def journal_heads(self) -> list[bytes]:
        """Sign the tips of the journal and return them, for the manifest."""
        self.context.workstation.sign_tips()
        with self.context.read() as sql:
            rows = sql.exec_driver_sql("SELECT id FROM frontier JOIN journal_entry USING (seq)")
            return sorted(bytes(row[0]) for row in rows)

    def setting(self, key: str) -> bytes | None:
        """Return a local setting of the reporting engine (platform address, key, epoch)."""
        with self.context.read() as sql:
            return settings.read(sql, f"reporting.{key}")

    def set_setting(self, key: str, value: bytes) -> None:
        """Set a local setting of the reporting engine."""
        with self.context.workstation.database.writer() as sql:
            settings.write(sql, f"reporting.{key}", value)


def pages_of(sql: Connection, batch: bytes) -> list[bytes]:
    """Return the pages of a batch in order."""
    rows = sql.exec_driver_sql(
        "SELECT body FROM batch_page WHERE batch_id = ? AND gone = 0 ORDER BY page", (batch,)
    )
    return [bytes(row[0]) for row in rows]


def _state(sql: Connection, batch: bytes) -> str:
    row = sql.exec_driver_sql("SELECT state FROM delivery WHERE batch_id = ?", (batch,)).first()
    return SEALED if row is None else str(row[0])


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
    if keys:
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
