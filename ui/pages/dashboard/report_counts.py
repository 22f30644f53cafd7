"""How the reports stand, as numbers: years of them are a list of tens of thousands, which is not kept here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from desktop_app.domain.listings.reporting import ReportListItem


@dataclass(frozen=True, slots=True)
class ReportCounts:
    """How many reports are in each state, and how many records of accepted ones were changed since."""

    by_state: Mapping[str, int]
    changed_records: int


def count_reports(items: Iterable[ReportListItem]) -> ReportCounts:
    """Count reports as they are listed."""
    states: Counter[str] = Counter()
    changed = 0
    for item in items:
        states[item.state] += 1
        if item.state == "changed":
            changed += item.changed
    return ReportCounts(states, changed)


def known_reports(reporting: Any) -> ReportCounts | None:  # noqa: ANN401 - the engine
    """Count the reports as they were found the last time; None before the institution has joined the platform."""
    return count_reports(reporting.known_reports()) if reporting.link().joined else None
