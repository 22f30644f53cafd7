"""``form``: look at a form of somebody else, remember how it is filled, fill it, read its reply back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.parser import Parsers, add_command, add_noun
from desktop_app.domain.errors import AppError
from desktop_app.domain.foreign_forms import FormRules, read_rules
from desktop_app.domain.ids import from_text, to_text
from desktop_app.excel.foreign_forms import FormSheet
from desktop_app.excel.matching import SameNames
from desktop_app.excel.problems import Problem
from desktop_app.services.foreign_forms import FilledForm
from desktop_app.services.form_replies import ReplyPlan
from desktop_app.services.imports.plan import ImportResult, RowState, hint, message
from desktop_app.store.keys import write_atomically

_SHOWN = 50


def register(commands: Parsers) -> None:
    """Add ``form``."""
    verbs = add_noun(commands, "form")
    look = add_command(verbs, "look", "form_look", _look)
    look.add_argument("file", type=Path, metavar="FILE")
    look.add_argument("--sheet", metavar="NAME")
    look.add_argument("--out", type=Path, metavar="RULES.json", help=resources.text("cli.help.form_out"))
    learn = add_command(verbs, "learn", "form_learn", _learn)
    learn.add_argument("file", type=Path, metavar="FILE")
    learn.add_argument("--authority", required=True, metavar="NAME")
    learn.add_argument("--title", required=True, metavar="TEXT")
    learn.add_argument("--edition", default="", metavar="TEXT")
    learn.add_argument("--sheet", metavar="NAME")
    learn.add_argument("--rules", type=Path, metavar="RULES.json", help=resources.text("cli.help.form_rules"))
    fill = add_command(verbs, "fill", "form_fill", _fill)
    fill.add_argument("file", type=Path, metavar="FILE")
    fill.add_argument("--class", dest="class_codes", action="append", required=True, metavar="CODE")
    fill.add_argument("--out", type=Path, required=True, metavar="OUT.xlsx")
    fill.add_argument("--form", metavar="KEY", help=resources.text("cli.help.form_key"))
    fill.add_argument("--purpose", default="", metavar="TEXT", help=resources.text("cli.help.purpose"))
    back = add_command(verbs, "read-back", "form_read_back", _read_back)
    back.add_argument("file", type=Path, metavar="FILE")
    back.add_argument("--class", dest="class_code", required=True, metavar="CODE")
    back.add_argument("--form", metavar="KEY", help=resources.text("cli.help.form_key"))
    back.add_argument("--document", default="", metavar="TEXT", help=resources.text("cli.help.form_document"))
    answers = [SameNames.NUMBER.value, SameNames.SKIP.value]
    back.add_argument("--same-names", choices=answers, default=SameNames.ASK.value)
    back.add_argument("--dry-run", action="store_true", help=resources.text("cli.help.dry_run"))
    add_command(verbs, "list", "form_list", _list)
    forget = add_command(verbs, "forget", "form_forget", _forget)
    forget.add_argument("form", metavar="KEY")


def _look(invocation: Invocation) -> Answer:
    given = invocation.arguments
    looked = invocation.services.foreign_forms.look(given.file, given.sheet)
    if given.out is not None:
        _write(given.out, looked.rules.to_json())
    data = {
        "sheet": looked.name,
        "signature": looked.signature,
        "headings": dict(looked.headings),
        "rules": looked.rules.to_json(),
    }
    return Answer(data, list(_look_lines(looked)))


def _look_lines(looked: FormSheet) -> Iterator[str]:
    rules = looked.rules
    yield resources.text(
        "cli.form_looked", sheet=looked.name, row=rules.first_row, columns=len(rules.columns),
        cells=len(rules.cells), replies=len(rules.replies),
    )  # fmt: skip
    if rules.room is not None:
        yield resources.text("cli.form_room", room=rules.room)
    for letter, heading in looked.headings.items():
        name = rules.columns[letter].field if letter in rules.columns else rules.replies.get(letter)
        field = resources.text(f"forms.field.{name}" if name else "cli.form_not_filled")
        yield resources.text("cli.form_column", letter=letter, heading=heading, field=field)


def _learn(invocation: Invocation) -> Answer:
    given, forms = invocation.arguments, invocation.services.foreign_forms
    looked = forms.look(given.file, given.sheet)
    rules = looked.rules if given.rules is None else _read_rules(given.rules)
    key = forms.learn(looked, given.authority, given.title, given.edition, rules)
    words = {"authority": given.authority, "title": given.title, "version": given.edition}
    return Answer(
        {"form": to_text(key), "rules": rules.to_json()},
        [resources.text("cli.form_learned", **words).strip()],
    )


def _fill(invocation: Invocation) -> Answer:
    given = invocation.arguments
    key = from_text(given.form) if given.form else None
    filled = invocation.services.foreign_forms.fill(
        given.file, given.class_codes, given.out, key=key, purpose=given.purpose
    )
    data = {
        "form": to_text(filled.form.id),
        "files": [str(file) for file in filled.files],
        "people": filled.people,
        "blanks": {name: list(places) for name, places in filled.blanks_by_person().items()},
        "not_offered": [
            {"person": one.person, "column": one.place, "value": one.value} for one in filled.not_offered
        ],
        "formulas": list(filled.formulas),
        "photos": filled.photos,
    }
    return Answer(data, list(_fill_lines(filled)))


def _fill_lines(filled: FilledForm) -> Iterator[str]:
    files = "、".join(str(file) for file in filled.files)
    yield resources.text("cli.form_filled", people=filled.people, files=files)
    for name, places in list(filled.blanks_by_person().items())[:_SHOWN]:
        person = name or resources.text("forms.of_class")
        yield resources.text("cli.form_blank", person=person, places="、".join(places))
    for one in filled.not_offered[:_SHOWN]:
        yield resources.text("cli.form_not_offered", person=one.person, place=one.place, value=one.value)
    if filled.formulas:
        yield resources.text("cli.form_formulas", count=len(filled.formulas))
    if filled.photos:
        yield resources.text("cli.form_photos", count=filled.photos)


def _read_back(invocation: Invocation) -> Answer:
    given, replies = invocation.arguments, invocation.services.form_replies
    plan = replies.plan(
        given.file,
        given.class_code,
        key=from_text(given.form) if given.form else None,
        same_names=SameNames(given.same_names),
        document=given.document,
    )
    done = plan.imports if given.dry_run else replies.apply(plan)
    data: dict[str, Any] = {
        "form": to_text(plan.form.id),
        "applied": not given.dry_run,
        "later": [kind.value for kind in plan.later] if given.dry_run else [],
        "imports": {one.kind.value: ImportResult(one, applied=not given.dry_run).to_json() for one in done},
        "own": None if plan.own is None else {state.value: plan.own.count(state) for state in RowState},
        "problems": [] if plan.own is None else [_problem(one) for one in plan.own.problems],
    }
    lines = list(_own_lines(plan))
    for one in done:
        counts = {state.value: one.count(state) for state in RowState}
        key = "cli.import_planned" if given.dry_run else "cli.import_done"
        lines.append(resources.text(key, "zh", rows=len(one.rows), **counts))
        lines += [_problem_line(problem) for problem in one.problems[:_SHOWN]]
    if given.dry_run and plan.later:
        lines.append(resources.text("cli.form_later"))
    return Answer(data, lines)


def _own_lines(plan: ReplyPlan) -> Iterator[str]:
    if plan.own is not None:
        counts = {state.value: plan.own.count(state) for state in RowState}
        yield resources.text("cli.form_own", "zh", **counts)
        yield from (_problem_line(problem) for problem in plan.own.problems[:_SHOWN])


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "row": problem.row,
        "column": problem.column,
        "value": problem.value,
        "code": problem.code,
        "message": message(problem),
        "hint": hint(problem),
    }


def _problem_line(problem: Problem) -> str:
    place = f"{problem.column}{problem.row}" if problem.row else problem.column or problem.sheet
    severity = resources.text(f"excel.severity_{problem.severity.value}")
    return resources.text(
        "cli.import_problem", severity=severity, place=place, message=message(problem), hint=hint(problem)
    )


def _list(invocation: Invocation) -> Answer:
    found = invocation.services.foreign_forms.items()
    data = [
        {"form": to_text(one.id), "authority": one.authority, "title": one.title, "version": one.version}
        for one in found
    ]
    lines = [f"{one['form']}  {one['authority']}《{one['title']}》{one['version']}" for one in data]
    return Answer({"forms": data}, lines)


def _forget(invocation: Invocation) -> Answer:
    invocation.services.foreign_forms.forget(from_text(invocation.arguments.form))
    return Answer({"form": invocation.arguments.form}, [resources.text("cli.form_forgotten")])


def _read_rules(path: Path) -> FormRules:
    try:
        return read_rules(json.loads(path.read_text(encoding="utf-8-sig")))
    except FileNotFoundError as error:
        raise AppError("WORKBOOK_NOT_FOUND", file=path.name) from error
    except (OSError, ValueError) as error:
        raise AppError("FORM_RULES_INVALID", place=path.name) from error


def _write(path: Path, rules: dict[str, Any]) -> None:
    try:
        write_atomically(path, json.dumps(rules, ensure_ascii=False, indent=2).encode())
    except OSError as error:
        raise AppError("FILE_NOT_WRITABLE", file=path.name) from error
