"""Forms of 绩效: a line of the ledger, the ratio, the approval, an allocation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.figures import Performance
from desktop_app.domain.listings.training import ClassListItem
from desktop_app.domain.money import format_fen, parse_fen
from desktop_app.domain.performance import CostKind, IncomeKind, Money, Recipient, percent_text
from desktop_app.domain.policy_definitions import definition, read_value
from desktop_app.domain.trainees import parse_birth as parse_day
from desktop_app.services.performance import Candidate
from ui.i18n import tr
from ui.messages import describe
from ui.navigation import PageContext
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import FormPanel, choice_box, text_line
from ui.widgets.labels import label

FIELD_OF = {
    "MONEY_INVALID": "amount",
    "MONEY_DECIMALS": "amount",
    "MONEY_TOO_LARGE": "amount",
    "LEDGER_AMOUNT": "amount",
    "LEDGER_FUTURE": "on",
    "LEDGER_TEXT_LONG": "document",
    "INCOME_FROM_CLAIM": "kind",
    "PERFORMANCE_RATIO": "ratio",
    "PARAMETER_VALUE": "ratio",
    "PARAMETER_RANGE": "ratio",
    "APPROVAL_OVER_POOL": "amount",
    "APPROVAL_DOCUMENT": "document",
    "ALLOCATION_OVER_POOL": "amount",
    "ALLOCATION_PERSON": "person",
}


class MoneyForm(FormPanel):
    """Base of the forms; ``saved`` tells that a form was stored."""

    saved = Signal()

    def __init__(self, context: PageContext, about: str) -> None:
        super().__init__()
        self.context = context
        self.column.insertWidget(0, label(about, "secondary", wrap=True))

    def foot(self) -> list[QPushButton]:
        """Return the button that stores the form."""
        return [self.make_save_button()]

    def add(self, name: str, editor: Any, *, required: bool = True) -> None:  # noqa: ANN401 - any editor
        """Add a field named in ``performance.field.…``."""
        self.form.add_row({name: FormField(tr(f"performance.field.{name}"), editor, required=required)})

    def store(self, act: Callable[[], object]) -> None:
        """Run the command of the form."""
        self.context.tasks.command(self, act, lambda _done: self.saved.emit(), self.refused)

    def refused(self, error: AppError) -> None:
        """Say beside the field what is wrong, or above the page."""
        if FIELD_OF.get(error.code) in self.form.fields:
            notice = describe(error)
            self.form.show_field_errors({FIELD_OF[error.code]: f"{notice.text} {notice.hint}".strip()})
        else:
            self.context.messages.report(self, error)

    def read(self, *required: str) -> dict[str, Any] | None:
        """Return amount in 分 and day as they are typed, None where something cannot be read."""
        values = {name: str(value or "").strip() for name, value in self.form.values().items()}
        wrong = {name: tr("form.missing") for name in required if not values[name]}
        found: dict[str, Any] = dict(values)
        if values.get("amount"):
            try:
                found["amount"] = parse_fen(values["amount"])
            except AppError as error:
                wrong["amount"] = describe(error).text
        if values.get("on"):
            found["on"] = parse_day(values["on"])
            if found["on"] is None:
                wrong["on"] = tr("form.day_wrong")
        self.form.show_field_errors(wrong)
        return None if wrong else found


class LinePanel(MoneyForm):
    """A line of income or cost of a class."""

    def __init__(
        self, context: PageContext, direction: str, classes: Sequence[ClassListItem], today: date
    ) -> None:
        super().__init__(context, tr(f"performance.about.{direction}"))
        self._direction = direction
        kinds = IncomeKind if direction == "income" else CostKind
        self.add("class", choice_box([(one.id.hex(), one.code) for one in classes]))
        self.add("kind", choice_box([(one.value, tr(f"performance.{direction}.{one}")) for one in kinds]))
        self.add("amount", text_line("12,000.00", limit=20))
        self.add("on", text_line(tr("form.day_example"), limit=12))
        self.add("document", text_line(limit=100), required=False)
        self.form.set_values({"on": today.isoformat()})
        self.begin()

    def save(self) -> None:
        found = self.read("class", "kind", "amount", "on")
        if found is None:
            return
        service = self.context.services.performance
        book = service.add_income if self._direction == "income" else service.add_cost
        money = Money(found["kind"], found["amount"], found["on"], found["document"])
        class_id = bytes.fromhex(found["class"])
        self.store(lambda: book(class_id, money))


class RatioPanel(MoneyForm):
    """The ratio of a year."""

    def __init__(self, context: PageContext, found: Performance) -> None:
        super().__init__(context, tr("performance.about.ratio"))
        self._year = found.year
        self.add("ratio", text_line("40%", limit=8))
        self.add("document", text_line(limit=100), required=False)
        self.load({"ratio": percent_text(found.ratio), "document": found.ratio_document})

    def save(self) -> None:
        found = self.read("ratio")
        if found is None:
            return
        try:
            ratio = read_value(definition("performance_ratio"), found["ratio"])
        except AppError as error:
            self.refused(error)
            return
        service, year, document = self.context.services.performance, self._year, found["document"]
        self.store(lambda: service.set_ratio(year, ratio, document))


class ApprovalPanel(MoneyForm):
    """What 人社财政 fixed."""

    def __init__(self, context: PageContext, found: Performance, today: date) -> None:
        super().__init__(context, tr("performance.about.approval", pool=format_fen(found.pool)))
        self._year = found.year
        self.add("amount", text_line(format_fen(found.pool), limit=20))
        self.add("on", text_line(tr("form.day_example"), limit=12))
        self.add("document", text_line(limit=100))
        self.load(
            {
                "amount": "" if found.approved_fen is None else format_fen(found.approved_fen),
                "on": (found.approved_on or today).isoformat(),
                "document": found.document,
            }
        )

    def save(self) -> None:
        found = self.read("amount", "on", "document")
        if found is not None:
            service, year = self.context.services.performance, self._year
            self.store(lambda: service.record_approval(year, found["amount"], found["on"], found["document"]))


class SharePanel(MoneyForm):
    """An allocation to one person."""

    def __init__(self, context: PageContext, found: Performance, people: Sequence[Candidate]) -> None:
        left = format_fen(found.available - found.allocated)
        super().__init__(context, tr("performance.about.allocate", left=left))
        self._year = found.year
        choices = [
            (f"{one.recipient}/{one.id.hex()}", tr("performance.taught", name=one.name, hours=one.hours))
            if one.hours
            else (f"{one.recipient}/{one.id.hex()}", one.name)
            for one in people
        ]
        self.add("person", choice_box(choices))
        self.add("amount", text_line(left, limit=20))
        self.begin()

    def save(self) -> None:
        found = self.read("person", "amount")
        if found is None:
            return
        kind, _, key = found["person"].partition("/")
        service, year = self.context.services.performance, self._year
        self.store(lambda: service.allocate(year, Recipient(kind), bytes.fromhex(key), found["amount"]))
