"""The form of one step of an exam: 报考, 排考, 缺考, 缓考, 违纪取消, 补考 (四.3), and what each of them asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from desktop_app.domain.errors import AppError
from desktop_app.domain.life_cycles import CANDIDATE as CYCLE
from desktop_app.domain.timetable import parse_time
from desktop_app.domain.trainees import parse_birth as parse_day
from desktop_app.services.exam_steps import Sitting
from ui.i18n import tr
from ui.messages import describe
from ui.navigation import PageContext
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import FormPanel, choice_box, text_line
from ui.widgets.labels import label

SITTINGS = ("open", "schedule", "resit")
"""Verbs that say when and where people sit."""
DECISIONS = ("miss", "defer", "recall", "disqualify")
"""Verbs that say what became of one person."""
COMMAND_OF = {
    "open": "open_exam",
    "schedule": "schedule_candidates",
    "miss": "record_absence",
    "defer": "defer_candidate",
    "recall": "recall_candidate",
    "disqualify": "disqualify_candidate",
    "resit": "open_resit",
}
EVERYBODY, CHOSEN = "everybody", "chosen"
_REASONED = CYCLE.asks_reason | {"resit"}
_PLACES = {
    "DATE_FUTURE": "on",
    "RESIT_EARLIER": "on",
    "ASSESSMENT_TOO_EARLY": "on",
    "REASON_MISSING": "reason",
}


@dataclass(frozen=True, slots=True)
class ExamAnswers:
    """What was filled in: time and place of a sitting, ``chosen`` where only the marked people are meant."""

    sitting: Sitting
    organisation: str
    reason: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ExamStep:
    """A step to be taken: ``facts`` stand on top, ``values`` in the fields at first.

    ``scopes`` are (EVERYBODY or CHOSEN, text); ``act`` takes the step beside the window's thread.
    """

    verb: str
    facts: tuple[str, ...]
    act: Callable[[ExamAnswers], object]
    values: Mapping[str, str]
    scopes: tuple[tuple[str, str], ...] = ()


class ExamPanel(FormPanel):
    """One step; ``taken`` carries what the command returned."""

    taken = Signal(object)

    def __init__(self, context: PageContext, step: ExamStep) -> None:
        super().__init__()
        self._context, self._step = context, step
        self.column.insertWidget(0, label(tr(f"exams.about.{step.verb}"), "secondary", wrap=True))
        if step.facts:
            self.column.insertWidget(0, label("\n".join(step.facts), "facts", wrap=True))
        day = text_line(tr("form.day_example"), limit=12)
        self.form.add("on", FormField(tr(f"exams.day.{step.verb}"), day, required=True))
        if step.verb in SITTINGS:
            self.form.add("time", FormField(tr("exams.time"), text_line("09:00", limit=8)))
            self.form.add("place", FormField(tr("exams.place"), text_line(limit=100)))
        if step.verb == "open":
            self.form.add("organisation", FormField(tr("exams.organisation"), text_line(limit=100)))
        if step.scopes:
            self.form.add("scope", FormField(tr("exams.scope"), choice_box(list(step.scopes))))
        if step.verb in _REASONED:
            self.form.add("reason", FormField(tr("exams.reason"), text_line(limit=200), required=True))
        self.form.set_values({name: text for name, text in step.values.items() if name in self.form.fields})
        self.begin()

    def foot(self) -> list[QPushButton]:
        """Return the button that takes the step; it is open from the start: what stands there is the usual answer."""
        made = self.make_save_button(tr(f"exams.do.{self._step.verb}"))
        made.setEnabled(True)
        return [made]

    def _on_edited(self) -> None:
        super()._on_edited()
        if self.save_button is not None:
            self.save_button.setEnabled(True)

    def save(self) -> None:
        values: dict[str, Any] = self.form.values()
        on = parse_day(values["on"])
        wrong = {} if on is not None else {"on": tr("form.day_wrong")}
        starts_at: time | None = None
        if values.get("time"):
            try:
                starts_at = parse_time(values["time"])
            except AppError:
                wrong["time"] = tr("form.time_wrong")
        if "reason" in values and not values["reason"]:
            wrong["reason"] = describe(AppError("REASON_MISSING")).text
        if on is None or wrong:
            self.form.show_field_errors(wrong)
            return
        answers = ExamAnswers(
            Sitting(on, starts_at, values.get("place", "")),
            values.get("organisation", ""),
            values.get("reason", ""),
            values.get("scope") == CHOSEN,
        )
        step = self._step
        self._context.tasks.command(self, lambda: step.act(answers), self._on_done, self._on_refused)

    def _on_done(self, result: object) -> None:
        self.begin()
        self._context.messages.tell(tr(f"exams.done.{self._step.verb}"))
        self.taken.emit(result)

    def _on_refused(self, error: AppError) -> None:
        place = _PLACES.get(error.code, "")
        if place in self.form.fields:
            self.form.show_field_errors({place: describe(error).text})
        else:
            self._context.messages.report(self, error)


def first_values(on: date, starts_at: str | None = None, place: str | None = None) -> dict[str, str]:
    """Return what a form shows at first."""
    return {"on": on.isoformat(), "time": starts_at or "", "place": place or "", "scope": EVERYBODY}
