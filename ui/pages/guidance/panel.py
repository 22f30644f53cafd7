"""The services of one person so far, and the forms of the next one and of a hire."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from desktop_app.domain.errors import AppError
from desktop_app.domain.guidance import Guidance, GuidanceKind, Hire, Provider
from desktop_app.domain.listings.graduates import GraduateItem
from desktop_app.domain.trainees import parse_birth as parse_day
from ui.i18n import tr
from ui.messages import describe
from ui.navigation import PageContext
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import FormPanel, choice_box, text_line
from ui.widgets.labels import label
from ui.wording import day_text

_PLACES = {
    "GUIDANCE_DATE": "on",
    "GUIDANCE_NOBODY": "provider",
    "HIRE_DATE": "on",
    "HIRE_EMPLOYER": "employer",
    "HIRE_OTHER_ORGANISATION": "partner_of",
}


class _DatedPanel(FormPanel):
    """A form with a day; ``saved`` tells that it was stored."""

    saved = Signal()

    def __init__(self, context: PageContext, row: GraduateItem) -> None:
        super().__init__()
        self._context = context
        self._row = row

    def add_day(self, title: str) -> None:
        """Add the field of the day, today at first."""
        self.form.add("on", FormField(title, text_line(tr("form.day_example"), limit=12), required=True))
        self.form.set_values({"on": self._context.services.context.today().isoformat()})

    def foot(self) -> list[QPushButton]:
        """Return the button that stores the form."""
        return [self.make_save_button(tr("guidance.save"))]

    def save(self) -> None:
        on = parse_day(self.form.fields["on"].value())
        if on is None:
            self.form.show_field_errors({"on": tr("form.day_wrong")})
            return
        self._context.tasks.command(
            self, lambda: self.write(on), lambda _key: self._on_done(), self._on_refused
        )

    def write(self, on: date) -> object:
        """Store the form; runs beside the window's thread."""
        raise NotImplementedError

    def _on_done(self) -> None:
        self.begin()
        self._context.messages.tell(tr("guidance.saved", name=self._row.name))
        self.saved.emit()

    def _on_refused(self, error: AppError) -> None:
        place = _PLACES.get(error.code, "")
        if place in self.form.fields:
            self.form.show_field_errors({place: describe(error).text})
        else:
            self._context.messages.report(self, error)


class GuidancePanel(_DatedPanel):
    """What a person received, and one service more."""

    def __init__(self, context: PageContext, row: GraduateItem) -> None:
        super().__init__(context, row)
        lines = [
            " ".join(
                (
                    day_text(one.held_on, weekday=False),
                    tr(f"guidance.kind.{one.kind}"),
                    tr(f"guidance.provider.{one.provider}"),
                    one.note,
                )
            ).strip()
            for one in row.services
        ]
        self.column.insertWidget(0, label("\n".join(lines) or tr("guidance.none"), "facts", wrap=True))
        kinds = [(kind.value, tr(f"guidance.kind.{kind.value}")) for kind in GuidanceKind]
        providers = [(one.value, tr(f"guidance.provider.{one.value}")) for one in Provider]
        self.form.add("kind", FormField(tr("guidance.kind"), choice_box(kinds), required=True))
        self.add_day(tr("guidance.date"))
        self.form.add("provider", FormField(tr("guidance.provider"), choice_box(providers), required=True))
        self.form.add("note", FormField(tr("guidance.note"), text_line(limit=200)))
        self.form.set_values({"kind": GuidanceKind.CAREER.value, "provider": Provider.INSTITUTION.value})
        self.begin()
        if not context.services.context.may("record_guidance"):
            self.set_read_only()

    def foot(self) -> list[QPushButton]:
        if not self._context.services.context.may("record_guidance"):
            return []
        made = super().foot()
        made[0].setEnabled(True)
        return made

    def _on_edited(self) -> None:
        super()._on_edited()
        if self.save_button is not None:
            self.save_button.setEnabled(True)

    def save(self) -> None:
        self._typed = self.form.values()
        super().save()

    def write(self, on: date) -> object:
        given, row = self._typed, self._row
        service = Guidance(GuidanceKind(given["kind"]), on, Provider(given["provider"]), given["note"])
        return self._context.services.guidance.record(row.class_id, row.trainee_id, service)


class HirePanel(_DatedPanel):
    """录用 by a partner of the evaluation organisation (六.2)."""

    def __init__(self, context: PageContext, row: GraduateItem) -> None:
        super().__init__(context, row)
        self.column.insertWidget(0, label(tr("guidance.hire_about"), "secondary", wrap=True))
        for name, limit in (("employer", 200), ("partner_of", 200)):
            self.form.add(name, FormField(tr(f"guidance.{name}"), text_line(limit=limit), required=True))
        self.add_day(tr("guidance.hired_on"))
        for name, limit in (("post", 100), ("credit_code", 18)):
            self.form.add(name, FormField(tr(f"guidance.{name}"), text_line(limit=limit)))
        self.begin()

    def save(self) -> None:
        self._typed = self.form.values()
        super().save()

    def write(self, on: date) -> object:
        given, row = self._typed, self._row
        hire = Hire(given["employer"], on, given["partner_of"], given["post"], given["credit_code"])
        return self._context.services.guidance.record_hire(row.class_id, row.trainee_id, hire)
