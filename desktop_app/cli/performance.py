"""``performance``: 收支台账, 绩效总量, allocation and the annual report (五.二, R22–R24)."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.parser import Parser, Parsers, Run, add_command, add_noun, iso_date
from desktop_app.domain import ids
from desktop_app.domain.listings.figures import Performance
from desktop_app.domain.money import capital, format_fen
from desktop_app.domain.performance import (
    CostKind,
    IncomeKind,
    Money,
    Recipient,
    front_line_share,
    percent_text,
)


def register(commands: Parsers) -> None:
    """Add ``performance``."""
    verbs = add_noun(commands, "performance")
    _year(verbs, "show", "performance_show", _show)
    _year(verbs, "report", "performance_report", _report)
    _year(verbs, "lines", "performance_lines", _lines)
    for name, kinds in (("income", IncomeKind), ("cost", CostKind)):
        line = add_command(verbs, name, f"performance_{name}", _book)
        line.set_defaults(direction=name)
        line.add_argument("--class", dest="class_code", required=True, metavar="CODE")
        line.add_argument("--kind", choices=[one.value for one in kinds], required=True)
        line.add_argument("--fen", type=int, required=True, metavar="N")
        line.add_argument("--date", type=iso_date, metavar="DATE")
        line.add_argument("--document", default="", metavar="TEXT")
    remove = add_command(verbs, "remove", "performance_remove", _remove)
    remove.add_argument("direction", choices=["income", "cost"])
    remove.add_argument("line", metavar="ID")
    remove.add_argument("--reason", default="", metavar="TEXT")
    ratio = _year(verbs, "ratio", "performance_ratio", _ratio)
    ratio.add_argument("--ratio", type=int, required=True, metavar="N")
    ratio.add_argument("--document", default="", metavar="TEXT")
    approve = _year(verbs, "approve", "performance_approve", _approve)
    approve.add_argument("--fen", type=int, required=True, metavar="N")
    approve.add_argument("--date", type=iso_date, metavar="DATE")
    approve.add_argument("--document", default="", metavar="TEXT")
    allocate = _year(verbs, "allocate", "performance_allocate", _allocate)
    who = allocate.add_mutually_exclusive_group(required=True)
    who.add_argument("--teacher", metavar="NAME")
    who.add_argument("--account", metavar="NAME")
    allocate.add_argument("--fen", type=int, required=True, metavar="N")
    paper = _year(verbs, "paper", "performance_paper", _paper)
    paper.add_argument("kind", choices=["annual", "pool"])
    paper.add_argument("--out", type=Path, required=True, metavar="FILE")


def _year(verbs: Parsers, name: str, help_key: str, run: Run) -> Parser:
    parser = add_command(verbs, name, help_key, run)
    parser.add_argument("--year", type=int, required=True, metavar="YEAR")
    return parser


def told(found: Performance) -> dict[str, object]:
    """Return a year of 绩效 as JSON has it."""
    share = front_line_share(found.shares)
    return asdict(found) | {
        "available": found.available,
        "allocated": found.allocated,
        "approved": found.approved_fen is not None,
        "front_line_share": share,
        "capital": capital(found.available),
    }


def _show(invocation: Invocation) -> Answer:
    found = invocation.services.performance.overview(invocation.arguments.year)
    line = resources.text(
        "cli.performance_shown",
        year=found.year,
        income=format_fen(found.income),
        cost=format_fen(found.cost),
        pool=format_fen(found.available),
        allocated=format_fen(found.allocated),
        share=percent_text(front_line_share(found.shares)),
    )
    lines = [line] if found.approved_fen is not None else [line, resources.text("figures.pending_approval")]
    return Answer(told(found), lines)


def _report(invocation: Invocation) -> Answer:
    report = invocation.services.performance.annual_report(invocation.arguments.year)
    line = resources.text(
        "cli.performance_reported",
        year=report.year,
        until=report.until.isoformat(),
        trained=report.trained,
        people=report.people,
        passed=report.passed,
        certified=report.certified,
    )
    return Answer(asdict(report), [line])


def _lines(invocation: Invocation) -> Answer:
    items = [asdict(one) for one in invocation.services.performance.lines(invocation.arguments.year)]
    shown = ["\t".join((one["class_code"], one["direction"], format_fen(one["fen"]))) for one in items]
    return Answer({"total": len(items), "items": items}, shown)


def _book(invocation: Invocation) -> Answer:
    given, services = invocation.arguments, invocation.services
    class_id = services.classes.class_by_code(given.class_code).id
    money = Money(given.kind, given.fen, given.date or services.context.today(), given.document)
    service = services.performance
    book = service.add_income if given.direction == "income" else service.add_cost
    return Answer({"line": book(class_id, money)}, [resources.text("cli.ledger_booked")])


def _remove(invocation: Invocation) -> Answer:
    given = invocation.arguments
    key = ids.from_text(given.line)
    invocation.services.performance.remove_line(given.direction, key, given.reason)
    return Answer({"line": key}, [resources.text("cli.ledger_removed")])


def _ratio(invocation: Invocation) -> Answer:
    given = invocation.arguments
    invocation.services.performance.set_ratio(given.year, given.ratio, given.document)
    return Answer({"ratio": given.ratio}, [resources.text("cli.performance_ratio_set")])


def _approve(invocation: Invocation) -> Answer:
    given = invocation.arguments
    day = given.date or invocation.services.context.today()
    invocation.services.performance.record_approval(given.year, given.fen, day, given.document)
    return Answer({"approved_fen": given.fen}, [resources.text("cli.performance_approved")])


def _allocate(invocation: Invocation) -> Answer:
    given, services = invocation.arguments, invocation.services
    recipient = Recipient.TEACHER if given.teacher else Recipient.USER
    person = services.performance.recipient_named(given.year, recipient, given.teacher or given.account)
    services.performance.allocate(given.year, recipient, person, given.fen)
    return Answer({"fen": given.fen}, [resources.text("cli.performance_allocated")])


def _paper(invocation: Invocation) -> Answer:
    given = invocation.arguments
    written = invocation.services.figure_papers.performance(given.kind, given.year, given.out)
    line = resources.text("cli.paper_written", file=written.file, bytes=written.size)
    return Answer({"file": str(written.file), "bytes": written.size, "code": written.code}, [line])
