"""The reply to a foreign form, read back by the rules it was filled by: 受理号, 准考证号, 成绩, 证书号, 核减."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from desktop_app.domain.assessments import AssessmentKind
from desktop_app.domain.claims import Decided, Decision
from desktop_app.domain.errors import AppError
from desktop_app.domain.foreign_forms import FormRules
from desktop_app.domain.listings.forms import FormItem
from desktop_app.domain.records import CLAIM_DECISION, FORM_ACCEPTANCE, SCORE, Entity
from desktop_app.excel.column_names import WorkbookKind, field_names
from desktop_app.excel.foreign_forms import FormSheet
from desktop_app.excel.form_replies import ReplyRow, read_replies
from desktop_app.excel.headers import IGNORED
from desktop_app.excel.matching import ClassMember, SameNames, match_people
from desktop_app.excel.problems import Problem
from desktop_app.services import access
from desktop_app.services.classes import find_class
from desktop_app.services.context import Service, command
from desktop_app.services.evidence import EvidenceService
from desktop_app.services.foreign_forms import ForeignFormService
from desktop_app.services.imports.findings import Findings, changes, state_of, worst
from desktop_app.services.imports.job import present_fields
from desktop_app.services.imports.plan import ImportOptions, ImportPlan, PlannedRow, RowState
from desktop_app.services.imports.service import ImportService
from desktop_app.store.database import Connection
from desktop_app.store.queries import claims as claim_queries
from desktop_app.store.queries import classes as class_queries
from desktop_app.store.queries import results
from desktop_app.store.unit_of_work import UnitOfWork

_SCORES = frozenset({"theory", "practice", "review", "process"})
_BY_KIND = {
    WorkbookKind.SCORES: _SCORES | {"ticket", "conclusion"},
    WorkbookKind.CERTIFICATES: frozenset({"certificate_number", "issued_on", "ticket"}),
}
_SUBMITTED = "submitted"
_REFUSED = re.compile(r"不予|不通过|未通过|不核|不符|不合格|退回")
_MONEY = re.compile(r"[元￥¥,，\s]")

Target = tuple[Entity, bytes, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class OwnPart:
    """What no other import takes: 受理号, 准考证号 before the exam, 核减.

    ``rows`` are the lines with their fate, ``writes`` what is to be written.
    """

    class_id: bytes
    rows: tuple[PlannedRow, ...]
    problems: tuple[Problem, ...]
    writes: tuple[Target, ...]

    def count(self, state: RowState) -> int:
        """Count the rows of one fate."""
        return sum(1 for row in self.rows if row.state is state)


@dataclass(frozen=True, slots=True)
class ReplyPlan:
    """A dry run of a reply: results and certificates as any import of them, and the rest.

    ``later`` are kinds that can be judged only once the others are written: certificates of who passes by this file.
    """

    form: FormItem
    sheet: FormSheet
    path: Path
    class_code: str
    same_names: SameNames
    imports: tuple[ImportPlan, ...]
    later: tuple[WorkbookKind, ...]
    own: OwnPart | None


@dataclass(frozen=True, slots=True)
class _Ground:
    """What the class has that a reply is about."""

    form: bytes
    class_id: bytes
    today: date
    exam: bytes | None
    claims: Mapping[bytes, tuple[bytes, int]]
    """Person → key of the claim line that waits for a decision, and what was claimed in 分."""
    decided: Mapping[bytes, Decided]


class FormReplyService(Service):
    """Replies of bureaus and 评价组织."""

    def __init__(self, evidence: EvidenceService) -> None:
        super().__init__(evidence.context)
        self._forms = ForeignFormService(evidence)
        self._imports = ImportService(evidence)

    def plan(
        self,
        path: Path,
        class_code: str,
        *,
        key: bytes | None = None,
        same_names: SameNames = SameNames.ASK,
        document: str = "",
    ) -> ReplyPlan:
        """Read a reply and say what it would bring; ``document`` is the 文号 of the decision.

        Raises AppError NOT_PERMITTED, CLASS_UNKNOWN, NOT_YOUR_CLASS, FORM_UNKNOWN, FORM_OTHER, FORM_WITHOUT_NAMES,
        FORM_REPLY_EMPTY where no column of the reply holds anything, and what the imports raise.
        """
        actor = self.context.require("import_form_reply")
        form, sheets = self._forms.recognise(path, key)
        sheet = _sheet_of(form.rules, sheets, class_code)
        rows = read_replies(path, sheet.name, form.rules)
        filled = {field for row in rows for field in row.values}
        if not filled:
            raise AppError("FORM_REPLY_EMPTY", file=path.name)
        with self.context.read() as sql:
            class_id = find_class(sql, class_code)
            access.require_class(sql, actor, class_id)
        kinds = list(_kinds(filled))
        first = [self._plan(kind, form, sheet, path, class_code, same_names) for kind in kinds[:1]]
        later = tuple(kinds[1:]) if first and first[0].writes_anything else ()
        rest = (
            []
            if later
            else [self._plan(kind, form, sheet, path, class_code, same_names) for kind in kinds[1:]]
        )
        taken = {field for kind in kinds for field in _BY_KIND[kind]}
        own = self._own(form, class_id, rows, filled - taken, same_names, sheet.name, document or path.name)
        return ReplyPlan(form, sheet, path, class_code, same_names, (*first, *rest), later, own)

    def apply(self, plan: ReplyPlan) -> tuple[ImportPlan, ...]:
        """Write what a plan says, and what could be judged only then; return the plans of all imports.

        There is an entry each for results, certificates and the rest; each is undone by itself. Raises AppError
        IMPORT_OUTDATED and what the imports raise.
        """
        done = list(plan.imports)
        for one in plan.imports:
            self._imports.apply(one)
        for kind in plan.later:
            done.append(self._plan(kind, plan.form, plan.sheet, plan.path, plan.class_code, plan.same_names))
            self._imports.apply(done[-1])
        if plan.own is not None and plan.own.writes:
            self._write(plan.own, plan.path.name)
        return tuple(done)

    def _plan(
        self,
        kind: WorkbookKind,
        form: FormItem,
        sheet: FormSheet,
        path: Path,
        class_code: str,
        same_names: SameNames,
    ) -> ImportPlan:
        options = ImportOptions(_mapping(kind, form.rules, sheet), sheet.name, same_names)
        return self._imports.plan(kind, path, class_code, options)

    @command("import_form_reply")
    def _write(self, work: UnitOfWork, own: OwnPart, name: str) -> None:
        work.reason = name
        for entity in (FORM_ACCEPTANCE, SCORE, CLAIM_DECISION):
            work.put_many(entity, [(key, fields) for one, key, fields in own.writes if one is entity])

    def _own(
        self,
        form: FormItem,
        class_id: bytes,
        rows: Sequence[ReplyRow],
        wanted: set[str],
        same_names: SameNames,
        sheet: str,
        document: str,
    ) -> OwnPart | None:
        fields = wanted & {"acceptance", "ticket", "cut", "decision"}
        if not fields:
            return None
        with self.context.read() as sql:
            ground = _ground(sql, form.id, class_id, self.context.today())
            members = class_queries.member_items(sql, class_id, masked=False)
            people = [
                ClassMember(one.trainee_id, one.number, one.name, one.document_number) for one in members
            ]
            findings, writes = Findings(sheet, (), ()), list[Target]()
            matches = match_people([row.person for row in rows], people, same_names)
            for row, match in zip(rows, matches, strict=True):
                findings.unmatched(match)
                targets = []
                if match.member is not None:
                    targets = list(_targets(row, fields, match.member.trainee_id, ground, document, findings))
                states = []
                for entity, key, values in targets:
                    present = present_fields(sql, entity, [key]).get(key)
                    states.append(state_of(values, present))
                    if states[-1] is not RowState.SAME and not findings.is_bad(row.person.row):
                        writes.append((entity, key, changes(values, present)))
                findings.settle_person(row.person, worst(states))
        return OwnPart(class_id, tuple(findings.rows), findings.ordered(), tuple(writes))


def _sheet_of(rules: FormRules, sheets: Sequence[FormSheet], class_code: str) -> FormSheet:
    named = [one for one in sheets if class_code in one.name] if rules.per_class else []
    usual = [one for one in sheets if one.name == rules.sheet]
    return (named or usual or list(sheets))[0]


def _kinds(filled: set[str]) -> Iterator[WorkbookKind]:
    if filled & _SCORES:
        yield WorkbookKind.SCORES
    if "certificate_number" in filled:
        yield WorkbookKind.CERTIFICATES


def _mapping(kind: WorkbookKind, rules: FormRules, sheet: FormSheet) -> dict[str, str]:
    """Return the columns as the import of a kind wants them; all others are left out."""
    allowed = set(field_names(kind)) & _BY_KIND[kind]
    who = {
        letter: rule.field
        for letter, rule in rules.columns.items()
        if rule.field in {"number", "name", "document_number"}
    }
    replies = {letter: field for letter, field in rules.replies.items() if field in allowed}
    return {**dict.fromkeys(sheet.headings, IGNORED), **who, **replies}


def _ground(sql: Connection, form: bytes, class_id: bytes, today: date) -> _Ground:
    exams = [
        one for one in results.assessment_items(sql, class_id=class_id) if one.kind == AssessmentKind.LEVEL
    ]
    waiting: dict[bytes, tuple[bytes, int]] = {}
    decided: dict[bytes, Decided] = {}
    for claim in claim_queries.claim_items(sql, class_id=class_id):
        if claim.stored == _SUBMITTED:
            decided |= claim_queries.decisions(sql, claim.key)
            lines = claim_queries.claim_lines(sql, claim.key)
            waiting |= {person: (claim.key + person, line.fen) for person, line in lines.items()}
    return _Ground(form, class_id, today, exams[-1].id if exams else None, waiting, decided)


def _targets(
    row: ReplyRow, fields: set[str], person: bytes, ground: _Ground, document: str, findings: Findings
) -> Iterator[Target]:
    """Yield what a person's line writes; what cannot be taken keeps the line out, with its reason."""
    values = row.values
    if "acceptance" in fields and "acceptance" in values:
        key = ground.form + ground.class_id + person
        yield FORM_ACCEPTANCE, key, {"number": values["acceptance"]}
    if "ticket" in fields and "ticket" in values:
        if ground.exam is None:
            _refuse(findings, row, "ticket", AppError("FORM_REPLY_NO_EXAM", value=values["ticket"][:30]))
        else:
            yield SCORE, ground.exam + person, {"ticket": values["ticket"]}
    if fields & {"cut", "decision"} and ("cut" in values or "decision" in values):
        field = "cut" if "cut" in values else "decision"
        waiting = ground.claims.get(person)
        if waiting is None:
            _refuse(findings, row, field, AppError("FORM_REPLY_NO_CLAIM"))
            return
        try:
            decision, fen = _decision(values, waiting[1])
        except AppError as error:
            _refuse(findings, row, field, error)
            return
        known = ground.decided.get(person)
        if known is not None:
            if (known.decision, known.fen) != (decision, fen):
                _refuse(findings, row, field, AppError("FORM_REPLY_DECIDED"))
            return
        yield CLAIM_DECISION, waiting[0], {
            "decision": decision.value,
            "fen": fen,
            "decided_on": ground.today.isoformat(),
            "reason": values.get("decision", ""),
            "document": document,
        }  # fmt: skip


def _refuse(findings: Findings, row: ReplyRow, field: str, error: AppError) -> None:
    findings.error(row.person.row, row.person.columns.get(field, ""), row.values.get(field, ""), error)


def _decision(values: Mapping[str, str], claimed: int) -> tuple[Decision, int]:
    """Return what was decided on a person who claimed ``claimed`` 分; AppError FORM_REPLY_AMOUNT."""
    if _REFUSED.search(values.get("decision", "")):
        return Decision.REFUSED, 0
    text = _MONEY.sub("", values.get("cut", ""))
    try:
        cut = Decimal(text or "0") * 100
    except InvalidOperation as error:
        raise AppError("FORM_REPLY_AMOUNT", value=values["cut"][:20]) from error
    if not cut.is_finite() or cut != cut.to_integral_value() or not 0 <= cut <= claimed:
        raise AppError("FORM_REPLY_AMOUNT", value=values.get("cut", "")[:20])
    left = claimed - int(cut)
    if left == claimed:
        return Decision.APPROVED, left
    return (Decision.REDUCED, left) if left else (Decision.REFUSED, 0)
