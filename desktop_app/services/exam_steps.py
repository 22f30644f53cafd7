"""考核 of a person: 报考 → 排考 → 缺考 / 缓考 (and back) / 违纪取消 → 补考, each with date and reason (四.3, R14).

Scores themselves come by file or by the teacher's hand (``assessments``, ``imports.scores``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from desktop_app.domain import candidates, evidence
from desktop_app.domain.assessments import (
    THEORY_AND_PRACTICE,
    AssessmentKind,
    Component,
    PassRule,
    conclude,
)
from desktop_app.domain.errors import AppError
from desktop_app.domain.life_cycles import CANDIDATE as CYCLE
from desktop_app.domain.listings.results import AssessmentItem, ScoreRowItem
from desktop_app.domain.records import ASSESSMENT, SCORE
from desktop_app.domain.users import Role
from desktop_app.services.assessments import assessment_fields, is_own, one_assessment
from desktop_app.services.classes import one_class
from desktop_app.services.context import Service, command
from desktop_app.store.database import Connection
from desktop_app.store.queries import classes as class_queries
from desktop_app.store.queries import results
from desktop_app.store.queries.evidence import people_with
from desktop_app.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Sitting:
    """When and where an exam is sat, for 准考证 and 考场签到."""

    held_on: date
    starts_at: time | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Scheme:
    """What an exam consists of and when it is passed."""

    components: tuple[Component, ...] = THEORY_AND_PRACTICE
    rule: PassRule = PassRule.EACH


class ExamService(Service):
    """The arrows of 考核; a 职业技能等级考核 is the office's, any other that of its teachers."""

    @command("open_exam")
    def open_exam(
        self,
        work: UnitOfWork,
        class_id: bytes,
        sitting: Sitting,
        organisation: str = "",
        scheme: Scheme = Scheme(),
    ) -> bytes:
        """报考: open the 职业技能等级考核 of a class, all its members registered; return its key.

        Without ``organisation`` the project's. Raises AppError CLASS_UNKNOWN, EXAM_THERE; RuleErrors of R14.
        """
        training_class = one_class(work.sql, class_id, self.context.today())
        for item in results.assessment_items(work.sql, class_id=class_id):
            if item.kind == AssessmentKind.LEVEL:
                raise AppError("EXAM_THERE", class_code=training_class.code)
        named = organisation.strip() or training_class.organisation
        key = self.context.new_id()
        self._check(work.sql, class_id, training_class.code, sitting.held_on, named, key)
        fields = assessment_fields(
            class_id, AssessmentKind.LEVEL, sitting.held_on, scheme.components, scheme.rule
        )
        work.put(ASSESSMENT, key, {**fields, "organisation": named or None, **_room(sitting)})
        people = class_queries.member_items(work.sql, class_id)
        rows = [(key + one.trainee_id, {"candidate": candidates.REGISTERED}) for one in people]
        work.put_many(SCORE, rows)
        return key

    @command("schedule_candidates")
    def schedule(
        self, work: UnitOfWork, assessment_id: bytes, sitting: Sitting, trainee_ids: Sequence[bytes] = ()
    ) -> int:
        """排考: give registered people their 准考证号, time and place; without ``trainee_ids`` all of them.

        Return how many were scheduled; who has no photo is said. Raises AppError ASSESSMENT_UNKNOWN,
        NOT_YOUR_ASSESSMENT, NOT_A_CANDIDATE, WRONG_STEP; RuleErrors of R14.
        """
        assessment = self._own(work.sql, assessment_id)
        if assessment.kind == AssessmentKind.LEVEL:
            code, named = assessment.class_code, assessment.organisation
            self._check(work.sql, assessment.class_id, code, sitting.held_on, named, assessment_id)
        rows = {row.trainee_id: row for row in results.score_rows(work.sql, assessment)}
        chosen = [_candidate(rows, one) for one in trainee_ids]
        if not trainee_ids:
            chosen = [row for row in rows.values() if row.candidate == candidates.REGISTERED]
        work.put(ASSESSMENT, assessment_id, {"held_on": sitting.held_on.isoformat(), **_room(sitting)})
        writes: list[tuple[bytes, dict[str, object]]] = []
        for place, row in enumerate(chosen, 1):
            fields: dict[str, object] = {
                "candidate": CYCLE.after(row.candidate, "schedule"),
                "decided_on": self.context.today().isoformat(),
            }
            if row.ticket is None:
                fields["ticket"] = f"{sitting.held_on:%Y%m%d}{row.number or place:03d}"
            writes.append((assessment_id + row.trainee_id, fields))
        having = people_with(work.sql, assessment.class_id, evidence.PHOTO)
        bare = [row.name for row in chosen if row.trainee_id not in having]
        self.context.heed(candidates.check_photos(assessment.class_code, bare, assessment_id))
        return work.put_many(SCORE, writes)

    @command("record_absence")
    def record_absence(
        self, work: UnitOfWork, assessment_id: bytes, trainee_id: bytes, on: date, reason: str = ""
    ) -> None:
        """缺考: somebody did not come; never 0.

        Raises AppError ASSESSMENT_UNKNOWN, NOT_YOUR_ASSESSMENT, SCORES_LOCKED, NOT_A_CANDIDATE, WRONG_STEP,
        DATE_FUTURE.
        """
        self._decide(work, assessment_id, trainee_id, "miss", on, reason)

    @command("defer_candidate")
    def defer(self, work: UnitOfWork, assessment_id: bytes, trainee_id: bytes, on: date, reason: str) -> None:
        """缓考: somebody sits later, for a reason; AppError as ``record_absence``, and REASON_MISSING."""
        self._decide(work, assessment_id, trainee_id, "defer", on, reason)

    @command("disqualify_candidate")
    def disqualify(
        self, work: UnitOfWork, assessment_id: bytes, trainee_id: bytes, on: date, reason: str
    ) -> None:
        """违纪取消: every component is void, never 0; AppError as ``record_absence``, and REASON_MISSING."""
        self._decide(work, assessment_id, trainee_id, "disqualify", on, reason)

    @command("recall_candidate")
    def recall(
        self, work: UnitOfWork, assessment_id: bytes, trainee_id: bytes, on: date, reason: str
    ) -> None:
        """Take 缺考 or 缓考 back of somebody who came after all; with a 准考证号 the person stands as scheduled again.

        What the organisation's file said changes by a new file only. AppError as ``defer``, and RECALL_BY_FILE.
        """
        assessment = self._own(work.sql, assessment_id)
        if on > self.context.today():
            raise AppError("DATE_FUTURE", date=on.isoformat())
        rows = {row.trainee_id: row for row in results.score_rows(work.sql, assessment)}
        row = _candidate(rows, trainee_id)
        state = CYCLE.after(row.candidate, "recall", reason)
        if assessment.files:
            raise AppError("RECALL_BY_FILE", name=row.name)
        if row.ticket is not None:
            state = CYCLE.after(state, "schedule")
        fields: dict[str, object] = {"candidate": state, "decided_on": on.isoformat(), "conclusion": None}
        for code in candidates.recalled(row.scores):
            fields |= {f"{code.value}_state": None, code.value: None}
        work.reason = reason.strip()
        work.put(SCORE, assessment_id + trainee_id, fields)

    @command("open_resit")
    def open_resit(
        self,
        work: UnitOfWork,
        assessment_id: bytes,
        sitting: Sitting,
        reason: str,
        trainee_ids: Sequence[bytes] = (),
    ) -> bytes:
        """补考: an assessment of its own that names the first; passed components are carried. Return its key.

        Without ``trainee_ids`` all who failed, missed or deferred. Raises AppError ASSESSMENT_UNKNOWN, REASON_MISSING,
        NOT_YOUR_ASSESSMENT, NOT_A_CANDIDATE, WRONG_STEP, RESIT_PASSED, RESIT_NOBODY, RESIT_EARLIER; RuleErrors of R14.
        """
        if not reason.strip():
            raise AppError("REASON_MISSING")
        first = self._own(work.sql, assessment_id, locked=True)
        if first.held_on is not None and sitting.held_on < first.held_on:
            raise AppError("RESIT_EARLIER", date=sitting.held_on.isoformat(), first=first.held_on.isoformat())
        key = self.context.new_id()
        if first.kind == AssessmentKind.LEVEL:
            code, named = first.class_code, first.organisation
            self._check(work.sql, first.class_id, code, sitting.held_on, named, key)
        kind = AssessmentKind(first.kind)
        fields = assessment_fields(first.class_id, kind, sitting.held_on, first.components, first.rule)
        teachers = work.fields(ASSESSMENT, assessment_id) or {}
        again = {
            "organisation": first.organisation,
            "resit_of": assessment_id,
            "teachers": teachers["teachers"],
        }
        people = _resitting(results.score_rows(work.sql, first), trainee_ids)
        if not people:
            raise AppError("RESIT_NOBODY")
        work.reason = reason.strip()
        work.put(ASSESSMENT, key, {**fields, **again, **_room(sitting)})
        today = self.context.today().isoformat()
        closed, opened = [], []
        for row in people:
            if not row.to_repeat and row.conclusion == "passed":
                raise AppError("RESIT_PASSED", name=row.name)
            state = CYCLE.after(row.candidate, "resit", reason)
            closed.append((assessment_id + row.trainee_id, {"candidate": state, "decided_on": today}))
            outcome = conclude(first.components, first.rule, row.scores)
            kept: dict[str, object] = {"candidate": candidates.REGISTERED, "ticket": row.ticket}
            for code, score in candidates.carried(first.components, row.scores, outcome).items():
                kept |= {f"{code.value}_state": score.state.value, code.value: score.value}
            opened.append((key + row.trainee_id, kept))
        work.put_many(SCORE, [*closed, *opened])
        return key

    def _decide(
        self, work: UnitOfWork, assessment_id: bytes, trainee_id: bytes, verb: str, on: date, reason: str
    ) -> None:
        assessment = self._own(work.sql, assessment_id)
        if on > self.context.today():
            raise AppError("DATE_FUTURE", date=on.isoformat())
        rows = {row.trainee_id: row for row in results.score_rows(work.sql, assessment)}
        row = _candidate(rows, trainee_id)
        state = CYCLE.after(row.candidate, verb, reason)
        fields: dict[str, object] = {"candidate": state, "decided_on": on.isoformat()}
        written = candidates.results_of(verb, assessment.components, row.scores)
        for code, score in written.items():
            fields |= {f"{code.value}_state": score.state.value, code.value: None}
        if assessment.kind == AssessmentKind.LEVEL:
            outcome = conclude(assessment.components, assessment.rule, {**row.scores, **written})
            fields["conclusion"] = outcome.conclusion.value
        work.reason = reason.strip() or None
        work.put(SCORE, assessment_id + trainee_id, fields)

    def _own(self, sql: Connection, assessment_id: bytes, *, locked: bool = False) -> AssessmentItem:
        """Return an assessment that the acting user decides on; a locked one only where ``locked`` allows it."""
        assessment = one_assessment(sql, assessment_id)
        actor = self.context.require_actor()
        if assessment.kind == AssessmentKind.LEVEL:
            allowed = Role.OFFICE in actor.roles
        else:
            allowed = Role.TEACHER in actor.roles and (
                is_own(sql, assessment_id, actor.teacher_ids)
                or (actor.solo and Role.ADMIN in actor.user.roles)
            )
        if not allowed:
            raise AppError("NOT_YOUR_ASSESSMENT")
        if assessment.locked and not locked:
            raise AppError("SCORES_LOCKED", by=assessment.locked_by or "")
        return assessment

    def _check(
        self, sql: Connection, class_id: bytes, code: str, held_on: date, organisation: str | None, key: bytes
    ) -> None:
        last = last_session(sql, class_id)
        self.context.heed(candidates.check_level_exam(code, held_on, last, organisation, key))


def last_session(sql: Connection, class_id: bytes) -> date | None:
    """Return the day of a class's last session that is not called off."""
    items = class_queries.session_items(sql, class_id=class_id)
    return max((one.held_on for one in items if one.state != "cancelled"), default=None)


def _room(sitting: Sitting) -> dict[str, object]:
    starts_at = None if sitting.starts_at is None else sitting.starts_at.isoformat("minutes")
    return {"starts_at": starts_at, "place": sitting.place.strip() or None}


def _candidate(rows: dict[bytes, ScoreRowItem], trainee_id: bytes) -> ScoreRowItem:
    found = rows.get(trainee_id)
    if found is None:
        raise AppError("NOT_A_CANDIDATE")
    return found


def _resitting(rows: Sequence[ScoreRowItem], trainee_ids: Sequence[bytes]) -> list[ScoreRowItem]:
    if trainee_ids:
        by_id = {row.trainee_id: row for row in rows}
        return [_candidate(by_id, one) for one in trainee_ids]
    return [
        row
        for row in rows
        if row.candidate in {candidates.SCORED, candidates.ABSENT, candidates.DEFERRED}
        and row.conclusion != "passed"
    ]
