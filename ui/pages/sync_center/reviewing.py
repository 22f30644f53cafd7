"""校内审核 in the sync centre: what waits with whom, and deciding on several reports at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from desktop_app.domain.listings.reporting import ReportListItem
from ui.i18n import tr
from ui.pages.sync_center.snapshot import SyncSnapshot


def review_facts(snapshot: SyncSnapshot, *, reviews: bool) -> list[str]:
    """Return what the line of facts says: how many wait, and with whom where that is somebody else (``reviews``)."""
    facts = []
    waiting, returned = snapshot.count_review("waiting"), snapshot.count_review("returned")
    if waiting and reviews:
        facts.append(tr("sync.fact.review_head", count=waiting))
    elif waiting and snapshot.reviewers:
        who = tr("wording.and").join(snapshot.reviewers)
        facts.append(tr("sync.fact.review", count=waiting, who=who))
    elif waiting:
        facts.append(tr("sync.fact.review_nobody", count=waiting))
    if returned:
        facts.append(tr("sync.fact.review_returned", count=returned))
    return facts


def review_act(
    reporting: Any,  # noqa: ANN401 - the reporting service, where there is one
    chosen: Sequence[ReportListItem],
    reason: str | None,
) -> Callable[[], None]:
    """Return the act that decides on each report in turn; it ends at the first that is refused."""

    def run() -> None:
        for item in chosen:
            reporting.review(item.kind, item.class_id, reason)

    return run
