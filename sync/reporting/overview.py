"""Reports, batches and the work list of rejected records as lists for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from itertools import groupby
from typing import Any

import msgspec

from desktop_app.domain.listings.reporting import (
    BatchListItem,
    PreflightProblem,
    RejectedListItem,
    ReportCounts,
    ReportListItem,
)
from desktop_app.services.reporting import Preflight
from desktop_app.services.reviews import APPROVED, RETURNED
from desktop_app.services.stored_reports import StoredReports
from desktop_app.store.queries.reviews import Review
from desktop_app.store.queries.statements import ReportedClass
from desktop_app.store.repositories.reported import RejectedRecord
from sync.contract.kinds import ReportKind
from sync.contract.shape import Severity
from sync.contract.validation import RecordProblem
from sync.contract.wire import NIL
from sync.reporting.preflight import WAITS_FOR_REVIEW, CheckedReport
from sync.reporting.receipts import rejected_of, stored_receipt
from sync.reporting.sealed_batches import manifest_of, records_of
from sync.reporting.statements import Statement, current_statement

EMPTY, READY, SEALED, ACCEPTED, CHANGED, REJECTED = (
    "empty",
    "ready",
    "sealed",
    "accepted",
    "changed",
    "rejected",
)


class ToldProblem(msgspec.Struct, frozen=True, array_like=True):
    """A problem of one record; ``params`` as JSON has them."""

    kind: str
    key: bytes
    field: str | None
    code: str
    severity: str
    params: dict[str, Any]


class ReportCheck(msgspec.Struct, frozen=True, array_like=True):
    """What is kept of a checked report: counts of records, and the problems.

    ``digest`` of the statement as it would be sealed, b"" where nobody reviews it; ``waits``: sealed, no receipt yet;
    ``uncorrected``: a rejected record still stands as it was sent.
    """

    report: str
    records: int
    changed: int
    ready: int
    digest: bytes
    waits: bool
    rejected: int
    uncorrected: bool
    problems: tuple[ToldProblem, ...]

    @property
    def errors(self) -> int:
        """Return how many problems keep a record out."""
        return sum(one.severity == Severity.ERROR for one in self.problems)


class Overview:
    """Makes list items from one consistent view."""

    def __init__(self, view: StoredReports) -> None:
        self._view = view
        self._statements: dict[tuple[str, str], Statement] = {}

    @cached_property
    def _classes(self) -> dict[str, ReportedClass]:
        return {one.subject: one for one in self._view.classes()}

    def condense(self, checked: Collection[CheckedReport]) -> Iterator[ReportCheck]:
        """Yield what is kept of the checked reports of one class or project."""
        waiting: dict[str, list[RejectedListItem]] = {}
        for item in self.rejected(subjects={one.of.subject for one in checked}):
            waiting.setdefault(item.report, []).append(item)
        reviewed = self._view.review_required()
        for one in checked:
            rejected = waiting.get(one.report.value, [])
            yield ReportCheck(
                report=one.report.value,
                records=len(one.current),
                changed=len(one.changes),
                ready=len(one.ready),
                digest=one.digest if reviewed and one.ready else b"",
                waits=one.waits is not None,
                rejected=len(rejected),
                uncorrected=any(not item.corrected for item in rejected),
                problems=tuple(_told(told) for told in one.problems),
            )

    def reports(self, known: Iterable[tuple[ReportedClass, ReportCheck]]) -> list[ReportListItem]:
        """Return the state of every report of which a check is known."""
        versions = self._view.versions()
        reviews = self._view.reviews()
        required = self._view.review_required()
        items: list[ReportListItem] = []
        for of, check in known:
            place = (check.report, of.subject)
            received = versions.get(place)
            version = 0 if received is None else received.version
            review = review_of(check, reviews.get(place)) if required else ""
            items.append(
                ReportListItem(
                    kind=check.report,
                    subject=of.subject,
                    class_id=of.id,
                    class_code=of.code,
                    state=_state(check, version),
                    version=version,
                    records=check.records,
                    changed=check.changed,
                    rejected=check.rejected,
                    problems=check.errors,
                    review=review,
                    review_reason=reviews[place].reason if review == RETURNED else "",
                )
            )
        return items

    def counts(self, known: Iterable[tuple[ReportedClass, ReportCheck]]) -> ReportCounts:
        """Count the reports of which a check is known by their state, as ``reports`` lists them."""
        received = self._view.received()
        states: Counter[str] = Counter()
        changed = 0
        for of, check in known:
            state = _state(check, int((check.report, of.subject) in received))
            states[state] += 1
            changed += check.changed if state == CHANGED else 0
        return ReportCounts(states, changed)

    def preflight(self, known: Iterable[tuple[ReportedClass, ReportCheck]]) -> Preflight:
        """Return what would be sealed of what is not under way, and what stands in its way."""
        going = [(of, check) for of, check in known if not check.waits]
        ready = sum(check.ready for _, check in going)
        approved = self._approved(going)
        return Preflight(
            records=sum(check.changed for _, check in going),
            ready=approved,
            problems=tuple(self._problems(going)),
            unreviewed=ready - approved,
        )

    def _approved(self, going: Iterable[tuple[ReportedClass, ReportCheck]]) -> int:
        """Count what is ready and no review holds, as ``sealing.approved`` takes it; parents come before children."""
        required, reviews = self._view.review_required(), self._view.reviews()
        held: set[bytes] = set()
        count = 0
        for of, check in going:
            if not check.ready:
                continue
            review = review_of(check, reviews.get((check.report, of.subject))) if required else ""
            if of.id in held or review not in {"", APPROVED}:
                held.add(of.id)
            else:
                count += check.ready
        return count

    def _problems(self, known: Iterable[tuple[ReportedClass, ReportCheck]]) -> list[PreflightProblem]:
        """Return the problems that checks found; ``subject`` is what people call the record."""
        told = [(of, check, one) for of, check in known for one in check.problems]
        names = self._view.subject_names({(one.kind, one.key) for _, _, one in told})
        return [
            PreflightProblem(
                report=check.report,
                class_id=of.id,
                class_code=of.code,
                kind=one.kind,
                key=one.key,
                subject=names[one.kind, one.key] or of.code,
                field=one.field,
                code=one.code,
                severity=one.severity,
                params=dict(one.params),
            )
            for of, check, one in told
        ]

    def rejected(
        self, batch: bytes | None = None, subjects: Collection[str] | None = None
    ) -> list[RejectedListItem]:
        """Return the records that wait for a correction, of some ``subjects``; with ``batch`` all its receipt names.

        A record that was never accepted and has left the statement needs none and is left out.
        """
        if batch is None:
            records = [
                one
                for one in self._view.rejected()
                if (subjects is None or one.subject in subjects) and not self._is_settled(one)
            ]
        else:
            records = self._rejected_in(batch)
        names = self._view.subject_names({(one.kind, one.key) for one in records})
        return [self._item(one, names[one.kind, one.key]) for one in records]

    def _rejected_in(self, batch: bytes) -> list[RejectedRecord]:
        stored = self._view.batch(batch)
        receipt = stored_receipt(self._view, batch)
        if receipt is None:
            return []
        manifest = manifest_of(stored)
        sections = records_of(manifest, self._view.pages(batch))
        return [one for part in rejected_of(receipt, manifest, sections) for one in part]

    def _is_settled(self, one: RejectedRecord) -> bool:
        gone = self._body(one) == NIL
        return gone and (one.kind, one.key) not in self._view.accepted(one.report, one.subject)

    def _body(self, one: RejectedRecord) -> bytes:
        """Return the record's present bytes, NIL where it is not in the statement."""
        place = (one.report, one.subject)
        if place not in self._statements:
            of = self._classes.get(one.subject)
            self._statements[place] = (
                {} if of is None else current_statement(self._view, ReportKind(one.report), of)
            )
        return self._statements[place].get((one.kind, one.key), NIL)

    def _item(self, one: RejectedRecord, name: str) -> RejectedListItem:
        of = self._classes.get(one.subject) or ReportedClass(
            bytes.fromhex(one.subject), "", has_project=False, gone=True
        )
        return RejectedListItem(
            report=one.report,
            class_id=of.id,
            class_code=of.code,
            kind=one.kind,
            key=one.key,
            subject=name or of.code,
            field=one.field,
            code=one.code,
            params=dict(one.params),
            corrected=self._body(one) != one.sent,
        )

    def batches(self) -> list[BatchListItem]:
        """Return batches, newest first."""
        sealers = self._view.sealers()
        codes = {subject: one.code for subject, one in self._classes.items()}
        items: list[BatchListItem] = []
        for one in reversed(self._view.batches()):
            manifest = manifest_of(one)
            receipt = stored_receipt(self._view, one.id)
            records = sum(head.changes for head in manifest.reports)
            items.append(
                BatchListItem(
                    id=one.id,
                    sealed_at=manifest.sealed_at,
                    sealed_by=sealers.get(one.id, ""),
                    reports=tuple(
                        (head.kind, codes.get(head.subject, ""), head.version) for head in manifest.reports
                    ),
                    records=records,
                    pages=len(manifest.pages),
                    state=one.state,
                    accepted=0 if receipt is None else receipt.accepted,
                    rejected=0 if receipt is None else receipt.records - receipt.accepted,
                    problem=one.problem,
                )
            )
        return items


def condensed(
    overview: Overview, checked: Iterable[CheckedReport]
) -> Iterator[tuple[ReportedClass, ReportCheck]]:
    """Yield what would be kept of reports in the order of their classes."""
    for _, reports in groupby(checked, key=lambda one: one.of.id):
        listed = list(reports)
        yield from ((listed[0].of, check) for check in overview.condense(listed))


def review_of(check: ReportCheck, decided: Review | None) -> str:
    """Say how the 校内审核 of what is ready stands; a decision on other content is none."""
    if not check.ready:
        return ""
    return WAITS_FOR_REVIEW if decided is None or decided.digest != check.digest else decided.decision


def _told(one: RecordProblem) -> ToldProblem:
    record, problem = one.record, one.problem
    return ToldProblem(
        record.kind, record.key, problem.field, problem.code, problem.severity.value, dict(problem.params)
    )


def _state(check: ReportCheck, version: int) -> str:
    if check.waits:
        return SEALED
    if check.uncorrected:
        return REJECTED
    if version == 0:
        return READY if check.records else EMPTY
    return CHANGED if check.changed else ACCEPTED
