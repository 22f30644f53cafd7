"""Pushing: a sealed batch goes out page by page; what the next step builds on is on disk before it begins.

Whatever breaks off, the next push asks the platform what is lacking and goes on from there.
"""

from __future__ import annotations

import time

from msgspec import Raw, Struct

from desktop_app.domain.errors import AppError
from desktop_app.services.batches import BatchService
from desktop_app.services.ports import CancelToken, Progress, stop_if_cancelled
from desktop_app.services.reporting import PushOutcome
from desktop_app.store.repositories.reported import DELIVERED, SENDING, StoredBatch
from sync.contract.framing import unwrap
from sync.contract.wire import Receipt, decode
from sync.reporting.line import Adapter, Pinned
from sync.reporting.pace import keep_pace, next_size, page_records
from sync.reporting.pulling import Pulled, cursors, open_pages
from sync.reporting.receipts import open_receipt, receipt_page
from sync.reporting.sealed_batches import envelope_of, manifest_of

SENDS = "reporting.progress.sending"
WITHOUT_RECEIPT = "BATCH_WITHOUT_RECEIPT"


def outcome_of(batch: bytes, receipt: Receipt) -> PushOutcome:
    """Return the numbers of a receipt."""
    return PushOutcome(batch, receipt.records, receipt.accepted, receipt.records - receipt.accepted)


def is_lacking(batch: StoredBatch, api: Adapter) -> bool:
    """Tell whether a waiting batch must still go out: one that was delivered to who never answers need not."""
    return api.answers or batch.state != DELIVERED


class Push:
    """Pushes one batch over one connection."""

    def __init__(
        self,
        batches: BatchService,
        api: Adapter,
        platform: Pinned,
        progress: Progress,
        cancel: CancelToken,
    ) -> None:
        self._batches = batches
        self._api = api
        self._platform = platform
        self._progress = progress
        self._cancel = cancel

    def run(self, batch: StoredBatch) -> PushOutcome:
        """Bring a batch to its receipt, or as far as it goes where nobody answers (nothing of it is accepted).

        A known error is noted at the batch and passes on; so does stopping.
        """
        with self._batches.view() as view:
            frames = view.pages(batch.id)
        try:
            stop_if_cancelled(self._cancel)
            if batch.state != DELIVERED:
                self._batches.set_state(batch.id, SENDING)
            envelope, pulled = self._send(batch, frames)
            if envelope is None:
                return PushOutcome(batch.id, manifest_total(batch), 0, 0)
            return self._take(batch, envelope, pulled)
        except AppError as error:
            if error.code != "CANCELLED":
                self._note(batch.id, error.code)
            raise

    def _send(self, batch: StoredBatch, frames: list[bytes]) -> tuple[bytes | None, Pulled]:
        if len(frames) > 1:
            return self._send_pages(batch, frames), Pulled([], [])
        total = manifest_total(batch)
        self._progress(0, total, SENDS)
        after = cursors(self._batches)
        answer = self._api.exchange(envelope_of(batch), frames[0] if frames else None, after)
        if answer.receipt is None and self._api.answers:
            raise AppError("PLATFORM_ANSWER")
        if answer.receipt is None:
            self._set_delivered(batch.id)
        self._progress(total, total, SENDS)
        return answer.receipt, self._pulled(answer.pages, after)

    def _pulled(self, envelopes: list[bytes], after: dict[str, int]) -> Pulled:
        """Read what was pulled beside; what is wrong with it must not cost the receipt, the next pull tells it."""
        try:
            return open_pages(self._batches, self._platform, envelopes, after)
        except AppError:
            return Pulled([], [])

    def _set_delivered(self, batch: bytes) -> None:
        """Note that everything is there; a receipt that is at hand says so itself, in its own transaction."""
        self._batches.set_state(batch, DELIVERED, None if self._api.answers else WITHOUT_RECEIPT)

    def _send_pages(self, batch: StoredBatch, frames: list[bytes]) -> bytes | None:
        sizes = [page_size(frame) for frame in frames]
        total = sum(sizes)
        former = size = page_records(self._batches)
        status = self._api.put_manifest(batch.id, envelope_of(batch))
        try:
            for index in sorted(status.lacking):
                self._progress(sum(sizes[:index]), total, SENDS)
                stop_if_cancelled(self._cancel)
                started = time.monotonic()
                status = self._api.put_page(batch.id, index, frames[index])
                size = next_size(size, sizes[index], time.monotonic() - started)
        finally:
            keep_pace(self._batches, former, size)
        if status.receipt is None:
            self._set_delivered(batch.id)
        self._progress(total, total, SENDS)
        if not self._api.answers:
            return None
        return status.receipt or self._api.receipt(batch.id)

    def _take(self, batch: StoredBatch, envelope: bytes, pulled: Pulled) -> PushOutcome:
        """Store the receipt, and what follows from it, in one transaction with what was pulled beside it."""
        receipt = open_receipt(batch, envelope, self._platform)
        self._batches.take_pages(
            [receipt_page(batch.id, envelope), *pulled.pages], pulled.records, waiting=pulled.waiting
        )
        return outcome_of(batch.id, receipt)

    def _note(self, batch: bytes, problem: str) -> None:
        with self._batches.view() as view:
            state = view.batch(batch).state
        self._batches.set_state(batch, state, problem)


def manifest_total(batch: StoredBatch) -> int:
    """Return how many records a batch sends."""
    return sum(head.changes for head in manifest_of(batch).reports)


class _CountedPage(Struct, array_like=True):
    """A page as far as counting needs it."""

    index: int
    sections: list[tuple[int, list[Raw]]]


def page_size(frame: bytes) -> int:
    """Return how many records a page holds, none of them read."""
    page = decode(unwrap(frame), _CountedPage, "PAGE_MALFORMED")
    return sum(len(records) for _, records in page.sections)
