"""The tabs of 统计: figures with a chart, the page for Mondays, teachers' hours, what was sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from PySide6.QtWidgets import QVBoxLayout

from desktop_app.domain.listings.figures import Counted, SentReport, TeacherHours
from desktop_app.domain.listings.monday import MondayPage
from desktop_app.domain.money import format_fen
from desktop_app.domain.pinyin import initials
from desktop_app.domain.statistics import Dimension, Figure, Measure, Scope
from desktop_app.services.figure_papers import group_text
from ui.i18n import tr
from ui.navigation import PageContext
from ui.pages.statistics.panels import DifferencePanel, PeoplePanel
from ui.pages.statistics.table_models import (
    MondayRow,
    figure_model,
    monday_model,
    sent_model,
    teacher_model,
)
from ui.panel_tab import PanelTab
from ui.widgets.cell_states import Tone
from ui.widgets.chart import Bar, TrendChart
from ui.widgets.data_table import RowAction
from ui.widgets.empty_state import EmptyState
from ui.widgets.form_panel import choice_box

MOST_BARS, MOST_LETTERS = 10, 5
THROUGH = (Measure.ENROLLED, Measure.TRAINED, Measure.PASSED, Measure.CERTIFIED, Measure.EMPLOYED)
KINDS = {"enrolment", "training_class", "mark", "session", "score", "assessment", "certificate", "follow_up",
         "claim_payment", "trainee", "figure_report", "project"}  # fmt: skip
LATE_DAYS = 14


class FiguresTab(PanelTab[Figure]):
    """Figures of a year by one dimension; a row opens the list behind its number."""

    def __init__(self, context: PageContext, scope: Callable[[], Scope]) -> None:
        self._scope = scope
        self.counted: Counted | None = None
        may_see = bool(context.services.context.may("view_trainees"))
        actions: list[RowAction[Figure]] = []
        if may_see:
            actions = [
                RowAction("figures.open_list", lambda rows: self.open_row(rows[0]), "users", many=False)
            ]
        super().__init__(
            context,
            "figures",
            figure_model(),
            placeholder=tr("figures.search"),
            empty=EmptyState(tr("figures.empty"), tr("figures.empty_detail"), "", "columns-3"),
            actions=actions,
            count_key="figures.count",
            kinds=KINDS,
        )
        self._may_see = may_see
        self._dimension = choice_box([(one.value, tr(f"figures.dimension.{one}")) for one in Dimension])
        self._measure = choice_box([(one.value, tr(f"figures.measure.{one}")) for one in Measure])
        self._measure.setCurrentIndex(list(Measure).index(Measure.TRAINED))
        self._dimension.activated.connect(lambda _index: self._load())
        self._measure.activated.connect(lambda _index: self._draw_chart())
        self.filters.add_choice(tr("figures.group_by"), self._dimension)
        self.filters.add_choice(tr("figures.charted"), self._measure)
        self.chart = TrendChart()
        main = self.filters.parentWidget()
        inside = None if main is None else main.layout()
        assert isinstance(inside, QVBoxLayout)
        inside.insertWidget(1, self.chart)
        self.hints = [("Enter", tr("figures.open_list")), ("Esc", tr("hint_key.close"))]

    def dimension(self) -> Dimension:
        """Return by what the figures are told apart."""
        return Dimension(str(self._dimension.currentData()))

    def reload_year(self) -> None:
        """Count another year."""
        self.panel.close_panel()
        self._load()

    def choose(self, dimension: Dimension) -> None:
        """Tell the figures apart by another dimension."""
        self._dimension.setCurrentIndex(list(Dimension).index(dimension))
        self._load()

    def fetcher(self) -> Callable[[], Sequence[Figure]]:
        service, scope, dimension = self.context.services.figures, self._scope(), self.dimension()
        return lambda: service.count(scope, dimension)

    def show_rows(self, rows: Any) -> None:  # noqa: ANN401 - Counted
        self.counted = rows
        super().show_rows(rows.figures)
        self._draw_chart()

    def words_of(self, row: Figure) -> Iterable[str]:
        return (tr(f"figures.measure.{row.measure}"), group_text(row.dimension, row.group))

    def row_panel_key(self, row: Figure) -> str:
        return f"{row.measure}/{row.dimension}/{row.group}"

    def open_row(self, row: Figure) -> None:
        if not self._may_see:
            return
        content = PeoplePanel(self.context, self._scope(), row)
        title = f"{tr(f'figures.measure.{row.measure}')} · {group_text(row.dimension, row.group)}"
        self.panel.open_panel(self.row_panel_key(row), title, content, [])

    def _draw_chart(self) -> None:
        """Chart one measure by group; of the totals, what people come through, from 报名 to 就业."""
        total = self.dimension() is Dimension.TOTAL
        self._measure.setEnabled(not total)
        measure = Measure(str(self._measure.currentData()))
        own = [
            row for row in self.all_rows() if (row.measure in THROUGH if total else row.measure is measure)
        ]
        if self.dimension() not in {Dimension.PERIOD, Dimension.TOTAL}:
            own.sort(key=lambda row: -row.times)
        most = max((row.times for row in own), default=0)
        bars = [
            Bar(
                tr(f"figures.measure.{row.measure}")
                if total
                else group_text(row.dimension, row.group)[:MOST_LETTERS],
                str(row.times),
                row.times / most if most else 0.0,
            )
            for row in own[:MOST_BARS]
        ]
        self.chart.set_bars(bars)


class MondayTab(PanelTab[MondayRow]):
    """The page for Mondays; a row leads to its class."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(
            context,
            "monday",
            monday_model(),
            placeholder=tr("monday.search"),
            empty=EmptyState(tr("monday.empty"), tr("monday.empty_detail"), "", "calendar"),
            actions=[
                RowAction(
                    "monday.open", lambda rows: self.open_row(rows[0]), "eye", many=False, allowed=_leads
                )
            ],
            count_key="monday.count",
            kinds=KINDS
            | {"supervision_event", "rectification", "claim", "claim_line", "claim_decision", "user"},
        )

    def fetcher(self) -> Callable[[], Sequence[MondayRow]]:
        service = self.context.services.monday
        return lambda: monday_rows(service.page())

    def words_of(self, row: MondayRow) -> Iterable[str]:
        return (row.block, row.subject, row.who, row.remark)

    def open_row(self, row: MondayRow) -> None:
        if row.class_id is not None:
            self.context.navigate("class", class_id=row.class_id)
        elif row.page:
            self.context.navigate(row.page)


