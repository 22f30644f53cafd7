"""The platform's validation, run by the client too (pre-flight): which records of a report stay out, and why.

A judge goes through the changes of a batch in the order in which they are sent. It reads accepted statements through
``AcceptedStatements`` and asks ``FurtherChecks`` for what only that side can know: the platform whether a
certificate number is another institution's, a client nothing, or what it has pulled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Protocol

import msgspec

from sync.contract.kinds import NEEDS, RecordKind, ReportKind
from sync.contract.records import RecordFields
from sync.contract.rules import RULES
from sync.contract.shape import FieldProblem, Severity, place_problem, read_body, shape_problems
from sync.contract.statement import AcceptedStatements, Statement
from sync.contract.wire import NIL, Record

# Records that others are judged by.
_PARENTS = {kind.value for needs in NEEDS.values() for kinds in needs.values() for kind in kinds}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that has passed everything that its statement can tell."""

    record: Record
    fields: RecordFields


class FurtherChecks(Protocol):
    """What one side adds to the checks that both run."""

    def problems(
        self, report: ReportKind, kind: RecordKind, candidates: Sequence[Candidate]
    ) -> Mapping[bytes, FieldProblem]:
        """Return the problem of each candidate that has one, by key; all candidates are of one kind."""


class NoFurtherChecks:
    """The client's part: nothing beyond the statements."""

    def problems(
        self, report: ReportKind, kind: RecordKind, candidates: Sequence[Candidate]
    ) -> Mapping[bytes, FieldProblem]:
        """Return nothing."""
        _ = report, kind, candidates
        return {}


@dataclass(frozen=True, slots=True)
class RecordProblem:
    """A problem of one record."""

    record: Record
    problem: FieldProblem


@dataclass(slots=True)
class Verdict:
    """What became of the records of one section; warnings stand beside, they hold nothing."""

    accepted: list[Record] = field(default_factory=list)
    rejected: list[RecordProblem] = field(default_factory=list)
    warnings: list[RecordProblem] = field(default_factory=list)


class Judge:
    """Judges the records of a batch, report after report, page after page, in order.

    ``refused``: (kind, key) of records rejected in earlier pages of the same batch; ``today``: in Asia/Shanghai.
    """

    def __init__(
        self,
        accepted: AcceptedStatements,
        today: date,
        further: FurtherChecks | None = None,
        refused: Iterable[tuple[str, bytes]] = (),
    ) -> None:
        self._accepted = accepted
        self._today = today
        self._further = further or NoFurtherChecks()
        self._refused = set(refused)
        self._statements: dict[str, Statement] = {}
        self._loaded: set[tuple[str, ReportKind, RecordKind]] = set()

    def judge(
        self, report: ReportKind, subject: str, records: Sequence[Record], *, corrects: bool
    ) -> Verdict:
        """Return the verdict on changes of one report.

        ``corrects``: the report states the reason of a 更正; without one no accepted record may change or leave.
        """
        statement = self._statement(report, subject)
        changed = set() if corrects else self._changed(report, subject, records)
        verdict = Verdict()
        for kind, run in groupby(records, key=lambda record: record.kind):
            self._judge_run(report, kind, list(run), statement, changed, verdict)
        return verdict

    def _statement(self, report: ReportKind, subject: str) -> Statement:
        statement = self._statements.get(subject)
        if statement is None:
            statement = self._statements[subject] = Statement(subject, self._today, refused=self._refused)
        for source, kinds in NEEDS[report].items():
            missing = tuple(kind for kind in kinds if (subject, source, kind) not in self._loaded)
            if missing:
                statement.load(self._accepted.records(source, subject, missing))
                self._loaded.update((subject, source, kind) for kind in missing)
        return statement

    def _changed(self, report: ReportKind, subject: str, records: Sequence[Record]) -> set[bytes]:
        held = self._accepted.bodies(report, subject, [(record.kind, record.key) for record in records])
        if not held:
            return set()
        return {record.key for record in records if held.get(record.key, record.body) != record.body}

    def _judge_run(
        self,
        report: ReportKind,
        kind: str,
        run: list[Record],
        statement: Statement,
        changed: set[bytes],
        verdict: Verdict,
    ) -> None:
        candidates: list[Candidate] = []
        out: list[RecordProblem] = []
        for record in run:
            problems, fields = self._look(report, record, statement, corrects=record.key not in changed)
            if problems and self._hold_back(record, problems, verdict, out):
                statement.refused.add((record.kind, record.key))
                continue
            if kind in _PARENTS:
                statement.accept(kind, record.key, fields)
            if fields is None:
                verdict.accepted.append(record)
            else:
                candidates.append(Candidate(record, fields))
        self._ask_further(report, kind, candidates, statement, verdict, out)
        verdict.rejected.extend(out)

    def _hold_back(
        self, record: Record, problems: Sequence[FieldProblem], verdict: Verdict, out: list[RecordProblem]
    ) -> bool:
        """Note the problems of a record and tell whether one of them keeps it out."""
        errors = [RecordProblem(record, one) for one in problems if one.severity is Severity.ERROR]
        warnings = [RecordProblem(record, one) for one in problems if one.severity is Severity.WARNING]
        out.extend(errors)
        verdict.warnings.extend(warnings)
        return bool(errors)

    def _ask_further(
        self,
        report: ReportKind,
        kind: str,
        candidates: list[Candidate],
        statement: Statement,
        verdict: Verdict,
        out: list[RecordProblem],
    ) -> None:
        if not candidates:
            return
        found = self._further.problems(report, RecordKind(kind), candidates)
        if not found:
            verdict.accepted.extend(candidate.record for candidate in candidates)
            return
        held = self._former(report, statement, [candidate.record for candidate in candidates])
        for candidate in candidates:
            problem = found.get(candidate.record.key)
            told = None if problem is None else RecordProblem(candidate.record, problem)
            if told is None or told.problem.severity is Severity.WARNING:
                verdict.accepted.append(candidate.record)
                verdict.warnings.extend([told] if told else [])
                continue
            out.append(told)
            statement.refused.add((candidate.record.kind, candidate.record.key))
            statement.accept(kind, candidate.record.key, held.get(candidate.record.key))

    def _former(
        self, report: ReportKind, statement: Statement, records: list[Record]
    ) -> dict[bytes, RecordFields]:
        keys = [(record.kind, record.key) for record in records]
        bodies = self._accepted.bodies(report, statement.subject, keys)
        found: dict[bytes, RecordFields] = {}
        for record in records:
            body = bodies.get(record.key)
            if body is not None:
                found[record.key] = read_body(record.kind, body)
        return found

    def _look(
        self, report: ReportKind, record: Record, statement: Statement, *, corrects: bool
    ) -> tuple[Sequence[FieldProblem], RecordFields | None]:
        misplaced = place_problem(record, report)
        if misplaced is not None:
            return [misplaced], None
        reasonless = () if corrects else (FieldProblem("CORRECTION_REASON_MISSING"),)
        body = record.body
        if body == NIL:
            return reasonless, None
        try:
            fields = read_body(record.kind, body)
        except msgspec.MsgspecError:
            return [*shape_problems(record.kind, body), *reasonless], None
        return [*reasonless, *RULES[record.kind](record.key, fields, statement)], fields
