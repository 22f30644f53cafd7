"""The panel of a project that is not edited now: how it stands, its history, versions, and what the catalogue says."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout

from desktop_app.domain.listings.projects import ProjectDetails
from desktop_app.domain.projects import State
from ui.dialogs.ask import ask_reason
from ui.i18n import tr
from ui.navigation import PageContext
from ui.pages.projects.wording import (
    areas_text,
    audience_text,
    fen_text,
    origin_text,
    step_text,
    track_text,
)
from ui.widgets.labels import button, label
from ui.widgets.side_panel import PanelContent
from ui.wording import NOTHING, day_text, trade_text

TONES = {
    State.PASSED: "done",
    State.PENDING: "waiting",
    State.RETURNED: "wrong",
    State.REFUSED: "wrong",
}


class FactsPanel(PanelContent):
    """``done`` tells that the submission was withdrawn or a new version begun."""

    done = Signal(str)

    def __init__(self, context: PageContext, row: ProjectDetails) -> None:
        super().__init__()
        self._context = context
        self._row = row
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(4)
        if row.standings:
            add_standings(self.column, row)
        add_history(self.column, row)
        self._add_facts()

    def foot(self) -> list[QPushButton]:
        """Return what may be done with the project now."""
        may, row = self._context.services.context.may, self._row
        buttons = []
        if may("withdraw_project") and self._is_unanswered():
            buttons.append(button(tr("projects.withdraw")))
            buttons[-1].clicked.connect(self.withdraw)
        passed = row.standings and all(one.state is State.PASSED for one in row.standings)
        if may("new_project_version") and passed:
            buttons.append(button(tr("projects.new_version")))
            buttons[-1].clicked.connect(self.begin_version)
        return buttons

    def withdraw(self) -> None:
        """Ask for the reason and take the submission back."""
        code, key = self._row.item.code, self._row.item.id
        question = tr("projects.withdraw_question", code=code)
        reason = ask_reason(self.window(), question, tr("projects.withdraw_detail"), tr("projects.withdraw"))
        if reason:
            service = self._context.services.projects
            self._run(lambda: service.withdraw_project(key, reason), tr("projects.withdrawn", code=code))

    def begin_version(self) -> None:
        """Begin the next version as a draft."""
        service, key = self._context.services.projects, self._row.item.id
        self._run(lambda: service.new_version(key), tr("projects.version_begun", code=self._row.item.code))

    def _run(self, act: Callable[[], object], said: str) -> None:
        self._context.tasks.command(self, act, lambda _result: self.done.emit(said))

    def _is_unanswered(self) -> bool:
        row = self._row
        pending = any(one.state is State.PENDING for one in row.standings)
        return pending and not any(step.submission == row.submission for step in row.history)

    def _add_facts(self) -> None:
        row, item = self._row, self._row.item
        kept = "、".join(str(version) for version in row.versions)
        version = "" if item.version is None else tr("projects.version_now", version=item.version)
        add_pairs(
            self.column,
            (
                ("code", item.code),
                ("trade", trade_text(item.trade, item.level)),
                ("organisation", item.organisation),
                ("audience", audience_text(row.audiences)),
                ("institution", row.institution),
                ("hours", None if item.hours is None else tr("wording.hours", hours=item.hours)),
                ("schedule", row.schedule),
                ("form", item.form),
                ("content", item.content),
                ("fee", fen_text(item.fee_fen)),
                ("subsidy", fen_text(item.subsidy_fen)),
                ("area", areas_text(row)),
                ("published", day_text(item.published_on) if item.published_on else None),
                (
                    "version",
                    f"{version}（{tr('projects.versions_kept', versions=kept)}）" if kept else version,
                ),
                ("origin", origin_text(item)),
                ("classes", str(item.classes)),
            ),
        )


def add_standings(column: QVBoxLayout, row: ProjectDetails) -> None:
    """Say of each track where it stands and, where it came back, why."""
    for one in row.standings:
        line = label(track_text(one), "strong", wrap=True)
        line.setProperty("tone", TONES.get(one.state, ""))
        column.addWidget(line)
        if one.reason:
            column.addWidget(label(tr("projects.reason", reason=one.reason), wrap=True))
    column.addSpacing(8)


def add_history(column: QVBoxLayout, row: ProjectDetails) -> None:
    """List submissions and answers, the newest first, and the departments that selected the project."""
    lines: list[tuple[str, str]] = [(step_text(step), step.reason) for step in reversed(row.history)]
    if row.submitted_on is not None:
        lines.insert(0, (tr("projects.submitted", day=day_text(row.submitted_on), number=row.submission), ""))
    for one in row.selections:
        who = tr(f"department.{one.department}")
        lines.insert(
            0, (tr("projects.selected_by", who=who, day=day_text(one.on)), f"{one.document} · {one.fund}")
        )
    if not lines:
        return
    column.addWidget(label(tr("projects.history"), "strong"))
    for head, detail in lines:
        column.addWidget(label(head, wrap=True))
        if detail:
            column.addWidget(label(detail, "secondary", wrap=True))
    column.addSpacing(8)


def add_pairs(column: QVBoxLayout, pairs: Iterable[tuple[str, str | None]]) -> None:
    """Add title and text of each fact that has one."""
    for key, text in pairs:
        if text and text != NOTHING:
            column.addWidget(label(tr(f"projects.{key}"), "secondary"))
            column.addWidget(label(text, wrap=True))
            column.addSpacing(4)
