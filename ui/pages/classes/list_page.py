"""班级: all classes with how far they are; one opens as a page of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from desktop_app.domain.listings.training import ClassListItem
from ui.i18n import tr
from ui.navigation import Command, PageContext
from ui.pages.classes.edit_panel import ClassPanel
from ui.pages.classes.table_model import class_table_model
from ui.panel_page import ListPage
from ui.widgets.data_table import RowAction
from ui.widgets.empty_state import EmptyState
from ui.widgets.page import Crumb

RUNNING, TO_MARK, ENDED = "running", "to_mark", "ended"


class ClassesPage(ListPage[ClassListItem]):
    """``open(create=True)`` begins a new class."""

    def __init__(self, context: PageContext) -> None:
        may = context.services.context.may
        actions: list[RowAction[ClassListItem]] = [
            RowAction("classes.open", lambda rows: self.open_row(rows[0]), "book-open", many=False)
        ]
        if may("edit_class"):
            actions.append(RowAction("classes.edit", lambda rows: self.edit(rows[0]), "pencil", many=False))
        empty = EmptyState(
            tr("classes.empty"),
            tr("classes.empty_detail"),
            tr("classes.new") if may("create_class") else "",
            "graduation-cap",
        )
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
        empty.acted.connect(self.begin_new)
        self._today = context.services.context.today()
        self.filters.add_chips(
            [(key, tr(f"classes.filter.{key}")) for key in (RUNNING, TO_MARK, ENDED)], exclusive=True
        )
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
        self.reload_on(context.changes, {"training_class", "session", "enrolment", "mark", "project"})

    def open(self, **params: Any) -> None:  # noqa: ANN401 - each page names its own
        if params.get("create"):
            self.begin_new()

    def fetcher(self) -> Callable[[], Sequence[ClassListItem]]:
        service = self.context.services.classes
        return service.list_classes  # type: ignore[no-any-return]

    def keeps(self, row: ClassListItem) -> bool:
        chosen, text = self.filters.chosen(), self.filters.text().lower()
        ended = row.end_on is not None and row.end_on < self._today
        if (RUNNING in chosen and ended) or (ENDED in chosen and not ended):
            return False
        if TO_MARK in chosen and row.sessions_marked >= row.sessions_past:
            return False
        words = (row.code, row.project_name, row.trade, row.organisation, *row.advisers)
        return not text or any(text in (word or "").lower() for word in words)

    def rows_shown(self, rows: Sequence[ClassListItem]) -> None:
        waiting = sum(max(0, row.sessions_past - row.sessions_marked) for row in rows)
        self.header.set_facts(
            tr("classes.total", count=len(rows), people=sum(row.people for row in rows)),
            tr("classes.total_to_mark", count=waiting) if waiting else "",
        )

    def open_row(self, row: ClassListItem) -> None:
        self.context.navigate("class", class_id=row.id)

    def begin_new(self) -> None:
        """Begin the form of a new class, or go on with its draft."""
        self._show("new", tr("classes.new"), ClassPanel(self.context, None))

    def edit(self, row: ClassListItem) -> None:
        """Open the form of a class."""
        self._show(row.id.hex(), row.code, ClassPanel(self.context, row))

    def form_key(self, row: ClassListItem) -> str:
        return row.id.hex()

    def open_form(self, row: ClassListItem) -> None:
        self.edit(row)

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
