"""Statutory retirement age, with the monthly 渐进式延迟退休 of 2025-01-01 (table in ``resources/policy``).

Who reached the former age before 2025 is not delayed, so one reckoning by birth date holds for every enrolment date.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from functools import cache

import resources

MONTHS = 12


@dataclass(frozen=True, slots=True)
class RetirementRule:
    """Delay for one group: from ``first_birth`` (months since year 0) one month for each ``step`` months of birth."""

    sex: str
    worker: bool
    base_years: int
    first_birth: int
    step: int
    months_limit: int

    def delay(self, birth: date) -> int:
        """Return the delay in months."""
        later = birth.year * MONTHS + birth.month - 1 - self.first_birth
        return 0 if later < 0 else min(self.months_limit, later // self.step + 1)


@cache
def _rules() -> dict[tuple[str, bool], RetirementRule]:
    found = {}
    for row in resources.load_json("policy", "retirement.json")["rules"]:
        year, month = row["first_birth"].split("-")
        first = int(year) * MONTHS + int(month) - 1
        rule = RetirementRule(
            row["sex"], row["worker"], row["base_years"], first, row["step"], row["months_limit"]
        )
        found[rule.sex, rule.worker] = rule
    return found


def retirement_date(birth: date, sex: str, *, worker: bool = False) -> date | None:
    """Return the day on which someone reaches the statutory age.

    ``sex`` is GB/T 2261.1; ``worker``: 工人 is entered (women: 50 instead of 55). None where the sex is not stated.
    """
    rule = _rules().get((sex, worker)) or _rules().get((sex, False))
    return add_months(birth, rule.base_years * MONTHS + rule.delay(birth)) if rule else None


def add_months(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day."""
    year, month = divmod(day.year * MONTHS + day.month - 1 + months, MONTHS)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def age_on(birth: date, day: date) -> int:
    """Return the age in full years (周岁): a birthday counts from the day itself, 29 February from 1 March."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
