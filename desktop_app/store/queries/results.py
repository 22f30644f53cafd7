"""Assessments, scores and certificates."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from desktop_app.domain import masking
from desktop_app.domain.assessments import (
    AssessmentKind,
    Component,
    ComponentCode,
    Conclusion,
    PassRule,
    Score,
    ScoreState,
    conclude,
)
from desktop_app.domain.candidates import candidate_state
from desktop_app.domain.listings.results import AssessmentItem, CertificateListItem, ScoreRowItem
from desktop_app.domain.records import SCORE
from desktop_app.store import aliases
from desktop_app.store.enrolment_states import OUTSIDE
from desktop_app.store.journal import decode
from desktop_app.store.queries.columns import day
from desktop_app.store.record_tables import known_table
from desktop_app.store.sight import saw

_ASSESSMENTS = """
SELECT a.id, a.class_id, c.code, a.kind, a.held_on, a.organisation, a.components, a.rule, a.locked,
       (SELECT coalesce(u.display, u.login) FROM user u WHERE u.id = a.locked_by), a.file_name,
       coalesce(t.scored, 0),
       CASE WHEN a.resit_of IS NULL THEN coalesce(k.people, 0)
       ELSE (SELECT count(*) FROM score s WHERE s.assessment_id = a.id AND s.gone = 0) END,
       a.resit_of, a.starts_at, a.place, a.files
FROM assessment a JOIN training_class c ON c.id = a.class_id AND c.gone = 0
LEFT JOIN assessment_tally t ON t.assessment_id = a.id LEFT JOIN class_tally k ON k.class_id = a.class_id
WHERE a.gone = 0
"""
_SCORES = f"""
SELECT e.trainee_id, e.number, t.name, s.ticket, s.theory_state, s.theory, s.practice_state, s.practice,
       s.review_state, s.review, s.process_state, s.process, s.conclusion, s.candidate
FROM assessment a JOIN enrolment e ON e.class_id = a.class_id AND e.gone = 0 AND e.state NOT IN {OUTSIDE}
JOIN trainee t ON t.id = e.trainee_id AND t.gone = 0
LEFT JOIN score s ON s.assessment_id = a.id AND s.trainee_id = e.trainee_id AND s.gone = 0
WHERE a.id = ? AND (a.resit_of IS NULL OR s.trainee_id IS NOT NULL) ORDER BY e.number IS NULL, e.number, e.trainee_id
"""
_CERTIFICATES = """
SELECT x.assessment_id, x.trainee_id, x.issue, c.code, e.number, t.name, t.document_number, x.number, x.kind,
       x.issued_on, x.issuer, coalesce(x.state, 'issued'), p.trade, p.level, a.class_id,
       x.handed_on, x.handed_to, x.cause
FROM certificate x JOIN assessment a ON a.id = x.assessment_id JOIN training_class c ON c.id = a.class_id
JOIN trainee t ON t.id = x.trainee_id
LEFT JOIN enrolment e ON e.class_id = a.class_id AND e.trainee_id = x.trainee_id
LEFT JOIN project p ON p.id = c.project_id
WHERE x.gone = 0
"""


def components_of(text: str | None) -> tuple[Component, ...]:
    """Read the components column."""
    return tuple(
        Component(ComponentCode(code), full, pass_mark, weight)
        for code, full, pass_mark, weight in json.loads(text or "[]")
    )


_UNLOCKED = f"""
 AND a.kind IS NOT '{AssessmentKind.LEVEL}' AND a.id IN (SELECT assessment_id FROM assessment_tally WHERE waiting = 1)
"""
_IN_ORDER = """
ORDER BY a.resit_of IS NOT NULL,
         CASE WHEN a.resit_of IS NULL THEN '' ELSE coalesce(a.held_on, '9999') END, a.id
