"""A flag with its evidence and its 处置; an order with the 整改回复 to it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from desktop_app.domain.errors import AppError
from desktop_app.domain.evidence import RECTIFICATION
from desktop_app.domain.listings.risks import RiskFlag
from desktop_app.domain.records import SESSION, TRAINEE
from desktop_app.domain.risk.kinds import Decision
from desktop_app.domain.supervision import EventKind, Standing
from desktop_app.domain.trainees import parse_birth as parse_day
from desktop_app.services.evidence import Owner, Paper
from desktop_app.services.evidence_intake import read_file
from desktop_app.services.supervision import EventItem
from ui.dialogs.choosing import choose_files
from ui.i18n import tr
from ui.messages import describe
from ui.navigation import PageContext
from ui.pages.supervision.order_files import OrderFiles
from ui.pages.supervision.table_models import decision_text, fact_text, severity_text, what_text
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import FormPanel, choice_box, text_line
from ui.widgets.labels import button, label
from ui.wording import day_text

_PLACES = {
    "REPLY_EMPTY": "measures",
    "REPLY_DATE": "replied_on",
    "REASON_MISSING": "reason",
    "REASON_LONG": "reason",
}


def choose_paper(parent: QWidget, name: str) -> Path | None:
    """Ask where a paper goes, PDF or Excel by the ending; None where nothing is chosen."""
    chosen, _kind = QFileDialog.getSaveFileName(
        parent.window(), tr("papers.choose"), str(Path.home() / name), "PDF (*.pdf);;Excel (*.xlsx)"
    )
    return Path(chosen) if chosen else None


class _Acting(FormPanel):
    """A form whose refusals go to their fields; ``saved`` tells that it was stored."""

    saved = Signal()

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context

    def _on_refused(self, error: AppError) -> None:
        place = _PLACES.get(error.code, "")
        if place in self.form.fields:
            self.form.show_field_errors({place: describe(error).text})
        else:
            self._context.messages.report(self, error)


class FlagPanel(_Acting):
    """What was found, the way to its evidence, and 处置 by who may."""

    def __init__(self, context: PageContext, flag: RiskFlag) -> None:
        super().__init__(context)
        self._flag = flag
        may = context.services.context.may
        self._may = flag.holds and may("dispose_block" if flag.blocks else "dispose_hint")
        lines = [tr("risk.panel.severity", severity=severity_text(flag), decision=decision_text(flag))]
        lines += [fact_text(name, text) for name, text in flag.facts]
        if flag.decision is not None and flag.disposed_on is not None:
            lines.append(
                tr(
                    "risk.panel.disposed",
                    day=day_text(flag.disposed_on, weekday=False),
                    who=tr(f"risk.authority.{flag.authority or 'office'}"),
                    reason=flag.reason,
                )
            )
        self.column.insertWidget(0, label("\n".join(lines), "facts", wrap=True))
        self._evidence = button(tr("risk.panel.evidence"))
        self._evidence.clicked.connect(self.show_evidence)
        self._evidence.setVisible(flag.class_id is not None or bool(flag.people))
        self.column.insertWidget(1, self._evidence)
        who = tr("risk.panel.by_head") if flag.blocks else tr("risk.panel.by_office")
        self.column.insertWidget(2, label(who, "secondary", wrap=True))
        decisions = [(one.value, tr(f"risk.choice.{one.value}")) for one in Decision]
        self.form.add("decision", FormField(tr("risk.field.decision"), choice_box(decisions), required=True))
        self.form.add("reason", FormField(tr("risk.field.reason"), text_line(limit=300), required=True))
        self.form.set_values({"decision": flag.decision or Decision.CLEARED.value})
        self.form.setVisible(self._may)
        self.begin()

    def foot(self) -> list[QPushButton]:
        """Return the button that disposes of it, for who may."""
        return [self.make_save_button(tr("risk.dispose"))] if self._may else []

    def show_evidence(self) -> None:
        """Go to where the evidence lies: the class's attendance, or the person."""
        flag = self._flag
        if flag.class_id is not None:
            numbers = {number for number, _ in flag.subjects}
            tab = "attendance" if SESSION.number in numbers else "roster"
            self._context.navigate("class", class_id=flag.class_id, tab=tab)
            return
        person = next((key for number, key in flag.subjects if number == TRAINEE.number), None)
        if person is not None:
            self._context.navigate("trainees", trainee_id=person)

    def save(self) -> None:
        typed, flag, service = self.form.values(), self._flag, self._context.services.risks
        act = service.dispose_block if flag.blocks else service.dispose_hint
        self._context.tasks.command(
            self,
            lambda: act(flag.id, Decision(typed["decision"]), typed["reason"]),
            lambda _none: self._on_done(),
            self._on_refused,
        )

    def _on_done(self) -> None:
        self.begin()
        self._context.messages.tell(tr("risk.disposed"))
        self.saved.emit()


