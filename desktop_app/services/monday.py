"""The head's page for Mondays: classes by stage, what stands still, money by age, what is due, early warnings."""

from __future__ import annotations

from datetime import date

from desktop_app.domain import monday
from desktop_app.domain.listings.monday import Deadline, EarlyWarning, MondayPage
from desktop_app.domain.rules import Finding
from desktop_app.services.claim_overview import claims_due
from desktop_app.services.context import Service
from desktop_app.services.employment import early_warnings
from desktop_app.store.database import Connection
from desktop_app.store.queries import monday as queries


class MondayService(Service):
    """One call for one page."""

    def page(self) -> MondayPage:
        """Return the page as of today; what stands still longest comes first."""
        self.context.require("view_monday")
        today = self.context.today()
        with self.context.read() as sql:
            standings = queries.class_standings(sql, today)
            due = [*queries.deadlines(sql, today), *_claims_due(sql, today)]
            money = queries.money_by_age(sql, today)
            warnings = early_warnings(sql, today)
        found = [one for one in (monday.stuck(standing, today) for standing in standings) if one is not None]
        return MondayPage(
            today,
            monday.by_stage(one.state for one in standings),
            tuple(sorted(found, key=lambda one: (-one.days, one.class_code))),
            tuple(money),
            tuple(sorted(due, key=lambda one: (one.due_on, one.kind, one.what))),
            tuple(_warning(one) for one in warnings),
        )


def _claims_due(sql: Connection, today: date) -> list[Deadline]:
    return [
        Deadline("claim", one.class_code, one.since, one.class_id, one.people)
        for one in claims_due(sql, today, today)
    ]


def _warning(finding: Finding) -> EarlyWarning:
    told = finding.error.params
    return EarlyWarning(finding.error.code, str(told["subject"]), str(told["rate"]), str(told["limit"]))
