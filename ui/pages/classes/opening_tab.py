"""开班 of a class: what is asked before it opens, in order or missing, and where to mend it (四.2, 五.三, 六)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from desktop_app.domain.listings.opening import OpeningItem, OpeningSheet, Topic
from desktop_app.domain.rules import Severity
from ui.i18n import tr
from ui.messages import describe
from ui.navigation import PageContext
from ui.pages.classes.opening_panel import ApplicationPanel, CompletenessPanel, OpeningPanel
from ui.panel_tab import PanelTab
from ui.unsaved import Unsaved
from ui.widgets.cell_states import Tone
from ui.widgets.data_table import RowAction
from ui.widgets.empty_state import EmptyState
from ui.widgets.labels import button
from ui.widgets.list_model import Column, ListTableModel

DATA = "opening"
_TABS = {
    Topic.PLAN: "timetable",
    Topic.PLACE: "timetable",
    Topic.CLASHES: "timetable",
    Topic.SIZE: "roster",
}
"""Topics that are mended in another tab of the class."""
_TONES = {None: Tone.DONE, Severity.WARN: Tone.WAITING, Severity.BLOCK: Tone.WRONG}
_KINDS = frozenset({"class_opening", "training_class", "session", "session_class", "enrolment", "trainee", "teacher",
                    "attachment", "site", "policy_value", "project"})  # fmt: skip


def state_text(row: OpeningItem) -> str:
    """Return ✓ 齐全, △ 提醒 or ✕ 缺."""
    return tr(f"opening.state.{row.severity.value if row.severity else 'ok'}")


def findings_text(row: OpeningItem) -> str:
    """Return what was found, in words."""
    return " ".join(describe(one.error).text for one in row.findings)


def opening_table_model() -> ListTableModel[OpeningItem]:
    """Return the model of the check list."""
    return ListTableModel(
        [
            Column("topic", "opening.topic", lambda row: tr(f"opening.topic.{row.topic.value}"), 128),
            Column("state", "opening.state", state_text, 88, tone=lambda row: _TONES[row.severity]),
            Column("count", "opening.count", lambda row: str(len(row.findings) or ""), 60, "right"),
            Column("findings", "opening.findings", findings_text, 420, stretch=True, tooltip=findings_tip),
        ],
        lambda row: row.topic.value,
    )  # fmt: skip


def findings_tip(row: OpeningItem) -> str:
    """Return what was found and what to do, a line each."""
    told = (describe(one.error) for one in row.findings)
    return "\n".join(f"{one.text}\n{one.hint}" for one in told)


class OpeningTab(PanelTab[OpeningItem]):
    """The check list; Enter leads to where a thing is mended."""

    def __init__(self, context: PageContext, class_id: bytes) -> None:
        self._class_id = class_id
        self._sheet: OpeningSheet | None = None
        actions: list[RowAction[OpeningItem]] = [
            RowAction("opening.mend", lambda rows: self.open_row(rows[0]), "pencil", many=False)
        ]
        super().__init__(
            context,
            "opening",
            opening_table_model(),
            placeholder=tr("opening.search"),
            empty=EmptyState(tr("opening.empty"), "", "", "check"),
            actions=actions,
            count_key="opening.topics",
            kinds=_KINDS,
        )
        self.application = button(tr("papers.title.opening"), "", "scroll-text")
        self.application.clicked.connect(self.open_application)
        self.filters.add_right(self.application)
        self.data = button(tr("opening.data"), "", "pencil")
        self.data.clicked.connect(self.open_data)
        self.filters.add_right(self.data)
        self.hints = [("Enter", tr("hint_key.open")), ("Esc", tr("hint_key.close"))]

    def open(self, topic: str = "") -> None:
        """Open what a topic is about."""
        self.open_where(lambda row: row.topic.value == topic)

    def fetcher(self) -> Callable[[], Sequence[OpeningItem]]:
        service, class_id = self.context.services.opening, self._class_id

        def fetch() -> Sequence[OpeningItem]:
            self._sheet = service.sheet(class_id)
            return self._sheet.items

        return fetch

    def words_of(self, row: OpeningItem) -> Iterable[str]:
        return (tr(f"opening.topic.{row.topic.value}"), findings_text(row))

    def take_unsaved(self, unsaved: Unsaved) -> None:
        super().take_unsaved(unsaved)
        self.open_where(lambda row: row.topic is Topic.FUNDING)

    def open_row(self, row: OpeningItem) -> None:
        if row.topic in _TABS:
            self.context.navigate("class", class_id=self._class_id, tab=_TABS[row.topic])
        elif row.topic is Topic.TEACHERS:
            self.context.navigate("teachers")
        elif row.topic is Topic.BASICS:
            content = CompletenessPanel(self.context, self._class_id)
            self.panel.open_panel("basics", tr("opening.topic.basics"), content, [])
        else:
            self.open_data()

    def open_application(self) -> None:
        """Show the 开班申请表 as it would be printed and reported."""
        content = ApplicationPanel(self.context, self._class_id)
        self.panel.open_panel("application", tr("papers.title.opening"), content, [])

    def open_data(self) -> None:
        """Open the form of money, people in charge and contacts."""
        if self._sheet is not None:
            content = OpeningPanel(self.context, self._sheet)
            content.saved.connect(self._on_saved)
            self.panel.open_panel(DATA, tr("opening.data"), content, content.foot())

    def _on_saved(self) -> None:
        self.panel.forget_draft(DATA)
        self.context.messages.tell(tr("opening.saved"))
