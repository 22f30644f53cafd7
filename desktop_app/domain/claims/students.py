"""在校学生 (五.一.1): what they may be charged and what they cost (R17), and the base of their grant (R18)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from desktop_app.domain.errors import AppError
from desktop_app.domain.money import format_fen
from desktop_app.domain.rules import Finding, Severity, rule


class ChargeKind(StrEnum):
    """培训费, 考证费, 补考费, 教材费, 其他."""

    TRAINING = "training"
    CERTIFICATE = "certificate"
    RESIT = "resit"
    MATERIALS = "materials"
    OTHER = "other"


class CostSource(StrEnum):
    """财政拨款, 学费, 其他事业收入."""

    GRANT = "grant"
    TUITION = "tuition"
    OTHER_INCOME = "other_income"


FREE = frozenset({ChargeKind.TRAINING, ChargeKind.CERTIFICATE})


@rule("R17")
def check_charge(
    person: str, class_code: str, kind: ChargeKind, fen: int, document: str, *, student: bool
) -> tuple[Finding, ...]:
    """Refuse a student's 培训费 and 考证费, whatever document is named; any other charge to a student needs a 文号."""
    if not student or fen == 0:
        return ()
    who: dict[str, object] = {"name": person, "class_code": class_code, "amount": format_fen(fen)}
    if kind in FREE:
        return (_finding("STUDENT_FEE", **who),)
    return () if document.strip() else (_finding("STUDENT_CHARGE_DOCUMENT", **who),)


@rule("R17")
def check_cost(person: str, class_code: str, source: str | None, *, student: bool) -> tuple[Finding, ...]:
    """Refuse a cost borne for a student whose source is not named."""
    known = source in {one.value for one in CostSource}
    if known or not student:
        return ()
    return (_finding("STUDENT_COST_SOURCE", name=person, class_code=class_code),)


def _finding(code: str, **params: object) -> Finding:
    return Finding("R17", Severity.BLOCK, AppError(code, **params), entity="enrolment", field="charge")


@dataclass(frozen=True, slots=True)
class GrantFact:
    """A student in a class: when it began, when they passed (None: not), issued certificate or not."""

    person: bytes
    class_code: str
    project: str
    began_on: date
    passed_on: date | None


@dataclass(frozen=True, slots=True)
class GrantBase:
    """参训 and 考证合格 of students, in 人次 and in distinct people."""

    trained_times: int = 0
    trained_people: int = 0
    passed_times: int = 0
    passed_people: int = 0


@rule("R18", empty=GrantBase())
def grant_base(facts: Iterable[GrantFact], first: date, last: date) -> GrantBase:
    """Count the base of the student grant in a period, both days included (五.一.1).

    参训 by 开班, 考证合格 by 考核日, whether the certificate is issued or not.
    """
    known = list(facts)
    trained = [one for one in known if first <= one.began_on <= last]
    passed = [one for one in known if one.passed_on is not None and first <= one.passed_on <= last]
    return GrantBase(
        len(trained),
        len({one.person for one in trained}),
        len(passed),
        len({one.person for one in passed}),
    )
