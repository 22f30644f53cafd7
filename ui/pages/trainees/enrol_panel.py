"""Enrols chosen people into a class; says before how many."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from desktop_app.domain import codes
from desktop_app.domain.listings.people import TraineeListItem
from desktop_app.domain.listings.training import ClassListItem
from ui.i18n import tr
from ui.navigation import PageContext
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import FormPanel, choice_box
from ui.widgets.labels import button, label
from ui.wording import span_text, trade_text

SHOWN = 12


class EnrolPanel(FormPanel):
    """Class, category, and who; the button says how many people will be enrolled."""

    enrolled = Signal(int, str)
    """How many are new in the class, and its code."""

    def __init__(self, context: PageContext, people: Sequence[TraineeListItem]) -> None:
        super().__init__()
        self._context = context
        self._people = list(people)
        self._classes: dict[str, ClassListItem] = {}
        categories = [(entry.code, entry.name) for entry in codes.table("categories").entries]
        self._choice = choice_box([])
        self.form.add("class_id", FormField(tr("enrol.class"), self._choice, required=True))
        own = {person.category for person in people}
        self.form.add("category", FormField(tr("enrol.category"), choice_box(categories), required=True))
        self.form.set_values({"category": next(iter(own)) if len(own) == 1 and None not in own else ""})
        self.effect = label("", wrap=True)
        self.column.addWidget(self.effect)
        names = [person.name for person in self._people[:SHOWN]]
        text = tr("wording.and").join(names)
        if len(self._people) > SHOWN:
            text = tr("enrol.and_more", names=text, count=len(self._people))
        self.column.addWidget(label(text, "facts", wrap=True))
        self.act = button(tr("enrol.act", count=len(self._people)), "primary")
        self.act.clicked.connect(self.save)
        self.form.edited.connect(self._draw)
        context.tasks.query(self, context.services.classes.list_classes, self._on_classes)
        self._draw()

    def foot(self) -> list[QPushButton]:
        """Return the buttons of the panel's foot."""
        return [self.act]

    def draft(self) -> None:
        return None

    def save(self) -> None:
        values = self.form.values()
        chosen = self._classes[values["class_id"]]
        ids = [person.id for person in self._people]
        service = self._context.services.trainees
        self._context.tasks.command(
            self,
            lambda: service.enrol(chosen.id, ids, values["category"] or None),
            lambda count: self.enrolled.emit(count, chosen.code),
        )

    def _on_classes(self, classes: Sequence[ClassListItem]) -> None:
        for item in classes:
            self._classes[item.id.hex()] = item
            self._choice.addItem(item.code, item.id.hex())
        self._choice.setCurrentIndex(-1)
        self._draw()

    def _draw(self) -> None:
        values = self.form.values()
        chosen = self._classes.get(values["class_id"])
        self.act.setEnabled(chosen is not None and bool(values["category"]))
        if chosen is None:
            self.effect.setText(tr("enrol.choose"))
            return
        already = sum(chosen.code in person.classes for person in self._people)
        facts = " · ".join(
            (trade_text(chosen.trade, chosen.level), span_text(chosen.start_on, chosen.end_on))
        )
        key = "enrol.effect" if not already else "enrol.effect_already"
        self.effect.setText(
            tr(
                key,
                count=len(self._people) - already,
                already=already,
                code=chosen.code,
                people=chosen.people,
                facts=facts,
            )
        )
