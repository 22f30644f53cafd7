"""``evidence``: add, import, list, show, review, edit, remove, cover sheets, and the files beside a backup."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.output import describe, plain, table
from desktop_app.cli.parser import Parsers, add_command, add_noun, assignment, iso_date
from desktop_app.domain import evidence, ids
from desktop_app.domain.errors import AppError
from desktop_app.domain.evidence import PhotoSize
from desktop_app.domain.listings.evidence import EvidenceListItem
from desktop_app.services.evidence import Owner, Paper
from desktop_app.services.evidence_import import EvidenceChoices, EvidencePlan, PlannedFile
from desktop_app.services.evidence_intake import PhotoShape, read_file
from desktop_app.store.keys import write_atomically

_ACCEPT, _RETURN = "accept", "return"


def register(commands: Parsers) -> None:
    """Add ``evidence``."""
    verbs = add_noun(commands, "evidence")
    _register_intake(verbs)
    listed = add_command(verbs, "list", "evidence_list", _list)
    whose = listed.add_mutually_exclusive_group(required=True)
    whose.add_argument("--class", dest="class_code", metavar="CODE")
    whose.add_argument("--trainee", metavar="ID")
    show = add_command(verbs, "show", "evidence_show", _show)
    show.add_argument("id", metavar="ID")
    show.add_argument("--out", type=Path, required=True, metavar="FILE")
    review = add_command(verbs, "review", "evidence_review", _review)
    review.add_argument("ids", nargs="+", metavar="ID")
    review.add_argument("verdict", choices=[_ACCEPT, _RETURN])
    review.add_argument("--reason", default="", metavar="TEXT")
    edit = add_command(verbs, "edit", "evidence_edit", _edit)
    edit.add_argument("id", metavar="ID")
    edit.add_argument("--number", metavar="TEXT")
    edit.add_argument("--issuer", metavar="TEXT")
    until = edit.add_mutually_exclusive_group()
    until.add_argument("--valid", type=iso_date, metavar="DATE")
    until.add_argument("--no-valid", action="store_true", help=resources.text("cli.help.evidence_no_valid"))
    remove = add_command(verbs, "remove", "evidence_remove", _remove)
    remove.add_argument("id", metavar="ID")
    remove.add_argument("--reason", default="", metavar="TEXT")
    cover = add_command(verbs, "cover", "evidence_cover", _cover)
    cover.add_argument("--class", dest="class_code", required=True, metavar="CODE")
    cover.add_argument("--kind", default="", metavar="KIND", help=resources.text("cli.help.evidence_kind"))
    cover.add_argument("--out", type=Path, required=True, metavar="FILE.pdf")
    for name, run in (("copy", _copy), ("fetch", _fetch)):
        add_command(verbs, name, f"evidence_{name}", run).add_argument("folder", type=Path, metavar="DIR")


def _register_intake(verbs: Parsers) -> None:
    add = add_command(verbs, "add", "evidence_add", _add)
    add.add_argument("file", type=Path, metavar="FILE")
    add.add_argument("--kind", required=True, help=resources.text("cli.help.evidence_kind"))
    add.add_argument("--trainee", metavar="ID")
    add.add_argument("--class", dest="class_code", metavar="CODE")
    add.add_argument("--session", type=int, metavar="N")
    add.add_argument("--number", default="")
    add.add_argument("--issuer", default="")
    add.add_argument("--valid", type=iso_date, metavar="DATE")
    bulk = add_command(verbs, "import", "evidence_import", _import)
    bulk.add_argument("sources", nargs="+", type=Path, metavar="FOLDER|FILE")
    bulk.add_argument("--class", dest="class_code", required=True, metavar="CODE")
    bulk.add_argument("--kind", default=evidence.OTHER, help=resources.text("cli.help.evidence_kind"))
    bulk.add_argument("--by-order", action="store_true", help=resources.text("cli.help.evidence_by"))
    bulk.add_argument("--photo", choices=[size.value for size in PhotoSize], default=PhotoSize.ONE_INCH.value)
    bulk.add_argument("--photo-kb", type=int, default=50, metavar="N")
    bulk.add_argument(
        "--answer", type=assignment, action="append", default=[], metavar="N=ID",
        help=resources.text("cli.help.evidence_answer"),
    )  # fmt: skip
    bulk.add_argument("--dry-run", action="store_true")


def _add(invocation: Invocation) -> Answer:
    given, services = invocation.arguments, invocation.services
    paper = Paper(given.kind, given.number, given.issuer, given.valid)
    key = services.evidence.add(_owner(invocation), paper, read_file(given.file), given.file.name)
    name = evidence.kind_name(given.kind)
    return Answer({"evidence": key, "kind": given.kind}, [resources.text("cli.evidence_added", kind=name)])


def _owner(invocation: Invocation) -> Owner:
    """Return what --trainee, --class and --session name; AppError EVIDENCE_OWNER_UNKNOWN, SESSION_UNKNOWN."""
    given, services = invocation.arguments, invocation.services
    class_id = services.classes.class_by_code(given.class_code).id if given.class_code else None
    if given.trainee:
        trainee_id = ids.from_text(given.trainee)
        if class_id is not None and evidence.kind_owner(given.kind) == "enrolment":
            return Owner("enrolment", class_id + trainee_id)
        return Owner("trainee", trainee_id)
    if class_id is None:
        raise AppError("EVIDENCE_OWNER_UNKNOWN")
    if given.session is None:
        return Owner("training_class", class_id)
    for session in services.classes.list_sessions(class_id):
        if session.number == given.session:
            return Owner("session", session.id)
    raise AppError("SESSION_UNKNOWN", number=given.session)


def _import(invocation: Invocation) -> Answer:
    given, services = invocation.arguments, invocation.services
    training_class = services.classes.class_by_code(given.class_code)
    shape = PhotoShape(PhotoSize(given.photo), given.photo_kb * 1024)
    choices = EvidenceChoices(given.kind, given.by_order, shape)
    plan = services.evidence_imports.plan(training_class.id, given.sources, choices)
    plan = plan.answered(_answers(plan, given.answer))
    data = _planned(plan)
    lines = [
        resources.text(
            "cli.evidence_imported",
            **{name: data[name] for name in ("ready", "open", "same", "bad")},
        )
    ]
    lines += [f"{one['place']}\t{one['file']}\t{one['by']}\t{one['code']}" for one in data["problems"]]
    if not given.dry_run and data["ready"]:
        data["added"] = services.evidence_imports.apply(plan)
        lines.append(resources.text("cli.evidence_done", count=data["added"]))
    return Answer(data, lines)


def _answers(plan: EvidencePlan, given: Sequence[tuple[str, str]]) -> dict[int, tuple[bytes | None, str]]:
    """Read N=ID; AppError ID_INVALID where there is no such file."""
    places = {str(one.place): one for one in plan.files}
    answers: dict[int, tuple[bytes | None, str]] = {}
    for place, person in given:
        if place not in places:
            raise AppError("ID_INVALID", value=place[:40])
        answers[int(place)] = (ids.from_text(person), places[place].kind)
    return answers


def _planned(plan: EvidencePlan) -> dict[str, Any]:
    """Return what an import would do; file names are the user's own."""
    bad = [one for one in plan.files if one.problem is not None]
    unsettled = [*plan.open(), *bad]
    return {
        "files": len(plan.files),
        "ready": len(plan.ready()),
        "open": len(plan.open()),
        "same": sum(1 for one in plan.files if one.same),
        "bad": len(bad),
        "added": 0,
        "problems": [_unsettled(one) for one in sorted(unsettled, key=lambda one: one.place)],
    }


