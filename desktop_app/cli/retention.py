"""``retention`` and ``person``: how long people are kept, erasure, and a person's copy (requirements §9)."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.parser import Parsers, Run, add_command, add_noun
from desktop_app.domain import ids


def register(commands: Parsers) -> None:
    """Add ``retention`` and ``person``."""
    verbs = add_noun(commands, "retention")
    add_command(verbs, "list", "retention_list", _list)
    add_command(verbs, "propose", "retention_propose", _propose)
    _one(verbs, "confirm", "retention_confirm", _confirm)
    keep = add_command(verbs, "keep", "retention_keep", _keep)
    keep.add_argument("trainee", metavar="ID")
    keep.add_argument("--reason", default="", metavar="TEXT")
    for name, run in (("hold", _hold), ("release", _release)):
        audit = add_command(verbs, name, f"retention_{name}", run)
        audit.add_argument("trainees", nargs="*", metavar="ID")
        audit.add_argument("--class", dest="class_code", metavar="CODE")
        audit.add_argument("--reason", default="", metavar="TEXT")
    certificate = add_command(verbs, "certificate", "retention_certificate", _certificate)
    certificate.add_argument("trainee", metavar="ID")
    certificate.add_argument("--out", type=Path, required=True, metavar="FILE.pdf")
    rights = add_noun(commands, "person")
    copy = add_command(rights, "export", "person_export", _export)
    copy.add_argument("trainee", metavar="ID")
    copy.add_argument("--out", type=Path, required=True, metavar="FILE.pdf|FILE.xlsx")
    copy.add_argument("--purpose", default="", metavar="TEXT")


def _one(verbs: Parsers, name: str, help_key: str, run: Run) -> None:
    add_command(verbs, name, help_key, run).add_argument("trainee", metavar="ID")


def _list(invocation: Invocation) -> Answer:
    items = [asdict(one) for one in invocation.services.retention.list_people()]
    lines = ["\t".join((one["name"], one["document_number"], one["state"] or "")) for one in items]
    return Answer({"total": len(items), "items": items}, lines)


def _propose(invocation: Invocation) -> Answer:
    count = invocation.services.retention.propose()
    return Answer({"proposed": count}, [resources.text("cli.retention_proposed", count=count)])


def _confirm(invocation: Invocation) -> Answer:
    number = invocation.services.retention.confirm(ids.from_text(invocation.arguments.trainee))
    return Answer({"certificate": number}, [resources.text("cli.retention_confirmed", number=number)])


def _keep(invocation: Invocation) -> Answer:
    key = ids.from_text(invocation.arguments.trainee)
    invocation.services.retention.keep(key, invocation.arguments.reason)
    return Answer({"trainee": key}, [resources.text("cli.retention_kept")])


def _hold(invocation: Invocation) -> Answer:
    count = invocation.services.retention.hold(_audited(invocation), invocation.arguments.reason)
    return Answer({"held": count}, [resources.text("cli.retention_held", count=count)])


def _release(invocation: Invocation) -> Answer:
    count = invocation.services.retention.release(_audited(invocation), invocation.arguments.reason)
    return Answer({"released": count}, [resources.text("cli.retention_released", count=count)])


def _audited(invocation: Invocation) -> list[bytes]:
    """Return the people named, and those of the class that is named."""
    given, classes = invocation.arguments, invocation.services.classes
    found = [ids.from_text(one) for one in given.trainees]
    if given.class_code:
        found += [one.trainee_id for one in classes.list_members(classes.class_by_code(given.class_code).id)]
    return found


def _certificate(invocation: Invocation) -> Answer:
    given = invocation.arguments
    written = invocation.services.retention.write_certificate(ids.from_text(given.trainee), given.out)
    line = resources.text("cli.paper_written", file=written.file, bytes=written.size)
    return Answer({"file": str(written.file), "bytes": written.size, "code": written.code}, [line])


def _export(invocation: Invocation) -> Answer:
    given = invocation.arguments
    key = ids.from_text(given.trainee)
    written = invocation.services.personal_rights.write_copy(key, given.out, given.purpose)
    line = resources.text("cli.paper_written", file=written.file, bytes=written.size)
    return Answer({"file": str(written.file), "bytes": written.size, "code": written.code}, [line])
