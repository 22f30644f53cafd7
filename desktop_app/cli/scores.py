"""``score``: the teacher's own assessment is typed and locked, an administrator unlocks it with a reason."""

from __future__ import annotations

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.parser import Parser, Parsers, add_command, add_noun, assignment, iso_date
from desktop_app.domain import ids
from desktop_app.domain.assessments import AssessmentKind, Component, ComponentCode, parse_score
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.results import AssessmentItem
from desktop_app.services.assessments import NewScore
from desktop_app.services.container import Services

_TYPED = (AssessmentKind.COMPLETION.value, AssessmentKind.PROCESS.value)


def register(commands: Parsers) -> None:
    """Add ``score``."""
    verbs = add_noun(commands, "score")
    create = _about_class(add_command(verbs, "create", "score_create", _create))
    create.add_argument("--date", type=iso_date, metavar="DATE")
    enter = _about_class(add_command(verbs, "enter", "score_enter", _enter))
    enter.add_argument("--trainee", required=True, metavar="ID")
    enter.add_argument("scores", type=assignment, nargs="+", metavar="COMPONENT=VALUE")
    enter.add_argument("--reason", metavar="TEXT")
    _about_class(add_command(verbs, "lock", "score_lock", _lock))
    unlock = _about_class(add_command(verbs, "unlock", "score_unlock", _unlock))
    unlock.add_argument("--reason", default="", metavar="TEXT")


def _about_class(parser: Parser) -> Parser:
    parser.add_argument("--class", dest="class_code", required=True, metavar="CODE")
    parser.add_argument("--kind", choices=_TYPED, default=_TYPED[0])
    return parser


def _create(invocation: Invocation) -> Answer:
    given = invocation.arguments
    assessment_id = _new(invocation.services, given.class_code, given.kind, given)
    return Answer({"assessment": assessment_id}, [resources.text("cli.assessment_created")])


def _new(services: Services, code: str, kind: str, given: object) -> bytes:
    held_on = getattr(given, "date", None) or services.context.today()
    training_class = services.classes.class_by_code(code)
    return services.assessments.create(training_class.id, AssessmentKind(kind), held_on=held_on)


def _enter(invocation: Invocation) -> Answer:
    """Type scores; the first ones of a class make its assessment."""
    given, services = invocation.arguments, invocation.services
    services.context.require("enter_scores")
    trainee_id = ids.from_text(given.trainee)
    found = _find(services, given.class_code, given.kind)
    if found is None:
        _new(services, given.class_code, given.kind, given)
        found = _required(services, given.class_code, given.kind)
    scores = {ComponentCode(_component(found, name).code): value for name, value in given.scores}
    new = NewScore(
        trainee_id,
        {code: parse_score(value, _component(found, code.value)) for code, value in scores.items()},
    )
    changed = services.assessments.enter(found.id, [new], given.reason)
    return Answer({"assessment": found.id, "changed": changed}, [resources.text("cli.scored", count=changed)])


def _component(assessment: AssessmentItem, name: str) -> Component:
    for component in assessment.components:
        if component.code.value == name:
            return component
    raise AppError("COMPONENT_UNKNOWN", value=name)


def _lock(invocation: Invocation) -> Answer:
    given, services = invocation.arguments, invocation.services
    found = _required(services, given.class_code, given.kind)
    services.assessments.lock(found.id)
    return Answer({"assessment": found.id, "locked": True}, [resources.text("cli.scores_locked")])


def _unlock(invocation: Invocation) -> Answer:
    given, services = invocation.arguments, invocation.services
    found = _required(services, given.class_code, given.kind)
    services.assessments.unlock(found.id, given.reason)
    return Answer({"assessment": found.id, "locked": False}, [resources.text("cli.scores_unlocked")])


def _find(services: Services, code: str, kind: str) -> AssessmentItem | None:
    """Return the newest assessment of a kind that a class has."""
    training_class = services.classes.class_by_code(code)
    found = [item for item in services.assessments.list_assessments(training_class.id) if item.kind == kind]
    return found[-1] if found else None


def _required(services: Services, code: str, kind: str) -> AssessmentItem:
    found = _find(services, code, kind)
    if found is None:
        raise AppError("ASSESSMENT_MISSING")
    return found
