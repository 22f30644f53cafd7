"""Checks one value of a policy parameter, and says before it is set what it will change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from desktop_app.domain import codes
from desktop_app.domain.errors import AppError, FieldErrors
from desktop_app.domain.ids import named_id
from desktop_app.domain.policy_definitions import check_value, definition
from desktop_app.domain.policy_parameters import PolicyBook, PolicyParameter
from desktop_app.domain.regions import region as find_region_code

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
MAX_DOCUMENT = 60


class Effect(StrEnum):
    """What becomes of a parameter from the first day of a value on."""

    BINDS = "binds"
    """由参考变为约束: what was warned of so far is refused."""
    STILL_BINDS = "still_binds"
    ADVISES = "advises"
    LOOSENS = "loosens"
    """由约束变为参考: only a withdrawal brings that."""
    OVERRULED = "overruled"
    """Another value goes first there; this one is kept and changes nothing."""


@dataclass(frozen=True, slots=True)
class PolicyEffect:
    """The value that governs before and after (None: none), and what that means."""

    before: PolicyParameter | None
    after: PolicyParameter | None
    effect: Effect


def checked(value: PolicyParameter) -> PolicyParameter:
    """Return a value as it is kept; FieldErrors name every field that is wrong.

    Codes: PARAMETER_UNKNOWN, PARAMETER_SUBJECT (``parameter``); PARAMETER_VALUE, PARAMETER_RANGE, HOLIDAYS_WRONG
    (``value``); DOCUMENT_BLANK, DOCUMENT_TOO_LONG (``document``); REGION_UNKNOWN, CHANNEL_UNKNOWN,
    SINCE_MISSING, SINCE_UNLIKELY, DATES_REVERSED.
    """
    wrong: dict[str, AppError] = {}
    kept = value
    try:
        defined = definition(value.code)
        kept = replace(value, name=defined.name, unit=defined.unit)
    except AppError as error:
        raise FieldErrors({"parameter": error}) from None
    try:
        kept = replace(kept, value=check_value(defined, value.value))
    except AppError as error:
        wrong["value"] = error
    document = value.document
    if document is not None:
        kept = replace(kept, document=document.strip())
        if not document.strip():
            wrong["document"] = AppError("DOCUMENT_BLANK")
        elif len(document.strip()) > MAX_DOCUMENT:
            wrong["document"] = AppError("DOCUMENT_TOO_LONG", limit=MAX_DOCUMENT)
    if value.region is not None and (find_region_code(value.region) is None or _is_heading(value.region)):
        wrong["region"] = AppError("REGION_UNKNOWN", value=value.region[:20])
    if value.channel is not None and value.channel not in codes.table("channels").by_code:
        wrong["channel"] = AppError("CHANNEL_UNKNOWN", value=value.channel[:20])
    wrong.update(_wrong_dates(value))
    if wrong:
        raise FieldErrors(wrong)
    return kept


def _is_heading(region: str) -> bool:
    """Tell whether a code is a heading of the table in which nothing lies: 4290 is no unit (R07)."""
    return region.endswith("9000")


def _wrong_dates(value: PolicyParameter) -> dict[str, AppError]:
    if value.since is None:
        return {"since": AppError("SINCE_MISSING")}
    if not FIRST_DAY <= value.since <= LAST_DAY:
        return {"since": AppError("SINCE_UNLIKELY", day=value.since.isoformat())}
    if value.until is not None and value.until < value.since:
        return {"until": AppError("DATES_REVERSED")}
    return {}


def same_place(one: PolicyParameter, other: PolicyParameter) -> bool:
    """Tell whether two values are one record: same parameter, region, channel, first day and owner."""
    return place(one) == place(other)


def place(value: PolicyParameter) -> tuple[str, str | None, str | None, str | None, int]:
    """Return what makes a value's key."""
    since = None if value.since is None else value.since.isoformat()
    return value.code, value.region, value.channel, since, int(value.owner)


def value_id(value: PolicyParameter) -> bytes:
    """Return the key of a value's record, the same wherever it is made."""
    return named_id("policy_value", *place(value))


def effect_of_setting(book: PolicyBook, value: PolicyParameter) -> PolicyEffect:
    """Say what a checked value changes on its first day.

    Raises AppError DOCUMENT_NEEDED: what binds by a 文号 is not replaced by a 参考值.
    """
    assert value.since is not None
    others = PolicyBook(tuple(one for one in book.records if not same_place(one, value)))
    before = book.find(value.code, value.since, region=value.region, channel=value.channel)
    former = others.find(value.code, value.since, region=value.region, channel=value.channel)
    after = PolicyBook((*others.records, value)).find(
        value.code, value.since, region=value.region, channel=value.channel
    )
    if after is not value:
        return PolicyEffect(before, after, Effect.OVERRULED)
    if former is not None and former.blocks and not value.blocks:
        raise AppError("DOCUMENT_NEEDED", parameter=value.name, document=former.document or "")
    return PolicyEffect(before, after, _between(before, after))


def effect_of_withdrawing(book: PolicyBook, value: PolicyParameter) -> PolicyEffect:
    """Say what withdrawing a value changes on its first day."""
    assert value.since is not None
    others = PolicyBook(tuple(one for one in book.records if not same_place(one, value)))
    before = book.find(value.code, value.since, region=value.region, channel=value.channel)
    after = others.find(value.code, value.since, region=value.region, channel=value.channel)
    if before is not None and not same_place(before, value):
        return PolicyEffect(before, before, Effect.OVERRULED)
    return PolicyEffect(before, after, _between(before, after))


def _between(before: PolicyParameter | None, after: PolicyParameter | None) -> Effect:
    bound, binds = before is not None and before.blocks, after is not None and after.blocks
    if binds:
        return Effect.STILL_BINDS if bound else Effect.BINDS
    return Effect.LOOSENS if bound else Effect.ADVISES
