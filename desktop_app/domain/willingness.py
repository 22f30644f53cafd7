"""意愿登记, 告知同意 and the way into a class (一.3, 四.1, R12).

A wish without a class is kept, once for a person and 工种, and matched to new classes; everyone ends as 录取, 候补 or
不录取 with a reason. The consent names the version of its text; sensitive data need a separate consent (PIPL 29).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

import resources
from desktop_app.domain.codes import fold
from desktop_app.domain.errors import AppError
from desktop_app.domain.ids import named_id
from desktop_app.domain.policy_parameters import PolicyParameter
from desktop_app.domain.qualification import Enrolling
from desktop_app.domain.rules import Finding, Severity, rule, severity_of


class Wish(StrEnum):
    """What became of a wish: still open, or how it ended."""

    OPEN = "open"
    ADMITTED = "admitted"
    WAITLISTED = "waitlisted"
    REJECTED = "rejected"


UNMET = frozenset({Wish.OPEN, Wish.WAITLISTED})
"""愿训未训: who wants to train and does not yet."""


@dataclass(frozen=True, slots=True)
class ConsentText:
    """A version of the text that people agree to, with the separate one for sensitive data."""

    version: str
    since: date
    text: str
    sensitive: str


@dataclass(frozen=True, slots=True)
class Consent:
    """What somebody agreed to, and when; ``sensitive_on`` of the separate consent."""

    version: str | None = None
    given_on: date | None = None
    sensitive_on: date | None = None


@cache
def consent_texts() -> tuple[ConsentText, ...]:
    """Return the versions of the text, oldest first, from ``resources/policy/consent.json``."""
    rows = resources.load_json("policy", "consent.json")["versions"]
    return tuple(
        ConsentText(row["version"], date.fromisoformat(row["from"]), row["text"], row["sensitive"])
        for row in rows
    )


def consent_text(on: date) -> ConsentText:
    """Return the text that is put before people on a day."""
    held = [one for one in consent_texts() if one.since <= on]
    return held[-1] if held else consent_texts()[0]


def willingness_id(trainee_id: bytes, trade: str) -> bytes:
    """Return the key of a wish: the same person and 工种 is the same wish, wherever it is noted."""
    return named_id("willingness", trainee_id.hex(), fold(trade))


def wants(trade: str, class_trade: str | None) -> bool:
    """Tell whether a wish fits a class; a wish without a 工种 fits every class."""
    return not fold(trade) or fold(trade) == fold(class_trade or "")


@rule("R12")
def check_consent(people: Iterable[str], class_code: str) -> tuple[Finding, ...]:
    """Warn of people who enrol without recorded consent (R12); all of them in one sentence."""
    named = list(people)
    if not named:
        return ()
    error = AppError("CONSENT_MISSING", person=listed(named), count=len(named), class_code=class_code)
    return (Finding("R12", Severity.WARN, error, entity="enrolment", field="consented_on"),)


@rule("R12")
def check_project(class_code: str, *, has_project: bool) -> tuple[Finding, ...]:
    """Refuse 报名 and 录取 in a class that belongs to no catalogue project (四.1)."""
    if has_project:
        return ()
    error = AppError("ENROLMENT_WITHOUT_PROJECT", class_code=class_code)
    return (Finding("R12", Severity.BLOCK, error, entity="training_class", field="project_id"),)


@rule("R12")
def check_decision(who: Enrolling, reason: str) -> tuple[Finding, ...]:
    """Ask for the reason of 候补 and 不录取 (R12)."""
    if reason.strip():
        return ()
    return (Finding("R12", Severity.BLOCK, who.error("DECISION_REASON_MISSING"), entity="enrolment"),)


@rule("R12")
def check_late(
    people: Iterable[str], class_code: str, start_on: date | None, first_day: date, allowed: PolicyParameter
) -> tuple[Finding, ...]:
    """Judge 增员 after the opening: more than the parameter's days late, as hard as the parameter is."""
    named = list(people)
    limit = allowed.number()
    if start_on is None or not named or (first_day - start_on).days <= limit:
        return ()
    error = AppError(
        "LATE_ADD",
        person=listed(named),
        class_code=class_code,
        days=(first_day - start_on).days,
        limit=limit,
    )
    return (Finding("R12", severity_of(allowed), error, entity="enrolment", field="periods"),)


def listed(names: list[str], most: int = 3) -> str:
    """Return a few names, the first ones where there are many."""
    return "、".join(names[:most]) + ("…" if len(names) > most else "")
