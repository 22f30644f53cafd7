"""``paper``: one paper of a class as PDF or Excel; ``archive``: all of them as one PDF."""

from __future__ import annotations

from pathlib import Path

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.parser import Parsers, add_command
from desktop_app.services.evidence_intake import read_file


def register(commands: Parsers) -> None:
    """Add ``paper``, ``letterhead`` and ``archive``."""
    parser = add_command(commands, "paper", "paper", _paper)
    parser.add_argument("kind", metavar="KIND")
    parser.add_argument("--class", dest="class_code", required=True, metavar="CODE")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.pdf|FILE.xlsx")
    parser.add_argument("--purpose", default="", metavar="TEXT", help=resources.text("cli.help.purpose"))
    letterhead = add_command(commands, "letterhead", "letterhead", _letterhead)
    letterhead.add_argument("--text", default="", metavar="TEXT")
    logo = letterhead.add_mutually_exclusive_group()
    logo.add_argument("--logo", type=Path, metavar="PICTURE")
    logo.add_argument("--no-logo", action="store_true", help=resources.text("cli.help.no_logo"))
    archive = add_command(commands, "archive", "archive", _archive)
    archive.add_argument("--class", dest="class_code", required=True, metavar="CODE")
    archive.add_argument("--out", type=Path, required=True, metavar="FILE.pdf")
    archive.add_argument("--purpose", default="", metavar="TEXT", help=resources.text("cli.help.purpose"))


def _letterhead(invocation: Invocation) -> Answer:
    given, service = invocation.arguments, invocation.services.letterheads
    logo = read_file(given.logo) if given.logo else b"" if given.no_logo else None
    service.change(given.text, logo)
    found = service.current()
    return Answer({"text": found.text, "logo_bytes": len(found.logo)}, [resources.text("cli.letterhead_set")])


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
