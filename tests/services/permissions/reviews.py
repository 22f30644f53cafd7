"""校内审核: the administrator says whether there is one, the head decides."""

from __future__ import annotations

EXPECTED = {"set_review": "admin", "review_report": "head"}
NOT_UNDOABLE = {"set_review", "review_report"}
NOTHING_THERE: dict[str, set[str]] = {}
ATTEMPTS = {
    "set_review": lambda s, o: s.reviews.set_required(required=True),
    "review_report": lambda s, o: s.reviews.decide("roster", o.class_id, b"digest"),
}
