"""``class`` verbs of opening and life: prepare, check, file, open, suspend … reopen, completeness, join."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.output import described_findings
from desktop_app.cli.parser import Parser, Parsers, add_command, assignment, iso_date
from desktop_app.domain import ids
from desktop_app.domain.errors import AppError
from desktop_app.domain.opening import Duty, StaffMember
from desktop_app.domain.rules import blocking

FULL, PART = "full", "part"
_STAFF_PARTS = 3


@dataclass(frozen=True, slots=True)
class Step:
    """A step of ``life_cycles.TRAINING_CLASS``: its verb, the command that takes it, what it asks beside the day."""

    name: str
    method: Callable[[Any], Callable[..., int | None]]
    options: tuple[str, ...] = ()


OPTIONS: dict[str, dict[str, Any]] = {
    "receipt": {"default": "", "metavar": "TEXT"},
    "reason": {"default": "", "metavar": "TEXT"},
    "end": {"type": iso_date, "required": True, "metavar": "DATE", "dest": "end_on"},
}
STEPS = (
    Step("file", lambda services: services.opening.file_class, ("receipt",)),
    Step("open", lambda services: services.opening.open_class),
    Step("suspend", lambda services: services.class_steps.suspend, ("reason",)),
    Step("resume", lambda services: services.class_steps.resume),
    Step("extend", lambda services: services.class_steps.extend, ("reason", "end")),
    Step("cancel", lambda services: services.class_steps.cancel, ("reason",)),
    Step("finish", lambda services: services.class_steps.finish_teaching),
    Step("assess", lambda services: services.class_steps.assess),
    Step("complete", lambda services: services.class_steps.complete),
    Step("archive", lambda services: services.class_steps.archive),
    Step("reopen", lambda services: services.class_steps.reopen, ("reason",)),
)


def register(verbs: Parsers) -> None:
    """Add the verbs to the noun ``class``."""
    prepare = _verb(verbs, "prepare", _prepare)
    prepare.add_argument("fields", type=assignment, nargs="*", metavar="FIELD=VALUE")
    prepare.add_argument("--staff", action="append", metavar="NAME:DUTY:full|part")
    _verb(verbs, "check", _check)
    for step in STEPS:
        verb = _verb(verbs, step.name, partial(_take, step))
        verb.add_argument("--on", type=iso_date, metavar="DATE")
        for option in step.options:
            verb.add_argument(f"--{option}", **OPTIONS[option])
    _verb(verbs, "completeness", _completeness)
    move = _verb(verbs, "move", _move)
    move.add_argument("--to", required=True, metavar="CODE")
    move.add_argument("--trainee", nargs="+", metavar="ID")
    move.add_argument("--on", type=iso_date, metavar="DATE")
    move.add_argument("--reason", required=True, metavar="TEXT")
    join = _verb(verbs, "join", _join)
    join.add_argument("--session", type=int, required=True, metavar="N")
    join.add_argument("--with", dest="joined", required=True, metavar="CODE")


def _verb(verbs: Parsers, name: str, run: Callable[[Invocation], Answer]) -> Parser:
    parser = add_command(verbs, name, f"class_{name}", run)
    parser.add_argument("code", metavar="CODE")
    return parser


def _id(invocation: Invocation) -> bytes:
    found: bytes = invocation.services.classes.class_by_code(invocation.arguments.code).id
    return found


def _staff(texts: list[str] | None) -> list[StaffMember] | None:
    """Read NAME:DUTY:full|part; AppError STAFF_FORM."""
    if texts is None:
        return None
    members = []
    for text in texts:
        parts = text.rsplit(":", 2)
        if len(parts) != _STAFF_PARTS or parts[1] not in set(Duty) or parts[2] not in {FULL, PART}:
            raise AppError("STAFF_FORM", value=text[:60])
        members.append(StaffMember(parts[0], Duty(parts[1]), parts[2] == FULL))
    return members


def _prepare(invocation: Invocation) -> Answer:
    given = invocation.arguments
    fields: dict[str, object] = dict(given.fields)
    if "local_pool" in fields:
        fields["local_pool"] = fields["local_pool"] in {"1", "yes", "true"}
    invocation.services.opening.prepare(_id(invocation), fields, _staff(given.staff))
    changed = sorted([*fields, *(["staff"] if given.staff else [])])
    return Answer({"changed": changed}, [resources.text("cli.class_prepared", code=given.code)])


def _check(invocation: Invocation) -> Answer:
    sheet = invocation.services.opening.sheet(_id(invocation))
    items = []
    lines = [resources.text("cli.class_state", code=sheet.class_code, state=_state(sheet.state))]
    for one in sheet.items:
        told = described_findings(one.findings)
        items.append(
            {"topic": one.topic.value, "severity": one.severity and one.severity.value, "findings": told}
        )
        lines += [f"{cause['message']} {cause['hint']}" for cause in told]
    data: dict[str, Any] = {
        "class": sheet.class_id,
        "state": sheet.state,
        "since": sheet.state_on,
        "steps": sheet.verbs,
        "ready": not any(blocking(one.findings) for one in sheet.items),
        "items": items,
    }
    return Answer(data, lines)


def _state(state: str) -> str:
    return resources.text(f"state.training_class.{state}")


def _done(invocation: Invocation, **more: object) -> Answer:
    sheet = invocation.services.opening.sheet(_id(invocation))
    said = resources.text("cli.class_state", code=sheet.class_code, state=_state(sheet.state))
    return Answer({"class": sheet.class_id, "state": sheet.state, "since": sheet.state_on, **more}, [said])


def _take(step: Step, invocation: Invocation) -> Answer:
    """Take a step of a class with its day and what else it asks; tell how many sessions it called off."""
    given = invocation.arguments
    names = [OPTIONS[option].get("dest", option) for option in step.options]
    words = {name: getattr(given, name) for name in names}
    called_off = step.method(invocation.services)(_id(invocation), on=given.on, **words)
    return _done(invocation) if called_off is None else _done(invocation, called_off=called_off)


def _completeness(invocation: Invocation) -> Answer:
    found = invocation.services.opening.completeness(_id(invocation))
    fields = [
        {
            "field": one.field,
            "filled": one.filled,
            "needed": one.needed,
            "lacking": [{"trainee": key, "name": found.names.get(key, "")} for key in one.lacking],
        }
        for one in found.fields
    ]
    lines = [
        resources.text(
            "cli.class_field",
            field=resources.text(f"basic.{one.field}"),
            filled=one.filled,
            needed=one.needed,
            names="、".join(found.names.get(key, "") for key in one.lacking) or "—",
        )
        for one in found.fields
    ]
    return Answer({"class": found.class_code, "people": found.people, "fields": fields}, lines)


def _move(invocation: Invocation) -> Answer:
    given, services = invocation.arguments, invocation.services
    target = services.classes.class_by_code(given.to)
    chosen = None if given.trainee is None else [ids.from_text(text) for text in given.trainee]
    moved = services.class_steps.move_people(
        _id(invocation), target.id, given.reason, day=given.on, trainees=chosen
    )
    text = resources.text("cli.class_moved", code=given.code, other=target.code, count=moved)
    return Answer({"moved": moved}, [text])


def _join(invocation: Invocation) -> Answer:
    given, services = invocation.arguments, invocation.services
    joined = services.classes.class_by_code(given.joined)
    for session in services.classes.list_sessions(_id(invocation)):
        if session.number == given.session:
            services.opening.join_session(session.id, joined.id)
            text = resources.text(
                "cli.class_joined", code=given.code, number=given.session, other=joined.code
            )
            return Answer({"session": session.id, "class": joined.id}, [text])
    raise AppError("SESSION_UNKNOWN", number=given.session)
