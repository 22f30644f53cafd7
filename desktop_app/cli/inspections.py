"""``inspection``: notes of 过程检查."""

from __future__ import annotations

from dataclasses import asdict

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.parser import Parsers, add_command, add_noun, iso_date
from desktop_app.cli.sessions import clock_time, find_session
from desktop_app.domain import ids
from desktop_app.domain.inspections import InspectionNote


def register(commands: Parsers) -> None:
    """Add ``inspection``."""
    verbs = add_noun(commands, "inspection")
    add = add_command(verbs, "add", "inspection_add", _add)
    add.add_argument("--class", dest="class_code", required=True, metavar="CODE")
    add.add_argument("--session", type=int, metavar="N")
    add.add_argument("--date", type=iso_date, required=True, metavar="DATE")
    add.add_argument("--time", type=clock_time, required=True, metavar="HH:MM")
    add.add_argument("--inspector", required=True, metavar="NAME")
    add.add_argument("--heads", type=int, required=True, metavar="N")
    add.add_argument("--findings", default="", metavar="TEXT")
    listed = add_command(verbs, "list", "inspection_list", _list)
    listed.add_argument("--class", dest="class_code", metavar="CODE")
    remove = add_command(verbs, "remove", "inspection_remove", _remove)
    remove.add_argument("inspection", metavar="ID")
    remove.add_argument("--reason", required=True, metavar="TEXT")


def _add(invocation: Invocation) -> Answer:
    given, services = invocation.arguments, invocation.services
    item = services.classes.class_by_code(given.class_code)
    session_id = None if given.session is None else find_session(invocation).id
    note = InspectionNote(given.date, given.time, given.inspector, given.heads, given.findings)
    key = services.inspections.record(item.id, note, session_id)
    made = next(one for one in services.inspections.list_inspections(item.id) if one.id == key)
    marked = "—" if made.marked is None else made.marked
    line = resources.text("cli.inspection_added", heads=made.head_count, marked=marked)
    data = {
        "inspection": key,
        "marked": made.marked,
        "expected": made.expected,
        "difference": made.difference,
    }
    return Answer(data, [line])


def _list(invocation: Invocation) -> Answer:
    given, services = invocation.arguments, invocation.services
    class_id = None if given.class_code is None else services.classes.class_by_code(given.class_code).id
    items = [
        asdict(one) | {"difference": one.difference}
        for one in services.inspections.list_inspections(class_id)
    ]
    lines = [
        "\t".join(str(one[name]) for name in ("id", "visited_on", "inspector", "head_count")) for one in items
    ]
    return Answer({"total": len(items), "items": items}, lines)


def _remove(invocation: Invocation) -> Answer:
    key = ids.from_text(invocation.arguments.inspection)
    invocation.services.inspections.remove(key, invocation.arguments.reason)
    return Answer({"inspection": key}, [resources.text("cli.inspection_removed")])
