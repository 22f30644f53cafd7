"""Pre-flight: the platform's own validation over what is accepted and what would change, class by class."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from desktop_app.domain.errors import AppError
from desktop_app.services.reporting import Selection
from desktop_app.services.stored_reports import StoredReports
from desktop_app.store.queries.statements import ReportedClass
from desktop_app.store.repositories.reported import RejectedRecord
from sync.contract.kinds import (
    CLASS_REPORTS,
    ORDER_REPORTS,
    PROJECT_REPORTS,
    TRAINEE_BYTES,
    RecordKind,
    ReportKind,
)
from sync.contract.records import ClassFields, OpeningFields
from sync.contract.shape import FieldProblem, Severity
from sync.contract.statement import StoredRecord
from sync.contract.validation import Candidate, Judge, RecordProblem
from sync.contract.wire import Record, in_order, left
from sync.reporting.sealed_batches import InFlight, Place, in_flight
from sync.reporting.statements import Key, Statement, changes_between, current_statement, digest_of, put_over

_PARENT_KEYS: dict[tuple[str, str], slice] = {
    ("mark", "session"): slice(0, 16),
    ("score", "assessment"): slice(0, 16),
    ("certificate", "score"): slice(0, 32),
    ("finisher", "completion"): slice(0, 16),
    ("claim_line", "claim"): slice(0, 20),
}
WAITS_FOR_REVIEW = "waiting"
_LAST_PERSON = slice(-TRAINEE_BYTES, None)


@dataclass(slots=True)
class CheckedReport:
    """A report of a class or project after pre-flight; nothing is ``ready`` while an earlier version has no receipt.

    ``former`` is what is accepted, with what is sealed put over it; ``changes`` differ from that. ``review`` says how
    the 校内审核 of what is ready stands: waiting, approved, returned; "" where there is none to do.
    """

    report: ReportKind
    of: ReportedClass
    current: Statement
    accepted: Statement
    former: Statement
    waits: InFlight | None
    changes: list[Record]
    ready: list[Record] = field(default_factory=list)
    problems: list[RecordProblem] = field(default_factory=list)
    review: str = ""

    @property
    def digest(self) -> bytes:
        """Return the digest of the statement as it would stand once what is ready is accepted."""
        return digest_of(put_over(self.accepted, self.ready))

    @property
    def place(self) -> Place:
        """Return (kind, subject)."""
        return self.report.value, self.of.subject

    @property
    def corrections(self) -> list[Record]:
        """Return the ready records that change or take back what is accepted."""
        return [record for record in self.ready if (record.kind, record.key) in self.accepted]


class ClassStatements:
    """``AcceptedStatements`` of one class; parents may come from what is sealed and not yet answered."""

    def __init__(self, reports: Iterable[CheckedReport]) -> None:
        self._reports = {one.report: one for one in reports}

    def records(
        self, report: ReportKind, subject: str, kinds: tuple[RecordKind, ...]
    ) -> Iterator[StoredRecord]:
        """Return kind, key and fields' bytes of the records of some kinds."""
        _ = subject
        for (kind, key), body in self._reports[report].former.items():
            if kind in kinds:
                yield RecordKind(kind), key, body

    def bodies(self, report: ReportKind, subject: str, keys: Iterable[Key]) -> Mapping[bytes, bytes]:
        """Return the fields' bytes of those (kind, key) that are accepted, by key."""
        _ = subject
        accepted = self._reports[report].accepted
        return {key: accepted[kind, key] for kind, key in keys if (kind, key) in accepted}


class CatalogueChecks:
    """What a client knows of the province: the published catalogue (code → 课时) that it has pulled."""

    def __init__(self, hours: Mapping[str, int]) -> None:
        self._hours = hours

    def problems(
        self, report: ReportKind, kind: RecordKind, candidates: Sequence[Candidate]
    ) -> dict[bytes, FieldProblem]:
        """Return PROJECT_NOT_PUBLISHED and PLANNED_HOURS_TOO_FEW (a warning) by key."""
        _ = report
        found: dict[bytes, FieldProblem] = {}
        if kind not in {RecordKind.CLASS, RecordKind.OPENING}:
            return found
        for candidate in candidates:
            fields = candidate.fields
            assert isinstance(fields, ClassFields | OpeningFields)
            hours = self._hours.get(fields.project_code)
            if hours is None:
                found[candidate.record.key] = FieldProblem(
                    "PROJECT_NOT_PUBLISHED", "project_code", {"project": fields.project_code}
                )
            elif fields.planned_hours < hours:
                found[candidate.record.key] = FieldProblem(
                    "PLANNED_HOURS_TOO_FEW", "planned_hours", {"hours": hours}, Severity.WARNING
                )
        return found


