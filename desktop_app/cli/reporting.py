"""``platform join``, ``pull``, ``batch …`` and ``sync``: reporting to the province."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import resources
from desktop_app.cli import sharing
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.output import describe
from desktop_app.cli.parser import Parsers, add_command, add_noun
from desktop_app.domain import ids
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.reporting import PreflightProblem, RejectedListItem
from desktop_app.services.reporting import ConfirmedPlatform, PushOutcome, Reporting, Selection


def register(commands: Parsers) -> None:
    """Add the commands of reporting."""
    platform = add_noun(commands, "platform")
    join = add_command(platform, "join", "platform_join", _join)
    join.add_argument("--url", required=True, metavar="URL")
    join.add_argument("--code", required=True, metavar="CODE")
    why = resources.text("cli.help.platform_why")
    join.add_argument("--confirm", metavar="REASON", help=why)
    add_command(platform, "compare", "platform_compare", _compare)
    confirm = add_command(platform, "confirm", "platform_confirm", _confirm)
    confirm.add_argument("--reason", required=True, metavar="TEXT", help=why)
    add_command(commands, "pull", "pull", _pull)
    add_command(commands, "sync", "sync", _sync)
    batch = add_noun(commands, "batch")
    preflight = add_command(batch, "preflight", "batch_preflight", _preflight)
    seal = add_command(batch, "seal", "batch_seal", _seal)
    for parser in (preflight, seal):
        parser.add_argument("--kind", metavar="KIND", action="append", default=[])
        parser.add_argument("--class", dest="class_code", metavar="CODE")
    seal.add_argument("--reason", default="", metavar="TEXT", help=resources.text("cli.help.correction"))
    review = add_command(batch, "review", "batch_review", _review)
    review.add_argument("kind", metavar="KIND")
    review.add_argument("--class", dest="class_code", required=True, metavar="CODE")
    review.add_argument(
        "--return", dest="reason", metavar="REASON", help=resources.text("cli.help.review_return")
    )
    asked = add_command(batch, "review-required", "batch_review_required", _review_required)
    asked.add_argument("required", choices=("yes", "no"))
    for name, run in (("push", _push), ("receipt", _receipt), ("dissolve", _dissolve)):
        parser = add_command(batch, name, f"batch_{name}", run)
        parser.add_argument("id", metavar="ID", nargs="?" if name == "push" else None)
    export = add_command(batch, "export", "batch_export", _export)
    export.add_argument("id", metavar="ID")
    receipt = add_command(batch, "import-receipt", "batch_import_receipt", _import_receipt)
    for parser in (export, receipt):
        parser.add_argument("file", metavar="FILE", type=Path)


def engine(invocation: Invocation) -> Reporting:
    """Return the engine of reporting; AppError REPORTING_MISSING where this program was built without one."""
    found = invocation.services.reporting
    if found is None:
        raise AppError("REPORTING_MISSING")
    return found


def _join(invocation: Invocation) -> Answer:
    given = invocation.arguments
    confirmed = engine(invocation).join(given.url, given.code, given.confirm)
    joined = resources.text("cli.joined", url=given.url)
    if confirmed is None:
        return Answer({"url": given.url}, [joined])
    told = _confirmed(confirmed)
    return Answer({"url": given.url, **told.data}, [joined, *told.lines])


def _compare(invocation: Invocation) -> Answer:
    found = engine(invocation).compare_platform()
    lost = [
        {"kind": one.kind, "class": one.class_code, "held": one.held, "version": one.version}
        for one in found.lost
    ]
    data = {"same": found.same, "anew": found.anew, "lost": lost, "records": found.records}
    if found.same:
        return Answer(data, [resources.text("cli.platform_same")])
    lines = [resources.text("cli.platform_changed", count=len(lost), records=found.records)]
    for one in found.lost:
        kind = resources.text(f"report_kind.{one.kind}")
        lines.append(
            resources.text(
                "cli.platform_lost", code=one.class_code, kind=kind, held=one.held, version=one.version
            )
        )
    return Answer(data, lines)


def _confirm(invocation: Invocation) -> Answer:
    return _confirmed(engine(invocation).confirm_platform(invocation.arguments.reason))


def _confirmed(done: ConfirmedPlatform) -> Answer:
    line = resources.text(
        "cli.platform_confirmed", reports=done.reports, records=done.records, dissolved=done.dissolved
    )
    data = {
        "batch": None if done.batch is None else done.batch.hex(),
        "reports": done.reports,
        "records": done.records,
        "dissolved": done.dissolved,
    }
    return Answer(data, [line])


def _review(invocation: Invocation) -> Answer:
    given = invocation.arguments
    item = invocation.services.classes.class_by_code(given.class_code)
    engine(invocation).review(given.kind, item.id, given.reason)
    decision = "approved" if given.reason is None else "returned"
    return Answer({"decision": decision}, [resources.text(f"cli.review_{decision}", code=item.code)])


def _review_required(invocation: Invocation) -> Answer:
    required = invocation.arguments.required == "yes"
    invocation.services.reviews.set_required(required=required)
    return Answer({"required": required}, [resources.text("cli.review_set")])


def _pull(invocation: Invocation) -> Answer:
    pulled = engine(invocation).pull()
    return Answer({"pulled": pulled}, [resources.text("cli.pulled", count=pulled)])


def _selection(invocation: Invocation) -> Selection:
    given = invocation.arguments
    classes = (
        [] if given.class_code is None else [invocation.services.classes.class_by_code(given.class_code).id]
    )
    return Selection(given.kind, classes)


def _preflight(invocation: Invocation) -> Answer:
    found = engine(invocation).preflight(_selection(invocation))
    problems = [_problem(one) for one in found.problems]
    lines = [resources.text("cli.preflight", records=found.records, ready=found.ready, count=len(problems))]
    lines += [f"{one['class']} {one['subject']} {one['message']}" for one in problems]
    return Answer({"records": found.records, "ready": found.ready, "problems": problems}, lines)


def _problem(problem: PreflightProblem) -> dict[str, Any]:
    return {
        "report": problem.report,
        "class": problem.class_code,
        "kind": problem.kind,
        "id": problem.key,
        "subject": problem.subject,
        "field": problem.field,
        "severity": problem.severity,
        **describe(AppError(problem.code, **problem.params)),
    }


def _seal(invocation: Invocation) -> Answer:
    sealed = engine(invocation).seal(_selection(invocation), invocation.arguments.reason.strip() or None)
    reports = [{"kind": kind, "class": code, "version": version} for kind, code, version in sealed.reports]
    data = {"batch": sealed.batch, "reports": reports, "records": sealed.records, "pages": sealed.pages}
    return Answer(data, [resources.text("cli.sealed", records=sealed.records, batch=sealed.batch.hex())])


def _push(invocation: Invocation) -> Answer:
    given = invocation.arguments.id
    outcome = engine(invocation).push(None if given is None else ids.from_text(given))
    key = "cli.pushed" if outcome.answered else "cli.pushed_unanswered"
    sent = engine(invocation).traffic().sent
    lines = [resources.text(key, **_pushed(outcome)), resources.text("cli.sent_bytes", bytes=f"{sent:,}")]
    return Answer({**_pushed(outcome), "bytes": sent}, lines)


def _pushed(outcome: PushOutcome) -> dict[str, Any]:
    return {
        "batch": outcome.batch.hex(),
        "sent": outcome.sent,
        "accepted": outcome.accepted,
        "rejected": outcome.rejected,
    }


def _receipt(invocation: Invocation) -> Answer:
    batch = ids.from_text(invocation.arguments.id)
    rejected = [_rejected(one) for one in engine(invocation).rejected(batch)]
    found = next((one for one in engine(invocation).list_batches() if one.id == batch), None)
    if found is None:
        raise AppError("BATCH_UNKNOWN")
    data = {"batch": batch, "state": found.state, "accepted": found.accepted, "rejected": rejected}
    lines = [resources.text("cli.receipt", accepted=found.accepted, rejected=len(rejected))]
    lines += [f"{one['class']} {one['subject']} {one['message']}" for one in rejected]
    return Answer(data, lines)


def _rejected(item: RejectedListItem) -> dict[str, Any]:
    return {
        "report": item.report,
        "class": item.class_code,
        "kind": item.kind,
        "id": item.key,
        "subject": item.subject,
        "field": item.field,
        "corrected": item.corrected,
        **describe(AppError(item.code, **item.params)),
    }


def _dissolve(invocation: Invocation) -> Answer:
    batch = ids.from_text(invocation.arguments.id)
    engine(invocation).dissolve(batch)
    return Answer({"batch": batch}, [resources.text("cli.dissolved", batch=batch.hex())])


def _export(invocation: Invocation) -> Answer:
    given = invocation.arguments
    made = engine(invocation).export_batch(ids.from_text(given.id), given.file)
    data: dict[str, Any] = {"batch": made.batch.hex(), "file": made.file, "bytes": made.bytes}
    return Answer(data, [resources.text("cli.batch_exported", **data)])


def _import_receipt(invocation: Invocation) -> Answer:
    taken = engine(invocation).import_receipt(invocation.arguments.file)
    data: dict[str, Any] = {
        "batch": taken.batch.hex(),
        "sent": taken.sent,
        "accepted": taken.accepted,
        "rejected": taken.rejected,
        "again": taken.again,
    }
    key = "cli.receipt_known" if taken.again else "cli.receipt_imported"
    return Answer(data, [resources.text(key, **data)])


def _sync(invocation: Invocation) -> Answer:
    share, lines = _share(invocation)
    outcome = engine(invocation).sync()
    pushed = [_pushed(one) for one in outcome.pushed]
    data = {"share": share, "push": pushed, "pulled": outcome.pulled}
    lines.append(resources.text("cli.synced", pushed=len(pushed), pulled=outcome.pulled))
    return Answer(data, lines)


def _share(invocation: Invocation) -> tuple[dict[str, Any] | None, list[str]]:
    """Exchange entries where there is a relay; one that is away does not hold up reporting."""
    if invocation.services.devices.relay() is None:
        return None, []
    try:
        shared = invocation.opener.sharing(invocation.services).share()
    except AppError as error:
        if error.code != "SHELF_UNREACHABLE":
            raise
        return {"problem": error.code}, [resources.text("cli.share_away", code=error.code)]
    return sharing.fields_of(shared), sharing.lines_of(shared)
