"""校内审核 of reports: where the institution has set it, nothing is sealed that the head has not approved as it is.

Whoever entered the marks or scores of a class does not approve its reports (不相容职责); 一人办班 waives that.
"""

from __future__ import annotations

from desktop_app.domain.errors import AppError
from desktop_app.domain.ids import report_review_id
from desktop_app.domain.policy import allows
from desktop_app.domain.records import INSTITUTION, REPORT_REVIEW, TRAINING_CLASS
from desktop_app.services.context import Service, command
from desktop_app.store.queries import reviews
from desktop_app.store.repositories import accounts
from desktop_app.store.unit_of_work import UnitOfWork

APPROVED, RETURNED = "approved", "returned"


class ReviewService(Service):
    """Decisions of the head on reports."""

    def is_required(self) -> bool:
        """Tell whether reports are reviewed before they are sealed."""
        with self.context.read() as sql:
            return reviews.is_required(sql)

    def reviewers(self) -> list[str]:
        """Return the names of those who may review, by name; who entered a class's marks may not review that class."""
        self.context.require("view_reports")
        today = self.context.today()
        with self.context.read() as sql:
            found = accounts.users(sql)
        return sorted(
            user.display
            for user in found
            if not (user.disabled or user.has_ended(today)) and allows(user.roles, "review_report")
        )

    @command("set_review", undoable=False)
    def set_required(self, work: UnitOfWork, *, required: bool) -> None:
        """Say whether reports are reviewed before they are sealed."""
        work.put(INSTITUTION, accounts.institution(work.sql).id, {"review_reports": int(required)})

    @command("review_report", undoable=False)
    def decide(
        self, work: UnitOfWork, kind: str, class_id: bytes, digest: bytes, reason: str | None = None
    ) -> None:
        """Approve the content that has a digest, or return it with a reason.

        Raises AppError REVIEW_OWN_WORK, REASON_MISSING for an empty reason.
        """
        actor = self.context.require_actor()
        if reason is not None and not reason.strip():
            raise AppError("REASON_MISSING")
        if not actor.solo and actor.user.id in reviews.authors(work.sql, class_id):
            present = work.fields(TRAINING_CLASS, class_id) or {}
            raise AppError("REVIEW_OWN_WORK", code=str(present.get("code", "")))
        said = None if reason is None else reason.strip()
        fields = {
            "kind": kind,
            "subject": class_id.hex(),
            "digest": digest,
            "decision": APPROVED if said is None else RETURNED,
            "reason": said,
        }
        work.reason = said
        work.put(REPORT_REVIEW, report_review_id(kind, class_id.hex()), fields)
