"""The 1+X 试点 table: which 院校 pilots which certificate at which level since which published batch (R01, 二.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from desktop_app.domain.codes import fold
from desktop_app.domain.ids import named_id
from desktop_app.domain.policy_parameters import Owner


class Standing(StrEnum):
    """What the table says of a 院校 and a certificate."""

    LISTED = "listed"
    NOT_LISTED = "not_listed"
    """The certificate's pilots are known, this 院校 (or this level of it) is not among them."""
    UNKNOWN = "unknown"
    """Nothing is known of this certificate: a warning until it is confirmed."""


@dataclass(frozen=True, slots=True)
class Pilot:
    """A row: ``level`` a code of ``codes/levels`` (None = every level), ``published_on`` of the batch."""

    school: str
    certificate: str
    level: str | None = None
    batch: str = ""
    owner: Owner = Owner.INSTITUTION
    published_on: date | None = None
    document: str | None = None


@dataclass(frozen=True, slots=True)
class PilotAnswer:
    """What the table says, with the row that says so."""

    standing: Standing
    pilot: Pilot | None = None


@dataclass(frozen=True)
class PilotTable:
    """Rows imported and pulled; the platform's go before the institution's."""

    pilots: tuple[Pilot, ...] = ()

    @cached_property
    def _by_certificate(self) -> dict[str, list[Pilot]]:
        found: dict[str, list[Pilot]] = {}
        for pilot in sorted(self.pilots, key=lambda one: -one.owner):
            found.setdefault(fold(pilot.certificate), []).append(pilot)
        return found

    def of(self, certificate: str, on: date) -> list[Pilot]:
        """Return the published pilots of a certificate (its name or the 工种's) on a day."""
        rows = self._by_certificate.get(fold(certificate), [])
        return [row for row in rows if row.published_on is None or row.published_on <= on]


def pilot_id(pilot: Pilot) -> bytes:
    """Return the key of a row's record: spelling apart, the same row is the same record."""
    names = (fold(pilot.school), fold(pilot.certificate), pilot.level, fold(pilot.batch))
    return named_id("pilot", *names, int(pilot.owner))


def pilots(table: PilotTable, school: str, certificate: str, level: str | None, on: date) -> PilotAnswer:
    """Tell whether a 学籍院校 pilots a certificate at a level on the enrolment date.

    Names are compared without spaces, punctuation and width. A batch published after that day does not count.
    """
    known = table.of(certificate, on)
    if not known:
        return PilotAnswer(Standing.UNKNOWN)
    for row in known:
        if fold(row.school) == fold(school) and (row.level is None or level is None or row.level == level):
            return PilotAnswer(Standing.LISTED, row)
    return PilotAnswer(Standing.NOT_LISTED, known[0])