def _unsettled(one: PlannedFile) -> dict[str, Any]:
    told = {"code": "", "message": "", "hint": ""} if one.problem is None else describe(one.problem)
    return {
        "place": one.place,
        "file": one.path,
        "by": one.match.by,
        "candidates": [plain(person) for person in one.match.people],
        **told,
    }


def _item(item: EvidenceListItem) -> dict[str, Any]:
    return {
        "id": item.id,
        "owner": item.owner,
        "owner_key": item.owner_key,
        "kind": item.kind,
        "number": item.number,
        "issuer": item.issuer,
        "valid_until": item.valid_until,
        "sha256": item.digest,
        "media_type": item.media_type,
        "bytes": item.size,
        "pages": item.pages,
        "file": item.file_name,
        "state": item.state.value,
        "reason": item.review_reason,
    }


def _list(invocation: Invocation) -> Answer:
    given, services = invocation.arguments, invocation.services
    if given.trainee:
        items = [_item(one) for one in services.evidence.of_trainee(ids.from_text(given.trainee))]
        return Answer({"total": len(items), "items": items}, table(items, ("id", "kind", "state")))
    sheet = services.evidence.sheet(services.classes.class_by_code(given.class_code).id)
    people = [
        {
            "id": person.trainee_id,
            "number": person.number,
            "name": person.name,
            "files": len(person.items),
            "missing": [
                {"papers": list(one.need.kinds), "why": one.lack.value, "rule": one.need.rule}
                for one in person.missing
            ],
            "items": [_item(one) for one in person.items],
        }
        for person in sheet.people
    ]
    words = [
        one | {"missing": [evidence.need_name(lack.need) for lack in person.missing]}
        for one, person in zip(people, sheet.people, strict=True)
    ]
    data = {
        "total": len(people),
        "complete": sheet.complete,
        "items": people,
        "of_class": [_item(one) for one in sheet.of_class],
    }
    return Answer(data, table(words, ("number", "name", "files", "missing")))


