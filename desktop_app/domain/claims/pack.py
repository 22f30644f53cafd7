"""The claim's pack: a dated checklist per channel and 主管部门, shipped in ``resources/policy/claim_packs.json``.

A policy file may bring another one as the parameter ``claim_pack:CHANNEL`` (rows as in the file).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

import resources
from desktop_app.domain import codes
from desktop_app.domain.errors import AppError
from desktop_app.domain.policy_parameters import PolicyBook

FAMILY = "claim_pack"
FORMS = frozenset({"printed", "scan", "receipt", "video", "data"})
SOURCES = frozenset(
    {
        "roster",
        "timetable",
        "attendance",
        "scores",
        "certificates",
        "filing",
        "notice",
        "payee",
        "evidence",
        "employment",
    }
)
"""What the store itself knows: ``data`` and ``printed`` items are there once it does."""


class Per(StrEnum):
    """For whom or what an item is there once."""

    CLASS = "class"
    PERSON = "person"
    SESSION = "session"


@dataclass(frozen=True, slots=True)
class PackItem:
    """An item: ``provider`` who brings it, ``form`` printed, scan, receipt, video or data.

    Any of ``kinds`` of evidence does, at least ``count`` of them; ``source`` is what the store knows instead.
    ``groups`` and ``payees`` narrow for whom it is asked, empty = all; ``required`` False: it is shown, never asked.
    """

    code: str
    name: str
    per: Per
    form: str
    provider: str = "institution"
    kinds: tuple[str, ...] = ()
    source: str = ""
    count: int = 1
    signed: bool = False
    required: bool = True
    groups: tuple[str, ...] = ()
    payees: tuple[str, ...] = ()

    def asked(self, group: str, payee: str) -> bool:
        """Tell whether a person of a funding group, paid in some way, must have it."""
        return (not self.groups or group in self.groups) and (not self.payees or payee in self.payees)


@dataclass(frozen=True, slots=True)
class Pack:
    """A checklist; ``channel`` and ``department`` None: whichever has none of its own."""

    channel: str | None
    department: str | None
    since: date | None
    document: str
    items: tuple[PackItem, ...]


def read_packs(rows: Iterable[Mapping[str, Any]]) -> tuple[Pack, ...]:
    """Read checklists; AppError CLAIM_PACK_WRONG names what is wrong with one."""
    return tuple(_pack(row) for row in rows)


@cache
def shipped() -> tuple[Pack, ...]:
    """Return the checklists of ``resources/policy/claim_packs.json``."""
    return read_packs(resources.load_json("policy", "claim_packs.json")["packs"])


def pack_on(
    book: PolicyBook, on: date, channel: str, department: str = "", region: str | None = None
) -> Pack:
    """Return the checklist that holds on a day: the department's own before the channel's before the general one."""
    imported = book.find(f"{FAMILY}:{channel}", on, region=region)
    own = read_packs(imported.value) if imported is not None and isinstance(imported.value, list) else ()
    fitting = [
        one
        for one in (*shipped(), *own)
        if one.channel in {None, channel}
        and one.department in {None, department}
        and (one.since is None or one.since <= on)
    ]
    return max(
        fitting,
        key=lambda one: (
            one in own,
            one.department is not None,
            one.channel is not None,
            one.since or date.min,
        ),
    )


def numbers_text(numbers: Iterable[int]) -> str:
    """Return numbers as runs: 1–3、5."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "、".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def _pack(row: Mapping[str, Any]) -> Pack:
    try:
        return Pack(
            channel=row.get("channel"),
            department=row.get("department"),
            since=date.fromisoformat(row["from"]) if "from" in row else None,
            document=str(row.get("document") or ""),
            items=tuple(_item(one) for one in row["items"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise AppError("CLAIM_PACK_WRONG", value=str(error)[:60]) from error


def _item(row: Mapping[str, Any]) -> PackItem:
    item = PackItem(
        code=row["code"],
        name=row["name"],
        per=Per(row["per"]),
        form=row["form"],
        provider=row.get("provider", "institution"),
        kinds=tuple(row.get("kinds", ())),
        source=row.get("source", ""),
        count=int(row.get("count", 1)),
        signed=bool(row.get("signed", False)),
        required=bool(row.get("required", True)),
        groups=tuple(row.get("groups", ())),
        payees=tuple(row.get("payees", ())),
    )
    kinds = codes.table("evidence_kinds").by_code
    named = item.source in SOURCES if item.source else bool(item.kinds)
    if item.form not in FORMS or item.count < 1 or not named or not set(item.kinds) <= kinds.keys():
        raise ValueError(item.code)
    return item
