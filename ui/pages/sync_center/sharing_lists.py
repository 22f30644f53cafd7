"""The lists of 协同, each in a tab with its count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from desktop_app.domain.listings.reporting import ConflictListItem
from desktop_app.domain.listings.sharing import InvitationItem, SharingOverview, WorkstationItem
from desktop_app.domain.listings.work_list import WorkItem
from ui.i18n import tr
from ui.list_export import ListExport
from ui.navigation import PageContext
from ui.pages.sync_center.sharing_tables import conflicts_model, invitations_model, workstations_model
from ui.pages.sync_center.work_panel import WorkActs, WorkPanel
from ui.widgets.data_table import DataTable, RowAction
from ui.widgets.empty_state import EmptyState
from ui.widgets.tabs import Tabs

SECTIONS = ("workstations", "conflicts", "work", "invitations")


@dataclass(frozen=True, slots=True)
class SharingActs:
    """What the lists call; an act that the user may not do is None."""

    revoke: Callable[[list[WorkstationItem]], object] | None
    withdraw: Callable[[bytes], object] | None
    open_conflict: Callable[[ConflictListItem], object]
    open_item: Callable[[WorkItem], object]
    decide: Callable[[WorkItem, str], object] | None


class SharingLists(QWidget):
    """Four tabs; ``show_seen`` fills them."""

    def __init__(self, context: PageContext, acts: SharingActs) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self._context = context
        self.workstations = self._workstations(acts)
        self.conflicts = self._conflicts(acts)
        self.invitations = self._invitations(acts)
        self.work = WorkPanel(WorkActs(acts.open_item, acts.decide))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.work.setProperty("ground", "canvas")
        scroll.setWidget(self.work)
        pages: dict[str, QWidget] = {
            "workstations": self.workstations,
            "conflicts": self.conflicts,
            "work": scroll,
            "invitations": self.invitations,
        }
        self.tabs = Tabs()
        for section in SECTIONS:
            self.tabs.add(section, tr(f"sharing.tab.{section}"), _giver(pages[section]))
        self.tabs.page(SECTIONS[0])
        layout.addWidget(self.tabs)
        tables: dict[str, DataTable[Any]] = {
            "sharing_workstations": self.workstations,
            "sync_conflicts": self.conflicts,
            "sharing_invitations": self.invitations,
        }
        self.exports = [self._export(table, name) for name, table in tables.items()]

    def show_seen(
        self, seen: SharingOverview, conflicts: Sequence[ConflictListItem], work: Sequence[WorkItem]
    ) -> None:
        """Fill every list and count it in its tab."""
        self.workstations.set_rows(seen.workstations)
        self.conflicts.set_rows(conflicts)
        self.invitations.set_rows(seen.invitations)
        self.work.show_items(work)
        counts = (
            len(seen.workstations),
            len(conflicts),
            len(work),
            sum(one.state == "open" for one in seen.invitations),
        )
        for section, count in zip(SECTIONS, counts, strict=True):
            title = tr(f"sharing.tab.{section}")
            self.tabs.set_title(section, tr("sync.tab_count", title=title, count=count) if count else title)

    def show_section(self, section: str) -> None:
        """Bring a list to the front."""
        if section in SECTIONS:
            self.tabs.show_tab(section)

    def _workstations(self, acts: SharingActs) -> DataTable[WorkstationItem]:
        rows: list[RowAction[WorkstationItem]] = []
        if acts.revoke is not None:
            rows.append(
                RowAction("sharing.revoke", acts.revoke, "lock", many=False, danger=True, allowed=_revocable)
            )
        return DataTable(
            "sharing_workstations",
            workstations_model(),
            self._context.preferences,
            rows,
            EmptyState(tr("sharing.no_workstations"), icon_name="refresh-cw"),
            "sharing.workstation_count",
        )

    def _conflicts(self, acts: SharingActs) -> DataTable[ConflictListItem]:
        look: RowAction[ConflictListItem] = RowAction(
            "sync.look", lambda rows: acts.open_conflict(rows[0]), "info", many=False
        )
        table: DataTable[ConflictListItem] = DataTable(
            "sync_conflicts",
            conflicts_model(),
            self._context.preferences,
            [look],
            EmptyState(
                tr("sharing.no_conflicts"), tr("sharing.no_conflicts_detail"), icon_name="circle-check"
            ),
        )
        table.opened.connect(acts.open_conflict)
        return table

    def _invitations(self, acts: SharingActs) -> DataTable[InvitationItem]:
        rows: list[RowAction[InvitationItem]] = []
        withdraw = acts.withdraw
        if withdraw is not None:
            rows.append(
                RowAction("sharing.withdraw", lambda chosen: withdraw(chosen[0].id), "x", many=False, danger=True,
                          allowed=_is_open)
            )  # fmt: skip
        return DataTable(
            "sharing_invitations",
            invitations_model(),
            self._context.preferences,
            rows,
            EmptyState(
                tr("sharing.no_invitations"), tr("sharing.no_invitations_detail"), icon_name="key-round"
            ),
        )

    def _export(self, table: DataTable[Any], name: str) -> ListExport[Any]:
        return ListExport(self, self._context, table, lambda: tr(f"exports.title.{name}"), lambda _row: b"")


def _giver(page: QWidget) -> Callable[[], QWidget]:
    return lambda: page


def _revocable(rows: list[WorkstationItem]) -> bool:
    return not (rows[0].own or rows[0].revoked)


def _is_open(rows: list[InvitationItem]) -> bool:
    return rows[0].state == "open"
