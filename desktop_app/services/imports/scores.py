"""成绩登记册: the file of the 评价组织 into the 职业技能等级考核 (R14), or the teacher's into the own assessment."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from desktop_app.domain import candidates
from desktop_app.domain.assessments import (
    WITH_REVIEW,
    AssessmentKind,
    Component,
    ComponentCode,
    Conclusion,
    PassRule,
    Score,
    ScoreState,
    conclude,
    parse_score,
)
from desktop_app.domain.errors import AppError
from desktop_app.domain.evidence import RESULT_FILE, EvidenceState, clean_file_name
from desktop_app.domain.listings.results import AssessmentItem
from desktop_app.domain.listings.training import ClassListItem, MemberListItem
from desktop_app.domain.records import ASSESSMENT, ATTACHMENT, SCORE
from desktop_app.domain.rules import require
from desktop_app.excel.matching import ClassMember, match_people
from desktop_app.excel.scores import ScoreRow, ScoreSheet, read_scores
from desktop_app.services.assessments import assessment_fields, closed_reason
from desktop_app.services.classes import one_class
from desktop_app.services.imports.findings import Findings, changes, state_of
from desktop_app.services.imports.job import Job, present_fields
from desktop_app.services.imports.plan import Facts, ImportPlan, RowState
from desktop_app.store.database import Connection
from desktop_app.store.queries import classes as class_queries
from desktop_app.store.queries import results

_WORDS = {"合格": Conclusion.PASSED, "通过": Conclusion.PASSED, "及格": Conclusion.PASSED}
_WORDS |= {"不合格": Conclusion.FAILED, "未通过": Conclusion.FAILED, "不及格": Conclusion.FAILED}


MEDIA_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xls": "application/vnd.ms-excel",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".csv": "text/csv",
}
_RESULTS = frozenset(code.value for code in ComponentCode)


@dataclass(frozen=True, slots=True)
class _Base:
    """What the plan relies on: the class with its last session, its members, the assessment and its scores."""

    training_class: ClassListItem
    last_session: date | None
    members: tuple[MemberListItem, ...]
    assessment: AssessmentItem | None
    fields: Mapping[str, object] | None
    scores: Mapping[bytes, Mapping[str, object]]


def plan_scores(job: Job) -> ImportPlan:
    """Plan a result sheet.

    Raises AppError of the reader, CLASS_UNKNOWN, ASSESSMENT_DATE_MISSING, ASSESSMENT_TOO_EARLY (before the last
    session, R14); for the teacher's own ASSESSMENT_MISSING and what typing into it raises.
    """
    kind = job.options.kind
    with job.context.read() as sql:
        class_id = job.class_id(sql)
        reload = partial(_load, class_id=class_id, kind=kind, today=job.context.today())
        base = reload(sql)
        if kind is not AssessmentKind.LEVEL:
            if base.assessment is None:
                raise AppError("ASSESSMENT_MISSING")
            closed = closed_reason(job.context, sql, base.assessment)
            if closed is not None:
                raise closed
    sheet, _ = job.read(lambda mapping: read_scores(job.path, mapping, job.options.sheet))
    return _Planner(job, sheet, base).plan(reload)


def _load(sql: Connection, *, class_id: bytes, kind: AssessmentKind, today: date) -> _Base:
    training_class = one_class(sql, class_id, today)
    days = [
        item.held_on
        for item in class_queries.session_items(sql, class_id=class_id)
        if item.state != "cancelled"
    ]
    found = [item for item in results.assessment_items(sql, class_id=class_id) if item.kind == kind]
    assessment = found[-1] if found else None
    members = tuple(class_queries.member_items(sql, class_id, masked=False))
    if assessment is not None and assessment.resit_of is not None:
        sitting = {row.trainee_id for row in results.score_rows(sql, assessment)}
        members = tuple(one for one in members if one.trainee_id in sitting)
    last = max(days, default=None)
    if assessment is None:
        return _Base(training_class, last, members, None, None, {})
    fields = present_fields(sql, ASSESSMENT, [assessment.id])[assessment.id]
    keys = [assessment.id + member.trainee_id for member in members]
    return _Base(training_class, last, members, assessment, fields, present_fields(sql, SCORE, keys))


class _Planner:
    """Judges the rows of one result sheet."""

    def __init__(self, job: Job, sheet: ScoreSheet, base: _Base) -> None:
        self._job = job
        self._sheet = sheet
        self._base = base
        self._id = base.assessment.id if base.assessment else job.context.new_id()
        self._findings = Findings(sheet.sheet, sheet.problems, sheet.normalised)
        self._components = self._find_components()
        self._rule = base.assessment.rule if base.assessment else PassRule.EACH
        self._new_file = False
        self._passed = 0
        self._writes: list[tuple[bytes, Mapping[str, object]]] = []

    def _find_components(self) -> tuple[Component, ...]:
        """Return the components of the assessment, with those that only the sheet has."""
        known = self._base.assessment.components if self._base.assessment else ()
        wanted = [ComponentCode(name) for name in self._sheet.components]
        if not known and wanted == [component.code for component in WITH_REVIEW]:
            return WITH_REVIEW
        codes = {component.code for component in known}
        weight = 100 // len(wanted) if not known else 0
        return (*known, *(Component(code, weight=weight) for code in wanted if code not in codes))

    def plan(self, reload: partial[_Base]) -> ImportPlan:
        """Judge every row and put the plan together."""
        assessment = self._assessment()
        people = [
            ClassMember(item.trainee_id, item.number, item.name, item.document_number)
            for item in self._base.members
        ]
        matches = match_people([row.person for row in self._sheet.rows], people, self._job.options.same_names)
        for row, match in self._job.each(list(zip(self._sheet.rows, matches, strict=True))):
            self._findings.unmatched(match)
            state = RowState.SAME if match.member is None else self._judge(row, match.member.trainee_id)
            self._findings.settle_person(row.person, state)
        self._check_correction()
        changed = changes(assessment, self._base.fields)
        good = any(row.state is not RowState.BAD for row in self._findings.rows)
        kept = [self._kept_file()] if self._new_file and changed and good else []
        sheet, findings = self._sheet, self._findings
        return ImportPlan(
            **self._job.described(sheet),
            **findings.settled(),
            command="import_scores" if self._job.options.kind is AssessmentKind.LEVEL else "enter_scores",
            facts=Facts(
                people=len(self._base.members),
                held_on=None
                if assessment["held_on"] is None
                else date.fromisoformat(str(assessment["held_on"])),
                organisation=None
                if assessment.get("organisation") is None
                else str(assessment["organisation"]),
                passed=self._passed,
            ),
            writes=(
                (ASSESSMENT, [(self._id, changed)] if changed and good else []),
                (SCORE, self._writes),
                (ATTACHMENT, kept),
            ),
            relied_on=self._base,
            reload=reload,
            kept=bytes.fromhex(self._hash()) if kept else None,
        )

    def _kept_file(self) -> tuple[bytes, Mapping[str, object]]:
        """Return the record of the organisation's file as evidence; a correction is one more (R14)."""
        return self._job.context.new_id(), {
            "owner": ASSESSMENT.name,
            "owner_key": self._id,
            "kind": RESULT_FILE,
            "issuer": self._organisation(),
            "digest": bytes.fromhex(self._hash()),
            "media_type": MEDIA_TYPES.get(self._job.path.suffix.lower(), "application/octet-stream"),
            "size": self._job.path.stat().st_size,
            "pages": 1,
            "file_name": clean_file_name(self._job.path.name),
            "state": EvidenceState.RECEIVED.value,
        }

    def _assessment(self) -> dict[str, object]:
        """Return the fields of the assessment after the import."""
        kind, existing = self._job.options.kind, self._base.assessment
        known = existing.held_on if existing else None
        stated = {row.exam_date for row in self._sheet.rows if row.exam_date is not None}
        is_level = kind is AssessmentKind.LEVEL
        held_on = (
            self._job.options.held_on
            or (stated.pop() if len(stated) == 1 else None)
            or known
            or (self._base.last_session if is_level else None)
        )
        fields = assessment_fields(self._base.training_class.id, kind, held_on, self._components, self._rule)
        if is_level:
            self._check_date(held_on)
            digest = self._hash()
            former = (self._base.fields or {}).get("files")
            files = former if isinstance(former, list) else []
            self._new_file = all(digest != known for _, known in files)
            if self._new_file:
                files = [*files, [self._job.path.name, digest]]
            fields |= {"file_name": self._job.path.name, "file_hash": digest, "files": files}
            fields["organisation"] = self._named()
        return fields

    def _check_date(self, held_on: date | None) -> None:
        """职业技能等级考核 is not before the last session (R14)."""
        if held_on is None:
            raise AppError("ASSESSMENT_DATE_MISSING")
        found = candidates.check_level_exam(
            self._base.training_class.code, held_on, self._base.last_session, self._organisation()
        )
        require(found)
        if held_on > self._job.context.today():
            self._findings.warn(0, "", "", AppError("ASSESSMENT_IN_FUTURE", date=held_on.isoformat()))

    def _named(self) -> str | None:
        """Return the evaluation organisation; the plan warns where nobody is named."""
        if not self._organisation():
            self._findings.warn(0, "", "", AppError("ORGANISATION_UNKNOWN"))
        return self._organisation()

    def _organisation(self) -> str | None:
        existing = self._base.assessment.organisation if self._base.assessment else None
        found = (self._job.options.organisation or "").strip() or existing
        return found or self._base.training_class.organisation or None

    def _check_correction(self) -> None:
        """Results that were imported change by a new file of the organisation only (R14)."""
        existing = self._base.assessment
        if existing is None or self._job.options.kind is not AssessmentKind.LEVEL:
            return
        corrected = sum(
            any(
                name in _RESULTS and (self._base.scores.get(key) or {}).get(name) is not None
                for name in fields
            )
            for key, fields in self._writes
        )
        code = self._base.training_class.code
        require(candidates.check_correction(code, corrected, self._hash(), existing.files))

    def _hash(self) -> str:
        return hashlib.sha256(self._job.path.read_bytes()).hexdigest()

    def _judge(self, row: ScoreRow, trainee_id: bytes) -> RowState:
        fields: dict[str, object] = {}
        by_code = {component.code.value: component for component in self._components}
        for cell in row.scores:
            try:
                score = parse_score(cell.text, by_code[cell.component])
            except AppError as error:
                self._findings.error(row.person.row, cell.column, cell.raw, error)
                continue
            if score is None:
                self._findings.warn(row.person.row, cell.column, "", AppError("SCORE_MISSING"))
                continue
            fields |= {f"{cell.component}_state": score.state.value, cell.component: score.value}
        if row.ticket:
            fields["ticket"] = row.ticket
        if self._findings.is_bad(row.person.row):
            return RowState.BAD
        key = self._id + trainee_id
        present = self._base.scores.get(key)
        if present is not None and present["candidate"] in candidates.CLOSED and _RESULTS & fields.keys():
            self._findings.error(row.person.row, "", "", AppError("CANDIDATE_CLOSED"))
            return RowState.BAD
        conclusion = self._conclude({**(present or {}), **fields})
        self._passed += conclusion is Conclusion.PASSED
        if self._job.options.kind is AssessmentKind.LEVEL:
            fields["conclusion"] = conclusion.value
        self._compare(row, conclusion)
        state = state_of(fields, present)
        if state is not RowState.SAME:
            self._writes.append((key, changes(fields, present)))
        return state

    def _conclude(self, fields: Mapping[str, object]) -> Conclusion:
        scores: dict[ComponentCode, Score | None] = {}
        for component in self._components:
            state, value = fields.get(f"{component.code}_state"), fields.get(component.code.value)
            if state is not None:
                scores[component.code] = Score(
                    ScoreState(str(state)), None if value is None else int(str(value))
                )
        return conclude(self._components, self._rule, scores).conclusion

    def _compare(self, row: ScoreRow, conclusion: Conclusion) -> None:
        """The sheet's own conclusion is checked against ours."""
        stated = _WORDS.get(row.conclusion)
        if stated is not None and stated is not conclusion:
            column = row.person.columns.get("conclusion", "")
            self._findings.warn(
                row.person.row,
                column,
                row.conclusion,
                AppError("STATED_CONCLUSION_DIFFERS", value=row.conclusion[:20]),
            )
