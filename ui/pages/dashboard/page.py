"""工作台: what is to be done today, what waits, where reporting stands, and how attendance goes."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop_app.domain.attendance import DEFAULT_LIMIT, WHOLE, Ratio
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.claims import ClaimWaiting
from desktop_app.domain.listings.journal import Dashboard
from desktop_app.domain.listings.reporting import ReportCounts
from desktop_app.domain.listings.results import AssessmentItem
from desktop_app.domain.listings.training import SessionListItem
from desktop_app.services.supervision import Concerns
from ui.i18n import tr
from ui.navigation import PageContext
from ui.pages.dashboard.concerns import claim_lines, concern_lines
from ui.pages.dashboard.rows import Line, Section
from ui.tasks import Lane, Ticket
from ui.widgets.chart import Bar, TrendChart
from ui.widgets.labels import button, label
from ui.widgets.page import Crumb, Page
from ui.widgets.page_header import PageHeader
from ui.wording import day_text

SHOWN = 4
REPORT_STATES = ("ready", "changed", "sealed", "rejected", "accepted")
KINDS = {"session", "mark", "enrolment", "training_class", "teacher", "score", "assessment", "certificate", "batch",
         "platform_page", "trainee", "flag_disposal", "supervision_event", "rectification", "policy_value",
         "claim", "claim_line"}  # fmt: skip


class DashboardPage(Page):
    """Every number opens its list, every session its grid."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context = context
        may = context.services.context.may
        self._may_mark, self._may_enter = bool(may("mark_one")), bool(may("enter_scores"))
        self._sees_scores, self._sees_reports = bool(may("view_scores")), bool(may("view_reports"))
        self.header = PageHeader(tr("page.dashboard"))
        self.column.addWidget(self.header)
        self.today, self.waiting = Section(tr("dashboard.today")), Section(tr("dashboard.waiting"))
        self.reports = Section(tr("dashboard.reports"))
        self.trend_card = Section(tr("dashboard.trend"))
        limit = DEFAULT_LIMIT / WHOLE
        self.trend = TrendChart(
            floor=0.5, limit=limit, limit_text=tr("dashboard.limit", limit=round(limit * 100))
        )
        self._dashboard: Dashboard | None = None
        self._assessments: Sequence[AssessmentItem] = ()
        self._concerns = Concerns()
        self._claims: Sequence[ClaimWaiting] = ()
        self._reports: ReportCounts | None = None
        self._looking: Ticket | None = None
        self._all_overdue = False
        self._lay_out()
        self.set_crumbs([Crumb(tr("page.dashboard"))])
        self.reload_on(context.changes, KINDS)

    def reload(self) -> None:
        services, tasks = self.context.services, self.context.tasks
        tasks.query(self, services.dashboard.today, self._on_dashboard, latest="today")
        if self._sees_scores:
            tasks.query(self, services.assessments.list_unlocked, self._on_assessments, latest="scores")
        if services.context.may("view_supervision"):
            tasks.query(self, services.supervision.concerns, self._on_concerns, latest="concerns")
        if services.context.may("view_claims"):
            tasks.query(self, services.claims.waiting, self._on_claims, latest="claims")
        reporting = getattr(services, "reporting", None)
        if self._sees_reports and reporting is not None:
            tasks.query(self, lambda: _known_reports(reporting), self._on_known_reports, latest="reports")

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setProperty("scroll", True)
        row = QHBoxLayout(inside)
        row.setContentsMargins(0, 0, 4, 0)
        row.setSpacing(16)
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(16)
        left.addWidget(self.today)
        left.addWidget(self.waiting)
        left.addStretch(1)
        right.addWidget(self.reports)
        right.addWidget(self.trend_card)
        right.addStretch(1)
        self.reports.setVisible(self._sees_reports)
        row.addLayout(left, 5)
        row.addLayout(right, 2)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        self.column.addWidget(scroll, 1)

    def _on_dashboard(self, found: Dashboard) -> None:
        self._dashboard = found
        today = self.context.services.context.today()
        self.header.set_facts(
            day_text(today),
            tr("dashboard.classes", count=found.classes),
            tr("dashboard.people", count=found.people),
        )
        self._draw_today(found)
        self._draw_trend(found)
        self._draw_waiting()

    def _on_assessments(self, found: Sequence[AssessmentItem]) -> None:
        self._assessments = found
        self._draw_waiting()

    def _on_concerns(self, found: Concerns) -> None:
        self._concerns = found
        self._draw_waiting()

    def _on_claims(self, found: Sequence[ClaimWaiting]) -> None:
        self._claims = found
        self._draw_waiting()

    def _on_known_reports(self, found: ReportCounts | None) -> None:
        """Show what is known, and have what changed since looked at in the background."""
        self._on_reports(found)
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None
        if found is not None:
            reporting: Any = self.context.services.reporting
            self._looking = self.context.tasks.work(
                self,
                reporting.count_reports,
                self._on_reports,
                self._on_look_failed,
                lane=Lane.BACKGROUND,
            )

    def _on_look_failed(self, error: AppError) -> None:
        if error.code != "CANCELLED":
            self.context.messages.report(self, error)

    def _on_reports(self, found: ReportCounts | None) -> None:
        self._reports = found
        self._draw_reports()
        self._draw_waiting()

    def _draw_today(self, found: Dashboard) -> None:
        if found.today:
            first = next((item for item in found.today if item.marked < item.members), None)
            lines: list[QWidget] = [
                self._session_line(item, today=True, first=item is first) for item in found.today
            ]
            self.today.set_facts(tr("dashboard.sessions", count=len(found.today)))
        else:
            lines = [self._nothing_today(found)]
            self.today.set_facts("")
        self.today.set_lines(lines)

    def _nothing_today(self, found: Dashboard) -> QWidget:
        following = found.next_session
        if following is None:
            text = tr("dashboard.no_next") if found.classes else tr("dashboard.no_class")
            act = "" if found.classes else tr("dashboard.import")
            may = self.context.services.context.may("import_roster")
            return Line(
                tr("dashboard.no_session"),
                text,
                action=act if may else "",
                run=lambda: self.context.navigate("imports"),
            )
        text = tr(
            "dashboard.next",
            day=day_text(following.held_on),
            time=following.starts_at,
            code=following.class_code,
            number=following.number,
        )
        detail = " · ".join(part for part in (*following.teachers, following.place) if part)
        return Line(
            tr("dashboard.no_session"),
            text,
            detail,
            action=tr("dashboard.look"),
            run=functools.partial(self._open_session, following),
        )

    def _session_line(self, item: SessionListItem, *, today: bool, first: bool = False) -> Line:
        times = f"{item.starts_at}-{item.ends_at}" if today else day_text(item.held_on)
        text = tr("dashboard.session", code=item.class_code, number=item.number)
        detail = " · ".join(part for part in (*item.teachers, item.place, item.content) if part)
        left = item.members - item.marked
        if left:
            figure = tr("dashboard.to_mark", expected=item.members, present=item.attended, left=left)
        else:
            figure = tr("dashboard.marked", expected=item.members, present=item.attended)
        act = tr("dashboard.mark") if self._may_mark and left else tr("dashboard.look")
        return Line(
            times,
            text,
            detail,
            figure=figure,
            action=act,
            run=functools.partial(self._open_session, item),
            primary=first and self._may_mark,
            first_width=104 if today else 112,
        )

    def _draw_waiting(self) -> None:
        found = self._dashboard
        if found is None:
            return
        concerns = concern_lines(self._concerns, self.context.navigate)
        concerns += claim_lines(self._claims, self.context.navigate, self.context.services.context.today())
        lines: list[QWidget] = [*concerns]
        overdue = found.overdue if self._all_overdue else found.overdue[:SHOWN]
        lines += [self._session_line(item, today=False) for item in overdue]
        if len(found.overdue) > len(overdue):
            lines.append(
                Line("", tr("dashboard.more_overdue", count=len(found.overdue) - len(overdue)),
                     action=tr("dashboard.show_all"), run=self._show_all_overdue, first_width=112)
            )  # fmt: skip
        lines += [self._assessment_line(item) for item in self._assessments]
        lines += self._report_lines(found)
        count = len(concerns) + len(found.overdue) + len(self._assessments) + len(self._report_lines(found))
        self.waiting.set_facts(tr("dashboard.count", count=count) if count else "")
        self.waiting.set_lines(
            lines or [Line(tr("dashboard.done"), tr("dashboard.nothing_waiting"), tone="done")]
        )

    def _show_all_overdue(self) -> None:
        self._all_overdue = True
        self._draw_waiting()

    def _assessment_line(self, item: AssessmentItem) -> Line:
        left = max(0, item.people - item.scored)
        text = tr("dashboard.assessment", code=item.class_code, kind=tr(f"assessment.{item.kind}"))
        figure = tr("dashboard.to_score", count=left) if left else tr("dashboard.to_lock")
        act = tr("dashboard.enter") if self._may_enter else tr("dashboard.look")
        return Line(
            day_text(item.held_on),
            text,
            figure=figure,
            action=act,
            run=lambda: self.context.navigate(
                "class", class_id=item.class_id, tab="scores", assessment_id=item.id
            ),
            first_width=112,
        )

    def _report_lines(self, found: Dashboard) -> list[QWidget]:
        if not self._sees_reports:
            return []
        changed = self._reports.changed_records if self._reports else 0
        counts = (("rejected", found.rejected), ("changed", changed), ("conflicts", found.conflicts))
        return [
            Line(
                tr("dashboard.number", count=count),
                tr(f"dashboard.{section}"),
                tr(f"dashboard.{section}_detail"),
                tone="wrong" if section == "rejected" else "waiting",
                action=tr("dashboard.open"),
                run=functools.partial(
                    self.context.navigate,
                    "sharing" if section == "conflicts" else "sync_center",
                    section=section,
                ),
                first_width=112,
            )
            for section, count in counts
            if count
        ]

    def _draw_reports(self) -> None:
        found = self._reports
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 4, 0, 8)
        column.setSpacing(8)
        if found is None:
            column.addWidget(label(tr("dashboard.not_joined"), "facts", wrap=True))
        else:
            states = [(state, found.by_state.get(state, 0)) for state in REPORT_STATES]
            texts = [tr(f"dashboard.report.{state}", count=count) for state, count in states if count]
            column.addWidget(label("\n".join(texts) or tr("dashboard.no_reports"), wrap=True))
        act = button(tr("dashboard.to_sync"), "link", "send")
        act.clicked.connect(lambda: self.context.navigate("sync_center"))
        column.addWidget(act)
        self.reports.set_lines([holder])

    def _draw_trend(self, found: Dashboard) -> None:
        bars = []
        for monday, part, whole in found.attendance_by_week:
            first = date.fromisoformat(monday)
            bars.append(Bar(f"{first:%m-%d}", str(Ratio(part, whole)), part / whole if whole else 0.0))
        self.trend.set_bars(bars)
        if bars:
            self.trend_card.set_facts(tr("dashboard.weeks"))
            self.trend_card.set_lines([self._trend_holder()])
        self.trend_card.setVisible(bool(bars))
        if self._reports is None:
            self._draw_reports()

    def _trend_holder(self) -> QWidget:
        present = self.trend.parentWidget()
        if present is not None:
            return present
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 4, 0, 4)
        column.addWidget(self.trend)
        return holder

    def _open_session(self, item: SessionListItem) -> None:
        self.context.navigate("class", class_id=item.class_id, tab="attendance", session_id=item.id)


def _known_reports(reporting: Any) -> ReportCounts | None:  # noqa: ANN401 - the engine
    """Count the reports as they were found the last time; None before the institution has joined the platform."""
    return reporting.known_counts() if reporting.link().joined else None
