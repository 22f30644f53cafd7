"""``init``: the first run."""

from __future__ import annotations

import os

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.parser import Parsers, add_command
from desktop_app.config import NEW_PASSWORD_VARIABLE, PASSWORD_VARIABLE
from desktop_app.services.profile import INSTITUTION_KINDS, NewInstitution


def register(commands: Parsers) -> None:
    """Add ``init``."""
    parser = add_command(commands, "init", "init", _init)
    parser.add_argument("--institution", required=True, metavar="NAME")
    parser.add_argument("--uscc", required=True, metavar="CODE")
    parser.add_argument("--region", required=True, metavar="CODE")
    parser.add_argument("--kind", required=True, choices=INSTITUTION_KINDS)
    parser.add_argument("--solo", action="store_true", help=resources.text("cli.help.solo"))
    parser.add_argument("--demo", action="store_true", help=resources.text("cli.help.demo"))


def _init(invocation: Invocation) -> Answer:
    given = invocation.arguments
    institution = NewInstitution(
        given.institution, given.uscc, given.region, given.kind, solo=given.solo, demo=given.demo
    )
    user = invocation.user
    chosen = os.environ.get(NEW_PASSWORD_VARIABLE) or os.environ.get(PASSWORD_VARIABLE)
    first = invocation.profile.set_up(institution, user, user, chosen or invocation.new_password())
    data = {"institution": first.institution, "device": first.device, "recovery_code": first.recovery_code}
    lines = [
        resources.text("cli.init_done", institution=given.institution.strip(), user=user),
        resources.text("cli.recovery_code", code=first.recovery_code),
    ]
    return Answer(data, lines)
