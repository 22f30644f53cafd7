"""补贴 of a class: its claim from 草稿 to 拨付, its people, what holds it back (五.一, 六.3; R17–R19, R35)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QMenu, QPushButton, QVBoxLayout

from desktop_app.domain.life_cycles import CLAIM as CYCLE
from desktop_app.domain.listings.claims import ClaimItem, ClaimPerson, ClaimSheet
from desktop_app.domain.pinyin import initials
from ui.dialogs.ask import ask_reason
from ui.i18n import tr
from ui.navigation import PageContext
from ui.pages.claims.facts import facts_of
from ui.pages.claims.panels import ClaimForm, DraftPanel, NoticePanel, ObjectionPanel, PayeePanel, PersonPanel
from ui.pages.claims.student_panel import StudentMoneyPanel
from ui.pages.claims.table_model import channel_text, claim_people_model
from ui.reported_tab import RecordKey, ReportedTab, ReportMarks
from ui.widgets.data_table import RowAction
from ui.widgets.empty_state import EmptyState
from ui.widgets.form_panel import choice_box
from ui.widgets.labels import button, label
from ui.wording import day_text

COMMAND_OF = {
    "check": "send_claim_to_review",
    "approve": "approve_claim",
    "return": "return_claim",
    "publish": "publish_claim",
    "submit": "submit_claim",
    "send_back": "record_claim_return",
    "withdraw": "withdraw_claim",
}
"""Verbs of the window; decide, pay and recover are the department's."""
PAPERS = ("summary", "people", "notice", "lacks")