class OrderPanel(_Acting):
    """What a department ordered, and the 整改回复."""

    def __init__(self, context: PageContext, item: EventItem) -> None:
        super().__init__(context)
        self._item = item
        event = item.event
        lines = [
            f"{event.department} {event.document}",
            tr("supervision.panel.issued", day=day_text(event.issued_on, weekday=False)),
            what_text(item),
        ]
        if event.deadline is not None:
            lines.append(tr("supervision.panel.deadline", day=day_text(event.deadline, weekday=False)))
        lines.append(tr(f"supervision.standing.{item.standing.value}"))
        self.column.insertWidget(0, label("\n".join(lines), "facts", wrap=True))
        self._may = (
            event.kind is EventKind.ORDER
            and item.standing is not Standing.CLOSED
            and context.services.context.may("reply_to_order")
        )
        for name in ("measures", "responsible"):
            self.form.add(
                name, FormField(tr(f"supervision.field.{name}"), text_line(limit=500), required=True)
            )
        day_line = text_line(tr("form.day_example"), limit=12)
        self.form.add("replied_on", FormField(tr("supervision.field.replied_on"), day_line, required=True))
        reply = item.reply
        today = context.services.context.today()
        self.form.set_values(
            {
                "measures": "" if reply is None else reply.measures,
                "responsible": "" if reply is None else reply.responsible,
                "replied_on": (today if reply is None else reply.replied_on).isoformat(),
            }
        )
        self.form.setVisible(event.kind is EventKind.ORDER)
        self.files = OrderFiles(context, event.id)
        self.files.setVisible(event.kind is EventKind.ORDER)
        self.column.addWidget(self.files)
        if not self._may:
            self.set_read_only()
        self.begin()

    def foot(self) -> list[QPushButton]:
        """Return the buttons that print the reply, attach its evidence and store it, for who may."""
        made = []
        may = self._context.services.context.may
        if self._item.reply is not None and may("make_paper"):
            printing = button(tr("supervision.print"))
            printing.clicked.connect(self._ask_paper)
            made.append(printing)
        if self._may and may("add_evidence"):
            attach = button(tr("supervision.attach"))
            attach.clicked.connect(self._ask_file)
            made.append(attach)
        return [*made, self.make_save_button(tr("supervision.reply"))] if self._may else made

    def attach(self, path: Path) -> None:
        """Attach a file of evidence to the order."""
        service, owner = self._context.services.evidence, Owner("supervision_event", self._item.event.id)

        def add(*_given: object) -> frozenset[str]:
            service.add(owner, Paper(RECTIFICATION), read_file(path), path.name)
            return frozenset({"attachment"})

        self._context.tasks.work(self, add, lambda _kinds: self._on_attached(path.name))

    def _on_attached(self, name: str) -> None:
        self._context.messages.tell(tr("supervision.attached", file=name))
        self.files.fetch()

    def _ask_file(self) -> None:
        paths = choose_files(self, self._context.preferences, many=False)
        if paths:
            self.attach(paths[0])

    def _ask_paper(self) -> None:
        target = choose_paper(self, tr("supervision.print_file"))
        if target is not None:
            order, service = self._item.event.id, self._context.services.follow_up_papers
            self._context.tasks.long_command(
                self,
                lambda _progress, _cancel: service.rectification(order, target),
                lambda paper: self._context.messages.tell(tr("papers.written", file=paper.file.name)),
            )

    def save(self) -> None:
        typed = self.form.values()
        on = parse_day(typed["replied_on"])
        if on is None:
            self.form.show_field_errors({"replied_on": tr("form.day_wrong")})
            return
        service, order = self._context.services.supervision, self._item.event.id
        self._context.tasks.command(
            self,
            lambda: service.reply(order, typed["measures"], typed["responsible"], on),
            lambda _none: self._on_done(),
            self._on_refused,
        )

    def _on_done(self) -> None:
        self.begin()
        self._context.messages.tell(tr("supervision.replied"))
        self.saved.emit()
