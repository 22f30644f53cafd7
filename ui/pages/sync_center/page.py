"""同步中心, 上报: reports by class and kind, pre-flight, batches, and what came back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QStackedLayout, QWidget

from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.reporting import (
    BatchListItem,
    RejectedListItem,
    ReportListItem,
)
from desktop_app.services.reporting import ConfirmedPlatform, PushOutcome, SealedBatch, SyncOutcome
from ui.dialogs.ask import Verb, ask, ask_reason
from ui.i18n import tr
from ui.navigation import PageContext
from ui.pages.sync_center.batch_files import BatchFiles
from ui.pages.sync_center.batch_panel import BatchPanel
from ui.pages.sync_center.changed_platform import ChangedPlatform
from ui.pages.sync_center.halves import REPORTING, Halves
from ui.pages.sync_center.join_panel import JoinPanel
from ui.pages.sync_center.lists import SyncActs, SyncLists
from ui.pages.sync_center.long_work import LongWork
from ui.pages.sync_center.reviewing import review_act, review_facts
from ui.pages.sync_center.sealing import SealPlan, plan_seal, selection_of
from ui.pages.sync_center.snapshot import SyncSnapshot, snapshot_reader, snapshot_refresher
from ui.pages.sync_center.wording import Target, contact_text, reports_text, target
from ui.panel_page import PanelPage
from ui.tasks import Lane, Ticket
from ui.widgets.empty_state import EmptyState
from ui.widgets.labels import button
from ui.widgets.page import Crumb
from ui.widgets.page_header import PageHeader

OFFLINE = frozenset({"PLATFORM_UNREACHABLE", "OFFLINE"})
KINDS = {"batch", "platform_page", "trainee", "enrolment", "training_class", "session", "mark", "assessment", "score",
         "certificate", "project", "institution", "report_review", "user"}  # fmt: skip


class SyncCenterPage(PanelPage):
    """``open(section=…)`` shows reports, changed, review, problems, rejected or batches."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, "sync_center")
        self.reporting: Any = getattr(context.services, "reporting", None)
        self._may_seal, self._may_push = self.may("seal_batch"), self.may("push_batch")
        self._may_review = self.may("review_report")
        self.ask: Callable[..., str] = ask
        self.ask_reason: Callable[..., str | None] = ask_reason
        self.header = PageHeader(tr("page.sync_center"))
        self.content.addWidget(self.header)
        self.content.addWidget(Halves(context, REPORTING))
        self.long_work = LongWork(self, context, self._on_busy, self._on_work_failed, self._add_bytes)
        self.progress = self.long_work.line
        self.content.addWidget(self.progress)
        self.lists = SyncLists(context, self._acts())
        self.empty = EmptyState(
            tr("sync.not_joined"),
            tr("sync.not_joined_detail") if self.may("join_platform") else tr("sync.not_joined_other"),
            tr("sync.join") if self.may("join_platform") and self.reporting is not None else "",
            "send",
        )
        self.empty.acted.connect(self.join)
        stack = QWidget()
        self._stack = QStackedLayout(stack)
        self._stack.addWidget(self.lists)
        self._stack.addWidget(self.empty)
        self.content.addWidget(stack, 1)
        self.sync_button = self.header.add_button(tr("sync.now"), self.sync_now, "refresh-cw")
        self.seal_button = self.header.set_primary(tr("sync.seal"), lambda: self.seal([]), "send")
        self.files = BatchFiles(self, context, self.reporting, self._work, self._on_pushed)
        rare = self.header.add_rare(tr("sync.import_receipt"), self.files.import_receipt, "import")
        self.receipt_action = rare
        self.changed_platform = ChangedPlatform(
            self, context, self.reporting, self._work, lambda: self.ask_reason, self.sync_now
        )
        self.rejoin_action = self.header.add_rare(tr("sync.rejoin"), self.join, "send")
        self.compare_action = self.header.add_rare(
            tr("sync.compare"), self.changed_platform.compare, "refresh-cw"
        )
        self._looking: Ticket | None = None
        self.set_crumbs([Crumb(tr("page.sync_center")), Crumb(tr("halves.sync_center"))])
        self._draw()
        self.reload_on(context.changes, KINDS)

    def open(self, **params: Any) -> None:  # noqa: ANN401 - each page names its own
        if params.get("section"):
            self.lists.show_section(str(params["section"]))

    def reload(self) -> None:
        self.context.tasks.query(self, snapshot_reader(self.context.services), self._on_known, latest="all")

    def join(self) -> None:
        """Ask for address and code in the panel."""
        content = JoinPanel(self.context)
        content.joined.connect(self._on_joined)
        self.panel.open_panel("join", tr("sync.join"), content, content.foot())
        content.form.fields["url"].editor.setFocus()

    def reopen(self, key: str) -> None:
        if key == "join":
            self.join()

    def seal(self, chosen: list[ReportListItem]) -> None:
        """Run the pre-flight over the chosen reports (none = all), say in numbers what would go, then seal and push."""
        every, selection = self.lists.snapshot.reports, selection_of(chosen)
        self.context.tasks.query(
            self,
            lambda: self.reporting.preflight(selection),
            lambda preflight: self._confirm_seal(plan_seal(chosen, every, preflight)),
            latest="seal",
        )

    def review(self, chosen: list[ReportListItem], *, send_back: bool) -> None:
        """Approve reports after asking, or send them back with a reason (校内审核)."""
        count, what = len(chosen), reports_text(chosen)
        reason: str | None = None
        if send_back:
            suggestions = [tr(f"sync.return.{number}") for number in (1, 2, 3)]
            question, detail = tr("sync.return_question", count=count), tr("sync.return_detail", what=what)
            reason = self.ask_reason(self.window(), question, detail, tr("sync.return"), suggestions)
            if reason is None:
                return
        else:
            verbs = [Verb("act", tr("sync.approve"), "primary"), Verb("", tr("ask.cancel"))]
            question, detail = tr("sync.approve_question", count=count), tr("sync.approve_detail", what=what)
            if self.ask(self.window(), question, detail, verbs) != "act":
                return
        told = tr("sync.returned" if send_back else "sync.reviewed", count=count)
        self.context.tasks.command(
            self,
            review_act(self.reporting, chosen, reason),
            lambda _none: self._tell(told),
            self._on_review_refused,
        )

    def sync_now(self) -> None:
        """Push what is sealed and take what the platform has to say; seals nothing."""
        self._work(tr("sync.syncing"), self.reporting.sync, self._on_synced)

    def push(self, batches: list[BatchListItem]) -> None:
        """Push one sealed batch."""
        batch = batches[0].id
        self._work(
            tr("sync.pushing"),
            lambda progress, cancel: self.reporting.push(batch, progress, cancel),
            self._on_pushed,
        )

    def dissolve(self, batches: list[BatchListItem]) -> None:
        """Dissolve a sealed batch that has no receipt, after asking."""
        batch = batches[0]
        verbs = [Verb("act", tr("sync.dissolve"), "danger"), Verb("", tr("ask.cancel"))]
        detail = tr("sync.dissolve_detail", records=batch.records)
        if self.ask(self.window(), tr("sync.dissolve_question"), detail, verbs) == "act":
            self.context.tasks.command(
                self,
                lambda: self.reporting.dissolve(batch.id),
                lambda _none: self._tell(tr("sync.dissolved")),
            )

    def open_batch(self, batch: BatchListItem) -> None:
        """Show a batch with its timeline and rejected records in the panel."""
        content = BatchPanel(batch, self._go_rejected)
        key = batch.id.hex()
        buttons = []
        if self._may_push and batch.state in {"sealed", "sending"}:
            made = button(tr("sync.push"), "primary", "send")
            made.clicked.connect(lambda _=False: self.push([batch]))
            buttons.append(made)
            buttons.append(self.files.export_button(batch))
        self.panel.open_panel(key, tr("sync.batch"), content, buttons)
        if batch.rejected:
            self.context.tasks.query(
                content, lambda: self.reporting.rejected(batch.id), content.show_rejected, latest="rejected"
            )

    def _acts(self) -> SyncActs:
        return SyncActs(
            seal=self.seal if self._may_seal else None,
            push=self.push if self._may_push else None,
            dissolve=self.dissolve if self.may("dissolve_batch") else None,
            go=self._go,
            approve=(lambda rows: self.review(rows, send_back=False)) if self._may_review else None,
            send_back=(lambda rows: self.review(rows, send_back=True)) if self._may_review else None,
            open_batch=self.open_batch,
        )

    def _go(self, place: Target) -> None:
        page, params = place
        self.context.navigate(page, **params)

    def _go_rejected(self, item: RejectedListItem) -> None:
        self._go(target(item))

    def _on_known(self, snapshot: SyncSnapshot) -> None:
        """Show what is known, and have what changed since looked at in the background."""
        self._on_snapshot(snapshot)
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None
        if snapshot.link.joined:
            self._looking = self.context.tasks.work(
                self,
                snapshot_refresher(self.context.services),
                self._on_snapshot,
                self._on_look_failed,
                self._on_look_progress,
                lane=Lane.BACKGROUND,
            )

    def _on_look_progress(self, done: int, total: int, _text_key: str = "", /) -> None:
        if done < total:
            self._draw(tr("sync.looking", done=done, total=total))

    def _on_look_failed(self, error: AppError) -> None:
        if error.code != "CANCELLED":
            self.context.messages.report(self, error)

    def _on_snapshot(self, snapshot: SyncSnapshot) -> None:
        self.lists.show_snapshot(snapshot)
        self._draw()

    def _draw(self, looking: str = "") -> None:
        snapshot = self.lists.snapshot
        joined = snapshot.link.joined
        self._stack.setCurrentIndex(0 if joined else 1)
        self.sync_button.setVisible(joined and self._may_push)
        self.receipt_action.setVisible(joined and self._may_push)
        self.compare_action.setVisible(joined and self.may("confirm_platform"))
        self.rejoin_action.setVisible(joined and self.may("join_platform"))
        self.seal_button.setVisible(joined and self._may_seal)
        self.seal_button.setEnabled(snapshot.may_go > 0)
        if not joined:
            self.header.set_facts("")
            return
        counts = (
            ("sync.fact.ready", snapshot.count("ready")),
            ("sync.fact.changed", snapshot.changed_records),
            ("sync.fact.sealed", len(snapshot.waiting_batches)),
            ("sync.fact.rejected", len(snapshot.rejected)),
        )
        reach = {True: "", None: tr("sync.no_contact"), False: tr("sync.offline")}[snapshot.link.reachable]
        self.header.set_facts(
            tr("sync.platform", url=snapshot.link.url),
            contact_text(snapshot.link.last_contact),
            reach,
            looking,
            *(tr(key, count=count) for key, count in counts if count),
            *review_facts(snapshot, reviews=self._may_review),
        )

    def _confirm_seal(self, plan: SealPlan) -> None:
        if plan.records == 0 and plan.unreviewed:
            self.context.messages.warn(tr("sync.not_reviewed"), tr("sync.not_reviewed_hint"))
            self.lists.show_section("review")
            return
        if plan.records == 0:
            self.context.messages.warn(tr("sync.nothing_ready"), tr("sync.nothing_ready_hint"))
            self.lists.show_section("problems")
            return
        if plan.corrects:
            reason = self._ask_correction(plan)
            if reason is not None:
                self._seal(plan, reason)
            return
        verbs = [Verb("act", tr("sync.seal"), "primary"), Verb("", tr("ask.cancel"))]
        if self.ask(self.window(), tr("sync.seal_question"), plan.detail, verbs) == "act":
            self._seal(plan, None)

    def _ask_correction(self, plan: SealPlan) -> str | None:
        suggestions = [tr(f"sync.reason.{number}") for number in (1, 2, 3)]
        detail = tr("sync.seal_correction", detail=plan.detail)
        return self.ask_reason(self.window(), tr("sync.seal_question"), detail, tr("sync.seal"), suggestions)

    def _seal(self, plan: SealPlan, reason: str | None) -> None:
        self.progress.start(tr("sync.sealing"), cancellable=False)
        self.context.tasks.long_command(
            self,
            lambda _progress, _cancel: self.reporting.seal(plan.selection, reason),
            self._on_sealed,
            lambda error: self._on_seal_refused(plan, error),
        )

    def _on_seal_refused(self, plan: SealPlan, error: AppError) -> None:
        self.progress.finish()
        if error.code != "CORRECTION_REASON_MISSING":
            self.context.messages.report(self, error)
            return
        reason = self._ask_correction(plan)
        if reason is not None:
            self._seal(plan, reason)

    def _on_sealed(self, batch: SealedBatch) -> None:
        self.progress.finish()
        self._work(
            tr("sync.pushing"),
            lambda progress, cancel: self.reporting.push(batch.batch, progress, cancel),
            self._on_pushed,
        )

    def _work(self, text: str, act: Callable[..., Any], done: Callable[[Any], object]) -> None:
        self.long_work.run(text, act, done)

    def _add_bytes(self) -> None:
        """Say beside the records how many bytes have gone."""
        sent = self.reporting.traffic().sent
        if sent:
            self.progress.add_count(tr("sync.bytes", kib=f"{sent / 1024:,.0f}"))

    def _on_busy(self, busy: bool) -> None:
        self.sync_button.setEnabled(not busy)
        if not busy:
            self.mark_stale()

    def _on_work_failed(self, error: AppError) -> None:
        if error.code in OFFLINE:
            self._tell(tr("sync.offline_later"))
        else:
            self.context.messages.report(self, error)

    def _on_pushed(self, outcome: PushOutcome) -> None:
        if not outcome.answered:
            self._tell(tr("sync.pushed_unanswered", sent=outcome.sent))
            return
        key = "sync.pushed_rejected" if outcome.rejected else "sync.pushed"
        self._tell(tr(key, accepted=outcome.accepted, rejected=outcome.rejected))
        if outcome.rejected:
            self.lists.show_section("rejected")

    def _on_synced(self, outcome: SyncOutcome) -> None:
        accepted = sum(one.accepted for one in outcome.pushed)
        rejected = sum(one.rejected for one in outcome.pushed)
        if outcome.pushed:
            self._on_pushed(PushOutcome(b"", accepted + rejected, accepted, rejected))
        else:
            self._tell(tr("sync.pulled", count=outcome.pulled) if outcome.pulled else tr("sync.nothing_new"))

    def _on_joined(self, confirmed: ConfirmedPlatform | None) -> None:
        self.panel.forget_draft("join")
        self.panel.close_panel()
        if confirmed is None:
            self._tell(tr("sync.joined"))
        else:
            self.changed_platform.tell(confirmed)
        self.mark_stale()
        self.sync_now()

    def _on_review_refused(self, error: AppError) -> None:
        self.context.messages.report(self, error)
        self.mark_stale()

    def _tell(self, text: str) -> None:
        self.context.messages.tell(text)
