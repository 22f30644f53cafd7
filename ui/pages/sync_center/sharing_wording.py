"""How 协同 stands in words, and which screen an item of the work list is mended on."""

from __future__ import annotations

from typing import Any

from desktop_app.domain.listings.sharing import SharingOverview
from desktop_app.domain.listings.work_list import WorkItem
from desktop_app.services.ports import SyncStanding
from desktop_app.services.sharing import Shared
from desktop_app.services.sharing_plan import SharingPlan
from ui.i18n import tr
from ui.messages import error_text
from ui.wording import moment_text

_TABS = {"session": "timetable", "score": "scores", "certificate": "certificates", "enrolment": "roster"}
AWAY = frozenset({"SHELF_UNREACHABLE", "PLATFORM_UNREACHABLE", "OFFLINE"})


def facts_of(seen: SharingOverview, plan: SharingPlan, standing: SyncStanding | None) -> list[str]:
    """Return the facts under the title: the way, the last contact, what waits."""
    if not (plan.relay or plan.folder):
        way = tr("sharing.alone" if not seen.others else "sharing.by_stick_only")
    else:
        way = tr("sharing.automatic", count=plan.minutes) if plan.minutes else tr("sharing.by_hand")
    problem = seen.problem if standing is None else standing.problem or seen.problem
    contact = seen.contact
    return [
        way,
        "" if contact is None else tr("sync.last_contact", time=moment_text(contact)),
        "" if problem is None else problem_text(problem),
        tr("sharing.unsent", count=seen.unsent) if seen.unsent and seen.others else "",
        tr("sharing.waiting", count=seen.waiting) if seen.waiting else "",
        tr("sharing.parked", count=seen.parked) if seen.parked else "",
    ]


def problem_text(code: str) -> str:
    """Return what keeps an exchange from its end; to be offline is a normal state and looks like one."""
    return tr("sharing.away") if code in AWAY else error_text(code, {}).rstrip("。.")


def told_of(shared: Shared) -> str:
    """Return what came of an exchange."""
    parts = [tr("sharing.moved", sent=shared.sent, received=shared.received)]
    if shared.conflicts:
        parts.append(tr("status.conflicts", count=shared.conflicts))
    left = sum(shared.problems.values())
    if left:
        parts.append(tr("sharing.left", count=left))
    return tr("wording.and").join(parts)


def place_of(item: WorkItem, class_id: bytes | None) -> tuple[str, dict[str, Any]]:
    """Return page and parameters of the first record of an item."""
    key = item.keys[0]
    if item.entity == "trainee":
        return "trainees", {"trainee_id": key}
    if item.entity == "user":
        return "users", {}
    place: dict[str, Any] = {"class_id": class_id, "tab": _TABS.get(item.entity, "roster")}
    if item.entity == "session":
        place["session_id"] = key
    return "class", place
