"""班级: what stands in the way of the next step of its life (requirements §4)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from desktop_app.domain.errors import AppError
from desktop_app.domain.rules import Finding, Severity
from resources import Worded

SUSPENDED = "suspended"
PREPARING = "preparing"


STATES = (
    "preparing",
    "filed",
    "running",
    "suspended",
    "taught",
    "assessed",
    "completed",
    "archived",
    "cancelled",
)
"""The states of ``life_cycles.TRAINING_CLASS`` in the order of a class's life."""
FORWARD = {
    "preparing": "file",
    "filed": "open",
    "running": "finish_teaching",
    "suspended": "resume",
    "taught": "assess",
    "assessed": "complete",
    "completed": "archive",
}
"""The step that takes a class on from each state; 归档 and 取消 are ends."""


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """How far a class is. ``sessions`` without 停课; ``unmarked`` counts held sessions in which somebody has no mark,
    ``to_come`` those after today; ``assessments`` of the class, ``waiting`` those without scores of all or not locked;
    ``attending`` people who are still 在训: neither 结业 nor 未结业 was said of them.
    """

    code: str
    people: int
    sessions: int
    unmarked: int
    to_come: int
    assessments: int
    waiting: int
    attending: int = 0


def next_step(verb: str, facts: ClassFacts) -> tuple[Finding, ...]:
    """Return what stands in the way of a step (verb of ``life_cycles.TRAINING_CLASS``).

    Blank marks and sessions to come block 结课, a missing assessment 考核, scores that are not locked 结业.
    Whoever is still 在训 warns before 归档.
    """
    found: list[Finding] = []
    if verb == "finish_teaching":
        if not facts.people:
            found.append(_block("CLASS_WITHOUT_PEOPLE", facts, "enrolment"))
        if not facts.sessions:
            found.append(_block("PLAN_EMPTY", facts, "session"))
        if facts.to_come:
            found.append(_block("SESSIONS_TO_COME", facts, "session", count=facts.to_come))
        if facts.unmarked:
            found.append(_block("MARKS_MISSING", facts, "mark", count=facts.unmarked))
    elif verb in {"assess", "complete"}:
        if not facts.assessments:
            found.append(_block("CLASS_UNASSESSED", facts, "assessment"))
        if verb == "complete" and facts.waiting:
            found.append(_block("SCORES_UNLOCKED", facts, "score", count=facts.waiting))
    elif verb == "archive" and facts.attending:
        error = AppError("PEOPLE_UNDECIDED", training_class=facts.code, count=facts.attending)
        found.append(Finding("", Severity.WARN, error, "enrolment"))
    return tuple(found)


def check_unclaimed(states: Collection[str], code: str) -> None:
    """Check that no claim on a class is on its way or decided; 草稿 and 追回 hold nothing; AppError CLASS_CLAIMED."""
    for state in states:
        if state not in {"draft", "recovered"}:
            raise AppError("CLASS_CLAIMED", training_class=code, state=Worded(f"state.claim.{state}"))


def check_extension(present: date | None, wanted: date, started: date | None) -> None:
    """Check the new last day of a class that is extended (延期); AppError EXTENSION_NOT_LATER, DATES_REVERSED."""
    if present is not None and wanted <= present:
        raise AppError("EXTENSION_NOT_LATER", end=present.isoformat())
    if started is not None and wanted < started:
        raise AppError("DATES_REVERSED")


def check_step_day(on: date, today: date, former: date | None) -> None:
    """Check the day of a step: neither to come nor before the former step; AppError STEP_TO_COME, STEP_BEFORE."""
    if on > today:
        raise AppError("STEP_TO_COME", day=on.isoformat())
    if former is not None and on < former:
        raise AppError("STEP_BEFORE", day=former.isoformat())


def _block(code: str, facts: ClassFacts, entity: str, **params: object) -> Finding:
    return Finding("", Severity.BLOCK, AppError(code, training_class=facts.code, **params), entity)
