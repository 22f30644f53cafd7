"""The 工作台: what is to be done today."""

from __future__ import annotations

from desktop_app.domain.listings.journal import Dashboard
from desktop_app.domain.users import Actor, Role
from desktop_app.services import access
from desktop_app.services.conflicts import visible_conflicts
from desktop_app.services.context import Service
from desktop_app.store.database import Connection
from desktop_app.store.queries.agenda import (
    Agenda,
    Concern,
    WaitingAssessment,
    size,
    waiting_assessments,
)

WEEKS = 8
OVERDUE_WEEKS = 26


class DashboardService(Service):
    """One call for the first screen."""

    def today(self) -> Dashboard:
        """Return today's sessions, those past and not fully marked, and what waits; for the acting user's classes.

        Teachers are shown the sessions and scores that are theirs to mark. What lies more than half a year back is
        left to the class list, so that years of marks do not slow the first screen down.
        """
        actor = self.context.require("view_classes")
        day = self.context.today()
        with self.context.read() as sql:
            visible = access.visible_classes(sql, actor)
            agenda = Agenda(sql, day, None if visible is None else _concern(sql, actor))
            classes, enrolled = size(sql, visible)
            return Dashboard(
                today=tuple(agenda.today()),
                overdue=tuple(agenda.overdue(OVERDUE_WEEKS)),
                next_session=agenda.next(),
                scores_waiting=sum(_waits_for(actor, visible, item) for item in waiting_assessments(sql)),
                rejected=int(sql.exec_driver_sql("SELECT count(*) FROM rejected_record").scalar_one()),
                conflicts=len(visible_conflicts(self.context, sql)),
                people=enrolled,
                classes=classes,
                attendance_by_week=agenda.attendance_by_week(WEEKS),
            )


def _concern(sql: Connection, actor: Actor) -> Concern:
    """Return what concerns somebody who does not see all: advised classes and one's own sessions."""
    advised = access.advised_classes(sql, actor.user.id) if Role.ADVISER in actor.roles else set()
    return Concern(advised, actor.teacher_ids if Role.TEACHER in actor.roles else frozenset())


def _waits_for(actor: Actor, visible: frozenset[bytes] | None, item: WaitingAssessment) -> bool:
    """Tell whether an assessment waits for somebody who sees it: the teacher's own, or the file of the 评价组织."""
    if visible is None:
        return True
    return item.class_id in visible and (item.is_level or not actor.teacher_ids.isdisjoint(item.teacher_ids))
