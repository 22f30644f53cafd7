"""Where a class stands: the states of its life, what the next step needs, and how its reports stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from desktop_app.domain.life_cycles import TRAINING_CLASS as CYCLE
from desktop_app.domain.listings.opening import NextStep
from desktop_app.domain.listings.reporting import ReportListItem
from desktop_app.domain.listings.training import ClassListItem
from desktop_app.domain.rules import Finding
from ui.i18n import tr
from ui.messages import describe
from ui.report_wording import kind_text, state_text

STATES = ("preparing", "filed", "running", "taught", "assessed", "completed", "archived")
"""The states of a class in the order of its life; 停训 stands at 在训, 取消 at the beginning."""
TAB_OF_STATE = {
    "preparing": "opening",
    "filed": "timetable",
    "running": "attendance",
    "taught": "scores",
    "assessed": "scores",
    "completed": "certificates",
    "archived": "evidence",
}
_TAB_OF_ENTITY = {
    "enrolment": "roster",
    "trainee": "roster",
    "session": "timetable",
    "mark": "attendance",
    "assessment": "scores",
    "score": "scores",
}
_LATER = "SESSIONS_TO_COME"


@dataclass(frozen=True, slots=True)
class ClassState:
    """What the class page shows on top; ``reports`` is None where the user may not see them."""

    item: ClassListItem
    step: NextStep
    reports: tuple[ReportListItem, ...] | None


@dataclass(frozen=True, slots=True)
class NextLine:
    """The line under the states: what is said, its tone, what the link says, and where it leads.

    ``verb``: the step can be taken; ``tab`` is where what is missing, or warned of, is mended.
    """

    text: str
    tone: str = ""
    tip: str = ""
    verb: str = ""
    tab: str = ""


def state_reader(services: Any, class_id: bytes) -> Callable[[], ClassState]:  # noqa: ANN401 - the container
    """Return the call that reads the state of a class, with what the user may see."""
    reporting = getattr(services, "reporting", None) if services.context.may("view_reports") else None

    def read() -> ClassState:
        return ClassState(
            services.classes.get_class(class_id),
            services.opening.next_step(class_id),
            tuple(reporting.class_reports(class_id)) if reporting is not None else None,
        )

    return read


def standing(item: ClassListItem) -> int:
    """Return the place of the class in ``STATES``; past the last one where it is archived."""
    state = CYCLE.state_of(item.state)
    if state == "archived":
        return len(STATES)
    return STATES.index("running" if state == "suspended" else state) if state != "cancelled" else 0


def next_line(step: NextStep, item: ClassListItem) -> NextLine:
    """Return what is said of the next step: what blocks it, what is still to come, or that it can be taken."""
    state = CYCLE.state_of(item.state)
    if step.verb is None:
        return NextLine(tr(f"progress.end.{state}"), "done" if state == "archived" else "")
    name = tr(f"steps.do.{step.verb}")
    tip = "\n".join(f"{one.text} {one.hint}" for one in (describe(each.error) for each in step.findings))
    blocks = step.blocks
    if not blocks:
        key = "progress.ready_warned" if step.findings else "progress.ready"
        told = _said(step.findings[0], item) if step.findings else ""
        text = tr(key, step=name, count=len(step.findings), first=told)
        tab = tab_of(step.findings[0]) if step.findings else ""
        return NextLine(text, "" if step.findings else "done", tip, verb=step.verb, tab=tab)
    first = next((one for one in blocks if one.error.code != _LATER), blocks[0])
    said = _said(first, item)
    if first.error.code == _LATER:
        return NextLine(said, "", tip, tab="timetable")
    key = "progress.blocked" if len(blocks) == 1 else "progress.blocked_more"
    text = tr(key, step=name, block=said, count=len(blocks))
    return NextLine(text, "waiting", tip, tab=tab_of(first))


def _said(finding: Finding, item: ClassListItem) -> str:
    """Return what was found without the code of the class, which the page says already."""
    return describe(finding.error).text.removeprefix(item.code).lstrip()


def tab_of(finding: Finding) -> str:
    """Return the tab where something that was found is mended."""
    return _TAB_OF_ENTITY.get(finding.entity, "opening")


def reports_line(reports: Sequence[ReportListItem]) -> str:
    """Return how the reports of a class stand, those that say nothing left out; "" where none does."""
    told = [f"{kind_text(one.kind)} {state_text(one)}" for one in reports if one.state != "empty"]
    return tr("progress.reports", reports=" · ".join(told)) if told else ""


def facts(item: ClassListItem) -> Sequence[str]:
    """Return the facts under the title: state, people, session n of m."""
    found = [
        tr(f"state.training_class.{CYCLE.state_of(item.state)}"),
        tr("classes.fact.people", count=item.people),
    ]
    if item.sessions:
        found.append(
            tr("classes.fact.sessions", done=item.sessions_past, total=item.sessions, hours=item.hours)
        )
    return found
