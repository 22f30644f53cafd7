"""The head's page for Mondays: classes by stage, what stands still, money by age, what is due, early warnings."""

from __future__ import annotations

from desktop_app.domain import monday
from desktop_app.domain.listings.monday import EarlyWarning, MondayPage
from desktop_app.domain.rules import Finding
from desktop_app.services.context import Service
from desktop_app.services.employment import early_warnings
from desktop_app.store.queries import monday as queries


class MondayService(Service):
    """One call for one page."""

    def page(self) -> MondayPage:
        """Return the page as of today; what stands still longest comes first."""
        self.context.require("view_monday")
        today = self.context.today()
        with self.context.read() as sql:
            standings = queries.class_standings(sql, today)
            due = queries.deadlines(sql, today)
            money = queries.money_by_age(sql, today)
            warnings = early_warnings(sql, today)
        found = [one for one in (monday.stuck(standing, today) for standing in standings) if one is not None]
        return MondayPage(
            today,
            monday.by_stage(one.state for one in standings),
            tuple(sorted(found, key=lambda one: (-one.days, one.class_code))),
            tuple(money),
            tuple(due),
            tuple(_warning(one) for one in warnings),
        )


def _warning(finding: Finding) -> EarlyWarning:
    told = finding.error.params
    return EarlyWarning(finding.error.code, str(told["subject"]), str(told["rate"]), str(told["limit"]))
