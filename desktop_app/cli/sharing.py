"""``share``: entries to and from the other workstations of the institution, by relay, folder or file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.parser import Parsers, add_command
from desktop_app.domain import ids
from desktop_app.services.sharing import Shared


def register(commands: Parsers) -> None:
    """Add ``share``."""
    share = add_command(commands, "share", "share", _share)
    ways = share.add_mutually_exclusive_group()
    ways.add_argument("--folder", type=Path, metavar="DIR", help=resources.text("cli.help.share_folder"))
    ways.add_argument(
        "--export", type=Path, metavar="FILE", dest="out", help=resources.text("cli.help.share_export")
    )
    ways.add_argument(
        "--import", type=Path, metavar="FILE", dest="taken", help=resources.text("cli.help.share_import")
    )
    share.add_argument("--evidence", action="store_true", help=resources.text("cli.help.share_evidence"))
    share.add_argument("--for", metavar="ID", dest="device", help=resources.text("cli.help.share_for"))


def _share(invocation: Invocation) -> Answer:
    given = invocation.arguments
    sharing = invocation.opener.sharing(invocation.services)
    if given.out is not None:
        device = None if given.device is None else ids.from_text(given.device)
        written = sharing.export_file(given.out, device, with_files=given.evidence)
        data = {"file": str(given.out), "entries": written.entries, "bytes": written.bytes}
        line = resources.text(
            "cli.share_written", file=given.out, entries=written.entries, bytes=written.bytes
        )
        return Answer(data, [line])
    shared = sharing.share(given.folder) if given.taken is None else sharing.import_file(given.taken)
    data, lines = fields_of(shared), lines_of(shared)
    if given.evidence and given.taken is None:
        files = sharing.fetch_files(given.folder)
        data |= {"files_fetched": files.fetched, "files_missing": files.missing}
        lines.append(resources.text("cli.share_fetched", fetched=files.fetched, missing=files.missing))
    return Answer(data, lines)


def fields_of(shared: Shared) -> dict[str, Any]:
    """Return what ``--json`` prints of an exchange."""
    return {
        "sent": shared.sent,
        "received": shared.received,
        "waiting": shared.waiting,
        "conflicts": shared.conflicts,
        "problems": dict(shared.problems),
        "files_sent": shared.files_sent,
        "files_left": shared.files_left,
    }


def lines_of(shared: Shared) -> list[str]:
    """Return what is said of an exchange: what moved, and what could not be taken yet."""
    lines = [resources.text("cli.shared", sent=shared.sent, received=shared.received)]
    if shared.files_sent or shared.files_left:
        lines.append(resources.text("cli.share_files", sent=shared.files_sent, left=shared.files_left))
    if shared.waiting:
        lines.append(resources.text("cli.share_waiting", count=shared.waiting))
    if shared.conflicts:
        lines.append(resources.text("cli.share_conflicts", count=shared.conflicts))
    for code, count in sorted(shared.problems.items()):
        lines.append(resources.text("cli.share_problem", count=count, code=code))
    return lines
