"""督导 (六.3; R31, R37, R38): what was found in the data, with its evidence, and what departments ordered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ui.i18n import tr
from ui.navigation import PageContext
from ui.pages.supervision.tabs import FlagsTab, OrdersTab
from ui.unsaved import Unsaved
from ui.widgets.page import Crumb, Page
from ui.widgets.page_header import PageHeader
from ui.widgets.tabs import Tabs


class SupervisionPage(Page):
    """``open(tab=…, flag_id=…, order_id=…)`` shows a flag or an order."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context = context
        self.header = PageHeader(tr("page.supervision"))
        self.tabs = Tabs()
        self.tabs.add("flags", tr("supervision.tab.flags"), lambda: FlagsTab(context))
        self.tabs.add("orders", tr("supervision.tab.orders"), lambda: OrdersTab(context))
        self.tabs.shown.connect(lambda _key: self._draw_crumbs())
        self.column.addWidget(self.header)
        self.column.addWidget(self.tabs, 1)
        self.tabs.show_tab("flags")
        self.set_hints([("Enter", tr("hint_key.open")), ("Esc", tr("hint_key.close"))])
        self._draw_crumbs()
        self.reload_on(context.changes, {"flag_disposal", "mark", "session", "enrolment", "certificate"})

    def open(
        self,
        tab: str = "",
        flag_id: bytes | None = None,
        order_id: bytes | None = None,
        **_others: Any,  # noqa: ANN401 - Page's signature
    ) -> None:
        if order_id is not None or tab == "orders":
            page = self.tabs.show_tab("orders")
            assert isinstance(page, OrdersTab)
            page.open(order_id)
        elif flag_id is not None or tab == "flags":
            found = self.tabs.show_tab("flags")
            assert isinstance(found, FlagsTab)
            found.open(flag_id)

    def reload(self) -> None:
        service = self.context.services.risks
        self.context.tasks.query(self, service.counts, self._show_counts, latest="counts")

    def drop_drafts(self) -> None:
        for page in self._pages().values():
            page.drop_drafts()

    def unsaved(self) -> list[Unsaved]:
        return [
            replace(one, place={**one.place, "tab": key})
            for key, page in self._pages().items()
            for one in page.unsaved()
        ]

    def take_unsaved(self, unsaved: Unsaved) -> None:
        page = self._pages().get(str(unsaved.place.get("tab", "")))
        if page is not None:
            page.take_unsaved(unsaved)

    def _show_counts(self, counts: tuple[int, int]) -> None:
        blocking, hints = counts
        self.header.set_facts(
            tr("risk.fact.blocking", count=blocking),
            tr("risk.fact.hints", count=hints),
            tr("risk.fact.basis"),
        )

    def _pages(self) -> dict[str, Any]:
        found = {key: self.tabs.made(key) for key in self.tabs.keys_shown()}
        return {key: page for key, page in found.items() if page is not None}

    def _draw_crumbs(self) -> None:
        tab = self.tabs.current()
        self.set_crumbs([Crumb(tr("page.supervision"), "supervision"), Crumb(tr(f"supervision.tab.{tab}"))])
