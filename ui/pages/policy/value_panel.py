"""The panel of one parameter: a new value with its effect said before, and the history of all its values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QWidget

from desktop_app.domain import codes
from desktop_app.domain.errors import AppError, FieldErrors
from desktop_app.domain.listings.policies import PolicyHistoryItem, PolicyListItem, ValueState
from desktop_app.domain.policy_changes import PolicyEffect
from desktop_app.domain.policy_definitions import definition, plain_text, read_value
from desktop_app.domain.policy_parameters import Owner, PolicyParameter
from ui.dialogs.ask import ask_reason
from ui.i18n import tr
from ui.messages import describe, show_field_errors
from ui.navigation import PageContext
from ui.pages.policy.wording import (
    binding_text,
    effect_text,
    owner_text,
    place_text,
    short_text,
    span_text,
    state_text,
    value_text,
)
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import FormPanel, choice_box, text_line
from ui.widgets.labels import button, label, restyle

STRUCTURED = frozenset({"table", "standard", "holidays"})


class ValuePanel(FormPanel):
    """``saved`` tells that a value was set or withdrawn."""

    saved = Signal(str)

    def __init__(self, context: PageContext, row: PolicyListItem, today: date) -> None:
        super().__init__()
        self._context = context
        self._service = context.services.policies
        self._row = row
        self._defined = definition(row.parameter.code)
        self._may = bool(context.services.context.may("set_policy_value"))
        if self._defined.note:
            self.column.insertWidget(0, label(self._defined.note, "secondary", wrap=True))
        if self._may:
            self._build(today)
        self._effect = label("", "secondary", wrap=True)
        self.column.addWidget(self._effect)
        self.column.addWidget(label(tr("policy.history"), "strong"))
        self._lines: list[QWidget] = []
        self.changed.connect(lambda _changed: self._preview())
        self._load_history()

    def _build(self, today: date) -> None:
        channels = [(one.code, one.name) for one in codes.table("channels").entries]
        self.form.add("value", FormField(tr("policy.value"), self._editor(channels), required=True))
        note = tr("policy.document_note")
        self.form.add("document", FormField(tr("policy.document"), text_line(limit=60), note=note))
        self.form.add_row(
            {
                "since": FormField(tr("policy.since"), text_line("2021-01-01", limit=10), required=True),
                "until": FormField(tr("policy.until"), text_line(limit=10)),
            }
        )
        self.form.add_row(
            {
                "region": FormField(tr("policy.region"), text_line("420000", limit=6)),
                "channel": FormField(
                    tr("policy.channel"), choice_box(channels, empty=tr("policy.any_channel"))
                ),
            }
        )
        self.form.add("reason", FormField(tr("policy.reason"), text_line(limit=200)))
        present = self._row.parameter
        shown = plain_text(self._defined, present.value)
        coded = self._defined.unit == "channel"
        self.load(
            {
                "value": present.value if coded else shown,
                "document": "",
                "since": today.isoformat(),
                "until": "",
                "region": present.region or "",
                "channel": present.channel or "",
                "reason": "",
            }
        )

    def _editor(self, channels: list[tuple[Any, str]]) -> QWidget:
        if self._defined.unit == "channel":
            return choice_box(channels)
        if self._defined.unit == "flag":
            return choice_box([("是", tr("policy.yes")), ("否", tr("policy.no"))])
        if self._defined.unit in STRUCTURED:
            return QPlainTextEdit()
        return text_line(limit=40)

    def foot(self) -> list[QPushButton]:
        """Return the buttons of the panel's foot."""
        return [self.make_save_button(tr("policy.set"))] if self._may else []

    def save(self) -> None:
        value = self._typed(show=True)
        if value is None:
            return
        service, reason = self._service, self.form.values()["reason"]
        self._context.tasks.command(
            self, lambda: service.set_value(value, reason), self._on_set, self._on_refused
        )

    def _typed(self, *, show: bool) -> PolicyParameter | None:
        """Return what is typed; None where a field cannot be read, told beside it with ``show``."""
        values, wrong = self.form.values(), dict[str, AppError]()
        days: dict[str, date | None] = {}
        for name in ("since", "until"):
            try:
                days[name] = date.fromisoformat(values[name]) if values[name] else None
            except ValueError:
                wrong[name] = AppError("DATE_UNREADABLE", value=values[name])
        read = None
        try:
            read = read_value(self._defined, str(values["value"]))
        except AppError as error:
            wrong["value"] = error
        if wrong:
            if show:
                show_field_errors(self.form, FieldErrors(wrong))
            return None
        return PolicyParameter(
            code=self._defined.code,
            value=read,
            document=values["document"] or None,
            region=values["region"] or None,
            channel=values["channel"] or None,
            since=days["since"],
            until=days["until"],
            owner=Owner.INSTITUTION,
        )

    def _preview(self) -> None:
        value = self._typed(show=False) if self._may and self.changes() else None
        if value is None:
            self._effect.setText("")
            return
        service = self._service
        self._context.tasks.query(
            self, lambda: service.effect(value), self._show_effect, self._show_refusal, latest="effect"
        )

    def _show_effect(self, effect: PolicyEffect) -> None:
        self._effect.setText(self._said(effect))
        restyle(self._effect, tone="waiting" if effect.effect.value in {"binds", "overruled"} else "")

    def _show_refusal(self, error: AppError) -> None:
        self._effect.setText(describe(error).text)
        restyle(self._effect, tone="wrong")

    def _said(self, effect: PolicyEffect) -> str:
        before, after = short_text(self._defined, effect.before), short_text(self._defined, effect.after)
        return effect_text(effect.effect, self._defined.name, before, after)

    def _on_set(self, effect: PolicyEffect) -> None:
        self.begin()
        self.saved.emit(self._said(effect))

    def _on_refused(self, error: AppError) -> None:
        if isinstance(error, FieldErrors):
            show_field_errors(self.form, error)
        elif error.code == "DOCUMENT_NEEDED":
            show_field_errors(self.form, FieldErrors({"document": error}))
        else:
            self._context.messages.report(self, error)

    def _load_history(self) -> None:
        service, code = self._service, self._defined.code
        self._context.tasks.query(self, lambda: service.history(code), self._show_history)

    def _show_history(self, items: Sequence[PolicyHistoryItem]) -> None:
        for item in items:
            value = item.parameter
            head = f"{value_text(value, item.text)} · {binding_text(value)} · {state_text(item.state)}"
            self.column.addWidget(label(head, "strong", wrap=True))
            parts = [value.document or "", span_text(value), place_text(value), owner_text(value), item.user]
            detail = " · ".join(part for part in (*parts, item.reason) if part and part != "—")
            self.column.addWidget(label(detail, "secondary", wrap=True))
            own = value.owner is Owner.INSTITUTION and item.state is not ValueState.WITHDRAWN
            if own and self._context.services.context.may("withdraw_policy_value"):
                made = button(tr("policy.withdraw"), "link")
                made.clicked.connect(self._withdrawer(value))
                self.column.addWidget(made)

    def _withdrawer(self, value: PolicyParameter) -> Callable[[], None]:
        def run() -> None:
            reason = ask_reason(
                self.window(),
                tr("policy.withdraw_question", name=self._defined.name),
                tr("policy.withdraw_detail"),
                tr("policy.withdraw"),
            )
            if reason:
                service = self._service
                self._context.tasks.command(self, lambda: service.withdraw(value, reason), self._on_set)

        return run
