"""培训项目: the published catalogue and the institution's own projects, from draft to pass (三.1–三.3, 六.2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from desktop_app.domain.listings.projects import ProjectDetails
from ui.i18n import tr
from ui.navigation import PageContext
from ui.pages.projects.draft_panel import DraftPanel
from ui.pages.projects.facts_panel import FactsPanel
from ui.pages.projects.new_year_panel import NewYearPanel
from ui.pages.projects.table_model import project_table_model
from ui.panel_page import NEW, ListPage
from ui.saving import save_paper
from ui.widgets.data_table import RowAction
from ui.widgets.empty_state import EmptyState
from ui.widgets.page import Crumb

OWN, PLATFORM = "own", "platform"


class ProjectsPage(ListPage[ProjectDetails]):
    """A draft opens as its form; what is submitted, passed or published opens as its facts and history."""

    def __init__(self, context: PageContext) -> None:
        may = context.services.context.may
        self._may_draft = bool(may("create_project"))
        actions: list[RowAction[ProjectDetails]] = [
            RowAction("projects.open", lambda rows: self.open_row(rows[0]), "info", many=False)
        ]
        to_sync = bool(may("pull")) and bool(context.session.roles & {"office", "head", "admin"})
        empty = EmptyState(
            tr("projects.empty"),
            tr("projects.empty_detail"),
            tr("projects.to_sync") if to_sync else "",
            "package",
        )
        super().__init__(
            context,
            "projects",
            tr("page.projects"),
            project_table_model(),
            placeholder=tr("projects.search"),
            empty=empty,
            actions=actions,
            count_key="projects.count",
        )
        empty.acted.connect(lambda: context.navigate("sync_center"))
        self.filters.add_chips(
            [(code, tr(f"projects.origin.{code}")) for code in (OWN, PLATFORM)], exclusive=True
        )
        if self._may_draft:
            self.header.set_primary(tr("projects.new"), self.begin_new, "plus")
            self.header.add_button(tr("new_year.begin"), self.begin_year, "calendar")
        if may("make_paper"):
            self.header.add_button(tr("projects.print"), self.print_catalogue, "printer")
        self.set_crumbs([Crumb(tr("page.projects"))])
        self.set_hints([("Enter", tr("hint_key.open")), ("Esc", tr("hint_key.close"))])
        self.reload_on(context.changes, {"project", "project_answer", "project_selection", "training_class"})

    def open(self, **params: Any) -> None:  # noqa: ANN401 - each page names its own
        if params.get("project_id"):
            self.reopen(params["project_id"].hex())
            self.panel.want_field(str(params.get("field") or ""))

    def fetcher(self) -> Callable[[], Sequence[ProjectDetails]]:
        service = self.context.services.projects
        return service.list_details  # type: ignore[no-any-return]

    def keeps(self, row: ProjectDetails) -> bool:
        chosen, text = self.filters.chosen(), self.filters.text().lower()
        item = row.item
        if chosen and (item.origin or PLATFORM) not in chosen:
            return False
        words = (item.code, item.name, item.trade, item.organisation)
        return not text or any(text in (word or "").lower() for word in words)

    def rows_shown(self, rows: Sequence[ProjectDetails]) -> None:
        own = sum(row.item.origin == OWN for row in rows)
        used = sum(row.item.classes > 0 for row in rows)
        self.header.set_facts(tr("projects.total", count=len(rows), own=own, used=used))

    def row_panel_key(self, row: ProjectDetails) -> str:
        return row.item.id.hex() if self.panel.current_key() != NEW else ""

    def begin_new(self) -> None:
        """Begin a draft, or go on with the one that was begun."""
        self._show_draft(NEW, tr("projects.new"), None)

    def print_catalogue(self) -> None:
        """Write the 项目目录表."""
        service = self.context.services.list_papers
        save_paper(self, self.context, tr("papers.title.catalogue"), "pdf", service.catalogue)

    def begin_year(self) -> None:
        """Show what the new year begins with: this one, from December the next."""
        content = NewYearPanel(self.context)
        content.done.connect(lambda said: self._on_done("new_year", said))
        self.panel.open_panel("new_year", content.title, content, content.foot())

    def open_row(self, row: ProjectDetails) -> None:
        if row.editable and self._may_draft:
            self._show_draft(row.item.id.hex(), row.item.name, row)
            return
        content = FactsPanel(self.context, row)
        content.done.connect(lambda said: self._on_done(row.item.id.hex(), said))
        self.panel.open_panel(row.item.id.hex(), row.item.name, content, content.foot())

    def _show_draft(self, key: str, title: str, row: ProjectDetails | None) -> None:
        content = DraftPanel(self.context, row)
        content.done.connect(lambda said: self._on_done(key, said))
        content.created.connect(self._go_on)
        self.panel.open_panel(key, title, content, content.foot())
        content.form.fields["code" if row is None else "name"].editor.setFocus()

    def _go_on(self, project_id: bytes) -> None:
        """Open a draft that was just made: its survey and plan, and its submission, come next."""
        service = self.context.services.projects

        def find() -> ProjectDetails:
            found: ProjectDetails = next(one for one in service.list_details() if one.item.id == project_id)
            return found

        self.context.tasks.query(self, find, self.open_row)

    def _on_done(self, key: str, said: Any) -> None:  # noqa: ANN401 - a sentence, or the key of a new project with it
        self.panel.forget_draft(key)
        self.panel.close_panel()
        self.context.messages.tell(said)
