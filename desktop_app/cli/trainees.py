"""``trainee`` and ``search``."""

from __future__ import annotations

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.lists_people import TRAINEE_COLUMNS, trainee_item
from desktop_app.cli.output import table
from desktop_app.cli.parser import Parsers, add_command, add_noun, assignment
from desktop_app.domain import ids

HISTORY_COLUMNS = ("name", "document_number", "changed_on", "kind")


def register(commands: Parsers) -> None:
    """Add ``trainee`` and ``search``."""
    verbs = add_noun(commands, "trainee")
    edit = add_command(verbs, "edit", "trainee_edit", _edit)
    edit.add_argument("id", metavar="ID")
    edit.add_argument("fields", type=assignment, nargs="+", metavar="FIELD=VALUE")
    edit.add_argument("--reason", default="", metavar="TEXT")
    facts = add_command(verbs, "facts", "trainee_facts", _facts)
    facts.add_argument("id", metavar="ID")
    facts.add_argument("fields", type=assignment, nargs="+", metavar="FIELD=VALUE")
    rename = add_command(verbs, "rename", "trainee_rename", _rename)
    rename.add_argument("id", metavar="ID")
    rename.add_argument("fields", type=assignment, nargs="+", metavar="FIELD=VALUE")
    rename.add_argument("--scan", required=True, metavar="ID")
    rename.add_argument("--reason", default="", metavar="TEXT")
    add_command(verbs, "history", "trainee_history", _history).add_argument("id", metavar="ID")
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


def _facts(invocation: Invocation) -> Answer:
    given = invocation.arguments
    invocation.services.qualification.set_circumstances(ids.from_text(given.id), dict(given.fields))
    return Answer({"changed": sorted(dict(given.fields))}, [resources.text("cli.facts_recorded")])


def _rename(invocation: Invocation) -> Answer:
    given = invocation.arguments
    fields, scan = dict(given.fields), ids.from_text(given.scan)
    change = invocation.services.identities.correct(ids.from_text(given.id), fields, scan, given.reason)
    redo = [
        {"kind": kind, "what": what, "message": resources.text(f"redo.{kind}", what=what)}
        for kind, what in change.redo
    ]
    lines = [resources.text("cli.identity_changed", count=len(redo)), *(one["message"] for one in redo)]
    return Answer({"redo": redo}, lines)


def _history(invocation: Invocation) -> Answer:
    found = [
        {
            "name": one.name,
            "document_type": one.document_type,
            "document_number": one.document_number,
            "changed_on": one.changed_on,
            "kind": one.kind,
            "scan": one.attachment_id,
        }
        for one in invocation.services.identities.former(ids.from_text(invocation.arguments.id))
    ]
    return Answer({"total": len(found), "items": found}, table(found, HISTORY_COLUMNS))


def _search(invocation: Invocation) -> Answer:
    found = [
        trainee_item(item) for item in invocation.services.trainees.list_trainees(invocation.arguments.text)
    ]
    return Answer({"total": len(found), "items": found}, table(found, TRAINEE_COLUMNS))
