"""``backup`` and ``restore``."""

from __future__ import annotations

from pathlib import Path

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.parser import Parsers, add_command
from desktop_app.services import backup


def register(commands: Parsers) -> None:
    """Add both commands."""
    written = add_command(commands, "backup", "backup", _backup)
    written.add_argument("file", type=Path, metavar="FILE")
    restored = add_command(commands, "restore", "restore", _restore)
    restored.add_argument("file", type=Path, metavar="FILE")
    restored.add_argument("--code", metavar="CODE", help=resources.text("cli.help.restore_code"))


def _backup(invocation: Invocation) -> Answer:
    written = invocation.services.backup.write(invocation.arguments.file)
    data = {"file": str(written.file), "bytes": written.size}
    return Answer(data, [resources.text("cli.backup_written", file=written.file, bytes=written.size)])


def _restore(invocation: Invocation) -> Answer:
    given, user = invocation.arguments, invocation.user
    if given.code:
        password = invocation.new_password()
        back = backup.restore_with_code(invocation.profile, given.file, user, given.code, password)
    else:
        back = backup.restore(invocation.profile, given.file, user, invocation.password())
    data = {
        "file": str(back.file),
        "created_at": back.created_at,
        "set_aside": None if back.set_aside is None else str(back.set_aside),
    }
    lines = [resources.text("cli.restored", file=back.file, time=f"{back.created_at:%Y-%m-%d %H:%M} UTC")]
    if back.set_aside is not None:
        lines.append(resources.text("cli.set_aside", folder=back.set_aside))
    return Answer(data, lines)
