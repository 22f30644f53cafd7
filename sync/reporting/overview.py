"""Reports, batches and the work list of rejected records as lists for people."""

from __future__ import annotations

from collections.abc import Iterable

from desktop_app.domain.listings.reporting import (
    BatchListItem,
    PreflightProblem,
    RejectedListItem,
    ReportListItem,
)
from desktop_app.services.batches import StoredReports
from desktop_app.services.reviews import RETURNED
from desktop_app.store.queries.statements import ReportedClass
from desktop_app.store.repositories.reported import RejectedRecord
from sync.contract.kinds import ReportKind
from sync.contract.wire import NIL
from sync.reporting.preflight import CheckedReport
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


class Overview:
    """Makes list items from one consistent view."""

    def __init__(self, view: StoredReports) -> None:
        self._view = view
        self._classes = {one.subject: one for one in view.classes()}
        self._statements: dict[tuple[str, str], Statement] = {}

    def reports(self, checked: Iterable[CheckedReport]) -> list[ReportListItem]:
        """Return the state of every checked report."""
        versions = self._view.versions()
        waiting: dict[tuple[str, str], list[RejectedListItem]] = {}
        for one in self.rejected():
            waiting.setdefault((one.report, one.class_id.hex()), []).append(one)
        reviews = self._view.reviews()
        items: list[ReportListItem] = []
        for report in checked:
            received = versions.get(report.place)
            version = 0 if received is None else received.version
            rejected = waiting.get(report.place, [])
            items.append(
                ReportListItem(
                    kind=report.report.value,
                    subject=report.of.subject,
                    class_id=report.of.id,
                    class_code=report.of.code,
                    state=_state(report, version, rejected),
                    version=version,
                    records=len(report.current),
                    changed=len(report.changes),
                    rejected=len(rejected),
                    problems=report.errors,
                    review=report.review,
                    review_reason=reviews[report.place].reason if report.review == RETURNED else "",
                )
            )
        return items

    def problems(self, checked: Iterable[CheckedReport]) -> list[PreflightProblem]:
        """Return the problems of checked reports; ``subject`` is what people call the record."""
        told = [(report, one) for report in checked for one in report.problems]
        names = self._view.subject_names({(one.record.kind, one.record.key) for _, one in told})
        return [
            PreflightProblem(
                report=report.report.value,
                class_id=report.of.id,
                class_code=report.of.code,
                kind=one.record.kind,
                key=one.record.key,
                subject=names[one.record.kind, one.record.key] or report.of.code,
                field=one.problem.field,
                code=one.problem.code,
                severity=one.problem.severity.value,
                params=dict(one.problem.params),
            )
            for report, one in told
        ]

    def rejected(self, batch: bytes | None = None) -> list[RejectedListItem]:
        """Return the records that wait for a correction; with ``batch`` all that its receipt names.

        A record that was never accepted and has left the statement needs none and is left out.
        """
        if batch is None:
            records = [one for one in self._view.rejected() if not self._is_settled(one)]
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


def _state(report: CheckedReport, version: int, rejected: list[RejectedListItem]) -> str:
    if report.waits is not None:
        return SEALED
    if any(not one.corrected for one in rejected):
        return REJECTED
    if version == 0:
        return READY if report.current else EMPTY
    return CHANGED if report.changes else ACCEPTED
