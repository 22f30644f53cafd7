"""Pulling: what the province publishes and what it says to this institution, page by page."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.domain.errors import AppError
from desktop_app.services.batches import BatchService, PlatformPage
from desktop_app.services.ports import NEVER, CancelToken, Progress, no_progress, stop_if_cancelled
from sync.contract.signing import Purpose, disclose
from sync.contract.wire import StreamPage, decode
from sync.reporting.line import Adapter, Pinned
from sync.reporting.stream_records import PulledRecord, read_item

STREAMS = ("institution", "province")


@dataclass(frozen=True, slots=True)
class Pulled:
    """Pages to be stored and the records that follow from them: catalogue, policy, pilots."""

    pages: list[PlatformPage]
    records: list[PulledRecord]


def cursors(batches: BatchService) -> dict[str, int]:
    """Return the last version of each stream that is stored here."""
    return {name: batches.cursor(name) for name in STREAMS}


def open_pages(
    batches: BatchService, platform: Pinned, envelopes: list[bytes], after: dict[str, int]
) -> Pulled:
    """Read pages that the platform sent, one version after the other from the cursors on.

    Raises AppError SIGNATURE_INVALID, PLATFORM_EPOCH_CHANGED, PLATFORM_ANSWER; then none of them is taken.
    """
    uscc = batches.institution().uscc
    next_version = {name: version + 1 for name, version in after.items()}
    pages: list[PlatformPage] = []
    records: dict[tuple[int, bytes], PulledRecord] = {}
    for envelope in envelopes:
        page = decode(disclose(platform.public_key, Purpose.STREAM, envelope), StreamPage, "PLATFORM_ANSWER")
        if page.epoch != platform.epoch:
            raise AppError("PLATFORM_EPOCH_CHANGED")
        if page.version != next_version.get(page.stream) or page.uscc not in {"", uscc}:
            raise AppError("PLATFORM_ANSWER")
        next_version[page.stream] += 1
        pages.append(PlatformPage(page.stream, page.version, envelope))
        found = [record for item in page.items if (record := read_item(item)) is not None]
        records |= {(record[0].number, record[1]): record for record in found}
    return Pulled(pages, list(records.values()))


def pull(
    batches: BatchService,
    api: Adapter,
    platform: Pinned,
    progress: Progress = no_progress,
    cancel: CancelToken = NEVER,
) -> int:
    """Take over pages until there are no more; return how many were new. Page and cursor are one transaction."""
    taken = 0
    while True:
        stop_if_cancelled(cancel)
        after = cursors(batches)
        answer = api.exchange(None, None, after)
        pulled = open_pages(batches, platform, answer.pages, after)
        if pulled.pages:
            taken += batches.take_pages(pulled.pages, pulled.records)
            progress(taken, 0, "reporting.progress.pulling")
        if not (answer.more and pulled.pages):
            return taken
