"""Batches: manifest, pages, receipt. Each call is one transaction; every call may come twice.

Pages come in order, since parents stand before children; each is checked against the manifest, judged, stored and
tallied in its transaction; the last one closes the batch and makes its report versions valid.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from desktop_app.domain.clock import Clock
from desktop_app.domain.errors import AppError
from sync.contract.digest import EMPTY_STATEMENT
from sync.contract.framing import frame_hash
from sync.contract.kinds import ReportKind
from sync.contract.signing import Purpose, check, split
from sync.contract.versions import check_version
from sync.contract.wire import BatchStatus, Manifest, PageTally, ReportHead, decode
from sync.platform.certificates import release_numbers
from sync.platform.claims import release_trainings
from sync.platform.identity import PlatformIdentity
from sync.platform.institutions import Caller, device_key, lock_institution
from sync.platform.pages import PageIntake
from sync.platform.receipts import make_receipt
from sync.platform.schema import batch, report
from sync.platform.statements import ReportRow, close_reports, find_reports, take_back
from sync.platform.trainings import note_rosters

Stored = Callable[[PageTally], None]
OPEN, CLOSED, SUPERSEDED = "open", "closed", "superseded"
_OPENED = (
    update(report)
    .where(
        report.c.institution_id == bindparam("institution"),
        report.c.kind == bindparam("of_kind"),
        report.c.subject == bindparam("of_subject"),
    )
    .values(open_batch=bindparam("batch"), open_version=bindparam("new_version"), open_received=0)
)
# A version that changes nothing holds what the one before it holds.
_OPENED_EMPTY = _OPENED.values(open_digest=report.c.digest, open_records=report.c.records)


def _unheard(_tally: PageTally) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch under way or done; ``next_page``: the first that is lacking."""

    batch_id: bytes
    state: str
    manifest: bytes
    manifest_hash: bytes
    next_page: int
    pages: int
    rejected: int
    receipt: bytes | None


def accept_manifest(
    connection: Connection,
    clock: Clock,
    platform: PlatformIdentity,
    caller: Caller,
    batch_id: bytes,
    envelope: bytes,
) -> BatchStatus:
    """Take a manifest and say which pages are lacking; the same one again changes nothing.

    Raises AppError MANIFEST_MALFORMED, CONTRACT_UNKNOWN, CONTRACT_ENDED, INSTITUTION_FOREIGN, DEVICE_UNKNOWN,
    DEVICE_REVOKED, SIGNATURE_INVALID, DEMO_REFUSED, BATCH_DIFFERS, REPORT_VERSION_TAKEN, REPORT_BASE_DIFFERS.
    """
    lock_institution(connection, caller.institution_id)
    manifest = read_manifest(connection, caller, batch_id, envelope, clock.today())
    known = find_batch(connection, caller.institution_id, batch_id)
    digest = frame_hash(envelope)
    if known is not None:
        if known.manifest_hash != digest:
            raise AppError("BATCH_DIFFERS")
        return _status(known)
    _open_reports(connection, caller.institution_id, batch_id, manifest.reports)
    row: dict[str, Any] = {
        "institution_id": caller.institution_id,
        "batch_id": batch_id,
        "device_id": manifest.device,
        "state": OPEN,
        "manifest": envelope,
        "manifest_hash": digest,
        "received_at": clock.now().isoformat(),
        "next_page": 0,
        "pages": len(manifest.pages),
        "rejected": 0,
    }
    connection.execute(batch.insert().values(**row))
    if not manifest.pages:
        return BatchStatus(
            lacking=[], receipt=_close(connection, clock, platform, caller, batch_id, manifest, digest)
        )
    return BatchStatus(lacking=list(range(len(manifest.pages))))