class Preflight:
    """One run over one consistent view of the store."""

    def __init__(self, view: StoredReports, today: date) -> None:
        self._view = view
        self._today = today
        self._waiting = in_flight(view)
        self._catalogue = CatalogueChecks(view.published_hours())
        self._reviews = view.reviews() if view.review_required() else None
        self._rejected = {(one.report, one.subject, one.kind, one.key): one for one in view.rejected()}

    def check(self, selection: Selection) -> list[CheckedReport]:
        """Return the chosen reports, judged, in the order of class code and report kind.

        Raises AppError REPORT_KIND_UNKNOWN for a kind that this contract does not have.
        """
        known = {kind.value for kind in ReportKind}
        unknown = sorted(set(selection.kinds) - known)
        if unknown:
            raise AppError("REPORT_KIND_UNKNOWN", kind=unknown[0][:40], kinds=", ".join(ReportKind))
        chosen = [
            one for one in self._view.classes() if not selection.class_ids or one.id in selection.class_ids
        ]
        kinds = [kind for kind in ReportKind if not selection.kinds or kind.value in selection.kinds]
        return [report for one in chosen for report in self.check_subject(one, kinds)]

    def check_subject(self, of: ReportedClass, kinds: Collection[ReportKind]) -> list[CheckedReport]:
        """Return the chosen reports of one class or project, judged."""
        own = PROJECT_REPORTS if of.is_project else ORDER_REPORTS if of.is_order else CLASS_REPORTS
        reports = [self._read(kind, of, chosen=kind in kinds) for kind in own]
        chosen = [one for one in reports if one.report in kinds]
        if not (of.has_project or of.gone):
            first = next((one for one in chosen if one.changes), None)
            if first is not None:
                first.problems.append(_without_project(of))
            return chosen
        judge = Judge(ClassStatements(reports), self._today, self._catalogue)
        for one in chosen:
            if one.changes and one.waits is None:
                verdict = judge.judge(one.report, of.subject, one.changes, corrects=True)
                one.ready = in_order(verdict.accepted)
                one.problems = [*_roots(verdict.rejected), *verdict.warnings, *self._still_rejected(one)]
                one.review = self._review_of(one)
        return chosen

    def _read(self, report: ReportKind, of: ReportedClass, *, chosen: bool) -> CheckedReport:
        accepted = self._view.accepted(report.value, of.subject)
        waits = self._waiting.get((report.value, of.subject))
        former = accepted if waits is None else put_over(accepted, waits.records)
        current = current_statement(self._view, report, of) if chosen else {}
        changes = changes_between(former, current) if chosen else []
        return CheckedReport(report, of, current, accepted, former, waits, changes)

    def _review_of(self, one: CheckedReport) -> str:
        """Say how the 校内审核 of what is ready stands; a decision on other content is none."""
        if self._reviews is None or not one.ready:
            return ""
        decided = self._reviews.get(one.place)
        return WAITS_FOR_REVIEW if decided is None or decided.digest != one.digest else decided.decision

    def _still_rejected(self, one: CheckedReport) -> list[RecordProblem]:
        """Warn of ready records that the platform has rejected as they are."""
        found: list[RecordProblem] = []
        for record in one.ready:
            former = self._rejected.get((*one.place, record.kind, record.key))
            if former is not None and former.sent == record.body and not _of_parent(former.code):
                found.append(RecordProblem(record, _told_again(former)))
        return found


def _told_again(former: RejectedRecord) -> FieldProblem:
    return FieldProblem(former.code, former.field, dict(former.params), Severity.WARNING)


def _of_parent(code: str) -> bool:
    return code in {"PARENT_MISSING", "PARENT_REJECTED"}


def _without_project(of: ReportedClass) -> RecordProblem:
    return RecordProblem(left(RecordKind.CLASS, of.id), FieldProblem("CLASS_WITHOUT_PROJECT", "project_code"))


def _roots(rejected: Sequence[RecordProblem]) -> Iterator[RecordProblem]:
    """Leave out what only follows from another problem, and tell a parent that is missing once."""
    told: set[tuple[str, str, bytes]] = set()
    for one in rejected:
        if one.problem.code == "PARENT_REJECTED":
            continue
        if one.problem.code == "PARENT_MISSING":
            kind, parent = one.record.kind, str(one.problem.params.get("kind"))
            part = _PARENT_KEYS.get((kind, parent), _LAST_PERSON)
            place = (kind, parent, b"" if parent == RecordKind.CLASS else one.record.key[part])
            if place in told:
                continue
            told.add(place)
        yield one