class ClaimsTab(ReportedTab[ClaimPerson]):
    """``open(trainee_id=…)`` opens one person."""

    def __init__(self, context: PageContext, class_id: bytes) -> None:
        self._class_id = class_id
        self._sheet: ClaimSheet | None = None
        self._chosen: bytes | None = None
        self._channel = ""
        self.ask_reason: Callable[..., str | None] = ask_reason
        may = context.services.context.may
        empty = EmptyState(tr("claims.empty"), tr("claims.empty_detail"), "", "file-spreadsheet")
        marks: ReportMarks[ClaimPerson] = ReportMarks(self._records_of)
        super().__init__(
            context,
            "claims",
            claim_people_model(marks),
            marks,
            class_id,
            ("claim",),
            placeholder=tr("members.search"),
            empty=empty,
            actions=self._actions(may),
            count_key="guidance.count",
            kinds={"claim", "claim_line", "claim_objection", "claim_decision", "claim_payment", "attachment",
                   "mark", "score", "certificate", "enrolment", "policy_value", "flag_disposal"},
        )  # fmt: skip
        self.facts = label("", "facts", wrap=True)
        main = self.table.parentWidget()
        inside = None if main is None else main.layout()
        assert isinstance(inside, QVBoxLayout)
        inside.insertWidget(0, self.facts)
        self.choice = choice_box([])
        self.choice.setAccessibleName(tr("claims.which"))
        self.choice.activated.connect(lambda _row: self.choose(bytes.fromhex(self.choice.currentData())))
        self.filters.add_right(self.choice)
        self.draft = self._button("claims.draft", self._open_draft, shown=may("draft_claim"))
        self.payee = self._button("claims.payee_button", self._open_payee, shown=may("set_claim_payee"))
        self.steps = self._menu("claims.steps")
        self.papers = self._menu("classes.print")
        self.hints = [("Enter", tr("hint_key.open")), ("Esc", tr("hint_key.close"))]

    def choose(self, key: bytes) -> None:
        """Show another claim of the class."""
        self._chosen = key
        self.panel.close_panel()
        self._load()

    def _draw_choice(self, items: Sequence[ClaimItem]) -> None:
        """Offer the claims of the class where there are several, the newest first."""
        self.choice.clear()
        for one in sorted(items, key=lambda one: (one.period, one.made_on), reverse=True):
            words = (
                day_text(one.made_on, weekday=False),
                channel_text(one.channel),
                tr(f"state.claim.{one.state}"),
            )
            self.choice.addItem(" · ".join(words), one.key.hex())
        shown = -1 if self._sheet is None else self.choice.findData(self._sheet.item.key.hex())
        self.choice.setCurrentIndex(shown)
        self.choice.setVisible(len(items) > 1)

    def open(self, trainee_id: bytes | None = None) -> None:
        """Open one person in the panel."""
        self.open_where(lambda row: row.trainee_id == trainee_id)

    def fetcher(self) -> Callable[[], Any]:
        service, class_id, chosen = self.context.services.claims, self._class_id, self._chosen
        return lambda: service.of_class(class_id, chosen)

    def show_rows(self, rows: Any) -> None:  # noqa: ANN401 - the claims, with the people of one
        self._sheet, self._channel = rows.sheet, rows.channel
        self._draw_choice(rows.items)
        self._draw_facts()
        super().show_rows([] if self._sheet is None else self._sheet.people)

    def _records_of(self, row: ClaimPerson) -> Iterable[RecordKey]:
        """Name the person's line and the claim that it belongs to, which goes up with it."""
        if self._sheet is None or row.line is None:
            return ()
        key = self._sheet.item.key
        return (("claim_line", key + row.trainee_id), ("claim", key))

    def words_of(self, row: ClaimPerson) -> Iterable[str]:
        return (row.name, *initials(row.name), row.certificate)

    def row_panel_key(self, row: ClaimPerson) -> str:
        return row.trainee_id.hex()

    def open_row(self, row: ClaimPerson) -> None:
        if self._sheet is not None:
            content = PersonPanel(self.context, self._sheet.item, row)
            self.panel.open_panel(self.row_panel_key(row), row.name, content, [])

    def take_step(self, verb: str) -> None:
        """Do what a verb says: ask for its reason or its form first."""
        sheet = self._sheet
        if sheet is None:
            return
        key, service = sheet.item.key, self.context.services.claim_steps
        if verb == "publish":
            self._open(
                f"{verb}/{key.hex()}", tr("claims.publish_title"), NoticePanel(self.context, sheet.item)
            )
            return
        reason = ""
        if verb in CYCLE.asks_reason:
            question = tr(f"claims.ask.{verb}", code=sheet.item.class_code)
            words = [tr("claims.reason.amount"), tr("claims.reason.papers")]
            asked = self.ask_reason(self.window(), question, "", tr(f"claims.do.{verb}"), words)
            if asked is None:
                return
            reason = asked
        calls: dict[str, Callable[[], None]] = {
            "check": lambda: service.send_to_review(key),
            "approve": lambda: service.approve(key),
            "return": lambda: service.return_to_draft(key, reason),
            "submit": lambda: service.submit(key),
            "send_back": lambda: service.record_return(key, reason),
            "withdraw": lambda: service.withdraw(key, reason),
        }
        told = tr("claims.done", step=tr(f"claims.do.{verb}"), code=sheet.item.class_code)
        self.context.tasks.command(self, calls[verb], lambda _none: self.context.messages.tell(told))

    def print_paper(self, kind: str) -> None:
        """Ask where, then write a paper, or the pack."""
        if self._sheet is None:
            return
        name = f"{self._sheet.item.class_code}-{tr(f'claims.print.{kind}')}.pdf"
        chosen, _kind = QFileDialog.getSaveFileName(
            self.window(), tr("papers.choose"), str(Path.home() / name), "PDF (*.pdf)"
        )
        if not chosen:
            return
        service, key, target = self.context.services.claim_pack, self._sheet.item.key, Path(chosen)

        def write(_progress: object, _cancel: object) -> object:
            return service.write(key, target) if kind == "pack" else service.paper(key, kind, target)

        told = tr("claims.printed", file=target.name)
        self.context.tasks.long_command(self, write, lambda _done: self.context.messages.tell(told))

    def _actions(self, may: Callable[[str], bool]) -> list[RowAction[ClaimPerson]]:
        actions: list[RowAction[ClaimPerson]] = [
            RowAction("claims.open", lambda rows: self.open_row(rows[0]), "pencil", many=False)
        ]
        if may("add_to_claim"):
            actions.append(
                RowAction("claims.add", self._add, allowed=lambda rows: self._in_draft(rows, inside=False))
            )
        if may("set_claim_account"):
            actions.append(
                RowAction(
                    "claims.account",
                    lambda rows: self._open_account(rows[0]),
                    many=False,
                    allowed=lambda rows: self._in_draft(rows, inside=True) and self._paid_in_person(),
                )
            )
        if may("object_to_claim"):
            actions.append(
                RowAction(
                    "claims.object",
                    lambda rows: self._open_objection(rows[0]),
                    many=False,
                    allowed=lambda rows: (
                        rows[0].line is not None and self._state() in {"published", "submitted"}
                    ),
                )
            )
        if may("answer_objection"):
            actions += [self._answering("rejected", upheld=False), self._answering("upheld", upheld=True)]
        for word, command in (("charge", "charge_student"), ("cost", "book_student_cost")):
            if may(command):
                actions.append(self._booking(word))
        if may("remove_from_claim"):
            actions.append(
                RowAction(
                    "claims.remove",
                    self._remove,
                    "trash-2",
                    danger=True,
                    allowed=lambda rows: self._in_draft(rows, inside=True) or self._not_taken(rows),
                )
            )
        return actions

    def _booking(self, word: str) -> RowAction[ClaimPerson]:
        return RowAction(f"claims.book.{word}", lambda rows: self._open_money(rows[0], word), many=False)

    def _open_money(self, row: ClaimPerson, word: str) -> None:
        content = StudentMoneyPanel(self.context, self._class_id, row, cost=word == "cost")
        self._open(f"{word}/{row.trainee_id.hex()}", row.name, content)

    def _answering(self, word: str, *, upheld: bool) -> RowAction[ClaimPerson]:
        return RowAction(
            f"claims.answer.{word}",
            lambda rows: self._answer(rows[0], upheld=upheld),
            many=False,
            allowed=lambda rows: self._open_objections(rows[0]) != [],
        )

    def _draw_facts(self) -> None:
        sheet = self._sheet
        self.payee.setVisible(sheet is not None and self._state() == "draft" and self.may("set_claim_payee"))
        verbs = [
            verb for verb in CYCLE.verbs(self._state()) if verb in COMMAND_OF and self.may(COMMAND_OF[verb])
        ]
        self._fill(
            self.steps, [] if sheet is None else [(tr(f"claims.do.{verb}"), self._do(verb)) for verb in verbs]
        )
        kinds = [*PAPERS, "pack"] if self.may("export_unmasked") else [*PAPERS]
        printable = sheet is not None and self.may("make_paper")
        self._fill(
            self.papers, [(tr(f"claims.print.{kind}"), self._print(kind)) for kind in kinds if printable]
        )
        self.draft.setText(tr("claims.draft" if sheet is None else "claims.draft_again"))
        if sheet is None:
            self.facts.setText("")
            return
        self.facts.setText("\n".join(facts_of(sheet)))

    def _do(self, verb: str) -> Callable[[], None]:
        return lambda: self.take_step(verb)

    def _print(self, kind: str) -> Callable[[], None]:
        return lambda: self.print_paper(kind)

    def _state(self) -> str:
        return "draft" if self._sheet is None else self._sheet.item.state

    def _in_draft(self, rows: list[ClaimPerson], *, inside: bool) -> bool:
        drafted = self._sheet is not None and self._state() == "draft"
        return drafted and all((row.line is not None) is inside for row in rows)

    def _not_taken(self, rows: list[ClaimPerson]) -> bool:
        submitted = self._sheet is not None and self._sheet.item.stored == "submitted"
        return submitted and all(row.line is not None and row.refused_code for row in rows)

    def _paid_in_person(self) -> bool:
        return self._sheet is not None and self._sheet.item.payee.kind == "person"

    def _item(self) -> ClaimItem:
        assert self._sheet is not None
        return self._sheet.item

    def _add(self, rows: list[ClaimPerson]) -> None:
        service, key, people = (
            self.context.services.claims,
            self._item().key,
            [row.trainee_id for row in rows],
        )
        self.context.tasks.command(self, lambda: service.add(key, people), lambda _count: None)

    def _remove(self, rows: list[ClaimPerson]) -> None:
        question = tr("claims.ask.remove", count=len(rows))
        words = [tr("claims.reason.attendance"), tr("claims.reason.papers")]
        reason = self.ask_reason(self.window(), question, "", tr("claims.remove"), words)
        if reason is None:
            return
        service, key, people = (
            self.context.services.claims,
            self._item().key,
            [row.trainee_id for row in rows],
        )
        self.context.tasks.command(self, lambda: service.remove(key, people, reason), lambda _count: None)

    def _open_objections(self, row: ClaimPerson) -> list[bytes]:
        found = () if self._sheet is None else self._sheet.objections
        return [one.id for one in found if one.trainee_id == row.trainee_id and one.upheld is None]

    def _answer(self, row: ClaimPerson, *, upheld: bool) -> None:
        word = "upheld" if upheld else "rejected"
        question = tr(f"claims.ask.{word}", name=row.name)
        answer = self.ask_reason(self.window(), question, "", tr(f"claims.answer.{word}"), [])
        if answer is None:
            return
        service, found = self.context.services.claims, self._open_objections(row)
        self.context.tasks.command(
            self, lambda: service.answer(found[0], upheld=upheld, answer=answer), lambda _none: None
        )

    def _open_draft(self) -> None:
        self._open("draft", tr("claims.draft"), DraftPanel(self.context, self._class_id, self._channel))

    def _open_payee(self) -> None:
        self._open("payee", tr("claims.payee_button"), PayeePanel(self.context, self._item()))

    def _open_account(self, row: ClaimPerson) -> None:
        self._open(f"account/{row.trainee_id.hex()}", row.name, PayeePanel(self.context, self._item(), row))

    def _open_objection(self, row: ClaimPerson) -> None:
        self._open(
            f"object/{row.trainee_id.hex()}", row.name, ObjectionPanel(self.context, self._item(), row)
        )

    def _open(self, key: str, title: str, content: ClaimForm) -> None:
        content.saved.connect(lambda: self._on_saved(key))
        self.panel.open_panel(key, title, content, content.foot())

    def _on_saved(self, key: str) -> None:
        self.panel.forget_draft(key)
        self.panel.close_panel()

    def _button(self, key: str, done: Callable[[], None], *, shown: bool) -> QPushButton:
        made = button(tr(key))
        made.clicked.connect(done)
        made.setVisible(shown)
        self.filters.add_right(made)
        return made

    def _menu(self, key: str) -> QPushButton:
        made = button(tr(key))
        made.setMenu(QMenu(made))
        self.filters.add_right(made)
        return made

    @staticmethod
    def _fill(made: QPushButton, items: list[tuple[str, Callable[[], None]]]) -> None:
        menu = made.menu()
        menu.clear()
        for text, done in items:
            menu.addAction(text, done)
        made.setVisible(bool(items))
