"""Sealing: what is ready becomes a signed manifest and pages, stored in one entry before anything is sent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from desktop_app.domain.errors import AppError
from desktop_app.services.batches import BatchService, SealedPages
from desktop_app.services.reporting import SealedBatch
from desktop_app.services.reviews import APPROVED
from sync.contract.framing import MAX_FRAME_BYTES, UNSAID, frame_hash, wrap
from sync.contract.kinds import REPORT_ORDER
from sync.contract.signing import Purpose, sign
from sync.contract.wire import (
    MAX_PAGE_RECORDS,
    Manifest,
    Page,
    Record,
    ReportHead,
    Section,
    encode,
)
from sync.reporting.line import formats_of
from sync.reporting.pace import page_records
from sync.reporting.preflight import CheckedReport
from sync.reporting.sealed_batches import Place
from sync.reporting.statements import count_kinds, digest_of, put_over

MAX_REASON = 200
NAMED = 20
PAGE_BYTES = MAX_FRAME_BYTES // 2
"""Of the records of a page before they are compressed: no page is too large for the platform."""
_AROUND = 16


def seal(
    batches: BatchService,
    checked: Sequence[CheckedReport],
    newest: dict[Place, int],
    received: dict[Place, bytes],
    reason: str | None,
) -> SealedBatch:
    """Seal the ready records of some reports.

    ``newest``: highest version of each report so far; ``received``: digest of its last receipt.
    What the head has not approved stays out. Raises AppError NOTHING_TO_SEAL, REPORTS_NOT_REVIEWED (``count``),
    CORRECTION_REASON_MISSING (``count``, ``records``), CORRECTION_REASON_LONG.
    """
    asked = sum(1 for one in checked if one.ready)
    if not asked:
        raise AppError("NOTHING_TO_SEAL")
    going = approved(checked)
    if not going:
        raise AppError("REPORTS_NOT_REVIEWED", count=asked)
    _check_reason(going, reason)
    heads = [_head(one, newest, received, reason) for one in going]
    placed = [(index, record) for index, one in enumerate(going) for record in one.ready]
    sealed = make_batch(batches, heads, placed)
    batches.seal(sealed.batch, sealed.manifest, sealed.signature, sealed.pages, reason)
    reports = tuple(
        (one.report.value, one.of.code, head.version) for one, head in zip(going, heads, strict=True)
    )
    return SealedBatch(sealed.batch, reports, len(placed), len(sealed.pages))


def make_batch(
    batches: BatchService, heads: list[ReportHead], placed: Sequence[tuple[int, Record]]
) -> SealedPages:
    """Return a batch, signed, of some reports; each record stands with its report's place."""
    pages = cut_pages(placed, page_records(batches), formats_of(batches))
    device, key = batches.device()
    institution = batches.institution()
    batch = batches.context.new_id()
    manifest = Manifest(
        batch=batch,
        uscc=institution.uscc,
        device=device,
        sealed_at=batches.context.now(),
        reports=heads,
        heads=batches.journal_heads(),
        pages=[frame_hash(page) for page in pages],
        counts=count_kinds(record.kind for _, record in placed),
        demo=institution.demo,
        solo=institution.solo,
    )
    payload = encode(manifest)
    return SealedPages(batch, payload, sign(key, Purpose.MANIFEST, payload), pages)


def approved(checked: Iterable[CheckedReport]) -> list[CheckedReport]:
    """Return what would be sealed, parents before children.

    What the head has not approved stays out, and what of the same class builds on it.
    """
    ready = sorted(
        (one for one in checked if one.ready),
        key=lambda one: (REPORT_ORDER[one.report], one.of.code, one.of.id),
    )
    held: set[str] = set()
    going: list[CheckedReport] = []
    for one in ready:
        if one.of.subject in held or one.review not in {"", APPROVED}:
            held.add(one.of.subject)
        else:
            going.append(one)
    return going


def _check_reason(going: Sequence[CheckedReport], reason: str | None) -> None:
    if reason is not None and len(reason) > MAX_REASON:
        raise AppError("CORRECTION_REASON_LONG", limit=MAX_REASON)
    corrections = [record for one in going for record in one.corrections]
    if corrections and not reason:
        listed = [{"kind": one.kind, "id": one.key.hex()} for one in corrections[:NAMED]]
        raise AppError("CORRECTION_REASON_MISSING", count=len(corrections), records=listed)


def _head(
    one: CheckedReport, newest: dict[Place, int], received: dict[Place, bytes], reason: str | None
) -> ReportHead:
    whole = put_over(one.accepted, one.ready)
    return ReportHead(
        kind=one.report.value,
        subject=one.of.subject,
        version=newest.get(one.place, 0) + 1,
        digest=digest_of(whole),
        records=len(whole),
        changes=len(one.ready),
        base=received.get(one.place, b""),
        reason=reason if one.corrections else None,
    )


def cut_pages(
    placed: Sequence[tuple[int, Record]], size: int = MAX_PAGE_RECORDS, formats: Collection[str] = UNSAID
) -> list[bytes]:
    """Return the frames of pages of at most ``size`` records; each record stands with its report's place.

    ``formats``: those of packed frames that the platform reads.
    """
    frames: list[bytes] = []
    for number, some in enumerate(_runs(placed, size)):
        sections: list[Section] = []
        for index, record in some:
            if not sections or sections[-1].report != index:
                sections.append(Section(index, []))
            sections[-1].records.append(record)
        frames.append(wrap(encode(Page(number, sections)), formats))
    return frames


def _runs(placed: Sequence[tuple[int, Record]], size: int) -> Iterator[Sequence[tuple[int, Record]]]:
    """Yield what goes into each page: no more records than ``size``, nor more bytes than a platform takes."""
    start = weight = 0
    for place, (_, record) in enumerate(placed):
        own = len(record.key) + len(record.body) + _AROUND
        if place > start and (place - start >= size or weight + own > PAGE_BYTES):
            yield placed[start:place]
            start, weight = place, 0
        weight += own
    if start < len(placed):
        yield placed[start:]
