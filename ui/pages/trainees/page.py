"""学员: everybody the institution trains, found by name, initials, part of ID or phone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from desktop_app.domain.listings.people import TraineeFacts, TraineeListItem, TraineeQuery, TraineeSort
from ui.dialogs.ask import ask_reason
from ui.i18n import tr
from ui.long_list_page import LongListPage
from ui.navigation import Command, PageContext
from ui.pages.trainees.edit_panel import TraineePanel
from ui.pages.trainees.enrol_panel import EnrolPanel
from ui.pages.trainees.identity_panel import IdentityPanel
from ui.pages.trainees.table_model import trainee_table_model
from ui.panel_page import NEW
from ui.saving import save_paper
from ui.unsaved import Unsaved
from ui.widgets.data_table import RowAction
from ui.widgets.empty_state import EmptyState
from ui.widgets.form_panel import choice_box
from ui.widgets.page import Crumb
from ui.wording import category_text

NO_CLASS = "no-class"
CATEGORIES = ("student", "key_group", "employee")


@dataclass(frozen=True, slots=True)
class _Found:
    """The trainees of a query, window by window."""

    service: Any
    query: TraineeQuery

    def count(self) -> int:
        return int(self.service.count(self.query))

    def window(self, first: int, count: int) -> Sequence[TraineeListItem]:
        found: Sequence[TraineeListItem] = self.service.page(self.query, first, count)
        return found

    def place(self, key: bytes) -> int | None:
        found: int | None = self.service.place(self.query, key)
        return found


KEEPS_PANEL = ("new", "enrol", "identity")
"""Beginnings of the keys of panels that do not follow the selection."""


class TraineesPage(LongListPage[TraineeListItem]):
    """``open(trainee_id=…)`` opens somebody, ``open(text=…)`` searches, ``open(create=True)`` begins a new form."""

    def __init__(self, context: PageContext) -> None:
        may = context.services.context.may
        actions: list[RowAction[TraineeListItem]] = [
            RowAction("trainees.open", lambda rows: self.open_row(rows[0]), "pencil", many=False)
        ]
        if may("enrol_trainee"):
            actions.append(RowAction("trainees.enrol", self.enrol, "user-check"))
        if may("export_person"):
            actions.append(
                RowAction("retention.copy", lambda rows: self.export_copy(rows[0]), "download", many=False)
            )
        empty = EmptyState(tr("trainees.empty"), tr("trainees.empty_detail"), icon_name="users")
        super().__init__(
            context,
            "trainees",
            tr("page.trainees"),
            trainee_table_model(context.services.context.today()),
            placeholder=tr("trainees.search"),
            empty=empty,
            actions=actions,
            count_key="trainees.count",
        )
        self.filters.add_chips([(code, category_text(code)) for code in CATEGORIES], exclusive=True)
        self.filters.add_chips([(NO_CLASS, tr("trainees.no_class"))])
        self.classes = choice_box([], empty=tr("trainees.all_classes"))
        self.classes.setMinimumWidth(140)
        self.classes.setAccessibleName(tr("trainees.class"))
        self.classes.activated.connect(lambda _index: self.on_filter())
        self.filters.add_choice("", self.classes)
        if may("create_trainee"):
            self.header.set_primary(tr("trainees.new"), self.begin_new, "plus")
            context.commands.add(
                Command("trainees.new", tr("trainees.new"), self._go_create, "plus", words="xzxy"), self
            )
        if may("import_roster"):
            self.header.add_button(tr("trainees.import"), lambda: context.navigate("imports"), "import")
        self.set_crumbs([Crumb(tr("page.trainees"))])
        self.set_hints(
            [("Enter", tr("hint_key.open")), ("Ctrl+F", tr("hint_key.find")), ("Esc", tr("hint_key.close"))]
        )
        self.ask_reason: Callable[..., str | None] = ask_reason
        self.reload_on(context.changes, {"trainee", "enrolment", "training_class", "erasure", "person_link"})

    def open(self, **params: Any) -> None:  # noqa: ANN401 - each page names its own
        if "text" in params:
            self.filters.search.setText(str(params["text"]))
        if params.get("trainee_id"):
            self.table.select_key(params["trainee_id"])
            self.open_person(params["trainee_id"])
            self.panel.want_field(str(params.get("field") or ""))
        if params.get("create"):
            self.begin_new()

    def export_copy(self, row: TraineeListItem) -> None:
        """Write a copy of everything about a person, for that person; asks what for first."""
        words = [tr("retention.asked_by_person")]
        question, detail = tr("retention.copy_question", name=row.name), tr("retention.copy_detail")
        purpose = self.ask_reason(self.window(), question, detail, tr("retention.copy"), words)
        if purpose is not None:
            service = self.context.services.personal_rights
            name = f"{tr('papers.title.person')} {row.name}"
            save_paper(
                self, self.context, name, "pdf", lambda path: service.write_copy(row.id, path, purpose)
            )

    def person_of(self, row: TraineeListItem) -> bytes:
        return row.id

    def source(self) -> _Found:
        chosen, order = self.filters.chosen(), self.windows.order or (TraineeSort.NAME.value, False)
        query = TraineeQuery(
            text=self.filters.text(),
            category=next((code for code in CATEGORIES if code in chosen), None),
            class_code=self.classes.currentData() or None,
            without_class=NO_CLASS in chosen,
            sort=TraineeSort(order[0]),
            descending=order[1],
        )
        searching = bool(query.text or chosen or query.class_code)
        key = "trainees.none_found" if searching else "trainees.empty"
        self.table.empty.set_text(tr(key), tr(f"{key}_detail"))
        return _Found(self.context.services.trainees, query)

    def read_facts(self) -> Callable[[], TraineeFacts]:
        service = self.context.services.trainees
        return service.facts  # type: ignore[no-any-return]

    def show_facts(self, facts: TraineeFacts) -> None:
        present = self.classes.currentData()
        self.classes.clear()
        self.classes.addItem(tr("trainees.all_classes"), "")
        for code in facts.class_codes:
            self.classes.addItem(code, code)
        self.classes.setCurrentIndex(max(0, self.classes.findData(present)))
        told = [tr("trainees.total", count=facts.total)]
        told += [
            tr("trainees.of_category", category=category_text(code), count=facts.by_category[code])
            for code in CATEGORIES
            if facts.by_category.get(code)
        ]
        without = facts.without_class
        self.header.set_facts(*told, tr("trainees.without_class", count=without) if without else "")

    def row_panel_key(self, row: TraineeListItem) -> str:
        return row.id.hex() if not self.panel.current_key().startswith(KEEPS_PANEL) else ""

    def open_row(self, row: TraineeListItem) -> None:
        self.open_person(row.id)

    def open_person(self, trainee_id: bytes) -> None:
        """Open somebody in the panel."""
        key = trainee_id.hex()
        content = TraineePanel(self.context, trainee_id, lambda name: self.panel.set_title(key, name))
        self._show(key, tr("trainees.person"), content)
        content.fetch()

    def begin_new(self) -> None:
        """Begin the form of a new person, or go on with its draft."""
        content = TraineePanel(self.context, None, lambda _name: None)
        self._show("new", tr("trainees.new"), content)
        content.form.fields["name"].editor.setFocus()

    def unsaved(self) -> list[Unsaved]:
        return [
            one for one in super().unsaved() if one.key != "enrol"
        ]  # it is about a selection that is gone

    def reopen(self, key: str) -> None:
        if key == NEW:
            self.begin_new()
        else:
            self.open_person(bytes.fromhex(key))

    def enrol(self, rows: list[TraineeListItem]) -> None:
        """Ask into which class the chosen people go."""
        content = EnrolPanel(self.context, rows)
        content.enrolled.connect(self._on_enrolled)
        self.panel.open_panel("enrol", tr("trainees.enrol_title", count=len(rows)), content, content.foot())

    def _show(self, key: str, title: str, content: TraineePanel) -> None:
        content.saved.connect(lambda trainee_id: self._on_saved(key, trainee_id))
        content.opened_other.connect(self._on_other)
        content.identity_asked.connect(lambda: self.correct_identity(bytes.fromhex(key)))
        content.class_opened.connect(lambda class_id: self.context.navigate("class", class_id=class_id))
        self.panel.open_panel(key, title, content, content.foot())

    def correct_identity(self, trainee_id: bytes) -> None:
        """Open the form of 更名 and 证件更正."""
        content = IdentityPanel(self.context, trainee_id)
        content.changed_identity.connect(lambda redo: self._on_identity(trainee_id, redo))
        self.panel.open_panel(f"identity {trainee_id.hex()}", tr("identity.title"), content, content.foot())

    def _on_identity(self, trainee_id: bytes, redo: list[str]) -> None:
        self.context.messages.tell(tr("identity.done"))
        for sentence in redo:
            self.context.messages.warn(sentence)
        self.open_person(trainee_id)

    def _go_create(self) -> None:
        self.context.navigate("trainees", create=True)

    def _on_saved(self, key: str, trainee_id: bytes) -> None:
        self.panel.forget_draft(key)
        self.context.messages.tell(tr("trainees.saved"))
        self.table.select_key(trainee_id)
        self.open_person(trainee_id)

    def _on_other(self, trainee_id: bytes) -> None:
        self.table.select_key(trainee_id)
        self.open_person(trainee_id)

    def _on_enrolled(self, count: int, code: str) -> None:
        self.panel.close_panel()
        self.context.messages.tell(tr("enrol.done", count=count, code=code))