class TeachersTab(PanelTab[TeacherHours]):
    """教师课时统计 of the year."""

    def __init__(self, context: PageContext, scope: Callable[[], Scope]) -> None:
        self._scope = scope
        super().__init__(
            context,
            "teacher_hours",
            teacher_model(),
            placeholder=tr("figures.search_teacher"),
            empty=EmptyState(tr("figures.no_hours"), tr("figures.no_hours_detail"), "", "presentation"),
            count_key="figures.count_teachers",
            kinds={"session", "teacher", "training_class"},
        )

    def fetcher(self) -> Callable[[], Sequence[TeacherHours]]:
        service, scope = self.context.services.figures, self._scope()
        return lambda: service.teacher_hours(scope)

    def reload_year(self) -> None:
        """Count another year."""
        self._load()

    def words_of(self, row: TeacherHours) -> Iterable[str]:
        return (row.name, *initials(row.name))


class SentTab(PanelTab[SentReport]):
    """Reports that were sent; a row opens what it would say differently now."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(
            context,
            "sent_figures",
            sent_model(),
            placeholder=tr("figures.search_sent"),
            empty=EmptyState(tr("figures.none_sent"), tr("figures.none_sent_detail"), "", "send"),
            actions=[
                RowAction("figures.open_changes", lambda rows: self.open_row(rows[0]), "eye", many=False)
            ],
            count_key="figures.count_sent",
            kinds=KINDS,
        )

    def fetcher(self) -> Callable[[], Sequence[SentReport]]:
        return self.context.services.figures.sent  # type: ignore[no-any-return]

    def words_of(self, row: SentReport) -> Iterable[str]:
        return (row.sent_to, row.sent_on.isoformat())

    def row_panel_key(self, row: SentReport) -> str:
        return row.id.hex()

    def open_row(self, row: SentReport) -> None:
        title = tr("figures.sent_title", to=row.sent_to)
        self.panel.open_panel(self.row_panel_key(row), title, DifferencePanel(row), [])


def _leads(rows: list[MondayRow]) -> bool:
    return all(row.class_id is not None or row.page for row in rows)


def monday_rows(page: MondayPage) -> list[MondayRow]:
    """Return the lines of the page in its order: stages, stuck, money, due, warnings."""
    rows: list[MondayRow] = []

    def add(block: str, subject: str, since: date | None = None, **more: Any) -> None:  # noqa: ANN401 - fields
        told = {"days": "", "who": "", "remark": ""} | more
        rows.append(MondayRow(len(rows), tr(f"monday.{block}"), subject, since, **told))

    for one in page.stuck:
        tone = Tone.WRONG if one.days > LATE_DAYS else Tone.WAITING
        days = tr("monday.days", days=one.days)
        remark = tr(f"monday.stuck.{one.cause}", count=one.count)
        add(
            "stuck",
            one.class_code,
            one.since,
            days=days,
            who=one.who,
            remark=remark,
            tone=tone,
            class_id=one.class_id,
        )
    for warning in page.warnings:
        told = tr("monday.warning", rate=warning.rate, limit=warning.limit)
        add("warnings", warning.subject, remark=told, tone=Tone.WAITING)
    for due in page.deadlines:
        left = tr("monday.days_left", days=(due.due_on - page.today).days)
        add(
            "deadlines",
            due.what,
            due.due_on,
            days=left,
            remark=tr(f"monday.due.{due.kind}", count=due.count),
            class_id=due.class_id,
        )
    for line in page.money:
        ages = "　".join(
            tr(f"monday.age.{n}", amount=format_fen(fen)) for n, fen in enumerate(line.fen) if fen
        )
        add("money", tr(f"monday.money.{line.standing}"), who=format_fen(line.total), remark=ages)
    for state, count in page.stages:
        add("stages", tr(f"state.training_class.{state}"), who=str(count), page="classes")
    return rows
