"""保存与删除 (requirements §9): who is due, proposals, the head's decision, certificates."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from desktop_app.domain import retention
from desktop_app.domain.listings.retention import RetentionItem
from desktop_app.domain.pinyin import initials
from ui.dialogs.ask import Verb, ask, ask_reason
from ui.i18n import tr
from ui.navigation import PageContext
from ui.panel_page import ListPage
from ui.saving import save_paper
from ui.widgets.cell_states import Tone
from ui.widgets.data_table import RowAction
from ui.widgets.empty_state import EmptyState
from ui.widgets.list_model import Column, ListTableModel
from ui.widgets.page import Crumb
from ui.wording import day_text

DUE, HELD = "due", retention.HELD
STATES = (DUE, HELD, retention.PROPOSED, retention.KEPT, retention.CONFIRMED)
TONES = {
    DUE: Tone.WAITING,
    HELD: Tone.WRONG,
    retention.PROPOSED: Tone.WAITING,
    retention.CONFIRMED: Tone.DONE,
}
SIGNS = {DUE: "…", HELD: "!", retention.PROPOSED: "…", retention.KEPT: "·", retention.CONFIRMED: "✓"}


def state_of(row: RetentionItem) -> str:
    """Return where a person stands: due, held, proposed, kept, confirmed."""
    if row.state in {retention.CONFIRMED, retention.KEPT}:
        return str(row.state)
    if row.holds:
        return HELD
    return row.state or DUE


def retention_model() -> ListTableModel[RetentionItem]:
    """Return the model of the list."""
    return ListTableModel(
        [
            Column("name", "retention.column.name", lambda row: row.name or tr("retention.nameless"), 100),
            Column("document", "retention.column.document", lambda row: row.document_number, 170),
            Column("state", "retention.column.state",
                   lambda row: f"{SIGNS[state_of(row)]} {tr(f'retention.state.{state_of(row)}')}", 100,
                   tone=lambda row: TONES.get(state_of(row), Tone.QUIET)),
            Column("basis", "retention.column.basis", _basis_text, 190),
            Column("due", "retention.column.due_on", _due_text, 100),
            Column("decided", "retention.column.decided_on",
                   lambda row: day_text(row.decided_on, weekday=False) if row.decided_on else "", 100),
            Column("note", "retention.column.note", _note_text, 180, stretch=True, tooltip=_note_text),
        ],
        lambda row: row.trainee_id,
    )  # fmt: skip


def _basis_text(row: RetentionItem) -> str:
    basis = row.found.basis if row.found else row.basis
    return tr(f"retention.basis.{basis}") if basis else ""


def _due_text(row: RetentionItem) -> str:
    day = row.found.due_on if row.found else row.due_on
    return day_text(day, weekday=False) if day else ""


def _note_text(row: RetentionItem) -> str:
    if row.holds:
        told = tr("wording.and").join(tr(f"retention.hold.{one}") for one in row.holds)
        return tr("retention.held_for", holds=told, reason=row.reason) if row.reason else told
    return row.certificate or row.reason


class RetentionPage(ListPage[RetentionItem]):
    """Nothing is deleted by itself: the office proposes, the head confirms one by one."""

    def __init__(self, context: PageContext) -> None:
        may = context.services.context.may
        actions: list[RowAction[RetentionItem]] = []
        if may("confirm_deletion"):
            actions += [
                RowAction("retention.confirm", lambda rows: self.confirm(rows[0]), "trash-2", many=False, danger=True,
                          allowed=_is_proposed),
                RowAction("retention.keep", lambda rows: self.keep(rows[0]), "shield", many=False,
                          allowed=_is_proposed),
            ]  # fmt: skip
        if may("hold_people"):
            actions += [
                RowAction("retention.hold", self.hold, "shield", allowed=_may_be_held),
                RowAction("retention.release", self.release, "undo-2", allowed=_is_audited),
            ]
        if may("make_paper"):
            actions.append(
                RowAction("retention.print", lambda rows: self.print_certificate(rows[0]), "printer", many=False,
                          allowed=_is_erased)
            )  # fmt: skip
        super().__init__(
            context,
            "retention",
            tr("page.retention"),
            retention_model(),
            placeholder=tr("retention.search"),
            empty=EmptyState(tr("retention.empty"), tr("retention.empty_detail"), "", "shield"),
            actions=actions,
            count_key="retention.count",
        )
        self.ask_reason: Callable[..., str | None] = ask_reason
        self.ask: Callable[..., str] = ask
        self.filters.add_chips([(state, tr(f"retention.state.{state}")) for state in STATES])
        if may("propose_deletions"):
            self.header.set_primary(tr("retention.propose"), self.propose, "trash-2")
        self.set_crumbs([Crumb(tr("page.retention"))])
        self.set_hints([("Ctrl+F", tr("hint_key.find")), ("Esc", tr("hint_key.close"))])
        self.reload_on(context.changes, {"trainee", "enrolment", "training_class", "deletion_proposal", "erasure",
                                         "flag_disposal", "supervision_event", "policy_value"})  # fmt: skip

    def fetcher(self) -> Callable[[], Sequence[RetentionItem]]:
        service = self.context.services.retention
        return service.list_people  # type: ignore[no-any-return]

    def keeps(self, row: RetentionItem) -> bool:
        text, chosen = self.filters.text().lower(), self.filters.chosen()
        if chosen and state_of(row) not in chosen:
            return False
        words = (row.name, *initials(row.name), row.certificate)
        return not text or any(text in word.lower() for word in words)

    def rows_shown(self, rows: Sequence[RetentionItem]) -> None:
        due = sum(state_of(row) == DUE for row in rows)
        waiting = sum(state_of(row) == retention.PROPOSED for row in rows)
        self.header.set_facts(tr("retention.facts", due=due, waiting=waiting), tr("retention.facts_meaning"))
        if self.header.primary is not None:
            self.header.primary.setEnabled(due > 0)

    def open_row(self, row: RetentionItem) -> None:
        if row.name:
            self.context.navigate("trainees", trainee_id=row.trainee_id)

    def propose(self) -> None:
        """Propose the deletion of everybody who is due."""
        service = self.context.services.retention
        self.context.tasks.command(
            self,
            service.propose,
            lambda count: self.context.messages.tell(tr("retention.proposed", count=count)),
            lambda error: self.context.messages.report(self, error),
        )

    def confirm(self, row: RetentionItem) -> None:
        """Erase a person after asking once more: it cannot be taken back."""
        verbs = [Verb("erase", tr("retention.confirm"), "danger"), Verb("keep", tr("retention.not_now"))]
        question, detail = tr("retention.confirm_question", name=row.name), tr("retention.confirm_detail")
        if self.ask(self.window(), question, detail, verbs) != "erase":
            return
        service = self.context.services.retention
        self.context.tasks.command(
            self,
            lambda: service.confirm(row.trainee_id),
            lambda number: self.context.messages.tell(tr("retention.confirmed", number=number)),
            lambda error: self.context.messages.report(self, error),
        )

    def keep(self, row: RetentionItem) -> None:
        """Decide against a deletion, with a reason."""
        words = [tr("retention.reason_audit"), tr("retention.reason_objection")]
        question = tr("retention.keep_question", name=row.name)
        reason = self.ask_reason(self.window(), question, "", tr("retention.keep"), words)
        if reason is not None:
            service = self.context.services.retention
            self.context.tasks.command(
                self,
                lambda: service.keep(row.trainee_id, reason),
                lambda _done: self.context.messages.tell(tr("retention.kept")),
                lambda error: self.context.messages.report(self, error),
            )

    def hold(self, rows: list[RetentionItem]) -> None:
        """Keep people from being erased while an 审计 goes on, with a reason."""
        self._audit(rows, "hold", self.context.services.retention.hold)

    def release(self, rows: list[RetentionItem]) -> None:
        """End the 审计 of people, with a reason."""
        self._audit(rows, "release", self.context.services.retention.release)

    def _audit(
        self, rows: list[RetentionItem], verb: str, act: Callable[[Sequence[bytes], str], int]
    ) -> None:
        question = tr(f"retention.{verb}_question", count=len(rows))
        detail, words = tr(f"retention.{verb}_detail"), [tr(f"retention.reason_{verb}")]
        reason = self.ask_reason(self.window(), question, detail, tr(f"retention.{verb}"), words)
        if reason is not None:
            people = [row.trainee_id for row in rows]
            self.context.tasks.command(
                self,
                lambda: act(people, reason),
                lambda count: self.context.messages.tell(tr(f"retention.{verb}_done", count=count)),
                lambda error: self.context.messages.report(self, error),
            )

    def print_certificate(self, row: RetentionItem) -> None:
        """Write the certificate of an erasure."""
        service = self.context.services.retention
        name = f"{tr('papers.title.erasure')} {row.certificate}"
        save_paper(
            self, self.context, name, "pdf", lambda path: service.write_certificate(row.trainee_id, path)
        )


def _is_proposed(rows: list[RetentionItem]) -> bool:
    return all(state_of(row) == retention.PROPOSED for row in rows)


def _may_be_held(rows: list[RetentionItem]) -> bool:
    return all(row.state not in {retention.CONFIRMED, retention.HELD} for row in rows)


def _is_audited(rows: list[RetentionItem]) -> bool:
    return all(row.state == retention.HELD for row in rows)


def _is_erased(rows: list[RetentionItem]) -> bool:
    return all(row.state == retention.CONFIRMED for row in rows)
