"""What follows from batches and receipts: accepted statements, report versions, records that wait for a correction.

Derived from nothing but the stored batches, their pages and the platform's signed pages, within the transaction that
brings them: so it comes out the same on every workstation, whoever received the receipt, and twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection

from desktop_app.domain.errors import AppError
from desktop_app.domain.ids import platform_page_id
from desktop_app.domain.records import BY_NUMBER, PLATFORM_PAGE
from desktop_app.services.batches import setting_of
from desktop_app.services.stored_reports import StoredReports
from desktop_app.store import settings
from desktop_app.store.database import Connection
from desktop_app.store.rederiving import Derivation
from desktop_app.store.repositories import reported
from desktop_app.store.repositories.reported import RECEIPTED, RejectedRecord, ReportVersion, StoredBatch
from desktop_app.store.unit_of_work import UnitOfWork
from sync.contract.signing import Purpose, holds, split
from sync.contract.wire import Manifest, Receipt, Record, ReportTally, decode
from sync.reporting.line import KEY
from sync.reporting.platform_changes import Place, Voids, trusted_keys
from sync.reporting.receipts import answers, receipt_stream, rejected_of
from sync.reporting.sealed_batches import manifest_of, records_of
from sync.reporting.statements import digest_of, put_over

_BRINGS = frozenset({"batch", "batch_page", "platform_page", "platform_change"})


def follow_command(work: UnitOfWork) -> None:
    """Bring what is derived up to what a command wrote; runs before its commit.

    Raises AppError REPORT_DIGEST_DIFFERS where the platform's digest is not ours: then nothing is stored.
    """
    if not _BRINGS.isdisjoint(work.changed):
        waiting = follow_receipts(work.sql)
        brought = set(work.keys_of(PLATFORM_PAGE))
        if any(platform_page_id(receipt_stream(batch), 1) in brought for batch in waiting):
            raise AppError("REPORT_DIGEST_DIFFERS")


def follow_received(sql: Connection, touched: Collection[tuple[int, bytes]]) -> None:
    """Bring what is derived up to entries that a colleague's workstation has sent."""
    if any(
        number in BY_NUMBER and BY_NUMBER[number].name in _BRINGS for number in {one[0] for one in touched}
    ):
        follow_receipts(sql)


def follow_receipts(sql: Connection) -> list[bytes]:
    """Apply every receipt that is stored and was not applied yet; return the batches whose receipt must wait.

    One waits whose batch is not whole here, that an earlier receipt is missing for, or that is not the platform's.
    Versions that a platform has lost count as never received.
    """
    changes = reported.platform_changes(sql)
    keys, voids = trusted_keys(setting_of(sql, KEY), changes), Voids(changes)
    _take_back(sql, keys, voids)
    while True:
        found = [batch for batch in reported.batches(sql, without_receipt=True) if _envelope(sql, batch)]
        ready = [one for batch in found if (one := _read(sql, keys, batch))]
        if not sum(_apply(sql, voids, *one) for one in ready):
            return [batch.id for batch in found]


def _take_back(sql: Connection, keys: Collection[bytes], voids: Voids) -> None:
    """Derive the reports anew of which a version counts that is lost."""
    places = {place for place in voids.highest() if (*place, reported.version_of(sql, *place)) in voids}
    if not places:
        return
    for place in places:
        reported.forget_report(sql, *place)
    for batch in reported.batches(sql):
        named = {(head.kind, head.subject) for head in manifest_of(batch).reports}
        if batch.state == RECEIPTED and not places.isdisjoint(named):
            found = _read(sql, keys, batch)
            if found is not None:
                _apply(sql, voids, *found, only=places)


def _envelope(sql: Connection, batch: StoredBatch) -> bytes | None:
    return reported.platform_page(sql, receipt_stream(batch.id), 1)


def _read(
    sql: Connection, keys: Collection[bytes], batch: StoredBatch
) -> tuple[StoredBatch, Manifest, Receipt] | None:
    """Return a batch with its receipt, where both are here, whole and genuine; before joining no key is known."""
    manifest = manifest_of(batch)
    try:
        signed = split(_envelope(sql, batch) or b"")
        if keys and not any(holds(key, Purpose.RECEIPT, signed.payload, signed.signature) for key in keys):
            return None
        receipt = decode(signed.payload, Receipt)
    except AppError:
        return None
    whole = len(reported.pages_of(sql, batch.id)) == len(manifest.pages)
    return (batch, manifest, receipt) if whole and answers(receipt, batch) else None


def _apply(
    sql: Connection,
    voids: Voids,
    batch: StoredBatch,
    manifest: Manifest,
    receipt: Receipt,
    only: Collection[Place] | None = None,
) -> bool:
    """Put a receipt over what is accepted, all reports (of ``only``) or none; tell whether the digests agreed."""
    sections = records_of(manifest, reported.pages_of(sql, batch.id))
    refused = rejected_of(receipt, manifest, sections)
    statements = []
    for tally, records, rejections in zip(receipt.reports, sections, refused, strict=True):
        out = {(one.kind, one.key) for one in rejections}
        accepted = [record for record in records if (record.kind, record.key) not in out]
        if reported.version_of(sql, tally.kind, tally.subject) >= tally.version:
            continue
        if (tally.kind, tally.subject, tally.version) in voids:
            continue
        if only is not None and (tally.kind, tally.subject) not in only:
            continue
        whole = put_over(reported.accepted(sql, tally.kind, tally.subject), accepted)
        if digest_of(whole) != tally.digest:
            return False
        statements.append((tally, records, accepted, rejections))
    for tally, records, accepted, rejections in statements:
        _store(sql, tally, records, accepted, rejections)
        received = receipt.received_at.isoformat()
        reported.set_version(
            sql,
            ReportVersion(tally.kind, tally.subject, tally.version, tally.digest, batch.id, received),
        )
    reported.set_delivery(sql, batch.id, RECEIPTED, receipt.received_at.isoformat())
    return True


def _store(
    sql: Connection,
    tally: ReportTally,
    records: list[Record],
    accepted: list[Record],
    rejections: list[RejectedRecord],
) -> None:
    put = {(one.kind, one.key): one.body for one in accepted if not one.leaves}
    left = [(one.kind, one.key) for one in accepted if one.leaves]
    reported.replace_accepted(sql, tally.kind, tally.subject, put, left)
    answered = [(tally.kind, tally.subject, one.kind, one.key) for one in records]
    reported.replace_rejected(sql, answered, rejections)


def is_behind(view: StoredReports) -> bool:
    """Tell whether a receipt is stored here that has not been applied."""
    return any(
        view.page(receipt_stream(batch.id), 1) is not None for batch in view.batches(without_receipt=True)
    )


def _derive(stored: Connection, fresh: Connection) -> None:
    """Apply all receipts anew in a store that has the records only; the platform is the one that was joined."""
    for row in stored.exec_driver_sql("SELECT key, value FROM setting WHERE key LIKE 'reporting.%'"):
        settings.write(fresh, *row)
    follow_receipts(fresh)


DERIVATION = Derivation(
    _derive,
    {
        "report_version": "SELECT kind, subject, version, digest, batch_id, received_at FROM report_version",
        "accepted_record": "SELECT key, report, subject, kind, fields FROM accepted_record",
        "rejected_record": (
            "SELECT key, report, subject, kind, batch_id, code, field, params, sent_fields FROM rejected_record"
        ),
        "delivery": "SELECT batch_id, changed_at FROM delivery WHERE state = 'receipted'",
    },
)
