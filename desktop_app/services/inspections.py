"""过程检查: notes of visits, with heads set against the marks of that time; photos are evidence of the note."""

from __future__ import annotations

from desktop_app.domain.errors import AppError
from desktop_app.domain.inspections import InspectionNote, check_note
from desktop_app.domain.listings.training import InspectionItem
from desktop_app.domain.records import INSPECTION
from desktop_app.services import access
from desktop_app.services.classes import one_class
from desktop_app.services.context import Service, command
from desktop_app.services.session_findings import one_session
from desktop_app.store.queries.inspections import inspection_items
from desktop_app.store.unit_of_work import UnitOfWork


class InspectionService(Service):
    """Notes of inspections of classes."""

    def list_inspections(self, class_id: bytes | None = None) -> list[InspectionItem]:
        """Return the notes of one class, or of all visible ones, the latest first; AppError NOT_YOUR_CLASS."""
        actor = self.context.require("view_inspections")
        with self.context.read() as sql:
            if class_id is not None:
                access.require_class(sql, actor, class_id)
            return inspection_items(sql, class_id, access.visible_classes(sql, actor))

    @command("record_inspection")
    def record(
        self, work: UnitOfWork, class_id: bytes, note: InspectionNote, session_id: bytes | None = None
    ) -> bytes:
        """Write a note down, with 实到 and 应到 of the session by the marks of this moment; return its key.

        Raises AppError CLASS_UNKNOWN, NOT_YOUR_CLASS, SESSION_UNKNOWN, INSPECTION_OTHER_DAY, INSPECTION_FUTURE,
        INSPECTOR_MISSING, HEAD_COUNT_RANGE, INSPECTION_TEXT_LONG.
        """
        access.require_class(work.sql, self.context.require_actor(), class_id)
        one_class(work.sql, class_id, self.context.today())
        check_note(note, self.context.today())
        fields: dict[str, object] = {
            "class_id": class_id,
            "session_id": session_id,
            "visited_on": note.visited_on.isoformat(),
            "visited_at": note.visited_at.isoformat("minutes"),
            "inspector": note.inspector.strip(),
            "head_count": note.head_count,
            "findings": note.findings.strip() or None,
        }
        if session_id is not None:
            session = one_session(work.sql, session_id)
            if session.class_id != class_id:
                raise AppError("SESSION_UNKNOWN", number=session.number)
            if session.held_on != note.visited_on:
                raise AppError(
                    "INSPECTION_OTHER_DAY",
                    number=session.number,
                    held=session.held_on.isoformat(),
                    date=note.visited_on.isoformat(),
                )
            fields["expected"] = session.members
            fields["marked"] = session.attended if session.marked else None
        key = self.context.new_id()
        work.put(INSPECTION, key, fields)
        return key

    @command("remove_inspection")
    def remove(self, work: UnitOfWork, inspection_id: bytes, reason: str) -> None:
        """Take a note back, with a reason; AppError INSPECTION_UNKNOWN, REASON_MISSING."""
        if work.fields(INSPECTION, inspection_id) is None:
            raise AppError("INSPECTION_UNKNOWN")
        if not reason.strip():
            raise AppError("REASON_MISSING")
        work.reason = reason.strip()
        work.delete(INSPECTION, inspection_id)
