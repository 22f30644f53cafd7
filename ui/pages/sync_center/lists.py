"""The lists of the sync centre, each in a tab with its count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.domain.listings.reporting import (
    BatchListItem,
    PreflightProblem,
    RejectedListItem,
    ReportListItem,
)
from ui.i18n import tr
from ui.list_export import ListExport
from ui.navigation import PageContext
from ui.pages.sync_center.snapshot import SyncSnapshot
from ui.pages.sync_center.tables import (
    batches_model,
    problems_model,
    rejected_model,
    reports_model,
)
from ui.pages.sync_center.wording import Target, report_target, target
from ui.report_wording import kind_text
from ui.widgets.data_table import DataTable, RowAction
from ui.widgets.empty_state import EmptyState
from ui.widgets.filter_bar import FilterBar
from ui.widgets.tabs import Tabs

SECTIONS = ("reports", "problems", "rejected", "batches")
REPORT_CHIPS = ("ready", "changed", "rejected", "accepted")
REVIEW_CHIP = "review"


@dataclass(frozen=True, slots=True)
class SyncActs:
    """What the lists call; an act that the user may not do is None."""

    seal: Callable[[list[ReportListItem]], object] | None
    push: Callable[[list[BatchListItem]], object] | None
    dissolve: Callable[[list[BatchListItem]], object] | None
    approve: Callable[[list[ReportListItem]], object] | None
    send_back: Callable[[list[ReportListItem]], object] | None
    go: Callable[[Target], object]
    open_batch: Callable[[BatchListItem], object]


class SyncLists(QWidget):
    """Four tabs, each with its count."""

    def __init__(self, context: PageContext, acts: SyncActs) -> None:
        super().__init__()
        self._context, self._acts = context, acts
        self.snapshot = SyncSnapshot()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.filters = FilterBar(tr("sync.search"))
        chips = (*REPORT_CHIPS, REVIEW_CHIP)
        self.filters.add_chips([(state, tr(f"sync.chip.{state}")) for state in chips], exclusive=True)
        self.filters.changed.connect(lambda _text, _chips: self._fill_reports())
        self._make_tables()
        self.tabs = Tabs()
        for section in SECTIONS:
            self.tabs.add(section, tr(f"sync.tab.{section}"), self._holder_maker(section))
        self.tabs.page("reports")
        layout.addWidget(self.tabs)
        self.show_snapshot(self.snapshot)

    def show_snapshot(self, snapshot: SyncSnapshot) -> None:
        """Fill every list and count it in its tab."""
        self.snapshot = snapshot
        self._fill_reports()
        self.problems.set_rows(snapshot.preflight.problems)
        self.rejected.set_rows(snapshot.rejected)
        self.batches.set_rows(snapshot.batches)
        counts = (len(snapshot.reports), len(snapshot.preflight.problems), len(snapshot.rejected),
                  len(snapshot.batches))  # fmt: skip
        for section, count in zip(SECTIONS, counts, strict=True):
            title = tr(f"sync.tab.{section}")
            self.tabs.set_title(section, tr("sync.tab_count", title=title, count=count) if count else title)

    def show_section(self, section: str) -> None:
        """Bring a list to the front; ``changed`` and ``review`` filter the list of reports."""
        if section in {"changed", REVIEW_CHIP}:
            self.filters.set_chosen(frozenset({section}))
            section = "reports"
        if section in SECTIONS:
            self.tabs.show_tab(section)

    def _make_tables(self) -> None:
        prefs, acts = self._context.preferences, self._acts
        may_seal = (
            []
            if acts.seal is None
            else [RowAction("sync.seal_chosen", acts.seal, "lock", allowed=_has_changes)]
        )
        check: RowAction[ReportListItem] = RowAction(
            "sync.see_class", self._go_class, "graduation-cap", many=False
        )
        self.reports: DataTable[ReportListItem] = DataTable(
            "sync_reports", reports_model(), prefs, [*self._review_acts(), *may_seal, check],
            EmptyState(tr("sync.no_reports"), tr("sync.no_reports_detail"), icon_name="send"))  # fmt: skip
        self.reports.opened.connect(lambda row: self._go_class([row]))
        jump: RowAction[PreflightProblem] = RowAction("sync.go_correct", self._go, "pencil", many=False)
        self.problems: DataTable[PreflightProblem] = DataTable(
            "sync_problems", problems_model(), prefs, [jump],
            EmptyState(tr("sync.no_problems"), tr("sync.no_problems_detail"), icon_name="circle-check"))  # fmt: skip
        self.problems.opened.connect(lambda row: self._go([row]))
        fix: RowAction[RejectedListItem] = RowAction("sync.go_correct", self._go, "pencil", many=False)
        self.rejected: DataTable[RejectedListItem] = DataTable(
            "sync_rejected", rejected_model(), prefs, [fix],
            EmptyState(tr("sync.no_rejected"), icon_name="circle-check"))  # fmt: skip
        self.rejected.opened.connect(lambda row: self._go([row]))
        batch_acts: list[RowAction[BatchListItem]] = [
            RowAction("sync.look", lambda rows: acts.open_batch(rows[0]), "info", many=False)
        ]
        if acts.push is not None:
            batch_acts.append(RowAction("sync.push", acts.push, "send", many=False, allowed=_waits))
        if acts.dissolve is not None:
            batch_acts.append(RowAction("sync.dissolve", acts.dissolve, "trash-2", many=False, danger=True,
                                        allowed=_waits))  # fmt: skip
        self.batches: DataTable[BatchListItem] = DataTable(
            "sync_batches", batches_model(), prefs, batch_acts,
            EmptyState(tr("sync.no_batches"), tr("sync.no_batches_detail"), icon_name="package"))  # fmt: skip
        self.batches.opened.connect(acts.open_batch)
        tables: tuple[DataTable[Any], ...] = (
            self.reports,
            self.problems,
            self.rejected,
            self.batches,
        )
        self.exports = [self._export(table, name) for table, name in zip(tables, SECTIONS, strict=True)]

    def _export(self, table: DataTable[Any], name: str) -> ListExport[Any]:
        """Let a list be written out; none of them shows anything masked."""
        return ListExport(
            self, self._context, table, lambda: tr(f"exports.title.sync_{name}"), lambda _row: b""
        )

    def _review_acts(self) -> list[RowAction[ReportListItem]]:
        if self._acts.approve is None or self._acts.send_back is None:
            return []
        return [
            RowAction("sync.approve", self._acts.approve, "circle-check", allowed=_reviewable),
            RowAction("sync.return", self._acts.send_back, "undo-2", allowed=_reviewable),
        ]

    def _holder_maker(self, section: str) -> Callable[[], QWidget]:
        def make() -> QWidget:
            holder = QWidget()
            column = QVBoxLayout(holder)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(12)
            if section == "reports":
                column.addWidget(self.filters)
            column.addWidget(getattr(self, section), 1)
            return holder

        return make

    def _fill_reports(self) -> None:
        chosen, text = self.filters.chosen(), self.filters.text().lower()
        for state in REPORT_CHIPS:
            count = self.snapshot.count(state)
            title = tr(f"sync.chip.{state}")
            self.filters.set_chip_text(
                state, tr("sync.tab_count", title=title, count=count) if count else title
            )
        waiting, title = self.snapshot.count_review("waiting"), tr(f"sync.chip.{REVIEW_CHIP}")
        self.filters.set_chip_text(REVIEW_CHIP, tr("sync.tab_count", title=title, count=waiting))
        self.filters.set_chip_visible(REVIEW_CHIP, visible=self.snapshot.is_reviewed)
        self.reports.set_rows(
            row
            for row in self.snapshot.reports
            if (not chosen or row.state in chosen or (REVIEW_CHIP in chosen and row.review == "waiting"))
            and (not text or text in row.class_code.lower() or text in kind_text(row.kind))
        )

    def _go(self, rows: list[PreflightProblem] | list[RejectedListItem]) -> None:
        self._acts.go(target(rows[0]))

    def _go_class(self, rows: list[ReportListItem]) -> None:
        self._acts.go(report_target(rows[0]))


def _has_changes(rows: list[ReportListItem]) -> bool:
    return any(row.changed for row in rows)


def _reviewable(rows: list[ReportListItem]) -> bool:
    return all(row.review for row in rows)


def _waits(rows: list[BatchListItem]) -> bool:
    return rows[0].state in {"sealed", "sending"}
