"""The 工作台: what is to be done today."""

from __future__ import annotations

from datetime import timedelta

from desktop_app.domain.listings.journal import Dashboard
from desktop_app.services import access
from desktop_app.services.context import Service
from desktop_app.store.queries import classes as class_queries
from desktop_app.store.queries import conflicts as conflict_queries
from desktop_app.store.queries import results

WEEKS = 8


class DashboardService(Service):
    """One call for the first screen."""

    def today(self) -> Dashboard:
        """Return today's sessions, those past and not fully marked, and what waits; for the acting user's classes."""
        actor = self.context.require("view_classes")
        day = self.context.today()
        with self.context.read() as sql:
            visible = access.visible_classes(sql, actor)
            sessions = [
                item
                for item in class_queries.session_items(sql)
                if item.state != "cancelled" and (visible is None or item.class_id in visible)
            ]
            classes = class_queries.class_items(sql, day, only=visible)
            assessments = [
                item for item in results.assessment_items(sql) if visible is None or item.class_id in visible
            ]
            rejected = sql.exec_driver_sql("SELECT count(*) FROM rejected_record").scalar_one()
            conflicts = len(conflict_queries.conflict_items(sql))
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
            scores_waiting=sum(1 for item in assessments if not item.locked and item.scored < item.people),
            rejected=int(rejected),
            conflicts=conflicts,
            people=sum(item.people for item in classes),
            classes=len(classes),
            attendance_by_week=tuple((week, part, whole) for week, (part, whole) in sorted(weeks.items())),
        )
