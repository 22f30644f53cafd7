"""``device invite``, ``join``, ``revoke``: workstations of the institution."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.parser import Parsers, add_command, add_noun
from desktop_app.config import NEW_PASSWORD_VARIABLE, PASSWORD_VARIABLE
from desktop_app.domain import ids
from desktop_app.domain.clock import SHANGHAI


def register(commands: Parsers) -> None:
    """Add ``device``."""
    verbs = add_noun(commands, "device")
    invite = add_command(verbs, "invite", "device_invite", _invite)
    join = add_command(verbs, "join", "device_join", _join)
    join.add_argument("--code", required=True, metavar="CODE")
    for parser in (invite, join):
        parser.add_argument("--relay", metavar="URL", help=resources.text("cli.help.device_relay"))
        parser.add_argument("--file", type=Path, metavar="FILE", help=resources.text("cli.help.device_file"))
    add_command(verbs, "revoke", "device_revoke", _revoke).add_argument("id", metavar="ID")


def _invite(invocation: Invocation) -> Answer:
    given = invocation.arguments
    membership = invocation.opener.membership(invocation.services)
    made = membership.invite(given.relay, given.file)
    until = datetime.fromtimestamp(made.expires_ms / 1000, UTC)
    told = until.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    data = {
        "code": made.code,
        "expires_at": until.isoformat(timespec="seconds"),
        "file": None if given.file is None else str(given.file),
    }
    return Answer(data, [resources.text("cli.invited", code=made.code, until=told)])


def _join(invocation: Invocation) -> Answer:
    given = invocation.arguments
    user = invocation.user
    chosen = os.environ.get(NEW_PASSWORD_VARIABLE) or os.environ.get(PASSWORD_VARIABLE)
    joining = invocation.opener.joining(invocation.profile)
    made = joining.join(
        user, chosen or invocation.new_password(), given.code, relay=given.relay, file=given.file
    )
    data = {
        "institution": made.institution,
        "device": made.device,
        "entries": made.entries,
        "recovery_code": made.recovery_code,
    }
    lines = [
        resources.text("cli.device_joined", institution=made.institution, count=made.entries, user=user),
        resources.text("cli.recovery_code", code=made.recovery_code),
    ]
    return Answer(data, lines)


def _revoke(invocation: Invocation) -> Answer:
    device = ids.from_text(invocation.arguments.id)
    told = invocation.opener.membership(invocation.services).revoke(device)
    key = "cli.device_revoked" if told else "cli.device_revoked_here"
    return Answer({"device": device, "relay_told": told}, [resources.text(key)])
