"""统计: figures of a period, the list behind each, reports that were sent and what they would say now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from desktop_app.domain import performance
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.figures import Counted, PersonBehind, SentReport, TeacherHours
from desktop_app.domain.records import FIGURE_REPORT
from desktop_app.domain.statistics import (
    Dimension,
    Fact,
    Figure,
    Measure,
    Scope,
    behind,
    differences,
    tabulate,
)
from desktop_app.services.context import Service, command
from desktop_app.services.employment import rates_of
from desktop_app.store.database import Connection
from desktop_app.store.queries import ledgers
from desktop_app.store.queries import statistics as queries
from desktop_app.store.queries.employment import people
from desktop_app.store.queries.policies import policy_book
from desktop_app.store.queries.statistics import Members
from desktop_app.store.unit_of_work import UnitOfWork

STATISTICS, ANNUAL = "statistics", "performance"
MAX_TEXT = 100


class FigureService(Service):
    """Counts that anybody may check: every number opens its list, every sent report stays as it was."""

    def count(self, scope: Scope, dimension: Dimension = Dimension.TOTAL) -> Counted:
        """Return the figures of a period by one dimension, with the totals, up to today."""
        self.context.require("view_statistics")
        today = self.context.today()
        with self.context.read() as sql:
            found = all_facts(sql, scope, today)
        return Counted(
            scope, today, tabulate(found, scope, Dimension.TOTAL), tabulate(found, scope, dimension)
        )

    def people_behind(self, scope: Scope, figure: Figure) -> list[PersonBehind]:
        """Return whom a figure counts, by class and name."""
        self.context.require("view_statistics")
        self.context.require("view_trainees")
        with self.context.read() as sql:
            counted = behind(all_facts(sql, scope, self.context.today()), scope, figure)
            titles = queries.titles(sql)
        lines = [
            PersonBehind(
                fact.class_id,
                fact.trainee_id,
                *titles.get((fact.class_id, fact.trainee_id), ("", "")),
                fact.on,
                fact.amount,
            )
            for fact in counted
        ]
        return sorted(lines, key=lambda line: (line.class_code, line.on, line.name))

    def teacher_hours(self, scope: Scope) -> list[TeacherHours]:
        """Return 教师课时统计 of a period."""
        self.context.require("view_statistics")
        with self.context.read() as sql:
            return queries.teacher_hours(sql, scope)

    def sent(self) -> list[SentReport]:
        """Return the reports that were sent, each with what it would say differently now."""
        self.context.require("view_statistics")
        with self.context.read() as sql:
            reports = ledgers.sent_reports(sql)
            return [_compared(sql, one, self.context.today()) for one in reports]

    @command("send_figures")
    def send(self, work: UnitOfWork, kind: str, scope: Scope, sent_to: str) -> bytes:
        """Freeze the figures of a period as they are sent to a department; return the report's key.

        Raises AppError SENT_TO_MISSING, REPORT_FUTURE (the period begins after today); R22 warns of a year that is
        not over.
        """
        receiver, today = sent_to.strip(), self.context.today()
        if not receiver or len(receiver) > MAX_TEXT:
            raise AppError("SENT_TO_MISSING", limit=MAX_TEXT)
        if scope.first > today:
            raise AppError("REPORT_FUTURE", first=scope.first.isoformat())
        if kind == ANNUAL:
            self.context.heed(performance.check_sending(scope.first.year, today))
        key = self.context.new_id()
        fields: dict[str, object] = {
            "kind": kind,
            "first_day": scope.first.isoformat(),
            "last_day": scope.last.isoformat(),
            "as_of": today.isoformat(),
            "sent_on": today.isoformat(),
            "sent_to": receiver,
            "figures": [one.as_list() for one in all_figures(work.sql, scope, today)],
        }
        work.put(FIGURE_REPORT, key, fields)
        return key


def all_facts(sql: Connection, scope: Scope, today: date) -> list[Fact]:
    """Return every fact of a period: of the training, of employment, of money paid."""
    known = queries.members(sql)
    return [
        *queries.facts(sql, scope, today, known),
        *_employment(sql, scope, today, known),
        *queries.payments(sql, scope, known),
    ]


def _employment(sql: Connection, scope: Scope, today: date, known: Members) -> Iterator[Fact]:
    """Yield who of the classes that ended in the period is employed as of the count date (R36): base and count."""
    book, counted_on = policy_book(sql), min(scope.last, today)
    for person in people(sql):
        key = (person.class_id, person.trainee_id)
        member, ended = known.get(key), person.ended_on
        if member is None or ended is None or not scope.holds(ended):
            continue
        rate = rates_of(book, [person], counted_on).employment
        if rate.base:
            yield queries.fact_of(Measure.EMPLOYED, key, member, ended, counts=rate.count > 0)


def all_figures(sql: Connection, scope: Scope, today: date) -> list[Figure]:
    """Return the figures of a period by every dimension."""
    found = all_facts(sql, scope, today)
    return [figure for dimension in Dimension for figure in tabulate(found, scope, dimension)]


def _compared(sql: Connection, report: SentReport, today: date) -> SentReport:
    changes = differences(report.figures, all_figures(sql, report.scope, today))
    return SentReport(
        report.id,
        report.kind,
        report.scope,
        report.as_of,
        report.sent_on,
        report.sent_to,
        report.figures,
        changes,
    )
