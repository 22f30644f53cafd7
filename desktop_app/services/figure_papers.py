"""Papers of the institution's figures: 统计表, 教师课时统计表, 年度绩效表, 绩效工资核算表, 周一页."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import resources
from desktop_app.domain import codes, monday, regions
from desktop_app.domain.clock import SHANGHAI
from desktop_app.domain.listings.figures import Counted, Performance
from desktop_app.domain.listings.monday import MondayPage
from desktop_app.domain.money import capital, format_fen
from desktop_app.domain.papers import PaperHead
from desktop_app.domain.papers.figures import (
    AnnualTable,
    FigureColumn,
    FigureTable,
    MondayTable,
    PoolTable,
    StatisticsTable,
    TeacherHoursTable,
    bar,
)
from desktop_app.domain.performance import AnnualReport, front_line_share, percent_text, rate
from desktop_app.domain.statistics import Dimension, Figure, Measure, Scope
from desktop_app.services.context import Context, Service
from desktop_app.services.figures import FigureService
from desktop_app.services.monday import MondayService
from desktop_app.services.papers import WrittenPaper, write_institution_paper
from desktop_app.services.performance import PerformanceService
from desktop_app.store.repositories import accounts

ANNUAL, POOL = "annual", "pool"
_SPANNED: tuple[None, ...] = (None,)


class FigurePaperService(Service):
    """Each paper shows what its page shows, PDF or Excel by the file's ending."""

    def statistics(self, scope: Scope, dimension: Dimension, path: Path) -> WrittenPaper:
        """Write the 统计表 by one dimension; AppError NOT_PERMITTED, PAPER_FORMAT, FILE_NOT_WRITABLE."""
        self.context.require("make_paper")
        counted = FigureService(self.context).count(scope, dimension)
        return write_table(statistics_table(paper_head(self.context), counted, dimension), path)

    def teacher_hours(self, scope: Scope, path: Path) -> WrittenPaper:
        """Write the 教师课时统计表; the same errors."""
        self.context.require("make_paper")
        hours = FigureService(self.context).teacher_hours(scope)
        most = max((one.hours for one in hours), default=0)
        rows = [
            (
                one.name,
                resources.text(f"figures.employment.{one.employment}") if one.employment else "",
                str(one.classes),
                str(one.sessions),
                str(one.hours),
                bar(one.hours, most),
            )
            for one in hours
        ]
        total = (
            resources.text("papers.total"),
            "",
            "",
            str(sum(one.sessions for one in hours)),
            str(sum(one.hours for one in hours)),
            "",
        )
        table = TeacherHoursTable(
            paper_head(self.context),
            resources.text("papers.title.teacher-hours"),
            (span_text(scope),),
            _columns("teacher", "employment", "classes>", "sessions>", "hours>", "chart*"),
            tuple(rows),
            (total,),
            (resources.text("figures.note.teacher_hours"),),
        )
        return write_table(table, path)

    def performance(self, kind: str, year: int, path: Path) -> WrittenPaper:
        """Write the 年度绩效表 (``annual``) or the 绩效工资核算表 (``pool``) of a year; the same errors, YEAR_RANGE."""
        self.context.require("make_paper")
        service, head = PerformanceService(self.context), paper_head(self.context)
        if kind == ANNUAL:
            return write_table(annual_table(head, service.annual_report(year)), path)
        return write_table(pool_table(head, service.overview(year)), path)

    def monday(self, path: Path) -> WrittenPaper:
        """Write the page for Mondays; the same errors."""
        self.context.require("make_paper")
        return write_table(monday_table(paper_head(self.context), MondayService(self.context).page()), path)


def paper_head(context: Context, printed_by: str = "") -> PaperHead:
    """Return the head of a paper of the institution, as of now."""
    with context.read() as sql:
        found = accounts.institution(sql)
    at = context.now().astimezone(SHANGHAI)
    return PaperHead(found.name, "", at, printed_by=printed_by, demo=found.demo, solo=found.solo)


def write_table(table: FigureTable, path: Path) -> WrittenPaper:
    """Write a table of figures; AppError PAPER_FORMAT, FILE_NOT_WRITABLE."""
    return write_institution_paper(table, path)


