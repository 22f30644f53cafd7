"""A sealed batch as a file for a place without a network, and the receipt file that comes back.

The file is the push in writing: the same manifest and pages, encrypted to the platform; the answer brings the
receipt and what the platform has published since, encrypted to the workstation that made the file.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from desktop_app.domain.errors import AppError
from desktop_app.services.batches import BatchService
from desktop_app.services.reporting import ExportedBatch, ImportedReceipt
from desktop_app.store.keys import write_atomically
from desktop_app.store.profile_files import disk_trouble
from desktop_app.store.repositories.reported import DISSOLVED, RECEIPTED, SEALED, SENDING
from sync.contract.sealed_files import (
    BatchFileHead,
    BatchFileStart,
    FileKind,
    read_sealed,
    sealing_address,
    write_sealed,
)
from sync.contract.signing import Purpose, disclose, enclose
from sync.contract.wire import Receipt, StreamPage, decode, encode
from sync.reporting.line import Line, Pinned
from sync.reporting.pulling import Pulled, cursors, open_pages
from sync.reporting.receipts import open_receipt, receipt_page, stored_receipt
from sync.reporting.sealed_batches import envelope_of, waiting_batches, with_those_before


def export(batches: BatchService, line: Line, batch: bytes, path: Path) -> ExportedBatch:
    """Write a batch as a file encrypted to the platform; again and again the same content.

    Raises AppError BATCH_UNKNOWN, BATCH_DISSOLVED, BATCH_HAS_RECEIPT, BATCH_EARLIER_FIRST (``batch``),
    SEALING_KEY_MISSING, PLATFORM_NOT_JOINED, DISK_FULL, FILE_NOT_WRITABLE.
    """
    with batches.view() as view:
        stored, pages = view.batch(batch), view.pages(batch)
        waiting = waiting_batches(view)
    if stored.state == DISSOLVED:
        raise AppError("BATCH_DISSOLVED")
    if stored.state == RECEIPTED:
        raise AppError("BATCH_HAS_RECEIPT")
    earlier = next((one for one in with_those_before(waiting, batch)[:-1] if one.state == SEALED), None)
    if earlier is not None:
        raise AppError("BATCH_EARLIER_FIRST", batch=earlier.id.hex())
    recipient = line.sealing_key()
    device, key = batches.device()
    head = BatchFileHead(manifest=envelope_of(stored), reply=sealing_address(key), cursors=cursors(batches))
    start = encode(BatchFileStart(device, enclose(key, Purpose.BATCH_FILE, encode(head))))
    out = BytesIO()
    write_sealed(out, FileKind.BATCH, recipient, 1 + len(pages), [start, *pages])
    if stored.state == SEALED:  # before the file is there: what may be imported any day is on its way
        batches.set_state(batch, SENDING)
    try:
        write_atomically(path, out.getvalue())
    except OSError as error:
        raise disk_trouble(error, path) from error
    return ExportedBatch(batch, str(path), len(out.getvalue()))


def import_receipt(batches: BatchService, platform: Pinned, path: Path) -> ImportedReceipt:
    """Take over a receipt file: the receipt, and the pages that come with it, in one transaction.

    Raises AppError SEALED_FILE_…, BATCH_UNKNOWN, SIGNATURE_INVALID, PLATFORM_EPOCH_CHANGED, RECEIPT_FOREIGN,
    REPORT_DIGEST_DIFFERS.
    """
    envelope, pages = _read(path, batches.device()[1])
    payload = disclose(platform.public_key, Purpose.RECEIPT, envelope)
    named = decode(payload, Receipt, "PLATFORM_ANSWER")
    with batches.view() as view:
        stored, known = view.batch(named.batch), stored_receipt(view, named.batch)
    receipt = open_receipt(stored, envelope, platform)
    after = cursors(batches)
    fresh = [one for one in pages if _is_new(one, platform, after)]
    pulled = _pulled(batches, platform, fresh, after)
    batches.take_pages(
        [receipt_page(stored.id, envelope), *pulled.pages], pulled.records, waiting=pulled.waiting
    )
    rejected = receipt.records - receipt.accepted
    return ImportedReceipt(stored.id, receipt.records, receipt.accepted, rejected, again=known is not None)


def _read(path: Path, private_key: bytes) -> tuple[bytes, list[bytes]]:
    """Return the receipt's envelope and the pages' of a receipt file that is whole."""
    try:
        with path.open("rb") as file:
            envelope, *pages = read_sealed(file, FileKind.RECEIPT, private_key)
    except OSError as error:
        raise AppError("SEALED_FILE_UNREADABLE", file=path.name) from error
    return envelope, pages


def _pulled(batches: BatchService, platform: Pinned, envelopes: list[bytes], after: dict[str, int]) -> Pulled:
    """Read the pages that came with a receipt; what is wrong with them must not cost the receipt."""
    try:
        return open_pages(batches, platform, envelopes, after)
    except AppError:
        return Pulled([], [])


def _is_new(envelope: bytes, platform: Pinned, after: dict[str, int]) -> bool:
    """Tell whether a page lies past the cursor: others may have come over the line or by sharing meanwhile."""
    page = decode(disclose(platform.public_key, Purpose.STREAM, envelope), StreamPage, "PLATFORM_ANSWER")
    return page.version > after.get(page.stream, 0)
