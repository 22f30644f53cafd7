"""The form of one step of a certificate: 发证, 领取, 更正, 补发, 作废 (四.3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from desktop_app.domain.certificates import check_number
from desktop_app.domain.errors import AppError
from desktop_app.domain.ids import numbered
from desktop_app.domain.life_cycles import CERTIFICATE as CYCLE
from desktop_app.domain.listings.results import CertificateListItem
from desktop_app.domain.trainees import parse_birth as parse_day
from desktop_app.services.certificate_steps import Issued
from ui.i18n import tr
from ui.messages import describe
from ui.navigation import PageContext
from ui.pages.classes.table_model import state_text
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import FormPanel, text_line
from ui.widgets.labels import label
from ui.wording import trade_text

COMMAND_OF = {
    "issue": "issue_certificate",
    "hand_over": "hand_over_certificate",
    "correct": "correct_certificate",
    "reissue": "reissue_certificate",
    "void": "void_certificate",
}
NUMBERED = frozenset({"issue", "correct", "reissue"})
_PLACES = {
    "DATE_FUTURE": "on",
    "HANDED_BEFORE_ISSUE": "on",
    "CERTIFICATE_EMPTY": "number",
    "CERTIFICATE_TOO_LONG": "number",
    "CERTIFICATE_TAKEN_BY": "number",
}


class CertificateStepPanel(FormPanel):
    """One step of ``life_cycles.CERTIFICATE``; ``taken`` tells that it is done."""

    taken = Signal()

    def __init__(self, context: PageContext, row: CertificateListItem, verb: str) -> None:
        super().__init__()
        self._context = context
        self._row = row
        self._verb = verb
        trade = trade_text(row.trade, row.level) if row.trade else ""
        facts = (trade, row.number or "", row.issuer or "", state_text(row.state))
        self.column.insertWidget(0, label("\n".join(fact for fact in facts if fact), "facts", wrap=True))
        self.column.insertWidget(1, label(tr(f"certificates.about.{verb}"), "secondary", wrap=True))
        if verb in NUMBERED:
            number = FormField(tr("certificates.number"), text_line(limit=60), required=True)
            self.form.add("number", number)
        if verb != "void":
            day = text_line(tr("form.day_example"), limit=12)
            self.form.add("on", FormField(tr(f"certificates.day.{verb}"), day, required=True))
        if verb == "hand_over":
            self.form.add("proxy", FormField(tr("certificates.step_proxy"), text_line(limit=50)))
        if verb in CYCLE.asks_reason:
            reason = FormField(tr("certificates.step_reason"), text_line(limit=200), required=True)
            self.form.add("reason", reason)
        kept = row.number or "" if verb == "reissue" else ""
        shown = {"number": kept, "on": context.services.context.today().isoformat()}
        self.form.set_values({name: value for name, value in shown.items() if name in self.form.fields})
        self.begin()
        self.form.edited.connect(self.check)

    def foot(self) -> list[QPushButton]:
        """Return the button that takes the step; it is open from the start: today is the usual day."""
        made = self.make_save_button(tr(f"certificates.do.{self._verb}"))
        made.setEnabled(True)
        return [made]

    def check(self) -> None:
        field = self.form.fields.get("number")
        if field is not None and field.value():
            found = check_number(field.value(), self._row.kind or "level")
            field.set_warning(describe(found.warning).text if found.warning else "")

    def _on_edited(self) -> None:
        super()._on_edited()
        if self.save_button is not None:
            self.save_button.setEnabled(True)

    def save(self) -> None:
        values = self.form.values()
        on = parse_day(values["on"]) if "on" in values else None
        wrong: dict[str, str] = {}
        if "on" in values and on is None:
            wrong["on"] = tr("form.day_wrong")
        if "number" in values and not values["number"]:
            wrong["number"] = describe(AppError("CERTIFICATE_EMPTY")).text
        if "reason" in values and not values["reason"]:
            wrong["reason"] = describe(AppError("REASON_MISSING")).text
        if wrong:
            self.form.show_field_errors(wrong)
            return
        self._context.tasks.command(
            self, self._call(values, on), lambda _done: self._on_done(), self._on_refused
        )

    def _call(self, values: dict[str, Any], on: date | None) -> Callable[[], object]:
        steps, row = self._context.services.certificate_steps, self._row
        key = numbered(row.assessment_id + row.trainee_id, row.issue)
        reason = values.get("reason", "")
        stands = Issued(values.get("number", ""), on or date.min)
        calls: dict[str, Callable[[], object]] = {
            "issue": lambda: steps.issue(row.class_id, row.trainee_id, stands),
            "hand_over": lambda: steps.hand_over(key, on, values.get("proxy", "")),
            "correct": lambda: steps.correct(key, stands, reason),
            "reissue": lambda: steps.reissue(key, stands, reason),
            "void": lambda: steps.void(key, reason),
        }
        return calls[self._verb]

    def _on_done(self) -> None:
        self.begin()
        done = tr(f"certificates.do.{self._verb}")
        self._context.messages.tell(tr("certificates.step_done", name=self._row.name, step=done))
        self.taken.emit()

    def _on_refused(self, error: AppError) -> None:
        place = _PLACES.get(error.code, "")
        if place in self.form.fields:
            self.form.show_field_errors({place: describe(error).text})
        else:
            self._context.messages.report(self, error)
