"""``project``: drafts, submission and versions of the institution's own projects; selection for a class."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.parser import Parsers, add_command, add_noun, assignment, iso_date
from desktop_app.domain.errors import AppError
from desktop_app.domain.projects import Affiliation, Level, Selection, state_word, track_word
from desktop_app.services.evidence import Owner, Paper
from desktop_app.services.evidence_intake import read_file
from desktop_app.services.project_standing import areas_of

LEVELS = {level.name.lower(): level for level in Level}
INTEGERS = frozenset({"hours", "fee_fen", "subsidy_fen"})


def register(commands: Parsers) -> None:
    """Add ``project``."""
    verbs = add_noun(commands, "project")
    create = add_command(verbs, "create", "project_create", _create)
    create.add_argument("--code", required=True)
    create.add_argument("--name", required=True)
    create.add_argument("fields", type=assignment, nargs="*", metavar="FIELD=VALUE")
    edit = add_command(verbs, "edit", "project_edit", _edit)
    edit.add_argument("code", metavar="CODE")
    edit.add_argument("fields", type=assignment, nargs="+", metavar="FIELD=VALUE")
    ground = add_command(verbs, "ground", "project_ground", _ground)
    ground.add_argument("code", metavar="CODE")
    ground.add_argument("--enterprise", metavar="TEXT")
    ground.add_argument("--planned-on", type=iso_date, metavar="DATE")
    ground.add_argument("--survey", type=Path, nargs="*", metavar="FILE")
    ground.add_argument("--minutes", type=Path, nargs="*", metavar="FILE")
    ground.add_argument("--signed", action="store_true")
    submit = add_command(verbs, "submit", "project_submit", _submit)
    submit.add_argument("code", metavar="CODE")
    submit.add_argument("--level", required=True, choices=sorted(LEVELS))
    withdraw = add_command(verbs, "withdraw", "project_withdraw", _withdraw)
    withdraw.add_argument("code", metavar="CODE")
    withdraw.add_argument("--reason", required=True, metavar="TEXT")
    add_command(verbs, "new-version", "project_new_version", _new_version).add_argument(
        "code", metavar="CODE"
    )
    show = add_command(verbs, "show", "project_show", _show)
    show.add_argument("code", metavar="CODE", nargs="?")
    show.add_argument("--class", dest="class_code", metavar="CODE")
    catalogue = add_command(verbs, "catalogue", "project_catalogue", _catalogue)
    catalogue.add_argument("--out", type=Path, metavar="FILE")
    select = add_command(verbs, "select", "project_select", _select)
    select.add_argument("--class", dest="class_code", required=True, metavar="CODE")
    for option in ("--department", "--document", "--fund"):
        select.add_argument(option, required=True, metavar="TEXT")
    select.add_argument("--on", type=iso_date, metavar="DATE")
    affiliation = add_command(verbs, "affiliation", "project_affiliation", _affiliation)
    affiliation.add_argument("affiliation", choices=[one.value for one in Affiliation])


def _id(invocation: Invocation, code: str) -> bytes:
    for item in invocation.services.projects.list_projects():
        if item.code == code.strip():
            return item.id
    raise AppError("PROJECT_UNKNOWN", code=code)


def _fields(pairs: list[tuple[str, str]]) -> dict[str, object]:
    fields: dict[str, object] = {}
    for name, value in pairs:
        if name in INTEGERS and value:
            if not value.isdecimal():
                raise AppError("NUMBER_WANTED", field=name, value=value[:20])
            fields[name] = int(value)
        else:
            fields[name] = value or None
    return fields


def _create(invocation: Invocation) -> Answer:
    given = invocation.arguments
    made = invocation.services.projects.create_project(given.code, given.name, _fields(given.fields))
    return Answer(
        {"project": made, "code": given.code.strip()},
        [resources.text("cli.project_created", code=given.code)],
    )


def _edit(invocation: Invocation) -> Answer:
    given = invocation.arguments
    fields = _fields(given.fields)
    invocation.services.projects.edit_project(_id(invocation, given.code), fields)
    return Answer(
        {"changed": sorted(fields)}, [resources.text("cli.edited", fields="、".join(sorted(fields)))]
    )


def _ground(invocation: Invocation) -> Answer:
    given = invocation.arguments
    project_id = _id(invocation, given.code)
    fields: dict[str, Any] = {
        "enterprise": given.enterprise,
        "planned_on": given.planned_on,
        "survey_files": _kept(invocation, project_id, "survey", given.survey),
        "minutes_files": _kept(invocation, project_id, "project_plan", given.minutes),
        "signed": True if given.signed else None,
    }
    said = {name: value for name, value in fields.items() if value is not None}
    invocation.services.projects.edit_project(project_id, said)
    return Answer({"changed": sorted(said)}, [resources.text("cli.edited", fields="、".join(sorted(said)))])


def _kept(invocation: Invocation, project_id: bytes, kind: str, files: list[Path] | None) -> list[str] | None:
    """Keep files as the project's evidence and return their keys; None where none were named."""
    if files is None:
        return None
    owner, evidence = Owner("project", project_id), invocation.services.evidence
    return [evidence.add(owner, Paper(kind), read_file(file), file.name).hex() for file in files]


