"""The forms of 退训, 转班 and return: the day, the other class, and the reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from desktop_app.domain.listings.training import ClassListItem, MemberListItem
from desktop_app.services.container import Services
from ui.i18n import tr
from ui.navigation import PageContext
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import FormPanel, choice_box, text_line
from ui.widgets.labels import button, label

Act = Callable[[Services, MemberListItem, date, str, bytes | None], object]


def _withdraw(
    services: Services, row: MemberListItem, day: date, reason: str, _target: bytes | None
) -> object:
    services.enrolment.withdraw(row.class_id, row.trainee_id, day, reason)
    return None


def _return(services: Services, row: MemberListItem, day: date, reason: str, _target: bytes | None) -> object:
    services.enrolment.return_(row.class_id, row.trainee_id, day, reason)
    return None


def _transfer(
    services: Services, row: MemberListItem, day: date, reason: str, target: bytes | None
) -> object:
    assert target is not None
    return services.enrolment.transfer(row.class_id, row.trainee_id, target, day, reason)


ACTS: dict[str, Act] = {"withdraw": _withdraw, "return": _return, "transfer": _transfer}


class StepPanel(FormPanel):
    """One of ``ACTS`` for one member; what will happen is said above the button."""

    done = Signal(str)

    def __init__(self, context: PageContext, verb: str, member: MemberListItem) -> None:
        super().__init__()
        self._context, self._verb, self._member = context, verb, member
        self.column.insertWidget(0, label(tr(f"step.{verb}.detail"), "facts", wrap=True))
        self._target = choice_box([])
        if verb == "transfer":
            self.form.add("target", FormField(tr("step.target"), self._target, required=True))
        self.form.add("day", FormField(tr(f"step.{verb}.day"), text_line(limit=10), required=True))
        self.form.add("reason", FormField(tr("step.reason"), text_line(limit=200), required=True))
        self.form.set_values({"day": context.services.context.today().isoformat()})
        self.act = button(tr(f"step.{verb}.act"), "primary")
        self.act.clicked.connect(self.save)
        self.form.edited.connect(self._draw)
        if verb == "transfer":
            context.tasks.query(self, context.services.classes.list_classes, self._on_classes)
        self.begin()
        self._draw()

    def foot(self) -> list[QPushButton]:
        """Return the buttons of the panel's foot."""
        return [self.act]

    def save(self) -> None:
        values = self.form.values()
        try:
            day = date.fromisoformat(str(values["day"]).strip())
        except ValueError:
            self.form.fields["day"].set_error(tr("cli.date_wanted", value=values["day"]))
            return
        services, member, reason = self._context.services, self._member, str(values["reason"])
        target = bytes.fromhex(values["target"]) if values.get("target") else None
        self._context.tasks.command(
            self,
            lambda: ACTS[self._verb](services, member, day, reason, target),
            lambda _answer: self.done.emit(self._verb),
            lambda error: self._context.messages.report(self, error),
        )

    def _on_classes(self, classes: Sequence[ClassListItem]) -> None:
        for item in classes:
            if item.id != self._member.class_id:
                self._target.addItem(item.code, item.id.hex())
        self._target.setCurrentIndex(-1)
        self._draw()

    def _draw(self) -> None:
        values = self.form.values()
        self.act.setEnabled(all(str(value or "").strip() for value in values.values()))
