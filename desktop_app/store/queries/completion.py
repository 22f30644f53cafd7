"""结业 of a class: one reading for the report to the platform and for its paper."""

from __future__ import annotations

from sqlalchemy import Connection

from desktop_app.domain import turnout
from desktop_app.domain.assessments import AssessmentKind, Conclusion
from desktop_app.domain.certificates import HELD
from desktop_app.domain.life_cycles import ENROLMENT
from desktop_app.domain.listings.completion import ClassCompletion, FinisherItem, Outcome
from desktop_app.domain.listings.training import MemberListItem
from desktop_app.store import aliases
from desktop_app.store.queries import attendance as attendance_queries
from desktop_app.store.queries import classes as class_queries
from desktop_app.store.queries import results
from desktop_app.store.queries.columns import day
from desktop_app.store.queries.policies import policy_book

_COMPLETED = "SELECT completed_on, start_on FROM training_class WHERE id = ? AND gone = 0"
_OUTCOMES = {
    "completed": Outcome.COMPLETED,
    "not_completed": Outcome.NOT_COMPLETED,
    "withdrawn": Outcome.WITHDRAWN,
    "transferred": Outcome.TRANSFERRED,
}


def class_completion(sql: Connection, class_id: bytes, *, masked: bool = True) -> ClassCompletion | None:
    """Return what became of the people of a class on its 结业; None while it is not completed.

    Whoever is still 在训 then counts as 结业 where the exam is passed, else as 未结业.
    """
    row = sql.exec_driver_sql(_COMPLETED, (class_id,)).first()
    completed_on = None if row is None else day(row[0])
    if row is None or completed_on is None:
        return None
    members = class_queries.member_items(sql, class_id, masked=masked)
    sessions = class_queries.session_items(sql, class_id=class_id)
    rules = turnout.rules_on(policy_book(sql), day(row[1]) or completed_on)
    counts = turnout.count_members(
        sessions, members, attendance_queries.marks(sql, class_id), completed_on, rules
    )
    conclusions = class_conclusions(sql, class_id)
    twins = aliases.twins_of(sql, class_id)
    numbers = {
        twins.get(one.trainee_id, one.trainee_id): one.number
        for one in results.certificate_items(sql, class_id=class_id)
        if one.state in HELD and one.number is not None
    }
    people = []
    for one in members:
        conclusion = conclusions.get(one.trainee_id, Conclusion.NONE)
        count = counts[one.trainee_id]
        people.append(
            FinisherItem(
                trainee_id=one.trainee_id,
                number=one.number,
                name=one.name,
                document_number=one.document_number,
                outcome=_outcome(one, conclusion),
                planned_hours=count.planned,
                attended_hours=count.attended,
                rate_permille=count.subsidy_rate.tenths_of_percent(),
                conclusion=conclusion.value,
                certificate=numbers.get(one.trainee_id),
            )
        )
    return ClassCompletion(class_id, completed_on, tuple(people))


def class_conclusions(sql: Connection, class_id: bytes) -> dict[bytes, Conclusion]:
    """Return by person what the exams of a class came to, every 补考 included.

    The 职业技能等级考核 decides where there is one, else the 结业考核; 过程考核 decides nothing.
    """
    items = results.assessment_items(sql, class_id=class_id)
    kinds = {item.kind for item in items}
    decisive = AssessmentKind.LEVEL if AssessmentKind.LEVEL in kinds else AssessmentKind.COMPLETION
    found: dict[bytes, Conclusion] = {}
    for item in items:
        if item.kind != decisive:
            continue
        for row in results.score_rows(sql, item):
            known = found.get(row.trainee_id, Conclusion.NONE)
            if known is not Conclusion.PASSED and row.conclusion is not Conclusion.NONE:
                found[row.trainee_id] = row.conclusion
    return found


def _outcome(member: MemberListItem, conclusion: Conclusion) -> Outcome:
    state = ENROLMENT.state_of(member.state)
    if state in _OUTCOMES:
        return _OUTCOMES[state]
    return Outcome.COMPLETED if conclusion is Conclusion.PASSED else Outcome.NOT_COMPLETED
