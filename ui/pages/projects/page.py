"""培训项目: the published catalogue; a class is opened from one of these."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QVBoxLayout

from desktop_app.domain.listings.training import ProjectListItem
from ui.i18n import tr
from ui.navigation import PageContext
from ui.pages.projects.table_model import fen_text, origin_text, project_table_model
from ui.panel_page import ListPage
from ui.widgets.data_table import RowAction
from ui.widgets.empty_state import EmptyState
from ui.widgets.labels import label
from ui.widgets.page import Crumb
from ui.widgets.side_panel import PanelContent
from ui.wording import day_text, trade_text


class ProjectsPage(ListPage[ProjectListItem]):
    """The projects that the platform publishes; they are read here, not changed."""

    def __init__(self, context: PageContext) -> None:
        actions: list[RowAction[ProjectListItem]] = [
            RowAction("projects.open", lambda rows: self.open_row(rows[0]), "info", many=False)
        ]
        may_pull = bool(context.services.context.may("pull"))
        empty = EmptyState(
            tr("projects.empty"),
            tr("projects.empty_detail"),
            tr("projects.to_sync")
            if may_pull and context.session.roles & {"office", "head", "admin"}
            else "",
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
        self.set_crumbs([Crumb(tr("page.projects"))])
        self.set_hints([("Enter", tr("hint_key.open"))])
        self.reload_on(context.changes, {"project", "training_class"})

    def fetcher(self) -> Callable[[], Sequence[ProjectListItem]]:
        service = self.context.services.projects
        return service.list_projects  # type: ignore[no-any-return]

    def keeps(self, row: ProjectListItem) -> bool:
        text = self.filters.text().lower()
        words = (row.code, row.name, row.trade, row.organisation)
        return not text or any(text in (word or "").lower() for word in words)

    def rows_shown(self, rows: Sequence[ProjectListItem]) -> None:
        self.header.set_facts(
            tr("projects.total", count=len(rows), used=sum(row.classes > 0 for row in rows))
        )

    def row_panel_key(self, row: ProjectListItem) -> str:
        return row.id.hex()

    def open_row(self, row: ProjectListItem) -> None:
        self.panel.open_panel(row.id.hex(), row.name, ProjectFacts(row), [])


class ProjectFacts(PanelContent):
    """Everything that the catalogue says of a project."""

    def __init__(self, row: ProjectListItem) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for key, text in (
            ("code", row.code),
            ("trade", trade_text(row.trade, row.level)),
            ("organisation", row.organisation),
            ("audience", row.audience),
            ("hours", None if row.hours is None else tr("wording.hours", hours=row.hours)),
            ("form", row.form),
            ("content", row.content),
            ("fee", fen_text(row.fee_fen)),
            ("subsidy", fen_text(row.subsidy_fen)),
            ("area", row.area),
            ("published", day_text(row.published_on)),
            ("version", None if row.version is None else str(row.version)),
            ("origin", origin_text(row)),
            ("classes", str(row.classes)),
        ):
            if text:
                column.addWidget(label(tr(f"projects.{key}"), "secondary"))
                column.addWidget(label(text, wrap=True))
                column.addSpacing(8)
