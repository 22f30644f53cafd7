"""Pulling: what the province publishes and what it says to this institution, page by page."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from desktop_app.domain.errors import AppError
from desktop_app.services.batches import BatchService, PlatformPage
from desktop_app.services.ports import NEVER, CancelToken, Progress, no_progress, stop_if_cancelled
from sync.contract.kinds import RecordKind
from sync.contract.records import ProjectFields
from sync.contract.shape import read_body
from sync.contract.signing import Purpose, disclose
from sync.contract.wire import Record, StreamPage, decode
from sync.reporting.line import Adapter, Pinned

STREAMS = ("institution", "province")


@dataclass(frozen=True, slots=True)
class Pulled:
    """Pages to be stored and the catalogue's projects in them."""

    pages: list[PlatformPage]
    projects: list[tuple[bytes, dict[str, object]]]


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
    projects: dict[bytes, dict[str, object]] = {}
    for envelope in envelopes:
        page = decode(disclose(platform.public_key, Purpose.STREAM, envelope), StreamPage, "PLATFORM_ANSWER")
        if page.epoch != platform.epoch:
            raise AppError("PLATFORM_EPOCH_CHANGED")
        if page.version != next_version.get(page.stream) or page.uscc not in {"", uscc}:
            raise AppError("PLATFORM_ANSWER")
        next_version[page.stream] += 1
        pages.append(PlatformPage(page.stream, page.version, envelope))
        projects |= {item.key: fields for item in page.items if (fields := _project(item)) is not None}
    return Pulled(pages, list(projects.items()))


def _project(item: Record) -> dict[str, object] | None:
    """Return the fields of a catalogue entry; None for what is none, or what a newer contract makes of it.

    The page is kept as it is, so nothing is lost by not reading it.
    """
    if item.kind != RecordKind.PROJECT or item.leaves:
        return None
    try:
        fields = read_body(item.kind, item.body)
    except msgspec.MsgspecError:
        return None
    assert isinstance(fields, ProjectFields)
    values: dict[str, object] = msgspec.structs.asdict(fields)
    return values | {"published_on": fields.published_on.isoformat(), "origin": "platform"}


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
            taken += batches.take_pages(pulled.pages, pulled.projects)
            progress(taken, 0, "reporting.progress.pulling")
        if not (answer.more and pulled.pages):
            return taken
