"""``class create``, and the verbs of its life (``cli/class_steps.py``)."""

from __future__ import annotations

import resources
from desktop_app.cli import class_steps
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.output import describe
from desktop_app.cli.parser import Parsers, add_command, add_noun, iso_date
from desktop_app.domain.errors import AppError


def register(commands: Parsers) -> None:
    """Add ``class``."""
    verbs = add_noun(commands, "class")
    class_steps.register(verbs)
    create = add_command(verbs, "create", "class_create", _create)
    create.add_argument("--code", required=True)
    create.add_argument("--project", metavar="CODE")
    create.add_argument("--start", type=iso_date, metavar="DATE")
    create.add_argument("--end", type=iso_date, metavar="DATE")
    create.add_argument("--adviser", metavar="NAME")


def _create(invocation: Invocation) -> Answer:
    given = invocation.arguments
    class_id = invocation.services.classes.create_class(
        given.code, project_code=given.project, start_on=given.start, end_on=given.end, adviser=given.adviser
    )
    warnings = [] if given.project else [describe(AppError("CLASS_WITHOUT_PROJECT"))]
    lines = [resources.text("cli.class_created", code=given.code.strip())]
    lines += [f"{one['message']} {one['hint']}" for one in warnings]
    return Answer({"class": class_id, "code": given.code.strip(), "warnings": warnings}, lines)
