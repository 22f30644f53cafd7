"""The forms of the pool: a new wish, and the class that wishes are matched to."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QPushButton

from desktop_app.domain.listings.enrolment import WishListItem
from desktop_app.domain.listings.people import TraineeListItem, TraineeQuery
from desktop_app.domain.listings.training import ClassListItem
from desktop_app.domain.willingness import Consent, consent_text, wants
from ui.i18n import tr
from ui.navigation import PageContext
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import FormPanel, choice_box, text_line
from ui.widgets.labels import button, label

TYPING_MS = 200
SHOWN = 20


class WishPanel(FormPanel):
    """Who, which 工种, and whether the text was agreed to."""

    saved = Signal()

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._search = text_line(tr("wishes.person_search"), limit=40)
        self._people = choice_box([])
        self.form.add("text", FormField(tr("wishes.person"), self._search))
        self.form.add("person", FormField("", self._people, required=True))
        self.form.add("trade", FormField(tr("wishes.trade"), text_line(limit=50)))
        self._agreed = QCheckBox(tr("wishes.agreed"))
        text = consent_text(context.services.context.today())
        self.column.addWidget(self._agreed)
        self.column.addWidget(label(text.text, "secondary", wrap=True))
        self._sensitive = QCheckBox(tr("wishes.sensitive"))
        self.column.addWidget(self._sensitive)
        self.column.addWidget(label(text.sensitive, "secondary", wrap=True))
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self._find)
        self._search.textEdited.connect(lambda _text: self._typing.start())
        self.form.edited.connect(self._draw)
        self.act = button(tr("wishes.new"), "primary")
        self.act.clicked.connect(self.save)
        self.begin()
        self._draw()

    def foot(self) -> list[QPushButton]:
        """Return the buttons of the panel's foot."""
        return [self.act]

    def save(self) -> None:
        values, service = self.form.values(), self._context.services.willingness
        person, trade = bytes.fromhex(values["person"]), str(values["trade"] or "")
        today = self._context.services.context.today()
        sensitive = today if self._sensitive.isChecked() else None
        given = Consent(consent_text(today).version, today, sensitive) if self._agreed.isChecked() else None
        self._context.tasks.command(
            self,
            lambda: service.record(person, trade, consent=given),
            lambda _key: self.saved.emit(),
            lambda error: self._context.messages.report(self, error),
        )

    def _find(self) -> None:
        query, service = TraineeQuery(self._search.text()), self._context.services.trainees
        self._context.tasks.query(
            self, lambda: service.page(query, 0, SHOWN), self._on_found, latest="people"
        )

    def _on_found(self, people: Sequence[TraineeListItem]) -> None:
        self._people.clear()
        for one in people:
            self._people.addItem(f"{one.name} {one.document_number}", one.id.hex())
        self.form.fields["text"].set_warning("" if people else tr("wishes.nobody"))
        self._draw()

    def _draw(self) -> None:
        self.act.setEnabled(bool(self.form.values()["person"]))


class MatchPanel(FormPanel):
    """The classes of a catalogue project that fit all the chosen wishes."""

    matched = Signal(int)

    def __init__(self, context: PageContext, rows: Sequence[WishListItem]) -> None:
        super().__init__()
        self._context, self._rows = context, list(rows)
        self._choice = choice_box([])
        self.form.add("class_id", FormField(tr("enrol.class"), self._choice, required=True))
        names = tr("wording.and").join(dict.fromkeys(row.name for row in rows))
        self.column.addWidget(label(names, "facts", wrap=True))
        self.act = button(tr("wishes.match_act", count=len(rows)), "primary")
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
        class_id, wishes = bytes.fromhex(self.form.values()["class_id"]), [row.id for row in self._rows]
        service = self._context.services.willingness
        self._context.tasks.command(
            self,
            lambda: service.match(class_id, wishes),
            self.matched.emit,
            lambda error: self._context.messages.report(self, error),
        )

    def _on_classes(self, classes: Sequence[ClassListItem]) -> None:
        for item in classes:
            if item.project_id is not None and all(wants(row.trade, item.trade) for row in self._rows):
                self._choice.addItem(item.code, item.id.hex())
        self._choice.setCurrentIndex(-1)
        self._draw()

    def _draw(self) -> None:
        self.act.setEnabled(bool(self.form.values()["class_id"]))
