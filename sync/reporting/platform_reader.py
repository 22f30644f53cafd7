"""Reading a stored page of the platform by its public key: what it says, once its signature holds."""

from __future__ import annotations

from desktop_app.domain.errors import AppError
from desktop_app.store.platform_pages import SignedPage
from sync.contract.signing import Purpose, disclose
from sync.contract.wire import StreamPage, decode
from sync.reporting.platform_changes import plain_stream
from sync.reporting.receipts import RECEIPT_STREAM
from sync.reporting.stream_records import PulledRecord, read_item


def read_signed(public_key: bytes, page: SignedPage) -> list[PulledRecord]:
    """Return the records that follow from a page; none from a receipt.

    Raises AppError SIGNATURE_INVALID, PLATFORM_ANSWER, REQUEST_MALFORMED where the platform did not sign this page
    for this place.
    """
    if page.stream.startswith(RECEIPT_STREAM):
        disclose(public_key, Purpose.RECEIPT, page.body)
        return []
    read = decode(disclose(public_key, Purpose.STREAM, page.body), StreamPage, "PLATFORM_ANSWER")
    if (read.stream, read.version) != (plain_stream(page.stream), page.version):
        raise AppError("PLATFORM_ANSWER")
    return [record for item in read.items for record in read_item(item)]
