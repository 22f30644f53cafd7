"""What each policy parameter is: its unit, its sensible range, and how offices write its value.

Definitions ship in ``resources/policy/parameters.json``. A family (``channel``, ``standard``, ``holidays``) has one
parameter for each of its subjects: ``channel:student``, ``standard:电工:skill5``, ``holidays:2027``.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import resources
from desktop_app.domain import codes
from desktop_app.domain.calendar import HolidayYear, read_holiday_year
from desktop_app.domain.claims.keys import CHANNELS
from desktop_app.domain.claims.pack import read_packs
from desktop_app.domain.errors import AppError
from desktop_app.domain.money import format_fen, parse_fen
from desktop_app.domain.policy_parameters import Value

LIMITS: dict[str, tuple[int, int]] = {
    "minutes": (1, 600),
    "hours": (1, 2000),
    "people": (1, 1000),
    "ratio": (0, 10_000),
    "years": (0, 100),
    "age": (0, 120),
    "months": (0, 240),
    "days": (0, 3650),
    "working_days": (0, 250),
    "times": (0, 1000),
    "tracks": (1, 9),
    "fen": (0, 10**9),
}
"""Unit → lowest and highest sensible value; a parameter may narrow it."""
NOT_SET = "不设"
_NOT_SET = frozenset({"", "-", "—", NOT_SET, "none", "null"})
_YES = frozenset({"是", "true", "yes", "1"})
_NO = frozenset({"否", "false", "no", "0"})
_PERCENT = re.compile(r"(\d{1,3})(?:\.(\d{1,2}))?\s*%?")
_MAX_ROWS = 2000


@dataclass(frozen=True, slots=True)
class Definition:
    """A parameter: ``low`` and ``high`` both included; ``optional`` = may be left open (None)."""

    code: str
    name: str
    unit: str
    area: str = "other"
    low: int = 0
    high: int = 0
    optional: bool = False
    choices: tuple[str, ...] = ()
    note: str = ""


def family_of(code: str) -> str:
    """Return the family of a parameter, the code itself where it stands alone."""
    return code.partition(":")[0]


@cache
def _tables() -> tuple[dict[str, Definition], dict[str, Definition]]:
    data = resources.load_json("policy", "parameters.json")
    alone = {row["code"]: _read(row) for row in data["parameters"] if ":" not in row["code"]}
    return alone, {row["code"]: _read(row) for row in data["families"]}


def _read(row: Mapping[str, Any]) -> Definition:
    low, high = LIMITS.get(row["unit"], (0, 0))
    return Definition(
        code=row["code"],
        name=row["name"],
        unit=row["unit"],
        area=row.get("area", "other"),
        low=row.get("low", low),
        high=row.get("high", high),
        optional="value" in row and row["value"] is None,
        choices=tuple(row.get("choices", ())),
        note=row.get("note", ""),
    )


def definitions() -> tuple[Definition, ...]:
    """Return the parameters that stand alone, in the order of the file."""
    return tuple(_tables()[0].values())


def families() -> tuple[Definition, ...]:
    """Return the families, named as a whole."""
    return tuple(_tables()[1].values())


def definition_or_none(code: str) -> Definition | None:
    """Return the definition of a parameter, None for one that this version does not know."""
    try:
        return definition(code)
    except AppError:
        return None


def definition(code: str) -> Definition:
    """Return the definition of a parameter; AppError PARAMETER_UNKNOWN, PARAMETER_SUBJECT."""
    alone, of_families = _tables()
    if code in alone:
        return alone[code]
    family, _, subject = code.partition(":")
    found = of_families.get(family)
    if found is None or not subject:
        raise AppError("PARAMETER_UNKNOWN", parameter=code[:60])
    name = _SUBJECTS[family](subject)
    if name is None:
        raise AppError("PARAMETER_SUBJECT", parameter=found.name, value=subject[:40])
    return Definition(code, f"{found.name}：{name}", found.unit, found.area, note=found.note)


def _group(subject: str) -> str | None:
    for table in ("categories", "key_groups"):
        entry = codes.table(table).by_code.get(subject)
        if entry is not None:
            return entry.name
    return None


def _standard(subject: str) -> str | None:
    trade, _, level = subject.rpartition(":")
    return f"{trade} {codes.level_name(level)}" if trade.strip() and codes.level(level) else None


def _claimed_channel(subject: str) -> str | None:
    return codes.table("channels").name(subject) if subject in CHANNELS else None


def _year(subject: str) -> str | None:
    return f"{subject}年" if re.fullmatch(r"20\d\d", subject) else None


_SUBJECTS: dict[str, Callable[[str], str | None]] = {
    "channel": _group,
    "standard": _standard,
    "holidays": _year,
    "claim_pack": _claimed_channel,
}
"""Family → the name of one of its subjects, None where the text is no subject of it."""


def check_value(defined: Definition, value: object) -> Value:
    """Return a value as it is kept; AppError PARAMETER_VALUE, PARAMETER_RANGE, HOLIDAYS_WRONG."""
    if value is None:
        if defined.optional:
            return None
        raise _wrong(defined, value)
    if defined.unit in LIMITS:
        return _number(defined, value)
    return _CHECKS[defined.unit](defined, value)


def _number(defined: Definition, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong(defined, value)
    if not defined.low <= value <= defined.high:
        raise AppError(
            "PARAMETER_RANGE",
            parameter=defined.name,
            value=plain_text(defined, value),
            low=plain_text(defined, defined.low),
            high=plain_text(defined, defined.high),
        )
    return value


def _flag(defined: Definition, value: object) -> bool:
    if not isinstance(value, bool):
        raise _wrong(defined, value)
    return value


def _choice(defined: Definition, value: object) -> str:
    if value not in defined.choices:
        raise _wrong(defined, value)
    return str(value)


def _channel(defined: Definition, value: object) -> str:
    if value not in codes.table("channels").by_code:
        raise _wrong(defined, value)
    return str(value)


def _table(defined: Definition, value: object) -> list[Any]:
    rows = value if isinstance(value, list) else [None]
    if len(rows) > _MAX_ROWS or not all(isinstance(row, dict) and row for row in rows):
        raise _wrong(defined, value)
    return rows


def _amounts(defined: Definition, value: object) -> list[Any]:
    """Check a table of amounts: ``level`` a code, ``fen`` whole and above zero, ``trade`` where it is for one."""
    rows = _table(defined, value)
    for row in rows:
        fen = row.get("fen")
        whole = isinstance(fen, int) and not isinstance(fen, bool) and fen > 0
        if not whole or codes.level(str(row.get("level"))) is None or row.keys() - {"trade", "level", "fen"}:
            raise _wrong(defined, row)
    return rows


def _checklist(defined: Definition, value: object) -> list[Any]:
    """Check the checklists of a channel; AppError CLAIM_PACK_WRONG."""
    rows = _table(defined, value)
    read_packs(rows)
    return rows


def _plan(defined: Definition, value: object) -> dict[str, Any]:
    """Check a certificate standard: ``hours`` 课时 at least, ``content`` what must be taught."""
    given = value if isinstance(value, dict) else {}
    hours, content = given.get("hours"), given.get("content", [])
    low, high = LIMITS["hours"]
    is_number = isinstance(hours, int) and not isinstance(hours, bool) and low <= hours <= high
    named = isinstance(content, list) and all(isinstance(one, str) and one.strip() for one in content)
    if not is_number or not named or given.keys() - {"hours", "content"}:
        raise _wrong(defined, value)
    return {"hours": hours, "content": [one.strip() for one in content]}


def _holidays(defined: Definition, value: object) -> dict[str, Any]:
    year = int(defined.code.partition(":")[2])
    read: HolidayYear = read_holiday_year(year, value)
    return read.as_json()


_CHECKS: dict[str, Callable[[Definition, object], Value]] = {
    "flag": _flag,
    "rule": _choice,
    "channel": _channel,
    "table": _amounts,
    "checklist": _checklist,
    "standard": _plan,
    "holidays": _holidays,
}


def _wrong(defined: Definition, value: object) -> AppError:
    shown = json.dumps(value, ensure_ascii=False, default=str)
    return AppError("PARAMETER_VALUE", parameter=defined.name, value=shown[:60])


def read_value(defined: Definition, text: str) -> Value:
    """Read what an office typed: 80% or 80 for a ratio, 元 for money, 是/否, a channel's name, JSON for a table.

    Raises what ``check_value`` raises.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain.lower() in _NOT_SET:
        return check_value(defined, None)
    if defined.unit in LIMITS:
        return check_value(defined, _read_number(defined, plain))
    if defined.unit == "flag":
        folded = plain.lower()
        return check_value(defined, True if folded in _YES else False if folded in _NO else plain)
    if defined.unit == "channel":
        entry = codes.table("channels").find(plain)
        return check_value(defined, entry.code if entry else plain)
    if defined.unit == "rule":
        return check_value(defined, plain)
    try:
        return check_value(defined, json.loads(plain))
    except ValueError:
        raise _wrong(defined, text) from None


def _read_number(defined: Definition, plain: str) -> object:
    if defined.unit == "fen":
        return parse_fen(plain)
    if defined.unit == "ratio":
        match = _PERCENT.fullmatch(plain)
        return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0")) if match else plain
    return int(plain) if plain.isdecimal() else plain


def plain_text(defined: Definition, value: Value) -> str:
    """Return a value as ``read_value`` reads it: 80 %, 1,500.00, 是, 教育专项; structured ones as JSON."""
    if value is None:
        return NOT_SET
    if isinstance(value, bool):
        return "是" if value else "否"
    if defined.unit == "ratio" and isinstance(value, int):
        whole, rest = divmod(value, 100)
        return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + " %"
    if defined.unit == "fen" and isinstance(value, int):
        return format_fen(value)
    if defined.unit == "channel":
        return codes.table("channels").name(str(value))
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
