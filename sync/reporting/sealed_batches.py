"""Reading sealed batches back: manifest, the records of each report, and reports that wait for their receipt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop_app.services.stored_reports import StoredReports
from desktop_app.store.repositories.reported import WAITING, StoredBatch
from sync.contract.framing import unwrap
from sync.contract.signing import join
from sync.contract.wire import Manifest, Page, Record, decode
from sync.reporting.platform_changes import Voids

Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class InFlight:
    """A report that is sealed and has no receipt: its batch, version and the records in it."""

    batch: bytes
    version: int
    records: list[Record]


def manifest_of(batch: StoredBatch) -> Manifest:
    """Return what a batch states of itself."""
    return decode(batch.manifest, Manifest, "MANIFEST_MALFORMED")


def envelope_of(batch: StoredBatch) -> bytes:
    """Return the signed manifest as it is sent."""
    return join(batch.manifest, batch.signature)


def records_of(manifest: Manifest, frames: list[bytes]) -> list[list[Record]]:
    """Return the records of each report of a batch, in the manifest's order."""
    found: list[list[Record]] = [[] for _ in manifest.reports]
    for frame in frames:
        for section in decode(unwrap(frame), Page, "PAGE_MALFORMED").sections:
            found[section.report].extend(section.records)
    return found


def in_flight(view: StoredReports) -> dict[Place, InFlight]:
    """Return the reports that wait for a receipt, by (kind, subject)."""
    found: dict[Place, InFlight] = {}
    for batch in waiting_batches(view):
        manifest = manifest_of(batch)
        sections = records_of(manifest, view.pages(batch.id))
        for head, records in zip(manifest.reports, sections, strict=True):
            found[head.kind, head.subject] = InFlight(batch.id, head.version, records)
    return found


def newest_versions(view: StoredReports) -> dict[Place, int]:
    """Return the highest version of each report ever received or sealed, dissolved batches and lost ones included."""
    newest = {place: one.version for place, one in view.versions().items()}
    for place, version in Voids(view.platform_changes()).highest().items():
        newest[place] = max(newest.get(place, 0), version)
    for batch in view.batches(without_receipt=True):
        for head in manifest_of(batch).reports:
            place = (head.kind, head.subject)
            newest[place] = max(newest.get(place, 0), head.version)
    return newest


def waiting_batches(view: StoredReports) -> list[StoredBatch]:
    """Return the batches that wait for a receipt, in the order in which they were sealed."""
    return [one for one in view.batches(without_receipt=True) if one.state in WAITING]


def subjects_of(batch: StoredBatch) -> set[str]:
    """Return the subjects of a batch's reports; batches that share one go out in the order of their sealing."""
    return {head.subject for head in manifest_of(batch).reports}


def with_those_before(waiting: Sequence[StoredBatch], batch: bytes) -> list[StoredBatch]:
    """Return a waiting batch after those sealed before it on which its records may depend."""
    place = next(index for index, one in enumerate(waiting) if one.id == batch)
    going, subjects = [waiting[place]], subjects_of(waiting[place])
    for earlier in reversed(waiting[:place]):
        if not subjects.isdisjoint(subjects_of(earlier)):
            subjects |= subjects_of(earlier)
            going.insert(0, earlier)
    return going
