"""Versions of this contract: a platform takes each for 24 months after the next one was published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop_app.domain.errors import AppError

MONTHS = 24


@dataclass(frozen=True, slots=True)
class ContractVersion:
    """A published version; ``followed_on``: the day on which the next one was published, None for the newest."""

    number: int
    followed_on: date | None = None

    @property
    def ends_on(self) -> date | None:
        """Return the last day on which a platform takes it; None while there is no newer one."""
        if self.followed_on is None:
            return None
        year = self.followed_on.year + MONTHS // 12
        try:
            return self.followed_on.replace(year=year)
        except ValueError:  # 29 February
            return self.followed_on.replace(year=year, day=28)


VERSIONS = (ContractVersion(1),)


def taken_versions(today: date, versions: tuple[ContractVersion, ...] = VERSIONS) -> list[int]:
    """Return the numbers of the versions that a platform takes on a day."""
    return [one.number for one in versions if one.ends_on is None or today <= one.ends_on]


def check_version(number: int, today: date, versions: tuple[ContractVersion, ...] = VERSIONS) -> None:
    """Refuse a version that a platform does not take on a day.

    Raises AppError CONTRACT_UNKNOWN for one that it has never known, CONTRACT_ENDED for one whose time is over.
    """
    newest = versions[-1].number
    known = next((one for one in versions if one.number == number), None)
    if known is None:
        raise AppError("CONTRACT_UNKNOWN", version=number, newest=newest)
    if known.ends_on is not None and today > known.ends_on:
        raise AppError("CONTRACT_ENDED", version=number, newest=newest, ended=known.ends_on.isoformat())
