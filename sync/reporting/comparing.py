"""Comparing with the platform, and confirming that it is another one than before.

A platform that began anew or was restored lacks what it had accepted. Nothing is sent to it as if nothing had
happened: an administrator confirms the change, and what it lost is sealed again from the accepted statements kept here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desktop_app.domain.errors import AppError
from desktop_app.services.batches import BatchService
from desktop_app.services.reporting import ConfirmedPlatform, LostReport, PlatformComparison
from desktop_app.services.stored_reports import StoredReports
from desktop_app.store.repositories.reported import RECEIPTED, PlatformChange
from sync.contract.kinds import REPORT_ORDER, ReportKind
from sync.contract.wire import About, Record, ReportHead, ReportTally, encode
from sync.reporting.evidence_queue import ARRIVED
from sync.reporting.line import COMPARED, EPOCH, FRAMES, KEY, SEALING, URL, Adapter, Pinned
from sync.reporting.platform_changes import LostVersions, Place, Voids, encode_lost
from sync.reporting.proving import DELIVERED
from sync.reporting.pulling import cursors
from sync.reporting.receipts import rejected_of, stored_receipt
from sync.reporting.sealed_batches import (
    manifest_of,
    newest_versions,
    records_of,
    subjects_of,
    waiting_batches,
)
from sync.reporting.sealing import MAX_REASON, make_batch
from sync.reporting.statements import Statement, changes_between, digest_of, put_over


@dataclass(frozen=True, slots=True)
class Found:
    """How a platform stands to what is kept here; ``held``: what it has of each lost report, as it is kept here."""

    anew: bool
    streams_behind: bool
    lost: dict[Place, LostVersions]
    held: dict[Place, Statement]

    @property
    def same(self) -> bool:
        """Tell whether the platform is as it was."""
        return not (self.anew or self.streams_behind or self.lost)


def look(batches: BatchService, api: Adapter, about: About, pinned: Pinned) -> Found:
    """Compare what a platform holds with what is kept here.

    Raises AppError PLATFORM_HOLDS_OTHERS (``count``) where it holds statements that this workstation has never seen.
    """
    there = {(one.kind, one.subject): one for one in api.reports().reports}
    anew = (about.public_key, about.epoch) != (pinned.public_key, pinned.epoch)
    with batches.view() as view:
        lost, foreign = lost_versions(view, there, anew=anew)
        held = _held(view, lost) if lost else {}
    wrong = [place for place in lost if place in there and digest_of(held[place]) != there[place].digest]
    if foreign or wrong:
        raise AppError("PLATFORM_HOLDS_OTHERS", count=len(foreign) + len(wrong))
    return Found(anew, anew or _streams_behind(batches, api), lost, held)


def look_daily(batches: BatchService, api: Adapter) -> None:
    """Once a day, tell what a platform has lost that nobody would otherwise send it; AppError PLATFORM_LOST."""
    today = batches.context.today().isoformat().encode("ascii")
    if not api.answers or batches.setting(COMPARED) == today:
        return
    there = {(one.kind, one.subject): one for one in api.reports().reports}
    with batches.view() as view:
        lost, _ = lost_versions(view, there, anew=False)
    if lost:
        raise AppError("PLATFORM_LOST", count=len(lost))
    batches.set_settings({COMPARED: today})


def lost_versions(
    view: StoredReports, there: Mapping[Place, ReportTally], *, anew: bool
) -> tuple[dict[Place, LostVersions], list[Place]]:
    """Return the reports that a platform holds in an earlier version than here, and those it holds in a strange one.

    A later version than here is a colleague's, which sharing brings; on a platform that began anew it is strange.
    """
    here = view.versions()
    lost = {
        place: LostVersions(*place, held=there[place].version if place in there else 0, until=one.version)
        for place, one in here.items()
        if place not in there or there[place].version < one.version
    }
    foreign = [
        place
        for place, one in there.items()
        if place not in lost
        and (
            one.digest != here[place].digest if place in here and here[place].version == one.version else anew
        )
    ]
    return lost, foreign


def _held(view: StoredReports, lost: Mapping[Place, LostVersions]) -> dict[Place, Statement]:
    """Return the lost reports as they stood at the versions that the platform holds."""
    voids = Voids(view.platform_changes())
    found: dict[Place, Statement] = {place: {} for place in lost}
    for batch in view.batches():
        manifest = manifest_of(batch)
        heads = [(head.kind, head.subject) for head in manifest.reports]
        receipt = stored_receipt(view, batch.id) if batch.state == RECEIPTED else None
        if receipt is None or lost.keys().isdisjoint(heads):
            continue
        sections = records_of(manifest, view.pages(batch.id))
        refused = rejected_of(receipt, manifest, sections)
        for tally, records, rejections in zip(receipt.reports, sections, refused, strict=True):
            place = (tally.kind, tally.subject)
            if place in lost and tally.version <= lost[place].held and (*place, tally.version) not in voids:
                out = {(one.kind, one.key) for one in rejections}
                accepted = [one for one in records if (one.kind, one.key) not in out]
                found[place] = put_over(found[place], accepted)
    return found


def _streams_behind(batches: BatchService, api: Adapter) -> bool:
    try:
        api.exchange(None, None, cursors(batches))
    except AppError as error:
        if error.code != "CURSOR_AHEAD":
            raise
        return True
    return False


def told(batches: BatchService, url: str, found: Found) -> PlatformComparison:
    """Return what people are told of a comparison."""
    with batches.view() as view:
        codes = {one.subject: one.code for one in view.classes()}
        records = sum(len(_changes(view, found, place)) for place in found.lost)
    lost = [
        LostReport(one.kind, codes.get(one.subject, ""), one.held, one.until) for one in found.lost.values()
    ]
    ordered = tuple(sorted(lost, key=lambda one: (one.class_code, REPORT_ORDER[ReportKind(one.kind)])))
    return PlatformComparison(url, found.anew, found.streams_behind, ordered, records)


def _changes(view: StoredReports, found: Found, place: Place) -> list[Record]:
    return changes_between(found.held[place], view.accepted(*place))


def confirm(
    batches: BatchService, about: About, url: str, found: Found, former: Pinned, reason: str
) -> ConfirmedPlatform:
    """Take the platform as it is now, and seal again what it has lost, in one entry.

    Raises AppError PLATFORM_AS_KNOWN where there is nothing to confirm, REASON_MISSING, CORRECTION_REASON_LONG.
    """
    said = reason.strip()
    if found.same:
        raise AppError("PLATFORM_AS_KNOWN")
    if not said:
        raise AppError("REASON_MISSING")
    if len(said) > MAX_REASON:
        raise AppError("CORRECTION_REASON_LONG", limit=MAX_REASON)
    with batches.view() as view:
        again = {place: _changes(view, found, place) for place in _in_order(found.lost)}
        heads = _heads(view, found, again, said)
        subjects = {subject for _, subject in found.lost}
        stale = [one.id for one in waiting_batches(view) if not subjects.isdisjoint(subjects_of(one))]
    placed = [(index, one) for index, head in enumerate(heads) for one in again[head.kind, head.subject]]
    sealed = make_batch(batches, heads, placed) if heads else None
    change = PlatformChange(
        batches.context.new_id(),
        about.epoch,
        about.public_key,
        former.public_key,
        encode_lost(found.lost.values()),
    )
    pinned = {
        URL: url.encode("utf-8"),
        KEY: about.public_key,
        EPOCH: about.epoch,
        SEALING: about.sealing_key,
        FRAMES: ",".join(about.frames).encode("ascii", "replace"),
        ARRIVED: encode({}),
        DELIVERED: encode({}),
        COMPARED: batches.context.today().isoformat().encode("ascii"),
    }
    batches.confirm_platform(change, pinned, stale, sealed, said)
    return ConfirmedPlatform(
        None if sealed is None else sealed.batch, len(found.lost), len(placed), len(stale)
    )


def _in_order(lost: Mapping[Place, LostVersions]) -> list[Place]:
    """Return the lost reports, parents before children."""
    return sorted(lost, key=lambda place: (REPORT_ORDER[ReportKind(place[0])], place[1]))


def _heads(
    view: StoredReports, found: Found, again: Mapping[Place, list[Record]], reason: str
) -> list[ReportHead]:
    newest = newest_versions(view)
    heads = []
    for (kind, subject), records in again.items():
        held = found.held[kind, subject]
        kept = view.accepted(kind, subject)
        corrects = any((one.kind, one.key) in held for one in records)
        heads.append(
            ReportHead(
                kind=kind,
                subject=subject,
                version=newest[kind, subject] + 1,
                digest=digest_of(kept),
                records=len(kept),
                changes=len(records),
                base=digest_of(held) if found.lost[kind, subject].held else b"",
                reason=reason if corrects else None,
            )
        )
    return heads
