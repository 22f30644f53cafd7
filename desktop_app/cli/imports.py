"""``import``: the six workbooks, dry run or for good."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.parser import Parser, Parsers, add_command, add_noun, iso_date
from desktop_app.domain.assessments import AssessmentKind
from desktop_app.excel.column_names import WorkbookKind
from desktop_app.excel.matching import SameNames
from desktop_app.services.imports.plan import (
    BlankMeaning,
    ImportOptions,
    ImportPlan,
    ImportResult,
    RowState,
    hint,
    message,
)

_ABOUT_PEOPLE = (
    WorkbookKind.ATTENDANCE,
    WorkbookKind.SCORES,
    WorkbookKind.CERTIFICATES,
    WorkbookKind.EMPLOYMENT,
)
_SHOWN = 50


def register(commands: Parsers) -> None:
    """Add ``import``."""
    kinds = add_noun(commands, "import")
    for kind in WorkbookKind:
        parser = add_command(kinds, kind.value, f"import_{kind.value}", _import)
        parser.set_defaults(workbook=kind)
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--class", dest="class_code", metavar="CODE", required=kind is not WorkbookKind.ROSTER
        )
        parser.add_argument("--dry-run", action="store_true", help=resources.text("cli.help.dry_run"))
        parser.add_argument("--errors", type=Path, metavar="OUT.xlsx", help=resources.text("cli.help.errors"))
        _add_answers(parser, kind)


def _add_answers(parser: Parser, kind: WorkbookKind) -> None:
    if kind in _ABOUT_PEOPLE:
        answers = [SameNames.NUMBER.value, SameNames.SKIP.value]
        parser.add_argument("--same-names", choices=answers, default=SameNames.ASK.value)
    if kind in {WorkbookKind.ATTENDANCE, WorkbookKind.SCORES}:
        meanings = [one.value for one in BlankMeaning if one is not BlankMeaning.ASK]
        parser.add_argument("--blank", choices=meanings, default=BlankMeaning.ASK.value)
    if kind is WorkbookKind.ATTENDANCE:
        parser.add_argument("--reason", default="", metavar="TEXT")
    if kind is WorkbookKind.SCORES:
        kinds = [AssessmentKind.LEVEL.value, AssessmentKind.COMPLETION.value]
        parser.add_argument("--kind", choices=kinds, default=AssessmentKind.LEVEL.value)
        parser.add_argument("--date", type=iso_date, metavar="DATE")
        parser.add_argument("--organisation", metavar="NAME")


def _import(invocation: Invocation) -> Answer:
    given = invocation.arguments
    options = ImportOptions(
        same_names=SameNames(getattr(given, "same_names", SameNames.ASK)),
        blank=BlankMeaning(getattr(given, "blank", BlankMeaning.ASK)),
        kind=AssessmentKind(getattr(given, "kind", AssessmentKind.LEVEL)),
        held_on=getattr(given, "date", None),
        organisation=getattr(given, "organisation", None),
        reason=getattr(given, "reason", ""),
    )
    imports = invocation.services.imports
    plan = imports.plan(given.workbook, given.file, given.class_code, options)
    if given.errors is not None:
        imports.write_errors(plan, given.errors)
    result = ImportResult(plan, applied=False) if given.dry_run else imports.apply(plan)
    return Answer(result.to_json(), list(_lines(plan, applied=result.applied)))


def _lines(plan: ImportPlan, *, applied: bool) -> Iterator[str]:
    counts = {state.value: plan.count(state) for state in RowState}
    key = "cli.import_done" if applied else "cli.import_planned"
    yield resources.text(key, "zh", rows=len(plan.rows), **counts)
    yield from _facts(plan)
    for problem in plan.problems[:_SHOWN]:
        place = f"{problem.column}{problem.row}" if problem.row else problem.column or problem.sheet
        severity = resources.text(f"excel.severity_{problem.severity.value}")
        yield resources.text(
            "cli.import_problem",
            severity=severity,
            place=place,
            message=message(problem),
            hint=hint(problem),
        )
    if len(plan.problems) > _SHOWN:
        yield resources.text("cli.import_more", count=len(plan.problems) - _SHOWN)


def _facts(plan: ImportPlan) -> Iterator[str]:
    """Say what the dry run took for granted."""
    facts = plan.facts
    if facts.creates_class:
        yield resources.text("cli.import_creates_class", code=plan.class_code)
    if facts.enrolled_from is not None:
        source = resources.text(f"import.enrolled_from.{facts.enrolled_from.value}")
        day = facts.enrolled_on.isoformat() if facts.enrolled_on else ""
        yield resources.text("cli.import_enrolled_on", date=day, source=source)
    if facts.blanks and facts.blank is not None:
        meaning = resources.text(f"import.blank.{facts.blank.value}")
        yield resources.text("cli.import_blanks", count=facts.blanks, meaning=meaning)
    if facts.stated is not None:
        yield resources.text("cli.import_totals", stated=facts.stated, counted=facts.counted)
    if facts.held_on is not None:
        organisation = facts.organisation or resources.text("import.organisation_unknown")
        yield resources.text("cli.import_assessment", date=facts.held_on, organisation=organisation)
    if plan.normalised:
        yield resources.text("cli.import_normalised", count=len(plan.normalised))
