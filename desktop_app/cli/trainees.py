"""``trainee edit`` and ``search``."""

from __future__ import annotations

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.lists_people import TRAINEE_COLUMNS, trainee_item
from desktop_app.cli.output import table
from desktop_app.cli.parser import Parsers, add_command, add_noun, assignment
from desktop_app.domain import ids


def register(commands: Parsers) -> None:
    """Add ``trainee`` and ``search``."""
    edit = add_command(add_noun(commands, "trainee"), "edit", "trainee_edit", _edit)
    edit.add_argument("id", metavar="ID")
    edit.add_argument("fields", type=assignment, nargs="+", metavar="FIELD=VALUE")
    edit.add_argument("--reason", default="", metavar="TEXT")
    search = add_command(commands, "search", "search", _search)
    search.add_argument("text", metavar="TEXT")


def _edit(invocation: Invocation) -> Answer:
    given = invocation.arguments
    trainee_id = ids.from_text(given.id)
    fields = dict(given.fields)
    invocation.services.trainees.edit(trainee_id, fields, given.reason)
    names = "、".join(fields)
    return Answer(
        {"trainee": trainee_id, "changed": sorted(fields)}, [resources.text("cli.edited", fields=names)]
    )


def _search(invocation: Invocation) -> Answer:
    found = [
        trainee_item(item) for item in invocation.services.trainees.list_trainees(invocation.arguments.text)
    ]
    return Answer({"total": len(found), "items": found}, table(found, TRAINEE_COLUMNS))
