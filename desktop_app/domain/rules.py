"""Rules of the notice: what a rule finds, how hard it is, and which function stands for which clause.

A rule is a plain function, marked with ``@rule("R07")``, that returns its findings. A finding either blocks the act or
warns. A threshold that is a policy parameter warns while it is a 参考值 and blocks once it has a 文号
(requirements, head of the page).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import ParamSpec, TypeVar

import resources
from desktop_app.domain.errors import AppError
from desktop_app.domain.policy_parameters import PolicyParameter


@dataclass(frozen=True, slots=True)
class Clause:
    """A rule with its clause of 鄂教职成〔2020〕1号, in one sentence, and the screen on which it is met."""

    rule: str
    clause: str
    text: str
    screen: str


@cache
def clauses() -> tuple[Clause, ...]:
    """Return R01–R38 in order, from ``resources/policy/rules.json``."""
    return tuple(Clause(**row) for row in resources.load_json("policy", "rules.json")["rules"])


@dataclass(frozen=True, slots=True)
class RuleFunction:
    """A function that stands for a rule, and what it would return if it found nothing."""

    function: Callable[..., object]
    empty: object


P = ParamSpec("P")
R = TypeVar("R")
FUNCTIONS: dict[str, list[RuleFunction]] = {}
"""Rule → the functions that stand for it, as their modules are imported."""


class Severity(StrEnum):
    """How hard a finding is."""

    BLOCK = "block"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found: its code and parameters as ``error``, and the record whose screen mends it.

    ``entity`` and ``key`` name that record (``domain/records``), empty where the act itself is at fault; ``field``
    the field to go to.
    """

    rule: str
    severity: Severity
    error: AppError
    entity: str = ""
    key: bytes = b""
    field: str = ""


class RuleErrors(AppError):
    """One or more rules block an act; it reads as the first of them, ``findings`` names every cause."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        first = self.findings[0].error
        super().__init__(first.code, **first.params)


def rule(*codes: str, empty: object = ()) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark the function that stands for one or more rules.

    It returns findings; where it computes a value instead, ``empty`` is what a rule that does nothing would give.
    """

    def mark(function: Callable[P, R]) -> Callable[P, R]:
        for code in codes:
            FUNCTIONS.setdefault(code, []).append(RuleFunction(function, empty))
        return function

    return mark


def severity_of(parameter: PolicyParameter) -> Severity:
    """Return how hard a threshold is: a 参考值 warns, one with 文号 or from the platform blocks."""
    return Severity.BLOCK if parameter.blocks else Severity.WARN


def blocking(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings that stop an act."""
    return tuple(one for one in findings if one.severity is Severity.BLOCK)


def require(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the warnings; RuleErrors where something blocks."""
    found = tuple(findings)
    stopped = blocking(found)
    if stopped:
        raise RuleErrors(stopped)
    return found
