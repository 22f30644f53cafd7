"""``stamped``: register the scan of a stamped paper, list the copies of a class and what differs, write 更正表."""

from __future__ import annotations

from pathlib import Path

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.parser import Parsers, add_command, add_noun
from desktop_app.services.evidence_intake import read_file
from desktop_app.services.stamped_papers import described


def register(commands: Parsers) -> None:
    """Add ``stamped``."""
    verbs = add_noun(commands, "stamped")
    take = add_command(verbs, "register", "stamped_register", _register)
    take.add_argument("file", type=Path, metavar="FILE")
    listed = add_command(verbs, "list", "stamped_list", _list)
    corrections = add_command(verbs, "corrections", "stamped_corrections", _corrections)
    corrections.add_argument("kind", metavar="KIND")
    corrections.add_argument("--out", type=Path, required=True, metavar="FILE.pdf|FILE.xlsx")
    corrections.add_argument("--purpose", default="", metavar="TEXT", help=resources.text("cli.help.purpose"))
    for parser in (take, listed, corrections):
        parser.add_argument("--class", dest="class_code", required=True, metavar="CODE")


def _class_id(invocation: Invocation) -> bytes:
    return invocation.services.classes.class_by_code(invocation.arguments.class_code).id


def _register(invocation: Invocation) -> Answer:
    path: Path = invocation.arguments.file
    service = invocation.services.stamped_papers
    found = service.register(_class_id(invocation), read_file(path), path.name)
    data = {
        "kind": found.kind,
        "class": found.class_code,
        "printed_at": found.printed_at,
        "fits": found.fits,
    }
    paper = resources.text(f"papers.title.{found.kind}")
    lines = [resources.text("cli.stamped_registered", paper=paper, class_code=found.class_code)]
    if not found.fits:
        lines.append(resources.text("cli.stamped_unknown", paper=paper))
    return Answer(data, lines)


def _list(invocation: Invocation) -> Answer:
    items, lines = [], []
    for one in invocation.services.stamped_papers.of_class(_class_id(invocation)):
        paper = resources.text(f"papers.title.{one.kind}")
        told = None if one.differences is None else [described(found) for found in one.differences]
        names = ("subject", "field", "before", "after")
        differing = None if told is None else [dict(zip(names, found, strict=True)) for found in told]
        items.append(
            {"kind": one.kind, "code": one.content_code, "file": one.file_name, "differences": differing}
        )
        key = "cli.stamped_unknown" if told is None else "stamped.differs" if told else "cli.stamped_fits"
        lines.append(resources.text(key, paper=paper, count=len(told or ())))
        lines += [f"  {subject}\t{field}\t{before} → {after}" for subject, field, before, after in told or ()]
    return Answer({"total": len(items), "items": items}, lines)


def _corrections(invocation: Invocation) -> Answer:
    given = invocation.arguments
    written = invocation.services.stamped_papers.corrections(
        _class_id(invocation), given.kind, given.out, given.purpose
    )
    line = resources.text("cli.paper_written", file=written.file, bytes=written.size)
    return Answer({"file": str(written.file), "bytes": written.size}, [line])
