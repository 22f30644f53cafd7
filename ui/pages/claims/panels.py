"""The forms of a claim: draft, payee, 公示, 异议, and one person with what stands in the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from desktop_app.domain.claims import Notice, Payee, PayeeKind
from desktop_app.domain.claims.keys import CHANNELS
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.claims import ClaimItem, ClaimPerson, ClaimSheet, Instalment, ObjectionItem
from desktop_app.domain.money import format_fen
from desktop_app.domain.rules import Finding
from desktop_app.domain.trainees import parse_birth as parse_day
from ui.i18n import tr
from ui.messages import describe
from ui.navigation import PageContext
from ui.pages.claims.table_model import amount_text, channel_text, decision_text, group_text
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import FormPanel, choice_box, text_line
from ui.widgets.labels import button, label
from ui.wording import day_text

PLACES: dict[str, tuple[str, str]] = {
    "enrolment": ("class", "roster"),
    "session": ("class", "attendance"),
    "assessment": ("class", "scores"),
    "certificate": ("class", "certificates"),
    "attachment": ("class", "evidence"),
    "training_class": ("class", "evidence"),
    "policy_value": ("policy", ""),
    "risk_flag": ("supervision", ""),
    "claim": ("claims", ""),
}
"""Where a cause is mended: page and tab."""
_FIELDS = {"CLAIM_NOTICE_EMPTY": "place", "CLAIM_NOTICE_SHORT": "last", "CLAIM_NOTICE_REVERSED": "last"}
"""The field of a form that a refusal is about."""


@dataclass(frozen=True, slots=True)
class Field:
    """A line of text of a form: its key in ``claims.form.…`` and whether it must be filled."""

    name: str
    required: bool = True
    limit: int = 100


class ClaimForm(FormPanel):
    """Lines of text and what is done with them; ``saved`` tells that it was stored."""

    saved = Signal()

    def __init__(self, context: PageContext, fields: tuple[Field, ...], note: str) -> None:
        super().__init__()
        self._context = context
        if note:
            self.column.insertWidget(0, label(note, "facts", wrap=True))
        for one in fields:
            editor = text_line(limit=one.limit)
            self.form.add(one.name, FormField(tr(f"claims.form.{one.name}"), editor, required=one.required))

    def foot(self) -> list[QPushButton]:
        """Return the button that stores the form; it is open from the start: what is proposed may be the answer."""
        made = self.make_save_button(tr("claims.save"))
        made.setEnabled(True)
        return [made]

    def _on_edited(self) -> None:
        super()._on_edited()
        if self.save_button is not None:
            self.save_button.setEnabled(True)

    def save(self) -> None:
        write = self.writer()
        if write is not None:
            self._context.tasks.command(self, write, self._on_done, self._on_refused)

    def writer(self) -> Callable[[], object] | None:
        """Return the call that stores the form; None where a field is wrong, which is said."""
        raise NotImplementedError

    def text(self, name: str) -> str:
        """Return what a field says."""
        return str(self.form.fields[name].value() or "").strip()

    def _on_refused(self, error: AppError) -> None:
        """Say beside the field what is wrong with it."""
        place = _FIELDS.get(error.code, "")
        if place in self.form.fields:
            self.form.show_field_errors({place: describe(error).text})
        else:
            self._context.messages.report(self, error)

    def _on_done(self, _result: object) -> None:
        self.begin()
        self._context.messages.tell(tr("claims.saved"))
        self.saved.emit()


class DraftPanel(ClaimForm):
    """Begins a claim: the channel, and the department that it goes to."""

    def __init__(self, context: PageContext, class_id: bytes, channel: str) -> None:
        super().__init__(context, (), tr("claims.draft_note"))
        self._class_id = class_id
        channels = [(code, channel_text(code)) for code in CHANNELS]
        self.form.add("channel", FormField(tr("claims.channel"), choice_box(channels), required=True))
        self.form.add("department", FormField(tr("claims.form.department"), text_line(limit=100)))
        self.form.set_values({"channel": channel or CHANNELS[1]})
        self.begin()

    def writer(self) -> Callable[[], object] | None:
        service, class_id = self._context.services.claims, self._class_id
        channel, department = self.text("channel"), self.text("department")

        return lambda: service.sheet(service.draft(class_id, channel, department))

    def _on_done(self, result: object) -> None:
        """Say who was taken in: an empty draft would look like one that failed."""
        assert isinstance(result, ClaimSheet)
        self.begin()
        inside = sum(one.line is not None for one in result.people)
        left = len(result.people) - inside
        key = "claims.drafted" if left == 0 else "claims.drafted_left"
        self._context.messages.tell(tr(key, count=inside, left=left))
        self.saved.emit()


class PayeePanel(ClaimForm):
    """Who is paid: the institution, an employer, or each person (五.一.2)."""

    def __init__(self, context: PageContext, item: ClaimItem, person: ClaimPerson | None = None) -> None:
        fields = tuple(Field(name, required=False) for name in ("holder", "bank", "account", "paper"))
        super().__init__(context, (), tr("claims.payee_note"))
        self._item, self._person = item, person
        if person is None:
            kinds = [(one.value, tr(f"claims.payee.{one.value}")) for one in PayeeKind]
            self.form.add("kind", FormField(tr("claims.form.kind"), choice_box(kinds), required=True))
            self.form.set_values({"kind": item.payee.kind.value})
        for one in fields:
            self.form.add(one.name, FormField(tr(f"claims.form.{one.name}"), text_line(limit=one.limit)))
        known = item.payee if person is None or person.line is None else person.line.payee
        self.form.set_values({"holder": known.holder, "bank": known.bank, "paper": known.paper})
        self.begin()

    def writer(self) -> Callable[[], object] | None:
        kind = PayeeKind.PERSON if self._person is not None else PayeeKind(self.text("kind"))
        payee = Payee(kind, *(self.text(name) for name in ("holder", "bank", "account", "paper")))
        service, key, person = self._context.services.claims, self._item.key, self._person
        if person is None:
            return lambda: service.set_payee(key, payee, keep_account=True)
        return lambda: service.set_account(key, person.trainee_id, payee, keep_account=True)


class NoticePanel(ClaimForm):
    """公示: who posts it, where, from when to when, and the telephone."""

    def __init__(self, context: PageContext, item: ClaimItem) -> None:
        names = ("publisher", "place", "first", "last", "phone")
        super().__init__(context, tuple(Field(name) for name in names), tr("claims.notice_note"))
        self._item = item
        self.form.set_values({"first": context.services.context.today().isoformat()})
        self.begin()
        service, key = context.services.claims, item.key
        context.tasks.query(self, lambda: service.proposed_notice(key), self._propose)

    def _propose(self, proposed: Notice) -> None:
        """Fill in how it would be, where nothing has been typed."""
        if self.changes():
            return
        values = {"publisher": proposed.publisher, "place": proposed.place, "phone": proposed.phone}
        days = {"first": proposed.first.isoformat(), "last": proposed.last.isoformat()}
        self.form.set_values(values | days)
        self.begin()

    def writer(self) -> Callable[[], object] | None:
        first, last = parse_day(self.text("first")), parse_day(self.text("last"))
        wrong = {
            name: tr("form.day_wrong") for name, day in (("first", first), ("last", last)) if day is None
        }
        if first is None or last is None:
            self.form.show_field_errors(wrong)
            return None
        notice = Notice(self.text("publisher"), self.text("place"), first, last, self.text("phone"))
        service, key = self._context.services.claim_steps, self._item.key
        return lambda: service.publish(key, notice)


class ObjectionPanel(ClaimForm):
    """异议 against a person of the claim."""

    def __init__(self, context: PageContext, item: ClaimItem, person: ClaimPerson) -> None:
        fields = (Field("raised_by", required=False), Field("content", limit=200))
        super().__init__(context, fields, tr("claims.objection_note", name=person.name))
        self._item, self._person = item, person
        self.begin()

    def writer(self) -> Callable[[], object] | None:
        service, key, person = self._context.services.claims, self._item.key, self._person.trainee_id
        raised_by, content = self.text("raised_by"), self.text("content")
        return lambda: service.object(key, person, raised_by, content)


class PersonPanel(FormPanel):
    """One person: what is claimed and decided, and each cause with the place that mends it."""

    def __init__(self, context: PageContext, item: ClaimItem, person: ClaimPerson) -> None:
        super().__init__()
        facts = [
            person.document_number,
            group_text(person.group),
            tr("claims.fact.hours", attended=person.attended, planned=person.planned),
            tr("claims.fact.certificate", number=person.certificate or "—"),
            tr("claims.fact.amount", amount=amount_text(person)),
            decision_text(person) if person.decided is not None or person.refused_code else "",
            person.decided.reason if person.decided is not None else "",
            *(instalment_text(one) for one in person.instalments),
        ]
        self.column.insertWidget(0, label("\n".join(fact for fact in facts if fact), "facts", wrap=True))
        place = 1
        if person.refused_code:
            told = describe(AppError(person.refused_code))
            self.column.insertWidget(place, label(f"{told.text}\n{told.hint or ''}", "facts", wrap=True))
            place += 1
        for objection in person.objections:
            self.column.insertWidget(place, label(objection_text(objection), "facts", wrap=True))
            place += 1
        for cause in person.causes:
            told = describe(cause.error)
            self.column.insertWidget(
                place, label(f"{told.text}\n{told.hint or ''}".strip(), "facts", wrap=True)
            )
            place += 1
            jump = jump_button(context, item.class_id, cause, person.trainee_id)
            if jump is not None:
                self.column.insertWidget(place, jump)
                place += 1


def instalment_text(one: Instalment) -> str:
    """Return an instalment, or what was taken back: day, amount and 文号."""
    key = "claims.instalment.paid" if one.fen >= 0 else "claims.instalment.recovered"
    day = day_text(one.paid_on, weekday=False)
    return tr(key, day=day, amount=format_fen(abs(one.fen)), document=one.document or "—")


def objection_text(one: ObjectionItem) -> str:
    """Return an 异议: when and by whom, what it says, and the answer to it."""
    head = tr(
        "claims.objection.head",
        day=day_text(one.raised_on, weekday=False),
        who=one.raised_by or tr("claims.objection.unnamed"),
    )
    state = "open" if one.upheld is None else "upheld" if one.upheld else "rejected"
    return "\n".join((head, one.content, tr(f"claims.objection.{state}", answer=one.answer)))


def jump_button(
    context: PageContext, class_id: bytes, cause: Finding, trainee_id: bytes | None = None
) -> QPushButton | None:
    """Return a button that leads to where a cause is mended; None where that is this page."""
    found = PLACES.get(cause.entity)
    if found is None:
        return None
    page, tab = found
    made = button(tr("claims.mend"))
    if page != "class":
        made.clicked.connect(lambda: context.navigate(page))
    elif tab in {"certificates", "evidence"} and trainee_id is not None:
        made.clicked.connect(
            lambda: context.navigate(page, class_id=class_id, tab=tab, trainee_id=trainee_id)
        )
    else:
        made.clicked.connect(lambda: context.navigate(page, class_id=class_id, tab=tab))
    return made
