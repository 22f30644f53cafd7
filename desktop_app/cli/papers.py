"""``paper``: one paper of a class as PDF or Excel; ``archive``: all of them as one PDF."""

from __future__ import annotations

from pathlib import Path

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.parser import Parsers, add_command


def register(commands: Parsers) -> None:
    """Add ``paper`` and ``archive``."""
    parser = add_command(commands, "paper", "paper", _paper)
    parser.add_argument("kind", metavar="KIND")
    parser.add_argument("--class", dest="class_code", required=True, metavar="CODE")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.pdf|FILE.xlsx")
    parser.add_argument("--purpose", default="", metavar="TEXT", help=resources.text("cli.help.purpose"))
    archive = add_command(commands, "archive", "archive", _archive)
    archive.add_argument("--class", dest="class_code", required=True, metavar="CODE")
    archive.add_argument("--out", type=Path, required=True, metavar="FILE.pdf")
    archive.add_argument("--purpose", default="", metavar="TEXT", help=resources.text("cli.help.purpose"))


def _archive(invocation: Invocation) -> Answer:
    given, services = invocation.arguments, invocation.services
    class_id = services.classes.class_by_code(given.class_code).id
    written = services.class_archive.write(class_id, given.out, given.purpose)
    data = {
        "file": str(written.file),
        "bytes": written.size,
        "pages": written.pages,
        "papers": list(written.papers),
        "missing_glyphs": list(written.missing_glyphs),
    }
    lines = [resources.text("cli.archive_written", file=written.file, pages=written.pages)]
    return Answer(data, [*lines, *(f"  {title}" for title in written.papers)])


def _paper(invocation: Invocation) -> Answer:
    given, services = invocation.arguments, invocation.services
    class_id = services.classes.class_by_code(given.class_code).id
    written = services.papers.write(given.kind, class_id, given.out, given.purpose)
    data = {
        "file": str(written.file),
        "bytes": written.size,
        "code": written.code,
        "missing_glyphs": list(written.missing_glyphs),
        "missing_in": list(written.missing_in),
    }
    lines = [resources.text("cli.paper_written", file=written.file, bytes=written.size)]
    if written.missing_glyphs:
        lines.append(resources.text("cli.glyphs_missing", glyphs="".join(written.missing_glyphs)))
        lines += [f"  {name}" for name in written.missing_in]
    return Answer(data, lines)
