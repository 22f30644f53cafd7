"""What the frame shows of the services: who works here, undo and redo by name, conflicts in words, and the search."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.training import ClassQuery, ClassSort
from desktop_app.services.ports import SyncStanding
from ui.i18n import tr
from ui.navigation import Found, FrameState, Session
from ui.wording import clock_text, span_text, step_text

FOUND_PEOPLE, FOUND_CLASSES = 7, 3
AWAY = frozenset({"SHELF_UNREACHABLE", "PLATFORM_UNREACHABLE"})
"""What keeps an exchange away that is nothing to worry about: offline is a normal state."""


def read_session(services: Any) -> Session:  # noqa: ANN401 - the container
    """Return who works in which profile."""
    actor = services.context.require_actor()
    institution = services.accounts.institution()
    return Session(
        user=actor.user.display,
        roles=frozenset(role.value for role in actor.roles),
        institution=institution.name,
        profile=services.profile.files.folder.name,
        demo=institution.demo,
    )


class ServicesFrame:
    """What the frame asks: undo and redo by name, conflicts in words, and people and classes for Ctrl+K."""

    def __init__(self, services: Any) -> None:  # noqa: ANN401 - the container
        self._services = services

    def state(self) -> FrameState:
        """Return the names of the next steps back and forth, and how conflicts and reporting stand."""
        history = self._services.history
        undo, redo = history.next_undo(), history.next_redo()
        sync, tone, page = self._sync()
        return FrameState(
            undo=step_text(undo.command, undo.subject) if undo else "",
            redo=step_text(redo.command, redo.subject) if redo else "",
            sync=sync,
            sync_tone=tone,
            sync_page=page,
        )

    def _sync(self) -> tuple[str, str, str]:
        """Say what waits first: conflicts, rejected records, sealed batches; else how both traffics stand."""
        sharing, reporting = self._sharing(), self._reporting()
        for text, tone in (sharing, reporting):
            if tone:
                return text, tone, "sharing" if (text, tone) == sharing else "sync_center"
        text = " · ".join(part for part in (sharing[0], reporting[0]) if part)
        return text, "", "sharing" if sharing[0] else "sync_center"

    def _sharing(self) -> tuple[str, str]:
        """Say how it stands with the other workstations; nothing where there is no way to them."""
        services = self._services
        conflicts = len(services.history.list_conflicts()) if services.context.may("view_classes") else 0
        if conflicts:
            return tr("status.conflicts", count=conflicts), "waiting"
        plan = services.sharing_plan.plan()
        if not (plan.relay or plan.folder):
            return "", ""
        schedule = getattr(services, "schedule", None)
        standing = SyncStanding() if schedule is None else schedule.standing()
        if standing.running:
            return tr("status.sharing_running"), ""
        contact, problem = services.devices.last_contact()
        problem = standing.problem or problem
        if problem is not None and problem not in AWAY:
            return tr("status.sharing_problem"), "waiting"
        if contact is None:
            return (tr("status.sharing_away_never"), "") if problem else ("", "")
        key = "status.sharing_away" if problem else "status.sharing_fine"
        return tr(key, at=clock_text(contact)), ""

    def _reporting(self) -> tuple[str, str]:
        """Say how it stands with the platform."""
        services = self._services
        if services.reporting is None or not services.context.may("view_reports"):
            return "", ""
        with services.batches.view() as view:
            rejected, waiting = len(view.rejected()), len(view.batches(without_receipt=True))
        link = services.reporting.link()
        if rejected:
            return tr("status.rejected", count=rejected), "waiting"
        if waiting:
            return tr("status.batches_waiting", count=waiting), "waiting"
        if link.last_contact is None:
            return "", ""
        at = clock_text(datetime.fromisoformat(link.last_contact))
        return tr("status.platform_away" if link.reachable is False else "status.reporting_fine", at=at), ""

    def undo(self) -> Any:  # noqa: ANN401 - as the protocol says
        """Take the last step back; the listeners hear what changed."""
        return self._services.history.undo()

    def redo(self) -> Any:  # noqa: ANN401 - as the protocol says
        """Do it again."""
        return self._services.history.redo()

    def find(self, text: str) -> Sequence[Found]:
        """Return people and classes that match."""
        return [*self._classes(text), *self._people(text)]

    def _people(self, text: str) -> list[Found]:
        try:
            people = self._services.trainees.list_trainees(text, limit=FOUND_PEOPLE)
        except AppError:
            return []
        return [
            Found(
                person.name,
                f"{tr('wording.and').join(person.classes)}　{person.document_number}",
                "user",
                "trainees",
                {"trainee_id": person.id},
            )
            for person in people
        ]

    def _classes(self, text: str) -> list[Found]:
        newest = ClassQuery(text, sort=ClassSort.SPAN, descending=True)
        try:
            classes = self._services.classes.page(newest, limit=FOUND_CLASSES)
        except AppError:
            return []
        return [
            Found(
                item.code,
                span_text(item.start_on, item.end_on),
                "graduation-cap",
                "class",
                {"class_id": item.id},
            )
            for item in classes
        ]
