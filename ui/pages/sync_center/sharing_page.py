"""同步中心, 协同: the other workstations, what waits, what two of them wrote differently, and the ways to them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.reporting import ConflictListItem
from desktop_app.domain.listings.sharing import SharingOverview, WorkstationItem
from desktop_app.domain.listings.work_list import WorkItem
from desktop_app.services.devices import Invited
from desktop_app.services.sharing import Shared
from desktop_app.services.sharing_plan import SharingPlan
from ui.dialogs.ask import Verb, ask
from ui.i18n import tr
from ui.navigation import PageContext
from ui.pages.sync_center.conflict_panel import ConflictPanel
from ui.pages.sync_center.halves import SHARING, Halves
from ui.pages.sync_center.invite_panel import InvitePanel
from ui.pages.sync_center.long_work import LongWork
from ui.pages.sync_center.plan_panel import PlanPanel
from ui.pages.sync_center.sharing_lists import SharingActs, SharingLists
from ui.pages.sync_center.sharing_wording import facts_of, place_of, told_of
from ui.pages.sync_center.sticks import Sticks
from ui.panel_page import PanelPage
from ui.widgets.page import Crumb
from ui.widgets.page_header import PageHeader

KINDS = {"device", "invitation", "user", "trainee", "enrolment", "training_class", "session", "mark", "score",
         "assessment", "certificate", "project", "person_link", "claim", "site", "sharing"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """What the page shows, read at once."""

    overview: SharingOverview
    plan: SharingPlan
    conflicts: tuple[ConflictListItem, ...]
    work: tuple[WorkItem, ...]


class SharingPage(PanelPage):
    """``open(section=…)`` shows workstations, conflicts, work or invitations."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, "sharing")
        self.ask: Callable[..., str] = ask
        self._services = context.services
        self.seen: Seen | None = None
        self.header = PageHeader(tr("page.sync_center"))
        self.halves = Halves(context, SHARING)
        self.work = LongWork(self, context, self._on_busy, self._on_failed)
        self.lists = SharingLists(context, self._acts())
        for widget in (self.header, self.halves, self.work.line):
            self.content.addWidget(widget)
        self.content.addWidget(self.lists, 1)
        self.sticks = Sticks(self, context, self._run, self._on_shared)
        self.stick_button = self.header.add_menu(tr("sharing.stick"), self.sticks.items(), "package")
        self._may_invite = self.may("invite_device")
        self.now_button = self.header.add_button(tr("sharing.now"), self.share_now, "refresh-cw")
        if self._may_invite:
            self.header.set_primary(tr("sharing.invite"), self.invite, "plus")
            self.header.add_rare(tr("sharing.plan"), self.plan, "settings")
        self.set_crumbs([Crumb(tr("page.sync_center"), "sync_center"), Crumb(tr("halves.sharing"))])
        self.set_hints([("Enter", tr("hint_key.open")), ("Esc", tr("hint_key.close"))])
        self.reload_on(context.changes, KINDS)

    def open(self, **params: Any) -> None:  # noqa: ANN401 - each page names its own
        if params.get("section"):
            self.lists.show_section(str(params["section"]))

    def reload(self) -> None:
        services = self._services

        def read() -> Seen:
            may_see = services.context.may("view_classes")
            return Seen(
                services.devices.overview(),
                services.sharing_plan.plan(),
                tuple(services.history.list_conflicts()) if may_see else (),
                tuple(services.work_list.list_work()),
            )

        self.context.tasks.query(self, read, self._on_seen, latest="all")

    def reopen(self, key: str) -> None:
        if key == "plan" and self.seen is not None:
            self.plan()

    def share_now(self) -> None:
        """Exchange with everything that the plan names."""
        self._run(
            tr("sharing.running"),
            self._services.schedule.run_now,
            lambda _none: self._tell(tr("sharing.done")),
            aside=False,
        )

    def invite(self) -> None:
        """Ask by which way, and show the code."""
        relay = "" if self.seen is None else self.seen.plan.relay
        content = InvitePanel(
            self.context, relay, lambda url, file: self._make_invitation(content, url, file)
        )
        self.panel.open_panel("invite", tr("sharing.invite"), content, content.foot())

    def plan(self) -> None:
        """Show when and by what this workstation exchanges."""
        if self.seen is not None:
            content = PlanPanel(self.context, self.seen.plan)
            self.panel.open_panel("plan", tr("sharing.plan"), content, content.foot())

    def revoke(self, rows: list[WorkstationItem]) -> None:
        """Shut a workstation out, after asking."""
        row = rows[0]
        verbs = [Verb("act", tr("sharing.revoke"), "danger"), Verb("", tr("ask.cancel"))]
        question, detail = tr("sharing.revoke_question", name=row.name), tr("sharing.revoke_detail")
        if self.ask(self.window(), question, detail, verbs) == "act":
            self._run(
                tr("sharing.revoking"),
                lambda _progress, cancel: self._services.membership.revoke(row.id, cancel),
                lambda told: self._tell(
                    tr("sharing.revoked_told" if told else "sharing.revoked_here", name=row.name)
                ),
            )

    def withdraw(self, invitation: bytes) -> None:
        """End an invitation, after asking."""
        verbs = [Verb("act", tr("sharing.withdraw"), "danger"), Verb("", tr("ask.cancel"))]
        if (
            self.ask(self.window(), tr("sharing.withdraw_question"), tr("sharing.withdraw_detail"), verbs)
            == "act"
        ):
            self.context.tasks.command(
                self,
                lambda: self._services.devices.withdraw(invitation),
                lambda _done: self._tell(tr("sharing.withdrawn")),
            )

    def open_conflict(self, conflict: ConflictListItem) -> None:
        """Show both values side by side."""
        history = self._services.history

        def answer(value: object) -> None:
            self.context.tasks.command(
                self,
                lambda: history.answer_conflict(conflict.id, value),
                lambda _none: self._on_answered(),
            )

        content = ConflictPanel(conflict, answer if self.may("answer_conflict") else None)
        self.panel.open_panel(conflict.id, conflict.label, content, [])

    def open_item(self, item: WorkItem) -> None:
        """Open the records that an item of the work list is about."""
        service = self._services.work_list

        def go(class_id: bytes | None) -> None:
            page, params = place_of(item, class_id)
            self.context.navigate(page, **params)

        self.context.tasks.query(self, lambda: service.class_of(item), go)

    def decide(self, item: WorkItem, decision: str) -> None:
        """Say that two people are one, or not."""
        first, second, *_ = item.keys
        self.context.tasks.command(
            self,
            lambda: self._services.work_list.decide(first, second, decision),
            lambda _none: self._tell(tr(f"sharing.decided.{decision}")),
        )

    def _acts(self) -> SharingActs:
        return SharingActs(
            revoke=self.revoke if self.may("revoke_device") else None,
            withdraw=self.withdraw if self.may("withdraw_invitation") else None,
            open_conflict=self.open_conflict,
            open_item=self.open_item,
            decide=self.decide if self.may("link_people") else None,
        )

    def _make_invitation(self, panel: InvitePanel, relay: str | None, file: Path | None) -> None:
        def refused(error: AppError) -> None:
            panel.show_refused(error)

        def made(invited: Invited) -> None:
            panel.show_code(invited, file)
            self.mark_stale()

        self._run(
            tr("sharing.inviting"),
            lambda _progress, cancel: self._services.membership.invite(relay, file, cancel),
            made,
            failed=refused,
        )

    def _run(
        self,
        text: str,
        act: Callable[..., Any],
        done: Callable[[Any], object],
        *,
        aside: bool = True,
        failed: Callable[[AppError], object] | None = None,
    ) -> None:
        """Run an exchange that somebody asked for; the schedule gives way to it."""

        def run(progress: Any, cancel: Any) -> Any:  # noqa: ANN401 - of services.ports
            with self._out_of_the_way() if aside else nullcontext():
                return act(progress, cancel)

        self._refused = failed
        self.work.run(text, run, done)

    def _out_of_the_way(self) -> AbstractContextManager[None]:
        schedule = getattr(self._services, "schedule", None)
        return nullcontext() if schedule is None else schedule.aside()

    def _on_seen(self, seen: Seen) -> None:
        self.seen = seen
        self.lists.show_seen(seen.overview, seen.conflicts, seen.work)
        self._draw()

    def _draw(self) -> None:
        if self.seen is not None:
            schedule = getattr(self._services, "schedule", None)
            standing = None if schedule is None else schedule.standing()
            self.header.set_facts(*facts_of(self.seen.overview, self.seen.plan, standing))
            offered = bool(self.seen.plan.relay or self.seen.plan.folder)
            self.now_button.setVisible(
                schedule is not None and (offered or bool(standing and standing.offered))
            )

    def _on_busy(self, busy: bool) -> None:
        for widget in (self.now_button, self.stick_button):
            widget.setEnabled(not busy)
        if not busy:
            self.mark_stale()

    def _on_failed(self, error: AppError) -> None:
        refused, self._refused = self._refused, None
        (refused or (lambda one: self.context.messages.report(self, one)))(error)

    def _on_shared(self, shared: Shared) -> None:
        self._tell(told_of(shared))
        if shared.conflicts:
            self.lists.show_section("conflicts")

    def _on_answered(self) -> None:
        self.panel.close_panel()
        self._tell(tr("sync.answered"))

    def _tell(self, text: str) -> None:
        self.context.messages.tell(text)
        self.mark_stale()
