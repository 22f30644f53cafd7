"""Pulling: what the province publishes and what it says to this institution, page by page."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import cast

from desktop_app.domain.errors import AppError
from desktop_app.domain.records import (
    CLAIM_DECISION,
    CLAIM_LINE,
    CLAIM_PAYMENT,
    DUPLICATE_TRAINING,
    PROJECT,
    PROJECT_ANSWER,
    PROJECT_SELECTION,
)
from desktop_app.services.batches import NONE_WAIT, WAITING, BatchService, PlatformPage
from desktop_app.services.ports import NEVER, CancelToken, Progress, no_progress, stop_if_cancelled
from sync.contract.kinds import RecordKind
from sync.contract.signing import Purpose, disclose, split
from sync.contract.wire import StreamPage, decode
from sync.reporting.line import Adapter, Pinned
from sync.reporting.stream_records import PulledRecord, read_item

STREAMS = ("institution", "province")
_HANGING = frozenset(
    {
        RecordKind.ANSWER,
        RecordKind.SELECTION,
        RecordKind.CLAIM_DECISION,
        RecordKind.CLAIM_PAYMENT,
        RecordKind.DUPLICATE_TRAINING,
    }
)
"""What hangs from a record that may come later, by sharing."""


@dataclass(frozen=True, slots=True)
class Pulled:
    """Pages to be stored and the records that follow from them: catalogue, policy, pilots.

    ``waiting``: some records hang from what is not here yet, and are read again once colleagues have sent that.
    """

    pages: list[PlatformPage]
    records: list[PulledRecord]
    waiting: bool = False


def cursors(batches: BatchService) -> dict[str, int]:
    """Return the last version of each stream that is stored here."""
    return batches.cursors(STREAMS)


def open_pages(
    batches: BatchService, platform: Pinned, envelopes: list[bytes], after: dict[str, int]
) -> Pulled:
    """Read pages that the platform sent, one version after the other from the cursors on.

    Raises AppError SIGNATURE_INVALID, PLATFORM_EPOCH_CHANGED, PLATFORM_ANSWER; then none of them is taken.
    """
    if not envelopes:
        return Pulled([], [])
    uscc = batches.institution().uscc
    next_version = {name: version + 1 for name, version in after.items()}
    pages: list[PlatformPage] = []
    known = batches.known_projects()
    records: dict[tuple[int, bytes], PulledRecord] = {}
    for envelope in envelopes:
        page = decode(disclose(platform.public_key, Purpose.STREAM, envelope), StreamPage, "PLATFORM_ANSWER")
        if page.epoch != platform.epoch:
            raise AppError("PLATFORM_EPOCH_CHANGED")
        if page.version != next_version.get(page.stream) or page.uscc not in {"", uscc}:
            raise AppError("PLATFORM_ANSWER")
        next_version[page.stream] += 1
        pages.append(PlatformPage(page.stream, page.version, envelope))
        read = [record for item in page.items for record in read_item(item, known.own)]
        records |= {(record[0].number, record[1]): record for record in read}
    found = sorted(records.values(), key=lambda one: one[0] is not PROJECT)
    here = known.all | known.lines | {one[1] for one in found if one[0] is PROJECT}
    taken = [one for one in found if _has_parent(one, here | _enrolled(batches, found))]
    return Pulled(pages, taken, waiting=len(taken) < len(found))


def _enrolled(batches: BatchService, records: Iterable[PulledRecord]) -> frozenset[bytes]:
    """Return those of the enrolments that records speak of which are here."""
    return batches.enrolled([key for entity, key, _ in records if entity is DUPLICATE_TRAINING])


def _has_parent(record: PulledRecord, known: Collection[bytes]) -> bool:
    """Tell whether the project, the person of a claim or the enrolment that a record hangs from is here.

    Else it is read again once colleagues have sent it.
    """
    entity, key, fields = record
    if entity in (PROJECT_ANSWER, PROJECT_SELECTION):
        return fields["project_id"] in known
    if entity in (CLAIM_DECISION, DUPLICATE_TRAINING):
        return key in known
    if entity is CLAIM_PAYMENT:
        return CLAIM_LINE.join_key(cast("bytes | int", fields[part.name]) for part in CLAIM_LINE.key) in known
    return True


def take_late_answers(batches: BatchService) -> None:
    """Take over what stored pages say of projects, claims and enrolments that have come since, by sharing."""
    if batches.setting(WAITING) == NONE_WAIT:
        return
    known = batches.known_projects()
    late: dict[bytes, PulledRecord] = {}
    for envelope in batches.pages_of(STREAMS):
        for item in decode(split(envelope).payload, StreamPage, "PLATFORM_ANSWER").items:
            if item.kind in _HANGING:
                late |= {one[1]: one for one in read_item(item)}
    here = known.all | known.lines | _enrolled(batches, late.values())
    ready = {key: one for key, one in late.items() if _has_parent(one, here)}
    lacking = [one for key, one in ready.items() if key not in known.answers]
    if lacking:
        batches.take_pages([], lacking)
    if len(ready) == len(late):
        batches.set_settings({WAITING: NONE_WAIT})


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
            taken += batches.take_pages(pulled.pages, pulled.records, waiting=pulled.waiting)
            progress(taken, 0, "reporting.progress.pulling")
        if not (answer.more and pulled.pages):
            take_late_answers(batches)
            return taken
