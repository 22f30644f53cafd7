"""Receipts: whether one is the platform's own and answers this batch, and what it says of each record."""

from __future__ import annotations

from desktop_app.domain.errors import AppError
from desktop_app.services.batches import PlatformPage
from desktop_app.services.stored_reports import StoredReports
from desktop_app.store.repositories.reported import RejectedRecord, StoredBatch
from sync.contract.framing import frame_hash
from sync.contract.signing import Purpose, disclose, split
from sync.contract.wire import NIL, Manifest, Receipt, Record, Rejected, decode
from sync.reporting.line import Pinned
from sync.reporting.sealed_batches import envelope_of, manifest_of

RECEIPT_STREAM = "receipt:"


def receipt_stream(batch: bytes) -> str:
    """Return the name under which a batch's receipt is stored; its version is always 1."""
    return RECEIPT_STREAM + batch.hex()


def receipt_page(batch: bytes, envelope: bytes) -> PlatformPage:
    """Return a receipt as the page of the platform that is stored."""
    return PlatformPage(receipt_stream(batch), 1, envelope)


def open_receipt(batch: StoredBatch, envelope: bytes, platform: Pinned) -> Receipt:
    """Return a receipt once it is shown to be the platform's answer to this batch.

    Raises AppError SIGNATURE_INVALID, PLATFORM_EPOCH_CHANGED, RECEIPT_FOREIGN.
    """
    receipt = decode(disclose(platform.public_key, Purpose.RECEIPT, envelope), Receipt, "PLATFORM_ANSWER")
    if receipt.epoch != platform.epoch:
        raise AppError("PLATFORM_EPOCH_CHANGED")
    if not answers(receipt, batch):
        raise AppError("RECEIPT_FOREIGN")
    return receipt


def answers(receipt: Receipt, batch: StoredBatch) -> bool:
    """Tell whether a receipt is about exactly the bytes that were sealed."""
    manifest = manifest_of(batch)
    return (
        receipt.batch == batch.id
        and receipt.uscc == manifest.uscc
        and receipt.manifest == frame_hash(envelope_of(batch))
        and [page.hash for page in receipt.pages] == manifest.pages
        and [(one.kind, one.subject, one.version) for one in receipt.reports]
        == [(one.kind, one.subject, one.version) for one in manifest.reports]
    )


def stored_receipt(view: StoredReports, batch: bytes) -> Receipt | None:
    """Return the receipt of a batch that is stored here."""
    envelope = view.page(receipt_stream(batch), 1)
    return None if envelope is None else decode(split(envelope).payload, Receipt, "PLATFORM_ANSWER")


def rejected_of(
    receipt: Receipt, manifest: Manifest, sections: list[list[Record]]
) -> list[list[RejectedRecord]]:
    """Return what each report's records were rejected for, the first problem of each."""
    told: dict[tuple[int, str, bytes], Rejected] = {}
    for one in receipt.rejected:
        told.setdefault((one.report, one.kind, one.key), one)
    found: list[list[RejectedRecord]] = []
    for index, (head, records) in enumerate(zip(manifest.reports, sections, strict=True)):
        answered = [(record, told.get((index, record.kind, record.key))) for record in records]
        found.append(
            [
                _rejected(head.kind, head.subject, record, manifest.batch, problem)
                for record, problem in answered
                if problem is not None
            ]
        )
    return found


def _rejected(report: str, subject: str, record: Record, batch: bytes, told: Rejected) -> RejectedRecord:
    return RejectedRecord(
        report=report,
        subject=subject,
        kind=record.kind,
        key=record.key,
        batch=batch,
        code=told.code,
        field=told.field,
        params=told.params,
        sent=NIL if record.leaves else record.body,
    )
