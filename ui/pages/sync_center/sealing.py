"""What sealing would do, in numbers, before it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop_app.domain.listings.reporting import ReportListItem
from desktop_app.services.reporting import EVERYTHING, Preflight, Selection
from ui.i18n import tr


@dataclass(frozen=True, slots=True)
class SealPlan:
    """``reports`` and ``records`` would go, ``held`` records stay because of an error; a correction asks a reason.

    ``unreviewed`` records stay because the head has not approved them.
    """

    selection: Selection
    reports: int
    records: int
    held: int
    corrects: bool
    unreviewed: int = 0

    @property
    def detail(self) -> str:
        """Return the numbers in a sentence."""
        key = "sync.seal_held" if self.held else "sync.seal_all"
        text = tr(key, reports=self.reports, records=self.records, held=self.held)
        return tr("sync.seal_unreviewed", detail=text, count=self.unreviewed) if self.unreviewed else text


def selection_of(reports: Sequence[ReportListItem]) -> Selection:
    """Return the selection that covers some reports; all of them where none is named."""
    if not reports:
        return EVERYTHING
    return Selection(
        kinds=tuple(dict.fromkeys(item.kind for item in reports)),
        class_ids=tuple(dict.fromkeys(item.class_id for item in reports)),
    )


def plan_seal(
    chosen: Sequence[ReportListItem], every: Sequence[ReportListItem], preflight: Preflight
) -> SealPlan:
    """Plan sealing the chosen reports (none chosen: every one)."""
    selection = selection_of(chosen)
    kinds, classes = set(selection.kinds), set(selection.class_ids)
    covered = [
        item
        for item in every
        if (not kinds or item.kind in kinds) and (not classes or item.class_id in classes)
    ]
    going = [item for item in covered if item.changed and item.review in {"", "approved"}]
    corrects = any(item.version > 0 and item.state == "changed" for item in going)
    held = preflight.records - preflight.ready - preflight.unreviewed
    return SealPlan(selection, len(going), preflight.ready, held, corrects, preflight.unreviewed)