def _columns(*names: str) -> tuple[FigureColumn, ...]:
    """Return columns by key; ``>`` sets it right, ``*`` gives it the room that is left."""
    return tuple(
        FigureColumn(
            resources.text(f"figures.column.{name.rstrip('>*')}"),
            "right" if ">" in name else "left",
            "*" in name,
        )
        for name in names
    )


def span_text(scope: Scope) -> str:
    """Return the period of a report in words."""
    return resources.text("figures.span", first=scope.first.isoformat(), last=scope.last.isoformat())


def group_text(dimension: Dimension, group: str) -> str:
    """Return the name of a group of a dimension."""
    if dimension is Dimension.TOTAL:
        return resources.text("figures.total")
    if not group:
        return resources.text("figures.unknown_group")
    if dimension is Dimension.REGION:
        return regions.region_name(group) or group
    if dimension is Dimension.GROUP:
        for table in ("key_groups", "categories"):
            entry = codes.table(table).by_code.get(group)
            if entry is not None:
                return entry.name
    return group


def value_text(figure: Figure) -> str:
    """Return what a figure adds to 人数 and 人次: a rate with its base, money, 课时; "" for nothing."""
    if figure.measure is Measure.FUNDED:
        return format_fen(figure.amount)
    if figure.measure is Measure.ATTENDED:
        return rate_text(figure.amount, figure.planned)
    if figure.measure in {Measure.PASSED, Measure.EMPLOYED}:
        return rate_text(figure.times, figure.base)
    return ""


def rate_text(part: int, base: int) -> str:
    """Return a rate with its base, rounded down: 83.68% (118/141); "—" where the base is empty."""
    return f"{percent_text(rate(part, base))} ({part}/{base})" if base else percent_text(None)


def statistics_table(head: PaperHead, counted: Counted, dimension: Dimension) -> StatisticsTable:
    """Return the 统计表: a line a figure, a bar against the largest of its measure."""
    most = {
        measure: max((one.times for one in counted.figures if one.measure is measure), default=0)
        for measure in Measure
    }
    rows = [
        (
            resources.text(f"figures.measure.{one.measure}"),
            group_text(dimension, one.group),
            str(one.people),
            str(one.times),
            value_text(one),
            bar(one.times, most[one.measure]),
        )
        for one in counted.figures
    ]
    bases = (
        resources.text(
            "figures.note.basis",
            measure=resources.text(f"figures.measure.{measure}"),
            basis=resources.text(f"figures.basis.{measure}"),
        )
        for measure in Measure
    )
    return StatisticsTable(
        head,
        resources.text("papers.title.statistics"),
        (
            span_text(counted.scope),
            resources.text("figures.by", dimension=resources.text(f"figures.dimension.{dimension}")),
            resources.text("figures.cut_off", day=counted.until.isoformat()),
        ),
        _columns("measure", "group", "people>", "times>", "value>", "chart*"),
        tuple(rows),
        (),
        (resources.text("figures.note.counts"), "；".join(bases)),
    )


def annual_table(head: PaperHead, report: AnnualReport) -> AnnualTable:
    """Return the 年度绩效表 (五.二.1): volume, pass, certificate and employment rate, each with its base."""
    passed = rate_text(report.passed, report.examined)
    certified = rate_text(report.certified, report.trained)
    employed = rate_text(report.employed, report.employment_base)
    lines: Sequence[tuple[str, str, str]] = (
        ("classes", str(report.classes), "trained"),
        (
            "trained",
            resources.text("figures.people_times", people=report.people, times=report.trained),
            "trained",
        ),
        ("hours", resources.text("wording.hours", hours=report.hours), "sessions"),
        ("pass_rate", passed, "passed"),
        ("certificates", str(report.certified), "certified"),
        ("certificate_rate", certified, "certificate_rate"),
        ("employment_rate", employed, "employed"),
    )
    rows = tuple(
        (resources.text(f"figures.annual.{key}"), value, resources.text(f"figures.basis.{basis}"))
        for key, value, basis in lines
    )
    return AnnualTable(
        head,
        resources.text("papers.title.annual-performance"),
        (
            resources.text("figures.year", year=report.year),
            resources.text("figures.cut_off", day=report.until.isoformat()),
        ),
        _columns("item", "figure>", "basis*"),
        rows,
        (),
        (resources.text("figures.note.counts"),),
    )


