"""Forms of what concerns two classes or a department: 合班 and 拆班, joint sessions, 部门选用 (三.3, 四.2, 六.2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from desktop_app.domain.classes import FORWARD
from desktop_app.domain.errors import AppError
from desktop_app.domain.life_cycles import TRAINING_CLASS as CYCLE
from desktop_app.domain.listings.training import ClassListItem, SessionListItem
from desktop_app.domain.projects import DEPARTMENTS, Selection
from desktop_app.domain.trainees import parse_birth as parse_day
from ui.i18n import tr
from ui.navigation import PageContext
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import FormPanel, choice_box, text_line
from ui.widgets.labels import button, label
from ui.wording import day_text

_PAST = frozenset({"completed"})


class ActPanel(FormPanel):
    """A form whose button is open once every field says something; ``done`` carries what to tell."""

    done = Signal(str)

    def __init__(self, context: PageContext, about: str, act: str) -> None:
        super().__init__()
        self.context = context
        self.about = label(about, "secondary", wrap=True)
        self.column.insertWidget(0, self.about)
        self.act = button(act, "primary")
        self.act.clicked.connect(self.save)
        self.form.edited.connect(self.draw)

    def foot(self) -> list[QPushButton]:
        """Return the buttons of the panel's foot."""
        return [self.act]

    def draw(self) -> None:
        """Open the button once nothing is missing."""
        self.act.setEnabled(all(str(value or "").strip() for value in self.form.values().values()))

    def day(self) -> date | None:
        """Return the day of the form, None where it is none, which is told beside it."""
        found = parse_day(str(self.form.values()["day"]))
        if found is None:
            self.form.show_field_errors({"day": tr("form.day_wrong")})
        return found

    def run(self, act: Callable[[], object], said: Callable[[object], str]) -> None:
        """Carry out an act; what it answers goes into what is told."""

        def finish(answer: object) -> None:
            self.begin()
            self.done.emit(said(answer))

        self.context.tasks.command(self, act, finish, self._on_refused)

    def _on_refused(self, error: AppError) -> None:
        self.context.messages.report(self, error)

    def _add_day_and_reason(self) -> None:
        self.form.add(
            "day", FormField(tr("acts.day"), text_line(tr("form.day_example"), limit=12), required=True)
        )
        self.form.add("reason", FormField(tr("steps.reason"), text_line(limit=200), required=True))
        self.form.set_values({"day": self.context.services.context.today().isoformat()})


class MovePanel(ActPanel):
    """合班 (everybody, ``trainees`` None) or 拆班 (some): into another class from a day on."""

    def __init__(self, context: PageContext, item: ClassListItem, trainees: Sequence[bytes] | None) -> None:
        count = item.people if trainees is None else len(trainees)
        super().__init__(
            context, tr("acts.move.about", code=item.code, count=count), tr("acts.move.act", count=count)
        )
        self._item, self._trainees = item, trainees
        self._target = choice_box([])
        self.form.add("target", FormField(tr("step.target"), self._target, required=True))
        self._add_day_and_reason()
        context.tasks.query(self, context.services.classes.list_classes, self._on_classes)
        self.begin()
        self.draw()

    def save(self) -> None:
        day = self.day()
        if day is None:
            return
        values, service = self.form.values(), self.context.services.class_steps
        source, target, reason = self._item.id, bytes.fromhex(values["target"]), str(values["reason"])
        code, people = self._target.currentText(), self._trainees
        self.run(
            lambda: service.move_people(source, target, reason, day=day, trainees=people),
            lambda moved: tr("acts.move.done", count=moved, code=self._item.code, other=code),
        )

    def _on_classes(self, classes: Sequence[ClassListItem]) -> None:
        for one in classes:
            state = CYCLE.state_of(one.state)
            if one.id != self._item.id and state in FORWARD and state not in _PAST:
                self._target.addItem(one.code, one.id.hex())
        self._target.setCurrentIndex(-1)
        self.draw()


class JoinPanel(ActPanel):
    """A session held together with another class's of the same time (合班, R29)."""

    def __init__(self, context: PageContext, session: SessionListItem) -> None:
        when = tr(
            "acts.join.when", day=day_text(session.held_on), first=session.starts_at, last=session.ends_at
        )
        super().__init__(context, tr("acts.join.about", when=when), tr("acts.join.act"))
        self._session = session
        self._with = choice_box([])
        self.form.add("class", FormField(tr("acts.join.class"), self._with, required=True))
        service = context.services.classes
        context.tasks.query(self, lambda: service.list_sessions(held_on=session.held_on), self._on_sessions)
        self.begin()
        self.draw()

    def save(self) -> None:
        session, joined = self._session.id, bytes.fromhex(self.form.values()["class"])
        service, code = self.context.services.opening, self._with.currentText()
        self.run(
            lambda: service.join_session(session, joined),
            lambda _nothing: tr("acts.join.done", number=self._session.number, code=code),
        )

    def _on_sessions(self, sessions: Sequence[SessionListItem]) -> None:
        own = self._session
        for one in sessions:
            same = (one.starts_at, one.ends_at) == (own.starts_at, own.ends_at)
            if same and one.class_id != own.class_id:
                self._with.addItem(one.class_code, one.class_id.hex())
        self._with.setCurrentIndex(-1)
        if not self._with.count():
            self.about.setText(tr("acts.join.nobody"))
        self.draw()


class SelectionPanel(ActPanel):
    """部门选用: who selected the class's project from the 省级 catalogue, with 文号 and 财政资金 (三.3)."""

    def __init__(self, context: PageContext, item: ClassListItem) -> None:
        super().__init__(context, tr("acts.select.about", code=item.code), tr("acts.select.act"))
        self._item = item
        departments = [(one, tr(f"department.{one}")) for one in DEPARTMENTS]
        self.form.add(
            "department", FormField(tr("acts.select.department"), choice_box(departments), required=True)
        )
        self.form.add("document", FormField(tr("acts.select.document"), text_line(limit=60), required=True))
        self.form.add("fund", FormField(tr("acts.select.fund"), text_line(limit=60), required=True))
        self.form.add(
            "day",
            FormField(tr("acts.select.day"), text_line(tr("form.day_example"), limit=12), required=True),
        )
        self.form.set_values({"day": context.services.context.today().isoformat()})
        self.begin()
        self.draw()

    def save(self) -> None:
        day = self.day()
        if day is None:
            return
        values, service, class_id = self.form.values(), self.context.services.projects, self._item.id
        chosen = Selection(values["department"], str(values["document"]), str(values["fund"]), day)
        self.run(
            lambda: service.select_for_class(class_id, chosen),
            lambda _nothing: tr("acts.select.done", code=self._item.code),
        )
