"""``claim``: drafts, people, payees, 校内审核, 公示, 申报; what students pay and cost (五.一, 六.3; R17–R19, R35)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.output import described_findings
from desktop_app.cli.parser import Parser, Parsers, Run, add_command, add_noun, iso_date
from desktop_app.domain import ids
from desktop_app.domain.claims import ChargeKind, CostSource, Notice, Payee, PayeeKind
from desktop_app.domain.claims.keys import CHANNELS
from desktop_app.domain.listings.claims import ClaimItem
from desktop_app.domain.money import capital, format_fen
from desktop_app.domain.performance import CostKind
from desktop_app.services.claims import StudentLine

PAPERS = ("summary", "people", "notice", "lacks")


def register(commands: Parsers) -> None:
    """Add ``claim`` and ``student``."""
    verbs = add_noun(commands, "claim")
    draft = _of_class(verbs, "draft", "claim_draft", _draft)
    draft.add_argument("--department", default="", metavar="NAME")
    _of_class(verbs, "show", "claim_show", _show)
    add = _of_class(verbs, "add", "claim_add", _add)
    add.add_argument("--trainee", nargs="+", required=True, metavar="ID")
    remove = _of_class(verbs, "remove", "claim_remove", _remove)
    remove.add_argument("--trainee", nargs="+", required=True, metavar="ID")
    remove.add_argument("--reason", default="", metavar="TEXT")
    payee = _of_class(verbs, "payee", "claim_payee", _payee)
    payee.add_argument(
        "--kind", choices=[one.value for one in PayeeKind], default=PayeeKind.INSTITUTION.value
    )
    payee.add_argument("--trainee", metavar="ID")
    for name in ("holder", "bank", "account", "paper"):
        payee.add_argument(f"--{name}", default="", metavar="TEXT")
    for name, run in (("review", _review), ("approve", _approve), ("submit", _submit)):
        _of_class(verbs, name, f"claim_{name}", run)
    for name, run in (("return", _return), ("withdraw", _withdraw), ("sent-back", _sent_back)):
        step = _of_class(verbs, name, f"claim_{name.replace('-', '_')}", run)
        step.add_argument("--reason", default="", metavar="TEXT")
    publish = _of_class(verbs, "publish", "claim_publish", _publish)
    publish.add_argument("--from", dest="first", type=iso_date, required=True, metavar="DATE")
    publish.add_argument("--until", type=iso_date, required=True, metavar="DATE")
    for name in ("publisher", "place", "phone"):
        publish.add_argument(f"--{name}", default="", metavar="TEXT")
    _register_objections(verbs)
    _register_students(commands)


def _register_objections(verbs: Parsers) -> None:
    raised = _of_class(verbs, "object", "claim_object", _object)
    raised.add_argument("--trainee", required=True, metavar="ID")
    raised.add_argument("--by", default="", metavar="TEXT")
    raised.add_argument("--content", default="", metavar="TEXT")
    answer = add_command(verbs, "answer", "claim_answer", _answer)
    answer.add_argument("objection", metavar="ID")
    answer.add_argument("--upheld", action="store_true")
    answer.add_argument("--text", default="", metavar="TEXT")
    base = add_command(verbs, "grant-base", "claim_grant_base", _grant_base)
    base.add_argument("--from", dest="first", type=iso_date, required=True, metavar="DATE")
    base.add_argument("--until", type=iso_date, required=True, metavar="DATE")
    base.add_argument("--class", dest="class_code", metavar="CODE")
    base.add_argument("--project", metavar="NAME")
    pack = _of_class(verbs, "pack", "claim_pack", _pack)
    pack.add_argument("--out", type=Path, required=True, metavar="FILE")
    pack.add_argument("--purpose", default="", metavar="TEXT")
    paper = _of_class(verbs, "paper", "claim_paper", _paper)
    paper.add_argument("kind", choices=PAPERS)
    paper.add_argument("--out", type=Path, required=True, metavar="FILE")
    paper.add_argument("--purpose", default="", metavar="TEXT")


def _register_students(commands: Parsers) -> None:
    verbs = add_noun(commands, "student")
    charge = _of_student(verbs, "charge", "student_charge", _charge)
    charge.add_argument("--kind", choices=[one.value for one in ChargeKind], required=True)
    cost = _of_student(verbs, "cost", "student_cost", _cost)
    cost.add_argument("--kind", choices=[one.value for one in CostKind], required=True)
    cost.add_argument("--source", choices=[one.value for one in CostSource], default="")
    listed = add_command(verbs, "list", "student_list", _students)
    listed.add_argument("--class", dest="class_code", required=True, metavar="CODE")


def _of_class(verbs: Parsers, name: str, help_key: str, run: Run) -> Parser:
    parser = add_command(verbs, name, help_key, run)
    parser.add_argument("--class", dest="class_code", required=True, metavar="CODE")
    parser.add_argument("--channel", choices=CHANNELS, required=name == "draft")
    return parser


def _of_student(verbs: Parsers, name: str, help_key: str, run: Run) -> Parser:
    parser = add_command(verbs, name, help_key, run)
    parser.add_argument("--class", dest="class_code", required=True, metavar="CODE")
    parser.add_argument("--trainee", required=True, metavar="ID")
    parser.add_argument("--fen", type=int, required=True, metavar="N")
    parser.add_argument("--date", type=iso_date, metavar="DATE")
    parser.add_argument("--document", default="", metavar="TEXT")
    return parser


def _class_id(invocation: Invocation) -> bytes:
    return invocation.services.classes.class_by_code(invocation.arguments.class_code).id


def _key(invocation: Invocation) -> bytes:
    return invocation.services.claims.newest(_class_id(invocation), invocation.arguments.channel).key


def told(item: ClaimItem) -> dict[str, object]:
    """Return a claim as JSON has it."""
    return asdict(item) | {"outstanding": item.money.outstanding, "capital": capital(item.money.claimed)}


def _stands(invocation: Invocation, key: bytes) -> Answer:
    item = invocation.services.claims.sheet(key).item
    line = resources.text(
        "cli.claim_stands",
        code=item.class_code,
        state=resources.text(f"state.claim.{item.state}"),
        people=item.people,
        amount=format_fen(item.money.claimed),
    )
    return Answer(told(item), [line])


def _draft(invocation: Invocation) -> Answer:
    given = invocation.arguments
    key = invocation.services.claims.draft(_class_id(invocation), given.channel, given.department)
    return _stands(invocation, key)


def _show(invocation: Invocation) -> Answer:
    sheet = invocation.services.claims.sheet(_key(invocation))
    people = [asdict(one) | {"causes": described_findings(one.causes)} for one in sheet.people]
    data = told(sheet.item) | {
        "people_count": sheet.item.people,
        "people": people,
        "causes": described_findings(sheet.causes),
        "objections": [asdict(one) for one in sheet.objections],
    }
    lines = [
        f"{one.name}\t{cause['message']}"
        for one, row in zip(sheet.people, people, strict=True)
        for cause in row["causes"]
    ]
    return Answer(data, lines)


def _people(invocation: Invocation) -> list[bytes]:
    return [ids.from_text(one) for one in invocation.arguments.trainee]


def _add(invocation: Invocation) -> Answer:
    key = _key(invocation)
    invocation.services.claims.add(key, _people(invocation))
    return _stands(invocation, key)


def _remove(invocation: Invocation) -> Answer:
    key = _key(invocation)
    invocation.services.claims.remove(key, _people(invocation), invocation.arguments.reason)
    return _stands(invocation, key)


def _payee(invocation: Invocation) -> Answer:
    given, key = invocation.arguments, _key(invocation)
    payee = Payee(PayeeKind(given.kind), given.holder, given.bank, given.account, given.paper)
    if given.trainee:
        invocation.services.claims.set_account(key, ids.from_text(given.trainee), payee)
    else:
        invocation.services.claims.set_payee(key, payee)
    return _stands(invocation, key)


def _review(invocation: Invocation) -> Answer:
    key = _key(invocation)
    invocation.services.claim_steps.send_to_review(key)
    return _stands(invocation, key)


def _approve(invocation: Invocation) -> Answer:
    key = _key(invocation)
    invocation.services.claim_steps.approve(key)
    return _stands(invocation, key)


def _submit(invocation: Invocation) -> Answer:
    key = _key(invocation)
    invocation.services.claim_steps.submit(key)
    return _stands(invocation, key)


def _return(invocation: Invocation) -> Answer:
    key = _key(invocation)
    invocation.services.claim_steps.return_to_draft(key, invocation.arguments.reason)
    return _stands(invocation, key)


def _withdraw(invocation: Invocation) -> Answer:
    key = _key(invocation)
    invocation.services.claim_steps.withdraw(key, invocation.arguments.reason)
    return _stands(invocation, key)


def _sent_back(invocation: Invocation) -> Answer:
    key = _key(invocation)
    invocation.services.claim_steps.record_return(key, invocation.arguments.reason)
    return _stands(invocation, key)


def _publish(invocation: Invocation) -> Answer:
    given, key = invocation.arguments, _key(invocation)
    notice = Notice(given.publisher, given.place, given.first, given.until, given.phone)
    invocation.services.claim_steps.publish(key, notice)
    return _stands(invocation, key)


def _object(invocation: Invocation) -> Answer:
    given = invocation.arguments
    found = invocation.services.claims.object(
        _key(invocation), ids.from_text(given.trainee), given.by, given.content
    )
    return Answer({"objection": found}, [resources.text("cli.claim_objected")])


def _answer(invocation: Invocation) -> Answer:
    given = invocation.arguments
    key = ids.from_text(given.objection)
    invocation.services.claims.answer(key, upheld=given.upheld, answer=given.text)
    return Answer({"objection": key}, [resources.text("cli.claim_answered")])


def _grant_base(invocation: Invocation) -> Answer:
    given = invocation.arguments
    found = invocation.services.claims.grant_base(
        given.first, given.until, class_code=given.class_code, project=given.project
    )
    line = resources.text(
        "cli.claim_grant_base",
        trained=found.trained_times,
        trained_people=found.trained_people,
        passed=found.passed_times,
        passed_people=found.passed_people,
    )
    return Answer(asdict(found), [line])


def _student(invocation: Invocation) -> tuple[bytes, bytes, StudentLine]:
    given = invocation.arguments
    day: date = given.date or invocation.services.context.today()
    line = StudentLine(given.fen, day, given.document, getattr(given, "source", ""))
    return _class_id(invocation), ids.from_text(given.trainee), line


def _charge(invocation: Invocation) -> Answer:
    class_id, person, line = _student(invocation)
    kind = ChargeKind(invocation.arguments.kind)
    key = invocation.services.claims.charge(class_id, person, kind, line)
    return Answer({"charge": key}, [resources.text("cli.student_charged")])


def _cost(invocation: Invocation) -> Answer:
    class_id, person, line = _student(invocation)
    key = invocation.services.claims.book_cost(class_id, person, CostKind(invocation.arguments.kind), line)
    return Answer({"cost": key}, [resources.text("cli.student_cost_booked")])


def _students(invocation: Invocation) -> Answer:
    items = invocation.services.claims.student_money(_class_id(invocation))
    lines = ["\t".join((one.name, one.kind, format_fen(one.fen), one.source)) for one in items]
    return Answer({"total": len(items), "items": [asdict(one) for one in items]}, lines)


def _pack(invocation: Invocation) -> Answer:
    given = invocation.arguments
    found = invocation.services.claim_pack.write(_key(invocation), given.out, given.purpose)
    line = resources.text(
        "cli.claim_packed", file=given.out.name, pages=found.pages, lacking=len(found.lacking)
    )
    return Answer(asdict(found) | {"file": str(given.out)}, [line])


def _paper(invocation: Invocation) -> Answer:
    given = invocation.arguments
    written = invocation.services.claim_pack.paper(_key(invocation), given.kind, given.out, given.purpose)
    return Answer({"file": str(given.out), "bytes": written.size}, [given.out.name])
