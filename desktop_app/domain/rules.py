"""Rules of the notice: what a rule finds, how hard it is, and which function stands for which clause.

A rule is a plain function, marked with ``@rule("R07")``, that returns its findings. A finding either blocks the act or
warns. A threshold that is a policy parameter warns while it is a 参考值 and blocks once it has a 文号
(requirements, head of the page).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import ParamSpec, TypeVar

from desktop_app.domain.errors import AppError
from desktop_app.domain.policy_parameters import PolicyParameter

CLAUSES: dict[str, str] = {
    "R01": "二.1", "R02": "二.2", "R03": "二.3", "R04": "二、五", "R05": "三.1", "R06": "三.1", "R07": "三.1",
    "R08": "三.2", "R09": "三.2", "R10": "三.3", "R11": "四.1", "R12": "四.1、一.3", "R13": "四.2", "R14": "四.3",
    "R15": "四.3", "R16": "四.4", "R17": "五.一.1", "R18": "五.一.1", "R19": "五.一.2、三", "R20": "五.一.3",
    "R21": "五.一.4", "R22": "五.二.1", "R23": "五.二.2", "R24": "五.二.3", "R25": "五.三", "R26": "六.1",
    "R27": "六.2", "R28": "六.2", "R29": "六.2", "R30": "六.2", "R31": "六.3", "R32": "六.3", "R33": "六.3",
    "R34": "六.3", "R35": "六.3", "R36": "六.3、四.4", "R37": "六.3", "R38": "六.3",
}  # fmt: skip
"""Rule → clause of 鄂教职成〔2020〕1号."""

P = ParamSpec("P")
R = TypeVar("R")
FUNCTIONS: dict[str, list[Callable[..., object]]] = {code: [] for code in CLAUSES}
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


def rule(*codes: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark the function that stands for one or more rules; it returns findings, or a value where it computes one."""

    def mark(function: Callable[P, R]) -> Callable[P, R]:
        for code in codes:
            FUNCTIONS[code].append(function)
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
