"""过程检查 of a class (六.2, 六.3): visits, heads set against the marks of that time, photos."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from desktop_app.domain.listings.training import InspectionItem, SessionListItem
from ui.dialogs.ask import ask_reason
from ui.i18n import tr
from ui.navigation import PageContext
from ui.pages.inspections.panel import InspectionPanel
from ui.pages.inspections.table_model import inspection_table_model
from ui.panel_page import NEW
from ui.panel_tab import PanelTab
from ui.widgets.data_table import RowAction
from ui.widgets.empty_state import EmptyState
from ui.widgets.labels import button
from ui.wording import day_text


class InspectionsTab(PanelTab[InspectionItem]):
    """``open(inspection_id=…)`` opens one note."""

    def __init__(self, context: PageContext, class_id: bytes) -> None:
        self._class_id = class_id
        self._sessions: list[SessionListItem] = []
        self.ask_reason: Callable[..., str | None] = ask_reason
        may_add = bool(context.services.context.may("record_inspection"))
        empty = EmptyState(
            tr("inspections.empty"),
            tr("inspections.empty_detail"),
            tr("inspections.new") if may_add else "",
            "clipboard-check",
        )
        actions: list[RowAction[InspectionItem]] = [
            RowAction("inspections.open", lambda rows: self.open_row(rows[0]), "eye", many=False)
        ]
        if context.services.context.may("remove_inspection"):
            actions.append(
                RowAction(
                    "inspections.remove",
                    lambda rows: self.remove(rows[0]),
                    "trash-2",
                    many=False,
                    danger=True,
                )
            )
        super().__init__(
            context,
            "inspections",
            inspection_table_model(),
            placeholder=tr("inspections.search"),
            empty=empty,
            actions=actions,
            count_key="inspections.count",
            kinds={"inspection", "session", "mark", "attachment"},
        )
        empty.acted.connect(self.begin_new)
        self.hints = [("Enter", tr("hint_key.open")), ("Esc", tr("hint_key.close"))]
        if may_add:
            add = button(tr("inspections.new"), "", "plus")
            add.clicked.connect(self.begin_new)
            self.filters.add_right(add)

    def open(self, inspection_id: bytes | None = None) -> None:
        """Open one note in the panel."""
        self.open_where(lambda row: row.id == inspection_id)

    def fetcher(self) -> Callable[[], Sequence[InspectionItem]]:
        services, class_id = self.context.services, self._class_id

        def fetch() -> Sequence[InspectionItem]:
            self._sessions = services.classes.list_sessions(class_id)
            found: list[InspectionItem] = services.inspections.list_inspections(class_id)
            return found

        return fetch

    def words_of(self, row: InspectionItem) -> Iterable[str]:
        return (row.inspector, row.findings, day_text(row.visited_on))

    def row_panel_key(self, row: InspectionItem) -> str:
        return row.id.hex() if self.panel.current_key() != NEW else ""

    def begin_new(self) -> None:
        """Begin a note, of the newest session."""
        self._show(NEW, tr("inspections.new"), None)

    def open_row(self, row: InspectionItem) -> None:
        self._show(row.id.hex(), tr("inspections.title", day=day_text(row.visited_on)), row)

    def remove(self, row: InspectionItem) -> None:
        """Take a note back, with a reason."""
        words = [tr("inspections.reason_typing"), tr("inspections.reason_class")]
        reason = self.ask_reason(
            self.window(), tr("inspections.remove_question"), tr("inspections.remove_detail"),
            tr("inspections.remove"), words,
        )  # fmt: skip
        if reason is not None:
            service = self.context.services.inspections
            self.panel.close_panel()
            self.context.tasks.command(
                self, lambda: service.remove(row.id, reason),
                lambda _done: self.context.messages.tell(tr("inspections.removed")),
            )  # fmt: skip

    def _show(self, key: str, title: str, row: InspectionItem | None) -> None:
        content = InspectionPanel(self.context, self._class_id, self._sessions, row)
        content.saved.connect(lambda made: self._on_saved(key, made))
        self.panel.open_panel(key, title, content, content.foot())

    def _on_saved(self, key: str, made: bytes) -> None:
        self.panel.forget_draft(key)
        self.panel.close_panel()
        self.table.select_key(made)
        self.context.messages.tell(tr("inspections.saved"))