def pool_table(head: PaperHead, found: Performance) -> PoolTable:
    """Return the 绩效工资核算表 (五.二.2, 五.二.3): ledger by class, pool, allocation; every sum in 元."""
    rows: list[tuple[str | None, ...]] = [
        (one.class_code, format_fen(one.income), format_fen(one.cost), format_fen(one.balance))
        for one in found.ledgers
    ]
    balance = found.income - found.cost
    rows.append(
        (
            resources.text("papers.total"),
            format_fen(found.income),
            format_fen(found.cost),
            format_fen(balance),
        )
    )
    amount, remark = resources.text("figures.column.amount"), resources.text("figures.column.remark")
    rows.append((resources.text("figures.pool.block"), amount, remark, None))
    rows.append((resources.text("figures.pool.ratio"), percent_text(found.ratio), found.ratio_document, None))
    rows.append((resources.text("figures.pool.computed"), format_fen(found.pool), capital(found.pool), None))
    if found.approved_fen is not None:
        on = "" if found.approved_on is None else found.approved_on.isoformat()
        rows.append(
            (
                resources.text("figures.pool.approved"),
                format_fen(found.approved_fen),
                f"{found.document} {on}".strip(),
                None,
            )
        )
    rows.append(
        (resources.text("figures.pool.allocation"), amount, resources.text("figures.column.post"), None)
    )
    for share in found.shares:
        kind = "figures.front_line" if share.front_line else "figures.other_staff"
        rows.append((share.name, format_fen(share.fen), resources.text(kind), None))
    totals: tuple[tuple[str | None, ...], ...] = (
        (
            resources.text("figures.pool.allocated"),
            format_fen(found.allocated),
            resources.text("figures.pool.front_line", share=percent_text(front_line_share(found.shares))),
            None,
        ),
        (resources.text("figures.pool.left"), format_fen(found.available - found.allocated), "", None),
    )
    pending = () if found.approved_fen is not None else (resources.text("figures.pending_approval"),)
    return PoolTable(
        head,
        resources.text("papers.title.performance-pool"),
        (resources.text("figures.year", year=found.year), *pending),
        _columns("class*", "income>", "cost>", "balance>"),
        tuple(rows),
        totals,
        (*pending, resources.text("figures.note.pool")),
    )


def monday_table(head: PaperHead, page: MondayPage) -> MondayTable:
    """Return the page for Mondays: a block a question, on one page."""
    rows: list[tuple[str | None, ...]] = []
    for state, count in page.stages:
        stage = resources.text(f"state.training_class.{state}")
        rows.append((resources.text("monday.stages"), stage, "", "", str(count), ""))
    for one in page.stuck:
        cause = resources.text(f"monday.stuck.{one.cause}", count=one.count)
        days = resources.text("monday.days", days=one.days)
        rows.append(
            (resources.text("monday.stuck"), one.class_code, one.since.isoformat(), days, one.who, cause)
        )
    for line in page.money:
        standing = resources.text(f"monday.money.{line.standing}")
        ages = "　".join(
            resources.text(f"monday.age.{place}", amount=format_fen(fen))
            for place, fen in enumerate(line.fen)
        )
        rows.append((resources.text("monday.money"), standing, "", "", format_fen(line.total), ages))
    for due in page.deadlines:
        left = resources.text("monday.days_left", days=(due.due_on - page.today).days)
        kind = resources.text(f"monday.due.{due.kind}", count=due.count)
        rows.append((resources.text("monday.deadlines"), due.what, due.due_on.isoformat(), left, "", kind))
    for warning in page.warnings:
        told = resources.text("monday.warning", rate=warning.rate, limit=warning.limit)
        rows.append((resources.text("monday.warnings"), warning.subject, "", "", "", told))
    return MondayTable(
        head,
        resources.text("papers.title.monday"),
        (resources.text("figures.cut_off", day=page.today.isoformat()),),
        _columns("block", "subject*", "since", "days", "who_or_count", "remark*"),
        tuple(_once(rows)),
        (),
        (resources.text("monday.note", days=monday.SOON_DAYS),),
        (),
    )


def _once(rows: Sequence[tuple[str | None, ...]]) -> list[tuple[str | None, ...]]:
    """Name each block in its first line only."""
    shown: list[tuple[str | None, ...]] = []
    for place, row in enumerate(rows):
        again = place > 0 and rows[place - 1][0] == row[0]
        shown.append(("", *row[1:]) if again else row)
    return shown
