"""``guidance``, ``credit`` and ``talent``: what follows a training (四.4, 五.一.3, 五.一.4, 六.2)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.parser import Parser, Parsers, Run, add_command, add_noun, iso_date
from desktop_app.domain import ids
from desktop_app.domain.credit_bank import Bank, Conversion, Deposit
from desktop_app.domain.guidance import Guidance, GuidanceKind, Hire, Provider
from desktop_app.domain.talent_statistics import Treatment


def register(commands: Parsers) -> None:
    """Add ``guidance``, ``credit`` and ``talent``."""
    verbs = add_noun(commands, "guidance")
    record = _person(verbs, "record", "guidance_record", _record)
    record.add_argument("--kind", choices=[one.value for one in GuidanceKind], required=True)
    record.add_argument("--provider", choices=[one.value for one in Provider], default=Provider.INSTITUTION)
    record.add_argument("--note", default="", metavar="TEXT")
    hire = _person(verbs, "hire", "guidance_hire", _hire)
    _texts(hire, "employer", "partner-of", optional=("post", "uscc"))
    listed = add_command(verbs, "list", "guidance_list", _list)
    listed.add_argument("--class", dest="class_code", required=True, metavar="CODE")
    remove = add_command(verbs, "remove", "guidance_remove", _remove)
    remove.add_argument("guidance", metavar="ID")
    remove.add_argument("--reason", default="", metavar="TEXT")
    _register_credit(add_noun(commands, "credit"))
    talent = add_noun(commands, "talent")
    count = add_command(talent, "count", "talent_count", _count)
    count.add_argument("--until", type=iso_date, metavar="DATE")
    count.add_argument("--out", type=Path, metavar="FILE")
    treat = add_command(talent, "treat", "talent_treat", _treat)
    treat.add_argument("--trainee", required=True, metavar="ID")
    treat.add_argument("--date", type=iso_date, metavar="DATE")
    _texts(treat, "employer", "measure", optional=("document",))


def _register_credit(verbs: Parsers) -> None:
    banks = [one.value for one in Bank]
    deposit = _person(verbs, "deposit", "credit_deposit", _deposit)
    deposit.add_argument("--bank", choices=banks, required=True)
    deposit.add_argument("--account", default="", metavar="TEXT")
    deposit.add_argument("--consent", type=iso_date, metavar="DATE")
    convert = _person(verbs, "convert", "credit_convert", _convert)
    _texts(convert, "course", "school")
    convert.add_argument("--tenths", type=int, required=True, metavar="N")
    export = add_command(verbs, "export", "credit_export", _export)
    export.add_argument("--bank", choices=banks, required=True)
    export.add_argument("--out", type=Path, required=True, metavar="FILE")
    export.add_argument("--again", action="store_true")
    add_command(verbs, "list", "credit_list", _deposits)


def _person(verbs: Parsers, name: str, help_key: str, run: Run) -> Parser:
    parser = add_command(verbs, name, help_key, run)
    parser.add_argument("--class", dest="class_code", required=True, metavar="CODE")
    parser.add_argument("--trainee", required=True, metavar="ID")
    parser.add_argument("--date", type=iso_date, metavar="DATE")
    return parser


def _texts(parser: Parser, *required: str, optional: tuple[str, ...] = ()) -> None:
    for name in required:
        parser.add_argument(f"--{name}", required=True, metavar="TEXT")
    for name in optional:
        parser.add_argument(f"--{name}", default="", metavar="TEXT")


def _who(invocation: Invocation) -> tuple[bytes, bytes]:
    given = invocation.arguments
    return invocation.services.classes.class_by_code(given.class_code).id, ids.from_text(given.trainee)


def _day(invocation: Invocation) -> date:
    day: date | None = invocation.arguments.date
    return day or invocation.services.context.today()


def _record(invocation: Invocation) -> Answer:
    given = invocation.arguments
    service = Guidance(GuidanceKind(given.kind), _day(invocation), Provider(given.provider), given.note)
    key = invocation.services.guidance.record(*_who(invocation), service)
    return Answer({"guidance": key}, [resources.text("cli.guidance_recorded")])


def _hire(invocation: Invocation) -> Answer:
    given = invocation.arguments
    hire = Hire(given.employer, _day(invocation), given.partner_of, given.post, given.uscc)
    key = invocation.services.guidance.record_hire(*_who(invocation), hire)
    return Answer({"hire": key}, [resources.text("cli.hire_recorded")])


def _list(invocation: Invocation) -> Answer:
    class_id = invocation.services.classes.class_by_code(invocation.arguments.class_code).id
    people = invocation.services.guidance.people(class_id)
    lacking = [one.name for one in people if one.lacking]
    line = resources.text("cli.guidance_lacking", count=len(lacking), names="、".join(lacking))
    items = [asdict(one) for one in people]
    return Answer({"total": len(items), "lacking": len(lacking), "items": items}, [line])


def _remove(invocation: Invocation) -> Answer:
    key = ids.from_text(invocation.arguments.guidance)
    invocation.services.guidance.remove(key, invocation.arguments.reason)
    return Answer({"guidance": key}, [resources.text("cli.guidance_removed")])


def _deposit(invocation: Invocation) -> Answer:
    given = invocation.arguments
    deposit = Deposit(Bank(given.bank), given.account, given.consent)
    invocation.services.credit_bank.deposit(*_who(invocation), deposit)
    return Answer({"bank": given.bank}, [resources.text("cli.credit_deposited")])


def _convert(invocation: Invocation) -> Answer:
    given = invocation.arguments
    conversion = Conversion(given.course, given.school, _day(invocation), given.tenths)
    key = invocation.services.credit_bank.convert(*_who(invocation), conversion)
    return Answer({"conversion": key}, [resources.text("cli.credit_converted")])


def _export(invocation: Invocation) -> Answer:
    given = invocation.arguments
    count = invocation.services.credit_bank.export(Bank(given.bank), given.out, again=given.again)
    line = resources.text("cli.credit_exported", count=count, file=given.out.name)
    return Answer({"file": str(given.out), "certificates": count}, [line])


def _deposits(invocation: Invocation) -> Answer:
    service = invocation.services.credit_bank
    items = [asdict(one) for one in service.deposits()]
    conversions = [asdict(one) for one in service.conversions()]
    lines = ["\t".join((one["bank"], one["class_code"], one["name"])) for one in items]
    return Answer({"total": len(items), "items": items, "conversions": conversions}, lines)


def _count(invocation: Invocation) -> Answer:
    found = invocation.services.talent.count(invocation.arguments.until)
    line = resources.text(
        "cli.talent_counted",
        until=found.until.isoformat(),
        people=found.people,
        certificates=found.certificates,
    )
    data: dict[str, object] = asdict(found) | {
        name: dict(getattr(found, name)) for name in ("by_level", "by_trade", "by_region")
    }
    out = invocation.arguments.out
    if out is not None:
        data["file"] = str(invocation.services.talent.write_paper(out, found.until).file)
    return Answer(data, [line])


def _treat(invocation: Invocation) -> Answer:
    given = invocation.arguments
    treatment = Treatment(given.employer, given.measure, _day(invocation), given.document)
    key = invocation.services.talent.record(ids.from_text(given.trainee), treatment)
    return Answer({"treatment": key}, [resources.text("cli.treatment_recorded")])
