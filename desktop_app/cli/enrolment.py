"""``enrolment`` and ``willingness``: into a class, out of it and into another; groups, consent and wishes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.output import described_findings, table
from desktop_app.cli.parser import Parser, Parsers, add_command, add_noun, iso_date
from desktop_app.domain import funding_channels, ids, qualification
from desktop_app.domain.listings.enrolment import QualificationSheet, WishListItem
from desktop_app.domain.listings.training import MemberListItem
from desktop_app.domain.willingness import Consent, consent_text

WISH_COLUMNS = ("id", "name", "trade", "state", "class", "noted_on")
ENROLMENT_COLUMNS = ("id", "number", "name", "state", "category", "channel")


def register(commands: Parsers) -> None:
    """Add ``enrolment`` and ``willingness``."""
    verbs = add_noun(commands, "enrolment")
    _class(add_command(verbs, "list", "enrolment_list", _list))
    apply = _people(add_command(verbs, "apply", "enrolment_apply", _apply))
    apply.add_argument("--consent", action="store_true")
    apply.add_argument("--sensitive", action="store_true")
    admit = _people(add_command(verbs, "admit", "enrolment_admit", _admit))
    admit.add_argument("--from", dest="day", type=iso_date, metavar="DATE")
    admit.add_argument("--reason", default="", metavar="TEXT")
    for name in ("waitlist", "reject", "complete", "fail", "reopen"):
        step = _people(add_command(verbs, name, f"enrolment_{name}", _step(name)))
        step.add_argument("--reason", default="", metavar="TEXT")
    _class(add_command(verbs, "begin", "enrolment_begin", _begin))
    for name, run in (("withdraw", _withdraw), ("return", _return), ("transfer", _transfer)):
        step = _person(add_command(verbs, name, f"enrolment_{name}", run))
        step.add_argument("--on", type=iso_date, metavar="DATE")
        step.add_argument("--reason", default="", metavar="TEXT")
        if name == "transfer":
            step.add_argument("--to", required=True, metavar="CODE")
    _person(add_command(verbs, "groups", "enrolment_groups", _groups))
    choose = _person(add_command(verbs, "choose", "enrolment_choose", _choose))
    choose.add_argument("--group", required=True, metavar="GROUP")
    choose.add_argument("--ground", choices=qualification.GROUNDS)
    choose.add_argument("--organised-by", metavar="TEXT")
    choose.add_argument("--enrolled", type=iso_date, metavar="DATE")
    choose.add_argument("--reason", default="", metavar="TEXT")
    stated = _class(add_command(verbs, "choose-stated", "enrolment_choose_stated", _choose_stated))
    stated.add_argument("--trainee", nargs="+", default=[], metavar="ID")
    consent = _people(add_command(verbs, "consent", "enrolment_consent", _consent))
    consent.add_argument("--sensitive", action="store_true")
    _register_willingness(commands)


def _register_willingness(commands: Parsers) -> None:
    verbs = add_noun(commands, "willingness")
    add = add_command(verbs, "add", "willingness_add", _add_wish)
    add.add_argument("--trainee", required=True, metavar="ID")
    add.add_argument("--trade", required=True, metavar="TEXT")
    add.add_argument("--level", metavar="LEVEL")
    add.add_argument("--consent", action="store_true")
    add.add_argument("--sensitive", action="store_true")
    listed = add_command(verbs, "list", "willingness_list", _wishes)
    listed.add_argument("--unmet", action="store_true")
    listed.add_argument("--out", type=Path, metavar="FILE")
    match = add_command(verbs, "match", "willingness_match", _match)
    _class(match)
    match.add_argument("wishes", nargs="*", metavar="ID")
    close = add_command(verbs, "close", "willingness_close", _close)
    close.add_argument("wishes", nargs="+", metavar="ID")
    close.add_argument("--reason", default="", metavar="TEXT")


def _class(parser: Parser) -> Parser:
    parser.add_argument("--class", dest="class_code", required=True, metavar="CODE")
    return parser


def _people(parser: Parser) -> Parser:
    _class(parser).add_argument("--trainee", dest="trainees", required=True, nargs="+", metavar="ID")
    return parser


def _person(parser: Parser) -> Parser:
    _class(parser).add_argument("--trainee", required=True, metavar="ID")
    return parser


def _class_id(invocation: Invocation, code: str | None = None) -> bytes:
    return invocation.services.classes.class_by_code(code or invocation.arguments.class_code).id


def _ids(texts: list[str]) -> list[bytes]:
    return [ids.from_text(text) for text in texts]


def _given_consent(invocation: Invocation, *, given: bool, sensitive: bool) -> Consent | None:
    if not given:
        return None
    today = invocation.services.context.today()
    return Consent(consent_text(today).version, today, today if sensitive else None)


def _done(verb: str, count: int) -> Answer:
    words = resources.text(f"verb.enrolment.{verb}")
    return Answer({"count": count}, [resources.text("cli.enrolment_done", count=count, verb=words)])


def _list(invocation: Invocation) -> Answer:
    found = [_member(one) for one in invocation.services.enrolment.roster(_class_id(invocation))]
    return Answer({"total": len(found), "items": found}, table(found, ENROLMENT_COLUMNS))


def _member(item: MemberListItem) -> dict[str, Any]:
    periods = [{"first": one.first, "last": one.last} for one in item.periods]
    return {
        "id": item.trainee_id,
        "number": item.number,
        "name": item.name,
        "state": item.state,
        "reason": item.decision_reason,
        "periods": periods,
        "carried_hours": item.carried_hours,
        "category": item.category,
        "key_group": item.key_group,
        "chosen_group": item.chosen_group,
        "channel": item.channel,
        "organised_by": item.organised_by,
        "consented_on": item.consented_on,
    }


def _apply(invocation: Invocation) -> Answer:
    given = invocation.arguments
    consent = _given_consent(invocation, given=given.consent, sensitive=given.sensitive)
    people = _ids(given.trainees)
    count = invocation.services.enrolment.apply(_class_id(invocation), people, consent=consent)
    return _done("apply", count)


def _admit(invocation: Invocation) -> Answer:
    given = invocation.arguments
    count = invocation.services.enrolment.admit(
        _class_id(invocation), _ids(given.trainees), first_day=given.day, reason=given.reason
    )
    return _done("admit", count)


def _step(verb: str) -> Callable[[Invocation], Answer]:
    def run(invocation: Invocation) -> Answer:
        given = invocation.arguments
        method = getattr(invocation.services.enrolment, verb)
        return _done(verb, method(_class_id(invocation), _ids(given.trainees), given.reason))

    return run


def _begin(invocation: Invocation) -> Answer:
    return _done("begin", invocation.services.enrolment.begin(_class_id(invocation)))


def _day(invocation: Invocation) -> date:
    day: date = invocation.arguments.on or invocation.services.context.today()
    return day


def _withdraw(invocation: Invocation) -> Answer:
    given = invocation.arguments
    person = ids.from_text(given.trainee)
    invocation.services.enrolment.withdraw(_class_id(invocation), person, _day(invocation), given.reason)
    return _done("withdraw", 1)


def _return(invocation: Invocation) -> Answer:
    given = invocation.arguments
    person = ids.from_text(given.trainee)
    invocation.services.enrolment.return_(_class_id(invocation), person, _day(invocation), given.reason)
    return _done("return", 1)


def _transfer(invocation: Invocation) -> Answer:
    given = invocation.arguments
    target = _class_id(invocation, given.to)
    moved = invocation.services.enrolment.transfer(
        _class_id(invocation), ids.from_text(given.trainee), target, _day(invocation), given.reason
    )
    data = {"attended_hours": moved.attended, "carried_hours": moved.carried}
    line = resources.text("cli.transferred", code=given.to, attended=moved.attended, carried=moved.carried)
    return Answer(data, [line])


def _groups(invocation: Invocation) -> Answer:
    given = invocation.arguments
    sheet = invocation.services.qualification.sheet(_class_id(invocation), ids.from_text(given.trainee))
    groups = [
        {
            "group": one.group,
            "name": qualification.group_name(one.group),
            "fits": one.fits,
            "reason": resources.text(f"qualification.{one.reason}", **one.params),
        }
        for one in sheet.matches
    ]
    return Answer(_sheet(sheet) | {"groups": groups}, table(groups, ("group", "name", "fits", "reason")))


def _sheet(sheet: QualificationSheet) -> dict[str, Any]:
    return {
        "on": sheet.on,
        "chosen": sheet.chosen,
        "channel": sheet.channel,
        "organisers": sheet.organisers,
        "organised_by": sheet.organised_by,
        "ground": sheet.ground,
        "consent_version": sheet.consent_version,
        "advice": described_findings(sheet.advice),
    }


def _choose(invocation: Invocation) -> Answer:
    given = invocation.arguments
    channel = invocation.services.qualification.choose_group(
        _class_id(invocation),
        ids.from_text(given.trainee),
        given.group,
        ground=given.ground,
        organised_by=given.organised_by,
        reason=given.reason,
        enrolled_on=given.enrolled,
    )
    organisers = qualification.organisers_of(given.group)
    data = {
        "group": given.group,
        "channel": channel.code,
        "document": channel.document,
        "organisers": organisers,
        "subsidised": channel.code != funding_channels.NONE,
    }
    name = qualification.group_name(given.group)
    return Answer(data, [resources.text("cli.group_chosen", group=name, channel=channel.name)])


def _choose_stated(invocation: Invocation) -> Answer:
    """Choose what the roster states for the people named, else for the whole class."""
    given, services = invocation.arguments, invocation.services
    class_id = _class_id(invocation)
    people = _ids(given.trainee) or [one.trainee_id for one in services.classes.list_members(class_id)]
    done = services.qualification.choose_stated(class_id, people)
    left = [{"name": name, "code": error.code} for name, error in done.left]
    line = resources.text("cli.groups_stated", count=done.chosen, left=len(left))
    return Answer({"chosen": done.chosen, "left": left}, [line])


def _consent(invocation: Invocation) -> Answer:
    given = invocation.arguments
    consent = _given_consent(invocation, given=True, sensitive=given.sensitive)
    assert consent is not None
    people = _ids(given.trainees)
    count = invocation.services.qualification.record_consent(_class_id(invocation), people, consent)
    return Answer({"count": count, "version": consent.version}, [resources.text("cli.wish_recorded")])


def _add_wish(invocation: Invocation) -> Answer:
    given = invocation.arguments
    consent = _given_consent(invocation, given=given.consent, sensitive=given.sensitive)
    made = invocation.services.willingness.record(
        ids.from_text(given.trainee), given.trade, level=given.level, consent=consent
    )
    return Answer({"wish": made}, [resources.text("cli.wish_recorded")])


def _wishes(invocation: Invocation) -> Answer:
    """List the pool; ``--out`` prints the 愿训未训名单."""
    if invocation.arguments.out is not None:
        invocation.services.list_papers.unmet(invocation.arguments.out)
    found = [
        _wish(one) for one in invocation.services.willingness.list_wishes(unmet=invocation.arguments.unmet)
    ]
    return Answer({"total": len(found), "items": found}, table(found, WISH_COLUMNS))


def _wish(item: WishListItem) -> dict[str, Any]:
    return {
        "id": item.id,
        "trainee": item.trainee_id,
        "name": item.name,
        "document_number": item.document_number,
        "phone": item.phone,
        "trade": item.trade,
        "level": item.level,
        "state": item.state.value,
        "class": item.class_code,
        "reason": item.reason,
        "noted_on": item.noted_on,
        "consented_on": item.consented_on,
        "consent_version": item.consent_version,
    }


def _match(invocation: Invocation) -> Answer:
    class_id, service = _class_id(invocation), invocation.services.willingness
    chosen = _ids(invocation.arguments.wishes) or [one.id for one in service.matching(class_id)]
    return _done("apply", service.match(class_id, chosen))


def _close(invocation: Invocation) -> Answer:
    given = invocation.arguments
    count = invocation.services.willingness.close(_ids(given.wishes), given.reason)
    return Answer(
        {"count": count},
        [resources.text("cli.enrolment_done", count=count, verb=resources.text("wish.rejected"))],
    )
