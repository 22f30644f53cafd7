"""How reports, their states, problems and batches read, and which screen a record is put right on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from desktop_app.domain.clock import SHANGHAI
from desktop_app.domain.listings.reporting import (
    BatchListItem,
    PreflightProblem,
    RejectedListItem,
    ReportListItem,
)
from ui.i18n import tr
from ui.report_wording import kind_text
from ui.widgets.cell_states import Tone

ID = 16
NAMED = 4
STATE_TONES = {
    "empty": Tone.QUIET,
    "ready": Tone.PLAIN,
    "sealed": Tone.LOCKED,
    "accepted": Tone.DONE,
    "changed": Tone.WAITING,
    "rejected": Tone.WRONG,
}
REVIEW_TONES = {"waiting": Tone.WAITING, "returned": Tone.WRONG}
BATCH_TONES = {
    "sealed": Tone.WAITING,
    "sending": Tone.WAITING,
    "delivered": Tone.WAITING,
    "receipted": Tone.DONE,
    "dissolved": Tone.LOCKED,
}
WITHOUT_RECEIPT = "BATCH_WITHOUT_RECEIPT"
"""Noted at a batch that went out as Excel forms: nobody answers."""
BATCH_STEPS = ("sealed", "delivered", "receipted")
Target = tuple[str, dict[str, Any]]
"""Page and its parameters."""


def state_tone(item: ReportListItem) -> Tone:
    """Return the tone of a report's state; what a review holds counts before the rest."""
    return REVIEW_TONES.get(item.review, STATE_TONES[item.state])


def reports_text(items: Sequence[ReportListItem]) -> str:
    """Return the first reports of some by kind and class, and how many more there are."""
    named = [
        tr("sync.report_of_batch", kind=kind_text(one.kind), code=one.class_code) for one in items[:NAMED]
    ]
    text = tr("wording.and").join(named)
    return text if len(items) <= NAMED else tr("sync.and_more", text=text, count=len(items))


def batch_state_text(item: BatchListItem) -> str:
    """Return how far a batch is."""
    state = "posted" if item.problem == WITHOUT_RECEIPT else item.state
    return tr(f"batch_state.{state}")


def batch_step(item: BatchListItem) -> int:
    """Return the number of the present step of 封存 → 上报 → 回执; 3 when all are done."""
    return {"sealed": 1, "sending": 1, "delivered": 2, "receipted": 3}.get(item.state, 0)


def batch_reports_text(item: BatchListItem) -> str:
    """Return the reports of a batch: kind and class, with the version from the second on."""
    parts = []
    for kind, code, version in item.reports:
        key = "sync.report_of_batch" if version <= 1 else "sync.report_version"
        parts.append(tr(key, kind=kind_text(kind), code=code, version=version))
    return tr("wording.and").join(parts)


_TABS = {"opening": "opening", "completion": "roster", "claim": "claims"}
"""Kind of a record about the class as a whole → the tab of its class."""
_PERSON_TABS = {"enrolment": ("roster", 16), "finisher": ("roster", 16), "certificate": ("certificates", 16),
                "claim_line": ("claims", 20), "follow_up": ("employment", 16)}  # fmt: skip
"""Kind of a record about one person → the tab of its class, and where the person's id begins in the key."""
_PAGES = {"trainee": ("trainees", "trainee_id"), "submission": ("projects", "project_id"),
          "rectification": ("supervision", "order_id")}  # fmt: skip
_PLACES = {"session": ("timetable", "session_id"), "mark": ("attendance", "session_id"),
           "assessment": ("scores", "assessment_id"), "score": ("scores", "assessment_id")}  # fmt: skip
"""Kind of a record → the tab of its class, and what its key begins with."""


def target(item: PreflightProblem | RejectedListItem) -> Target:
    """Return the screen on which a record is put right, down to its field where the problem names one."""
    kind, key = item.kind, item.key
    where: dict[str, Any] = {} if item.field is None else {"field": item.field}
    if kind in _PAGES:
        page, name = _PAGES[kind]
        return page, {name: key[:ID], **where}
    where["class_id"] = item.class_id
    if kind in _PERSON_TABS:
        tab, begins = _PERSON_TABS[kind]
        return "class", {**where, "tab": tab, "trainee_id": key[begins : begins + ID]}
    if kind in _PLACES:
        tab, name = _PLACES[kind]
        person = {"trainee_id": key[ID : 2 * ID]} if kind == "mark" else {}
        return "class", {**where, "tab": tab, name: key[:ID], **person}
    tab = _TABS.get(kind, "")
    return "class", {**where, "tab": tab} if tab else where


_REPORT_TABS = {"opening": "opening", "attendance": "attendance", "assessment": "scores", "completion": "roster",
                "certificate": "certificates", "claim": "claims", "employment": "employment"}  # fmt: skip


def report_target(item: ReportListItem) -> Target:
    """Return the screen where what a report says is kept: of a class, a project or an order."""
    if item.kind == "project":
        return "projects", {"project_id": item.class_id}
    if item.kind == "rectification":
        return "supervision", {"order_id": item.class_id}
    return "class", {"class_id": item.class_id, "tab": _REPORT_TABS.get(item.kind, "roster")}


def contact_text(moment: str | None) -> str:
    """Return when the platform was reached last: 10:42 style with the day, "" before the first contact."""
    if not moment:
        return ""
    when = datetime.fromisoformat(moment)
    if when.tzinfo is not None:
        when = when.astimezone(SHANGHAI)
    return tr("sync.last_contact", time=f"{when:%Y-%m-%d %H:%M}")
