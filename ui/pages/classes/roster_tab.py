"""花名册: the members of a class, and what their enrolment says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from desktop_app.domain import codes
from desktop_app.domain.enrolment import Period
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.training import MemberListItem
from desktop_app.domain.pinyin import initials
from ui.i18n import tr
from ui.navigation import PageContext
from ui.pages.classes.table_model import member_table_model
from ui.panel_tab import PanelTab
from ui.widgets.data_table import RowAction
from ui.widgets.empty_state import EmptyState
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import FormPanel, choice_box, text_line
from ui.widgets.labels import button, label
from ui.wording import NOTHING, education_text, sex_text, span_text


class RosterTab(PanelTab[MemberListItem]):
    """``open(trainee_id=…)`` opens one member."""

    def __init__(self, context: PageContext, class_id: bytes) -> None:
        self._class_id = class_id
        actions: list[RowAction[MemberListItem]] = [
            RowAction("members.open", lambda rows: self.open_row(rows[0]), "pencil", many=False),
            RowAction("members.person", lambda rows: self._open_person(rows[0]), "user", many=False),
        ]
        may_import = bool(context.services.context.may("import_roster"))
        empty = EmptyState(
            tr("members.empty"),
            tr("members.empty_detail"),
            tr("members.import") if may_import else "",
            "users",
        )
        super().__init__(
            context,
            "members",
            member_table_model(context.services.context.today()),
            placeholder=tr("members.search"),
            empty=empty,
            actions=actions,
            count_key="trainees.count",
            kinds={"trainee", "enrolment"},
        )
        empty.acted.connect(lambda: context.navigate("imports", class_id=class_id))
        self.hints = [("Enter", tr("hint_key.open")), ("Esc", tr("hint_key.close"))]

    def open(self, trainee_id: bytes | None = None) -> None:
        """Open one member in the panel."""
        self.open_where(lambda row: row.trainee_id == trainee_id)

    def fetcher(self) -> Callable[[], Sequence[MemberListItem]]:
        service, class_id = self.context.services.classes, self._class_id
        return lambda: service.list_members(class_id)

    def words_of(self, row: MemberListItem) -> Iterable[str]:
        return (row.name, *initials(row.name), row.employer or "", row.major or "")

    def row_panel_key(self, row: MemberListItem) -> str:
        return row.trainee_id.hex()

    def open_row(self, row: MemberListItem) -> None:
        key = row.trainee_id.hex()
        content = MemberPanel(self.context, row)
        content.saved.connect(lambda: self._on_saved(key))
        content.person_asked.connect(lambda: self._open_person(row))
        self.panel.open_panel(key, row.name, content, content.foot())

    def _open_person(self, row: MemberListItem) -> None:
        self.context.navigate("trainees", trainee_id=row.trainee_id)

    def _on_saved(self, key: str) -> None:
        self.panel.forget_draft(key)
        self.context.messages.tell(tr("members.saved"))


class MemberPanel(FormPanel):
    """What an enrolment says; the person's own fields are changed on the person's page."""

    saved = Signal()
    person_asked = Signal()

    def __init__(self, context: PageContext, member: MemberListItem) -> None:
        super().__init__()
        self._context = context
        self._member = member
        age = education_text(member.education, member.studying)
        about = " · ".join(part for part in (sex_text(member.sex), member.document_number, age) if part)
        self.column.insertWidget(0, label(about, "facts", wrap=True))
        link = button(tr("members.person"), "link")
        link.clicked.connect(self.person_asked)
        self.column.insertWidget(1, link)
        categories = [(entry.code, entry.name) for entry in codes.table("categories").entries]
        groups = [(entry.code, entry.name) for entry in codes.table("key_groups").entries]
        kinds = [(entry.code, entry.name) for entry in codes.table("evidence_kinds").entries]
        self._row(category=choice_box(categories, empty=NOTHING), key_group=choice_box(groups, empty=NOTHING))
        self._row(evidence_kind=choice_box(kinds, empty=NOTHING), evidence_number=text_line(limit=100))
        self._row(employer=text_line(limit=100), post=text_line(limit=100))
        self._row(student_number=text_line(limit=100), major=text_line(limit=100))
        periods = tr("wording.and").join(period_text(period) for period in member.periods)
        self.column.addWidget(label(tr("members.periods", periods=periods), "secondary", wrap=True))
        self.load({name: getattr(member, name) or "" for name in self.form.fields})
        self._may_edit = bool(context.services.context.may("enrol_trainee"))
        if not self._may_edit:
            self.set_read_only()

    def foot(self) -> list[QPushButton]:
        """Return the buttons of the panel's foot."""
        return [self.make_save_button()] if self._may_edit else []

    def _row(self, **editors: QWidget) -> None:
        self.form.add_row(
            {name: FormField(tr(f"members.field.{name}"), editor) for name, editor in editors.items()}
        )

    def save(self) -> None:
        changes = {name: value or None for name, value in self.changes().items()}
        service, member = self._context.services.trainees, self._member
        self._context.tasks.command(
            self,
            lambda: service.edit_enrolment(member.class_id, member.trainee_id, changes),
            lambda _nothing: self._on_saved(),
            self._on_refused,
        )

    def _on_saved(self) -> None:
        self.begin()
        self.saved.emit()

    def _on_refused(self, error: AppError) -> None:
        self._context.messages.report(self, error)


def period_text(period: Period) -> str:
    """Return 2020-11-05 起, or both days of a period that is over."""
    if period.last is None:
        return tr("wording.since", first=period.first.isoformat())
    return span_text(period.first, period.last)
