"""``certificate edit``: a number that was entered wrongly."""

from __future__ import annotations

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.parser import Parsers, add_command, add_noun, assignment
from desktop_app.domain import ids
from desktop_app.domain.errors import AppError
from desktop_app.domain.records import CERTIFICATE


def register(commands: Parsers) -> None:
    """Add ``certificate``."""
    edit = add_command(add_noun(commands, "certificate"), "edit", "certificate_edit", _edit)
    edit.add_argument("id", metavar="ID")
    edit.add_argument("fields", type=assignment, nargs="+", metavar="number=VALUE")
    edit.add_argument("--reason", default="", metavar="TEXT")


def _edit(invocation: Invocation) -> Answer:
    given = invocation.arguments
    key = ids.from_text(given.id, CERTIFICATE.key_size)
    assessment_id, trainee_id = key[: ids.ID_BYTES], key[ids.ID_BYTES : 2 * ids.ID_BYTES]
    fields = dict(given.fields)
    for name in fields:
        if name != "number":
            raise AppError("FIELD_UNKNOWN", field=name)
    service = invocation.services.certificates
    service.correct_number(assessment_id, trainee_id, fields["number"], given.reason)
    return Answer(
        {"certificate": key, "changed": ["number"]}, [resources.text("cli.edited", fields="number")]
    )
