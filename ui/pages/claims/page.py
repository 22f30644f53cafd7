"""All claims of the institution, with their money; one opens the class that it is of (五.一)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from desktop_app.domain.listings.claims import ClaimItem
from desktop_app.domain.money import format_fen
from ui.i18n import tr
from ui.navigation import PageContext
from ui.pages.claims.grant_panel import GrantBasePanel
from ui.pages.claims.table_model import channel_text, claim_list_model
from ui.panel_tab import PanelTab
from ui.widgets.data_table import RowAction
from ui.widgets.empty_state import EmptyState
from ui.widgets.labels import button
from ui.widgets.page import Page
from ui.widgets.page_header import PageHeader


class ClaimList(PanelTab[ClaimItem]):
    """Every claim; Enter opens the class's."""

    def __init__(self, context: PageContext, header: PageHeader) -> None:
        self._header = header
        super().__init__(
            context,
            "claims_list",
            claim_list_model(),
            placeholder=tr("claims.search"),
            empty=EmptyState(tr("claims.none"), tr("claims.none_detail"), "", "file-spreadsheet"),
            actions=[RowAction("claims.open", lambda rows: self.open_row(rows[0]), "pencil", many=False)],
            count_key="claims.count",
            kinds={"claim", "claim_line", "claim_decision", "claim_payment"},
        )
        grant = button(tr("claims.grant.button"))
        grant.clicked.connect(self.open_grant)
        self.filters.add_right(grant)

    def open_grant(self) -> None:
        """Open the base of the student grant in the panel."""
        content = GrantBasePanel(self.context)
        self.panel.open_panel("grant", tr("claims.grant.button"), content, content.foot())

    def fetcher(self) -> Callable[[], Sequence[ClaimItem]]:
        service = self.context.services.claims
        return lambda: service.items()  # noqa: PLW0108 - the list of all, not of a class

    def show_rows(self, rows: Sequence[ClaimItem]) -> None:
        money = [one.money for one in rows]
        self._header.set_facts(
            tr(
                "claims.totals",
                claimed=format_fen(sum(one.claimed for one in money)),
                approved=format_fen(sum(one.approved for one in money)),
                cut=format_fen(sum(one.reduced + one.refused for one in money)),
                paid=format_fen(sum(one.paid - one.recovered for one in money)),
            )
        )
        super().show_rows(rows)

    def words_of(self, row: ClaimItem) -> Iterable[str]:
        return (row.class_code, channel_text(row.channel), row.trade)

    def open_row(self, row: ClaimItem) -> None:
        self.context.navigate("class", class_id=row.class_id, tab="claims")


class ClaimsPage(Page):
    """The list with its totals in the head."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        header = PageHeader(tr("page.claims"))
        self.column.addWidget(header)
        self.list = ClaimList(context, header)
        self.column.addWidget(self.list, 1)
        self.set_hints([("Enter", tr("hint_key.open"))])
