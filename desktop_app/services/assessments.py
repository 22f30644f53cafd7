"""Assessments and scores (R14): results of the 评价组织 come by file, the teacher types and locks the own ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from desktop_app.domain.assessments import (
    THEORY_AND_PRACTICE,
    AssessmentKind,
    Component,
    ComponentCode,
    PassRule,
    Score,
    ScoreState,
    score_text,
)
from desktop_app.domain.candidates import CLOSED
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.results import AssessmentItem, ScoreSheet
from desktop_app.domain.records import ASSESSMENT, SCORE, TEACHER
from desktop_app.domain.users import Role
from desktop_app.services import access
from desktop_app.services.classes import one_class
from desktop_app.services.context import Context, Service, command
from desktop_app.store.database import Connection
from desktop_app.store.queries import classes as class_queries
from desktop_app.store.queries import results
from desktop_app.store.queries.columns import keys
from desktop_app.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class NewScore:
    """Results to be written for one person; a component that is None is cleared, one not named stays."""

    trainee_id: bytes
    scores: Mapping[ComponentCode, Score | None]
    ticket: str | None = None


class AssessmentService(Service):
    """考核 and 成绩."""

    def list_assessments(self, class_id: bytes | None = None) -> list[AssessmentItem]:
        """Return the assessments of a class, or of all visible ones."""
        actor = self.context.require("view_scores")
        with self.context.read() as sql:
            visible = access.visible_classes(sql, actor)
            items = results.assessment_items(sql, class_id=class_id)
        return [item for item in items if visible is None or item.class_id in visible]

    def list_unlocked(self) -> list[AssessmentItem]:
        """Return the visible assessments that their teachers have still to lock."""
        actor = self.context.require("view_scores")
        with self.context.read() as sql:
            visible = access.visible_classes(sql, actor)
            items = results.assessment_items(sql, unlocked=True)
        return [item for item in items if visible is None or item.class_id in visible]

    def sheet(self, assessment_id: bytes) -> ScoreSheet:
        """Return everything the score grid of an assessment needs; AppError ASSESSMENT_UNKNOWN, NOT_YOUR_CLASS."""
        actor = self.context.require("view_scores")
        with self.context.read() as sql:
            assessment = one_assessment(sql, assessment_id)
            access.require_class(sql, actor, assessment.class_id)
            closed = closed_reason(self.context, sql, assessment)
            rows = results.score_rows(sql, assessment)
        return ScoreSheet(assessment, tuple(rows), closed is None, closed)

    @command("create_assessment")
    def create(
        self,
        work: UnitOfWork,
        class_id: bytes,
        kind: AssessmentKind,
        *,
        held_on: date | None = None,
        components: Sequence[Component] = THEORY_AND_PRACTICE,
        rule: PassRule = PassRule.EACH,
        teacher_ids: Sequence[bytes] = (),
    ) -> bytes:
        """Create a 结业考核 or 过程考核 that a teacher scores; return its key.

        Without ``teacher_ids`` the acting teacher's own, else those of the class's sessions.
        Raises AppError CLASS_UNKNOWN, ASSESSMENT_KIND where the kind is that of the 评价组织, NOT_YOUR_CLASS,
        TEACHER_UNKNOWN, ASSESSMENT_WITHOUT_TEACHER where nobody could enter scores.
        """
        if kind is AssessmentKind.LEVEL:
            raise AppError("ASSESSMENT_KIND")
        actor = self.context.require_actor()
        one_class(work.sql, class_id, self.context.today())
        taught = {
            key
            for item in class_queries.session_items(work.sql, class_id=class_id)
            for key in item.teacher_ids
        }
        own = taught & actor.teacher_ids
        if Role.OFFICE not in actor.roles and not own:
            raise AppError("NOT_YOUR_CLASS")
        teachers = list(dict.fromkeys(teacher_ids)) or sorted(own or taught)
        if not teachers:
            raise AppError("ASSESSMENT_WITHOUT_TEACHER")
        if any(work.fields(TEACHER, key) is None for key in teachers):
            raise AppError("TEACHER_UNKNOWN")
        fields = assessment_fields(class_id, kind, held_on, components, rule)
        assessment_id = self.context.new_id()
        work.put(ASSESSMENT, assessment_id, {**fields, "teachers": [key.hex() for key in teachers]})
        return assessment_id

    @command("enter_scores")
    def enter(
        self, work: UnitOfWork, assessment_id: bytes, scores: Sequence[NewScore], reason: str | None = None
    ) -> int:
        """Write scores of an own assessment; return how many people changed.

        Raises AppError ASSESSMENT_UNKNOWN, SCORES_BY_FILE, SCORES_LOCKED, NOT_YOUR_ASSESSMENT, NOT_A_MEMBER,
        SCORE_RANGE, COMPONENT_UNKNOWN.
        """
        assessment = self._own_open(work.sql, assessment_id)
        work.reason = (reason or "").strip() or None
        return write_scores(work, assessment, scores)

    @command("lock_scores", undoable=False)
    def lock(self, work: UnitOfWork, assessment_id: bytes) -> None:
        """Lock an own assessment and write every conclusion.

        Raises AppError SCORES_INCOMPLETE (how many are open), SCORES_IN_CONFLICT (how many differ on two workstations).
        """
        assessment = self._own_open(work.sql, assessment_id)
        rows = results.score_rows(work.sql, assessment)
        wanted = [component.code for component in assessment.components]
        missing = sum(1 for row in rows if any(code not in row.scores for code in wanted))
        if missing:
            raise AppError("SCORES_INCOMPLETE", count=missing)
        differing = sum(1 for row in rows if row.conflicts)
        if differing:
            raise AppError("SCORES_IN_CONFLICT", count=differing)
        write_conclusions(work, assessment)
        actor = self.context.require_actor()
        work.put(ASSESSMENT, assessment_id, {"locked": 1, "locked_by": actor.user.id})

    @command("unlock_scores", undoable=False)
    def unlock(self, work: UnitOfWork, assessment_id: bytes, reason: str) -> None:
        """Unlock an assessment with a reason; AppError REASON_MISSING, SCORES_NOT_LOCKED."""
        if not reason.strip():
            raise AppError("REASON_MISSING")
        if not one_assessment(work.sql, assessment_id).locked:
            raise AppError("SCORES_NOT_LOCKED")
        work.reason = reason.strip()
        work.put(ASSESSMENT, assessment_id, {"locked": 0, "locked_by": None})

    def _own_open(self, sql: Connection, assessment_id: bytes) -> AssessmentItem:
        assessment = one_assessment(sql, assessment_id)
        closed = closed_reason(self.context, sql, assessment)
        if closed is not None:
            raise closed
        return assessment


def closed_reason(context: Context, sql: Connection, assessment: AssessmentItem) -> AppError | None:
    """Say why the acting user can type nothing here; None where it is an own, open assessment."""
    if assessment.kind == AssessmentKind.LEVEL:
        return AppError("SCORES_BY_FILE")
    if assessment.locked:
        return AppError("SCORES_LOCKED", by=assessment.locked_by or "")
    actor = context.require_actor()
    if not context.may("enter_scores"):
        return AppError("NOT_PERMITTED", command="enter_scores")
    if not (actor.solo and Role.ADMIN in actor.user.roles) and not is_own(
        sql, assessment.id, actor.teacher_ids
    ):
        return AppError("NOT_YOUR_ASSESSMENT")
    return None


def is_own(sql: Connection, assessment_id: bytes, teacher_ids: frozenset[bytes]) -> bool:
    """Tell whether an assessment is one of these teachers'."""
    row = sql.exec_driver_sql("SELECT teachers FROM assessment WHERE id = ?", (assessment_id,)).first()
    return row is not None and bool(teacher_ids.intersection(keys(row[0])))


