"""Fills the papers around an exam and after it: 准考证, 考场签到表 and 结业名册 of a class."""

from __future__ import annotations

from collections.abc import Sequence

import resources
from desktop_app.domain.assessments import AssessmentKind
from desktop_app.domain.candidates import REGISTERED, SCHEDULED
from desktop_app.domain.listings.results import AssessmentItem
from desktop_app.domain.listings.training import MemberListItem
from desktop_app.domain.papers import (
    AdmissionTickets,
    CompletionLine,
    CompletionRegister,
    ExamPerson,
    ExamSignIn,
    ExamSitting,
    PaperHead,
)
from desktop_app.store.database import Connection
from desktop_app.store.queries import results
from desktop_app.store.queries.completion import class_completion

_TO_SIT = frozenset({REGISTERED, SCHEDULED})


def tickets(
    sql: Connection, class_id: bytes, head: PaperHead, members: Sequence[MemberListItem]
) -> AdmissionTickets:
    """Return the 准考证 of whoever is to sit the newest exam of a class, a 补考 included."""
    return AdmissionTickets(head, *_newest(sql, class_id, members))


def exam_sign_in(
    sql: Connection, class_id: bytes, head: PaperHead, members: Sequence[MemberListItem]
) -> ExamSignIn:
    """Return the 考场签到表 of the newest exam of a class."""
    return ExamSignIn(head, *_newest(sql, class_id, members))


def completion(sql: Connection, class_id: bytes, head: PaperHead) -> CompletionRegister:
    """Return the 结业名册 with what the report of 结业 says; without lines while the class is not completed."""
    found = class_completion(sql, class_id)
    if found is None:
        return CompletionRegister(head, None, ())
    lines = tuple(
        CompletionLine(
            number=one.number or place,
            name=one.name,
            document_number=one.document_number,
            outcome=one.outcome.value,
            planned_hours=one.planned_hours,
            attended_hours=one.attended_hours,
            rate_permille=one.rate_permille,
            conclusion="" if one.conclusion == "none" else one.conclusion,
            certificate_number=one.certificate or "",
        )
        for place, one in enumerate(found.people, 1)
    )
    return CompletionRegister(head, found.completed_on, lines, found.passed, found.certified)


def _newest(
    sql: Connection, class_id: bytes, members: Sequence[MemberListItem]
) -> tuple[ExamSitting, tuple[ExamPerson, ...]]:
    """Return the last 职业技能等级考核 of a class, else its last other exam, and who is to sit it.

    Once results are there everybody who sat is named: the papers can be printed again.
    """
    items = results.assessment_items(sql, class_id=class_id)
    level = [one for one in items if one.kind == AssessmentKind.LEVEL]
    chosen = (level or items)[-1:]
    if not chosen:
        return ExamSitting(None), ()
    item = chosen[0]
    documents = {one.trainee_id: one.document_number for one in members}
    rows = results.score_rows(sql, item)
    waiting = any(row.candidate in _TO_SIT for row in rows)
    people = tuple(
        ExamPerson(
            number=row.number or place,
            name=row.name,
            document_number=documents.get(row.trainee_id, ""),
            ticket=row.ticket or "",
            components=_components(item, set(row.scores) if item.resit_of is not None else set()),
        )
        for place, row in enumerate(rows, 1)
        if item.resit_of is not None or not waiting or row.candidate in _TO_SIT
    )
    sitting = ExamSitting(
        item.held_on,
        item.starts_at or "",
        item.place or "",
        item.organisation or "",
        item.resit_of is not None,
    )
    return sitting, people


def _components(item: AssessmentItem, carried: set[object]) -> str:
    """Name the components that are to be sat: in a 补考 those that were not passed before."""
    names = [
        resources.text(f"papers.component.{one.code.value}")
        for one in item.components
        if one.code not in carried
    ]
    return "、".join(names)
