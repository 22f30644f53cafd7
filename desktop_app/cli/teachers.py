"""``teacher``: add, edit, prove a kind (R29), list."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.parser import Parsers, add_command, add_noun, assignment
from desktop_app.domain.errors import AppError
from desktop_app.domain.opening import PROOF_NEEDED, proof_kind
from desktop_app.services.evidence import Owner, Paper
from desktop_app.services.evidence_intake import read_file


def register(commands: Parsers) -> None:
    """Add ``teacher``."""
    verbs = add_noun(commands, "teacher")
    add = add_command(verbs, "add", "teacher_add", _add)
    edit = add_command(verbs, "edit", "teacher_edit", _edit)
    for verb in (add, edit):
        verb.add_argument("name", metavar="NAME")
        verb.add_argument("fields", type=assignment, nargs="*", metavar="FIELD=VALUE")
    prove = add_command(verbs, "prove", "teacher_prove", _prove)
    prove.add_argument("name", metavar="NAME")
    prove.add_argument("--quality", required=True, choices=PROOF_NEEDED)
    prove.add_argument("file", type=Path, metavar="FILE")
    prove.add_argument("--number", default="", metavar="TEXT")
    add_command(verbs, "list", "teacher_list", _list)


def _id(invocation: Invocation, name: str) -> bytes:
    """Return the key of the teacher of a name; AppError TEACHER_UNKNOWN."""
    for item in invocation.services.teachers.list_teachers():
        if item.name == name.strip():
            found: bytes = item.id
            return found
    raise AppError("TEACHER_UNKNOWN")


def _fields(pairs: list[tuple[str, str]]) -> dict[str, object]:
    fields: dict[str, object] = dict(pairs)
    if "qualities" in fields:
        fields["qualities"] = [code for code in str(fields["qualities"]).split(",") if code]
    return fields


def _add(invocation: Invocation) -> Answer:
    given = invocation.arguments
    made = invocation.services.teachers.add_teacher(given.name, _fields(given.fields))
    return Answer({"teacher": made}, [resources.text("cli.teacher_added", name=given.name.strip())])


def _edit(invocation: Invocation) -> Answer:
    given, fields = invocation.arguments, _fields(invocation.arguments.fields)
    invocation.services.teachers.edit_teacher(_id(invocation, given.name), fields)
    return Answer(
        {"changed": sorted(fields)}, [resources.text("cli.edited", fields="、".join(sorted(fields)))]
    )


def _prove(invocation: Invocation) -> Answer:
    given, services = invocation.arguments, invocation.services
    owner = Owner("teacher", _id(invocation, given.name))
    paper = Paper(proof_kind(given.quality), given.number)
    key = services.evidence.add(owner, paper, read_file(given.file), given.file.name)
    return Answer({"evidence": key}, [resources.text("cli.teacher_proved", name=given.name.strip())])


def _list(invocation: Invocation) -> Answer:
    items = [asdict(item) for item in invocation.services.teachers.list_teachers()]
    return Answer({"total": len(items), "items": items}, [item["name"] for item in items])
