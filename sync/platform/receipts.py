"""Receipts by exception: counts, page hashes, accepted digests, and every record that is not accepted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from desktop_app.domain.clock import Clock
from desktop_app.domain.errors import AppError
from sync.contract.signing import Purpose, enclose
from sync.contract.wire import Manifest, PageTally, Receipt, Rejected, ReportTally, decode, encode
from sync.platform.identity import PlatformIdentity
from sync.platform.institutions import Caller
from sync.platform.schema import batch_page, report


def make_receipt(
    connection: Connection,
    clock: Clock,
    platform: PlatformIdentity,
    caller: Caller,
    manifest: Manifest,
    manifest_hash: bytes,
) -> bytes:
    """Return the signed receipt (envelope) of a batch whose last page is stored.

    Raises AppError PAGE_MALFORMED where the pages hold less than the manifest promised.
    """
    rows = connection.execute(
        select(batch_page.c.tally, batch_page.c.rejected)
        .where(batch_page.c.institution_id == caller.institution_id, batch_page.c.batch_id == manifest.batch)
        .order_by(batch_page.c.page)
    ).all()
    pages = [decode(row.tally, PageTally) for row in rows]
    receipt = Receipt(
        batch=manifest.batch,
        uscc=caller.uscc,
        epoch=platform.epoch,
        manifest=manifest_hash,
        received_at=_now(clock),
        records=sum(page.records for page in pages),
        accepted=sum(page.accepted for page in pages),
        pages=pages,
        reports=_reports(connection, caller, manifest),
        rejected=[one for row in rows for one in decode(row.rejected, list[Rejected])],
    )
    return enclose(platform.private_key, Purpose.RECEIPT, encode(receipt))


def _now(clock: Clock) -> datetime:
    return clock.now().replace(microsecond=0)


def _reports(connection: Connection, caller: Caller, manifest: Manifest) -> list[ReportTally]:
    rows = connection.execute(
        select(
            report.c.kind,
            report.c.subject,
            report.c.open_version,
            report.c.open_digest,
            report.c.open_records,
        ).where(report.c.institution_id == caller.institution_id, report.c.open_batch == manifest.batch)
    ).all()
    found = {(row.kind, row.subject): row for row in rows}
    tallies: list[ReportTally] = []
    for head in manifest.reports:
        row = found[head.kind, head.subject]
        if row.open_digest is None:
            raise AppError("PAGE_MALFORMED", detail="changes")
        tallies.append(ReportTally(head.kind, head.subject, head.version, row.open_digest, row.open_records))
    return tallies
