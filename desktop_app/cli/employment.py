"""``employment``: follow-ups by month with 凭证, rates with their base, early warnings (六.3, 四.4)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.parser import Parsers, add_command, add_noun, iso_date
from desktop_app.domain import employment, ids
from desktop_app.domain.employment import FollowUp, Rate, Status, VoucherKind

FLAGS = {"yes": True, "no": False}


def register(commands: Parsers) -> None:
    """Add ``employment``."""
    verbs = add_noun(commands, "employment")
    record = add_command(verbs, "record", "employment_record", _record)
    record.add_argument("--class", dest="class_code", required=True, metavar="CODE")
    record.add_argument("--trainee", required=True, metavar="ID")
    record.add_argument("--status", choices=[one.value for one in Status], required=True)
    for name in ("date", "since", "contract-from", "contract-until", "voucher-date"):
        record.add_argument(f"--{name}", type=iso_date, metavar="DATE")
    for name in ("employer", "uscc", "post", "voucher-number"):
        record.add_argument(f"--{name}", default="", metavar="TEXT")
    record.add_argument("--voucher", choices=[one.value for one in VoucherKind])
    record.add_argument("--insured", choices=list(FLAGS))
    record.add_argument("--matched", choices=list(FLAGS))
    listed = add_command(verbs, "list", "employment_list", _list)
    listed.add_argument("--class", dest="class_code", required=True, metavar="CODE")
    remove = add_command(verbs, "remove", "employment_remove", _remove)
    remove.add_argument("--class", dest="class_code", required=True, metavar="CODE")
    remove.add_argument("--trainee", required=True, metavar="ID")
    remove.add_argument("--month", required=True, metavar="YYYY-MM")
    remove.add_argument("--reason", default="", metavar="TEXT")
    paper = add_command(verbs, "paper", "employment_paper", _paper)
    paper.add_argument("--class", dest="class_code", required=True, metavar="CODE")
    paper.add_argument("--out", type=Path, required=True, metavar="FILE")
    add_command(verbs, "warnings", "employment_warnings", _warnings)


def _who(invocation: Invocation) -> tuple[bytes, bytes]:
    given = invocation.arguments
    return invocation.services.classes.class_by_code(given.class_code).id, ids.from_text(given.trainee)


def _record(invocation: Invocation) -> Answer:
    given = invocation.arguments
    day: date = given.date or invocation.services.context.today()
    follow_up = FollowUp(
        Status(given.status),
        day,
        given.since,
        given.employer,
        given.uscc,
        given.post,
        given.contract_from,
        given.contract_until,
        FLAGS.get(given.insured),
        FLAGS.get(given.matched),
        None if given.voucher is None else VoucherKind(given.voucher),
        given.voucher_number,
        given.voucher_date,
    )
    key = invocation.services.employment.record(*_who(invocation), follow_up)
    return Answer({"follow_up": key}, [resources.text("cli.employment_recorded")])


def _list(invocation: Invocation) -> Answer:
    class_id = invocation.services.classes.class_by_code(invocation.arguments.class_code).id
    sheet = invocation.services.employment.sheet(class_id)
    items = [
        {
            "trainee": one.trainee_id,
            "number": one.number,
            "name": one.name,
            "category": one.category,
            "state": one.state,
            "due": sheet.due.get(one.trainee_id),
            "months": {employment.month_text(month): asdict(found) for month, found in one.months.items()},
        }
        for one in sheet.people
    ]
    data = {
        "total": len(items),
        "items": items,
        "counted_on": sheet.rates.counted_on,
        "employment": _rate(sheet.rates.employment),
        "retention": _rate(sheet.rates.retention),
        "students": sheet.rates.students,
    }
    line = resources.text(
        "cli.employment_rates",
        date=sheet.rates.counted_on.isoformat(),
        employment=sheet.rates.employment.text,
        retention=sheet.rates.retention.text,
    )
    return Answer(data, [line])


def _rate(rate: Rate) -> dict[str, Any]:
    return {"count": rate.count, "base": rate.base, "rate": rate.value, "text": rate.text}


def _remove(invocation: Invocation) -> Answer:
    given = invocation.arguments
    month = employment.read_month(given.month)
    invocation.services.employment.remove(*_who(invocation), month, given.reason)
    return Answer({"month": given.month}, [resources.text("cli.employment_removed")])


def _paper(invocation: Invocation) -> Answer:
    given = invocation.arguments
    class_id = invocation.services.classes.class_by_code(given.class_code).id
    written = invocation.services.follow_up_papers.employment(class_id, given.out)
    line = resources.text("papers.written", file=written.file.name)
    return Answer({"file": str(written.file), "bytes": written.size}, [line])


def _warnings(invocation: Invocation) -> Answer:
    found = invocation.services.employment.warnings()
    items = [{"code": one.error.code, **one.error.params} for one in found]
    lines = [resources.text(f"error.{one.error.code}", "zh", **one.error.params) for one in found]
    return Answer({"total": len(items), "items": items}, lines)
