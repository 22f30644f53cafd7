"""The 工作台: what is to be done today."""

from __future__ import annotations

from datetime import timedelta

from desktop_app.domain.assessments import AssessmentKind
from desktop_app.domain.listings.journal import Dashboard
from desktop_app.domain.listings.results import AssessmentItem
from desktop_app.domain.listings.training import SessionListItem
from desktop_app.domain.users import Actor, Role
from desktop_app.services import access
from desktop_app.services.assessments import is_own
from desktop_app.services.conflicts import visible_conflicts
from desktop_app.services.context import Service
from desktop_app.store.database import Connection
from desktop_app.store.queries import classes as class_queries
from desktop_app.store.queries import results

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
            listed = class_queries.session_items(sql, since=day - timedelta(weeks=OVERDUE_WEEKS))
            sessions = [item for item in _own_sessions(sql, actor, listed) if item.state != "cancelled"]
            people = class_queries.people_by_class(sql)
            waiting = [
                item
                for item in results.assessment_items(sql)
                if (visible is None or item.class_id in visible) and _is_waiting(sql, actor, item)
            ]
            rejected = sql.exec_driver_sql("SELECT count(*) FROM rejected_record").scalar_one()
            conflicts = len(visible_conflicts(self.context, sql))
        own = [count for key, count in people.items() if visible is None or key in visible]
        future = [item for item in sessions if item.held_on > day]
        weeks: dict[str, list[int]] = {}
        for item in sessions:
            if day - timedelta(weeks=WEEKS) < item.held_on <= day and item.marked:
                monday = item.held_on - timedelta(days=item.held_on.weekday())
                totals = weeks.setdefault(monday.isoformat(), [0, 0])
                totals[0] += item.attended
                totals[1] += item.marked
        return Dashboard(
            today=tuple(item for item in sessions if item.held_on == day),
            overdue=tuple(item for item in sessions if item.held_on < day and item.marked < item.members),
            next_session=future[0] if future else None,
            scores_waiting=len(waiting),
            rejected=int(rejected),
            conflicts=conflicts,
            people=sum(own),
            classes=len(own),
            attendance_by_week=tuple((week, part, whole) for week, (part, whole) in sorted(weeks.items())),
        )


def _own_sessions(sql: Connection, actor: Actor, sessions: list[SessionListItem]) -> list[SessionListItem]:
    """Return the sessions that concern an actor: all, or those of advised classes and one's own."""
    if access.visible_classes(sql, actor) is None:
        return sessions
    advised = access.advised_classes(sql, actor) if Role.ADVISER in actor.roles else set()
    teachers = actor.teacher_ids if Role.TEACHER in actor.roles else frozenset()
    return [item for item in sessions if item.class_id in advised or teachers.intersection(item.teacher_ids)]


def _is_waiting(sql: Connection, actor: Actor, item: AssessmentItem) -> bool:
    """Tell whether somebody still has to act: the file of the 评价组织 lacks people, or the teacher has not locked."""
    if item.kind == AssessmentKind.LEVEL:
        return item.scored < item.people
    sees_all = access.visible_classes(sql, actor) is None
    return not item.locked and (sees_all or is_own(sql, item.id, actor.teacher_ids))