def _show(invocation: Invocation) -> Answer:
    given = invocation.arguments
    shown = invocation.services.evidence.open(ids.from_text(given.id))
    try:
        write_atomically(given.out, shown.content)
    except OSError as error:
        raise AppError("FILE_NOT_WRITABLE", file=given.out.name) from error
    data = _item(shown.item) | {"written": str(given.out)}
    return Answer(data, [resources.text("cli.evidence_written", file=given.out)])


def _review(invocation: Invocation) -> Answer:
    given = invocation.arguments
    keys = [ids.from_text(one) for one in given.ids]
    accepted = given.verdict == _ACCEPT
    changed = invocation.services.evidence.review(keys, accepted=accepted, reason=given.reason)
    return Answer({"changed": changed}, [resources.text("cli.evidence_reviewed", count=changed)])


def _edit(invocation: Invocation) -> Answer:
    given = invocation.arguments
    named = {"number": given.number, "issuer": given.issuer, "valid_until": given.valid}
    changes = {name: value for name, value in named.items() if value is not None}
    if given.no_valid:
        changes["valid_until"] = None
    key = ids.from_text(given.id)
    changed = invocation.services.evidence.edit(key, changes)
    line = resources.text("cli.evidence_edited" if changed else "cli.evidence_same")
    return Answer({"evidence": key, "changed": changed}, [line])


def _remove(invocation: Invocation) -> Answer:
    key = ids.from_text(invocation.arguments.id)
    invocation.services.evidence.remove(key, invocation.arguments.reason)
    return Answer({"evidence": key}, [resources.text("cli.evidence_removed")])


def _cover(invocation: Invocation) -> Answer:
    given, services = invocation.arguments, invocation.services
    training_class = services.classes.class_by_code(given.class_code)
    count = services.evidence.cover(training_class.id, given.out, given.kind)
    lines = [resources.text("cli.evidence_covers", count=count, file=given.out)]
    return Answer({"file": str(given.out), "sheets": count}, lines)


def _copy(invocation: Invocation) -> Answer:
    copied, lost = invocation.services.evidence.copy_to(invocation.arguments.folder)
    return _moved(copied, lost)


def _fetch(invocation: Invocation) -> Answer:
    fetched, lost = invocation.services.evidence.fetch_from(invocation.arguments.folder)
    return _moved(fetched, lost)


def _moved(copied: int, lost: int) -> Answer:
    lines = [resources.text("cli.evidence_copied", copied=copied, lost=lost)]
    return Answer({"copied": copied, "lost": lost}, lines, status=1 if lost else 0)
