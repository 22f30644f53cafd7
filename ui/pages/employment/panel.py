"""What was found out about a person so far, and the form of one follow-up more (六.3, R36)."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from desktop_app.domain.employment import FollowUp, Status, VoucherKind, month_text
from desktop_app.domain.errors import AppError
from desktop_app.domain.trainees import parse_birth as parse_day
from ui.i18n import tr
from ui.messages import describe
from ui.navigation import PageContext
from ui.pages.employment.table_model import EmploymentRow
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import FormPanel, choice_box, text_line
from ui.widgets.labels import label

_PLACES = {
    "FOLLOW_UP_DATE": "followed_on",
    "VOUCHER_TOO_OLD": "voucher_on",
    "VOUCHER_IN_FUTURE": "voucher_on",
    "CONTRACT_REVERSED": "contract_until",
    "FOLLOW_UP_EMPLOYER": "employer",
}
_DAYS = ("followed_on", "since", "contract_from", "contract_until", "voucher_on")
_ANSWERS = {"yes": True, "no": False}


class FollowUpPanel(FormPanel):
    """One follow-up of a person; ``saved`` tells that it was stored."""

    saved = Signal()

    def __init__(self, context: PageContext, row: EmploymentRow) -> None:
        super().__init__()
        self._context = context
        self._person = row.person
        known = [
            f"{month_text(month)}  {tr(f'employment.status.{one.status.value}')}  {one.employer}".rstrip()
            for month, one in sorted(row.person.months.items())
        ]
        self.column.insertWidget(0, label("\n".join(known) or tr("employment.none"), "facts", wrap=True))
        statuses = [(one.value, tr(f"employment.status.{one.value}")) for one in Status]
        vouchers = [(one.value, tr(f"employment.voucher.{one.value}")) for one in VoucherKind]
        answers = [("yes", tr("employment.yes")), ("no", tr("employment.no"))]
        self._add("status", choice_box(statuses), required=True)
        self._add("followed_on", text_line(tr("form.day_example"), limit=12), required=True)
        self._add("employer", text_line(limit=100))
        self._add("credit_code", text_line(limit=18))
        self._add("post", text_line(limit=100))
        self._add("since", text_line(tr("form.day_example"), limit=12))
        self._add("contract_from", text_line(tr("form.day_example"), limit=12))
        self._add("contract_until", text_line(tr("form.day_example"), limit=12))
        self._add("insured", choice_box(answers, empty=tr("employment.unknown")))
        self._add("matched", choice_box(answers, empty=tr("employment.unknown")))
        self._add("voucher_kind", choice_box(vouchers, empty=tr("employment.voucher.none")))
        self._add("voucher_number", text_line(limit=100))
        self._add("voucher_on", text_line(tr("form.day_example"), limit=12))
        self._fill(row.last)

    def _add(self, name: str, editor: object, *, required: bool = False) -> None:
        self.form.add(name, FormField(tr(f"employment.field.{name}"), editor, required=required))  # type: ignore[arg-type]

    def _fill(self, last: FollowUp | None) -> None:
        """Begin with what was known last: a month later most of it holds still."""
        values: dict[str, object] = {"status": Status.UNEMPLOYED.value, "insured": "", "matched": ""}
        values["voucher_kind"] = ""
        if last is not None:
            values |= {
                "status": last.status.value,
                "employer": last.employer,
                "credit_code": last.credit_code,
                "post": last.post,
                "insured": _answer(last.insured),
                "matched": _answer(last.matched),
                "voucher_kind": "" if last.voucher_kind is None else last.voucher_kind.value,
                "voucher_number": last.voucher_number,
            }
            for name in _DAYS[1:]:
                day = getattr(last, name)
                values[name] = "" if day is None else day.isoformat()
        values["followed_on"] = self._context.services.context.today().isoformat()
        self.form.set_values(values)
        self.begin()

    def foot(self) -> list[QPushButton]:
        """Return the button that stores the form; a month may say the same as the one before."""
        if not self._context.services.context.may("record_follow_up"):
            self.set_read_only()
            return []
        made = self.make_save_button(tr("employment.save"))
        made.setEnabled(True)
        return [made]

    def _on_edited(self) -> None:
        super()._on_edited()
        if self.save_button is not None:
            self.save_button.setEnabled(True)

    def save(self) -> None:
        typed = self.form.values()
        days: dict[str, date | None] = {}
        for name in _DAYS:
            text = str(typed[name])
            days[name] = parse_day(text) if text else None
            if days[name] is None and (text or name == "followed_on"):
                self.form.show_field_errors({name: tr("form.day_wrong")})
                return
        followed = days["followed_on"]
        assert followed is not None
        given = FollowUp(
            status=Status(typed["status"]),
            followed_on=followed,
            since=days["since"],
            employer=typed["employer"],
            credit_code=typed["credit_code"],
            post=typed["post"],
            contract_from=days["contract_from"],
            contract_until=days["contract_until"],
            insured=_ANSWERS.get(typed["insured"]),
            matched=_ANSWERS.get(typed["matched"]),
            voucher_kind=VoucherKind(typed["voucher_kind"]) if typed["voucher_kind"] else None,
            voucher_number=typed["voucher_number"],
            voucher_on=days["voucher_on"],
        )
        service, person = self._context.services.employment, self._person
        self._context.tasks.command(
            self,
            lambda: service.record(person.class_id, person.trainee_id, given),
            lambda _key: self._on_done(),
            self._on_refused,
        )

    def _on_done(self) -> None:
        self.begin()
        self._context.messages.tell(tr("employment.saved", name=self._person.name))
        self.saved.emit()

    def _on_refused(self, error: AppError) -> None:
        place = _PLACES.get(error.code, "")
        if place in self.form.fields:
            self.form.show_field_errors({place: describe(error).text})
        else:
            self._context.messages.report(self, error)


def _answer(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"
