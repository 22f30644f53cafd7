"""Reads the families of policy parameters whose values are structured: holiday years and certificate standards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop_app.domain.calendar import HolidayYear, read_holiday_year
from desktop_app.domain.policy_parameters import PolicyBook, PolicyParameter

HOLIDAYS = "holidays"
STANDARD = "standard"


def holiday_years(book: PolicyBook) -> dict[int, HolidayYear]:
    """Return the holiday years that were imported or pulled, for the ``years`` of ``domain.calendar``.

    Of two tables of one year the platform's goes first, then the one published later.
    """
    years: dict[int, HolidayYear] = {}
    for subject in book.subjects(HOLIDAYS):
        values = book.all_of(f"{HOLIDAYS}:{subject}")
        best = max(values, key=lambda one: (one.owner, one.since or date.min))
        years[int(subject)] = read_holiday_year(int(subject), best.value)
    return years


@dataclass(frozen=True, slots=True)
class CertificateStandard:
    """What a certificate's standard asks of a class (R13): 课时 at least, and topics that must be taught."""

    hours: int
    content: tuple[str, ...]
    parameter: PolicyParameter


def certificate_standard(
    book: PolicyBook, trade: str, level: str, on: date, region: str | None = None
) -> CertificateStandard | None:
    """Return the standard of a trade (its name) and level (code) on a day, None where none is known."""
    found = book.find(f"{STANDARD}:{trade.strip()}:{level}", on, region=region)
    if found is None or not isinstance(found.value, dict):
        return None
    return CertificateStandard(found.value["hours"], tuple(found.value["content"]), found)
