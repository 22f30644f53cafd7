"""Reporting to the province as window and command line see it; ``sync.reporting`` implements it.

Services and the contract do not know each other: ``bootstrap`` hands the implementation to the container.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from desktop_app.domain.listings.reporting import (
    BatchListItem,
    PreflightProblem,
    RejectedListItem,
    ReportCounts,
    ReportListItem,
)
from desktop_app.services.ports import NEVER, CancelToken, Progress, no_progress
from desktop_app.store.state_hash import StateDigest


@dataclass(frozen=True, slots=True)
class Preflight:
    """Outcome of a pre-flight: records that differ from what is accepted, those ready to go, and every problem.

    ``unreviewed`` records have no error and wait for 校内审核; they are not ``ready``.
    """

    records: int
    ready: int
    problems: tuple[PreflightProblem, ...]
    unreviewed: int = 0


@dataclass(frozen=True, slots=True)
class SealedBatch:
    """A batch just sealed; ``reports`` are (kind, class code, version)."""

    batch: bytes
    reports: tuple[tuple[str, str, int], ...]
    records: int
    pages: int


@dataclass(frozen=True, slots=True)
class PushOutcome:
    """A batch pushed: records sent, accepted and rejected; without a receipt (``answered``) none is either."""

    batch: bytes
    sent: int
    accepted: int
    rejected: int

    @property
    def answered(self) -> bool:
        """Tell whether the receipt is here: what was sent has been accepted or rejected."""
        return self.sent == self.accepted + self.rejected


@dataclass(frozen=True, slots=True)
class ExportedBatch:
    """A batch written as a file for a place without a network."""

    batch: bytes
    file: str
    bytes: int


@dataclass(frozen=True, slots=True)
class ImportedReceipt:
    """A receipt that came as a file: records sent, accepted, rejected; ``again``: it was here before."""

    batch: bytes
    sent: int
    accepted: int
    rejected: int
    again: bool


@dataclass(frozen=True, slots=True)
class SyncOutcome:
    """One run of ``sync``: batches pushed and how many pages of the platform were pulled."""

    pushed: tuple[PushOutcome, ...]
    pulled: int


@dataclass(frozen=True, slots=True)
class Traffic:
    """Bytes of the bodies that one run has sent and received so far."""

    sent: int
    received: int


@dataclass(frozen=True, slots=True)
class LostReport:
    """A report that the platform holds in an earlier version than it had accepted; 0: not at all."""

    kind: str
    class_code: str
    held: int
    version: int


@dataclass(frozen=True, slots=True)
class PlatformComparison:
    """How the platform stands to what is kept here.

    ``anew``: it is another one at this address; ``behind``: what it publishes has begun again; ``records``: of the
    ``lost`` reports would be sealed again.
    """

    url: str
    anew: bool
    behind: bool
    lost: tuple[LostReport, ...]
    records: int

    @property
    def same(self) -> bool:
        """Tell whether there is nothing to confirm."""
        return not (self.anew or self.behind or self.lost)


@dataclass(frozen=True, slots=True)
class ConfirmedPlatform:
    """What followed from confirming a changed platform: reports and records sealed again, batches dissolved."""

    batch: bytes | None
    reports: int
    records: int
    dissolved: int


@dataclass(frozen=True, slots=True)
class PlatformLink:
    """The platform that this institution reports to; ``reachable`` None before the first contact."""

    url: str
    joined: bool
    last_contact: str | None = None
    reachable: bool | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """Which reports to look at or seal; empty = all."""

    kinds: Collection[str] = field(default_factory=tuple)
    class_ids: Collection[bytes] = field(default_factory=tuple)


EVERYTHING = Selection()


class Reporting(Protocol):
    """上报: pre-flight, seal, push, receipts, pull. Long calls take progress and a token and stop between requests."""

    def link(self) -> PlatformLink:
        """Return the platform's address and the last contact."""

    def traffic(self) -> Traffic:
        """Return at once the bytes of the run at hand, or of the last one."""

    def join(self, url: str, code: str, confirmed: str | None = None) -> ConfirmedPlatform | None:
        """Register this workstation with a one-time code; AppError PLATFORM_*.

        A platform that began anew is refused (PLATFORM_OTHER) unless ``confirmed`` says why it is the right one; then
        what it lost is sealed again, and that is returned.
        """

    def compare_platform(self) -> PlatformComparison:
        """Compare what the platform holds with what is kept here; AppError PLATFORM_HOLDS_OTHERS."""

    def confirm_platform(self, reason: str) -> ConfirmedPlatform:
        """Take a platform that was restored as it is now, and seal again what it lost.

        Raises AppError PLATFORM_AS_KNOWN where there is nothing to confirm, PLATFORM_HOLDS_OTHERS, REASON_MISSING.
        """

    def pull(self, progress: Progress = no_progress, cancel: CancelToken = NEVER) -> int:
        """Take over what the platform has published and answered; return the number of new pages."""

    def list_reports(
        self, progress: Progress = no_progress, cancel: CancelToken = NEVER
    ) -> list[ReportListItem]:
        """Return every report (kind × class) with its state and what changed since it was accepted.

        Looks again only at what may have changed since the last time; AppError CANCELLED between two classes.
        """

    def class_reports(self, class_id: bytes) -> list[ReportListItem]:
        """Return the reports of one class as they stand."""

    def record_marks(self, class_id: bytes, kinds: Collection[str]) -> Mapping[tuple[str, bytes], str]:
        """Return how records of a class that are not accepted stand: ready, changed, sealed, rejected."""

    def known_standing(self) -> tuple[list[ReportListItem], Preflight]:
        """Return at once the reports and the pre-flight as they were found the last time, read once for both."""

    def standing(
        self, progress: Progress = no_progress, cancel: CancelToken = NEVER
    ) -> tuple[list[ReportListItem], Preflight]:
        """Return the reports and the pre-flight, looked at again where need be; AppError CANCELLED."""

    def known_counts(self) -> ReportCounts:
        """Return at once how many reports stand how, as they were found the last time."""

    def count_reports(self, progress: Progress = no_progress, cancel: CancelToken = NEVER) -> ReportCounts:
        """Return how many reports stand how, looked at again where need be; AppError CANCELLED."""

    def preflight(self, selection: Selection = EVERYTHING) -> Preflight:
        """Run the platform's own validation here; AppError REPORT_KIND_UNKNOWN."""

    def seal(self, selection: Selection = EVERYTHING, reason: str | None = None) -> SealedBatch:
        """Seal what differs from the accepted statements and has no error.

        Raises AppError NOTHING_TO_SEAL, and CORRECTION_REASON_MISSING (``count``, ``records``) where an accepted record
        changes or leaves.
        """

    def review(self, kind: str, class_id: bytes, reason: str | None = None) -> None:
        """Approve what is ready of a report (校内审核), or return it with a reason.

        Raises AppError NOTHING_TO_REVIEW, REVIEW_OWN_WORK, REASON_MISSING.
        """

    def dissolve(self, batch: bytes) -> None:
        """Dissolve a sealed batch without receipt; AppError BATCH_UNKNOWN, BATCH_HAS_RECEIPT.

        Once sending has begun the platform is asked first (AppError PLATFORM_…).
        """

    def push(
        self,
        batch: bytes | None = None,
        progress: Progress = no_progress,
        cancel: CancelToken = NEVER,
    ) -> PushOutcome:
        """Push a sealed batch (the oldest by default), those it depends on first, and store the receipt.

        Raises AppError NOTHING_TO_PUSH, BATCH_UNKNOWN, BATCH_DISSOLVED, PLATFORM_UNREACHABLE, the platform's refusals.
        """

    def export_batch(self, batch: bytes, path: Path) -> ExportedBatch:
        """Write a sealed batch as a file encrypted to the platform; it counts as being on its way from then on.

        Raises AppError BATCH_UNKNOWN, BATCH_DISSOLVED, BATCH_HAS_RECEIPT, BATCH_EARLIER_FIRST, SEALING_KEY_MISSING,
        DISK_FULL, FILE_NOT_WRITABLE.
        """

    def import_receipt(self, path: Path) -> ImportedReceipt:
        """Take over the receipt file that the platform made of such a batch.

        Raises AppError SEALED_FILE_…, BATCH_UNKNOWN, RECEIPT_FOREIGN, SIGNATURE_INVALID, REPORT_DIGEST_DIFFERS.
        """

    def sync(self, progress: Progress = no_progress, cancel: CancelToken = NEVER) -> SyncOutcome:
        """Push what is sealed and pull; never seals. The first refusal of a batch is raised at the end."""

    def list_batches(self) -> list[BatchListItem]:
        """Return batches, newest first."""

    def rejected(self, batch: bytes | None = None) -> list[RejectedListItem]:
        """Return the records that wait for a correction: all of them, or those of one batch's receipt."""

    def reported_digest(self) -> StateDigest:
        """Return the digest of the accepted statements; equal to the platform's for this institution."""
