"""The steps that a class can take now, as a menu, and the form of one: its day, its reason, what else it needs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from desktop_app.domain.errors import AppError
from desktop_app.domain.life_cycles import TRAINING_CLASS as CYCLE
from desktop_app.domain.listings.training import ClassListItem
from desktop_app.domain.trainees import parse_birth as parse_day
from ui.i18n import tr
from ui.messages import describe
from ui.navigation import PageContext
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import FormPanel, text_line
from ui.widgets.labels import label

COMMAND_OF = {
    "file": "file_class",
    "open": "open_class",
    "suspend": "suspend_class",
    "resume": "resume_class",
    "extend": "extend_class",
    "cancel": "cancel_class",
    "finish_teaching": "finish_class",
    "assess": "assess_class",
    "complete": "complete_class",
    "archive": "archive_class",
    "reopen": "reopen_class",
}
_DAY_CODES = frozenset({"STEP_TO_COME", "STEP_BEFORE"})
_END_CODES = frozenset({"EXTENSION_NOT_LATER", "DATES_REVERSED"})


class StepPanel(FormPanel):
    """One step of ``life_cycles.TRAINING_CLASS``; ``taken`` tells that it is done."""

    taken = Signal()

    def __init__(self, context: PageContext, item: ClassListItem, verb: str) -> None:
        super().__init__()
        self._context = context
        self._item = item
        self._verb = verb
        state = tr(f"state.training_class.{CYCLE.state_of(item.state)}")
        self.column.insertWidget(0, label(tr("steps.now", state=state), "facts"))
        self.column.insertWidget(1, label(tr(f"steps.about.{verb}"), "secondary", wrap=True))
        today = context.services.context.today()
        self.form.add(
            "on", FormField(tr("steps.on"), text_line(tr("form.day_example"), limit=12), required=True)
        )
        if verb == "extend":
            end = FormField(tr("steps.end_on"), text_line(tr("form.day_example"), limit=12), required=True)
            self.form.add("end_on", end)
        if verb == "file":
            self.form.add("receipt", FormField(tr("opening.field.receipt"), text_line(limit=60)))
        if verb in CYCLE.asks_reason:
            self.form.add("reason", FormField(tr("steps.reason"), text_line(limit=200), required=True))
        self.form.set_values({"on": today.isoformat()})
        self.begin()

    def foot(self) -> list[QPushButton]:
        """Return the button that takes the step; it is open from the start: today is the usual day."""
        made = self.make_save_button(tr(f"steps.do.{self._verb}"))
        made.setEnabled(True)
        return [made]

    def _on_edited(self) -> None:
        super()._on_edited()
        if self.save_button is not None:
            self.save_button.setEnabled(True)

    def save(self) -> None:
        values = self.form.values()
        days: dict[str, date | None] = {
            name: parse_day(values[name]) for name in ("on", "end_on") if name in values
        }
        wrong: dict[str, str] = {name: tr("form.day_wrong") for name, day in days.items() if day is None}
        if "reason" in values and not values["reason"]:
            wrong["reason"] = describe(AppError("REASON_MISSING")).text
        if wrong:
            self.form.show_field_errors(wrong)
            return
        self._context.tasks.command(
            self, self._call(values, days), lambda _done: self._on_done(), self._on_refused
        )

    def _call(self, values: dict[str, Any], days: dict[str, date | None]) -> Callable[[], object]:
        services, key, on = self._context.services, self._item.id, days["on"]
        steps, opening, reason = services.class_steps, services.opening, values.get("reason", "")
        calls: dict[str, Callable[[], object]] = {
            "file": lambda: opening.file_class(key, on, values.get("receipt", "")),
            "open": lambda: opening.open_class(key, on),
            "suspend": lambda: steps.suspend(key, reason, on),
            "resume": lambda: steps.resume(key, on),
            "extend": lambda: steps.extend(key, days.get("end_on"), reason, on),
            "cancel": lambda: steps.cancel(key, reason, on),
            "finish_teaching": lambda: steps.finish_teaching(key, on),
            "assess": lambda: steps.assess(key, on),
            "complete": lambda: steps.complete(key, on),
            "archive": lambda: steps.archive(key, on),
            "reopen": lambda: steps.reopen(key, reason, on),
        }
        return calls[self._verb]

    def _on_done(self) -> None:
        self.begin()
        self._context.messages.tell(tr("steps.done", code=self._item.code, step=tr(f"steps.do.{self._verb}")))
        self.taken.emit()

    def _on_refused(self, error: AppError) -> None:
        place = "on" if error.code in _DAY_CODES else "end_on" if error.code in _END_CODES else ""
        if place in self.form.fields:
            self.form.show_field_errors({place: describe(error).text})
        else:
            self._context.messages.report(self, error)
