"""变更记录 under the right mouse button of a list: who changed the record last, on which workstation and when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from desktop_app.domain.listings.journal import RecordChange
from desktop_app.domain.records import BY_NAME
from ui.i18n import has_text, tr
from ui.navigation import PageContext
from ui.theme import icon
from ui.widgets.data_table import DataTable
from ui.widgets.labels import hairline, label
from ui.widgets.side_panel import PanelContent, SidePanel
from ui.wording import moment_text

Row = TypeVar("Row")
Records = Sequence[tuple[str, bytes]]
SHOWN = 100
"""So many changes of a record are listed; the journal has the others."""

_ENTITIES = {
    "trainees": "trainee",
    "classes": "training_class",
    "teachers": "teacher",
    "users": "user",
    "projects": "project",
    "willingness": "willingness",
    "sessions": "session",
    "inspections": "inspection",
    "certificates": "certificate",
    "claims_list": "claim",
}
"""Key of a list → entity of the record that its row stands for, under the key that names the row."""
_PEOPLE = frozenset({"members", "guidance", "employment", "evidence", "claims"})
"""Lists of a class whose rows stand for people: their own record, and their enrolment in it."""


class RecordLog(Generic[Row]):
    """Adds 变更记录 to the menu of a table whose rows stand for records; ``class_id`` tells the class of a tab."""

    def __init__(
        self,
        owner: QWidget,
        context: PageContext,
        key: str,
        table: DataTable[Row],
        panel: SidePanel,
        class_id: Callable[[], bytes],
    ) -> None:
        self._owner, self._context, self._panel = owner, context, panel
        self._key, self._table, self._class_id = key, table, class_id
        if key in _ENTITIES or key in _PEOPLE:
            table.menu_additions.append(self._add)

    def records_of(self, row: Row) -> Records:
        """Return entity and key of what a row stands for."""
        named: Any = self._table.model.row_key(row)
        if self._key in _PEOPLE:
            class_id = self._class_id()
            enrolment = [("enrolment", class_id + named)] if class_id else []
            return [("trainee", named), *enrolment]
        entity = _ENTITIES[self._key]
        return [(entity, BY_NAME[entity].join_key(named) if isinstance(named, tuple) else named)]

    def show(self, row: Row) -> None:
        """Read the changes and list them in the panel."""
        records, service = self.records_of(row), self._context.services.record_log
        self._context.tasks.query(
            self._owner,
            lambda: service.changes(records),
            lambda found: self._open(records, found),
            latest="log",
        )

    def _add(self, menu: QMenu, rows: list[Row]) -> None:
        act = menu.addAction(
            icon("history", "text_secondary"), tr("record_log.show"), lambda: self.show(rows[0])
        )
        act.setEnabled(len(rows) == 1)

    def _open(self, records: Records, found: Sequence[RecordChange]) -> None:
        key = f"log-{records[0][1].hex()}"
        self._panel.open_panel(key, tr("record_log.show"), RecordLogPanel(found), [])


class RecordLogPanel(PanelContent):
    """One block a change, the latest first."""

    def __init__(self, found: Sequence[RecordChange]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(label(tr("record_log.facts", count=len(found)), "facts", wrap=True))
        for one in found[:SHOWN]:
            column.addWidget(hairline())
            who = one.user or tr("record_log.schedule")
            column.addWidget(label(command_text(one.command), "strong", wrap=True))
            told = tr("record_log.by", who=who, where=one.device, time=moment_text(one.at))
            column.addWidget(label(told, "facts", wrap=True))
            if one.reason:
                column.addWidget(label(tr("record_log.reason", reason=one.reason), "secondary", wrap=True))
        column.addStretch(1)


def command_text(command: str) -> str:
    """Return the name of a command in words."""
    return tr(f"command.{command}") if has_text(f"command.{command}") else command
