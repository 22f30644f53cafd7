"""Files of results that the 评价组织 sent (四.3, R14): kept as they came, a correction beside the first."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import resources
from desktop_app.domain.errors import AppError
from desktop_app.domain.evidence import RESULT_FILE
from desktop_app.domain.records import ASSESSMENT, ATTACHMENT
from desktop_app.services import access
from desktop_app.services.assessments import one_assessment
from desktop_app.services.context import Service, command
from desktop_app.services.evidence import EvidenceService, one_item
from desktop_app.store.keys import write_atomically
from desktop_app.store.queries import evidence as queries
from desktop_app.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ResultFile:
    """A kept file of results: its record, name, SHA-256 and size in bytes."""

    id: bytes
    file_name: str
    digest: bytes
    size: int


class ResultFileService(Service):
    """The organisation's files of an assessment, oldest first."""

    def __init__(self, evidence: EvidenceService) -> None:
        super().__init__(evidence.context)
        self._evidence = evidence

    def of_assessment(self, assessment_id: bytes) -> list[ResultFile]:
        """Return the kept files of an assessment; AppError ASSESSMENT_UNKNOWN, NOT_YOUR_CLASS."""
        actor = self.context.require("view_scores")
        with self.context.read() as sql:
            assessment = one_assessment(sql, assessment_id)
            access.require_class(sql, actor, assessment.class_id)
            found = queries.owner_evidence(sql, ASSESSMENT.name, assessment_id)
        order = {digest: place for place, digest in enumerate(assessment.files)}
        kept = sorted(
            (one for one in found if one.kind == RESULT_FILE),
            key=lambda one: (order.get(one.digest.hex(), len(order)), one.id),
        )
        return [ResultFile(one.id, one.file_name, one.digest, one.size) for one in kept]

    def copy(self, file_id: bytes, path: Path, purpose: str = "") -> int:
        """Write a kept file out as it came; return its bytes.

        It names people with their whole document numbers, so the act is recorded. Raises AppError NOT_PERMITTED,
        EVIDENCE_GONE, EVIDENCE_LOST, FILE_NOT_WRITABLE.
        """
        self.context.require("export_unmasked")
        with self.context.read() as sql:
            item = one_item(sql, file_id)
        if item.kind != RESULT_FILE:
            raise AppError("EVIDENCE_GONE")
        content = self._evidence.files.get(item.digest)
        try:
            write_atomically(path, content)
        except OSError as error:
            raise AppError("FILE_NOT_WRITABLE", file=path.name) from error
        self._record(file_id, purpose.strip() or resources.text("purpose.result_file"))
        return len(content)

    @command("export_unmasked", undoable=False)
    def _record(self, work: UnitOfWork, file_id: bytes, purpose: str) -> None:
        work.reason = purpose
        work.remark(ATTACHMENT, file_id)