def one_assessment(sql: Connection, assessment_id: bytes) -> AssessmentItem:
    """Return one assessment; AppError ASSESSMENT_UNKNOWN."""
    items = results.assessment_items(sql, assessment_id=assessment_id)
    if not items:
        raise AppError("ASSESSMENT_UNKNOWN")
    return items[0]


def assessment_fields(
    class_id: bytes,
    kind: AssessmentKind,
    held_on: date | None,
    components: Sequence[Component],
    rule: PassRule,
) -> dict[str, object]:
    """Return the fields of a new assessment."""
    return {
        "class_id": class_id,
        "kind": kind.value,
        "held_on": None if held_on is None else held_on.isoformat(),
        "components": [[one.code.value, one.full, one.pass_mark, one.weight] for one in components],
        "rule": rule.value,
    }


def write_scores(work: UnitOfWork, assessment: AssessmentItem, scores: Sequence[NewScore]) -> int:
    """Write scores within a command; AppError NOT_A_MEMBER, CANDIDATE_CLOSED, COMPONENT_UNKNOWN, SCORE_RANGE."""
    standing = {row.trainee_id: row.candidate for row in results.score_rows(work.sql, assessment)}
    components = {component.code: component for component in assessment.components}
    rows: list[tuple[bytes, dict[str, object]]] = []
    for new in scores:
        if new.trainee_id not in standing:
            raise AppError("NOT_A_MEMBER", number="")
        stored = work.fields(SCORE, assessment.id + new.trainee_id)
        if stored is not None and stored["candidate"] in CLOSED:
            raise AppError("CANDIDATE_CLOSED")
        fields: dict[str, object] = {}
        for code, score in new.scores.items():
            component = components.get(code)
            if component is None:
                raise AppError("COMPONENT_UNKNOWN", value=code)
            if not _in_range(score, component):
                raise AppError("SCORE_RANGE", value=_points(score), full=score_text(component.full))
            scored = score is not None and score.state is ScoreState.SCORED
            fields[f"{code.value}_state"] = None if score is None else score.state.value
            fields[code.value] = score.value if score is not None and scored else None
        if new.ticket is not None:
            fields["ticket"] = new.ticket or None
        rows.append((assessment.id + new.trainee_id, fields))
    return work.put_many(SCORE, rows)


def _in_range(score: Score | None, component: Component) -> bool:
    if score is None or score.state is not ScoreState.SCORED:
        return True
    return score.value is not None and 0 <= score.value <= component.full


def _points(score: Score | None) -> str:
    if score is None or score.value is None:
        return ""
    return f"-{score_text(-score.value)}" if score.value < 0 else score_text(score.value)


def write_conclusions(work: UnitOfWork, assessment: AssessmentItem) -> None:
    """Write each person's conclusion as it follows from the scores now."""
    rows = results.score_rows(work.sql, assessment)
    work.put_many(
        SCORE,
        [
            (assessment.id + row.trainee_id, {"conclusion": row.conclusion.value})
            for row in rows
            if row.scores
        ],
    )