def read_manifest(
    connection: Connection, caller: Caller, batch_id: bytes, envelope: bytes, today: date
) -> Manifest:
    """Return a manifest once its signature and its facts hold; errors as in ``accept_manifest``."""
    parts = split(envelope, "MANIFEST_MALFORMED")
    manifest = decode(parts.payload, Manifest, "MANIFEST_MALFORMED")
    check_version(manifest.contract, today)
    if manifest.uscc != caller.uscc:
        raise AppError("INSTITUTION_FOREIGN")
    if manifest.demo != caller.demo:
        raise AppError("DEMO_REFUSED")
    if manifest.batch != batch_id:
        raise AppError("MANIFEST_MALFORMED", detail="batch")
    key = device_key(connection, caller.institution_id, manifest.device)
    check(key, Purpose.MANIFEST, parts.payload, parts.signature)
    places = {(head.kind, head.subject) for head in manifest.reports}
    if len(places) < len(manifest.reports) or any(kind not in set(ReportKind) for kind, _ in places):
        raise AppError("MANIFEST_MALFORMED", detail="reports")
    return manifest


def find_batch(connection: Connection, institution_id: int, batch_id: bytes) -> BatchRow | None:
    """Return a batch's row."""
    found = connection.execute(
        select(
            batch.c.batch_id,
            batch.c.state,
            batch.c.manifest,
            batch.c.manifest_hash,
            batch.c.next_page,
            batch.c.pages,
            batch.c.rejected,
            batch.c.receipt,
        ).where(batch.c.institution_id == institution_id, batch.c.batch_id == batch_id)
    ).first()
    return BatchRow(*found) if found else None


def _status(known: BatchRow) -> BatchStatus:
    if known.state == SUPERSEDED:
        raise AppError("BATCH_SUPERSEDED")
    return BatchStatus(lacking=list(range(known.next_page, known.pages)), receipt=known.receipt)


def _open_reports(
    connection: Connection, institution_id: int, batch_id: bytes, heads: Sequence[ReportHead]
) -> None:
    """Let a batch's versions begin; a batch that had one of these reports under way is superseded."""
    known = find_reports(connection, institution_id, [(head.kind, head.subject) for head in heads])
    for head in heads:
        _check_version(head, known.get((head.kind, head.subject)))
    for former in {one.open_batch for one in known.values() if one.open_batch is not None}:
        _supersede(connection, institution_id, former)
    new = [head for head in heads if (head.kind, head.subject) not in known]
    if new:
        highest = connection.scalar(
            select(func.max(report.c.number)).where(report.c.institution_id == institution_id)
        )
        rows = [
            {
                "institution_id": institution_id,
                "kind": head.kind,
                "subject": head.subject,
                "number": number,
                "version": 0,
                "digest": EMPTY_STATEMENT,
                "records": 0,
            }
            for number, head in enumerate(new, (highest or 0) + 1)
        ]
        connection.execute(report.insert(), rows)
    for statement, some in (
        (_OPENED, [head for head in heads if head.changes]),
        (_OPENED_EMPTY, [head for head in heads if not head.changes]),
    ):
        values = [
            {
                "institution": institution_id,
                "of_kind": head.kind,
                "of_subject": head.subject,
                "batch": batch_id,
                "new_version": head.version,
            }
            for head in some
        ]
        if values:
            connection.execute(statement, values)


def _check_version(head: ReportHead, found: ReportRow | None) -> None:
    version = found.version if found else 0
    accepted = found.digest if found and version else b""
    taken = max(version, (found.open_version if found else None) or 0)
    if head.version <= taken:
        raise AppError(
            "REPORT_VERSION_TAKEN", kind=head.kind, subject=head.subject, version=head.version, newest=taken
        )
    if head.base != accepted:
        raise AppError("REPORT_BASE_DIFFERS", kind=head.kind, subject=head.subject, newest=version)


def _supersede(connection: Connection, institution_id: int, batch_id: bytes) -> None:
    release_numbers(connection, institution_id, batch_id)
    release_trainings(connection, institution_id, batch_id)
    take_back(connection, institution_id, batch_id)
    connection.execute(
        update(batch)
        .where(batch.c.institution_id == institution_id, batch.c.batch_id == batch_id)
        .values(state=SUPERSEDED)
    )


