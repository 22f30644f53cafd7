"""考生: the state of one person in one assessment, 补考, and when a 职业技能等级考核 may be held (四.3, R14).

缺考, 缓考 and 违纪取消 are states of a component, never 0. What is stored beside the components says only what they
cannot: 报考, 排考, 违纪取消 of the whole person, and that a 补考 was opened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from desktop_app.domain.assessments import (
    Component,
    ComponentCode,
    Conclusion,
    Outcome,
    PassRule,
    Score,
    ScoreState,
    conclude,
)
from desktop_app.domain.errors import AppError
from desktop_app.domain.records import ASSESSMENT
from desktop_app.domain.rules import Finding, Severity, rule
from desktop_app.domain.willingness import listed

REGISTERED, SCHEDULED, SCORED = "registered", "scheduled", "scored"
ABSENT, DEFERRED, DISQUALIFIED, RESITTING = "absent", "deferred", "disqualified", "resitting"
CLOSED = frozenset({DISQUALIFIED, RESITTING})
"""States in which no score is typed or imported any more."""
STATE_OF_VERB = {
    "miss": ScoreState.ABSENT,
    "defer": ScoreState.DEFERRED,
    "disqualify": ScoreState.VIOLATION,
}

Scores = Mapping[ComponentCode, Score]


def candidate_state(stored: str | None, scores: Scores, components: Sequence[Component] = ()) -> str:
    """Return where a person stands in an assessment, from what is stored and from the components.

    Who is registered or scheduled stays so while a component is still to be sat: a 补考 carries those passed before.
    """
    if stored in CLOSED:
        return str(stored)
    states = {score.state for score in scores.values()}
    for state, name in (
        (ScoreState.VIOLATION, DISQUALIFIED),
        (ScoreState.ABSENT, ABSENT),
        (ScoreState.DEFERRED, DEFERRED),
        (ScoreState.SCORED, SCORED),
    ):
        if state in states:
            is_waiting = name == SCORED and any(one.code not in scores for one in components)
            return str(stored) if is_waiting and stored in {REGISTERED, SCHEDULED} else name
    return stored or REGISTERED


def results_of(verb: str, components: Sequence[Component], scores: Scores) -> dict[ComponentCode, Score]:
    """Return the components that 缺考, 缓考 or 违纪取消 writes.

    缺考 and 缓考 leave what was sat already; 违纪取消 takes every component.
    """
    state = STATE_OF_VERB[verb]
    codes = [component.code for component in components]
    if state is ScoreState.VIOLATION:
        return {code: Score(state) for code in codes}
    return {code: Score(state) for code in codes if code not in scores}


def recalled(scores: Scores) -> tuple[ComponentCode, ...]:
    """Return the components from which a 缺考 or 缓考 is taken back; what was sat stays."""
    back = (ScoreState.ABSENT, ScoreState.DEFERRED)
    return tuple(code for code, score in scores.items() if score.state in back)


def carried(components: Sequence[Component], scores: Scores, outcome: Outcome) -> dict[ComponentCode, Score]:
    """Return the results that a 补考 takes over: passed components; failed, missed and deferred ones are sat again."""
    return {
        component.code: score
        for component in components
        if (score := scores.get(component.code)) is not None
        and score.state is ScoreState.SCORED
        and component.code not in outcome.to_repeat
    }


@dataclass(frozen=True, slots=True)
class Merged:
    """One person's first sitting with every 补考 after it: what was sat again, with the last result of each component.

    ``outcome`` is that of the last sitting that decided something.
    """

    repeated: dict[ComponentCode, Score]
    outcome: Outcome


def merge_sittings(components: Sequence[Component], rule: PassRule, sittings: Sequence[Scores]) -> Merged:
    """Merge a first sitting and its 补考, in the order they were held, component by component.

    A 补考 carries what was passed before: that is not sat again and not named. Raises ValueError without a sitting.
    """
    if not sittings:
        raise ValueError("a first sitting is needed")
    repeated: dict[ComponentCode, Score] = {}
    outcome = conclude(components, rule, sittings[0])
    before, kept = sittings[0], outcome
    for scores in sittings[1:]:
        known = carried(components, before, kept)
        repeated |= {code: score for code, score in scores.items() if code not in known}
        kept, before = conclude(components, rule, scores), scores
        if kept.conclusion is not Conclusion.NONE:
            outcome = kept
    return Merged(repeated, outcome)


@rule("R14")
def check_level_exam(
    class_code: str, held_on: date, last_session: date | None, organisation: str | None, key: bytes = b""
) -> tuple[Finding, ...]:
    """职业技能等级考核 (四.3): joint with a named evaluation organisation, not before the last session.

    Blocks with ASSESSMENT_TOO_EARLY; warns with ORGANISATION_UNKNOWN while nobody is named.
    """
    found = []
    if last_session is not None and held_on < last_session:
        error = AppError(
            "ASSESSMENT_TOO_EARLY",
            date=held_on.isoformat(),
            last=last_session.isoformat(),
            class_code=class_code,
        )
        found.append(Finding("R14", Severity.BLOCK, error, ASSESSMENT.name, key, "held_on"))
    if not (organisation or "").strip():
        error = AppError("EVALUATOR_UNNAMED", class_code=class_code)
        found.append(Finding("R14", Severity.WARN, error, ASSESSMENT.name, key, "organisation"))
    return tuple(found)


@rule("R14")
def check_correction(
    class_code: str, changed: int, file_hash: str, former: Sequence[str]
) -> tuple[Finding, ...]:
    """A correction of imported results is a new file of the organisation (四.3): the same file changes nothing."""
    if not changed or file_hash not in former:
        return ()
    error = AppError("CORRECTION_NEEDS_FILE", class_code=class_code, count=changed)
    return (Finding("R14", Severity.BLOCK, error),)


def check_photos(class_code: str, people: Sequence[str], key: bytes = b"") -> tuple[Finding, ...]:
    """Warn of whoever gets a 准考证 without a 证件照 among the evidence: its place is left blank to glue one in."""
    if not people:
        return ()
    error = AppError("PHOTO_MISSING", person=listed(list(people)), count=len(people), class_code=class_code)
    return (Finding("R14", Severity.WARN, error, ASSESSMENT.name, key),)
