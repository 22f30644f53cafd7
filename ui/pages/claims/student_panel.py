"""What one person of the class was charged, or costs the institution, with its source (五.一.1, R17)."""

from __future__ import annotations

from collections.abc import Callable

from desktop_app.domain.claims import ChargeKind, CostSource
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.claims import ClaimPerson
from desktop_app.domain.money import parse_fen
from desktop_app.domain.performance import CostKind
from desktop_app.domain.trainees import parse_birth as parse_day
from desktop_app.services.claims import StudentLine
from ui.i18n import tr
from ui.messages import describe
from ui.navigation import PageContext
from ui.pages.claims.panels import ClaimForm
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import choice_box, text_line


class StudentMoneyPanel(ClaimForm):
    """A charge (``cost`` False) or a cost of one person."""

    def __init__(self, context: PageContext, class_id: bytes, person: ClaimPerson, *, cost: bool) -> None:
        note = tr("claims.cost_note" if cost else "claims.charge_note", name=person.name)
        super().__init__(context, (), note)
        self._class_id, self._person, self._cost = class_id, person, cost
        kinds = [(one.value, tr(f"performance.cost.{one.value}")) for one in CostKind] if cost else [
            (one.value, tr(f"claims.charge.{one.value}")) for one in ChargeKind
        ]  # fmt: skip
        self.form.add("kind", FormField(tr("claims.form.item"), choice_box(kinds), required=True))
        self.form.add("amount", FormField(tr("claims.column.amount"), text_line(limit=20), required=True))
        self.form.add("on", FormField(tr("claims.form.on"), text_line(limit=12), required=True))
        self.form.add("document", FormField(tr("claims.form.document"), text_line(limit=100)))
        if cost:
            sources = [(one.value, tr(f"claims.source.{one.value}")) for one in CostSource]
            self.form.add("source", FormField(tr("claims.form.source"), choice_box(sources), required=True))
        self.form.set_values({"on": context.services.context.today().isoformat()})
        self.begin()

    def writer(self) -> Callable[[], object] | None:
        on = parse_day(self.text("on"))
        try:
            fen = parse_fen(self.text("amount"))
        except AppError as error:
            self.form.show_field_errors({"amount": describe(error).text})
            return None
        if on is None:
            self.form.show_field_errors({"on": tr("form.day_wrong")})
            return None
        service, class_id, person = self._context.services.claims, self._class_id, self._person.trainee_id
        kind, source = self.text("kind"), self.text("source") if self._cost else ""
        line = StudentLine(fen, on, self.text("document"), source)
        if self._cost:
            return lambda: service.book_cost(class_id, person, CostKind(kind), line)
        return lambda: service.charge(class_id, person, ChargeKind(kind), line)
