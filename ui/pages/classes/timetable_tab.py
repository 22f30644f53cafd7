"""课程表: the sessions of a class; a change asks for its reason, a teacher in two places is shown before saving."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from desktop_app.domain.listings.training import SessionListItem
from ui.i18n import tr
from ui.navigation import PageContext
from ui.pages.classes.class_acts import JoinPanel
from ui.pages.classes.session_acts import ACTS, COMMANDS, ICONS, SessionActPanel, verbs_of
from ui.pages.classes.session_panel import SessionPanel
from ui.pages.classes.table_model import session_table_model
from ui.pasted_file import import_pasted
from ui.reported_tab import ReportedTab, ReportMarks
from ui.widgets.data_table import RowAction
from ui.widgets.empty_state import EmptyState
from ui.widgets.labels import button
from ui.wording import day_text


class TimetableTab(ReportedTab[SessionListItem]):
    """``open(session_id=…)`` opens one session."""

    def __init__(self, context: PageContext, class_id: bytes) -> None:
        self._class_id = class_id
        may_add = bool(context.services.context.may("add_session"))
        empty = EmptyState(
            tr("sessions.empty"),
            tr("sessions.empty_detail"),
            tr("sessions.new") if may_add else "",
            "calendar-days",
        )
        actions: list[RowAction[SessionListItem]] = [
            RowAction("sessions.open", lambda rows: self.open_row(rows[0]), "pencil", many=False),
            RowAction("sessions.mark", lambda rows: self._mark(rows[0]), "clipboard-check", many=False),
        ]
        may = context.services.context.may
        actions += [self._act(act) for act, verbs in ACTS.items() if may(COMMANDS[verbs[0]])]
        if may("join_session"):
            actions.append(
                RowAction("acts.join.menu", lambda rows: self.begin_join(rows[0]), "users", many=False)
            )
        marks: ReportMarks[SessionListItem] = ReportMarks(lambda row: (("session", row.id),))
        super().__init__(
            context,
            "sessions",
            session_table_model(context.services.context.today(), marks),
            marks,
            class_id,
            ("attendance",),
            placeholder=tr("sessions.search"),
            empty=empty,
            actions=actions,
            count_key="sessions.count",
            kinds={"session", "mark", "teacher", "enrolment"},
        )
        empty.acted.connect(self.begin_new)
        self.table.view.pasted.connect(lambda: import_pasted(context, class_id))
        self.hints = [("Enter", tr("hint_key.open")), ("Esc", tr("hint_key.close"))]
        if may_add:
            self.add_button = button(tr("sessions.new"), "", "plus")
            self.add_button.clicked.connect(self.begin_new)
            self.filters.add_right(self.add_button)

    def _act(self, act: str) -> RowAction[SessionListItem]:
        """Return an act on a session; 补课 is for the class or for people, as the session stands."""
        wanted = ACTS[act]

        def fitting(rows: list[SessionListItem]) -> list[str]:
            return [verb for verb in wanted if verb in verbs_of(rows[0])]

        return RowAction(
            f"session_act.{act}",
            lambda rows: self.open_act(rows[0], fitting(rows)[0]),
            ICONS[act],
            many=False,
            danger=act == "call_off",
            allowed=lambda rows: bool(fitting(rows)),
        )

    def open_act(self, row: SessionListItem, verb: str) -> None:
        """Open the form of 调课, 代课, 停课, 恢复上课 or 补课 for a session."""
        title = tr(f"session_act.{verb}.title", number=row.number)
        self._show(f"{verb}:{row.id.hex()}", title, SessionActPanel(self.context, row, verb))

    def begin_join(self, row: SessionListItem) -> None:
        """Open the form of a session held together with another class's (合班)."""
        content = JoinPanel(self.context, row)
        content.done.connect(self._on_joined)
        title = tr("acts.join.title", number=row.number)
        self.panel.open_panel(f"join:{row.id.hex()}", title, content, content.foot())

    def _on_joined(self, said: str) -> None:
        self.panel.close_panel()
        self.context.messages.tell(said)

    def open(self, session_id: bytes | None = None) -> None:
        """Open one session in the panel."""
        self.open_where(lambda row: row.id == session_id)

    def fetcher(self) -> Callable[[], Sequence[SessionListItem]]:
        service, class_id = self.context.services.classes, self._class_id
        return lambda: service.list_sessions(class_id)

    def words_of(self, row: SessionListItem) -> Iterable[str]:
        return (row.content, row.place, *row.teachers, day_text(row.held_on))

    def row_panel_key(self, row: SessionListItem) -> str:
        return row.id.hex() if self.panel.current_key() != "new" else ""

    def begin_new(self) -> None:
        """Begin the form of a new session; the one before lends its times, place and teacher."""
        before = max(self.all_rows(), key=lambda row: (row.held_on, row.starts_at), default=None)
        self._show("new", tr("sessions.new"), SessionPanel(self.context, self._class_id, None, before))

    def open_row(self, row: SessionListItem) -> None:
        title = tr("sessions.title", number=row.number)
        self._show(row.id.hex(), title, SessionPanel(self.context, self._class_id, row, None))

    def _mark(self, row: SessionListItem) -> None:
        self.context.navigate("class", class_id=self._class_id, tab="attendance", session_id=row.id)

    def _show(self, key: str, title: str, content: SessionPanel | SessionActPanel) -> None:
        content.saved.connect(lambda session_id: self._on_saved(key, session_id))
        self.panel.open_panel(key, title, content, content.foot())

    def _on_saved(self, key: str, session_id: bytes) -> None:
        self.panel.forget_draft(key)
        self.panel.close_panel()
        self.table.select_key(session_id)
        self.context.messages.tell(tr("sessions.saved"))
