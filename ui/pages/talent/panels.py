"""What follows a certificate: into a credit bank, 学分转换, 待遇兑现 (五.一.3, 五.一.4)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from desktop_app.domain.credit_bank import Bank, Conversion, Deposit
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.graduates import HolderItem
from desktop_app.domain.talent_statistics import Treatment
from desktop_app.domain.trainees import parse_birth as parse_day
from ui.i18n import tr
from ui.messages import describe
from ui.navigation import PageContext
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import FormPanel, choice_box, text_line
from ui.widgets.labels import label
from ui.wording import day_text, trade_text

COMMAND_OF = {
    "deposit": "deposit_certificate",
    "convert": "record_conversion",
    "treat": "record_treatment",
}
_CREDITS = re.compile(r"(\d{1,3})(?:\.(\d))?")
_PLACES = {
    "CREDIT_CONSENT": "on",
    "CREDIT_ACCOUNT": "account",
    "CREDIT_TWICE": "bank",
    "TREATMENT_DATE": "on",
}


class FollowPanel(FormPanel):
    """One step after a certificate; ``taken`` tells that it was stored."""

    taken = Signal()

    def __init__(self, context: PageContext, row: HolderItem, verb: str) -> None:
        super().__init__()
        self._context, self._row, self._verb = context, row, verb
        trade = trade_text(row.trade, row.level) if row.trade else ""
        facts = (row.document_number, trade, row.number, day_text(row.issued_on))
        self.column.insertWidget(0, label("\n".join(fact for fact in facts if fact), "facts", wrap=True))
        self.column.insertWidget(1, label(tr(f"talent.about.{verb}"), "secondary", wrap=True))
        fill: dict[str, Callable[[], None]] = {
            "deposit": self._add_deposit,
            "convert": self._add_conversion,
            "treat": self._add_treatment,
        }
        fill[verb]()
        self.begin()

    def foot(self) -> list[QPushButton]:
        """Return the button that stores the form."""
        return [self.make_save_button(tr(f"talent.do.{self._verb}"))]

    def save(self) -> None:
        values = self.form.values()
        wrong: dict[str, str] = {
            name: tr("talent.required")
            for name in ("account", "course", "school", "employer", "measure")
            if name in values and not values[name]
        }
        on = parse_day(values["on"])
        if on is None:
            wrong["on"] = tr("form.day_wrong")
        tenths = tenths_of(values["credits"]) if "credits" in values else 0
        if tenths is None:
            wrong["credits"] = tr("talent.credits_wrong")
        if on is None or tenths is None or wrong:
            self.form.show_field_errors(wrong)
            return
        self._context.tasks.command(
            self, self._call(values, on, tenths), lambda _key: self._on_done(), self._on_refused
        )

    def _add(self, name: str, limit: int, *, required: bool = True) -> None:
        self.form.add(name, FormField(tr(f"talent.{name}"), text_line(limit=limit), required=required))

    def _add_day(self) -> None:
        day = text_line(tr("form.day_example"), limit=12)
        self.form.add("on", FormField(tr(f"talent.day.{self._verb}"), day, required=True))
        self.form.set_values({"on": self._context.services.context.today().isoformat()})

    def _add_deposit(self) -> None:
        banks = [(bank.value, tr(f"bank.{bank.value}")) for bank in Bank if bank.value not in self._row.banks]
        self.form.add("bank", FormField(tr("talent.bank"), choice_box(banks), required=True))
        self._add("account", 100)
        self._add_day()

    def _add_conversion(self) -> None:
        self._add("course", 100)
        self._add("school", 100)
        self._add("credits", 6)
        self._add_day()

    def _add_treatment(self) -> None:
        self._add("employer", 200)
        self._add("measure", 200)
        self._add_day()
        self._add("document", 200, required=False)

    def _call(self, values: dict[str, Any], on: date, tenths: int) -> Callable[[], object]:
        services, row = self._context.services, self._row
        if self._verb == "deposit":
            deposit = Deposit(Bank(values["bank"]), values["account"], on)
            return lambda: services.credit_bank.deposit(row.class_id, row.trainee_id, deposit)
        if self._verb == "convert":
            conversion = Conversion(values["course"], values["school"], on, tenths)
            return lambda: services.credit_bank.convert(row.class_id, row.trainee_id, conversion)
        treatment = Treatment(values["employer"], values["measure"], on, values["document"])
        return lambda: services.talent.record(row.trainee_id, treatment)

    def _on_done(self) -> None:
        self.begin()
        self._context.messages.tell(tr(f"talent.done.{self._verb}", name=self._row.name))
        self.taken.emit()

    def _on_refused(self, error: AppError) -> None:
        place = _PLACES.get(error.code, "")
        if place in self.form.fields:
            self.form.show_field_errors({place: describe(error).text})
        else:
            self._context.messages.report(self, error)


def tenths_of(text: str) -> int | None:
    """Return 2.5 credits as 25 tenths; None for what is no number above 0 with one decimal at most."""
    found = _CREDITS.fullmatch(text.strip())
    tenths = int(found[1]) * 10 + int(found[2] or 0) if found else 0
    return tenths or None
