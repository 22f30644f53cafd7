"""班级: all classes with how far they are; one opens as a page of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from desktop_app.domain.classes import STATES
from desktop_app.domain.listings.training import ClassFacts, ClassListItem, ClassPhase, ClassQuery, ClassSort
from ui.i18n import tr
from ui.long_list_page import LongListPage
from ui.navigation import Command, PageContext
from ui.pages.classes.edit_panel import ClassPanel
from ui.pages.classes.table_model import class_table_model
from ui.panel_page import NEW
from ui.widgets.data_table import RowAction
from ui.widgets.empty_state import EmptyState
from ui.widgets.form_panel import choice_box
from ui.widgets.page import Crumb


@dataclass(frozen=True, slots=True)
class _Found:
    """The classes of a query, window by window."""

    service: Any
    query: ClassQuery

    def count(self) -> int:
        return int(self.service.count(self.query))

    def window(self, first: int, count: int) -> Sequence[ClassListItem]:
        found: Sequence[ClassListItem] = self.service.page(self.query, first, count)
        return found

    def place(self, key: bytes) -> int | None:
        found: int | None = self.service.place(self.query, key)
        return found


class ClassesPage(LongListPage[ClassListItem]):
    """``open(create=True)`` begins a new class."""

    def __init__(self, context: PageContext) -> None:
        may = context.services.context.may
        actions: list[RowAction[ClassListItem]] = [
            RowAction("classes.open", lambda rows: self.open_row(rows[0]), "book-open", many=False)
        ]
        if may("edit_class"):
            actions.append(RowAction("classes.edit", lambda rows: self.edit(rows[0]), "pencil", many=False))
        act = tr("classes.new") if may("create_class") else ""
        empty = EmptyState(tr("classes.empty"), tr("classes.empty_detail"), act, "graduation-cap")
        super().__init__(
            context,
            "classes",
            tr("page.classes"),
            class_table_model(),
            placeholder=tr("classes.search"),
            empty=empty,
            actions=actions,
            count_key="classes.count",
        )
        self._act = act
        empty.acted.connect(self.begin_new)
        self.filters.add_chips(
            [(phase.value, tr(f"classes.filter.{phase.value}")) for phase in ClassPhase], exclusive=True
        )
        states = [(state, tr(f"state.training_class.{state}")) for state in STATES]
        self.states = choice_box(states, empty=tr("classes.all_states"))
        self.states.setAccessibleName(tr("classes.state"))
        self.states.activated.connect(lambda _index: self.on_filter())
        self.filters.add_choice("", self.states)
        if may("create_class"):
            self.header.set_primary(tr("classes.new"), self.begin_new, "plus")
            context.commands.add(
                Command(
                    "classes.new", tr("classes.new"), lambda: context.navigate("classes", create=True), "plus"
                ),
                self,
            )
        self.set_crumbs([Crumb(tr("page.classes"))])
        self.set_hints([("Enter", tr("hint_key.open")), ("Ctrl+F", tr("hint_key.find"))])
        self.reload_on(
            context.changes, {"training_class", "session", "enrolment", "mark", "project", "person_link"}
        )

    def open(self, **params: Any) -> None:  # noqa: ANN401 - each page names its own
        if params.get("create"):
            self.begin_new()

    def source(self) -> _Found:
        chosen = self.filters.chosen()
        order = self.windows.order or (ClassSort.CODE.value, False)
        query = ClassQuery(
            text=self.filters.text(),
            phase=next((phase for phase in ClassPhase if phase.value in chosen), None),
            state=self.states.currentData() or None,
            sort=ClassSort(order[0]),
            descending=order[1],
        )
        if query.text or query.phase or query.state:
            self.table.empty.set_text(tr("classes.none_found"), tr("classes.none_found_detail"))
        else:
            self.table.empty.set_text(tr("classes.empty"), tr("classes.empty_detail"), self._act)
        return _Found(self.context.services.classes, query)

    def read_facts(self) -> Callable[[], ClassFacts]:
        service = self.context.services.classes
        return service.facts  # type: ignore[no-any-return]

    def show_facts(self, facts: ClassFacts) -> None:
        self.header.set_facts(
            tr("classes.total", count=facts.total, people=facts.people),
            tr("classes.total_to_mark", count=facts.to_mark) if facts.to_mark else "",
        )

    def open_row(self, row: ClassListItem) -> None:
        self.context.navigate("class", class_id=row.id)

    def begin_new(self) -> None:
        """Begin the form of a new class, or go on with its draft."""
        self._show("new", tr("classes.new"), ClassPanel(self.context, None))

    def edit(self, row: ClassListItem) -> None:
        """Open the form of a class."""
        self._show(row.id.hex(), row.code, ClassPanel(self.context, row))

    def reopen(self, key: str) -> None:
        if key == NEW:
            self.begin_new()
            return
        class_id = bytes.fromhex(key)
        get_class = self.context.services.classes.get_class
        self.table.select_key(class_id)
        self.context.tasks.query(self, lambda: get_class(class_id), self.edit)

    def _show(self, key: str, title: str, content: ClassPanel) -> None:
        content.saved.connect(lambda class_id: self._on_saved(key, class_id))
        self.panel.open_panel(key, title, content, content.foot())
        content.form.fields["code"].editor.setFocus()

    def _on_saved(self, key: str, class_id: bytes) -> None:
        self.panel.forget_draft(key)
        self.panel.close_panel()
        self.context.messages.tell(tr("classes.saved"))
        self.table.select_key(class_id)
        if key == "new":
            self.context.navigate("class", class_id=class_id)
