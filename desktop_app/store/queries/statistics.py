"""The facts that 统计 counts: who trained, attended, passed, was certified, and the 课时 of teachers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from desktop_app.domain import turnout
from desktop_app.domain.assessments import AssessmentKind, Conclusion
from desktop_app.domain.certificates import HELD
from desktop_app.domain.listings.figures import TeacherHours
from desktop_app.domain.statistics import Fact, Measure, Scope
from desktop_app.store import aliases
from desktop_app.store.aliases import PERSON, TWIN
from desktop_app.store.enrolment_states import OUTSIDE
from desktop_app.store.queries import attendance, classes, results
from desktop_app.store.queries.columns import day
from desktop_app.store.queries.policies import policy_book

_PERSON = f"hex({PERSON.format(id='t.id')})"
_REGION = """
coalesce((SELECT region FROM site WHERE id = c.site_id AND gone = 0),
         (SELECT region FROM institution WHERE gone = 0), '')
"""
_ENROLLED = f"""
SELECT e.class_id, e.trainee_id, {_PERSON}, coalesce(e.enrolled_on, c.start_on), c.start_on,
       coalesce(e.chosen_group, e.key_group, e.category, ''), coalesce(p.trade, ''), {_REGION},
       coalesce(e.state, 'attending'), coalesce(c.state, 'running') NOT IN ('preparing', 'filed', 'cancelled')
       OR EXISTS (SELECT 1 FROM session_tally s WHERE s.class_id = c.id AND s.marked > 0)
