"""``statistics``: figures of a period, the list behind each, what was sent, the page for Mondays."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.parser import Parser, Parsers, Run, add_command, add_noun, iso_date
from desktop_app.domain.statistics import Dimension, Figure, Measure, Scope
from desktop_app.services.figures import ANNUAL, STATISTICS


def register(commands: Parsers) -> None:
    """Add ``statistics``."""
    verbs = add_noun(commands, "statistics")
    count = _period(verbs, "count", "statistics_count", _count)
    count.add_argument("--by", choices=[one.value for one in Dimension], default=Dimension.TOTAL.value)
    people = _period(verbs, "people", "statistics_people", _people)
    people.add_argument("--measure", choices=[one.value for one in Measure], required=True)
    people.add_argument("--by", choices=[one.value for one in Dimension], default=Dimension.TOTAL.value)
    people.add_argument("--group", default="", metavar="TEXT")
    _period(verbs, "teachers", "statistics_teachers", _teachers)
    send = _period(verbs, "send", "statistics_send", _send)
    send.add_argument("--kind", choices=[STATISTICS, ANNUAL], default=STATISTICS)
    send.add_argument("--to", required=True, metavar="TEXT")
    year = add_command(verbs, "new-year", "statistics_new_year", _new_year)
    year.add_argument("--year", type=int, required=True, metavar="YEAR")
    year.add_argument("--begin", action="store_true")
    add_command(verbs, "sent", "statistics_sent", _sent)
    add_command(verbs, "monday", "statistics_monday", _monday)
    paper = _period(verbs, "paper", "statistics_paper", _paper)
    paper.add_argument("kind", choices=["statistics", "teacher-hours", "monday"])
    paper.add_argument("--by", choices=[one.value for one in Dimension], default=Dimension.GROUP.value)
    paper.add_argument("--out", type=Path, required=True, metavar="FILE")


def _period(verbs: Parsers, name: str, help_key: str, run: Run) -> Parser:
    parser = add_command(verbs, name, help_key, run)
    parser.add_argument("--year", type=int, metavar="YEAR")
    parser.add_argument("--from", dest="first", type=iso_date, metavar="DATE")
    parser.add_argument("--until", dest="last", type=iso_date, metavar="DATE")
    return parser


def _scope(invocation: Invocation) -> Scope:
    """Return the days asked for: a year, or from–until; without either this year."""
    given = invocation.arguments
    year = given.year or invocation.services.context.today().year
    return Scope(given.first or date(year, 1, 1), given.last or date(year, 12, 31))


def _figure(figure: Figure) -> dict[str, Any]:
    return asdict(figure)


def _count(invocation: Invocation) -> Answer:
    found = invocation.services.figures.count(_scope(invocation), Dimension(invocation.arguments.by))
    items = [_figure(one) for one in found.figures]
    lines = [
        resources.text(
            "cli.figure",
            measure=resources.text(f"figures.measure.{one.measure}"),
            group=one.group or resources.text("figures.total"),
            people=one.people,
            times=one.times,
            basis=resources.text(f"figures.basis.{one.measure}"),
        )
        for one in found.figures
    ]
    span = {"from": found.scope.first, "until": found.scope.last, "as_of": found.until}
    return Answer({**span, "total": len(items), "items": items}, lines)


def _people(invocation: Invocation) -> Answer:
    given = invocation.arguments
    figure = Figure(Measure(given.measure), Dimension(given.by), given.group, 0, 0, 0)
    items = [asdict(one) for one in invocation.services.figures.people_behind(_scope(invocation), figure)]
    lines = ["\t".join((one["class_code"], one["name"], one["on"].isoformat())) for one in items]
    return Answer({"total": len(items), "items": items}, lines)


def _teachers(invocation: Invocation) -> Answer:
    items = [asdict(one) for one in invocation.services.figures.teacher_hours(_scope(invocation))]
    return Answer(
        {"total": len(items), "items": items},
        [f"{one['name']}\t{one['sessions']}\t{one['hours']}" for one in items],
    )


def _send(invocation: Invocation) -> Answer:
    given = invocation.arguments
    key = invocation.services.figures.send(given.kind, _scope(invocation), given.to)
    return Answer({"report": key}, [resources.text("cli.figures_sent", to=given.to)])


def _sent(invocation: Invocation) -> Answer:
    items = [asdict(one) for one in invocation.services.figures.sent()]
    lines = [f"{one['sent_on']}\t{one['sent_to']}\t{len(one['changes'])}" for one in items]
    return Answer({"total": len(items), "items": items}, lines)


def _new_year(invocation: Invocation) -> Answer:
    given, service = invocation.arguments, invocation.services.new_year
    found = service.preview(given.year)
    begun = service.begin(given.year) if given.begin else 0
    line = resources.text("cli.new_year", year=given.year, projects=len(found.projects), begun=begun)
    codes = [f"{one.last} → {one.following}" for one in found.codes]
    return Answer({**asdict(found), "begun": begun}, [line, *codes])


def _monday(invocation: Invocation) -> Answer:
    found = invocation.services.monday.page()
    return Answer(asdict(found), [f"{one.class_code}\t{one.days}" for one in found.stuck])


def _paper(invocation: Invocation) -> Answer:
    given, papers = invocation.arguments, invocation.services.figure_papers
    if given.kind == "monday":
        written = papers.monday(given.out)
    elif given.kind == "teacher-hours":
        written = papers.teacher_hours(_scope(invocation), given.out)
    else:
        written = papers.statistics(_scope(invocation), Dimension(given.by), given.out)
    line = resources.text("cli.paper_written", file=written.file, bytes=written.size)
    return Answer({"file": str(written.file), "bytes": written.size, "code": written.code}, [line])
