"""``list``: what there is, as the acting user may see it; personal data masked."""

from __future__ import annotations

from desktop_app.cli import lists_journal, lists_people, lists_reporting, lists_results, lists_training
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.lists import Lister
from desktop_app.cli.output import table
from desktop_app.cli.parser import Parsers, add_command
from desktop_app.cli.supervision import risk_items

LISTS: dict[str, Lister] = {
    **lists_people.LISTS,
    **lists_training.LISTS,
    **lists_results.LISTS,
    **lists_journal.LISTS,
    **lists_reporting.LISTS,
    "risks": Lister(risk_items, ("kind", "class", "blocks", "decision", "id")),
}


def register(commands: Parsers) -> None:
    """Add ``list``."""
    parser = add_command(commands, "list", "list", _list)
    parser.add_argument("noun", choices=sorted(LISTS))
    parser.add_argument("--class", dest="class_code", metavar="CODE")


def _list(invocation: Invocation) -> Answer:
    lister = LISTS[invocation.arguments.noun]
    items = lister.items(invocation)
    return Answer({"total": len(items), "items": items}, table(items, lister.columns))
