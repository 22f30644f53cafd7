"""What the sync centre shows, read in one go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from desktop_app.domain.listings.reporting import (
    BatchListItem,
    RejectedListItem,
    ReportListItem,
)
from desktop_app.services.ports import CancelToken, Progress
from desktop_app.services.reporting import PlatformLink, Preflight

NOT_JOINED = PlatformLink("", joined=False)
NOTHING = Preflight(0, 0, ())


@dataclass(frozen=True, slots=True)
class SyncSnapshot:
    """The link to the platform, and what lies on this side of it."""

    link: PlatformLink = NOT_JOINED
    reports: tuple[ReportListItem, ...] = ()
    preflight: Preflight = NOTHING
    rejected: tuple[RejectedListItem, ...] = ()
    batches: tuple[BatchListItem, ...] = ()
    reviewers: tuple[str, ...] = ()

    @property
    def is_reviewed(self) -> bool:
        """Tell whether any report is subject to 校内审核 now."""
        return any(item.review for item in self.reports)

    @property
    def may_go(self) -> int:
        """Count the reports with changes that no review holds."""
        return sum(1 for item in self.reports if item.changed and item.review in {"", "approved"})

    def count_review(self, review: str) -> int:
        """Count the reports whose 校内审核 stands so."""
        return sum(item.review == review for item in self.reports)

    def count(self, state: str) -> int:
        """Count the reports in a state."""
        return sum(item.state == state for item in self.reports)

    @property
    def changed_records(self) -> int:
        """Return how many records changed after their report was accepted."""
        return sum(item.changed for item in self.reports if item.state == "changed")

    @property
    def waiting_batches(self) -> tuple[BatchListItem, ...]:
        """Return the sealed batches without a receipt."""
        return tuple(item for item in self.batches if item.state in {"sealed", "sending", "delivered"})


def snapshot_reader(services: Any) -> Callable[[], SyncSnapshot]:  # noqa: ANN401 - the container
    """Return the call that reads everything as it is known; nothing before the institution has joined."""
    reporting: Any = getattr(services, "reporting", None)

    def read() -> SyncSnapshot:
        link = NOT_JOINED if reporting is None else reporting.link()
        if not link.joined:
            return SyncSnapshot(link)
        return _snapshot(services, link, reporting.known_standing())

    return read


def snapshot_refresher(services: Any) -> Callable[[Progress, CancelToken], SyncSnapshot]:  # noqa: ANN401 - the container
    """Return the long call that first looks again at what has changed; AppError CANCELLED."""
    reporting: Any = getattr(services, "reporting", None)

    def read(progress: Progress, cancel: CancelToken) -> SyncSnapshot:
        found = reporting.standing(progress, cancel)
        return _snapshot(services, reporting.link(), found)

    return read


def _snapshot(
    services: Any,  # noqa: ANN401 - the container
    link: PlatformLink,
    standing: tuple[Sequence[ReportListItem], Preflight],
) -> SyncSnapshot:
    reporting: Any = services.reporting
    return SyncSnapshot(
        link,
        tuple(standing[0]),
        standing[1],
        tuple(reporting.rejected()),
        tuple(reporting.list_batches()),
        tuple(services.reviews.reviewers()),
    )