def accept_page(
    connection: Connection,
    clock: Clock,
    platform: PlatformIdentity,
    caller: Caller,
    batch_id: bytes,
    index: int,
    frame: bytes,
    stored: Stored = _unheard,
) -> BatchStatus:
    """Take a page: check, judge, store, tally; with the last one close the batch and return its receipt.

    ``stored`` is told what the page held, within the transaction; a page that was there already is not told.

    Raises AppError BATCH_UNKNOWN, BATCH_SUPERSEDED, PAGE_ALTERED, PAGE_OUT_OF_ORDER, PAGE_MALFORMED.
    """
    lock_institution(connection, caller.institution_id)
    known = find_batch(connection, caller.institution_id, batch_id)
    if known is None:
        raise AppError("BATCH_UNKNOWN")
    if known.state == SUPERSEDED:
        raise AppError("BATCH_SUPERSEDED")
    manifest = decode(split(known.manifest).payload, Manifest)
    if index >= known.pages or frame_hash(frame) != manifest.pages[index]:
        raise AppError("PAGE_ALTERED", page=index)
    if index < known.next_page:
        return _status(known)
    if index > known.next_page:
        raise AppError("PAGE_OUT_OF_ORDER", page=index, expected=known.next_page)
    intake = PageIntake(connection, clock, caller, manifest, index)
    tally = intake.take(frame, any_refused=known.rejected > 0)
    stored(tally)
    rejected = tally.records - tally.accepted
    where = (batch.c.institution_id == caller.institution_id, batch.c.batch_id == batch_id)
    connection.execute(
        update(batch).where(*where).values(next_page=index + 1, rejected=batch.c.rejected + rejected)
    )
    if index + 1 < known.pages:
        return BatchStatus(lacking=list(range(index + 1, known.pages)))
    receipt = _close(connection, clock, platform, caller, batch_id, manifest, known.manifest_hash)
    return BatchStatus(lacking=[], receipt=receipt)


def accept_whole(
    connection: Connection,
    clock: Clock,
    platform: PlatformIdentity,
    caller: Caller,
    envelope: bytes,
    frame: bytes | None,
    stored: Stored = _unheard,
) -> bytes:
    """Take a batch of at most one page in one transaction and return its receipt (envelope).

    Raises AppError as ``accept_manifest`` and ``accept_page`` do; REQUEST_MALFORMED for a batch of more pages.
    """
    named = decode(split(envelope, "MANIFEST_MALFORMED").payload, Manifest, "MANIFEST_MALFORMED")
    if len(named.pages) != (0 if frame is None else 1):
        raise AppError("REQUEST_MALFORMED", detail="pages")
    status = accept_manifest(connection, clock, platform, caller, named.batch, envelope)
    if status.receipt is None and frame is not None:
        status = accept_page(connection, clock, platform, caller, named.batch, 0, frame, stored)
    if status.receipt is None:
        raise AppError("RECEIPT_NOT_READY", lacking=len(status.lacking))
    return status.receipt


def _close(
    connection: Connection,
    clock: Clock,
    platform: PlatformIdentity,
    caller: Caller,
    batch_id: bytes,
    manifest: Manifest,
    manifest_hash: bytes,
) -> bytes:
    envelope = make_receipt(connection, clock, platform, caller, manifest, manifest_hash)
    close_reports(connection, caller.institution_id, batch_id)
    rosters = {head.subject for head in manifest.reports if head.kind == ReportKind.ROSTER and head.changes}
    note_rosters(connection, clock, platform, caller.institution_id, rosters)
    connection.execute(
        update(batch)
        .where(batch.c.institution_id == caller.institution_id, batch.c.batch_id == batch_id)
        .values(state=CLOSED, receipt=envelope)
    )
    return envelope


def read_receipt(connection: Connection, caller: Caller, batch_id: bytes) -> bytes:
    """Return a closed batch's receipt (envelope); AppError BATCH_UNKNOWN, BATCH_SUPERSEDED, RECEIPT_NOT_READY."""
    known = find_batch(connection, caller.institution_id, batch_id)
    if known is None:
        raise AppError("BATCH_UNKNOWN")
    if known.state == SUPERSEDED:
        raise AppError("BATCH_SUPERSEDED")
    if known.receipt is None:
        raise AppError("RECEIPT_NOT_READY", lacking=known.pages - known.next_page)
    return known.receipt
