"""``certificate``: 待发, 已发, 领取, 更正, 补发, 作废, and a number that was entered wrongly."""

from __future__ import annotations

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.parser import Parser, Parsers, Run, add_command, add_noun, assignment, iso_date
from desktop_app.domain import ids
from desktop_app.domain.certificates import CertificateKind
from desktop_app.domain.errors import AppError
from desktop_app.domain.records import CERTIFICATE
from desktop_app.services.certificate_steps import Issued


def register(commands: Parsers) -> None:
    """Add ``certificate``."""
    verbs = add_noun(commands, "certificate")
    edit = _one(verbs, "edit", "certificate_edit", _edit)
    edit.add_argument("fields", type=assignment, nargs="+", metavar="number=VALUE")
    prepare = add_command(verbs, "prepare", "certificate_prepare", _prepare)
    prepare.add_argument("--class", dest="class_code", required=True, metavar="CODE")
    issue = add_command(verbs, "issue", "certificate_issue", _issue)
    issue.add_argument("--class", dest="class_code", required=True, metavar="CODE")
    issue.add_argument("--trainee", required=True, metavar="ID")
    issue.add_argument("--kind", choices=[kind.value for kind in CertificateKind])
    _stands_on(issue)
    hand_over = _one(verbs, "hand-over", "certificate_hand_over", _hand_over)
    hand_over.add_argument("--date", type=iso_date, metavar="DATE")
    hand_over.add_argument("--proxy", default="", metavar="NAME")
    _stands_on(_one(verbs, "correct", "certificate_correct", _correct))
    _stands_on(_one(verbs, "reissue", "certificate_reissue", _reissue))
    _one(verbs, "void", "certificate_void", _void)


def _one(verbs: Parsers, name: str, help_key: str, run: Run) -> Parser:
    parser = add_command(verbs, name, help_key, run)
    parser.add_argument("id", metavar="ID")
    parser.add_argument("--reason", default="", metavar="TEXT")
    return parser


def _stands_on(parser: Parser) -> None:
    parser.add_argument("--number", required=True, metavar="TEXT")
    parser.add_argument("--date", type=iso_date, required=True, metavar="DATE")


def _key(invocation: Invocation) -> bytes:
    return ids.from_text(invocation.arguments.id, CERTIFICATE.key_size)


def _edit(invocation: Invocation) -> Answer:
    given = invocation.arguments
    key = _key(invocation)
    assessment_id, trainee_id = key[: ids.ID_BYTES], key[ids.ID_BYTES : 2 * ids.ID_BYTES]
    fields = dict(given.fields)
    for name in fields:
        if name != "number":
            raise AppError("FIELD_UNKNOWN", field=name)
    service = invocation.services.certificates
    issue = int.from_bytes(key[2 * ids.ID_BYTES :], "big")
    service.correct_number(assessment_id, trainee_id, fields["number"], given.reason, issue)
    return Answer(
        {"certificate": key, "changed": ["number"]}, [resources.text("cli.edited", fields="number")]
    )


def _prepare(invocation: Invocation) -> Answer:
    services = invocation.services
    class_id = services.classes.class_by_code(invocation.arguments.class_code).id
    count = services.certificate_steps.prepare(class_id)
    return Answer({"prepared": count}, [resources.text("cli.certificates_prepared", count=count)])


def _issued(invocation: Invocation) -> Issued:
    return Issued(invocation.arguments.number, invocation.arguments.date)


def _issue(invocation: Invocation) -> Answer:
    given, services = invocation.arguments, invocation.services
    class_id = services.classes.class_by_code(given.class_code).id
    kind = None if given.kind is None else CertificateKind(given.kind)
    steps = services.certificate_steps
    return _done(steps.issue(class_id, ids.from_text(given.trainee), _issued(invocation), kind), "issue")


def _hand_over(invocation: Invocation) -> Answer:
    given, services = invocation.arguments, invocation.services
    key = _key(invocation)
    services.certificate_steps.hand_over(key, given.date or services.context.today(), given.proxy)
    return _done(key, "hand_over")


def _correct(invocation: Invocation) -> Answer:
    steps, reason = invocation.services.certificate_steps, invocation.arguments.reason
    return _done(steps.correct(_key(invocation), _issued(invocation), reason), "correct")


def _reissue(invocation: Invocation) -> Answer:
    steps, reason = invocation.services.certificate_steps, invocation.arguments.reason
    return _done(steps.reissue(_key(invocation), _issued(invocation), reason), "reissue")


def _void(invocation: Invocation) -> Answer:
    key = _key(invocation)
    invocation.services.certificate_steps.void(key, invocation.arguments.reason)
    return _done(key, "void")


def _done(key: bytes, verb: str) -> Answer:
    said = resources.text(f"verb.certificate.{verb}")
    return Answer({"certificate": key}, [resources.text("cli.certificate_done", verb=said)])