"""


def assessment_items(
    sql: Connection,
    *,
    class_id: bytes | None = None,
    assessment_id: bytes | None = None,
    unlocked: bool = False,
) -> list[AssessmentItem]:
    """Return assessments in the order they were made, a 补考 after every first sitting, the later one after.

    The counts are those before a running command. ``unlocked``: those alone that their teachers have still to lock.
    """
    query, values = _ASSESSMENTS + (_UNLOCKED if unlocked else ""), list[object]()
    for column, value in (("a.class_id", class_id), ("a.id", assessment_id)):
        if value is not None:
            query += f" AND {column} = ?"
            values.append(value)
    rows = sql.exec_driver_sql(query + _IN_ORDER, tuple(values))
    return [
        AssessmentItem(
            id=row[0],
            class_id=row[1],
            class_code=row[2],
            kind=row[3],
            held_on=day(row[4]),
            organisation=row[5],
            components=components_of(row[6]),
            rule=PassRule(row[7] or PassRule.EACH),
            locked=bool(row[8]),
            locked_by=row[9],
            file_name=row[10],
            scored=row[11],
            people=row[12],
            resit_of=row[13],
            starts_at=row[14],
            place=row[15],
            files=tuple(digest for _, digest in json.loads(row[16] or "[]")),
        )
        for row in rows
    ]


def score_rows(sql: Connection, assessment: AssessmentItem) -> list[ScoreRowItem]:
    """Return one row per member of the class by number, with the conclusion."""
    conflicts = _conflicts(sql, assessment.id)
    rows: Sequence[Sequence[Any]] = sql.exec_driver_sql(_SCORES, (assessment.id,)).all()
    twins = aliases.twins_of(sql, assessment.class_id)
    if twins:
        rows = _as_one(sql, assessment.id, rows, twins, conflicts)
    found = []
    for row in rows:
        scores = {}
        for index, code in enumerate(ComponentCode):
            state, value = row[4 + 2 * index], row[5 + 2 * index]
            if state is not None:
                scores[code] = Score(ScoreState(state), value)
        outcome = conclude(assessment.components, assessment.rule, scores)
        locked = Conclusion(row[12]) if assessment.locked and row[12] else outcome.conclusion
        clashes = frozenset(
            code for code, value in conflicts.get(row[0], ()) if value != _wire(scores.get(code))
        )
        found.append(
            ScoreRowItem(
                trainee_id=row[0],
                number=row[1],
                name=row[2] or "",
                ticket=row[3],
                scores=scores,
                total=outcome.total,
                conclusion=locked,
                conflicts=clashes,
                candidate=candidate_state(row[13], scores, assessment.components),
                to_repeat=outcome.to_repeat,
            )
        )
    return found


def _as_one(
    sql: Connection,
    assessment_id: bytes,
    rows: Sequence[Sequence[Any]],
    twins: Mapping[bytes, bytes],
    conflicts: dict[bytes, list[tuple[ComponentCode, object]]],
) -> list[list[Any]]:
    """Return one row a person; a value under another id fills what is lacking, or is a conflict that nobody settled."""
    joined: dict[bytes, list[Any]] = {}
    for row in sorted(rows, key=lambda one: (one[0] in twins, one[0])):
        shown = twins.get(row[0], row[0])
        present = joined.setdefault(shown, [shown, *row[1:]])
        if row[0] == shown:
            continue
        for place in (1, 3, 12, 13):
            present[place] = row[place] if present[place] is None else present[place]
        for index, code in enumerate(ComponentCode):
            value = slice(4 + 2 * index, 6 + 2 * index)
            if present[value.start] is None:
                present[value] = row[value]
                continue
            differs = row[value.start] is not None and present[value] != list(row[value])
            if differs and not _settled(sql, assessment_id + shown, assessment_id + row[0], code):
                conflicts.setdefault(shown, []).append((code, list(row[value])))
    return sorted(joined.values(), key=lambda one: (one[1] is None, one[1] or 0, one[0]))


def _settled(sql: Connection, shown: bytes, other: bytes, code: ComponentCode) -> bool:
    """Tell whether a score was written by somebody who had seen that under another id of the person."""
    group = SCORE.by_name[code.value]
    records = known_table(SCORE).fetch_many(sql, [shown, other])
    seqs = [records[key].head_seq(group) if key in records else None for key in (shown, other)]
    return seqs[0] is not None and seqs[1] is not None and saw(sql, seqs[0], seqs[1])


def level_passes(sql: Connection, class_id: bytes) -> dict[bytes, AssessmentItem]:
    """Return by person the 职业技能等级考核 that they passed, a 补考 included."""
    found: dict[bytes, AssessmentItem] = {}
    for item in assessment_items(sql, class_id=class_id):
        if item.kind == AssessmentKind.LEVEL:
            for row in score_rows(sql, item):
                if row.conclusion is Conclusion.PASSED:
                    found.setdefault(row.trainee_id, item)
    return found


def _wire(score: Score | None) -> object:
    return None if score is None else [score.state.value, score.value]


def _conflicts(sql: Connection, assessment_id: bytes) -> dict[bytes, list[tuple[ComponentCode, object]]]:
    """Return by person the values that another workstation wrote without knowing of the present ones."""
    rows = sql.exec_driver_sql(
        "SELECT key, grp, value FROM head WHERE entity = ? AND substr(key, 1, 16) = ?",
        (SCORE.number, assessment_id),
    )
    names = {group.number: group.name for group in SCORE.groups}
    codes = {code.value for code in ComponentCode}
    found: dict[bytes, list[tuple[ComponentCode, object]]] = {}
    for key, grp, value in rows:
        if names.get(grp) in codes:
            found.setdefault(key[16:], []).append((ComponentCode(names[grp]), decode(value)))
    return found


def certificate_items(
    sql: Connection,
    *,
    class_id: bytes | None = None,
    only: Collection[bytes] | None = None,
    masked: bool = True,
) -> list[CertificateListItem]:
    """Return certificates by class and number of the person; ``only`` limits them to some classes."""
    query, values = _CERTIFICATES, list[object]()
    if class_id is not None:
        query += " AND a.class_id = ?"
        values.append(class_id)
    rows = sql.exec_driver_sql(query + " ORDER BY c.code, e.number, x.trainee_id, x.issue", tuple(values))
    return [
        CertificateListItem(
            assessment_id=row[0],
            trainee_id=row[1],
            issue=row[2],
            class_code=row[3],
            person_number=row[4],
            name=row[5] or "",
            document_number=masking.mask_document(row[6] or "") if masked else row[6] or "",
            number=row[7],
            kind=row[8],
            issued_on=day(row[9]),
            issuer=row[10],
            state=row[11],
            trade=row[12],
            level=row[13],
            class_id=row[14],
            handed_on=day(row[15]),
            handed_to=row[16],
            cause=row[17],
        )
        for row in rows
        if only is None or row[14] in only
    ]