FROM enrolment e JOIN training_class c ON c.id = e.class_id AND c.gone = 0
JOIN trainee t ON t.id = e.trainee_id AND t.gone = 0 LEFT JOIN project p ON p.id = c.project_id
WHERE e.gone = 0 AND e.state NOT IN {OUTSIDE} AND NOT {TWIN} ORDER BY c.code, e.number, e.trainee_id
"""
_CERTIFIED = """
SELECT a.class_id, x.trainee_id, min(x.issued_on), max(coalesce(x.state, 'issued') IN ({held}))
FROM certificate x JOIN assessment a ON a.id = x.assessment_id WHERE x.gone = 0
GROUP BY x.assessment_id, x.trainee_id
"""
_TEACHERS = """
SELECT h.teacher_id, t.name, t.employment, count(*), sum(h.hours), count(DISTINCT h.class_id)
FROM teaching h JOIN session s ON s.id = h.record_id AND s.gone = 0 JOIN teacher t ON t.id = h.teacher_id AND t.gone = 0
WHERE h.hours IS NOT NULL AND s.held_on BETWEEN ? AND ? GROUP BY h.teacher_id ORDER BY t.name, h.teacher_id
"""
_SITTINGS = """
SELECT DISTINCT a.class_id FROM assessment a JOIN training_class c ON c.id = a.class_id AND c.gone = 0
WHERE a.gone = 0 AND a.held_on BETWEEN ? AND ?
"""
_PAYMENTS = """
SELECT class_id, trainee_id, paid_on, fen FROM claim_payment
WHERE gone = 0 AND fen IS NOT NULL AND paid_on BETWEEN ? AND ?
"""
_TITLES = """
SELECT e.class_id, e.trainee_id, c.code, t.name FROM enrolment e
JOIN training_class c ON c.id = e.class_id JOIN trainee t ON t.id = e.trainee_id WHERE e.gone = 0
"""


@dataclass(frozen=True, slots=True)
class Member:
    """An enrolment with what its facts are told apart by."""

    person: str
    enrolled_on: date | None
    start_on: date | None
    group: str
    trade: str
    region: str
    state: str
    opened: int


Members = dict[tuple[bytes, bytes], Member]


def members(sql: Connection) -> Members:
    """Return everybody who ever was on a roster, by class and trainee."""
    return {
        (row[0], row[1]): Member(row[2], day(row[3]), day(row[4]), *row[5:])
        for row in sql.exec_driver_sql(_ENROLLED)
    }


def facts(sql: Connection, scope: Scope, today: date, known: Members) -> list[Fact]:
    """Return the facts of a period but those of employment and money, which other records tell."""
    return [
        *_enrolments(known, scope),
        *_attendance(sql, known, scope, today),
        *_passes(sql, known, scope),
        *_certificates(sql, known, scope),
    ]


def fact_of(measure: Measure, key: tuple[bytes, bytes], member: Member, on: date, **more: Any) -> Fact:  # noqa: ANN401 - fields of Fact
    """Return a fact about an enrolment."""
    return Fact(measure, member.person, key[0], key[1], on, member.group, member.trade, member.region, **more)


def _enrolments(known: Members, scope: Scope) -> Iterator[Fact]:
    for key, member in known.items():
        if member.enrolled_on is not None and scope.holds(member.enrolled_on):
            yield fact_of(Measure.ENROLLED, key, member, member.enrolled_on)
        if _trained(member) and member.start_on is not None and scope.holds(member.start_on):
            yield fact_of(Measure.TRAINED, key, member, member.start_on)


def _trained(member: Member) -> bool:
    """参训: the class opened, or was taught; who went to another class (转班) is counted there, once."""
    return member.state != "transferred" and bool(member.opened)


def _attendance(sql: Connection, known: Members, scope: Scope, today: date) -> Iterator[Fact]:
    """课时 attended of those planned, by 开班, from the one attendance arithmetic; who left is in no denominator."""
    begun = {
        key[0]: member.start_on
        for key, member in known.items()
        if member.start_on is not None and scope.holds(member.start_on) and _trained(member)
    }
    book = policy_book(sql)
    for class_id, start in begun.items():
        sessions = classes.session_items(sql, class_id=class_id)
        people = classes.member_items(sql, class_id)
        marks = attendance.marks(sql, class_id)
        counts = turnout.count_members(sessions, people, marks, today, turnout.rules_on(book, start))
        for trainee_id, count in counts.items():
            key = (class_id, trainee_id)
            member = known.get(key)
            if member is not None and member.state not in {"withdrawn", "transferred"} and count.planned:
                hours = {"amount": count.attended, "planned": count.planned}
                yield fact_of(Measure.ATTENDED, key, member, start, **hours)


def _passes(sql: Connection, known: Members, scope: Scope) -> Iterator[Fact]:
    """合格 by 考核日: the sitting that decided, a 补考 included; once a person and class."""
    span = (scope.first.isoformat(), scope.last.isoformat())
    for (class_id,) in sql.exec_driver_sql(_SITTINGS, span).all():
        items = results.assessment_items(sql, class_id=class_id)
        kinds = {item.kind for item in items}
        decisive = AssessmentKind.LEVEL if AssessmentKind.LEVEL in kinds else AssessmentKind.COMPLETION
        found: dict[bytes, tuple[Conclusion, date]] = {}
        for item in items:
            if item.kind != decisive or item.held_on is None:
                continue
            for row in results.score_rows(sql, item):
                former = found.get(row.trainee_id)
                decided = former is not None and former[0] is Conclusion.PASSED
                if row.conclusion is not Conclusion.NONE and not decided:
                    found[row.trainee_id] = (row.conclusion, item.held_on)
        for trainee_id, (conclusion, on) in found.items():
            member = known.get((class_id, trainee_id))
            if member is not None and scope.holds(on):
                passed = conclusion is Conclusion.PASSED
                yield fact_of(Measure.PASSED, (class_id, trainee_id), member, on, counts=passed)


def _certificates(sql: Connection, known: Members, scope: Scope) -> Iterator[Fact]:
    """获证 by 发证日: once an exam and person, by the first issue, however often it was corrected or issued anew."""
    twins, counted = aliases.twins(sql), set[tuple[bytes, bytes]]()
    held = ", ".join(f"'{state}'" for state in sorted(HELD))
    for class_id, trainee_id, first, is_held in sql.exec_driver_sql(_CERTIFIED.format(held=held)):
        key = (class_id, twins.get((class_id, trainee_id), trainee_id))
        issued, member = day(first), known.get(key)
        if twins and key in counted:
            continue
        if is_held and issued is not None and member is not None and scope.holds(issued):
            counted.add(key)
            yield fact_of(Measure.CERTIFIED, key, member, issued)


def payments(sql: Connection, scope: Scope, known: Members) -> Iterator[Fact]:
    """Yield 资金 by 拨付日: each instalment of a person's claim in 分, 追回 below zero."""
    span, twins = (scope.first.isoformat(), scope.last.isoformat()), aliases.twins(sql)
    for class_id, trainee_id, paid_on, fen in sql.exec_driver_sql(_PAYMENTS, span):
        key = (class_id, twins.get((class_id, trainee_id), trainee_id))
        paid, member = day(paid_on), known.get(key)
        if paid is not None and member is not None:
            yield fact_of(Measure.FUNDED, key, member, paid, amount=fen)


def teacher_hours(sql: Connection, scope: Scope) -> list[TeacherHours]:
    """Return what each teacher gave by the days of the sessions, 停课 left out, by name."""
    span = (scope.first.isoformat(), scope.last.isoformat())
    return [
        TeacherHours(row[0], row[1] or "", row[2] or "", row[3], row[4] or 0, row[5])
        for row in sql.exec_driver_sql(_TEACHERS, span)
    ]


def titles(sql: Connection) -> dict[tuple[bytes, bytes], tuple[str, str]]:
    """Return by class and trainee the class's code and the person's name."""
    return {(row[0], row[1]): (row[2] or "", row[3] or "") for row in sql.exec_driver_sql(_TITLES)}