def _submit(invocation: Invocation) -> Answer:
    given = invocation.arguments
    path = invocation.services.projects.submit_project(_id(invocation, given.code), LEVELS[given.level])
    stages = [{"level": stage.level.name.lower(), "area": stage.area} for stage in path]
    return Answer(
        {"path": stages}, [resources.text("cli.project_submitted", code=given.code, count=len(stages))]
    )


def _withdraw(invocation: Invocation) -> Answer:
    given = invocation.arguments
    invocation.services.projects.withdraw_project(_id(invocation, given.code), given.reason)
    return Answer({"code": given.code}, [resources.text("cli.project_withdrawn", code=given.code)])


def _new_version(invocation: Invocation) -> Answer:
    given = invocation.arguments
    version = invocation.services.projects.new_version(_id(invocation, given.code))
    return Answer(
        {"version": version}, [resources.text("cli.project_version", code=given.code, version=version)]
    )


def _show(invocation: Invocation) -> Answer:
    given = invocation.arguments
    if given.class_code:
        return _show_entry(invocation, given.class_code)
    details = invocation.services.projects.details(_id(invocation, given.code or ""))
    standings = [
        {
            "track": one.track.value,
            "state": one.state.value,
            "pending": one.pending.level.name.lower() if one.pending else None,
            "areas": one.areas,
            "reason": one.reason,
        }
        for one in details.standings
    ]
    history = [
        {
            "track": step.track.value,
            "submission": step.submission,
            "level": step.level.name.lower(),
            "area": step.area,
            "answer": step.answer.value,
            "on": step.on,
            "reason": step.reason,
            "document": step.document,
        }
        for step in details.history
    ]
    data = {
        "code": details.item.code,
        "version": details.item.version,
        "submission": details.submission,
        "standings": standings,
        "history": history,
        "versions": details.versions,
        "passed_version": details.passed_version,
        "areas": areas_of(details),
        "selected": [asdict(one) for one in details.selections],
        "lacking": details.lacking,
    }
    lines = [
        resources.text(
            "cli.project_standing",
            track=resources.text(track_word(one.track)),
            state=resources.text(state_word(one.state)),
        )
        for one in details.standings
    ]
    return Answer(data, lines)


def _show_entry(invocation: Invocation, class_code: str) -> Answer:
    """Say what the catalogue says for a class: the version that it opened on (R09)."""
    item = invocation.services.classes.class_by_code(class_code)
    version, entry = invocation.services.projects.entry_of_class(item.id)
    lines = [resources.text("cli.project_entry", code=class_code, version=version)]
    return Answer({"class": class_code, "version": version, "entry": entry}, lines)


def _catalogue(invocation: Invocation) -> Answer:
    """List what 项目目录表 holds, and print it where ``--out`` names a file."""
    out = invocation.arguments.out
    if out is not None:
        invocation.services.list_papers.catalogue(out)
    found = [asdict(line) for line in invocation.services.projects.catalogue()]
    return Answer(
        {"total": len(found), "items": found}, [f"{line['code']}  {line['name'] or ''}" for line in found]
    )


def _select(invocation: Invocation) -> Answer:
    given = invocation.arguments
    item = invocation.services.classes.class_by_code(given.class_code)
    on: date = given.on or invocation.services.context.today()
    chosen = Selection(given.department, given.document, given.fund, on)
    invocation.services.projects.select_for_class(item.id, chosen)
    return Answer({"class": item.id}, [resources.text("cli.project_selected", code=item.code)])


def _affiliation(invocation: Invocation) -> Answer:
    invocation.services.projects.set_affiliation(invocation.arguments.affiliation)
    return Answer({"affiliation": invocation.arguments.affiliation}, [resources.text("cli.affiliation_set")])
