"""Statements, what is accepted of them, batches and receipts as one consistent view of the store."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.evidence import EvidenceListItem
from desktop_app.store.database import Connection
from desktop_app.store.queries import evidence, projects, proof, reviews, statement_names, statements
from desktop_app.store.queries.proof import JournalProof
from desktop_app.store.queries.reviews import Review
from desktop_app.store.queries.statements import ReportedClass, StatementRecord
from desktop_app.store.repositories import reported
from desktop_app.store.repositories.reported import (
    PlatformChange,
    RejectedRecord,
    ReportState,
    ReportVersion,
    StoredBatch,
)


class StoredReports:
    """One consistent view of statements, of what is accepted and of batches; good within ``BatchService.view``."""

    def __init__(self, sql: Connection) -> None:
        self._sql = sql

    def classes(self) -> list[ReportedClass]:
        """Return what can be reported on: classes in the order of their codes, then former ones still accepted."""
        return statements.reported_classes(self._sql, reported.gone_subjects(self._sql))

    def statement(self, report: str, class_id: bytes) -> Iterator[StatementRecord]:
        """Return what a report says of a class now; unmasked, for the province only."""
        return statements.REPORTS[report](self._sql, class_id)

    def accepted(self, report: str, subject: str) -> dict[tuple[str, bytes], bytes]:
        """Return the accepted statement of a report: fields' bytes by (kind, key)."""
        return reported.accepted(self._sql, report, subject)

    def accepted_everywhere(self) -> list[tuple[str, str, str, bytes, bytes]]:
        """Return report, subject, kind, key and fields' bytes of every accepted record."""
        return reported.accepted_everywhere(self._sql)

    def versions(self, kind: str | None = None) -> dict[tuple[str, str], ReportVersion]:
        """Return the newest received version of each report, or of those of one kind, by (kind, subject)."""
        return reported.versions(self._sql, kind)

    def received(self) -> frozenset[tuple[str, str]]:
        """Return (kind, subject) of every report that was received."""
        return reported.received(self._sql)

    def rejected(self) -> list[RejectedRecord]:
        """Return the records that the platform has rejected and that were not answered anew."""
        return reported.rejected(self._sql)

    def batches(self, *, without_receipt: bool = False) -> list[StoredBatch]:
        """Return batches, oldest first."""
        return reported.batches(self._sql, without_receipt=without_receipt)

    def batch(self, batch: bytes) -> StoredBatch:
        """Return one batch; AppError BATCH_UNKNOWN."""
        found = reported.batch(self._sql, batch)
        if found is None:
            raise AppError("BATCH_UNKNOWN")
        return found

    def pages(self, batch: bytes) -> list[bytes]:
        """Return the pages of a batch in order."""
        return reported.pages_of(self._sql, batch)

    def page(self, stream: str, version: int) -> bytes | None:
        """Return a stored page of the platform."""
        return reported.platform_page(self._sql, stream, version)

    def proof_of_people(self, class_id: bytes, people: Collection[bytes]) -> JournalProof:
        """Return the journal entries that show who marked, enrolled, scored and certified some people of a class."""
        return proof.proof_of_people(self._sql, class_id, people)

    def published_hours(self) -> dict[str, int]:
        """Return 课时 of the projects that the platform has published or departments have passed, by code."""
        items = projects.project_items(self._sql)
        passed = projects.passed_projects(self._sql)
        return {
            item.code: item.hours or 0 for item in items if item.origin == "platform" or item.id in passed
        }

    def review_required(self) -> bool:
        """Tell whether the head approves reports before they are sealed."""
        return reviews.is_required(self._sql)

    def reviews(self) -> dict[tuple[str, str], Review]:
        """Return the decisions of the 校内审核 by (kind, subject)."""
        return reviews.reviews(self._sql)

    def subject_names(self, places: Collection[tuple[str, bytes]]) -> dict[tuple[str, bytes], str]:
        """Return what people call the records of some (kind, key): a person, a class, a session."""
        return statement_names.subject_names(self._sql, places)

    def sealers(self) -> dict[bytes, str]:
        """Return who sealed each batch."""
        return statements.sealers(self._sql)

    def class_evidence(self, class_id: bytes) -> list[EvidenceListItem]:
        """Return the evidence of a class, its people and its sessions."""
        return evidence.class_evidence(self._sql, class_id)

    def evidence_of(self, class_id: bytes) -> list[tuple[bytes, int]]:
        """Return digest and size in bytes of the evidence of a class and its people, each once."""
        found = {one.digest: one.size for one in evidence.class_evidence(self._sql, class_id) if one.size}
        return sorted(found.items())

    def platform_changes(self) -> list[PlatformChange]:
        """Return the changes of the platform that an administrator has confirmed, oldest first."""
        return reported.platform_changes(self._sql)

    def report_touches(self) -> dict[bytes, int]:
        """Return how often what reports say of each class or project was changed; b"" for all at once."""
        return reported.report_touches(self._sql)

    def report_states(self) -> dict[bytes, ReportState]:
        """Return what the pre-flight found of classes and projects before."""
        return reported.report_states(self._sql)
