"""The two lists of the page 督导: risk flags, and acts of departments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from desktop_app.domain.listings.risks import RiskFlag
from desktop_app.services.supervision import EventItem
from ui.i18n import tr
from ui.navigation import PageContext
from ui.pages.supervision.panels import FlagPanel, OrderPanel
from ui.pages.supervision.table_models import facts_text, flag_table_model, order_table_model, what_text
from ui.panel_tab import PanelTab
from ui.widgets.data_table import RowAction
from ui.widgets.empty_state import EmptyState

OPEN, BLOCKING = "open", "blocking"
KINDS = {
    "flag_disposal",
    "supervision_event",
    "mark",
    "session",
    "enrolment",
    "certificate",
    "score",
    "attachment",
    "trainee",
    "training_class",
}


class FlagsTab(PanelTab[RiskFlag]):
    """Flags, 阻断 first; ``open(flag_id=…)`` opens one."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(
            context,
            "risk",
            flag_table_model(),
            placeholder=tr("risk.search"),
            empty=EmptyState(tr("risk.empty"), tr("risk.empty_detail"), "", "shield"),
            actions=[RowAction("risk.open", lambda rows: self.open_row(rows[0]), "pencil", many=False)],
            count_key="risk.count",
            kinds=KINDS,
        )
        self.filters.add_chips([(OPEN, tr("risk.only_open")), (BLOCKING, tr("risk.only_blocking"))])
        self.hints = [("Enter", tr("hint_key.open")), ("Esc", tr("hint_key.close"))]

    def open(self, flag_id: bytes | None = None) -> None:
        """Open one flag in the panel."""
        self.open_where(lambda row: row.id == flag_id)

    def fetcher(self) -> Callable[[], Sequence[RiskFlag]]:
        service = self.context.services.risks
        return service.flags  # type: ignore[no-any-return]

    def words_of(self, row: RiskFlag) -> Iterable[str]:
        return (row.class_code, facts_text(row), tr(f"risk.kind.{row.kind}"))

    def on_filter(self) -> None:
        text, chosen = self.filters.text().lower(), self.filters.chosen()
        self.model.set_rows(
            row
            for row in self.all_rows()
            if (OPEN not in chosen or row.is_open)
            and (BLOCKING not in chosen or row.blocks)
            and (not text or any(text in word.lower() for word in self.words_of(row)))
        )

    def row_panel_key(self, row: RiskFlag) -> str:
        return row.id.hex()

    def open_row(self, row: RiskFlag) -> None:
        content = FlagPanel(self.context, row)
        content.saved.connect(lambda: self._on_saved(row.id.hex()))
        self.panel.open_panel(row.id.hex(), tr(f"risk.kind.{row.kind}"), content, content.foot())

    def _on_saved(self, key: str) -> None:
        self.panel.forget_draft(key)
        self.panel.close_panel()


class OrdersTab(PanelTab[EventItem]):
    """Orders, cuts and disqualifications; ``open(order_id=…)`` opens one."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(
            context,
            "supervision",
            order_table_model(),
            placeholder=tr("supervision.search"),
            empty=EmptyState(tr("supervision.empty"), tr("supervision.empty_detail"), "", "shield"),
            actions=[
                RowAction("supervision.open", lambda rows: self.open_row(rows[0]), "pencil", many=False)
            ],
            count_key="supervision.count",
            kinds={"supervision_event", "rectification", "attachment"},
        )
        self.hints = [("Enter", tr("hint_key.open")), ("Esc", tr("hint_key.close"))]

    def open(self, order_id: bytes | None = None) -> None:
        """Open one order in the panel."""
        self.open_where(lambda row: row.event.id == order_id)

    def fetcher(self) -> Callable[[], Sequence[EventItem]]:
        service = self.context.services.supervision
        return service.events  # type: ignore[no-any-return]

    def words_of(self, row: EventItem) -> Iterable[str]:
        return (row.event.document, row.event.department, what_text(row))

    def row_panel_key(self, row: EventItem) -> str:
        return row.event.id.hex()

    def open_row(self, row: EventItem) -> None:
        content = OrderPanel(self.context, row)
        content.saved.connect(lambda: self._on_saved(row.event.id.hex()))
        title = tr(f"supervision.kind.{row.event.kind.value}")
        self.panel.open_panel(row.event.id.hex(), title, content, content.foot())

    def _on_saved(self, key: str) -> None:
        self.panel.forget_draft(key)
        self.panel.close_panel()
