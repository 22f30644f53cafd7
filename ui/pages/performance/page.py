"""绩效 (五.二): 收支台账 by class, 绩效总量, what was approved, and who gets what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from desktop_app.domain.listings.figures import LedgerItem, Performance
from desktop_app.domain.listings.training import ClassListItem
from desktop_app.domain.money import capital, format_fen
from desktop_app.domain.performance import Share, front_line_share, percent_text
from desktop_app.services.performance import Candidate
from ui.dialogs.ask import ask_reason
from ui.i18n import tr
from ui.list_export import ListExport
from ui.navigation import PageContext
from ui.pages.performance.panels import ApprovalPanel, LinePanel, MoneyForm, RatioPanel, SharePanel
from ui.pages.performance.table_model import kind_text, ledger_model, share_model
from ui.panel_page import ListPage
from ui.saving import save_paper
from ui.widgets.data_table import DataTable, RowAction
from ui.widgets.empty_state import EmptyState
from ui.widgets.form_panel import choice_box
from ui.widgets.labels import label
from ui.widgets.page import Crumb
from ui.widgets.side_panel import PanelContent
from ui.widgets.stat_card import StatCard

YEARS = 8
KINDS = {
    "income",
    "cost",
    "performance_pool",
    "allocation",
    "claim_payment",
    "training_class",
    "session",
    "teacher",
}


class SharesPanel(PanelContent):
    """Who gets what of the pool."""

    def __init__(self, context: PageContext, found: Performance) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        share = tr("figures.pool.front_line", share=percent_text(front_line_share(found.shares)))
        column.addWidget(label(share, "facts"))
        self.table: DataTable[Share] = DataTable(
            "shares",
            share_model(),
            context.preferences,
            (),
            EmptyState(tr("performance.no_shares"), tr("performance.no_shares_detail"), "", "users"),
            count_key="performance.count_shares",
        )
        self.table.setMinimumHeight(320)
        self.exporting = ListExport(
            self, context, self.table, lambda: tr("exports.title.shares"), lambda _row: b""
        )
        self.table.set_rows(found.shares)
        column.addWidget(self.table, 1)


class PerformancePage(ListPage[LedgerItem]):
    """The ledger of a year under its sums."""

    def __init__(self, context: PageContext) -> None:
        may = context.services.context.may
        self._may_book = bool(may("add_income"))
        actions: list[RowAction[LedgerItem]] = []
        if may("remove_ledger_line"):
            actions = [
                RowAction("performance.remove", lambda rows: self.remove(rows[0]), "trash-2", many=False, danger=True,
                          allowed=lambda rows: not any(row.claimed for row in rows))
            ]  # fmt: skip
        empty = EmptyState(
            tr("performance.empty"),
            tr("performance.empty_detail"),
            tr("performance.add_income") if self._may_book else "",
            "file-spreadsheet",
        )
        super().__init__(
            context,
            "performance",
            tr("page.performance"),
            ledger_model(),
            placeholder=tr("performance.search"),
            empty=empty,
            actions=actions,
            count_key="performance.count",
        )
        empty.acted.connect(lambda: self.begin_line("income"))
        self.found: Performance | None = None
        self._classes: list[ClassListItem] = []
        self._people: list[Candidate] = []
        self.ask_reason: Callable[..., str | None] = ask_reason
        self._year = choice_box([(year, tr("figures.year_choice", year=year)) for year in self._years()])
        self._year.activated.connect(lambda _index: self.reload())
        self.header.layout().insertWidget(1, self._year)  # type: ignore[union-attr]
        self.cards = {
            key: StatCard(tr(f"performance.card.{key}")) for key in ("balance", "pool", "shares", "front")
        }
        self._lay_out_cards()
        self._add_buttons()
        self.set_crumbs([Crumb(tr("page.performance"))])
        self.set_hints([("Ctrl+F", tr("hint_key.find")), ("Esc", tr("hint_key.close"))])
        self.reload_on(context.changes, KINDS)

    def year(self) -> int:
        """Return the year that is shown."""
        return int(self._year.currentData())

    def last_year(self) -> None:
        """Show the year before."""
        self._year.setCurrentIndex(min(self._year.currentIndex() + 1, self._year.count() - 1))
        self.reload()

    def reload(self) -> None:
        self.table.set_loading(True)
        services, year = self.context.services, self.year()

        def read() -> tuple[Any, ...]:
            return (
                services.performance.overview(year),
                services.performance.lines(year),
                services.classes.list_classes() if self._may_book else [],
                services.performance.recipients(year),
            )

        self.context.tasks.query(self, read, self._show_read, latest="rows")

    def fetcher(self) -> Callable[[], Sequence[LedgerItem]]:
        service, year = self.context.services.performance, self.year()
        return lambda: service.lines(year)

    def keeps(self, row: LedgerItem) -> bool:
        text = self.filters.text().lower()
        return not text or any(
            text in word.lower() for word in (row.class_code, kind_text(row), row.document)
        )

    def begin_line(self, direction: str) -> None:
        """Open the form of a line of income or cost."""
        today = self.context.services.context.today()
        self._open(
            direction,
            tr(f"performance.add_{direction}"),
            LinePanel(self.context, direction, self._classes, today),
        )

    def begin_ratio(self) -> None:
        """Open the form of the ratio."""
        if self.found is not None:
            self._open("ratio", tr("performance.set_ratio"), RatioPanel(self.context, self.found))

    def begin_approval(self) -> None:
        """Open the form of the approval."""
        if self.found is not None:
            today = self.context.services.context.today()
            self._open(
                "approval", tr("performance.record_approval"), ApprovalPanel(self.context, self.found, today)
            )

    def begin_share(self) -> None:
        """Open the form of an allocation."""
        if self.found is not None:
            self._open(
                "share", tr("performance.allocate"), SharePanel(self.context, self.found, self._people)
            )

    def show_shares(self) -> None:
        """Show who gets what."""
        if self.found is not None:
            content = SharesPanel(self.context, self.found)
            self.panel.open_panel("shares", tr("performance.card.shares"), content, [])

    def remove(self, row: LedgerItem) -> None:
        """Take a line back, with a reason."""
        words = [tr("performance.reason_twice"), tr("performance.reason_typing")]
        question = tr("performance.remove_question", amount=format_fen(row.fen), class_code=row.class_code)
        reason = self.ask_reason(self.window(), question, "", tr("performance.remove"), words)
        if reason is not None:
            service = self.context.services.performance
            self.context.tasks.command(
                self,
                lambda: service.remove_line(row.direction, row.id, reason),
                lambda _done: self.context.messages.tell(tr("performance.removed")),
            )

    def print_paper(self, kind: str, ending: str) -> None:
        """Write the 年度绩效表 or the 绩效工资核算表."""
        service, year = self.context.services.figure_papers, self.year()
        title = tr("papers.title.annual-performance" if kind == "annual" else "papers.title.performance-pool")
        save_paper(
            self, self.context, f"{title} {year}", ending, lambda path: service.performance(kind, year, path)
        )

    def _years(self) -> list[int]:
        year = self.context.services.context.today().year
        return list(range(year, year - YEARS, -1))

    def _lay_out_cards(self) -> None:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(12)
        for place, card in enumerate(self.cards.values()):
            grid.addWidget(card, 0, place)
            grid.setColumnStretch(place, 1)
        self.cards["pool"].opened.connect(self.begin_ratio if self._may_book else self.show_shares)
        self.cards["shares"].opened.connect(self.show_shares)
        self.cards["front"].opened.connect(self.show_shares)
        self.content.insertWidget(1, box)

    def _add_buttons(self) -> None:
        self.header.add_button(tr("figures.last_year"), self.last_year, "chevron-left")
        if self.may("make_paper"):
            items: list[tuple[str, Callable[[], object]]] = [
                (f"{tr(f'papers.title.{title}')} {ending.upper()}", partial(self.print_paper, kind, ending))
                for kind, title in (("annual", "annual-performance"), ("pool", "performance-pool"))
                for ending in ("pdf", "xlsx")
            ]
            self.header.add_menu(tr("classes.print"), items, "printer")
        if self._may_book:
            more: list[tuple[str, Callable[[], object]]] = [
                (tr("performance.add_cost"), lambda: self.begin_line("cost")),
                (tr("performance.set_ratio"), self.begin_ratio),
                (tr("performance.record_approval"), self.begin_approval),
                (tr("performance.allocate"), self.begin_share),
            ]
            self.header.add_menu(tr("performance.more"), more, "plus")
            self.header.set_primary(tr("performance.add_income"), lambda: self.begin_line("income"), "plus")

    def _open(self, key: str, title: str, content: MoneyForm) -> None:
        content.saved.connect(lambda: self._on_saved(key))
        self.panel.open_panel(key, title, content, content.foot())

    def _on_saved(self, key: str) -> None:
        self.panel.forget_draft(key)
        self.panel.close_panel()
        self.context.messages.tell(tr("performance.saved"))

    def _show_read(self, read: tuple[Any, ...]) -> None:
        self.found, rows, self._classes, self._people = read
        self.show_rows(rows)
        self._draw()

    def _draw(self) -> None:
        found = self.found
        assert found is not None
        sums = tr("performance.sums", income=format_fen(found.income), cost=format_fen(found.cost))
        self.cards["balance"].set_figure(format_fen(found.income - found.cost), sums)
        if not found.is_public:
            self.cards["pool"].set_figure("—", tr("performance.not_public"))
        else:
            ratio = tr("performance.ratio", ratio=percent_text(found.ratio))
            pending = "" if found.approved_fen is not None else tr("figures.pending_approval")
            tone = "waiting" if pending else "done"
            self.cards["pool"].set_figure(format_fen(found.available), pending or ratio, tone)
        left = format_fen(found.available - found.allocated)
        over = found.allocated > found.available
        self.cards["shares"].set_figure(
            format_fen(found.allocated), tr("performance.left", left=left), "wrong" if over else ""
        )
        share = percent_text(front_line_share(found.shares))
        self.cards["front"].set_figure(share, tr("performance.people", count=len(found.shares)))
        words = capital(found.available) if found.is_public else ""
        self.header.set_facts(
            tr("figures.year", year=found.year), words and tr("performance.capital", words=words)
        )
