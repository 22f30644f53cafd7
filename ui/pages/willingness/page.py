"""意愿登记 (一.3, 四.1): the pool of those who want to train, matched to classes and ended with a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from desktop_app.domain import codes
from desktop_app.domain.listings.enrolment import WishListItem
from desktop_app.domain.pinyin import initials
from desktop_app.domain.willingness import Wish
from ui.dialogs.ask import ask_reason
from ui.i18n import tr
from ui.navigation import PageContext
from ui.pages.willingness.panels import MatchPanel, WishPanel
from ui.panel_page import NEW, ListPage
from ui.saving import save_paper
from ui.widgets.cell_states import Tone
from ui.widgets.data_table import RowAction
from ui.widgets.empty_state import EmptyState
from ui.widgets.list_model import Column, ListTableModel
from ui.widgets.page import Crumb
from ui.wording import day_text

UNMET = "unmet"
TONES = {Wish.OPEN: Tone.WAITING, Wish.WAITLISTED: Tone.WAITING, Wish.ADMITTED: Tone.DONE}
SIGNS = {Wish.OPEN: "…", Wish.WAITLISTED: "…", Wish.ADMITTED: "✓", Wish.REJECTED: "×"}


def wish_table_model() -> ListTableModel[WishListItem]:
    """Return the model of the pool."""
    return ListTableModel(
        [
            Column("name", "trainees.name", lambda row: row.name, 104),
            Column("trade", "wishes.trade", _trade_text, 140),
            Column("state", "wishes.state", lambda row: f"{SIGNS[row.state]} {tr(f'wish.{row.state.value}')}", 96,
                   tone=lambda row: TONES.get(row.state, Tone.QUIET)),
            Column("class", "wishes.class", lambda row: row.class_code or "", 130),
            Column("noted", "wishes.noted", lambda row: day_text(row.noted_on, weekday=False), 96,
                   sort=lambda row: row.noted_on),
            Column("consent", "wishes.consent", _consent_text, 96,
                   tone=lambda row: Tone.PLAIN if row.consented_on else Tone.WAITING),
            Column("reason", "wishes.reason", lambda row: row.reason, 120, stretch=True,
                   tooltip=lambda row: row.reason),
            Column("phone", "trainees.phone", lambda row: row.phone, 112),
            Column("document", "trainees.document", lambda row: row.document_number, 172),
        ],
        lambda row: row.id,
    )  # fmt: skip


def _trade_text(row: WishListItem) -> str:
    trade = row.trade or tr("wishes.any_trade")
    return f"{trade} {codes.level_name(row.level)}" if row.level else trade


def _consent_text(row: WishListItem) -> str:
    return day_text(row.consented_on, weekday=False) if row.consented_on else tr("group.no_consent")


class WillingnessPage(ListPage[WishListItem]):
    """The whole pool; the chip keeps to 愿训未训."""

    def __init__(self, context: PageContext) -> None:
        may = context.services.context.may
        actions: list[RowAction[WishListItem]] = []
        if may("match_willingness"):
            actions = [
                RowAction("wishes.match", self.match, "user-check", allowed=_can_match),
                RowAction("wishes.close", self.close_wishes, "x", danger=True, allowed=_can_match),
            ]
        empty = EmptyState(
            tr("wishes.empty"),
            tr("wishes.empty_detail"),
            tr("wishes.new") if may("record_willingness") else "",
            "users",
        )
        super().__init__(
            context,
            "willingness",
            tr("page.willingness"),
            wish_table_model(),
            placeholder=tr("wishes.search"),
            empty=empty,
            actions=actions,
            count_key="wishes.count",
        )
        empty.acted.connect(self.begin_new)
        self.filters.add_chips([(UNMET, tr("wishes.unmet"))])
        if may("record_willingness"):
            self.header.set_primary(tr("wishes.new"), self.begin_new, "plus")
        if may("make_paper"):
            self.header.add_button(tr("wishes.print"), self.print_unmet, "printer")
        self.set_crumbs([Crumb(tr("page.willingness"))])
        self.set_hints([("Ctrl+F", tr("hint_key.find")), ("Esc", tr("hint_key.close"))])
        self.reload_on(context.changes, {"willingness", "enrolment", "trainee", "training_class"})

    def fetcher(self) -> Callable[[], Sequence[WishListItem]]:
        service = self.context.services.willingness
        return service.list_wishes  # type: ignore[no-any-return]

    def keeps(self, row: WishListItem) -> bool:
        text = self.filters.text().lower()
        if UNMET in self.filters.chosen() and not row.is_unmet:
            return False
        words = (row.name, *initials(row.name), row.trade, row.class_code or "")
        return not text or any(text in word.lower() for word in words)

    def rows_shown(self, rows: Sequence[WishListItem]) -> None:
        unmet = len({row.trainee_id for row in rows if row.is_unmet})
        self.header.set_facts(tr("wishes.facts", unmet=unmet))

    def begin_new(self) -> None:
        content = WishPanel(self.context)
        content.saved.connect(lambda: self._done(NEW, tr("wishes.saved")))
        self.panel.open_panel(NEW, tr("wishes.new"), content, content.foot())

    def match(self, rows: Sequence[WishListItem]) -> None:
        """Ask to which class the chosen people apply."""
        content = MatchPanel(self.context, rows)
        content.matched.connect(lambda count: self._done("match", tr("wishes.matched", count=count)))
        self.panel.open_panel("match", tr("wishes.match_title", count=len(rows)), content, content.foot())

    def close_wishes(self, rows: Sequence[WishListItem]) -> None:
        """End the chosen wishes, with a reason."""
        words = [tr("step.reason_declined"), tr("step.reason_unfit")]
        question = tr("wishes.close_question", count=len(rows))
        reason = ask_reason(self.window(), question, "", tr("wishes.close"), words)
        if reason is None:
            return
        service, wishes = self.context.services.willingness, [row.id for row in rows]
        self.context.tasks.command(
            self,
            lambda: service.close(wishes, reason),
            lambda _count: self.context.messages.tell(tr("wishes.closed")),
            lambda error: self.context.messages.report(self, error),
        )

    def print_unmet(self) -> None:
        """Write the 愿训未训名单."""
        service = self.context.services.list_papers
        save_paper(self, self.context, tr("papers.title.unmet"), "pdf", service.unmet)

    def _done(self, key: str, text: str) -> None:
        self.panel.forget_draft(key)
        self.panel.close_panel()
        self.context.messages.tell(text)


def _can_match(rows: Sequence[WishListItem]) -> bool:
    return all(row.state is Wish.OPEN and row.enrolment_state in {None, "rejected"} for row in rows)
