"""Policy parameters: value, 文号, region, channel and dates; read as of the date of the act they govern.

A parameter without 文号 is a 参考值: it warns, never blocks. It blocks once its 文号 is entered or the platform has
sent it. On a date the platform's goes before the institution's, and that before the shipped one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import cache
from typing import Any

import resources
from desktop_app.domain.errors import AppError
from desktop_app.domain.regions import area_within

Value = int | str | bool | list[Any] | Mapping[str, Any] | None


class Owner(IntEnum):
    """Who set a value; the higher goes first."""

    SHIPPED = 0
    INSTITUTION = 1
    PLATFORM = 2


@dataclass(frozen=True, slots=True)
class PolicyParameter:
    """One value of one parameter. ``value`` None = not fixed. Rates are 万分比 (8000 = 80 %), money 分, times 课时.

    ``document`` is the 文号; ``region`` and ``channel`` None = everywhere, for all; ``since``/``until`` both included.
    """

    code: str
    value: Value
    unit: str = ""
    name: str = ""
    document: str | None = None
    region: str | None = None
    channel: str | None = None
    since: date | None = None
    until: date | None = None
    owner: Owner = Owner.SHIPPED

    @property
    def blocks(self) -> bool:
        """Tell whether the value binds; a 参考值 only warns."""
        return bool(self.document) or self.owner is Owner.PLATFORM

    def governs(self, on: date, region: str | None, channel: str | None) -> bool:
        """Tell whether the value holds for an act on a day, in a region (six digits), in a channel."""
        in_time = (self.since is None or self.since <= on) and (self.until is None or on <= self.until)
        in_place = self.region is None or (region is not None and area_within(region, self.region))
        return in_time and in_place and self.channel in {None, channel}

    def number(self, default: int = 0) -> int:
        """Return an integer value; ``default`` where none is fixed. Raises AppError PARAMETER_TYPE for a text."""
        if self.value is None:
            return default
        if not isinstance(self.value, int):
            raise AppError("PARAMETER_TYPE", parameter=self.code)
        return int(self.value)


@cache
def shipped() -> tuple[PolicyParameter, ...]:
    """Return the parameters of ``resources/policy/parameters.json``, in order."""
    rows = resources.load_json("policy", "parameters.json")["parameters"]
    return tuple(_read(row) for row in rows)


def _read(row: Mapping[str, Any]) -> PolicyParameter:
    return PolicyParameter(
        code=row["code"],
        value=row["value"],
        unit=row["unit"],
        name=row["name"],
        document=row.get("document"),
        region=row.get("region"),
        channel=row.get("channel"),
        since=date.fromisoformat(row["from"]) if "from" in row else None,
        until=date.fromisoformat(row["until"]) if "until" in row else None,
    )


def look_up(
    code: str,
    on: date,
    *,
    region: str | None = None,
    channel: str | None = None,
    records: Iterable[PolicyParameter] = (),
) -> PolicyParameter:
    """Return the value that governs an act on ``on``.

    ``records`` are the edited and pulled values. Of those that hold, the owner decides, then the channel's own value
    before the general one, the nearer region, the later start. Raises AppError PARAMETER_UNKNOWN.
    """
    found = PolicyBook(tuple(records)).find(code, on, region=region, channel=channel)
    if found is None:
        raise AppError("PARAMETER_UNKNOWN", parameter=code)
    return found


def _precedence(parameter: PolicyParameter) -> tuple[int, bool, int, date]:
    near = 0 if parameter.region is None else len(parameter.region.rstrip("0"))
    return parameter.owner, parameter.channel is not None, near, parameter.since or date.min


@dataclass(frozen=True, slots=True)
class PolicyBook:
    """The values that an institution edited and those that the platform sent, beside the shipped ones.

    ``store.queries.policies.policy_book`` makes it from the store; withdrawn values are not in it.
    """

    records: tuple[PolicyParameter, ...] = ()

    def get(
        self, code: str, on: date, *, region: str | None = None, channel: str | None = None
    ) -> PolicyParameter:
        """Return the value that governs an act on a day; AppError PARAMETER_UNKNOWN."""
        return look_up(code, on, region=region, channel=channel, records=self.records)

    def find(
        self, code: str, on: date, *, region: str | None = None, channel: str | None = None
    ) -> PolicyParameter | None:
        """Return the value that governs an act on a day, None where there is none, e.g. for one subject of many."""
        fitting = [p for p in self.all_of(code) if p.governs(on, region, channel)]
        return max(fitting, key=_precedence, default=None)

    def all_of(self, code: str) -> list[PolicyParameter]:
        """Return every value of a parameter, whenever and wherever it holds."""
        return [p for p in (*shipped(), *self.records) if p.code == code]

    def subjects(self, family: str) -> list[str]:
        """Return what the parameters of a family are about: 电工:skill5 of ``standard:电工:skill5``."""
        codes = {p.code for p in (*shipped(), *self.records)}
        return sorted(code.partition(":")[2] for code in codes if code.startswith(f"{family}:"))
