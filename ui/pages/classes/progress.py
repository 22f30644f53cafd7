"""Where a class stands: the steps of its life, and what blocks the next one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from desktop_app.domain.life_cycles import TRAINING_CLASS as CYCLE
from desktop_app.domain.listings.results import AssessmentItem, CertificateListItem
from desktop_app.domain.listings.training import ClassListItem
from ui.i18n import tr

STEPS = ("roster", "timetable", "attendance", "scores", "certificates")


@dataclass(frozen=True, slots=True)
class ClassState:
    """What the class page shows on top; assessments and certificates are None where the user may not see them."""

    item: ClassListItem
    assessments: tuple[AssessmentItem, ...] | None
    certificates: tuple[CertificateListItem, ...] | None


def state_reader(services: Any, class_id: bytes) -> Callable[[], ClassState]:  # noqa: ANN401 - the container
    """Return the call that reads the state of a class, with what the user may see."""
    may = services.context.may

    def read() -> ClassState:
        return ClassState(
            services.classes.get_class(class_id),
            tuple(services.assessments.list_assessments(class_id)) if may("view_scores") else None,
            tuple(services.certificates.list_certificates(class_id)) if may("view_certificates") else None,
        )

    return read


def standing(state: ClassState) -> tuple[int, str]:
    """Return the number of the present step from 0 (all done: number of steps) and what blocks it, in words."""
    blocks = (_roster(state), _timetable(state), _attendance(state), _scores(state), _certificates(state))
    for number, block in enumerate(blocks):
        if block:
            return number, block
    return len(STEPS), ""


def facts(state: ClassState) -> Sequence[str]:
    """Return the facts under the title: state, people, session n of m, what is to be marked."""
    item = state.item
    state_word = tr(f"state.training_class.{CYCLE.state_of(item.state)}")
    found = [state_word, tr("classes.fact.people", count=item.people)]
    if item.sessions:
        found.append(
            tr("classes.fact.sessions", done=item.sessions_past, total=item.sessions, hours=item.hours)
        )
    return found


def _roster(state: ClassState) -> str:
    return "" if state.item.people else tr("progress.no_people")


def _timetable(state: ClassState) -> str:
    return "" if state.item.sessions else tr("progress.no_sessions")


def _attendance(state: ClassState) -> str:
    item = state.item
    unmarked = item.sessions_past - item.sessions_marked
    if unmarked > 0:
        return tr("progress.to_mark", count=unmarked)
    to_come = item.sessions - item.sessions_past
    return tr("progress.to_come", count=to_come) if to_come > 0 else ""


def _scores(state: ClassState) -> str:
    if state.assessments is None:
        return ""
    if not state.assessments:
        return tr("progress.no_assessment")
    missing = sum(max(0, item.people - item.scored) for item in state.assessments)
    return tr("progress.to_score", count=missing) if missing else ""


def _certificates(state: ClassState) -> str:
    if state.certificates is None:
        return ""
    numbered = sum(1 for item in state.certificates if item.number)
    return "" if numbered else tr("progress.no_certificates")
