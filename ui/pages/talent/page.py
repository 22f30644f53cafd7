"""技能人才 (五.一.3, 五.一.4): how many hold what, who they are, and what their certificates brought them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_app.domain.talent_statistics import TalentCount
from desktop_app.services.papers import WrittenPaper
from ui.i18n import tr
from ui.navigation import PageContext
from ui.pages.talent.table_models import NumberRow
from ui.pages.talent.tabs import ConversionsTab, DepositsTab, HoldersTab, NumbersTab, TreatmentsTab
from ui.unsaved import Unsaved
from ui.widgets.page import Crumb, Page
from ui.widgets.page_header import PageHeader
from ui.widgets.tabs import Tabs
from ui.wording import day_text

FORMATS = {"pdf": "PDF (*.pdf)", "xlsx": "Excel (*.xlsx)"}


class TalentPage(Page):
    """``open(class_id=…, class_code=…, trainee_id=…)`` shows the certificates of a class and marks a person."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context = context
        may = context.services.context.may
        self.header = PageHeader(tr("page.talent"))
        if may("make_paper"):
            items: list[tuple[str, Callable[[], object]]] = [
                (tr("talent.print_as", format="PDF"), lambda: self.print_paper("pdf")),
                (tr("talent.print_as", format="Excel"), lambda: self.print_paper("xlsx")),
            ]
            self.header.add_menu(tr("classes.print"), items, "printer")
        self.tabs = Tabs()
        self.tabs.add("numbers", tr("talent.tab.numbers"), self._numbers)
        self.tabs.add("holders", tr("talent.tab.holders"), lambda: HoldersTab(context))
        self.tabs.add("treatments", tr("talent.tab.treatments"), lambda: TreatmentsTab(context))
        if may("view_credit_bank"):
            self.tabs.add("deposits", tr("talent.tab.deposits"), lambda: DepositsTab(context))
            self.tabs.add("conversions", tr("talent.tab.conversions"), lambda: ConversionsTab(context))
        self.tabs.shown.connect(lambda _key: self._draw_crumbs())
        self._named = ""
        self.column.addWidget(self.header)
        self.column.addWidget(self.tabs, 1)
        self.tabs.show_tab("numbers")
        self.set_hints([("Enter", tr("hint_key.open")), ("Esc", tr("hint_key.close"))])
        self._draw_crumbs()

    def open(
        self,
        class_id: bytes | None = None,
        class_code: str = "",
        trainee_id: bytes | None = None,
        tab: str = "",
        **_others: Any,  # noqa: ANN401 - Page's signature
    ) -> None:
        if class_id is not None:
            self._show_holders("class", class_id, class_code, trainee_id)
        elif tab in self.tabs.keys_shown():
            self.tabs.show_tab(tab)

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

    def print_paper(self, ending: str) -> None:
        """Ask where, then write the 技能人才统计表."""
        name = tr("talent.print_file", ending=ending)
        chosen, _kind = QFileDialog.getSaveFileName(
            self.window(), tr("papers.choose"), str(Path.home() / name), FORMATS[ending]
        )
        if chosen:
            service, target = self.context.services.talent, Path(chosen)
            self.context.tasks.long_command(
                self, lambda _progress, _cancel: service.write_paper(target), self._on_written
            )

    def _pages(self) -> dict[str, Any]:
        found = {key: self.tabs.made(key) for key in self.tabs.keys_shown()}
        return {key: page for key, page in found.items() if page is not None}

    def _numbers(self) -> QWidget:
        made = NumbersTab(self.context)
        made.chosen.connect(self._on_chosen)
        made.counted.connect(self._on_counted)
        return made

    def _on_chosen(self, row: NumberRow) -> None:
        self._show_holders(row.group, row.value, row.name)

    def _show_holders(self, group: str, value: object, name: str, trainee_id: bytes | None = None) -> None:
        self._named = name
        page = self.tabs.show_tab("holders")
        assert isinstance(page, HoldersTab)
        page.narrow(group, value, trainee_id)
        self._draw_crumbs()

    def _on_counted(self, counted: TalentCount) -> None:
        self.header.set_facts(
            tr("talent.fact.people", count=counted.people),
            tr("talent.fact.certificates", count=counted.certificates),
            tr("talent.fact.basis", day=day_text(counted.until, weekday=False)),
        )

    def _draw_crumbs(self) -> None:
        tab = self.tabs.current()
        crumbs = [Crumb(tr("page.talent"), "talent"), Crumb(tr(f"talent.tab.{tab}"))]
        if tab == "holders" and self._named:
            crumbs.append(Crumb(self._named))
        self.set_crumbs(crumbs)

    def _on_written(self, paper: WrittenPaper) -> None:
        url = QUrl.fromLocalFile(str(paper.file))
        self.context.messages.tell(
            tr("papers.written", file=paper.file.name),
            action=tr("papers.open"),
            run=lambda: QDesktopServices.openUrl(url),
        )
