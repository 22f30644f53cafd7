"""统计 (五.二.1, 六.3): figures of a year, last year one click away, the page for Mondays, what was sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtWidgets import QComboBox

from desktop_app.domain.statistics import Scope
from ui.i18n import tr
from ui.navigation import PageContext
from ui.pages.statistics.panels import SendPanel
from ui.pages.statistics.tabs import FiguresTab, MondayTab, SentTab, TeachersTab
from ui.saving import save_paper
from ui.widgets.form_panel import choice_box
from ui.widgets.page import Crumb, Page
from ui.widgets.page_header import PageHeader
from ui.widgets.tabs import Tabs

YEARS = 8


class StatisticsPage(Page):
    """``open(tab=…)`` shows a tab: figures, monday, teachers, sent."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context = context
        may = context.services.context.may
        self.header = PageHeader(tr("page.statistics"))
        self._year = self._year_box()
        self.tabs = Tabs()
        self.tabs.add("figures", tr("figures.tab.figures"), lambda: FiguresTab(context, self.scope))
        if may("view_monday"):
            self.tabs.add("monday", tr("figures.tab.monday"), lambda: MondayTab(context))
        self.tabs.add("teachers", tr("figures.tab.teachers"), lambda: TeachersTab(context, self.scope))
        self.tabs.add("sent", tr("figures.tab.sent"), lambda: SentTab(context))
        self.tabs.shown.connect(lambda _key: self._on_tab())
        self.header.add_button(tr("figures.last_year"), self.last_year, "chevron-left")
        if may("make_paper"):
            items: list[tuple[str, Callable[[], object]]] = [
                (tr("figures.print_as", format="PDF"), lambda: self.print_paper("pdf")),
                (tr("figures.print_as", format="Excel"), lambda: self.print_paper("xlsx")),
            ]
            self.header.add_menu(tr("classes.print"), items, "printer")
        if may("send_figures"):
            self.header.set_primary(tr("figures.send"), self.begin_send, "send")
        self.column.addWidget(self.header)
        self.column.addWidget(self.tabs, 1)
        self.tabs.show_tab("monday" if may("review_report") and may("view_monday") else "figures")
        self._on_tab()

    def open(self, tab: str = "", **_others: Any) -> None:  # noqa: ANN401 - Page's signature
        if tab in self.tabs.keys_shown():
            self.tabs.show_tab(tab)

    def scope(self) -> Scope:
        """Return the year that is shown, from its first to its last day."""
        year = int(self._year.currentData())
        return Scope(date(year, 1, 1), date(year, 12, 31))

    def last_year(self) -> None:
        """Show the year before."""
        self._year.setCurrentIndex(min(self._year.currentIndex() + 1, self._year.count() - 1))
        self._on_year()

    def begin_send(self) -> None:
        """Open the form that freezes and sends the figures of the year."""
        page = self.tabs.show_tab("figures")
        assert isinstance(page, FiguresTab)
        content = SendPanel(self.context, self.scope())
        content.sent.connect(lambda: self._on_sent(page))
        page.panel.open_panel("send", tr("figures.send_title"), content, content.foot())

    def print_paper(self, ending: str) -> None:
        """Write the paper of the tab in front."""
        service, scope, tab = self.context.services.figure_papers, self.scope(), self.tabs.current()
        if tab == "monday":
            save_paper(self, self.context, tr("papers.title.monday"), ending, service.monday)
        elif tab == "teachers":
            name = f"{tr('papers.title.teacher-hours')} {scope.first.year}"
            save_paper(self, self.context, name, ending, lambda path: service.teacher_hours(scope, path))
        else:
            page = self.tabs.page("figures")
            assert isinstance(page, FiguresTab)
            dimension = page.dimension()
            name = f"{tr('papers.title.statistics')} {scope.first.year}"
            save_paper(
                self, self.context, name, ending, lambda path: service.statistics(scope, dimension, path)
            )

    def drop_drafts(self) -> None:
        for key in self.tabs.keys_shown():
            page: Any = self.tabs.made(key)
            if page is not None:
                page.drop_drafts()

    def _year_box(self) -> QComboBox:
        year = self.context.services.context.today().year
        box = choice_box(
            [(one, tr("figures.year_choice", year=one)) for one in range(year, year - YEARS, -1)]
        )
        box.activated.connect(lambda _index: self._on_year())
        self.header.layout().insertWidget(1, box)  # type: ignore[union-attr]
        return box

    def _on_year(self) -> None:
        for key in ("figures", "teachers"):
            page: Any = self.tabs.made(key)
            if page is not None:
                page.reload_year()
        self._on_tab()

    def _on_tab(self) -> None:
        tab = self.tabs.current()
        self.set_crumbs([Crumb(tr("page.statistics"), "statistics"), Crumb(tr(f"figures.tab.{tab}"))])
        scope, today = self.scope(), self.context.services.context.today()
        until = tr("figures.cut_off", day=min(scope.last, today).isoformat())
        span = tr("figures.span", first=scope.first.isoformat(), last=scope.last.isoformat())
        self.header.set_facts(*((until,) if tab == "monday" else (span, until)))

    def _on_sent(self, page: FiguresTab) -> None:
        page.panel.forget_draft("send")
        page.panel.close_panel()
        self.context.messages.tell(tr("figures.sent_told"))
        self.tabs.show_tab("sent")
