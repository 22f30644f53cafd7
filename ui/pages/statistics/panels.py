"""Panels of 统计: the list behind a figure, what a sent report would say now, sending."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout

from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.figures import PersonBehind, SentReport
from desktop_app.domain.statistics import Figure, Measure, Scope
from desktop_app.services.figure_papers import group_text, value_text
from ui.i18n import tr
from ui.list_export import ListExport
from ui.messages import describe
from ui.navigation import PageContext
from ui.pages.statistics.table_models import person_model
from ui.widgets.data_table import DataTable
from ui.widgets.empty_state import EmptyState
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import FormPanel, choice_box, text_line
from ui.widgets.labels import label
from ui.widgets.side_panel import PanelContent


class PeoplePanel(PanelContent):
    """Whom a figure counts; a row opens the person's class."""

    def __init__(self, context: PageContext, scope: Scope, figure: Figure) -> None:
        super().__init__()
        self._context = context
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        facts = tr("figures.behind", people=figure.people, times=figure.times)
        told = " · ".join(part for part in (facts, value_text(figure)) if part)
        column.addWidget(label(told, "facts", wrap=True))
        column.addWidget(label(tr(f"figures.basis.{figure.measure}"), "secondary", wrap=True))
        self.table: DataTable[PersonBehind] = DataTable(
            "figures_people",
            person_model(money=figure.measure is Measure.FUNDED),
            context.preferences,
            (),
            EmptyState(tr("figures.nobody"), "", "", "users"),
            count_key="figures.count_lines",
        )
        self.table.setMinimumHeight(360)
        self.table.opened.connect(lambda row: context.navigate("class", class_id=row.class_id))
        self.exporting = ListExport(
            self, context, self.table, lambda: tr("exports.title.figures_people"), lambda _row: b""
        )
        column.addWidget(self.table, 1)
        service = context.services.figures
        context.tasks.query(self, lambda: service.people_behind(scope, figure), self._show, latest="people")

    def _show(self, rows: Sequence[PersonBehind]) -> None:
        self.table.set_rows(rows)
        self.table.set_loading(False)


class DifferencePanel(PanelContent):
    """What a sent report would say differently now."""

    def __init__(self, report: SentReport) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(label(tr("figures.frozen", day=report.as_of.isoformat()), "secondary", wrap=True))
        if not report.changes:
            column.addWidget(label(tr("figures.no_change"), "facts"))
        for one in report.changes:
            known = one.sent or one.now
            assert known is not None
            before = tr("figures.nothing") if one.sent is None else _numbers(one.sent)
            after = tr("figures.nothing") if one.now is None else _numbers(one.now)
            name = f"{tr(f'figures.measure.{known.measure}')} · {group_text(known.dimension, known.group)}"
            column.addWidget(
                label(tr("figures.difference", name=name, before=before, after=after), wrap=True)
            )
        column.addStretch(1)


def _numbers(figure: Figure) -> str:
    told = tr("figures.people_times", people=figure.people, times=figure.times)
    return " · ".join(part for part in (told, value_text(figure)) if part)


class SendPanel(FormPanel):
    """Freezes the figures of a period as they are sent; ``sent`` tells that it is done."""

    sent = Signal()

    def __init__(self, context: PageContext, scope: Scope) -> None:
        super().__init__()
        self._context, self._period = context, scope
        told = tr("figures.send_about", first=scope.first.isoformat(), last=scope.last.isoformat())
        self.column.insertWidget(0, label(told, "secondary", wrap=True))
        kinds = [(kind, tr(f"figures.kind.{kind}")) for kind in ("statistics", "performance")]
        self.form.add_row({"kind": FormField(tr("figures.column.kind"), choice_box(kinds), required=True)})
        self.form.add_row(
            {"to": FormField(tr("figures.column.sent_to"), text_line(limit=100), required=True)}
        )
        self.form.set_values({"kind": "statistics"})
        self.begin()

    def foot(self) -> list[QPushButton]:
        """Return the button that sends."""
        return [self.make_save_button(tr("figures.send"))]

    def save(self) -> None:
        values, service, scope = self.form.values(), self._context.services.figures, self._period
        kind, receiver = str(values["kind"]), str(values["to"] or "")
        self._context.tasks.command(
            self, lambda: service.send(kind, scope, receiver), lambda _key: self.sent.emit(), self._on_refused
        )

    def _on_refused(self, error: AppError) -> None:
        if error.code == "SENT_TO_MISSING":
            self.form.show_field_errors({"to": describe(error).text})
        else:
            self._context.messages.report(self, error)
