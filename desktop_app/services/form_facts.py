"""What a class and its people are, in the words that other people's forms ask for (``domain/foreign_forms``)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import resources
from desktop_app.domain import codes
from desktop_app.domain.assessments import AssessmentKind, ComponentCode, Conclusion, Score, ScoreState
from desktop_app.domain.foreign_forms import Facts, Value
from desktop_app.domain.identity import document_type_name
from desktop_app.domain.listings.results import ScoreRowItem
from desktop_app.domain.listings.training import MemberListItem
from desktop_app.domain.regions import region_name
from desktop_app.domain.retirement import age_on
from desktop_app.services.classes import one_class
from desktop_app.store.database import Connection
from desktop_app.store.queries import classes as class_queries
from desktop_app.store.queries import forms, people, results
from desktop_app.store.repositories import accounts


def class_facts(sql: Connection, class_id: bytes, today: date, filled_by: str) -> Facts:
    """Return what is said of a class; AppError CLASS_UNKNOWN."""
    item = one_class(sql, class_id, today)
    return {
        "institution": accounts.institution(sql).name,
        "class_code": item.code,
        "project": item.project_name,
        "trade": item.trade,
        "level": codes.level_name(item.level) if item.level else None,
        "organisation": item.organisation,
        "start_on": item.start_on,
        "end_on": item.end_on,
        "hours": item.hours or None,
        "people": item.people,
        "place": item.place,
        "advisers": "、".join(item.advisers) or None,
        "today": today,
        "filled_by": filled_by,
    }


def people_facts(sql: Connection, class_id: bytes, today: date) -> list[tuple[bytes, Facts]]:
    """Return the people of a class in roster order, each with what is known; nothing is masked."""
    members = class_queries.member_items(sql, class_id, masked=False)
    keys = [one.trainee_id for one in members]
    households = people.household_regions(sql, keys)
    scores = _level_scores(sql, class_id)
    certificates = {
        one.trainee_id: {"certificate_number": one.number, "issued_on": one.issued_on}
        for one in results.certificate_items(sql, class_id=class_id)
    }
    numbers = forms.acceptances(sql, class_id)
    return [
        (
            one.trainee_id,
            {
                **_member_facts(one, today),
                "household": region_name(households.get(one.trainee_id, "")) or None,
                "acceptance": numbers.get(one.trainee_id),
                **scores.get(one.trainee_id, {}),
                **certificates.get(one.trainee_id, {}),
            },
        )
        for one in members
    ]


def _member_facts(member: MemberListItem, today: date) -> dict[str, Value]:
    on = member.enrolled_on or today
    education = codes.Education(member.education, member.studying) if member.education else None
    kind = codes.table("evidence_kinds").name(member.evidence_kind) if member.evidence_kind else ""
    return {
        "name": member.name,
        "document_type": document_type_name(member.document_type),
        "document_number": member.document_number,
        "sex": codes.sex_name(member.sex) if member.sex else None,
        "birth": member.birth,
        "age": age_on(member.birth, on) if member.birth else None,
        "ethnicity": codes.ethnicity_name(member.ethnicity) if member.ethnicity else None,
        "education": codes.education_name(education) if education else None,
        "phone": member.phone or None,
        "address": member.address or None,
        "category": codes.category_name(member.category) if member.category else None,
        "key_group": codes.group_name(member.key_group) if member.key_group else None,
        "employer": member.employer,
        "employer_code": member.employer_uscc,
        "post": member.post,
        "student_number": member.student_number,
        "major": member.major,
        "evidence": "：".join(part for part in (kind, member.evidence_number or "") if part) or None,
        "enrolled_on": member.enrolled_on,
    }


def _level_scores(sql: Connection, class_id: bytes) -> Mapping[bytes, dict[str, Value]]:
    """Return what the newest 职业技能等级考核 says of each person."""
    found = [
        one for one in results.assessment_items(sql, class_id=class_id) if one.kind == AssessmentKind.LEVEL
    ]
    return {row.trainee_id: _score_facts(row) for one in found[-1:] for row in results.score_rows(sql, one)}


def _score_facts(row: ScoreRowItem) -> dict[str, Value]:
    facts: dict[str, Value] = {code.value: _points(row.scores.get(code)) for code in ComponentCode}
    total = None if row.total is None else _tenths(row.total)
    conclusion = (
        None
        if row.conclusion is Conclusion.NONE
        else resources.text(f"papers.conclusion.{row.conclusion.value}")
    )
    return {**facts, "ticket": row.ticket, "total": total, "conclusion": conclusion}


def _points(score: Score | None) -> Value:
    if score is None:
        return None
    if score.state is not ScoreState.SCORED or score.value is None:
        return resources.text(f"papers.state.{score.state.value}")
    return _tenths(score.value)


def _tenths(value: int) -> int | float:
    return value // 10 if value % 10 == 0 else value / 10
