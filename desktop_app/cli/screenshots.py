"""``screenshots``: pictures of every page that a user sees, into a folder."""

from __future__ import annotations

from pathlib import Path

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.parser import Parsers, add_command


def register(commands: Parsers) -> None:
    """Add ``screenshots``."""
    parser = add_command(commands, "screenshots", "screenshots", _draw)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--pages", default="", metavar="PAGE,…", help=resources.text("cli.help.pages"))


def _draw(invocation: Invocation) -> Answer:
    folder = invocation.arguments.folder
    folder.mkdir(parents=True, exist_ok=True)
    pages = [name for name in invocation.arguments.pages.split(",") if name]
    password = invocation.password()
    count = invocation.opener.draw_window(invocation.profile, invocation.user, password, folder, pages)
    data = {"folder": str(folder), "pictures": count}
    return Answer(data, [resources.text("cli.drawn", folder=folder, count=count)])
